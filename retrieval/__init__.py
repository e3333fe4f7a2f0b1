"""Which model fits: the catalogue, the vectors, the search."""
