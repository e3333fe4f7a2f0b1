"""Ways in: they parse and show, and hold no logic."""
