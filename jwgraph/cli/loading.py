"""What `load` and `sync` share: files of options, and the summary."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping
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
    # What was not loaded as given comes before warnings, which can be many.
    shown = sorted(report.problems, key=lambda problem: problem.severity == "warning")[:SHOWN_PROBLEMS]
    for problem in shown:
        place = problem.source if problem.line is None else f"{problem.source}:{problem.line}"
        sys.stderr.write(output.visible(f"{problem.severity}: {place}: {problem.reason}") + "\n")
    more = report.severities.total() - len(shown)
    if more:
        where = f"{rejects} has all of them" if rejects else "--rejects FILE writes all of them"
        sys.stderr.write(f"… and {more:,} more; {where}.\n")
    output.rows(_summary(report, changes or {}), format, columns=("what", "kind", "number"))


def _summary(report: Report, changes: Mapping[str, int]) -> list[dict[str, object]]:
    """Summarise a load as rows of what, kind and number."""
    found: list[tuple[str, str, int]] = []
    found += [("sources", kind, number) for kind, number in sorted(report.sources.items())]
    found.append(("records", "read", report.records))
    found += [("new nodes", label, number) for label, number in sorted(report.nodes.items())]
    found += [("new edges", kind, number) for kind, number in sorted(report.edges.items()) if number]
    found.append(("programs", "derived", len(report.programs)))
    found += [("derived edges", kind, number) for kind, number in sorted(report.derived.items()) if number]
    found += [("rows", kind, number) for kind, number in sorted(report.severities.items())]
    found += [("changed", kind, number) for kind, number in changes.items()]
    return [{"what": what, "kind": kind, "number": number} for what, kind, number in found]


def step(what: str) -> str:
    """Return the text of a step without records; derivation also runs if no records were loaded."""
    return what if what == "deriving" else f"deriving: {what}"
