"""File formats: convert bytes to rows of cells."""
