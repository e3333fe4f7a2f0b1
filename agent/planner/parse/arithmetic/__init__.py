"""Sums and stories in words become expressions, in which every number of the goal is used once."""
