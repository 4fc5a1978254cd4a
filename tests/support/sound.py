"""What is asked of every figure: nothing overlaps, no text is cut by its box, and it fits on a page."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations, pairwise

from jwgraph.figure.geometry import cards
from jwgraph.figure.metrics import ASCENT, DESCENT, width
from jwgraph.figure.shapes import Box, Drawing, Frame, Kind

SLACK = 0.01


@dataclass(frozen=True)
class Area:
    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Area) -> bool:
        return (
            self.left < other.right - SLACK
            and other.left < self.right - SLACK
            and self.top < other.bottom - SLACK
            and other.top < self.bottom - SLACK
        )

    def holds(self, other: Area) -> bool:
        return (
            self.left <= other.left + SLACK
            and other.right <= self.right + SLACK
            and self.top <= other.top + SLACK
            and other.bottom <= self.bottom + SLACK
        )


def area(box: Box | Frame) -> Area:
    every = [box, *cards(box)] if isinstance(box, Box) else [box]
    return Area(
        min(each.x for each in every),
        min(each.y for each in every),
        max(each.x + each.width for each in every),
        max(each.y + each.height for each in every),
    )


def texts(box: Box) -> list[Area]:
    return [
        Area(x, y - line.size * ASCENT, x + width(line.text, line.size, bold=line.bold), y + line.size * DESCENT)
        for x, y, line in box.placed()
    ]


def faults(drawing: Drawing) -> list[str]:
    """Return everything that is wrong with a drawing, as sentences."""
    return [*_page(drawing), *_overlaps(drawing), *_texts(drawing), *_frames(drawing), *_edges(drawing)]


def _page(drawing: Drawing) -> list[str]:
    page = Area(0, 0, 510, min(680, drawing.height))
    found = [f"outside the page: {box}" for box in drawing.boxes if not page.holds(area(box))]
    found += [f"outside the page: {frame}" for frame in drawing.frames if not page.holds(area(frame))]
    return found + ([f"{drawing.height} is taller than 240 mm"] if drawing.height > 680 else [])


def _overlaps(drawing: Drawing) -> list[str]:
    placed = [(box, area(box)) for box in drawing.boxes]
    return [f"overlap: {a} {b}" for (a, one), (b, two) in combinations(placed, 2) if one.meets(two)]


def _texts(drawing: Drawing) -> list[str]:
    lines = [(box, line, text) for box in drawing.boxes for line, text in zip(box.lines, texts(box), strict=True)]
    found = [f"too small: {line}" for _, line, _ in lines if line.size < 6]
    own = [(box, Area(box.x, box.y, box.right, box.bottom), line, text) for box, line, text in lines]
    return found + [f"not in its box: {line} {box}" for box, inner, line, text in own if not inner.holds(text)]


def _frames(drawing: Drawing) -> list[str]:
    return [
        f"across a frame: {box} {frame}"
        for frame in drawing.frames
        for box in drawing.boxes
        if area(frame).meets(area(box)) and not area(frame).holds(area(box))
    ]


def _edges(drawing: Drawing) -> list[str]:
    """Edges go between boxes, and not through them or through a text."""
    solid = [(box, Area(box.x, box.y, box.right, box.bottom)) for box in drawing.boxes if box.kind is not Kind.PLAIN]
    solid += [(box, text) for box in drawing.boxes if box.kind is Kind.PLAIN for text in texts(box)]
    ways = [
        Area(min(x, to_x), min(y, to_y), max(x, to_x), max(y, to_y))
        for edge in drawing.edges
        for (x, y), (to_x, to_y) in pairwise(edge.points)
    ]
    # A line has no width: it is widened by less than what counts as an overlap with a border.
    wide = [Area(each.left - 0.1, each.top - 0.1, each.right + 0.1, each.bottom + 0.1) for each in ways]
    inner = [(box, Area(a.left + 0.2, a.top + 0.2, a.right - 0.2, a.bottom - 0.2)) for box, a in solid]
    return [f"an edge through: {box}" for each in wide for box, within in inner if each.meets(within)]
