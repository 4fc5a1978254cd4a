"""The right side of a figure: the tree as the Download Manager shows it, with its box ticked or not."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from os.path import commonprefix

from jwgraph.answers.products import ProductRow
from jwgraph.figure.cells import Links
from jwgraph.figure.facts import Facts
from jwgraph.figure.metrics import fit, wrapped
from jwgraph.figure.shapes import PAD, SMALLEST_TEXT, Box, Edge, Frame, Kind, Line, Sheet, height_of
from jwgraph.present.cells import MARK, count
from jwgraph.present.escape import visible
from jwgraph.present.fold import Branch, branches
from jwgraph.present.tree import EXPECTED, group, short_name

_INDENT = 6.0
_TICK = 6.0
_PROGRAM = re.compile(r"^jw\d{5}-(?=[oca]\d+_…)", re.ASCII)
_STAMP = re.compile(r"_\d{8}(?:t\d{6}|\d{5})_", re.ASCII)


def draw(sheet: Sheet, facts: Facts, x: float, y: float, room: float, *, tall: float, mrp: bool, links: Links) -> float:
    """Draw the tree in at most the height given, and return where it ends."""
    top = _heading(sheet, x + PAD, y + PAD, room - 2 * PAD, ticked=mrp)
    inner = room - 2 * PAD
    lines = _lines(facts, inner, mrp=mrp, links=links)
    shown = _cut(lines, tall - (top + 3 - y) - PAD, inner)
    height = height_of(tuple(shown), plain=True)
    sheet.box(Box(x + PAD, top + 3, inner, height, Kind.PLAIN, tuple(shown)))
    bottom = top + 3 + height + PAD
    sheet.frames.append(Frame(x, y, room, bottom - y, Kind.OTHER))
    return bottom


def _heading(sheet: Sheet, x: float, y: float, room: float, *, ticked: bool) -> float:
    """Draw the Download Manager's box, ticked or not, and return where its label ends."""
    head = sheet.text(x, y, room, Line("Download Manager, file tree", bold=True))
    label = sheet.text(x + _TICK + 4, head.bottom + 3, room - _TICK - 4, Line("Minimum Recommended Products"))
    corner = label.middle - _TICK / 2
    sheet.frames.append(Frame(x, corner, _TICK, _TICK, Kind.OTHER))
    if ticked:
        tick = ((x + 1.2, corner + 3.2), (x + 2.6, corner + 4.8), (x + 5, corner + 1.2))
        sheet.edges.append(Edge(tick))
    return label.bottom


def _lines(facts: Facts, room: float, *, mrp: bool, links: Links) -> list[Line]:
    rows = [row for row in facts.rows if row.mrp or not mrp]
    tree = group(facts.obs_id, rows)
    found = [Line(text, bold=True) for text in wrapped(facts.obs_id, room, 6.5, bold=True)]
    found.append(
        _said(f"{count(len(rows), 'product')}, {tree.recommended:,} recommended ({MARK})", room, 0, faint=True)
    )
    if tree.own:
        found.append(_said(tree.own_title, room, _INDENT))
        found += _files(branches({facts.obs_id: tree.own}, folded=False), room, links)
    for level in tree.included:
        found.append(_said(level.title.replace("exposures at level", "level"), room, _INDENT))
        for branch in branches(level.observations, folded=True):
            found.append(_said(_title(branch), room, 2 * _INDENT, faint=True))
            found += _files([branch], room, links, deeper=_INDENT)
    if tree.linked:
        found.append(_said(tree.linked_title, room, _INDENT))
        found += [_file(row, row.productFilename, room, 2 * _INDENT, links) for row in tree.linked]
    return found


def _said(text: str, room: float, indent: float, *, faint: bool = False) -> Line:
    return Line(fit(visible(text), room - indent, SMALLEST_TEXT), SMALLEST_TEXT, indent=indent, faint=faint)


def _files(found: Iterable[Branch], room: float, links: Links, deeper: float = 0.0) -> Iterator[Line]:
    for branch in found:
        for files in branch.files:
            several = len(files.rows) > 1
            name = files.name if several else short_name(files.rows[0].productFilename, files.rows[0].obs_id)
            yield _file(files.rows[0], name, room, 2 * _INDENT + deeper, links, linked=not several)


def _file(row: ProductRow, name: str, room: float, indent: float, links: Links, *, linked: bool = True) -> Line:
    mark = f"{MARK} " if row.mrp else ""
    # Time stamps, and the program of an association, are what a line can do without.
    shown = _PROGRAM.sub("…", _STAMP.sub("_…_", visible(name)))
    absent = "" if row.archived else f" ({EXPECTED})"
    text = fit(f"{mark}{shown}{absent}", room - indent, SMALLEST_TEXT)
    return Line(text, SMALLEST_TEXT, indent=indent, href=links.product(row) if linked else "")


def _title(branch: Branch) -> str:
    """Return the Observation of a branch, or what the names of several have in common, and how many they are."""
    if len(branch.observations) == 1:
        return branch.title
    start = commonprefix(branch.observations)  # noqa: RUF071 -- characters are compared, as wanted
    return f"{start}… × {len(branch.observations):,}"


def _cut(lines: Sequence[Line], tall: float, room: float) -> list[Line]:
    """Return the lines that fit; what heads the others stays, and files that are left out are counted."""
    most = max(4, int(tall / lines[-1].height)) if lines else 0
    if len(lines) <= most:
        return list(lines)
    # Files are the deepest: titles, which have the counts, come first.
    titles = [number for number, line in enumerate(lines) if line.indent < 2 * _INDENT]
    kept = set(titles[: most - 1])
    for number in range(len(lines)):
        if len(kept) >= most - 1:
            break
        kept.add(number)
    more = f"{len(lines) - len(kept):,} more lines: jwgraph tree"
    return [*(lines[number] for number in sorted(kept)), _said(more, room, _INDENT, faint=True)]
