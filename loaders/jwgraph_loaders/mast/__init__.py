"""Live MAST as a source."""
