"""What `load` and `sync` share: files of options, and the summary."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from jwgraph.cli import output
from jwgraph.cli.output import Format
from jwgraph.errors import UsageError

if TYPE_CHECKING:
    from jwgraph.model.records import Problem
    from jwgraph_loaders.find.read import SourceReport
    from jwgraph_loaders.mast.sync import Change
    from jwgraph_loaders.write.writer import Report

SHOWN_PROBLEMS = 20
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")


@contextmanager
def written(option: str, path: Path | None) -> Iterator[Callable[[Problem | SourceReport | Change], None]]:
    """Write objects to the file of an option, as JSON lines."""
    if path is None:
        yield lambda _each: None
        return
    try:
        file = path.open("w", encoding="utf-8")
    except OSError as error:
        raise UsageError(f"Cannot write {option} {path}: {error.strerror}.") from None
    try:
        with file:
            yield lambda each: print(json.dumps(asdict(each)), file=file)
    except OSError as error:
        raise UsageError(f"Cannot write {option} {path}: {error.strerror}; the rows read so far are loaded.") from None


def spare_inputs(paths: list[str], outputs: dict[str, Path | None]) -> None:
    """Refuse to write to an input file, or twice to the same file.

    Raises
    ------
    UsageError
        An output is an input file, or an existing file in an input folder, or two outputs are the same file.
    """
    inputs = [Path(path).resolve() for path in paths if path != "-"]
    taken: dict[Path, str] = {}
    for option, path in outputs.items():
        if path is None:
            continue
        real = path.resolve()
        if real in inputs or (real.exists() and any(folder in real.parents for folder in inputs)):
            raise UsageError(f"{option} {path} is one of the input files: choose another file.")
        if real in taken:
            raise UsageError(f"{option} and {taken[real]} are the same file, {path}: choose two files.")
        taken[real] = option


def say(report: Report, format: Format | None, rejects: Path | None, changes: Mapping[str, int] | None = None) -> None:
    """Print the problems of a load on standard error, and its summary.

    Parameters
    ----------
    report
        Result of the load.
    format
        Requested format.
    rejects
        File that has all problems, if there is one.
    changes
        Number of files by what changed.
    """
    from jwgraph.answers.loads import LoadRow
    from jwgraph_loaders.write.summary import summary

    # What was not loaded as given comes before warnings, which can be many.
    groups = sorted(_alike(report.problems).values(), key=lambda alike: alike[0].severity == "warning")
    for alike in groups[:SHOWN_PROBLEMS]:
        sys.stderr.write(output.visible(_sentence(alike)) + "\n")
    more = report.severities.total() - sum(map(len, groups[:SHOWN_PROBLEMS]))
    if more:
        where = f"{rejects} has all of them" if rejects else "--rejects FILE writes all of them"
        sys.stderr.write(f"… and {more:,} more; {where}.\n")
    output.rows(summary(report, changes), format, of=LoadRow)


def _alike(problems: Iterable[Problem]) -> dict[tuple[str, str, str], list[Problem]]:
    """Return problems of the same file and reason together; the values that reasons quote may differ."""
    found: dict[tuple[str, str, str], list[Problem]] = {}
    for problem in problems:
        key = (problem.severity, problem.source, _QUOTED.sub("", problem.reason))
        found.setdefault(key, []).append(problem)
    return found


def _sentence(alike: Sequence[Problem]) -> str:
    """Return the line of the first of problems that are alike, and how many follow it, to which line of the file."""
    first, last = alike[0], alike[-1]
    place = first.source if first.line is None else f"{first.source}:{first.line}"
    more = f"{len(alike) - 1:,} more like it" + ("" if last.line is None else f", to line {last.line:,}")
    return f"{first.severity}: {place}: {first.reason}" + (f" ({more})" if len(alike) > 1 else "")


def step(what: str) -> str:
    """Return the text of a step without records; derivation also runs if no records were loaded."""
    return what if what == "deriving" else f"deriving: {what}"
