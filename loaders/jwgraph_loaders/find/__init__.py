"""Find sources in the given paths, and the loader that reads each."""
