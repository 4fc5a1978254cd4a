"""`python -m jwgraph` is the command line."""

from jwgraph.cli.app import main

main()
