"""Pixel formats and colour profiles: a layer's bytes as a tensor and back."""
