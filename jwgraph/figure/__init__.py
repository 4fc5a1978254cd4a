"""Figures of an Observation, after Figures 1 and 2 of the archive's page *Linkages in the Portal*."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jwgraph.figure.colours import CSS
from jwgraph.figure.shapes import Style

if TYPE_CHECKING:
    from jwgraph.store.graph import Graph

__all__ = ["CSS", "Style", "svg"]


def svg(
    graph: Graph,
    obs_id: str,
    *,
    style: Style | str = Style.RELATIONS,
    mrp: bool | None = None,
    pages: str = "",
    css: bool = True,
) -> str:
    """Return the figure of an Observation as SVG.

    Parameters
    ----------
    style
        `relations` or `stages`.
    mrp
        Whether the tree shows the Minimum Recommended Products alone; by default in `relations`.
    pages
        What the paths of a site's pages begin with, such as `/`: boxes lead to `/products/FILE` and
        `/observations/OBS_ID`. By default files lead to MAST.
    css
        Have the style within the document; a page that allows none serves `CSS` with its own.

    Raises
    ------
    NotFoundError
        There is no such Observation.
    UsageError
        There is no such style.
    """
    # The command line reads the styles, and imports nothing heavy before it has to.
    from jwgraph.figure.cells import Links
    from jwgraph.figure.made import figure

    return figure(graph, obs_id, style=style, mrp=mrp, links=Links(pages)).as_svg(css=css)
