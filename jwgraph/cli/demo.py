"""A small sample, loaded into the store and shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from jwgraph.cli import output
from jwgraph.errors import RefusedError

if TYPE_CHECKING:
    from jwgraph.store.graph import Graph
from jwgraph.demo import (
    OBS_ID,
    PROGRAMS,
    load_demo,
)


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command(rich_help_panel="Load")(demo)


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
        _show(graph)


def _refuse_mixing(graph: Graph) -> None:
    from jwgraph.answers import observations

    others = [row.obs_id for row in observations.observations(graph) if row.program not in PROGRAMS]
    if others:
        raise RefusedError(
            f"The store holds other data ({others[0]} and more), and the sample would stand beside it: "
            "use --mix to load it all the same, or set JWGRAPH_HOME to another folder."
        )


def _show(graph: Graph) -> None:
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
