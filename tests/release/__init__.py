"""What is released: the source distribution and the wheel."""
