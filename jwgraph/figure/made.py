"""A figure that was made: shown in notebooks, and saved as SVG, PNG or PDF."""

from __future__ import annotations

import os
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from jwgraph.answers.notes import Note
from jwgraph.errors import UsageError
from jwgraph.export.write import bytes_to_file
from jwgraph.figure import markup, pictures
from jwgraph.figure.cells import Links
from jwgraph.figure.facts import gather
from jwgraph.figure.layout import choose_style, lay_out
from jwgraph.figure.shapes import Drawing, Style
from jwgraph.store.graph import Graph


class FigureForm(StrEnum):
    """How a figure is written; the extension of its file."""

    SVG = "svg"
    PNG = "png"
    PDF = "pdf"


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of an Observation.

    Attributes
    ----------
    drawing
        Its boxes, edges and texts.
    notes
        What it depends on and is not loaded.
    """

    drawing: Drawing
    notes: tuple[Note, ...] = ()

    def __repr__(self) -> str:
        return f"<figure: {self.drawing.title}>"

    def _repr_svg_(self) -> str:
        return self.svg

    @property
    def svg(self) -> str:
        """The figure as SVG."""
        return self.as_svg()

    def as_svg(self, *, css: bool = True) -> str:
        """Return the figure as SVG, with its style in it or without."""
        return markup.render(self.drawing, style=css)

    def data(self, form: FigureForm) -> bytes:
        """Return the bytes of a file.

        Raises
        ------
        UsageError
            matplotlib is not installed, and PNG and PDF need it.
        """
        return self.svg.encode() if form is FigureForm.SVG else pictures.render(self.drawing, form)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the figure to a file: `.svg`, `.png` or `.pdf`.

        Raises
        ------
        UsageError
            The extension is another, the file cannot be written, or matplotlib is not installed.
        """
        target = Path(path)
        bytes_to_file([self.data(form_of(target))], target)


def form_of(path: Path | None) -> FigureForm:
    """Return the form of a figure by the extension of its file; SVG without a file.

    Raises
    ------
    UsageError
        The extension is another.
    """
    if path is None:
        return FigureForm.SVG
    extension = path.suffix.lower().removeprefix(".")
    if extension not in set(FigureForm):
        raise UsageError(f"{path} does not say which kind of figure: give a name that ends in .svg, .png or .pdf.")
    return FigureForm(extension)


def figure(
    graph: Graph,
    obs_id: str,
    *,
    style: Style | str = Style.RELATIONS,
    mrp: bool | None = None,
    links: Links | None = None,
) -> Figure:
    """Return the figure of an Observation; see `jwgraph.figure.svg`.

    Raises
    ------
    NotFoundError
        There is no such Observation.
    UsageError
        There is no such style.
    """
    chosen = choose_style(style)
    facts = gather(graph, obs_id)
    return Figure(lay_out(facts, chosen, mrp=mrp, links=links), facts.notes)
