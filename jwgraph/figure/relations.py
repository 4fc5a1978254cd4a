"""Figure 1: what is associated with an Observation, linked to it, and neither, beside the recommended products."""

from __future__ import annotations

from dataclasses import replace

from jwgraph.figure import blocks, page, panel, rows
from jwgraph.figure.cells import Links
from jwgraph.figure.facts import Facts
from jwgraph.figure.fold import Group, whole_roles
from jwgraph.figure.rows import Lane, Row
from jwgraph.figure.shapes import PAD, SMALLEST_TEXT, Box, Edge, Frame, Kind, Line, Sheet
from jwgraph.figure.stages import combined
from jwgraph.present.cells import count

_X = page.MARGIN + 2 * PAD
LANES = (Lane(_X, 80), Lane(_X + 92, 84), Lane(_X + 188, 88))
_BUS = _X + 294.0
_APPLIED = _BUS + 12
_LEFT = 340.0
_PANEL = Lane(356, 148)


def draw(sheet: Sheet, facts: Facts, *, mrp: bool, links: Links, most_rows: int, most_lines: int) -> float:
    """Draw the figure, and return where it ends; roles are its rows, so that there is nothing to fold."""
    del most_rows
    top = page.heading(sheet, facts, "What belongs to the Observation") + 6
    head = sheet.text(page.MARGIN + PAD, top + PAD, _LEFT - 2 * PAD, Line("Observation", bold=True))
    y = _associated(sheet, facts, head.bottom + 3, links, most_lines)
    y = blocks.linked(sheet, facts, page.MARGIN + PAD, y + 5, _LEFT - 2 * PAD, links) + PAD
    sheet.frames.insert(0, Frame(page.MARGIN, top, _LEFT, y - top, Kind.OTHER))
    y = blocks.neither(sheet, facts, page.MARGIN, y + 8, _LEFT)
    below = panel.draw(sheet, facts, _PANEL.x, top, _PANEL.width, tall=max(y, 260.0) - top, mrp=mrp, links=links)
    return page.notes(sheet, facts, max(y, below) + 6) + page.MARGIN


def _associated(sheet: Sheet, facts: Facts, y: float, links: Links, most_lines: int) -> float:
    """Draw the frame of associated products, and return where it ends."""
    x = page.MARGIN + PAD
    head = sheet.text(x + PAD, y + PAD, _LEFT - 4 * PAD, Line("associated", bold=True))
    association, bottom = _above(sheet, facts, head.bottom + 3, links)
    found = whole_roles(facts.exposures())
    ordered = sorted(found, key=lambda group: not combined(group, facts))
    drawn = []
    at = bottom + 8
    for group in ordered:
        row = _row(sheet, facts, group, at, links, most_lines)
        drawn.append(row)
        at = row.bottom + 5
    if not facts.is_exposure:
        _lead(sheet, facts, drawn, association)
    bottom = max((row.bottom for row in drawn), default=bottom)
    bottom = blocks.others(sheet, facts, _X, bottom + 5, 200, links)
    bottom += PAD + 1
    sheet.frames.append(Frame(x, y, _LEFT - 2 * PAD, bottom - y, Kind.SCIENCE))
    return bottom


def _above(sheet: Sheet, facts: Facts, y: float, links: Links) -> tuple[Box, float]:
    """Draw Level 3 on the left and the association that makes it on the right."""
    own = blocks.own(facts, _X, 108, links, most=4)
    crf = blocks.of_exposures(facts, _X + 120, 66, links)
    association = blocks.association(facts, LANES[2].x + 14, 112, links)
    heads = [(own, "Level 3"), (association, "association")] + ([(crf, "level 2c")] if crf is not None else [])
    top = max(sheet.text(box.x, y, box.width, Line(name, size=SMALLEST_TEXT, faint=True)).bottom for box, name in heads)
    height = max(box.height for box, _ in heads)
    own, association = (sheet.box(replace(box, y=top + 1, height=height)) for box in (own, association))
    unknown = not facts.made_by
    start = association.x
    if crf is not None:
        crf = sheet.box(replace(crf, y=top + 1, height=height))
        sheet.edge((start, crf.middle), (crf.right + 4, crf.middle), arrow=True, dashed=unknown)
        # Around the box between them.
        over = top + height + 6
        points = ((start - 6, crf.middle), (start - 6, over), (own.x + 54, over), (own.x + 54, own.bottom))
        sheet.edge(*points, arrow=True, dashed=unknown)
        return association, over
    if not facts.is_exposure:
        sheet.edge((start, own.middle), (own.right, own.middle), arrow=True, dashed=unknown or own.missing)
    return association, top + 1 + height


def _row(sheet: Sheet, facts: Facts, group: Group, y: float, links: Links, most_lines: int) -> Row:
    role = group.role.replace("_", " ") if group.role else "role not known"
    number = count(len(group.exposures), "exposure")
    # In a row of one exposure the label is its name.
    label = f"{role} · {number}" + (f" · {group.label}" if not number.startswith(group.label) else "")
    return rows.draw(sheet, group, y, LANES, most=max(2, most_lines), listed=facts.listed, links=links, label=label)


def _lead(sheet: Sheet, facts: Facts, drawn: list[Row], association: Box) -> None:
    """Lead science by a solid line, and what is applied by a dashed one, up into the association."""
    unknown = not facts.made_by
    for x, applied in ((_BUS, False), (_APPLIED, True)):
        found = [row for row in drawn if combined(row.group, facts) is not applied and (row.group.role or not applied)]
        for row in found:
            sheet.edge((row.x, row.y), (x, row.y), dashed=applied or unknown or row.missing)
        if found:
            ends = ((x, max(row.y for row in found)), (x, association.bottom))
            sheet.edges.append(Edge(ends, arrow=True, dashed=applied or unknown))
