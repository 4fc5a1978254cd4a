"""Load sources, or a small sample, into the store."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from jwgraph.cli import output
from jwgraph.cli.options import FormatOption, Panel
from jwgraph.cli.output import Format
from jwgraph.demo import OBS_ID, PROGRAMS, load_demo
from jwgraph.errors import EXIT_REJECTS, RefusedError, UsageError

if TYPE_CHECKING:
    from collections import Counter

    from jwgraph.model.records import Problem, Record
    from jwgraph.store.graph import Graph
    from jwgraph_loaders.find.read import SourceReport
    from jwgraph_loaders.mast.live import Query
    from jwgraph_loaders.write.writer import Report

PANEL = Panel("Load", ("demo", "load"))

SHOWN_PROBLEMS = 20
MAST = "mast"
_PANEL = "Live MAST (with `mast` in place of PATH)"


def load(
    paths: Annotated[
        list[str],
        typer.Argument(
            metavar="PATH", help="Files, folders or .tar.gz archives; - for standard input; mast for the MAST archive."
        ),
    ],
    program: Annotated[str | None, typer.Option(help="Program, such as 2221.", rich_help_panel=_PANEL)] = None,
    obs_id: Annotated[
        str | None,
        typer.Option("--obs-id", help="Observation (obs_id); one * matches any text.", rich_help_panel=_PANEL),
    ] = None,
    target: Annotated[str | None, typer.Option(help="Target name as in MAST.", rich_help_panel=_PANEL)] = None,
    observed_since: Annotated[
        str | None, typer.Option(help="Observed on or after this date, such as 2026-11-01.", rich_help_panel=_PANEL)
    ] = None,
    rejects: Annotated[Path | None, typer.Option(help="Write every rejected row to this file, as JSON lines.")] = None,
    report: Annotated[
        Path | None,
        typer.Option(help="Write the result for every file (loader, records, problems) to this file, as JSON lines."),
    ] = None,
    workers: Annotated[int, typer.Option(min=1, max=32, help="Number of parallel write sessions.")] = 3,
    batch_size: Annotated[int, typer.Option(min=1, max=100_000, help="Rows per transaction.")] = 2000,
    format: FormatOption = None,
) -> None:
    """Load associations, pools, product lists, FITS headers, file names and tables, from disk or from MAST.

    File types are detected automatically. Invalid rows are reported with file, line and reason; everything else is
    loaded (exit code 6).

    Example: `jwgraph load products.csv associations/ asn.tar.gz --rejects rejects.jsonl`

    Example: `jwgraph load mast --program 2221` (set MAST_API_TOKEN for proprietary data)
    """
    relay = _Relay()
    query = _query(paths, program, obs_id, target, observed_since)
    _spare_inputs(paths, {"--rejects": rejects, "--report": report})
    with _written("--rejects", rejects) as on_problem, _written("--report", report) as on_source:
        records, sources = _from_mast(query, relay) if query else _from_disk(paths, on_source)
        done = _write(records, relay, live=query is not None, on_problem=on_problem, sizes=(workers, batch_size))
    done.sources = sources
    _say(done, format, rejects)
    if query:
        _finish(query)
    if done.rejected:
        raise typer.Exit(EXIT_REJECTS)


def _write(
    records: Iterator[Record | Problem],
    relay: _Relay,
    *,
    live: bool,
    on_problem: Callable[[Problem], None],
    sizes: tuple[int, int],
) -> Report:
    from jwgraph_loaders.write.writer import load as load_records

    with output.open_graph() as graph, output.progress() as say:
        relay.say = say
        return load_records(
            graph,
            records,
            workers=sizes[0],
            batch_size=sizes[1],
            progress=lambda what, count: _show_progress(say, what, count, live=live),
            on_problem=on_problem,
        )


def _spare_inputs(paths: list[str], outputs: dict[str, Path | None]) -> None:
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


class _Relay:
    """Pass progress of a source to whichever progress line is shown at the time."""

    def __init__(self) -> None:
        self.say: Callable[[str], None] = lambda _text: None

    def __call__(self, text: str) -> None:
        self.say(text)


def _show_progress(say: Callable[[str], None], what: str, count: int, *, live: bool) -> None:
    if not count:
        # Derivation also runs if no records were loaded.
        say(what if what == "deriving" else f"deriving: {what}")
    elif not live:
        say(f"{what}: {count:,} records")


def _query(
    paths: list[str], program: str | None, obs_id: str | None, target: str | None, since: str | None
) -> Query | None:
    """Return the MAST query, or None if files are loaded.

    Raises
    ------
    UsageError
        `mast` without a search option, or a search option with files.
    """
    given = any((program, obs_id, target, since))
    if paths == [MAST] and (given or not Path(MAST).exists()):
        if not given:
            raise UsageError("Choose what to load from MAST: --program, --obs-id, --target or --observed-since.")
        from jwgraph_loaders.mast.live import Query

        return Query(program=program, obs_id=obs_id, target=target, since=since)
    if given:
        raise UsageError(
            "--program, --obs-id, --target and --observed-since work with `jwgraph load mast`, not with files."
        )
    return None


def _from_disk(
    paths: list[str], on_source: Callable[[SourceReport], None]
) -> tuple[Iterator[Record | Problem], Counter[str]]:
    from jwgraph_loaders.find.read import read_all

    return read_all(paths, on_source=on_source)


def _from_mast(query: Query, relay: _Relay) -> tuple[Iterator[Record | Problem], Counter[str]]:
    from collections import Counter

    from jwgraph_loaders.mast.live import read_mast

    with output.progress() as say:
        relay.say = say
        records = read_mast(query, cache=_mast_cache(), progress=relay)
    return records, Counter({MAST: 1})


def _mast_cache() -> Path:
    from jwgraph.settings import cache

    return cache() / MAST


def _finish(query: Query) -> None:
    from jwgraph_loaders.mast.live import finished

    if not finished(_mast_cache(), query):
        output.note("MAST did not return everything: run the same command within a day to fetch only what is missing.")


@contextmanager
def _written(option: str, path: Path | None) -> Iterator[Callable[[Problem | SourceReport], None]]:
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


def _summary(report: Report) -> list[dict[str, object]]:
    """Summarise the load as rows of what, kind and number."""
    found: list[tuple[str, str, int]] = []
    found += [("sources", kind, number) for kind, number in sorted(report.sources.items())]
    found.append(("records", "read", report.records))
    found += [("new nodes", label, number) for label, number in sorted(report.nodes.items())]
    found += [("new edges", kind, number) for kind, number in sorted(report.edges.items()) if number]
    found.append(("programs", "derived", len(report.programs)))
    found += [("rows", kind, number) for kind, number in sorted(report.severities.items())]
    return [{"what": what, "kind": kind, "number": number} for what, kind, number in found]


def _say(report: Report, format: Format | None, written: Path | None) -> None:
    shown = report.problems[:SHOWN_PROBLEMS]
    for problem in shown:
        place = problem.source if problem.line is None else f"{problem.source}:{problem.line}"
        sys.stderr.write(output.visible(f"{problem.severity}: {place}: {problem.reason}") + "\n")
    more = report.severities.total() - len(shown)
    if more:
        where = f"{written} has all of them" if written else "--rejects FILE writes all of them"
        sys.stderr.write(f"… and {more:,} more; {where}.\n")
    output.rows(_summary(report), format, columns=("what", "kind", "number"))


def demo(
    mix: Annotated[bool, typer.Option("--mix", help="Add the sample to a store that already has other data.")] = False,
) -> None:
    """Load a small sample and show an Observation, a lineage, and exposures without Level 3.

    Example: `jwgraph demo`
    """
    with output.open_graph() as graph, output.progress() as say:
        if not mix:
            _refuse_mixing(graph)
        say("loading the sample")
        load_demo(graph)
    with output.open_graph() as graph:
        _show_sample(graph)


def _refuse_mixing(graph: Graph) -> None:
    from jwgraph.answers import observations

    others = [row.obs_id for row in observations.observations(graph) if row.program not in PROGRAMS]
    if others:
        raise RefusedError(
            f"The store already has other data, such as {others[0]}: "
            "use --mix to add the sample to it, or set JWGRAPH_HOME to another folder."
        )


def _show_sample(graph: Graph) -> None:
    from jwgraph.answers import lineage, observations, products
    from jwgraph.cli.terminal_tree import show_lineage, show_tree

    def head(text: str) -> None:
        typer.echo(f"\n{text}\n")

    head(f"$ jwgraph tree {OBS_ID} --mrp")
    show_tree(OBS_ID, products.tree(graph, OBS_ID, mrp=True), mrp=True)
    head(f"$ jwgraph tree {OBS_ID}")
    show_tree(OBS_ID, products.tree(graph, OBS_ID), mrp=False)
    head(f"$ jwgraph lineage {OBS_ID}_i2d.fits")
    show_lineage(f"{OBS_ID}_i2d.fits", lineage.lineage(graph, f"{OBS_ID}_i2d.fits", up=True), up=True)
    head("$ jwgraph observations     # exposures without Level 3 are listed by themselves, at their highest level")
    shown = ("obs_id", "calib_level", "productLevel", "state", "products", "included")
    output.rows(observations.observations(graph), output.Format.TABLE, of=observations.ObservationRow, table=shown)
