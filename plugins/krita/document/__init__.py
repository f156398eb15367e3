"""What touches Krita's documents: layers, pixels, selections, results."""
