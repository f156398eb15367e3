"""Python's side: a virtual environment, pip, PyTorch for this machine."""
