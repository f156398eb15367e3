"""Pictures in files: reading, writing, layers, and never over another file unasked."""
