"""How good a colorizer is: pictures with known colours, hints drawn from them, and what comes back compared."""
