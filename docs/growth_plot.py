"""A picture of how times grow with the number of products: panels with logarithmic axes, as SVG.

It is drawn here and not by a library, so that the same numbers give the same bytes on every machine.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape

# Nine colours that colour-blind readers can distinguish too.
COLOURS = ("#0b3d91", "#7f7f7f", "#b15928", "#e08214", "#1b9e77", "#66a61e", "#c51b7d", "#d73027", "#f4a582")
WIDTH, HEIGHT = 340, 230
LEFT, RIGHT, TOP, BOTTOM = 58, 32, 28, 34
LEGEND = 18
COLUMNS = 2

Points = Sequence[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Panel:
    """One question: its lines by the name of the peer."""

    title: str
    unit: str
    lines: Mapping[str, Points]


def draw(panels: Sequence[Panel], names: Sequence[str], across: str) -> str:
    """Return the picture.

    Parameters
    ----------
    names
        Peers, in the order of their colours.
    across
        What the horizontal axis counts.
    """
    colours = {name: COLOURS[place % len(COLOURS)] for place, name in enumerate(names)}
    rows = math.ceil(len(panels) / COLUMNS)
    legend = LEGEND * math.ceil(len(names) / 3) + 14
    width, height = WIDTH * COLUMNS, HEIGHT * rows + legend
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        'font-family="sans-serif" font-size="11" role="img">',
        f"<title>{escape(across)} and times</title>",
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
    ]
    for place, name in enumerate(names):
        x, y = 14 + place % 3 * (width // 3), 14 + place // 3 * LEGEND
        parts.append(f'<path d="M{x} {y}h22" stroke="{colours[name]}" stroke-width="2"/>')
        parts.append(f'<text x="{x + 28}" y="{y + 4}" fill="#222222">{escape(name)}</text>')
    for place, panel in enumerate(panels):
        x, y = place % COLUMNS * WIDTH, legend + place // COLUMNS * HEIGHT
        parts += [f'<g transform="translate({x} {y})">', *_panel(panel, colours, across), "</g>"]
    return "\n".join((*parts, "</svg>\n"))


def _panel(panel: Panel, colours: Mapping[str, str], across: str) -> Iterator[str]:
    points = [point for line in panel.lines.values() for point in line]
    wide, high = (_span([point[axis] for point in points]) for axis in (0, 1))
    inner, tall = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM

    def place(point: tuple[float, float]) -> tuple[float, float]:
        x, y = ((math.log10(value) - low) / (top - low) for value, (low, top) in zip(point, (wide, high), strict=True))
        return round(LEFT + x * inner, 1), round(TOP + (1 - y) * tall, 1)

    yield f'<text x="{LEFT}" y="16" font-weight="bold" fill="#222222">{escape(panel.title)}, {panel.unit}</text>'
    for power in range(high[0], high[1] + 1):
        y = place((10 ** wide[0], 10**power))[1]
        yield f'<path d="M{LEFT} {y}h{inner}" stroke="#dddddd"/>'
        yield f'<text x="{LEFT - 6}" y="{y + 4}" text-anchor="end" fill="#444444">{_power(power)}</text>'
    for power in range(wide[0], wide[1] + 1):
        x = place((10**power, 10 ** high[0]))[0]
        yield f'<path d="M{x} {TOP}v{tall}" stroke="#eeeeee"/>'
        yield f'<text x="{x}" y="{TOP + tall + 14}" text-anchor="middle" fill="#444444">{_power(power)}</text>'
    middle, below = LEFT + inner / 2, TOP + tall + 28
    yield f'<text x="{middle}" y="{below}" text-anchor="middle" fill="#444444">{escape(across)}</text>'
    for name, line in panel.lines.items():
        found = [place(point) for point in line]
        way = "L".join(f"{x} {y}" for x, y in found)
        yield f'<path d="M{way}" fill="none" stroke="{colours[name]}" stroke-width="2"/>'
        yield from (f'<circle cx="{x}" cy="{y}" r="2.6" fill="{colours[name]}"/>' for x, y in found)


def _span(values: Sequence[float]) -> tuple[int, int]:
    """Return the powers of ten between which all values are."""
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    return low, max(high, low + 1)


def _power(power: int) -> str:
    return f"{10**power:,}" if power >= 0 else f"{10.0**power:.{-power}f}"
