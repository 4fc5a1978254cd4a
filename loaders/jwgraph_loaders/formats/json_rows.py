"""Read tables written as JSON, as the MAST service sends them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from jwgraph.model.records import Problem, Record
from jwgraph_loaders.base import Source
from jwgraph_loaders.formats.table import Kind, records
from jwgraph_loaders.text import json_keys, parse_json, show, without_surrogates

# Keys of the rows in replies of MAST services: `data` in the Portal API, `products` in the mission search.
ROW_KEYS = ("data", "products", "results")


_ASSOCIATION_KEYS = frozenset({b"members", b"expname", b"exptype"})


def is_json(head: bytes) -> bool:
    """Return whether a head starts a JSON object or an array of objects."""
    return re.match(rb"(\xef\xbb\xbf)?\s*(\{\s*[\"}]|\[\s*[{\]])", head) is not None


def json_is_of(head: bytes, kind: Kind) -> bool:
    """Return whether the keys in the head belong to a kind of table and not to an association."""
    keys = json_keys(head)
    return not keys & _ASSOCIATION_KEYS and kind.accepts([key.decode() for key in keys if key.isascii()])


def read_json(source: Source, kind: Kind) -> Iterator[Record | Problem]:
    """Yield the records of a reply from MAST, or of a plain list of rows.

    JSON has no meaningful line numbers, so rows are counted from 1.
    """
    document = parse_json(source)
    if isinstance(document, Problem):
        yield document
        return
    rows = _rows(document.value)
    if not rows:
        yield Problem(source.name, None, f"it holds no rows: no list under {' or '.join(ROW_KEYS)}")
        return
    header = list(dict.fromkeys(key for row in rows if isinstance(row, dict) for key in row))
    try:
        reader = kind.reader(header)
    except ValueError as error:
        yield Problem(source.name, None, str(error))
        return
    yield from records(source, reader, _json_cells(rows, header))


def _rows(document: object) -> list[object]:
    if isinstance(document, dict):
        document = next((document[key] for key in ROW_KEYS if isinstance(document.get(key), list)), None)
    return document if isinstance(document, list) else []


def _json_cells(rows: list[object], header: list[str]) -> Iterator[tuple[int, list[str]]]:
    for number, row in enumerate(rows, 1):
        if isinstance(row, dict):
            yield number, [json_cell(row.get(key)) for key in header]
        else:
            # A value that is not an object becomes a row with one cell, which the caller rejects.
            yield number, [show(str(row))]


def json_cell(value: object) -> str:
    """Return a JSON value as a table cell."""
    if value is None or isinstance(value, (dict, list)):
        return ""
    if isinstance(value, str):
        return without_surrogates(value)
    return json.dumps(value)
