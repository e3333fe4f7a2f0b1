"""From sources of cards to the next generation of an index."""
