"""Names: file names, identifiers, suffixes, and what an association is expected to make."""
