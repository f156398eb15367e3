"""The colours of a drawing's rooms: what they were told, what nobody said, and how they are painted."""
