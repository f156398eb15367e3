"""A line drawing and the colours it was told: lines, regions, strokes, flats."""
