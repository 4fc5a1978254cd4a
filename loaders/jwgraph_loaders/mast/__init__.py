"""Load data from live MAST."""
