"""Read association pools: the planned or executed exposures of a program from which associations are made.

The form is the one that `jwst.associations.AssociationPool` reads: one exposure a line, `|` between the cells (very old
pools have commas), column names in any case, `#` before comments. A pool says what was to be done, and not that the
archive has it: its rows become `PoolRow`, never `ProductRecord`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from hashlib import blake2b

from jwgraph.model.records import POOL_COLUMNS, PoolRow, Problem, Record
from jwgraph.names.grammar import LONGEST, parse
from jwgraph.names.identifiers import five_digits
from jwgraph_loaders.base import Source
from jwgraph_loaders.formats.delimited import split
from jwgraph_loaders.formats.table import wrong_width
from jwgraph_loaders.product_list import POOL_MARKS
from jwgraph_loaders.text import BadLine, head_lines, lines, name_fault, null, quoted, row_problem, show

EXTENSION = ".csv"
NEEDED = ("filename", "program", "exp_type")

# Columns of MAST file lists that pools do not have; in those lists `filename` is an archived file.
MAST_MARKS = frozenset({"productfilename", "datauri", "filesetname", "archivefileid"})

AS_WRITTEN = frozenset({"targname", "template", "msametfl", "exposerr"})
FLAGS = frozenset({"is_psf", "is_imprt", "bkgdtarg", "tsovisit"})

# Spellings of flags: operations write t and f, the test pools of the pipeline also the others. Other values are kept.
TRUTH = {"t": "t", "true": "t", "y": "t", "yes": "t", "f": "f", "false": "f", "n": "f", "no": "f"}

# Null value in hand-made pools, besides the usual ones.
TODO = "#todo"

# Candidate identifiers, as in association names, in any case.
_ID = r"(?:o[0-9]{3}|[acr][0-9]{4})"
_QUOTED_ID = rf"(?:'{_ID}'|\"{_ID}\"|{_ID})"
_TYPE = r"(?:'[^'\"]*'|\"[^'\"]*\"|none)"
_ENTRY = rf"(?:{_QUOTED_ID}|[\[(]{_QUOTED_ID}(?:,{_TYPE})?,?[\])])"
_LIST = re.compile(rf"[\[(](?:{_ENTRY}(?:,{_ENTRY})*,?)?[\])]|{_ENTRY}")
_ANY_ID = re.compile(rf"(?<![a-z0-9_]){_ID}(?![a-z0-9_])")


class Pool:
    """Loader of association pools."""

    name = "pool"
    summary = "Association pools: the exposures of a program, planned or executed."

    def detect(self, source: Source) -> bool:
        """Return whether the head contains the header of a pool: typical columns and all required ones."""
        delimiter, names = _head_columns(source.head)
        return _resembles(delimiter, names) and not _lacks(names)

    def read(self, source: Source) -> Iterator[Record | Problem]:
        """Yield a `PoolRow` for each row, and a Problem for each invalid one.

        A pool is identified by its file name (`asn_pool` in associations made from it, ASNPOOL in products), so a pool
        without a file name cannot be loaded.
        """
        if fault := _filename_fault(source.filename):
            yield Problem(source.name, None, f"a pool is known by its file name, and {fault}")
            return
        rows: _Rows | None = None
        for number, line in lines(source):
            if isinstance(line, BadLine):
                yield row_problem(source, number or None, line)
            elif _is_no_row(line):
                continue
            elif rows is not None:
                yield from rows.read(number, line)
            else:
                delimiter, names = _columns(line)
                if fault := _lacks(names) or _twice(names):
                    yield row_problem(source, number, fault, line)
                    return
                rows = _Rows(source, delimiter, names)
                yield from rows.without_candidates(number)
        if rows is None:
            yield Problem(source.name, None, f"it has no header; {_need()}")


LOADER = Pool()


def has_name_of_pool(filename: str) -> bool:
    """Return whether a file name, in any case, is that of an archive pool (`jwgraph.names.grammar`)."""
    return parse(filename.lower()).form == "pool"


def what_is_missing(source: Source) -> str:
    """Return what a table that resembles a pool is missing; empty if it is complete or does not resemble a pool.

    In a file named like a pool, a `filename` column is enough: the file is an incomplete pool, not a list of archived
    files.
    """
    delimiter, names = _head_columns(source.head)
    left_over = "filename" in names and has_name_of_pool(source.filename) and MAST_MARKS.isdisjoint(names)
    return _lacks(names) if left_over or _resembles(delimiter, names) else ""


def _filename_fault(filename: str) -> str:
    if not filename:
        return "what is read from standard input has none; save it under its name and load that file"
    if fault := name_fault(filename):
        return f"{quoted(filename)} cannot be one: {fault}"
    if not filename.lower().endswith(EXTENSION):
        return f"{quoted(filename)} does not end in {EXTENSION}; give it the name it has in the archive"
    return ""


def _is_no_row(line: str) -> bool:
    text = line.lstrip(" \t\r")
    return not text or text.startswith("#")


def _head_columns(head: bytes) -> tuple[str, list[str]]:
    """Return the delimiter and columns of the first line in the head that is neither blank nor a comment."""
    return next((_columns(line) for line in head_lines(head) if not _is_no_row(line)), ("", []))


def _columns(header: str) -> tuple[str, list[str]]:
    delimiter = "|" if "|" in header else ","
    return delimiter, [cell.strip(" \t").lower() for cell in split(header, delimiter) or ()]


def _resembles(delimiter: str, names: Sequence[str]) -> bool:
    """Return whether the columns resemble those of a pool.

    Many file tables are comma-separated and have a `filename` column; `product_list` skips those with two pool columns,
    so the same rule applies here.
    """
    if not MAST_MARKS.isdisjoint(names):
        return False
    return len(POOL_MARKS.intersection(names)) > 1 or (delimiter == "|" and "filename" in names)


def _need() -> str:
    return f"a pool needs the columns {', '.join(NEEDED[:-1])} and {NEEDED[-1]}"


def _lacks(names: Sequence[str]) -> str:
    missing = [name for name in NEEDED if name not in names]
    return f"it has no column {' or '.join(missing)}; {_need()}" if missing else ""


def _twice(names: Sequence[str]) -> str:
    name, count = Counter(names).most_common(1)[0]
    if count == 1:
        return ""
    return f"the header has the column {quoted(name, 40)} {count} times; leave one of them"


class _Rows:
    """Convert the rows of one pool to records, and detect repeated rows."""

    def __init__(self, source: Source, delimiter: str, names: Sequence[str]) -> None:
        self.source = source
        self.delimiter = delimiter
        self.names = names
        # Line numbers by digest, so that memory per row does not depend on its length.
        self.lines: dict[bytes, int] = {}
        self.first_lines: dict[bytes, int] = {}

    def without_candidates(self, number: int) -> Iterator[Problem]:
        if "asn_candidate" not in self.names:
            reason = "it has no column asn_candidate; its exposures are loaded without candidates"
            yield row_problem(self.source, number, reason, severity="warning")

    def read(self, number: int, line: str) -> Iterator[Record | Problem]:
        cells = split(line, self.delimiter)
        try:
            record, problem = self._record(cells)
        except ValueError as error:
            yield row_problem(self.source, number, str(error), line)
            return
        same, other = self._seen(number, record)
        if same:
            yield row_problem(self.source, number, f"the row repeats line {same}", line, "warning")
            return
        yield record
        if problem:
            yield row_problem(self.source, number, problem, line, "warning")
        if other:
            reason = (
                f"lines {other} and {number} list the same file with different content; the graph keeps one of them"
            )
            yield row_problem(self.source, number, reason, line, "warning")

    def _record(self, cells: Sequence[str] | None) -> tuple[PoolRow, str]:
        """Return the record of a row, and what is wrong with it; ValueError if it is invalid."""
        if cells is None:
            raise ValueError("a quoted cell does not end on its line")
        if len(cells) != len(self.names):
            raise ValueError(wrong_width(len(cells), len(self.names)))
        row = {name: _value(cell) for name, cell in zip(self.names, cells, strict=True)}
        program = _program(row["program"])
        filename = _filename(row["filename"])
        candidates, problem = _candidates(row.get("asn_candidate"))
        columns = {name: _kept(name, value) for name in POOL_COLUMNS if (value := row.get(name)) is not None}
        return PoolRow(self.source.filename, filename, program, candidates, columns), problem

    def _seen(self, number: int, record: PoolRow) -> tuple[int | None, int | None]:
        """Return the line that a row repeats, and the first line that says something else of its file."""
        name = _digest(record.filename)
        whole = _digest(repr((record.filename, record.program, record.asn_candidate, sorted(record.columns.items()))))
        same = self.lines.get(whole)
        if same is not None:
            return same, None
        self.lines[whole] = number
        first = self.first_lines.setdefault(name, number)
        return None, first if first != number else None


def _digest(text: str) -> bytes:
    return blake2b(text.encode(), digest_size=16).digest()


def _value(cell: str) -> str | None:
    """Return the value of a cell, or None for a null."""
    text = null(cell)
    return None if text is None or text.lower() == TODO else text


def _program(text: str | None) -> str:
    if text is None:
        return ""
    if text.lower() == "program":
        raise ValueError("its program is 'program': the row repeats the header's words and lists no exposure")
    if not (program := five_digits(text)):
        raise ValueError(f"its program {quoted(text, 40)} is no number of at most 5 digits")
    return program


def _filename(text: str | None) -> str:
    if text is None:
        raise ValueError("the row has no file name")
    if fault := name_fault(text):
        raise ValueError(f"{quoted(text)} is not a file name that can be kept: {fault}")
    return text


def _kept(column: str, value: str) -> str:
    """Return a value as stored in the graph.

    The pipeline compares pool cells in lower case (`jwst.associations.pool`) and operations write them in upper case;
    the vocabulary is the same. EXP_TYPE is stored in upper case, as in FITS headers.
    """
    if not value.isprintable():
        raise ValueError(f"its {column} {quoted(value, 40)} holds a character that does not print")
    if len(value) > LONGEST:
        raise ValueError(f"its {column} {quoted(value, 40)} is longer than {LONGEST} characters")
    if column in AS_WRITTEN:
        return value
    if column == "exp_type":
        return value.upper()
    value = value.lower()
    return TRUTH.get(value, value) if column in FLAGS else value


def _candidates(text: str | None) -> tuple[tuple[str, ...], str]:
    """Return the sorted candidates in a cell, and a warning if it is malformed.

    The cell is a Python list of pairs (identifier, type), matched by pattern and never evaluated. From a truncated
    or misspelled cell, all recognisable identifiers are kept, so that a missing bracket does not lose an observation.
    """
    if text is None:
        return (), ""
    compact = "".join(text.lower().split())
    found = tuple(sorted(set(_ANY_ID.findall(compact))))
    if _LIST.fullmatch(compact):
        return found, ""
    what = f"its asn_candidate {quoted(text, 60)} is no list of candidates"
    if not found:
        return (), f"{what}; the row is loaded without candidates"
    return found, f"{what}; of it {show(', '.join(found), 60)} {'is' if len(found) == 1 else 'are'} kept"
