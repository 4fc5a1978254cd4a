"""What both renderers compute from a drawing: tips of arrows, cards behind a box, numbers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from jwgraph.figure.shapes import STACK, Box, Edge

_LENGTH, _HALF = 4.0, 1.8


def number(value: float) -> str:
    """Write a number with two decimals at most: the same bytes everywhere."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def tip(edge: Edge) -> list[tuple[float, float]]:
    """Return the corners of the arrow at the end of a line; its last part goes straight across or down."""
    (x0, y0), (x, y) = edge.points[-2:]
    if abs(x - x0) >= abs(y - y0):
        back = x - _LENGTH if x >= x0 else x + _LENGTH
        return [(x, y), (back, y - _HALF), (back, y + _HALF)]
    back = y - _LENGTH if y >= y0 else y + _LENGTH
    return [(x, y), (x - _HALF, back), (x + _HALF, back)]


def cards(box: Box) -> Iterator[Box]:
    """Yield the cards behind a box that stands for several, the hindmost first."""
    if box.stacked:
        for depth in (2, 1):
            yield replace(box, x=box.x + depth * STACK, y=box.y + depth * STACK, lines=())
