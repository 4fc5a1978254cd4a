"""Presentation: rows as tables, text, HTML and files."""
