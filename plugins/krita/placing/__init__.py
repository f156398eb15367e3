"""Results: how they will look, and how they come into a document."""
