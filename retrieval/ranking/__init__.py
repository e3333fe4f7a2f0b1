"""What a query means, and in which order models answer it."""
