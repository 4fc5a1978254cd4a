"""File formats: bytes in, rows of cells out."""
