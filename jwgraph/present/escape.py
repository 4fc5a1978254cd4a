"""Escape control and bidirectional characters in untrusted text before display."""

from __future__ import annotations


def visible(text: str, *, keep: str = "") -> str:
    """Replace control characters, and characters that change the text direction, by their escape codes.

    Parameters
    ----------
    keep
        Unprintable characters that are kept.
    """
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c in keep else c.encode("unicode_escape").decode() for c in text)


def ascii_text(text: str) -> str:
    """Escape non-ASCII and control characters: `char` is ASCII in VOTable, and XML has no control characters."""
    return visible(text).encode("ascii", "backslashreplace").decode()
