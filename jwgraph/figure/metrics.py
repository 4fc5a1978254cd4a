"""Widths of texts in DejaVu Sans, by a table, so that a layout needs no drawing library.

matplotlib ships this font. What browsers take in its place (Verdana, Arial) is as wide or narrower: what fits here fits
there too.
"""

from __future__ import annotations

from collections.abc import Iterator

from jwgraph.present.escape import visible

FAMILY = "DejaVu Sans"
UNITS_PER_EM = 2048
ASCENT, DESCENT = 0.76, 0.24
CHARACTERS = "".join(map(chr, range(32, 127))) + "·×–—…●→≥"


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(map(int, text.split()))


# Advances of these characters, from the font itself; a test compares them.
REGULAR = _numbers(
    """
    651 821 942 1716 1303 1946 1597 563 799 799 1024 1716 651 739 651 690 1303 1303 1303 1303 1303 1303 1303
    1303 1303 1303 690 690 1716 1716 1716 1087 2048 1401 1405 1430 1577 1294 1178 1587 1540 604 604 1343 1141
    1767 1532 1612 1235 1612 1423 1300 1251 1499 1401 2025 1403 1251 1403 799 690 799 1716 1024 1024 1255 1300
    1126 1300 1260 721 1300 1298 569 569 1186 569 1995 1298 1253 1300 1300 842 1067 803 1298 1212 1675 1212
    1212 1075 1303 690 1303 1716 651 1716 1024 2048 2048 1787 1716 1716
    """
)
BOLD = _numbers(
    """
    713 934 1067 1716 1425 2052 1786 627 936 936 1071 1716 778 850 778 748 1425 1425 1425 1425 1425 1425 1425
    1425 1425 1425 819 819 1716 1716 1716 1188 2048 1585 1561 1503 1700 1399 1399 1681 1714 762 762 1587 1305
    2038 1714 1741 1501 1741 1577 1475 1397 1663 1585 2259 1579 1483 1485 936 748 936 1716 1024 1024 1382 1466
    1214 1466 1389 891 1466 1458 702 702 1362 702 2134 1458 1407 1466 1466 1010 1219 979 1458 1335 1892 1321
    1335 1192 1458 748 1458 1716 778 1716 1024 2048 2048 1787 1716 1716
    """
)

_ADVANCES = {bold: dict(zip(CHARACTERS, widths, strict=True)) for bold, widths in ((False, REGULAR), (True, BOLD))}


def drawable(text: str) -> str:
    """Replace what the table does not have, and control characters, by escape codes: both renderers draw the same."""
    shown = visible(text)
    return "".join(c if c in _ADVANCES[False] else c.encode("unicode_escape").decode() for c in shown)


def width(text: str, size: float, *, bold: bool = False) -> float:
    """Return how wide a drawable text is, in the unit of its size."""
    advances = _ADVANCES[bold]
    return sum(advances[c] for c in text) * size / UNITS_PER_EM


def fit(text: str, room: float, size: float, *, bold: bool = False) -> str:
    """Return the text as far as it fits: of one that is too long, the middle is left out."""
    shown = drawable(text)
    if width(shown, size, bold=bold) <= room:
        return shown
    # At most as many as would fit if every one were narrow, so that a name of any length costs little.
    keep = min(len(shown), int(room / (size * 0.2)) + 1)
    while keep > 0:
        head, tail = shown[: (keep + 1) // 2], shown[len(shown) - keep // 2 :]
        if width(short := f"{head}…{tail}", size, bold=bold) <= room:
            return short
        keep -= 1
    return "…" if width("…", size, bold=bold) <= room else ""


def wrapped(text: str, room: float, size: float, *, bold: bool = False) -> list[str]:
    """Return the text in lines that fit, broken after spaces, and after _ and - where a word is too long."""
    lines: list[str] = []
    line = ""
    for piece in _pieces(drawable(text), room, size, bold=bold):
        if line and width((line + piece).rstrip(), size, bold=bold) > room:
            lines.append(line.rstrip())
            line = ""
        line += piece
    return [*lines, line.rstrip()] if line.rstrip() else lines


def _pieces(text: str, room: float, size: float, *, bold: bool) -> Iterator[str]:
    """Yield words with the space after them; of those that do not fit, the parts after which a line may end."""
    for word in text.split(" "):
        if not word:
            continue
        if width(word, size, bold=bold) <= room:
            yield f"{word} "
            continue
        part = ""
        for character in word:
            if width(part + character, size, bold=bold) > room:
                yield part
                part = ""
            part += character
            if character in "_-/" and width(part, size, bold=bold) > room / 3:
                yield part
                part = ""
        yield f"{part} "
