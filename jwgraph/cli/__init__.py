"""The command line: it parses and prints, and nothing else."""
