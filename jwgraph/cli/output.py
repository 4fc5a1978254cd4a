"""Terminal output: data on standard output, everything else on standard error."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

from jwgraph.answers.notes import Note
from jwgraph.errors import JwgraphError
from jwgraph.model.columns import Column
from jwgraph.present import escape, files
from jwgraph.present.cells import count
from jwgraph.present.columns import columns_of, columns_of_values
from jwgraph.present.files import Format as Format
from jwgraph.present.fit import wrap
from jwgraph.store.connect import connection

if TYPE_CHECKING:
    from pathlib import Path

    from rich.console import Console, RenderableType

    from jwgraph.adhoc.run import Answer
    from jwgraph.store.graph import Graph


_quiet = False

# Width of tables that are not printed on a terminal.
FILE_WIDTH = 200


def set_quiet(quiet: bool) -> None:
    """Suppress progress and notes from now on."""
    global _quiet
    _quiet = quiet


def is_quiet() -> bool:
    """Return whether progress and notes are suppressed."""
    return _quiet


@cache
def console(*, stderr: bool = False) -> Console:
    """Return the console for standard output or standard error; both respect `NO_COLOR`."""
    from rich.console import Console

    made = Console(stderr=stderr, highlight=False, soft_wrap=False)
    if not made.is_terminal and "COLUMNS" not in os.environ:
        made.width = FILE_WIDTH
    return made


def error(sentence: str) -> None:
    """Print an error on standard error."""
    _say(f"jwgraph: {sentence}")


# Command-line options for the remedies that errors suggest.
REMEDIES = {
    "timeout": "Use --timeout SECONDS.",
    "narrow": "Use options that select less.",
    "parameters": "Use -p KEY=VALUE.",
    "write": "Use `jwgraph cypher --write` to run it, after a confirmation.",
    "force": "Use --force.",
    "parts": "Use --parts FOLDER_OR_URL.",
    "mast": "Use --program, --obs-id, --target or --observed-since.",
}


def failure(found: JwgraphError) -> None:
    """Print an error, with the option that solves it."""
    error(" ".join(filter(None, (str(found), REMEDIES.get(found.remedy)))))


def note(sentence: str) -> None:
    """Print a remark on standard error, unless quiet."""
    if not _quiet:
        _say(sentence)


def _say(text: str) -> None:
    """Print a line on standard error; on a terminal it goes on in the next line at a space, not within a name."""
    line = visible(text)
    sys.stderr.write((wrap(line, console(stderr=True).width) if sys.stderr.isatty() else line) + "\n")


def remarks(notes: Iterable[Note]) -> None:
    """Print the notes of an answer on standard error, in a pipe too: they are part of it. Nothing when quiet."""
    for each in notes:
        note(f"note: {each}")


@contextmanager
def progress() -> Iterator[Callable[[str], None]]:
    """Show progress: a spinner on a terminal, otherwise one line per step; nothing when quiet."""
    if _quiet or not sys.stderr.isatty():
        last: list[str] = []

        def say(text: str) -> None:
            # Print one line per step; running counters are only for terminals.
            head = text.split(":")[0]
            if not _quiet and last != [head]:
                last[:] = [head]
                note(text)

        yield say
        return
    from rich.text import Text

    with console(stderr=True).status(Text("…")) as status:
        yield lambda text: status.update(Text(visible(text)))


def paged(found: RenderableType) -> None:
    """Print to standard output; on a terminal that is too short for it, in a pager.

    On a terminal, lines that are too long go on below, between words: nothing is cut.
    """
    screen = console()
    if not screen.is_terminal:
        screen.print(found, soft_wrap=True)
        return
    if len(screen.render_lines(found, pad=False)) < screen.height:
        screen.print(found)
        return
    # As git does: colours pass, and less ends at once if everything fits.
    os.environ.setdefault("LESS", "FRX")
    with screen.pager(styles=True):
        screen.print(found)


@contextmanager
def open_graph(home: Path | None = None) -> Iterator[Graph]:
    """Open the store that the environment names, or the managed one (of another home), and report slow steps."""
    with progress() as say:
        target = connection(say, home)
    from jwgraph.store.graph import Graph

    with Graph(target) as graph:
        yield graph


def visible(text: str) -> str:
    """Escape control characters except line ends: names in files are untrusted."""
    return escape.visible(text, keep="\n")


def pick(chosen: Format | None) -> Format:
    """Return the requested format; the default is a table on a terminal and CSV elsewhere."""
    return chosen or (Format.TABLE if sys.stdout.isatty() else Format.CSV)


def rows(
    found: Iterable[Any],
    chosen: Format | None,
    *,
    of: type[Any] | None = None,
    columns: Mapping[str, Column] | Sequence[str] = (),
    table: Sequence[str] = (),
    title: str | None = None,
    notes: Sequence[Note] = (),
) -> None:
    """Print rows (dataclasses or dicts) in the requested format, and their notes on standard error.

    Parameters
    ----------
    of
        The dataclass of the rows; if it is not given, `columns` is needed.
    columns
        Columns in order, as `Column` objects or names.
    table
        The columns shown in a table, if not all.
    title
        Title of a table.
    notes
        What the rows depend on and is not loaded; JSON has them too.
    """
    form = pick(chosen)
    if of is not None:
        about = columns_of(of)
    elif isinstance(columns, Mapping):
        about = dict(columns)
    else:
        found = list(found)
        about = columns_of_values(columns, found)
    if form is Format.TABLE:
        from jwgraph.cli import table as tables

        for sentence in tables.show(console(), found, {name: about[name] for name in table or about}, title):
            note(sentence)
    else:
        files.write(found, about, form, sys.stdout, notes)
    remarks(notes)


def answer(found: Answer, chosen: Format | None, limit: int, notes: Sequence[Note] = ()) -> None:
    """Print the answer of an ad-hoc query: its rows, or the plan of EXPLAIN; PROFILE's measurements go to stderr."""
    for notice in found.notices:
        note(notice)
    if found.explained:
        rows(_plan(found), chosen, columns=("operator", "details"))
        return
    names = [visible(name) for name in found.columns]
    shown = [{visible(key): value for key, value in row.items()} for row in found.rows]
    rows(shown, chosen, columns=names, notes=[*notes, *([cut(limit)] if found.cut else ())])
    for step in _plan(found):
        note(f"{step['operator']}  {step['details']}")


def cut(limit: int) -> Note:
    """Return the note that an answer has more rows than are shown."""
    return Note(f"only the first {count(limit, 'row')} shown; use --limit 0 for all rows")


def _plan(found: Answer) -> list[dict[str, str]]:
    return [{"operator": "  " * step.depth + step.operator, "details": step.details} for step in found.plan]
