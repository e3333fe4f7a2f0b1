"""Every word of a goal gets its part."""
