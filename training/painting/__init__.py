"""Teaching the painter to lay shade and light on flats."""
