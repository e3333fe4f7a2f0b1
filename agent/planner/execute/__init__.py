"""Steps become calls, results become answers."""
