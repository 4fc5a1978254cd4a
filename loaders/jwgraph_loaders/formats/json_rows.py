"""Read tables written as JSON, as the MAST service sends them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from jwgraph.model.records import Record, Reject
from jwgraph_loaders.base import Source
from jwgraph_loaders.formats.table import Kind, records
from jwgraph_loaders.text import json_keys, parse_json, show

# Where MAST's services put their rows: the Portal API `data`, the mission search `products`.
ROW_KEYS = ("data", "products", "results")


_ASSOCIATION_KEYS = frozenset({b"members", b"expname", b"exptype"})


def is_json(head: bytes) -> bool:
    """Return whether a head starts as a JSON object or an array of objects."""
    return re.match(rb"(\xef\xbb\xbf)?\s*(\{\s*[\"}]|\[\s*[{\]])", head) is not None


def json_is_of(head: bytes, kind: Kind) -> bool:
    """Return whether the keys in the head are those of a kind of table, not of an association."""
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
