"""Back up, restore, compare and repair whole stores, and forget programs."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from jwgraph.answers.notes import cut_off, undisturbed
from jwgraph.cli import output
from jwgraph.cli.options import Force, FormatOption, Panel
from jwgraph.errors import EXIT_INTERRUPTED, RefusedError
from jwgraph.present.cells import count

if TYPE_CHECKING:
    from jwgraph_loaders.write.forget import Size

PANEL = Panel("Store", ("store",))

store = typer.Typer(
    help="Back up, restore, compare and repair whole stores, and forget programs.", no_args_is_help=True
)


@store.command()
def dump(
    target: Annotated[Path, typer.Argument(metavar="TARGET", help="A .tar.gz file or a folder.")], force: Force = False
) -> None:
    """Write the whole store to an archive or a folder, and print the digest of the graph.

    Equal graphs give identical files. `jwgraph store restore` reads them, with any supported version of Neo4j.

    Example: `jwgraph store dump jwst.tar.gz`
    """
    from jwgraph.store import dump as dumping

    dumping.check_target(target, force=force)
    with _again(), output.open_graph() as graph, output.progress() as say:
        manifest = dumping.dump(graph, target, force=force, progress=say)
    _say("Dumped", manifest)
    output.remarks(cut_off(manifest["unfinished"], manifest["forgetting"], "the dump"))


@store.command()
def restore(
    source: Annotated[
        Path, typer.Argument(metavar="SOURCE", help="An archive or folder written by `jwgraph store dump`.")
    ],
    verify: Annotated[
        bool, typer.Option("--verify", help="Read the restored graph, and compare its digest with that of the dump.")
    ] = False,
) -> None:
    """Load a dump into an empty store, and print the digest of the dump.

    The whole dump is checked before anything is written.

    Example: `jwgraph store restore jwst.tar.gz`
    """
    from contextlib import ExitStack

    from jwgraph.store import dump_check

    with ExitStack() as stack:
        with output.progress() as say:
            found = stack.enter_context(dump_check.opened(source, say))
        from jwgraph.store import restore as restoring

        with _again(), output.open_graph() as graph, output.progress() as say:
            restoring.restore(graph, found, verify=verify, progress=say)
    _say("Restored", found.manifest)


@contextmanager
def _again() -> Iterator[None]:
    """End a command that Ctrl-C interrupts with one line."""
    try:
        yield
    except KeyboardInterrupt:
        output.error("Interrupted: run the same command again.")
        raise typer.Exit(EXIT_INTERRUPTED) from None


def _say(what: str, manifest: dict[str, Any]) -> None:
    nodes, edges = (sum(manifest["counts"][kind].values()) for kind in ("nodes", "edges"))
    output.note(f"{what} {count(nodes, 'node')} and {count(edges, 'edge')}")
    sys.stdout.write(f"{manifest['digest']}\n")


@store.command()
def digest() -> None:
    """Print the digest of the graph: equal graphs have equal digests, in whatever order they were loaded.

    A note says so where a load is going on or was cut off.

    Example: `jwgraph store digest`
    """
    from jwgraph.store.digest import digest as digest_of

    with output.open_graph() as graph:
        found, notes = undisturbed(graph, lambda: digest_of(graph))
    sys.stdout.write(f"{found}\n")
    output.remarks(notes)


@store.command()
def info(format: FormatOption = None) -> None:
    """Show what the store has: programs, Observations, files, loads, its size and its versions.

    Example: `jwgraph store info`
    """
    from jwgraph.answers.stores import InfoRow
    from jwgraph.answers.stores import info as find_info

    with output.open_graph() as graph:
        found = find_info(graph, disk=_disk())
    output.rows(found, format, of=InfoRow)


def _disk() -> int | None:
    """Return the size of the managed store; that of a server of the user's own is not known."""
    from jwgraph import server as managed
    from jwgraph.settings import from_environment

    return managed.status(managed.home()).store_bytes if from_environment() is None else None


@store.command()
def repair(format: FormatOption = None) -> None:
    """Finish the programs of a load that was cut off, and list them.

    What was written before the cut stays; loading the sources again adds the rest. Any load finishes them too.

    Example: `jwgraph store repair`
    """
    from jwgraph.store.derive import RepairedRow
    from jwgraph.store.derive import repair as finish

    with _again(), output.open_graph() as graph, output.progress() as say:
        done = finish(graph, progress=lambda what, _count: say(f"deriving: {what}"))
    output.rows(done, format, of=RepairedRow)
    if not done:
        output.note("Nothing to repair: all programs are derived.")


@store.command()
def forget(
    program: Annotated[str, typer.Option(help="Program, such as 2221; its number, whole.")],
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask for confirmation.")] = False,
    format: FormatOption = None,
) -> None:
    """Remove a program from the store, as if its own sources had never been loaded.

    Its files that sources of other programs name stay, by name only; they are listed with what names them. If it is
    interrupted, the same command finishes it.

    Example: `jwgraph store forget --program 2221`
    """
    from jwgraph.answers.stores import KeptRow
    from jwgraph.names.identifiers import program_number
    from jwgraph_loaders.write import forget as forgetting

    number = program_number(program)
    with output.open_graph() as graph:
        _ask(number, forgetting.size(graph, number), yes)
        with _again(), output.progress() as say:
            removed, kept = forgetting.forget(graph, number, progress=say)
    output.rows(kept, format, of=KeptRow)
    output.note(f"Removed {_written(removed)} of program {number}.")
    if kept:
        files = len({row.productFilename for row in kept})
        output.note(f"Kept by name, since sources of other programs name them: {count(files, 'file')}.")


def _ask(program: str, size: Size, yes: bool) -> None:
    """Ask before a program is removed.

    Raises
    ------
    RefusedError
        There is no terminal to ask on, or the answer is no.
    """
    if yes:
        return
    if not sys.stdin.isatty():
        raise RefusedError("A program is forgotten only after a confirmation, and there is no terminal: add --yes.")
    if not typer.confirm(f"Remove {_written(size)} of program {program} from the store?", err=True):
        raise RefusedError("Cancelled: nothing was removed.")


def _written(size: Size) -> str:
    return f"{count(size.files, 'file')} and {count(size.observations, 'Observation')}"
