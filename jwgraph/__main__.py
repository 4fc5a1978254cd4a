"""`python -m jwgraph` is the command line."""

from jwgraph.cli import main

main()
