"""Write a drawing as SVG: text that can be selected, links, and what is shown where the pointer rests."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from jwgraph.figure.colours import CSS, EDGE, FAINT, INK, LIGHT, PAPER, PLAIN_LIGHT
from jwgraph.figure.geometry import cards, number, tip
from jwgraph.figure.metrics import FAMILY
from jwgraph.figure.shapes import Box, Drawing, Edge, Frame, Kind, Line
from jwgraph.present.escape import visible

# What is as wide as the font of the table, or narrower.
_FAMILIES = f"'{FAMILY}', Verdana, Arial, Helvetica, sans-serif"
_MM = 180 / 510


def render(drawing: Drawing, *, style: bool = True) -> str:
    """Return an SVG document.

    Parameters
    ----------
    style
        Have the colours of `jwgraph.figure.CSS` within it, dark ones too; without them, a page serves them itself.
    """
    return "".join(_document(drawing, style=style))


def _document(drawing: Drawing, *, style: bool) -> Iterator[str]:
    width, height = number(drawing.width), number(drawing.height)
    # Two figures can stand in one page, so nothing has an id.
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="jwgraph-figure" role="group" '
        f'aria-label="{_text(drawing.title)}" '
        f'width="{number(drawing.width * _MM)}mm" height="{number(drawing.height * _MM)}mm" '
        f'viewBox="0 0 {width} {height}" font-family="{_FAMILIES}">\n<title>{_text(drawing.title)}</title>\n'
    )
    if style:
        yield f"<style>\n{CSS}</style>\n"
    yield f'<rect class="{PAPER}" width="{width}" height="{height}" fill="{PLAIN_LIGHT[PAPER]}"/>\n'
    for frame in drawing.frames:
        yield _rect(frame, frame.kind, faint=True)
    for edge in drawing.edges:
        yield from _edge(edge)
    for box in drawing.boxes:
        yield from _box(box)
    yield "</svg>\n"


def _rect(at: Box | Frame, kind: Kind, *, dashed: bool = False, faint: bool = False) -> str:
    fill, border = LIGHT[kind]
    dash = ' stroke-dasharray="3 2"' if dashed else ""
    pale = ' fill-opacity="0.45"' if faint else ""
    return (
        f'<rect class="{kind}" x="{number(at.x)}" y="{number(at.y)}" width="{number(at.width)}" '
        f'height="{number(at.height)}" rx="2" fill="{fill}" stroke="{border}" stroke-width="0.7"{dash}{pale}/>\n'
    )


def _edge(edge: Edge) -> Iterator[str]:
    colour = PLAIN_LIGHT[EDGE]
    points = " ".join(f"{number(x)},{number(y)}" for x, y in edge.points)
    dash = ' stroke-dasharray="3 2"' if edge.dashed else ""
    yield f'<polyline class="{EDGE}" points="{points}" fill="none" stroke="{colour}" stroke-width="0.8"{dash}/>\n'
    if edge.arrow:
        corners = " ".join(f"{number(x)},{number(y)}" for x, y in tip(edge))
        yield f'<polygon class="tip" points="{corners}" fill="{colour}"/>\n'


def _box(box: Box) -> Iterator[str]:
    drawn = "" if box.kind is Kind.PLAIN else "".join(_rect(card, box.kind) for card in cards(box))
    drawn += "" if box.kind is Kind.PLAIN else _rect(box, box.kind, dashed=box.missing)
    # Links cannot stand within each other: those of lines are left out in a box that has its own.
    texts = "".join(_line(x, y, line, linked=not box.href) for x, y, line in box.placed())
    title = f"<title>{_text(box.title)}</title>" if box.title else ""
    inner = f"<g>{title}\n{drawn}{texts}</g>"
    yield f"{_link(inner, box.href)}\n"


def _line(x: float, y: float, line: Line, *, linked: bool) -> str:
    name = FAINT if line.faint else INK
    weight = ' font-weight="bold"' if line.bold else ""
    text = (
        f'<text class="{name}" x="{number(x)}" y="{number(y)}" font-size="{number(line.size)}"{weight} '
        f'fill="{PLAIN_LIGHT[name]}" xml:space="preserve">{_text(line.text)}</text>'
    )
    return _link(text, line.href if linked else "") + "\n"


def _link(inner: str, href: str) -> str:
    return f'<a href="{_text(href)}">{inner}</a>' if href else inner


def _text(text: str) -> str:
    """Escape what has a meaning in XML, and what XML does not have: names are untrusted."""
    shown = visible(text, keep="\n")
    return escape(shown.encode("utf-8", "backslashreplace").decode("utf-8"))
