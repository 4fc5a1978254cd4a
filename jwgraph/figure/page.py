"""What every figure has around its drawing: the heading above, the notes below."""

from __future__ import annotations

from collections.abc import Iterable

from jwgraph.figure.facts import Facts
from jwgraph.figure.metrics import wrapped
from jwgraph.figure.shapes import SMALLEST_TEXT, WIDTH, Line, Sheet
from jwgraph.present.cells import count, total_size

MARGIN = 6.0
ROOM = WIDTH - 2 * MARGIN
_MOST_NOTES, _MOST_LINES = 4, 2


def heading(sheet: Sheet, facts: Facts, about: str) -> float:
    """Draw the name of the Observation and what the figure is, and return where they end."""
    names = wrapped(facts.obs_id, ROOM, 8, bold=True)[:2]
    products = count(len(facts.rows), "product")
    recommended = sum(row.mrp for row in facts.rows)
    exposures = count(len(facts.exposures()), "exposure")
    size = total_size(row.size for row in facts.rows)
    of_size = f" ({size})" if size else ""
    said = f"{about}: {products}{of_size}, {exposures}, {recommended:,} recommended"
    expected = sum(not facts.there(row) for row in facts.rows)
    said += f", {expected:,} not there" if expected else ""
    lines = (*(Line(name, size=8, bold=True) for name in names), Line(said, faint=True))
    return sheet.text(MARGIN, MARGIN, ROOM, *lines).bottom


def notes(sheet: Sheet, facts: Facts, y: float) -> float:
    """Name what is missing, then what the figure depends on and is not loaded, and return where that ends."""
    lines = list(_note_lines(facts))
    return sheet.text(MARGIN, y, ROOM, *lines).bottom if lines else y


def _note_lines(facts: Facts) -> Iterable[Line]:
    gone = sorted({name for row in facts.made_by for name in row.members_missing})
    if gone:
        more = f" and {count(len(gone) - 1, 'more member')}" if len(gone) > 1 else ""
        texts = wrapped(f"not there: {gone[0]}{more}", ROOM, SMALLEST_TEXT)
        yield from (Line(text, size=SMALLEST_TEXT) for text in texts[:_MOST_LINES])
    for note in facts.notes[:_MOST_NOTES]:
        texts = wrapped(f"note: {note}", ROOM, SMALLEST_TEXT)
        if len(texts) > _MOST_LINES:
            texts = [*texts[: _MOST_LINES - 1], f"{texts[_MOST_LINES - 1][:-1]}…"]
        yield from (Line(text, size=SMALLEST_TEXT, faint=True) for text in texts)
    left = len(facts.notes) - _MOST_NOTES
    if left > 0:
        yield Line(f"{count(left, 'more note')}: jwgraph figure prints them", size=SMALLEST_TEXT, faint=True)
