"""Draw a drawing with matplotlib, as PNG or PDF; the extra `figure`.

The same drawing gives the same bytes: no dates, no random names, and none of the user's settings of matplotlib.
"""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

from jwgraph.errors import UsageError
from jwgraph.figure.colours import EDGE, FAINT, INK, LIGHT, PAPER, PLAIN_LIGHT
from jwgraph.figure.geometry import cards, tip
from jwgraph.figure.metrics import FAMILY
from jwgraph.figure.shapes import Box, Drawing, Edge, Frame, Kind

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_POINTS_PER_INCH = 72
_DPI = 300
_DASHES = (0, (3, 2))
# Empty entries are left out: dates, and the version of matplotlib.
_METADATA: dict[str, dict[str, Any]] = {
    "png": {"Software": None},
    "pdf": {"CreationDate": None, "Creator": "jwgraph", "Producer": None},
}


def render(drawing: Drawing, form: str) -> bytes:
    """Return a drawing as `png` or `pdf`.

    Raises
    ------
    UsageError
        matplotlib is not installed.
    """
    try:
        import matplotlib
        from matplotlib.figure import Figure
    except ImportError:
        raise UsageError("PNG and PDF need matplotlib: `pip install 'jwgraph[figure]'`; SVG needs nothing.") from None
    target = BytesIO()
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        # Fonts within the PDF whose text can be selected.
        matplotlib.rcParams.update({"pdf.fonttype": 42, "font.family": [FAMILY]})
        size = (drawing.width / _POINTS_PER_INCH, drawing.height / _POINTS_PER_INCH)
        figure = Figure(figsize=size, dpi=_DPI, facecolor=PLAIN_LIGHT[PAPER])
        _draw(figure, drawing)
        figure.savefig(target, format=form, dpi=_DPI, metadata=_METADATA[form])
    return target.getvalue()


def _draw(figure: Figure, drawing: Drawing) -> None:
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    axes.set_xlim(0, drawing.width)
    axes.set_ylim(drawing.height, 0)
    order = 0
    for frame in drawing.frames:
        order += 1
        _rect(axes, frame, order, alpha=0.45)
    for edge in drawing.edges:
        order += 1
        _edge(axes, edge, order)
    for box in drawing.boxes:
        order += 1
        if box.kind is not Kind.PLAIN:
            for card in cards(box):
                _rect(axes, card, order)
            _rect(axes, box, order, dashed=box.missing)
        for x, y, line in box.placed():
            axes.text(
                x,
                y,
                line.text,
                fontsize=line.size,
                fontweight="bold" if line.bold else "normal",
                color=PLAIN_LIGHT[FAINT if line.faint else INK],
                va="baseline",
                parse_math=False,
                zorder=order + 0.5,
            )


def _rect(axes: Axes, at: Box | Frame, order: int, *, dashed: bool = False, alpha: float = 1.0) -> None:
    from matplotlib.colors import to_rgba
    from matplotlib.patches import FancyBboxPatch

    fill, border = LIGHT[at.kind]
    axes.add_patch(
        FancyBboxPatch(
            (at.x, at.y),
            at.width,
            at.height,
            boxstyle="round,pad=0,rounding_size=2",
            facecolor=to_rgba(fill, alpha),
            edgecolor=border,
            linewidth=0.7,
            linestyle=_DASHES if dashed else "solid",
            zorder=order,
        )
    )


def _edge(axes: Axes, edge: Edge, order: int) -> None:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Polygon

    colour = PLAIN_LIGHT[EDGE]
    across, down = zip(*edge.points, strict=True)
    line = Line2D(across, down, color=colour, linewidth=0.8, zorder=order)
    if edge.dashed:
        line.set_linestyle(_DASHES)
    axes.add_line(line)
    if edge.arrow:
        axes.add_patch(Polygon(tip(edge), facecolor=colour, edgecolor="none", zorder=order))
