"""The daemon: application, job queue, engine, endpoint and command line."""
