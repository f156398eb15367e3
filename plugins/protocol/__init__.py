"""The wire between a host and the daemon: message and layer types, codec."""
