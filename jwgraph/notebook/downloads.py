"""Download files from a notebook."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from jwgraph.answers import meant, selection
from jwgraph.answers.downloads import Fetched, FetchState
from jwgraph.answers.notes import Note
from jwgraph.errors import UsageError
from jwgraph.export import places
from jwgraph.model.vocabulary import Selection
from jwgraph.store.graph import Graph
from jwgraph_loaders.mast.download import download as fetch


def download(
    graph: Graph, obs_ids: Sequence[str], folder: Path, select: str, *, connections: int
) -> tuple[Sequence[Note], list[Fetched]]:
    """Download the files of Observations, and return what was taken for what, and what became of each file.

    Files that MAST does not have are returned as failed.

    Raises
    ------
    UsageError
        The selection is unknown, or the number of connections is not positive.
    """
    if select not in set(Selection) or connections < 1:
        raise UsageError(f"select is one of {', '.join(Selection)}, and connections 1 or more.")
    _, said, found = meant.each(
        graph,
        obs_ids,
        lambda names: selection.select(graph, names, Selection(select)),
        this="these are the files of",
    )
    wanted, left = places.places(found)
    done = fetch(wanted, folder, connections=connections)
    why = "It is not archived, or has no usable address."
    return said, done + [Fetched(name, FetchState.FAILED, None, why) for name in left]
