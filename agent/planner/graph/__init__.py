"""A plan drawn."""
