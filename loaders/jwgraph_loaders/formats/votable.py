"""Read VOTables as a stream.

This module parses the XML itself instead of using a library that follows references: only table rows are needed, and
no entity or `STREAM href` in an untrusted file is ever resolved.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.parsers import expat

from jwgraph.model.records import Problem, Record
from jwgraph_loaders.base import Source
from jwgraph_loaders.formats.table import Kind, Reader, records
from jwgraph_loaders.text import BLOCK, MAX_LINE, show

_XML = re.compile(rb"(\xef\xbb\xbf)?\s*<")
_VOTABLE = re.compile(rb"<(\w+:)?VOTABLE\b")
_FIELD = re.compile(rb"""<(?:\w+:)?FIELD\s(?:[^<>]*\s)?name\s*=\s*["']([^"'<>]*)["']""")


class _RefusedError(Exception):
    """Raised to stop reading a file; the message is shown to the user."""


def is_votable(head: bytes) -> bool:
    """Return whether a head belongs to a VOTable."""
    return _XML.match(head) is not None and _VOTABLE.search(head) is not None


def fields(head: bytes) -> list[str]:
    """Return the column names found in the head."""
    return [name.decode("utf-8", "replace") for name in _FIELD.findall(head)]


class _Rows:
    """Collect the table rows of a document during parsing."""

    def __init__(self) -> None:
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.EntityDeclHandler = self._entity
        self.header: list[str] = []
        self.nulls: list[str | None] = []
        self.rows: list[tuple[int, list[str]]] = []
        self.message = ""
        self._cell: list[str] | None = None
        self._cells: list[str] = []
        self._line = 0
        self._length = 0

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        tag = tag.rsplit(" ", 1)[-1]
        if tag == "TD":
            self._cell = []
        elif tag == "TR":
            self._cells, self._length, self._line = [], 0, self.parser.CurrentLineNumber
        elif tag == "FIELD":
            self.header.append(attributes.get("name") or attributes.get("ID", ""))
            self.nulls.append(None)
        elif tag == "VALUES" and self.nulls:
            self.nulls[-1] = attributes.get("null")
        elif tag == "TABLE":
            if self.rows:
                raise _RefusedError("it holds a second table; save the product list by itself")
            self.header, self.nulls = [], []
        elif tag in {"BINARY", "BINARY2", "FITS", "PARQUET"}:
            raise _RefusedError(f"its rows are in {tag} form; save it in TABLEDATA form")
        elif tag == "INFO" and attributes.get("value") == "ERROR":
            self.message = "it is an error message of the service, not a table"

    def _end(self, tag: str) -> None:
        tag = tag.rsplit(" ", 1)[-1]
        if tag == "TD" and self._cell is not None:
            text, at = "".join(self._cell), len(self._cells)
            self._cell = None
            if at < len(self.nulls):
                self._cells.append("" if text == self.nulls[at] else text)
            elif at == len(self.nulls):
                # Keep one extra cell, enough to detect a row that is too long, and drop the rest.
                self._cells.append(text)
        elif tag == "TR":
            self.rows.append((self._line, self._cells))

    def _text(self, text: str) -> None:
        if self._cell is not None:
            self._length += len(text)
            if self._length > MAX_LINE:
                raise _RefusedError(f"the row of line {self._line} is longer than {MAX_LINE} characters")
            self._cell.append(text)

    def _entity(self, *_: object) -> None:
        raise _RefusedError("it declares entities, which no VOTable needs")


def read_votable(source: Source, kind: Kind) -> Iterator[Record | Problem]:
    """Yield the records of the first table; the number of a row is the line where it begins."""
    found = _Rows()
    reader: Reader | None = None
    try:
        with source.open() as stream:
            read = 0
            while block := stream.read(BLOCK):
                found.parser.Parse(block, False)
                read += len(block)
                if read - found.parser.CurrentByteIndex > MAX_LINE + BLOCK:
                    raise _RefusedError(f"a tag is longer than {MAX_LINE} bytes")
                if found.rows:
                    reader = reader or kind.reader(found.header)
                    yield from records(source, reader, found.rows)
                    found.rows.clear()
            found.parser.Parse(b"", True)
    except expat.ExpatError as error:
        where = f"line {error.lineno}, column {error.offset + 1}"
        reason = f"the XML is broken at {where}: {expat.ErrorString(error.code)}"
        yield Problem(source.name, error.lineno, reason)
    except (_RefusedError, LookupError, ValueError, OSError) as error:
        # LookupError: unknown encoding. ValueError: no column of file names.
        yield Problem(source.name, None, show(str(error), 600))
    else:
        if reader is None:
            yield Problem(source.name, None, found.message or "it holds no rows")
