"""Connectors: how a model is called, read from what its author wrote about it."""
