"""Read the tables of files that `jwst_mast_query` saves (`*.selprod.txt`): columns of a fixed width, aligned right."""

from __future__ import annotations

import re
from collections.abc import Iterator

from jwgraph.model.records import Problem, ProductRecord, Record
from jwgraph_loaders.base import Source
from jwgraph_loaders.product_list import truncated
from jwgraph_loaders.text import BadLine, base_name, head_lines, lines, name_fault, null, quoted, row_problem

_COLUMN = "productFilename"
_OTHERS = frozenset({"obsID", "obs_id", "proposal_id", "dataURI", "parent_obsid"})
_WORDS = re.compile(r"\s*\w+(\s+\w+)+\s*")


class QueryTables:
    """Loader of tables of `jwst_mast_query`."""

    name = "query_table"
    summary = "Tables of files of jwst_mast_query (*.selprod.txt)."

    def detect(self, source: Source) -> bool:
        """Return whether the first line has the name of its column of files among others of MAST's."""
        first = next((line for line in head_lines(source.head) if line.strip()), "")
        return _span(first) is not None

    def read(self, source: Source) -> Iterator[Record | Problem]:
        """Yield a `ProductRecord` for each row, and a Problem for each one without a valid name."""
        span: slice | None = None
        for number, line in lines(source):
            if isinstance(line, BadLine):
                yield row_problem(source, number or None, line)
            elif span is None:
                span = _span(line)
            elif line.strip():
                made = _file(line, span)
                yield row_problem(source, number, made, line) if isinstance(made, str) else made


LOADER = QueryTables()


def _span(header: str) -> slice | None:
    """Return where the names of files stand: from the end of the column before to the end of the header's word."""
    words = {match[0]: match for match in re.finditer(r"\w+", header)}
    if not _WORDS.fullmatch(header) or _COLUMN not in words or not _OTHERS & words.keys():
        return None
    end = words[_COLUMN].end()
    before = [match.end() for match in words.values() if match.end() < end]
    return slice(max(before, default=0), end)


def _file(line: str, span: slice) -> ProductRecord | str:
    cell = line[span].strip()
    # A name that is wider than its column begins or ends in another one.
    if null(cell) is None or " " in cell or line[span.stop : span.stop + 1] not in ("", " ", "\r"):
        return "no file name stands in the column productFilename"
    name = base_name(cell)
    if fault := name_fault(name) or truncated(name):
        return f"{quoted(name)} is not a file name that can be kept: {fault}"
    return ProductRecord(name)
