"""Figure 2: exposures in parallel through Stages 1 and 2, combined by Stage 3, beside the tree."""

from __future__ import annotations

from jwgraph.figure import blocks, page, panel, rows
from jwgraph.figure.cells import Links
from jwgraph.figure.facts import Facts
from jwgraph.figure.fold import Group, groups
from jwgraph.figure.rows import Lane, Row
from jwgraph.figure.shapes import SMALLEST_TEXT, Box, Line, Sheet
from jwgraph.model.vocabulary import Exptype

LANES = (Lane(6, 48), Lane(64, 58), Lane(132, 66))
_COLLECTOR = 208.0
_ASSOCIATION = Lane(218, 62)
_STAGE3 = Lane(294, 58)
_PANEL = Lane(362, 142)
_LEFT = _STAGE3.right - page.MARGIN
_APPLIED = _ASSOCIATION.right - 6


def draw(sheet: Sheet, facts: Facts, *, mrp: bool, links: Links, most_rows: int, most_lines: int) -> float:
    """Draw the figure, and return where it ends."""
    top = page.heading(sheet, facts, "Exposures through the pipeline") + 6
    y = _heads(sheet, top) + 3
    y = _rows(sheet, facts, y, links, most_rows, most_lines)
    y = blocks.linked(sheet, facts, page.MARGIN, y + 9, _LEFT, links)
    y = blocks.others(sheet, facts, page.MARGIN, y + 5, _LEFT, links)
    y = blocks.neither(sheet, facts, page.MARGIN, y + 5, _LEFT)
    below = panel.draw(sheet, facts, _PANEL.x, top, _PANEL.width, tall=max(y, 300.0) - top, mrp=mrp, links=links)
    return page.notes(sheet, facts, max(y, below) + 6) + page.MARGIN


def _heads(sheet: Sheet, y: float) -> float:
    """Name the lanes."""
    heads = [(lane, str(place), rows.LEVELS[place]) for lane, place in zip(LANES, rows.WAY, strict=True)]
    heads += [(_ASSOCIATION, "association", "members and roles"), (_STAGE3, "Stage 3", "level 3")]
    return max(
        sheet.text(lane.x, y, lane.width, Line(name, bold=True), Line(level, size=SMALLEST_TEXT, faint=True)).bottom
        for lane, name, level in heads
    )


def combined(group: Group, facts: Facts) -> bool:
    """Return whether exposures are what Stage 3 combines; where no role is known, they are shown as such."""
    if not group.role:
        return not facts.members
    return group.role == Exptype.SCIENCE


def _rows(sheet: Sheet, facts: Facts, y: float, links: Links, most_rows: int, most_lines: int) -> float:
    found = groups(facts.exposures(), most_rows)
    # What is applied stands in a band of its own, below.
    above = [group for group in found if combined(group, facts)]
    below = [group for group in found if not combined(group, facts)]

    def drawn(each: list[Group], at: float) -> list[Row]:
        made = []
        for group in each:
            row = rows.draw(
                sheet, group, at, LANES, most=most_lines, listed=facts.listed, links=links, label=_label(group, facts)
            )
            made.append(row)
            at = row.bottom + 5
        return made

    science = drawn(above, y)
    bottom = max((row.bottom for row in science), default=y)
    association, bottom = _right(sheet, facts, y, bottom, science, links)
    applied = drawn(below, bottom + 8)
    for row in applied:
        _apply(sheet, row)
    with_role = [row for row in applied if row.group.role]
    if with_role:
        # An arrow above all cards and rows, from the lowest of them.
        sheet.edge((_APPLIED, with_role[-1].y), (_APPLIED, association.bottom), arrow=True, dashed=True)
    return max((row.bottom for row in applied), default=bottom)


def _label(group: Group, facts: Facts) -> str:
    """Return the label of a row; the role of exposures that are applied stands at their edge."""
    return group.label if group.role or facts.members is None else f"no role known · {group.label}"


def _apply(sheet: Sheet, row: Row) -> None:
    """Lead a row of exposures that are applied to the line into the association, with the name of their role."""
    if not row.group.role:
        return
    sheet.edge((row.x, row.y), (_APPLIED, row.y), dashed=True)
    by_stage2 = all(exposure.member is False for exposure in row.group.exposures)
    said = row.group.role.replace("_", " ") + (", Stage 2" if by_stage2 else "")
    sheet.text(_COLLECTOR, row.y - 9, _APPLIED - _COLLECTOR - 2, Line(said, size=SMALLEST_TEXT))


def _right(
    sheet: Sheet, facts: Facts, top: float, bottom: float, science: list[Row], links: Links
) -> tuple[Box, float]:
    """Draw association and Stage 3 beside the rows, in their middle, and return the association and where they end."""
    association = blocks.association(facts, _ASSOCIATION.x, _ASSOCIATION.width, links)
    own = blocks.own(facts, _STAGE3.x, _STAGE3.width, links, most=4)
    crf = blocks.of_exposures(facts, _STAGE3.x, _STAGE3.width, links)
    middle = top + max(bottom - top, association.height, own.height) / 2
    association = sheet.box(_moved(association, middle - association.height / 2))
    own = sheet.box(_moved(own, middle - own.height / 2))
    unknown = facts.promises is None or not facts.made_by
    if not facts.is_exposure:
        _collect(sheet, science, middle, association.x, dashed=unknown)
    made = not facts.is_exposure
    if made:
        sheet.edge((association.right, middle), (own.x, middle), arrow=True, dashed=unknown or own.missing)
    ends = [bottom, association.bottom, own.bottom]
    if crf is not None:
        crf = sheet.box(_moved(crf, own.bottom + 8))
        turn = association.right + 6
        sheet.edge((turn, middle), (turn, crf.middle), (crf.x, crf.middle), arrow=True, dashed=unknown)
        ends.append(crf.bottom + 4)
    return association, max(ends)


def _moved(box: Box, y: float) -> Box:
    return Box(
        box.x, y, box.width, box.height, box.kind, box.lines, box.files, box.missing, box.stacked, box.title, box.href
    )


def _collect(sheet: Sheet, science: list[Row], middle: float, x: float, *, dashed: bool) -> None:
    """Lead all rows into one bar, and the bar into the association."""
    if not science:
        return
    for row in science:
        sheet.edge((row.x, row.y), (_COLLECTOR, row.y), dashed=dashed or row.missing)
    first, last = science[0].y, science[-1].y
    # A single row leads straight on.
    entry = first if abs(first - middle) < 8 and len(science) == 1 else middle
    ends = (min(first, entry), max(last, entry))
    sheet.edge((_COLLECTOR, ends[0]), (_COLLECTOR, ends[1]), dashed=dashed)
    sheet.edge((_COLLECTOR, entry), (x, entry), arrow=True, dashed=dashed)
