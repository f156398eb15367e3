"""Pages of layers: OpenRaster and Photoshop documents, and what a stack of layers looks like."""
