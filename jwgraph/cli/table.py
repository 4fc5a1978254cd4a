"""Print tables for people: they fit the terminal, and identifiers are never wrapped."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from jwgraph.model.columns import Column
from jwgraph.present.cells import readable
from jwgraph.present.columns import NUMBERS, value
from jwgraph.present.fit import GAP, Fit, fit, wrap

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table


def show(console: Console, found: Iterable[Any], about: Mapping[str, Column], title: str | None) -> list[str]:
    """Print rows as a table, or as records if the terminal is too narrow.

    Returns
    -------
    list of str
        Sentences about columns that were left out.
    """
    rows = list(found)
    cells = {name: [readable(value(row, name), column) for row in rows] for name, column in about.items()}
    chosen = fit(cells, about, console.width)
    if chosen.records:
        _print_records(console, cells, title)
    else:
        console.print(_table(cells, about, chosen, title))
    return list(_left_out(chosen, console.width))


def _table(cells: Mapping[str, list[str]], about: Mapping[str, Column], chosen: Fit, title: str | None) -> Table:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    made = Table(box=box.SIMPLE_HEAD, title=Text(title) if title else None, title_justify="left", pad_edge=False)
    for name in chosen.shown:
        made.add_column(
            name,
            overflow="fold",
            no_wrap=name not in chosen.wrapped,
            justify="right" if about[name].type in NUMBERS else "left",
        )
    for row in zip(*(cells[name] for name in chosen.shown), strict=True):
        made.add_row(*map(Text, row))
    return made


def _print_records(console: Console, cells: Mapping[str, list[str]], title: str | None) -> None:
    """Print each row as lines of column and value; on a terminal, long values go on below at a space."""
    from rich.text import Text

    width = max(len(name) for name in cells)
    lines = [Text(title)] if title else []
    for number, row in enumerate(zip(*cells.values(), strict=True)):
        lines += [Text()] if number else []
        for name, text in zip(cells, row, strict=True):
            first, *more = wrap(text, console.width - width - GAP).split("\n") if console.is_terminal else [text]
            lines.append(Text.assemble((name.ljust(width), "cyan"), "  ", first))
            lines += [Text(" " * (width + 2) + part) for part in more]
    for line in lines:
        console.print(line, soft_wrap=True)


def _left_out(chosen: Fit, width: int) -> Iterable[str]:
    if chosen.same:
        yield (
            "The same in every row: "
            + ", ".join(f"{name} {text or 'empty'}" for name, text in chosen.same.items())
            + "."
        )
    if chosen.left_out:
        yield f"Not shown at {width} columns: {', '.join(chosen.left_out)}; --format csv has every column."
