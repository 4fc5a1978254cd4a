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
from jwgraph.cli.options import FormatOption
from jwgraph.cli.output import Format
from jwgraph.demo import OBS_ID, PROGRAMS, load_demo
from jwgraph.errors import EXIT_REJECTS, RefusedError, UsageError

if TYPE_CHECKING:
    from collections import Counter

    from jwgraph.model.records import Record, Reject
    from jwgraph.store.graph import Graph
    from jwgraph_loaders.find.read import Account
    from jwgraph_loaders.mast.live import Query
    from jwgraph_loaders.write.writer import Report

SHOWN_REJECTS = 20
MAST = "mast"
_PANEL = "Live MAST (with `mast` in place of PATH)"


def load(
    paths: Annotated[
        list[str],
        typer.Argument(metavar="PATH…", help="Files, folders, .tar.gz of them, - for standard input; or mast."),
    ],
    program: Annotated[str | None, typer.Option(help="Program, such as 2733.", rich_help_panel=_PANEL)] = None,
    obs_id: Annotated[
        str | None, typer.Option("--obs-id", help="Observation; one * stands for any text.", rich_help_panel=_PANEL)
    ] = None,
    target: Annotated[str | None, typer.Option(help="Target, as MAST writes it.", rich_help_panel=_PANEL)] = None,
    observed_since: Annotated[
        str | None, typer.Option(help="Observed on this date or later, such as 2026-11-01.", rich_help_panel=_PANEL)
    ] = None,
    rejects: Annotated[
        Path | None, typer.Option(help="Write every rejected row to this file, one JSON object a line.")
    ] = None,
    report: Annotated[
        Path | None,
        typer.Option(help="Write what became of every file here: loader, records, rejects; one JSON object a line."),
    ] = None,
    workers: Annotated[int, typer.Option(min=1, max=32, help="Sessions that write side by side.")] = 3,
    batch_size: Annotated[int, typer.Option(min=1, max=100_000, help="Rows a transaction.")] = 2000,
    format: FormatOption = None,
) -> None:
    """Load associations, pools, MAST lists, FITS headers, file names and tables, from disk or from MAST itself.

    The kind of each file is found out. What cannot be loaded is told with file, line and reason, and costs nothing
    else: the rest is loaded, and the exit code is 6.

    Example: `jwgraph load products.csv associations/ asn.tar.gz --rejects rejects.jsonl`

    Example: `jwgraph load mast --program 2733` (with MAST_API_TOKEN for what is not public)
    """
    teller = _Teller()
    query = _query(paths, program, obs_id, target, observed_since)
    _spare_inputs(paths, {"--rejects": rejects, "--report": report})
    with _written("--rejects", rejects) as on_reject, _written("--report", report) as on_source:
        records, sources = _from_mast(query, teller) if query else _from_disk(paths, on_source)
        done = _write(records, teller, live=query is not None, on_reject=on_reject, sizes=(workers, batch_size))
    done.sources = sources
    _say(done, format, rejects)
    if query:
        _finish(query)
    if done.rejected:
        raise typer.Exit(EXIT_REJECTS)


def _write(
    records: Iterator[Record | Reject],
    teller: _Teller,
    *,
    live: bool,
    on_reject: Callable[[Reject], None],
    sizes: tuple[int, int],
) -> Report:
    from jwgraph_loaders.write.writer import load as load_records

    with output.open_graph() as graph, output.progress() as say:
        teller.say = say
        return load_records(
            graph,
            records,
            workers=sizes[0],
            batch_size=sizes[1],
            progress=lambda what, count: _tell(say, what, count, live=live),
            on_reject=on_reject,
        )


def _spare_inputs(paths: list[str], outputs: dict[str, Path | None]) -> None:
    """Refuse to write where something is read from, or two things into one file.

    Raises
    ------
    UsageError
        An output is one of the paths, or a file that is there in one of the folders.
    """
    inputs = [Path(path).resolve() for path in paths if path != "-"]
    taken: dict[Path, str] = {}
    for option, path in outputs.items():
        if path is None:
            continue
        real = path.resolve()
        if real in inputs or (real.exists() and any(folder in real.parents for folder in inputs)):
            raise UsageError(f"{option} {path} is one of the files to read; name another file.")
        if real in taken:
            raise UsageError(f"{option} and {taken[real]} name the same file, {path}.")
        taken[real] = option


class _Teller:
    """Hands on what a source tells of its progress to the line that is shown at the time."""

    def __init__(self) -> None:
        self.say: Callable[[str], None] = lambda _text: None

    def __call__(self, text: str) -> None:
        self.say(text)


def _tell(say: Callable[[str], None], what: str, count: int, *, live: bool) -> None:
    if not count:
        say(f"deriving: {what}")
    elif not live:
        say(f"{what}: {count:,} records")


def _query(
    paths: list[str], program: str | None, obs_id: str | None, target: str | None, since: str | None
) -> Query | None:
    """Return what MAST is asked for, or None where files are loaded.

    Raises
    ------
    UsageError
        `mast` without a criterion, or a criterion with paths.
    """
    given = any((program, obs_id, target, since))
    if paths == [MAST] and (given or not Path(MAST).exists()):
        if not given:
            raise UsageError("Say what of MAST: --program, --obs-id, --target or --observed-since.")
        from jwgraph_loaders.mast.live import Query

        return Query(program=program, obs_id=obs_id, target=target, since=since)
    if given:
        raise UsageError(
            "--program, --obs-id, --target and --observed-since go with `jwgraph load mast`, not with files."
        )
    return None


def _from_disk(
    paths: list[str], on_source: Callable[[Account], None]
) -> tuple[Iterator[Record | Reject], Counter[str]]:
    from jwgraph_loaders.find.read import read_all

    return read_all(paths, on_source=on_source)


def _from_mast(query: Query, teller: _Teller) -> tuple[Iterator[Record | Reject], Counter[str]]:
    from collections import Counter

    from jwgraph_loaders.mast.live import read_mast

    with output.progress() as say:
        teller.say = say
        records = read_mast(query, cache=_mast_cache(), progress=teller)
    return records, Counter({MAST: 1})


def _mast_cache() -> Path:
    from jwgraph.server.home_folder import cache

    return cache() / MAST


def _finish(query: Query) -> None:
    from jwgraph_loaders.mast.live import finished

    if not finished(_mast_cache(), query):
        output.note("MAST did not give everything: the same command, within a day, asks only for what is missing.")


@contextmanager
def _written(option: str, path: Path | None) -> Iterator[Callable[[Reject | Account], None]]:
    """Write what comes to the file that an option names, one JSON object a line."""
    if path is None:
        yield lambda _each: None
        return
    try:
        file = path.open("w", encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{option} {path} cannot be written ({error.strerror}).") from None
    try:
        with file:
            yield lambda each: print(json.dumps(asdict(each)), file=file)
    except OSError as error:
        raise UsageError(f"{option} {path} cannot be written ({error.strerror}); what was read is loaded.") from None


def _summary(report: Report) -> list[dict[str, object]]:
    """Return the report as rows of what, kind and number."""
    found: list[tuple[str, str, int]] = []
    found += [("sources", kind, number) for kind, number in sorted(report.sources.items())]
    found.append(("records", "read", report.records))
    found += [("new nodes", label, number) for label, number in sorted(report.nodes.items())]
    found += [("new edges", kind, number) for kind, number in sorted(report.edges.items()) if number]
    found.append(("programs", "derived", len(report.programs)))
    found += [("rows", kind, number) for kind, number in sorted(report.kinds.items())]
    return [{"what": what, "kind": kind, "number": number} for what, kind, number in found]


def _say(report: Report, format: Format | None, written: Path | None) -> None:
    shown = report.rejects[:SHOWN_REJECTS]
    for reject in shown:
        place = reject.source if reject.line is None else f"{reject.source}:{reject.line}"
        sys.stderr.write(output.visible(f"{reject.kind}: {place}: {reject.reason}") + "\n")
    more = report.kinds.total() - len(shown)
    if more:
        where = f"all are in {written}" if written else "--rejects FILE writes them all"
        sys.stderr.write(f"… and {more:,} more; {where}.\n")
    output.rows(_summary(report), format, columns=("what", "kind", "number"))


def demo(
    mix: Annotated[bool, typer.Option("--mix", help="Load the sample beside what the store has already.")] = False,
) -> None:
    """Load a small sample into the store, and show an Observation, a lineage, and what has no Level 3.

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
            f"The store holds other data ({others[0]} and more), and the sample would stand beside it: "
            "use --mix to load it all the same, or set JWGRAPH_HOME to another folder."
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
    head("$ jwgraph observations     # where Level 3 is absent, each exposure stands by itself at its highest stage")
    shown = ("obs_id", "calib_level", "stage", "state", "products", "included")
    output.rows(observations.observations(graph), output.Format.TABLE, columns=shown)
