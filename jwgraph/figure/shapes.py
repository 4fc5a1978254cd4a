"""What a figure is made of, in points of a page 180 mm wide; it is drawn elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from jwgraph.figure.metrics import ASCENT, DESCENT, fit

# 180 and 240 mm, in points.
WIDTH, TALLEST = 510.0, 680.0
SMALLEST_TEXT = 6.0
STACK = 2.0


class Style(StrEnum):
    """Which of the two figures of the archive's page *Linkages in the Portal*."""

    RELATIONS = "relations"
    STAGES = "stages"


class Kind(StrEnum):
    """What a box is about, which gives its colour."""

    SCIENCE = "science"
    CALIBRATION = "calibration"
    ASSOCIATION = "association"
    LINKED = "linked"
    REFERENCE = "reference"
    ENGINEERING = "engineering"
    OTHER = "other"
    # Text alone.
    PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text in a box."""

    text: str
    size: float = 6.5
    bold: bool = False
    faint: bool = False
    indent: float = 0.0
    href: str = ""

    @property
    def height(self) -> float:
        """The height of the line, with what is free below it."""
        return self.size * 1.24


@dataclass(frozen=True, slots=True)
class Box:
    """A box with lines of text; of the kind PLAIN, text alone.

    Attributes
    ----------
    files
        How many files of the tree it stands for.
    missing
        Something that it stands for is missing or not known: its border is dashed.
    stacked
        It stands for several: cards are drawn behind it.
    title
        What is shown where the pointer rests on it.
    href
        Where it leads, if anywhere.
    """

    x: float
    y: float
    width: float
    height: float
    kind: Kind
    lines: tuple[Line, ...] = ()
    files: int = 0
    missing: bool = False
    stacked: bool = False
    title: str = ""
    href: str = ""

    @property
    def right(self) -> float:
        """Its right end, without the cards behind."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """Its lower end, without the cards behind."""
        return self.y + self.height

    @property
    def middle(self) -> float:
        """The height at which edges meet it."""
        return self.y + self.height / 2

    def placed(self) -> Iterator[tuple[float, float, Line]]:
        """Yield its lines with the place where each begins, on the baseline."""
        pad = 0.0 if self.kind is Kind.PLAIN else PAD
        y = self.y + pad
        for line in self.lines:
            yield self.x + pad + line.indent, y + line.size * ASCENT, line
            y += line.height


PAD = 3.0


def height_of(lines: tuple[Line, ...], *, plain: bool = False) -> float:
    """Return how high a box of these lines is."""
    if not lines:
        return 0.0 if plain else 2 * PAD
    # Nothing is free below the last line but its descenders.
    inner = sum(line.height for line in lines[:-1]) + lines[-1].size * (ASCENT + DESCENT)
    return inner if plain else inner + 2 * PAD


@dataclass(frozen=True, slots=True)
class Edge:
    """A line through several points, with or without an arrow at its end; dashed where it is no way of science."""

    points: tuple[tuple[float, float], ...]
    arrow: bool = False
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Frame:
    """An area that holds boxes."""

    x: float
    y: float
    width: float
    height: float
    kind: Kind


@dataclass(frozen=True, slots=True)
class Drawing:
    """A figure: frames, then edges, then boxes, in the order of drawing."""

    height: float
    title: str
    frames: tuple[Frame, ...]
    edges: tuple[Edge, ...]
    boxes: tuple[Box, ...]
    width: float = WIDTH


class Sheet:
    """A drawing that is being made."""

    def __init__(self) -> None:
        self.frames: list[Frame] = []
        self.edges: list[Edge] = []
        self.boxes: list[Box] = []

    def box(self, box: Box) -> Box:
        """Add a box."""
        self.boxes.append(box)
        return box

    def edge(self, *points: tuple[float, float], arrow: bool = False, dashed: bool = False) -> None:
        """Add a line."""
        self.edges.append(Edge(points, arrow, dashed))

    def text(self, x: float, y: float, room: float, *lines: Line) -> Box:
        """Add lines of text without a border, as far as they fit."""
        fitting = tuple(
            replace(line, text=fit(line.text, room - line.indent, line.size, bold=line.bold)) for line in lines
        )
        return self.box(Box(x, y, room, height_of(fitting, plain=True), Kind.PLAIN, fitting))
