"""The boxes that both figures have: what Stage 3 made, associations, linked products, and the two that are neither."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from jwgraph.answers.products import ProductRow
from jwgraph.figure.cells import Links, in_order, listed, suffix_of, title
from jwgraph.figure.facts import Facts, Place, Tally
from jwgraph.figure.metrics import fit, wrapped
from jwgraph.figure.shapes import PAD, SMALLEST_TEXT, Box, Frame, Kind, Line, Sheet, height_of
from jwgraph.model.vocabulary import Relation
from jwgraph.names.grammar import parse
from jwgraph.present.cells import MARK, count

GAP = 8.0
_MOST_SENTENCE_LINES = 5

_LINKED: dict[str, str] = {
    Relation.PREVIEW: "previews",
    Relation.GUIDE_STAR: "guide star",
    Relation.MSA: "MSA metadata",
    Relation.PRE_IMAGE: "pre-images",
    Relation.CONFIRMATION_IMAGE: "confirmation images",
    Relation.FINDING_CHART: "finding charts",
}


def own(facts: Facts, x: float, room: float, links: Links, *, most: int) -> Box:
    """Return the box of what Stage 3 made, or why there is nothing."""
    every = facts.at(Place.OWN)
    rows = [row for row in every if facts.there(row)]
    inner = room - 2 * PAD
    if not every and facts.in_level3:
        return _elsewhere(facts, x, room, links)
    if not rows:
        lines = _absent(facts, inner)
        return Box(x, 0, room, height_of(lines), Kind.SCIENCE, lines, len(every), missing=True, title=_why(facts))
    marked = in_order(suffix_of(row) for row in rows if row.mrp)
    others = in_order({suffix_of(row) for row in rows} - set(marked))
    texts = listed(marked, inner, most, first=f"{MARK} ") if marked else []
    texts += listed(others, inner, most) if others else []
    lines = (*map(Line, texts), _number(facts, every, inner))
    names = _names(facts, every)
    href = links.product(rows[0]) if len(every) == 1 else links.observation(facts.obs_id)
    about = title(f"Level 3, its own products: {facts.obs_id}", names)
    missing = len(rows) < len(every)
    return Box(x, 0, room, height_of(lines), Kind.SCIENCE, lines, len(every), missing, title=about, href=href)


def _number(facts: Facts, rows: Sequence[ProductRow], room: float, noun: str = "file") -> Line:
    """Return the line with the number of files, and of how many if some are not there."""
    there = sum(map(facts.there, rows))
    of = f" of {len(rows):,}" if there < len(rows) else ""
    text = f"{there:,}{of} {noun}{'' if len(rows) == 1 else 's'}"
    return Line(fit(text, room, SMALLEST_TEXT, bold=bool(of)), size=SMALLEST_TEXT, faint=not of, bold=bool(of))


def _names(facts: Facts, rows: Sequence[ProductRow]) -> list[str]:
    """Return the names of files, those that are not there first."""
    ordered = sorted(rows, key=facts.there)
    return [row.productFilename if facts.there(row) else f"not there: {row.productFilename}" for row in ordered]


def _lacking(facts: Facts, rows: Sequence[ProductRow]) -> bool:
    return not all(map(facts.there, rows))


def _elsewhere(facts: Facts, x: float, room: float, links: Links) -> Box:
    """Return the box of the Level 3 Observations that an exposure is part of."""
    first, *more = facts.in_level3
    texts = ["part of", *wrapped(first, room - 2 * PAD, SMALLEST_TEXT)][:_MOST_SENTENCE_LINES]
    texts += [f"and {len(more):,} more"] if more else []
    lines = tuple(Line(text, size=SMALLEST_TEXT) for text in texts)
    about = title("Level 3 Observations that it is part of", facts.in_level3)
    return Box(x, 0, room, height_of(lines), Kind.SCIENCE, lines, title=about, href=links.observation(first))


def _absent(facts: Facts, room: float) -> tuple[Line, ...]:
    """Return the lines of a box for Level 3 products that are not there."""
    expected = facts.feeds or [row for row in facts.made_by if row.state == "expected"]
    if facts.promises is None:
        texts = ["not known: no association is loaded"]
    elif not expected:
        texts = ["none"] if facts.is_exposure else ["none there"]
    else:
        reason = f": {expected[0].reason}" if expected[0].reason else ""
        more = f" (and {len(expected) - 1:,} more)" if len(expected) > 1 else ""
        texts = [f"expected, not there{more}{reason}"]
    lines = [line for text in texts for line in wrapped(text, room, SMALLEST_TEXT)]
    return tuple(Line(line, size=SMALLEST_TEXT) for line in lines[:_MOST_SENTENCE_LINES])


def _why(facts: Facts) -> str:
    expected = facts.feeds or facts.made_by
    return title("Level 3 products that are not there", [f"{row.product}: {row.reason}" for row in expected])


def of_exposures(facts: Facts, x: float, room: float, links: Links) -> Box | None:
    """Return the box of what Stage 3 made of each exposure; None if there is nothing."""
    rows = facts.at(Place.STAGE3)
    if not rows:
        return None
    texts = listed(in_order(map(suffix_of, rows)), room - 2 * PAD, 2)
    lines = (
        *map(Line, texts),
        Line("level 2c", size=SMALLEST_TEXT, faint=True),
        _number(facts, rows, room - 2 * PAD),
    )
    about = title("Level 2c: what Stage 3 makes of each exposure", _names(facts, rows))
    href = links.product(rows[0]) if len(rows) == 1 else ""
    several, gone = len(rows) > 1, _lacking(facts, rows)
    return Box(x, 0, room, height_of(lines), Kind.SCIENCE, lines, len(rows), gone, several, about, href)


def association(facts: Facts, x: float, room: float, links: Links) -> Box:
    """Return the box of the associations: how many members, and the association and pool files of the tree."""
    rows = facts.at(Place.ASSOCIATION)
    inner = room - 2 * PAD
    lines: list[Line] = []
    for promise in facts.made_by[:2]:
        kind = parse(promise.association).asn_type or "association"
        members = sum(member.association == promise.association for member in facts.members or ())
        gone = len(promise.members_missing)
        lines.append(Line(fit(kind, inner, 6.5, bold=True), bold=True))
        number = f"{members - gone:,} of {members:,} members" if gone else count(members, "member")
        lines += [Line(line, bold=bool(gone)) for line in wrapped(number, inner, 6.5, bold=bool(gone))]
    unknown = facts.promises is None or (facts.members is None and not facts.is_exposure)
    if not lines:
        text = "content not loaded" if unknown else "none of Level 3 loaded"
        text = "none of Level 3" if facts.is_exposure and not unknown else text
        lines = [Line(line) for line in wrapped(text, inner, 6.5)]
    pools = [row for row in rows if parse(row.productFilename).form == "pool"]
    files = [row for row in rows if row not in pools]
    lines += [_number(facts, each, inner, noun) for each, noun in ((files, "asn file"), (pools, "pool file")) if each]
    missing = not facts.made_by or any(row.members_missing for row in facts.made_by) or _lacking(facts, rows)
    names = _names(facts, rows)
    heading = "Associations and pools"
    gone_names = [f"not there: {name}" for row in facts.made_by for name in row.members_missing]
    return Box(
        x,
        0,
        room,
        height_of(tuple(lines)),
        Kind.ASSOCIATION,
        tuple(lines),
        len(rows),
        missing=missing,
        title=title(heading, [*gone_names, *names]),
        href=links.product(rows[0]) if len(rows) == 1 else "",
    )


def linked(sheet: Sheet, facts: Facts, x: float, y: float, room: float, links: Links) -> float:
    """Draw the linked products in their frame, and return where it ends; nothing is drawn if there are none."""
    kinds: dict[str, list[ProductRow]] = {}
    for row in facts.at(Place.LINKED):
        kinds.setdefault(_LINKED.get(row.relation, row.relation), []).append(row)
    if not kinds:
        return y
    head = sheet.text(x + PAD, y + PAD, room - 2 * PAD, Line("linked, not associated", bold=True))
    boxes = _grid(sheet, facts, _of_kinds(facts, kinds, links), x + PAD, head.bottom + 2, room - 2 * PAD, columns=4)
    bottom = max(box.bottom + (4 if box.stacked else 0) for box in boxes) + PAD
    sheet.frames.append(Frame(x, y, room, bottom - y, Kind.LINKED))
    return bottom


def _of_kinds(
    facts: Facts, kinds: dict[str, list[ProductRow]], links: Links
) -> list[tuple[str, Sequence[ProductRow], Box]]:
    return [
        (
            name,
            rows,
            Box(
                0,
                0,
                0,
                0,
                Kind.LINKED,
                files=len(rows),
                missing=_lacking(facts, rows),
                stacked=len(rows) > 1,
                title=title(name, _names(facts, rows)),
                href=links.product(rows[0]) if len(rows) == 1 else "",
            ),
        )
        for name, rows in kinds.items()
    ]


def _grid(
    sheet: Sheet,
    facts: Facts,
    found: Sequence[tuple[str, Sequence[ProductRow], Box]],
    x: float,
    y: float,
    room: float,
    *,
    columns: int,
) -> list[Box]:
    columns = min(columns, max(3, len(found)))
    width = (room - GAP * columns) / columns
    boxes = []
    for number, (name, rows, box) in enumerate(found):
        lines = (
            Line(fit(name, width - 2 * PAD, 6.5)),
            _number(facts, rows, width - 2 * PAD),
        )
        height = height_of(lines)
        down, across = divmod(number, columns)
        place = (x + across * (width + GAP), y + down * (height + GAP))
        made = replace(box, x=place[0], y=place[1], width=width, height=height, lines=lines)
        boxes.append(sheet.box(made))
    return boxes


def neither(sheet: Sheet, facts: Facts, x: float, y: float, room: float) -> float:
    """Draw the two boxes of what is neither linked nor associated, and return where they end."""
    head = sheet.text(x, y, room, Line("neither linked nor associated", bold=True))
    width = (room - GAP) / 2
    tops = [
        (Kind.REFERENCE, "calibration reference files (CRDS)", facts.references, "file"),
        (Kind.ENGINEERING, "engineering data of the same time", facts.engineering, "mnemonic"),
    ]
    texts = [_tally(name, tally, noun, width - 2 * PAD) for _, name, tally, noun in tops]
    height = max(map(height_of, texts))
    for number, (kind, name, tally, _) in enumerate(tops):
        place = x + number * (width + GAP)
        about = title(name, [tally.about] if tally.about else [])
        missing = tally.number is None
        sheet.box(Box(place, head.bottom + 2, width, height, kind, texts[number], missing=missing, title=about))
    return head.bottom + 2 + height


def _tally(name: str, tally: Tally, noun: str, room: float) -> tuple[Line, ...]:
    lines = [Line(line) for line in wrapped(name, room, 6.5)]
    if tally.number is None:
        said = "not loaded"
    else:
        said = f"{'at least ' if tally.least else ''}{count(tally.number, noun)}"
        said += f", {tally.about}" if tally.about else ""
    return (*lines, Line(fit(said, room, SMALLEST_TEXT), size=SMALLEST_TEXT, faint=True))


def others(sheet: Sheet, facts: Facts, x: float, y: float, room: float, links: Links) -> float:
    """Draw the box of files that fit no other, and return where it ends; nothing is drawn if there are none."""
    rows = facts.at(Place.OTHER)
    if not rows:
        return y
    lines = (Line("other files of the exposures"), _number(facts, rows, room - 2 * PAD))
    about = title("Files without a processing level", _names(facts, rows))
    href = links.product(rows[0]) if len(rows) == 1 else ""
    gone = _lacking(facts, rows)
    box = sheet.box(Box(x, y, room, height_of(lines), Kind.OTHER, lines, len(rows), gone, title=about, href=href))
    return box.bottom
