"""Read the headers of a FITS file, with a size limit and without the data.

Source: FITS Standard 4.0, sections 3.1 (blocks of 2,880 bytes), 4.1 (cards of 80 bytes) and 4.4.1 (size of the data).
This module locates the headers itself, because astropy reads a header of any length to its end; astropy parses the
card values.
"""

from __future__ import annotations

import math
import os
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

BLOCK = 2880


CARD = 80


MAX_HDUS = 10_000
"""Maximum number of HDUs checked for completeness; JWST files have about a thousand at most."""


_EXTENSION = b"XTENSION"


# First five letters of the keywords that give the size of the data.
_SIZES = frozenset({b"BITPI", b"NAXIS", b"PCOUN", b"GCOUN", b"GROUP"})


class BrokenFits(Exception):
    """The file is not a FITS file or is incomplete; the message completes a sentence about the file."""


def read_primary(stream: BinaryIO) -> bytes:
    """Return the primary header without its END card, and check that the file is complete.

    A stream that cannot seek (a compressed file) is read only to the end of the primary header.

    Raises
    ------
    BrokenFits
        The header has no end or does not give the size of the data, or the file is shorter than its headers require.
    OSError
        The stream cannot be read.
    """
    primary = _header(stream, "its primary header")
    size = _data_size(primary, "its primary header")
    if stream.seekable():
        _check_length(stream, size)
    return primary


def _check_length(stream: BinaryIO, size: int) -> None:
    """Walk the headers of the file; the stream is positioned after the first one, before `size` bytes of data."""
    end = stream.tell() + size
    length = stream.seek(0, os.SEEK_END)
    for number in range(2, MAX_HDUS + 2):
        if end > length:
            raise BrokenFits(f"it is cut: it has {length:,} bytes but its headers describe {end:,}")
        stream.seek(end)
        # Ignore trailing bytes after the last HDU, unless they are the start of an extension.
        start = stream.read(len(_EXTENSION))
        if not start or not _EXTENSION.startswith(start):
            return
        stream.seek(end)
        where = f"the header of HDU {number}"
        size = _data_size(_header(stream, where), where)
        end = stream.tell() + size


def _header(stream: BinaryIO, where: str) -> bytes:
    """Read blocks up to the END card and return the cards before it."""
    found = bytearray()
    while len(found) < MAX_CARDS * CARD:
        block = stream.read(BLOCK)
        if len(block) < BLOCK:
            raise BrokenFits(f"it is cut: it ends inside {where}")
        for at in range(0, BLOCK, CARD):
            if block[at : at + 8].rstrip() == b"END":
                return bytes(found + block[:at])
        found += block
    raise BrokenFits(f"{where} has no END among its first {MAX_CARDS:,} cards")


_HUGE = 1 << 62


def _data_size(header: bytes, where: str) -> int:
    """Return the length of the data after a header, rounded up to whole blocks."""
    cards = _size_cards(header)

    def number(keyword: str, default: int | None = None) -> int:
        value = cards.get(keyword)
        if value is None and default is not None:
            return default
        try:
            return int(value or "")
        except ValueError:
            raise BrokenFits(f"{where} has no {keyword} that is a whole number") from None

    bits, axes = number("BITPIX"), number("NAXIS")
    if not 0 <= axes <= 999:
        raise BrokenFits(f"{where} has a NAXIS that is no number of axes")
    lengths = [number(f"NAXIS{axis}") for axis in range(1, axes + 1)]
    if cards.get("GROUPS") == "T" and lengths[:1] == [0]:
        del lengths[0]
    size = 0
    if axes:
        size = abs(bits) // 8 * number("GCOUNT", 1) * (number("PCOUNT", 0) + math.prod(lengths))
    if size < 0 or min(lengths, default=0) < 0:
        raise BrokenFits(f"{where} describes data of a negative size")
    if size >= _HUGE:
        raise BrokenFits(f"{where} describes more data than any file can have")
    return -(-size // BLOCK) * BLOCK


def _size_cards(header: bytes) -> dict[str, str]:
    """Return the raw values of the cards that give the size of the data: integers and T, simple to parse here.

    Every extension is checked, and for a header of 200 cards astropy takes a hundred times as long.
    """
    found: dict[str, str] = {}
    for at in range(0, len(header), CARD):
        if header[at : at + 5] in _SIZES and header[at + 8 : at + 10] == b"= ":
            keyword = header[at : at + 8].decode("latin-1").rstrip()
            value = header[at + 10 : at + CARD].partition(b"/")[0]
            found.setdefault(keyword, value.decode("latin-1").strip())
    return found


def card_values(header: bytes, wanted: Callable[[str], bool]) -> dict[str, object]:
    """Return the values of the wanted keywords, each from the first card with that keyword.

    A card without value gives None; a card with an invalid value gives an `Unreadable`. Warnings from astropy are
    suppressed: they do not concern the user, or the value already shows the problem.
    """
    # Import before catching warnings: astropy installs its own warning hooks on import.
    from astropy.io.fits import Card, Undefined

    found: dict[str, object] = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for keyword, image in _images(header):
            if keyword in found or not wanted(keyword):
                continue
            value = _value(Card, image)
            found[keyword] = None if isinstance(value, Undefined) else value
    return found


def _images(header: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield each upper-case keyword with its card image, including the CONTINUE cards that follow."""
    at = 0
    while at < len(header):
        end = at + CARD
        while header[end : end + 8] == b"CONTINUE":
            end += CARD
        yield header[at : at + 8].decode("latin-1").rstrip().upper(), header[at:end]
        at = end


def _value(card: Callable[..., object], image: bytes) -> object:
    indicator, text = image[8:10], image[9:CARD]
    if indicator[:1] != b"=":
        return None
    unreadable = Unreadable(text.decode("ascii", "backslashreplace").partition(" /")[0].strip())
    if indicator != b"= " or not image.isascii():
        return unreadable
    try:
        return card.fromstring(image).rawvalue  # type: ignore[attr-defined]
    except Exception:
        # The text is arbitrary, and the regular expressions and conversions in astropy can raise any exception.
        return unreadable


MAX_CARDS = 10_000
"""Maximum number of cards in a header; JWST headers have about 300."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Placeholder for a card value that cannot be parsed; `text` is the raw text of the value."""

    text: str

    def __str__(self) -> str:
        return self.text
