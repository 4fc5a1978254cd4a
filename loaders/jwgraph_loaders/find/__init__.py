"""Find the sources in the given paths, and the loader for each."""
