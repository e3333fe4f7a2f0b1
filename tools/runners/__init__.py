"""Adapters that run a card: one narrow port, one small file each."""
