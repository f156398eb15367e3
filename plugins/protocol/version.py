"""What this copy of Inkwash is and speaks."""

VERSION = "0.1.0"  # of the package; the same as in pyproject.toml
PROTOCOL = 1  # of the wire; two sides of different numbers do not talk
PROTOCOL_HEADER = "X-Inkwash-Protocol"  # sent with every request, so that the daemon can refuse politely
CONTENT_TYPE = "application/x-inkwash"  # of a body made of frames
BEAT_SECONDS = 5.0  # at most between two frames of a job that waits or works: who hears none for long gives up
