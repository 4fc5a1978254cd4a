"""Lay out a figure: as many rows and lines as a page of 180 by 240 mm has room for."""

from __future__ import annotations

from jwgraph.errors import UsageError
from jwgraph.figure import relations, stages
from jwgraph.figure.cells import Links
from jwgraph.figure.facts import Facts
from jwgraph.figure.fold import MOST_ROWS
from jwgraph.figure.shapes import TALLEST, Drawing, Sheet, Style
from jwgraph.present.escape import visible

_DRAW = {Style.RELATIONS: relations.draw, Style.STAGES: stages.draw}
_TITLES = {
    Style.RELATIONS: "What is associated with {}, linked to it, and neither",
    Style.STAGES: "The exposures of {} through the stages of the pipeline",
}
# Most rows and lines of suffixes in a box, the roomiest first.
_ROOM = [(MOST_ROWS, 3), (MOST_ROWS, 2), (10, 2), (MOST_ROWS, 1), (8, 1), (6, 1), (1, 1)]


def choose_style(style: str) -> Style:
    """Return a style by its name.

    Raises
    ------
    UsageError
        No style has that name.
    """
    if style not in set(Style):
        raise UsageError(f"{style!r} is not a style of figures: give {' or '.join(Style)}.")
    return Style(style)


def mrp_of(style: Style) -> bool:
    """Return whether the tree of a figure shows the recommended products alone: in Figure 1 it does."""
    return style is Style.RELATIONS


def lay_out(
    facts: Facts, style: Style = Style.RELATIONS, *, mrp: bool | None = None, links: Links | None = None
) -> Drawing:
    """Return the drawing of a figure.

    Parameters
    ----------
    mrp
        Whether the tree shows the recommended products alone; by default as in the archive's figures.
    links
        Where boxes lead; by default to MAST.
    """
    ticked = mrp_of(style) if mrp is None else mrp
    for rows, lines in _ROOM:
        sheet = Sheet()
        height = _DRAW[style](sheet, facts, mrp=ticked, links=links or Links(), most_rows=rows, most_lines=lines)
        if height <= TALLEST:
            break
    title = visible(_TITLES[style].format(facts.obs_id))
    return Drawing(height, title, tuple(sheet.frames), tuple(sheet.edges), tuple(sheet.boxes))
