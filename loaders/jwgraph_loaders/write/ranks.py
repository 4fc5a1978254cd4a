"""Ranks: text that sorts. Of several records of one thing the greatest rank wins, whole.

A rank ends in a digest of the content, so that the same record wins in any order.
"""

from __future__ import annotations

import json
from functools import lru_cache
from hashlib import md5
from typing import Any


@lru_cache(maxsize=1024)
def version_key(version: str) -> str:
    """Make version numbers sort as text, 1.9.2 before 1.13.3: twelve digits, short enough to be kept inline."""
    numbers = [int(part[:4]) if part[:4].isdecimal() else 0 for part in version.split(".")[:3]]
    return "".join(f"{number:04d}" for number in (*numbers, 0, 0, 0)[:3])


def text_digest(text: str) -> str:
    """Return a digest of text, half of a surrogate pair included: hexadecimal."""
    return md5(text.encode(errors="surrogatepass"), usedforsecurity=False).hexdigest()


def content_digest(value: Any) -> str:
    """Return a digest of a value of JSON, twenty digits; the order of keys does not matter."""
    return text_digest(json.dumps(value, sort_keys=True, default=str))[:20]
