"""Find or start the daemon, send it a job, read its stream, cancel."""
