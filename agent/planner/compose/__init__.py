"""The parts of a goal become typed steps."""
