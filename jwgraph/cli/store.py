"""Back up, restore and compare whole stores."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from jwgraph.cli import output
from jwgraph.cli.options import Force, Panel
from jwgraph.present.cells import count

PANEL = Panel("Store", ("store",))

store = typer.Typer(help="Back up, restore and compare whole stores.", no_args_is_help=True)


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
    with output.open_graph() as graph, output.progress() as say:
        manifest = dumping.dump(graph, target, force=force, progress=say)
    _say("Dumped", manifest)


@store.command()
def restore(
    source: Annotated[
        Path, typer.Argument(metavar="SOURCE", help="An archive or folder written by `jwgraph store dump`.")
    ],
) -> None:
    """Load a dump into an empty store, and print the digest of the graph.

    The whole dump is checked before anything is written.

    Example: `jwgraph store restore jwst.tar.gz`
    """
    from contextlib import ExitStack

    from jwgraph.store import dump_check

    with ExitStack() as stack:
        with output.progress() as say:
            found = stack.enter_context(dump_check.opened(source, say))
        from jwgraph.store import restore as restoring

        with output.open_graph() as graph, output.progress() as say:
            restoring.restore(graph, found, progress=say)
    _say("Restored", found.manifest)


def _say(what: str, manifest: dict[str, Any]) -> None:
    nodes, edges = (sum(manifest["counts"][kind].values()) for kind in ("nodes", "edges"))
    output.note(f"{what} {count(nodes, 'node')} and {count(edges, 'edge')}")
    sys.stdout.write(f"{manifest['digest']}\n")


@store.command()
def digest() -> None:
    """Print the digest of the graph: equal graphs have equal digests, in whatever order they were loaded.

    Example: `jwgraph store digest`
    """
    from jwgraph.store.digest import digest as digest_of

    with output.open_graph() as graph:
        sys.stdout.write(digest_of(graph) + "\n")
