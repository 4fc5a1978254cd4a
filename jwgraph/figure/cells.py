"""The boxes of a row: what a group of exposures has at one place, counted, and where they lead."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from jwgraph import settings
from jwgraph.answers.products import ProductRow
from jwgraph.export import places
from jwgraph.figure.facts import Exposure, Place
from jwgraph.figure.fold import Group
from jwgraph.figure.metrics import drawable, width
from jwgraph.figure.shapes import Line
from jwgraph.names.grammar import parse
from jwgraph.names.suffixes import suffixes
from jwgraph.present.cells import count

# Names in a title; the rest are counted.
_NAMED = 6

_LEVEL_OF = {Place.RAW: "1b", Place.STAGE1: "2a", Place.STAGE2: "2b", Place.STAGE3: "2c"}


@dataclass(frozen=True, slots=True)
class Links:
    """Where boxes lead: to the pages of `jwgraph serve`, or to the files in MAST.

    Attributes
    ----------
    pages
        What the paths of pages begin with, such as `/`; without it, files lead to MAST, and Observations nowhere.
    """

    pages: str = ""

    def product(self, row: ProductRow) -> str:
        """Return the page of a file, or its address in MAST if it has one."""
        if self.pages:
            return f"{self.pages}products/{quote(row.productFilename, safe='')}"
        uri = places.uri(row.productFilename, row.dataURI, archived=row.archived)
        return places.url(uri, settings.MAST.read()) if uri else ""

    def observation(self, obs_id: str) -> str:
        """Return the page of an Observation."""
        return f"{self.pages}observations/{quote(obs_id, safe='')}" if self.pages else ""


@dataclass(frozen=True, slots=True)
class Cell:
    """What a group of exposures has at one place.

    Attributes
    ----------
    gaps
        Suffixes of which some are missing: `cal 9 of 10`.
    whole
        The other suffixes.
    rows
        Its files that are there.
    expected
        How many others the tree has, that are not there.
    """

    gaps: tuple[str, ...]
    whole: tuple[str, ...]
    rows: tuple[ProductRow, ...]
    expected: int = 0

    def lines(self, room: float, most: int) -> tuple[Line, ...]:
        """Return its text in at most so many lines for suffixes, and one for the number of files."""
        gaps = [Line(part, bold=True) for text in self.gaps[:most] for part in _parted(text, room)]
        names = listed(self.whole, room, max(1, most - len(gaps))) if self.whole else []
        number = [Line(count(len(self.rows), "file"), size=6, faint=True)] if self.rows else []
        return (*gaps, *(Line(text) for text in names), *number)


def _parted(gap: str, room: float) -> Sequence[str]:
    """Return `cal 9 of 10` in one line, or in two: the suffix, and the numbers."""
    return [gap] if width(drawable(gap), 6.5, bold=True) <= room else gap.split(" ", 1)


def cell(group: Group, place: Place) -> Cell:
    """Count the files of a group of exposures at one place; those that are missing count as wanted."""
    rows = [row for exposure in group.exposures for row in exposure.files.get(place, ())]
    having: dict[str, int] = {}
    lacking: dict[str, int] = {}
    for exposure in group.exposures:
        there = {suffix_of(row) for row in exposure.files.get(place, ())}
        for suffix in there:
            having[suffix] = having.get(suffix, 0) + 1
        for suffix in _wanted(exposure, place) - there:
            lacking[suffix] = lacking.get(suffix, 0) + 1
    gaps = tuple(
        f"{suffix} {having.get(suffix, 0):,} of {having.get(suffix, 0) + lacking[suffix]:,}"
        for suffix in in_order(lacking)
    )
    expected = sum(len(exposure.expected.get(place, ())) for exposure in group.exposures)
    return Cell(gaps, in_order(set(having) - set(lacking)), tuple(rows), expected)


def _wanted(exposure: Exposure, place: Place) -> set[str]:
    """Return the suffixes that an association names of an exposure, and what comes before them."""
    names = [parse(name) for name in exposure.missing]
    wanted = {name.suffix for name in names if name.product_level == _LEVEL_OF[place]}
    # The way to a calibrated file leads through both.
    if any(name.product_level == "2b" for name in names):
        wanted |= {Place.RAW: {"uncal"}, Place.STAGE1: {"rate"}}.get(place, set())
    # A name outside the grammar has no level: it is wanted where calibrated exposures are.
    plain = {name.filename for name in names if not name.suffix}
    # What is expected at a place of another level (crf) is wanted there.
    wanted |= {suffix_of(row) for row in exposure.expected.get(place, ())}
    return wanted | (plain if place is Place.STAGE2 else set())


def suffix_of(row: ProductRow) -> str:
    """Return the suffix of a file, or the end of a name without one."""
    name = parse(row.productFilename)
    return name.suffix or row.productFilename.rsplit("_", 1)[-1]


def in_order(names: Iterable[str]) -> tuple[str, ...]:
    """Return suffixes in the order of the table of suffixes."""
    order = {suffix: place for place, (_, suffix) in reversed(list(enumerate(suffixes())))}
    return tuple(sorted(set(names), key=lambda name: (order.get(name, len(order)), name)))


def listed(names: Sequence[str], room: float, most: int, *, first: str = "", size: float = 6.5) -> list[str]:
    """Return names with commas in at most so many lines; those that do not fit are counted."""
    lines: list[str] = []
    line = first
    for number, name in enumerate(map(drawable, names)):
        last = number == len(names) - 1
        more = "" if last else f" +{len(names) - number - 1}"
        part = f"{name}{'' if last else ','}"
        joined = f"{line} {part}" if line and line != first else f"{line}{part}"
        if width(joined, size) <= room:
            line = joined
            continue
        if len(lines) + 1 >= most or width(f"{part}{more}", size) > room:
            left = len(names) - number
            return [*lines, _with_count(line, left, room, size)]
        lines.append(line)
        line = part
    return [*lines, line]


def _with_count(line: str, left: int, room: float, size: float) -> str:
    """Return a line that ends with the number of names that are left out, `+3`."""
    while line:
        ended = f"{line.rstrip(',')} +{left:,}"
        if width(ended, size) <= room:
            return ended
        # The last name makes room for the number.
        line, _, gone = line.rpartition(" ")
        left += bool(gone)
    return f"{left:,} kinds"


def title(heading: str, names: Sequence[str]) -> str:
    """Return what is shown where the pointer rests: a heading, and the first names."""
    more = [f"and {len(names) - _NAMED:,} more"] if len(names) > _NAMED else []
    return "\n".join([heading, *names[:_NAMED], *more])
