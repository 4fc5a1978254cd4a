"""Read tables printed by astropy."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain, pairwise

from jwgraph.model.records import Problem, Record
from jwgraph_loaders.base import Source
from jwgraph_loaders.formats.table import LEFT_OUT, Kind, Reader, records
from jwgraph_loaders.text import BadLine, head_lines, lines, row_problem

_DASHES = re.compile(r"\s*-+( (-+|\.\.\.))*\s*")


def has_printed_table(head: bytes, kind: Kind) -> bool:
    """Return whether the head contains a printed astropy table of a kind: column names above a line of dashes."""
    text = head_lines(head)
    return any(_layout(above, line, kind) is not None for above, line in pairwise(text))


class Layout:
    """Column positions of a printed table, taken from the header and the line of dashes."""

    def __init__(self, spans: list[tuple[int, int]], reader: Reader) -> None:
        self.spans = spans
        self.reader = reader

    def cells(self, line: str) -> list[str] | None:
        """Split a row into cells; return None if the line is not a row (it has text between or after the columns)."""
        line = line.rstrip(" \t\r")
        at, cells = 0, []
        for start, end in self.spans:
            if line[at:start].strip():
                return None
            cells.append(line[start:end].strip(" "))
            at = end
        return None if line[at:] else cells


def _layout(above: str, dashes: str, kind: Kind) -> Layout | None:
    if not _DASHES.fullmatch(dashes):
        return None
    spans = [match.span() for match in re.finditer(r"\S+", dashes)]
    header = [above[start:end].strip() for start, end in spans]
    return Layout(spans, kind.reader(header)) if kind.accepts(header) else None


def read_printed(source: Source, kind: Kind) -> Iterator[Record | Problem]:
    """Yield the records of all tables of a kind in a text, and a warning for each other line.

    Such text is usually notebook output, so lines around the tables are not counted as rejected rows.
    """
    layout: Layout | None = None
    is_dashes = False
    for (number, line), (_, following) in pairwise(chain(lines(source), [(0, "")])):
        if is_dashes:
            is_dashes = False
        elif isinstance(line, BadLine):
            yield row_problem(source, number or None, line)
        elif found := _layout(line, following, kind):
            layout, is_dashes = found, True
        elif layout and (cells := layout.cells(line)):
            yield from _printed_row(source, number, cells, layout.reader, line)
        elif line.strip():
            # A line that is not a row ends the table.
            layout = None
            yield row_problem(source, number, f"the line is not part of a table of {kind.what}", line, "warning")


def _printed_row(
    source: Source, number: int, cells: list[str], reader: Reader, line: str
) -> Iterator[Record | Problem]:
    if set(cells) == {"..."}:
        yield row_problem(source, number, LEFT_OUT, line, "warning")
    elif any(cells):
        yield from records(source, reader, [(number, cells)])
