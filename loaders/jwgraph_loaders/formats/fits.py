"""The headers of a FITS file: bounded, and without its data.

Source: FITS Standard 4.0, sections 3.1 (blocks of 2,880 bytes), 4.1 (cards of 80) and 4.4.1 (what tells the size of the
data). Where the headers stand is found out here, for astropy reads a header to its end however long it is; the
values of cards are read by astropy.
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
"""So many HDUs are looked at to find out whether the file is whole; those of JWST have some thousand at most."""


_EXTENSION = b"XTENSION"


# The first letters of the keywords that tell the size of the data.
_SIZES = frozenset({b"BITPI", b"NAXIS", b"PCOUN", b"GCOUN", b"GROUP"})


class BrokenFits(Exception):
    """The file is no FITS file, or not a whole one; the message is the end of a sentence about it."""


def read_primary(stream: BinaryIO) -> bytes:
    """Return the primary header, its END left out, and check that the whole file is there.

    A stream that cannot seek (a compressed file) is read to the end of the header, and not beyond it.

    Raises
    ------
    BrokenFits
        The header has no end or does not tell how long the data is, or the file ends before its headers say.
    OSError
        The stream cannot be read.
    """
    primary = _header(stream, "its primary header")
    size = _data_size(primary, "its primary header")
    if stream.seekable():
        _check_length(stream, size)
    return primary


def _check_length(stream: BinaryIO, size: int) -> None:
    """Go from header to header; the stream stands at the end of the first one, before `size` bytes of data."""
    end = stream.tell() + size
    length = stream.seek(0, os.SEEK_END)
    for number in range(2, MAX_HDUS + 2):
        if end > length:
            raise BrokenFits(f"it is cut: it has {length:,} bytes where its headers tell of {end:,}")
        stream.seek(end)
        # What follows the last HDU and is no extension is no business of ours; a beginning of one is.
        start = stream.read(len(_EXTENSION))
        if not start or not _EXTENSION.startswith(start):
            return
        stream.seek(end)
        where = f"the header of HDU {number}"
        size = _data_size(_header(stream, where), where)
        end = stream.tell() + size


def _header(stream: BinaryIO, where: str) -> bytes:
    """Read blocks up to the one with the card END, and return what stands before that card."""
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
    """Return the length of the data after a header, filled up to whole blocks."""
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
        raise BrokenFits(f"{where} tells of data of a negative size")
    if size >= _HUGE:
        raise BrokenFits(f"{where} tells of more data than any file holds")
    return -(-size // BLOCK) * BLOCK


def _size_cards(header: bytes) -> dict[str, str]:
    """Return what stands on the cards that tell the size of the data; it is whole numbers and T, so no need of astropy.

    Every extension is asked for them, and for a header of 200 cards astropy takes a hundred times as long.
    """
    found: dict[str, str] = {}
    for at in range(0, len(header), CARD):
        if header[at : at + 5] in _SIZES and header[at + 8 : at + 10] == b"= ":
            keyword = header[at : at + 8].decode("latin-1").rstrip()
            value = header[at + 10 : at + CARD].partition(b"/")[0]
            found.setdefault(keyword, value.decode("latin-1").strip())
    return found


def card_values(header: bytes, wanted: Callable[[str], bool]) -> dict[str, object]:
    """Return the values of the wanted keywords, each of the first card that has it.

    A card without value gives None, one whose value cannot be read an `Unreadable`. Warnings of astropy are dropped:
    what they are about is nothing to the user, or is told by the value.
    """
    # Before the warnings are caught: astropy hooks into them when it is imported.
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
    """Yield keywords, upper case, and card images with the CONTINUE cards that belong to them."""
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
        # Any text may stand there, and astropy raises what its regular expressions and conversions happen to.
        return unreadable


MAX_CARDS = 10_000
"""A header of more cards is refused; those of JWST have about 300."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Stands for the value of a card that has one that cannot be read; `text` is what stands there."""

    text: str

    def __str__(self) -> str:
        return self.text
