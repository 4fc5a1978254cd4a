"""Draw a row: a group of exposures on its way through raw, Stage 1 and Stage 2."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from jwgraph.answers.products import role_relation
from jwgraph.figure.cells import Cell, Links, cell, title
from jwgraph.figure.facts import Place
from jwgraph.figure.fold import Group
from jwgraph.figure.metrics import fit
from jwgraph.figure.shapes import PAD, SMALLEST_TEXT, STACK, Box, Kind, Line, Sheet, height_of
from jwgraph.model.vocabulary import Relation

WAY = (Place.RAW, Place.STAGE1, Place.STAGE2)
LEVELS = {Place.RAW: "level 1b", Place.STAGE1: "level 2a", Place.STAGE2: "level 2b"}


@dataclass(frozen=True, slots=True)
class Lane:
    """Where the boxes of one place stand."""

    x: float
    width: float

    @property
    def room(self) -> float:
        """The width of a text in a box of the lane."""
        return self.width - 2 * PAD

    @property
    def right(self) -> float:
        """Where the lane ends."""
        return self.x + self.width


@dataclass(frozen=True, slots=True)
class Row:
    """A row that was drawn: where it ends, and whether its last box is missing."""

    group: Group
    x: float
    y: float
    bottom: float
    missing: bool


def kind_of(role: str) -> Kind:
    """Return the colour of exposures in a role; of those whose role is not known, that of science."""
    relation = role_relation([role] if role else [])
    return Kind.CALIBRATION if relation in (Relation.CALIBRATION, Relation.PREREQUISITE) else Kind.SCIENCE


def draw(
    sheet: Sheet, group: Group, y: float, lanes: Sequence[Lane], *, most: int, listed: bool, links: Links, label: str
) -> Row:
    """Draw a row from its label down.

    Parameters
    ----------
    most
        Lines for the suffixes in a box.
    listed
        Whether what is not in the tree is known not to be there.
    """
    room = lanes[-1].right - lanes[0].x
    head = sheet.text(lanes[0].x, y, room, Line(label, size=SMALLEST_TEXT, faint=True))
    cells = [cell(group, place) for place in WAY]
    used = [number for number, each in enumerate(cells) if each.rows or each.gaps]
    # Stage 2 makes nothing of some exposures; what comes before a file must have been there.
    shown = range(max(used, default=0) + 1)
    texts = [_lines(cells[i], lanes[i], most, listed=listed) for i in shown]
    height = max(map(height_of, texts))
    boxes = [
        sheet.box(
            Box(
                lanes[i].x,
                head.bottom + 1,
                lanes[i].width,
                height,
                kind_of(group.role),
                texts[i],
                files=len(cells[i].rows) + cells[i].expected,
                missing=bool(cells[i].gaps) or not cells[i].rows,
                stacked=len(group.exposures) > 1,
                title=_title(group, WAY[i], cells[i]),
                href=_href(group, cells[i], links),
            )
        )
        for i in shown
    ]
    for before, after in pairwise(boxes):
        start = before.right + (STACK * 2 if before.stacked else 0)
        sheet.edge((start, before.middle), (after.x, after.middle), arrow=True, dashed=before.missing)
    last = boxes[-1]
    deep = STACK * 2 if last.stacked else 0
    return Row(group, last.right + deep, last.middle, last.bottom + deep, missing=last.missing)


def _lines(found: Cell, lane: Lane, most: int, *, listed: bool) -> tuple[Line, ...]:
    if not (found.rows or found.gaps):
        return (
            Line(fit("none" if listed else "not loaded", lane.room, SMALLEST_TEXT), size=SMALLEST_TEXT, faint=True),
        )
    lines = found.lines(lane.room, most)
    return tuple(
        Line(fit(line.text, lane.room, line.size, bold=line.bold), line.size, line.bold, line.faint) for line in lines
    )


def _title(group: Group, place: Place, found: Cell) -> str:
    names = [row.productFilename for row in found.rows]
    heading = f"{place} ({LEVELS[place]}), {group.role or 'role not known'}: {group.label}"
    gone = [f"not there: {name}" for exposure in group.exposures for name in exposure.missing]
    return title(heading, [*(gone if found.gaps else []), *names])


def _href(group: Group, found: Cell, links: Links) -> str:
    if len(found.rows) == 1:
        return links.product(found.rows[0])
    return links.observation(group.exposures[0].obs_id) if len(group.exposures) == 1 else ""
