"""FITS headers: of the files themselves, and of dumps of them as JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from jwgraph.model import Record, Reject
from jwgraph.names import base
from loaders.fits_file import BrokenFits, card_values, read_primary
from loaders.header_cards import MAX_CARDS, header_record, wanted
from loaders.source import FITS_START, Source
from loaders.text import object_keys, read_whole, show

_DUMP_KEYS = frozenset({b"hdus", b"cards"})


class Fits:
    """The loader of FITS files: the primary header of each says what it was made from."""

    name = "fits_headers"
    summary = "JWST products (FITS); only their headers are read."
    parallel = True

    def detect(self, source: Source) -> bool:
        """Tell whether the head is that of a FITS file."""
        return source.head.startswith(FITS_START)

    def read(self, source: Source) -> Iterator[Record | Reject]:
        """Yield the record of the primary header, and what is odd about it; or one Reject.

        Of a file on disk all headers are looked at, over the data, to see that it is whole. Of a compressed one only
        the primary header is unpacked: whether the rest is whole is not known.
        """
        try:
            with source.open() as stream:
                header = read_primary(stream)
        except BrokenFits as broken:
            yield Reject(source.name, None, str(broken))
        except OSError as error:
            why = error.strerror or show(str(error)) or type(error).__name__
            yield Reject(source.name, None, f"it cannot be read to the end of its headers: {why}")
        else:
            yield from header_record(source, source.filename, card_values(header, wanted))


class Dumps:
    """The loader of header dumps: an object with the `path` of the file, and the `hdus` with their `cards`."""

    name = "header_dumps"
    summary = "FITS headers of JWST products, dumped as JSON."

    def detect(self, source: Source) -> bool:
        """Tell whether the head is that of a JSON object with the keys of a dump."""
        return object_keys(source.head) >= _DUMP_KEYS

    def read(self, source: Source) -> Iterator[Record | Reject]:
        """Yield the record of the first HDU, and what is odd about it; or one Reject."""
        document = _json(source)
        if isinstance(document, Reject):
            yield document
            return
        try:
            path, cards = _contents(document)
        except ValueError as error:
            yield Reject(source.name, None, f"the dump of a header cannot be read: {error}")
            return
        name = base(path) if path else re.sub(r"(?i)\.json$", "", source.filename)
        yield from header_record(source, name, cards)


def _json(source: Source) -> object:
    """Return the JSON of a source, or the Reject that says why there is none.

    Unlike `loaders.text.parse_json` it keeps NaN, which Python writes and which differs from no value: a time that is
    NaN refuses the file.
    """
    text = read_whole(source)
    if isinstance(text, Reject):
        return text
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        reason = f"the JSON is broken at line {error.lineno}, column {error.colno}: {error.msg}"
        return Reject(source.name, error.lineno, reason)
    except (RecursionError, ValueError):
        return Reject(source.name, None, "the JSON is nested too deeply, or has a number of too many digits")


def _contents(document: object) -> tuple[str, dict[str, object]]:
    """Return the path of the file and the values of its primary header; ValueError where there are none."""
    hdus = document.get("hdus") if isinstance(document, dict) else None
    primary = hdus[0] if isinstance(hdus, list) and hdus else None
    cards = primary.get("cards") if isinstance(primary, dict) else None
    if not isinstance(document, dict) or not isinstance(cards, list):
        raise ValueError("its first HDU has no list of cards")
    if len(cards) > MAX_CARDS:
        raise ValueError(f"its primary header has more than {MAX_CARDS:,} cards")
    found: dict[str, object] = {}
    for number, card in enumerate(cards, 1):
        if not isinstance(card, list) or len(card) < 2 or not isinstance(card[0], str):
            raise ValueError(f"card {number} is no list of keyword, value and comment")
        found.setdefault(card[0].upper(), card[1])
    path = document.get("path")
    return (path if isinstance(path, str) else ""), found


FITS = Fits()
DUMPS = Dumps()
