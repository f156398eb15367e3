"""Our plugins in the artist's programs: where those are, and what is copied there."""
