"""Load sources, or a small sample, into the store."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from jwgraph import settings
from jwgraph.cli import output, sample
from jwgraph.cli.loading import say, spare_inputs, step, written
from jwgraph.cli.options import FormatOption, Panel
from jwgraph.cli.reading import Ways, reader
from jwgraph.demo import load_demo
from jwgraph.errors import EXIT_INTERRUPTED, EXIT_REJECTS, UsageError

if TYPE_CHECKING:
    from jwgraph.model.records import Problem
    from jwgraph_loaders.find.read import SourceReport
    from jwgraph_loaders.write.writer import Report

PANEL = Panel("Load", ("demo", "load"))

MAST = "mast"
SPREADING = "Several processes"


def load(
    paths: Annotated[
        list[str], typer.Argument(metavar="PATH", help="Files, folders or .tar.gz archives; - for standard input.")
    ],
    rejects: Annotated[Path | None, typer.Option(help="Write every rejected row to this file, as JSON lines.")] = None,
    report: Annotated[
        Path | None,
        typer.Option(help="Write the result for every file (loader, records, problems) to this file, as JSON lines."),
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option(
            min=1, max=32, help="Number of parallel write sessions.", show_default="half the processors; to derive, all"
        ),
    ] = None,
    batch_size: Annotated[int, typer.Option(min=1, max=100_000, help="Rows per transaction.")] = 2000,
    processes: Annotated[
        int | None,
        typer.Option(
            min=1,
            max=1024,
            help="Read the files with this many processes of this machine.",
            show_default="in this process",
            rich_help_panel=SPREADING,
        ),
    ] = None,
    dask: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS",
            help="Read the files with the workers of a Dask scheduler: tcp://HOST:8786, or local, of this machine.",
            rich_help_panel=SPREADING,
        ),
    ] = None,
    parts: Annotated[
        str | None,
        typer.Option(
            metavar="FOLDER",
            help="Folder, or fsspec URL, through which they hand over what they read; removed at the end.",
            show_default="a temporary folder",
            rich_help_panel=SPREADING,
        ),
    ] = None,
    format: FormatOption = None,
    mast: Annotated[
        list[str] | None, typer.Option("--program", "--obs-id", "--target", "--observed-since", hidden=True)
    ] = None,
) -> None:
    """Load associations, pools, product lists, FITS headers, file names and tables from disk.

    File types are detected automatically. Invalid rows are reported with file, line and reason; everything else is
    loaded (exit code 6). `jwgraph sync` loads from MAST.

    Example: `jwgraph load products.csv associations/ asn.tar.gz --rejects rejects.jsonl`

    Example: `jwgraph load headers/ --processes 8`

    Example: `jwgraph load /shared/headers --dask tcp://scheduler:8786 --parts s3://bucket/parts`
    """
    if mast or (paths == [MAST] and not Path(MAST).exists()):
        raise UsageError(
            "`jwgraph load` reads files; MAST is read by `jwgraph sync`, such as `jwgraph sync --program 2221`."
        )
    spare_inputs(paths, {"--rejects": rejects, "--report": report})
    ways = Ways(processes, dask, parts)
    try:
        with written("--rejects", rejects) as on_problem, written("--report", report) as on_source:
            done = _load(paths, ways, on_source, on_problem, (workers, batch_size))
    except KeyboardInterrupt:
        output.error("Interrupted: part of it is loaded; run the same command again for the rest.")
        raise typer.Exit(EXIT_INTERRUPTED) from None
    say(done, format, rejects)
    if done.rejected:
        raise typer.Exit(EXIT_REJECTS)


def _load(
    paths: list[str],
    ways: Ways,
    on_source: Callable[[SourceReport], None],
    on_problem: Callable[[Problem], None],
    sizes: tuple[int | None, int],
) -> Report:
    from jwgraph_loaders.write.writer import load as load_records

    reading = reader(paths, ways, on_source)
    with output.open_graph() as graph, output.progress() as show, reading(show) as found:
        done = load_records(
            graph,
            found.records,
            prepared=found.prepared,
            workers=sizes[0],
            batch_size=sizes[1],
            progress=lambda what, count: show(f"{what}: {count:,} records" if count else step(what)),
            on_problem=on_problem,
        )
    done.sources = found.sources
    return done


def demo(
    own_store: Annotated[
        bool, typer.Option("--own-store", help="Load it into your own store, not into one of its own.")
    ] = False,
    mix: Annotated[bool, typer.Option("--mix", help="Add the sample to a store that already has other data.")] = False,
    where: Annotated[
        bool, typer.Option("--where", help="Print the folder of the sample's own store, and do nothing else.")
    ] = False,
) -> None:
    """Load a small sample and show an Observation, a lineage, and exposures without Level 3.

    The sample has a store and a server of its own, beside yours. Commands read it where `JWGRAPH_HOME` is the folder
    that `--where` prints.

    Example: `jwgraph demo`

    Example: `jwgraph demo --where`
    """
    if where:
        typer.echo(settings.demo_home())
        return
    home = None if own_store else sample.home_of_sample()
    with output.open_graph(home) as graph, output.progress() as say:
        if not mix:
            sample.refuse_mixing(graph)
        say("loading the sample")
        load_demo(graph)
    if home is not None:
        sample.say_where(home)
    with output.open_graph(home) as graph:
        sample.show(graph)
    if home is not None:
        sample.say_how_to_remove(home)
