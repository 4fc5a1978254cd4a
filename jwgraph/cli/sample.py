"""Show the small sample, and where its store is."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from jwgraph import settings
from jwgraph.cli import output
from jwgraph.demo import OBS_ID, PROGRAMS
from jwgraph.errors import RefusedError

if TYPE_CHECKING:
    from jwgraph.store.graph import Graph


def home_of_sample() -> Path:
    """Return the home of the sample.

    Raises
    ------
    RefusedError
        Commands would not read it: `NEO4J_URI` names another store.
    """
    given = settings.from_environment()
    if given is not None:
        raise RefusedError(
            f"NEO4J_URI is set to {given.uri}: unset it to load the sample into a store of its own, "
            "or use --own-store to load it there."
        )
    return settings.demo_home()


def refuse_mixing(graph: Graph) -> None:
    """Refuse a store that has other data.

    Raises
    ------
    RefusedError
        It has.
    """
    from jwgraph.answers import observations

    others = [row.obs_id for row in observations.observations(graph) if row.program not in PROGRAMS]
    if others:
        raise RefusedError(
            f"The store already has other data, such as {others[0]}: "
            "use --mix to add the sample to it, or set JWGRAPH_HOME to another folder."
        )


def _head(text: str) -> None:
    typer.echo(f"\n{text}\n")


def say_where(home: Path) -> None:
    """Say how other commands reach the sample, unless they do already."""
    if home != settings.home():
        typer.echo("\nThe sample is in a store of its own. Type this first; the commands below then read it:")
        _head(f"$ export {settings.HOME.name}={shlex.quote(str(home))}")


def say_how_to_remove(home: Path) -> None:
    """Say how to remove the sample, and how to leave it."""
    typer.echo("\nTo remove the sample:")
    place = shlex.quote(str(home))
    _head(f"$ {settings.HOME.name}={place} jwgraph server stop && rm -r {place}")
    if home != settings.home():
        typer.echo(f"To go back to your own store: unset {settings.HOME.name}")


def show(graph: Graph) -> None:
    """Print the commands of a first look, and their answers."""
    from jwgraph.answers import lineage, observations, products
    from jwgraph.cli.terminal_tree import show_lineage, show_tree

    _head(f"$ jwgraph tree {OBS_ID} --mrp")
    show_tree(OBS_ID, products.tree(graph, OBS_ID, mrp=True), mrp=True)
    _head(f"$ jwgraph tree {OBS_ID}")
    show_tree(OBS_ID, products.tree(graph, OBS_ID), mrp=False)
    _head(f"$ jwgraph lineage {OBS_ID}_i2d.fits")
    show_lineage(f"{OBS_ID}_i2d.fits", lineage.lineage(graph, f"{OBS_ID}_i2d.fits", up=True), up=True)
    _head("$ jwgraph observations     # exposures without Level 3 are listed by themselves, at their highest level")
    shown = ("obs_id", "calib_level", "productLevel", "state", "products", "included")
    output.rows(observations.observations(graph), output.Format.TABLE, of=observations.ObservationRow, table=shown)
