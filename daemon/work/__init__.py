"""Jobs at work: the queue, the engine, its device and the networks that are loaded."""
