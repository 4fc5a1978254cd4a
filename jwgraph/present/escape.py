"""What comes from outside, fit to be shown: names of files are not to be trusted with a terminal or a page."""

from __future__ import annotations


def visible(text: str, *, keep: str = "") -> str:
    """Make control characters, and those that turn the direction of text, visible by their codes.

    Parameters
    ----------
    keep
        Characters that stay as they are though they do not print.
    """
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c in keep else c.encode("unicode_escape").decode() for c in text)
