"""Tables that are not one row a line: JSON of the MAST service, tables printed by astropy.

`loaders.votable` has the third such form.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import chain, pairwise

from jwgraph.model import Record, Reject
from loaders.source import Source
from loaders.table_rows import LEFT_OUT, Kind, Reader, records
from loaders.text import BadLine, head_lines, json_keys, lines, parse_json, row_reject, show

# --- JSON ---

# Where MAST's services put their rows: the Portal API `data`, the mission search `products`.
ROW_KEYS = ("data", "products", "results")

_ASSOCIATION_KEYS = frozenset({b"members", b"expname", b"exptype"})


def is_json(head: bytes) -> bool:
    """Tell whether a head begins as a JSON object or array of objects does."""
    return re.match(rb"(\xef\xbb\xbf)?\s*(\{\s*[\"}]|\[\s*[{\]])", head) is not None


def json_is_of(head: bytes, kind: Kind) -> bool:
    """Tell whether the keys in the head are those of a kind of table, and not of an association."""
    keys = json_keys(head)
    return not keys & _ASSOCIATION_KEYS and kind.accepts([key.decode() for key in keys if key.isascii()])


def read_json(source: Source, kind: Kind) -> Iterator[Record | Reject]:
    """Yield the records of a reply of the MAST service, or of a bare list of rows.

    There are no lines in it: rows are counted from 1.
    """
    document = parse_json(source)
    if isinstance(document, Reject):
        yield document
        return
    rows = _rows(document.value)
    if not rows:
        yield Reject(source.name, None, f"it holds no rows: no list under {' or '.join(ROW_KEYS)}")
        return
    header = list(dict.fromkeys(key for row in rows if isinstance(row, dict) for key in row))
    try:
        reader = kind.reader(header)
    except ValueError as error:
        yield Reject(source.name, None, str(error))
        return
    yield from records(source, reader, _json_cells(rows, header))


def _rows(document: object) -> list[object]:
    if isinstance(document, dict):
        document = next((document[key] for key in ROW_KEYS if isinstance(document.get(key), list)), None)
    return document if isinstance(document, list) else []


def _json_cells(rows: list[object], header: list[str]) -> Iterator[tuple[int, list[str]]]:
    for number, row in enumerate(rows, 1):
        if isinstance(row, dict):
            yield number, [_json_cell(row.get(key)) for key in header]
        else:
            # What is no object has too few cells; the caller rejects it for that.
            yield number, [show(str(row))]


def _json_cell(value: object) -> str:
    if value is None or isinstance(value, (dict, list)):
        return ""
    if isinstance(value, str):
        # Half of a surrogate pair is text in JSON and nowhere else; it must not reach the database.
        return value if value.isascii() else value.encode("utf-8", "replace").decode()
    return json.dumps(value)


# --- printed tables ---

_DASHES = re.compile(r"\s*-+( (-+|\.\.\.))*\s*")


def has_printed_table(head: bytes, kind: Kind) -> bool:
    """Tell whether the head holds a table of a kind as astropy prints it: names over a line of dashes."""
    text = head_lines(head)
    return any(_layout(above, line, kind) is not None for above, line in pairwise(text))


class Layout:
    """Where the columns of a printed table stand: the header and the line of dashes tell."""

    def __init__(self, spans: list[tuple[int, int]], reader: Reader) -> None:
        self.spans = spans
        self.reader = reader

    def cells(self, line: str) -> list[str] | None:
        """Cut a row; None where the line has text between the columns or after them, and so is no row."""
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


def read_printed(source: Source, kind: Kind) -> Iterator[Record | Reject]:
    """Yield the rows of every table of a kind in a text, and a warning for each other line.

    Such a text is the output of a notebook: what stands around the tables is no row that got lost.
    """
    layout: Layout | None = None
    is_dashes = False
    for (number, line), (_, following) in pairwise(chain(lines(source), [(0, "")])):
        if is_dashes:
            is_dashes = False
        elif isinstance(line, BadLine):
            yield row_reject(source, number or None, line)
        elif found := _layout(line, following, kind):
            layout, is_dashes = found, True
        elif layout and (cells := layout.cells(line)):
            yield from _printed_row(source, number, cells, layout.reader, line)
        elif line.strip():
            # A line that is no row ends the table.
            layout = None
            yield row_reject(source, number, f"the line is not part of a table of {kind.what}", line, "warning")


def _printed_row(source: Source, number: int, cells: list[str], reader: Reader, line: str) -> Iterator[Record | Reject]:
    if set(cells) == {"..."}:
        yield row_reject(source, number, LEFT_OUT, line, "warning")
    elif any(cells):
        yield from records(source, reader, [(number, cells)])
