"""What goes to the terminal: data on standard output, all else on standard error."""

from __future__ import annotations

import csv
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields, is_dataclass
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Any

from jwgraph.present import escape
from jwgraph.store.connect import connection

if TYPE_CHECKING:
    from rich.console import Console

    from jwgraph.adhoc.run import Answer
    from jwgraph.store.graph import Graph


class Format(StrEnum):
    """How rows are printed."""

    TABLE = "table"
    JSON = "json"
    JSONL = "jsonl"
    CSV = "csv"
    ECSV = "ecsv"
    VOTABLE = "votable"


_quiet = False

# Where a table goes to a file there is no edge to fold at.
FILE_WIDTH = 200


def set_quiet(quiet: bool) -> None:
    """Print no progress and no notes from now on."""
    global _quiet
    _quiet = quiet


@cache
def console(*, stderr: bool = False) -> Console:
    """Return the console of standard output or error; `NO_COLOR` holds for both."""
    from rich.console import Console

    made = Console(stderr=stderr, highlight=False, soft_wrap=False)
    if not made.is_terminal and "COLUMNS" not in os.environ:
        made.width = FILE_WIDTH
    return made


def error(sentence: str) -> None:
    """Print one error, whole, on standard error."""
    sys.stderr.write(f"jwgraph: {visible(sentence)}\n")


def note(sentence: str) -> None:
    """Print a remark on standard error, unless quiet."""
    if not _quiet:
        sys.stderr.write(f"{visible(sentence)}\n")


@contextmanager
def progress() -> Iterator[Callable[[str], None]]:
    """Show what goes on: a spinner on a terminal, one line each elsewhere, nothing when quiet."""
    if _quiet or not sys.stderr.isatty():
        last: list[str] = []

        def say(text: str) -> None:
            # A line for each new thing; counters that run on are for terminals.
            head = text.split(":")[0]
            if not _quiet and last != [head]:
                last[:] = [head]
                note(text)

        yield say
        return
    from rich.text import Text

    with console(stderr=True).status(Text("…")) as status:
        yield lambda text: status.update(Text(visible(text)))


_ARRAYS = ("numpy", "pandas")


def hide_numpy() -> None:
    """Keep the driver from importing numpy and pandas, which it does where they are installed, for values of theirs.

    It is a quarter to a half of the time that a short answer takes. `open_graph` shows them again.
    """
    for name in _ARRAYS:
        sys.modules.setdefault(name, None)  # type: ignore[arg-type]


def _show_numpy() -> None:
    for name in _ARRAYS:
        if sys.modules.get(name, name) is None:
            del sys.modules[name]


@contextmanager
def open_graph() -> Iterator[Graph]:
    """Open the store that the environment names, or the managed one, saying what takes long."""
    with progress() as say:
        target = connection(say)
    from jwgraph.store.graph import Graph

    _show_numpy()
    with Graph(target) as graph:
        yield graph


def visible(text: str) -> str:
    """Make control characters visible but the ends of lines: names in files are not to be trusted with a terminal."""
    return escape.visible(text, keep="\n")


def pick(chosen: Format | None) -> Format:
    """Return the format asked for; by default a table on a terminal and CSV elsewhere."""
    return chosen or (Format.TABLE if sys.stdout.isatty() else Format.CSV)


def rows(
    found: Iterable[Any],
    chosen: Format | None,
    *,
    columns: Sequence[str] | None = None,
    of: type | None = None,
    title: str | None = None,
) -> None:
    """Print rows (dataclasses or dicts) in the format asked for.

    Parameters
    ----------
    columns
        Names in order; or `of`, the dataclass whose fields they are.
    title
        Stands above a table.
    """
    names = list(columns) if columns is not None else [f.name for f in fields(of)] if of else []
    form = pick(chosen)
    if form in (Format.ECSV, Format.VOTABLE):
        _astropy(list(found), names, of, form)
        return
    records = (_values(row, names) for row in found)
    if form is Format.TABLE:
        _table(records, names, title)
    elif form is Format.CSV:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(names)
        writer.writerows([_cell(v) for v in record] for record in records)
    elif form is Format.JSONL:
        for record in records:
            sys.stdout.write(json.dumps(dict(zip(names, record, strict=True)), default=str) + "\n")
    else:
        whole = [dict(zip(names, record, strict=True)) for record in records]
        sys.stdout.write(json.dumps(whole, indent=2, default=str) + "\n")


def _astropy(found: list[Any], names: Sequence[str], of: type | None, form: Format) -> None:
    """Print a table with units and descriptions; what has parts is JSON text."""
    _show_numpy()
    from jwgraph.present.files import as_ecsv, as_votable
    from jwgraph.present.info import AnswerInfo
    from jwgraph.present.rows import Rows, columns_of, columns_of_values

    about = columns_of(of) if of else columns_of_values(names, found)
    made = Rows(found, about, AnswerInfo("jwgraph")).to_table()
    sys.stdout.write(as_ecsv(made) if form is Format.ECSV else as_votable(made))


def _values(row: Any, names: Sequence[str]) -> list[Any]:
    if is_dataclass(row):
        return [getattr(row, name) for name in names]
    return [row[name] for name in names]


def _cell(value: Any) -> str:
    """Write one value as text: nothing for null, lower-case booleans, JSON for what has parts."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, dict)):
        return json.dumps(value, default=str)
    return visible(str(value))


def _table(records: Iterable[list[Any]], names: Sequence[str], title: str | None) -> None:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, title=Text(title) if title else None, title_justify="left", pad_edge=False)
    for name in names:
        table.add_column(name, overflow="fold", justify="right" if name in _NUMBERS else "left")
    for record in records:
        table.add_row(*(Text(_cell(value)) for value in record))
    console().print(table)


_NUMBERS = frozenset({"size", "calib_level", "depth", "products", "included", "number", "mast_obsid"})


def count(number: int, noun: str) -> str:
    """Write a number of things for people: 1 product, 2 products."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def size(number: int | None) -> str:
    """Write a number of bytes for people: 50.2 MB."""
    if number is None:
        return ""
    from rich.filesize import decimal

    return decimal(number)


def answer(found: Answer, format: Format | None, limit: int) -> None:
    """Print an answer: rows, or the plan where EXPLAIN asked for it; what PROFILE measured goes to standard error."""
    if found.explained:
        rows(_plan(found), format, columns=("operator", "details"))
        return
    names = [visible(name) for name in found.columns]
    rows(
        [{visible(key): value for key, value in row.items()} for row in found.rows],
        format,
        columns=names,
    )
    for step in _plan(found):
        note(f"{step['operator']}  {step['details']}")
    if found.cut:
        note(f"Only the first {count(limit, 'row')} shown; use --limit 0 for all rows.")


def _plan(found: Answer) -> list[dict[str, str]]:
    return [{"operator": "  " * step.depth + step.operator, "details": step.details} for step in found.plan]
