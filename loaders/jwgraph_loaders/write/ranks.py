"""Ranks as sortable text: of competing records, the one with the highest rank wins as a whole.

A rank ends in a digest of the content, so that the same record wins in any order.
"""

from __future__ import annotations

import json
from functools import lru_cache
from hashlib import md5
from typing import Any

# Sorts before every printable character, so that a missing part ranks below every other: `|` sorts behind digits.
SEPARATOR = "\t"


def rank_of(*parts: str) -> str:
    """Join the parts of a rank, the most significant first; ranks compare as tuples of their parts do."""
    return SEPARATOR.join(parts)


@lru_cache(maxsize=1024)
def version_key(version: str) -> str:
    """Return a version number as sortable text (1.9.2 before 1.13.3): twelve digits, short enough to store inline."""
    numbers = [int(part[:4]) if part[:4].isdecimal() else 0 for part in version.split(".")[:3]]
    return "".join(f"{number:04d}" for number in (*numbers, 0, 0, 0)[:3])


def text_digest(text: str) -> str:
    """Return a hexadecimal digest of text, which may contain lone surrogates."""
    return md5(text.encode(errors="surrogatepass"), usedforsecurity=False).hexdigest()


def content_digest(value: Any) -> str:
    """Return a digest of a JSON value, twenty digits; the order of keys does not matter."""
    return text_digest(json.dumps(value, sort_keys=True, default=str))[:20]
