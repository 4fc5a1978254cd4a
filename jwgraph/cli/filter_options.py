"""The options of filters, the same for every command that shows products."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from jwgraph.filters import Filter

_PANEL = "Filters"

Types = Annotated[
    list[str] | None, typer.Option("--type", help="SCIENCE, PREVIEW, INFO or AUXILIARY.", rich_help_panel=_PANEL)
]
Levels = Annotated[list[int] | None, typer.Option("--level", help="calib_level: 1, 2 or 3.", rich_help_panel=_PANEL)]
Suffixes = Annotated[list[str] | None, typer.Option("--suffix", help="Such as i2d or cal.", rich_help_panel=_PANEL)]
Extensions = Annotated[
    list[str] | None, typer.Option("--extension", help="Such as fits or jpg.", rich_help_panel=_PANEL)
]
Detectors = Annotated[list[str] | None, typer.Option("--detector", help="Such as nrca1.", rich_help_panel=_PANEL)]
Smallest = Annotated[str | None, typer.Option("--min-size", help="Bytes, or 500k, 20M, 1.5G.", rich_help_panel=_PANEL)]
Largest = Annotated[str | None, typer.Option("--max-size", help="Bytes, or 500k, 20M, 1.5G.", rich_help_panel=_PANEL)]
GuideStar = Annotated[
    bool | None,
    typer.Option("--guide-star/--no-guide-star", help="Guide-star files only, or none.", rich_help_panel=_PANEL),
]
Previews = Annotated[
    bool | None, typer.Option("--previews/--no-previews", help="Previews only, or none.", rich_help_panel=_PANEL)
]


def chosen(
    types: list[str] | None,
    levels: list[int] | None,
    suffixes: list[str] | None,
    extensions: list[str] | None,
    detectors: list[str] | None,
    smallest: str | None,
    largest: str | None,
    guide_star: bool | None,
    previews: bool | None,
) -> Filter:
    """Return the filter that the options make, in their order.

    Raises
    ------
    UsageError
        A size is none.
    """
    from jwgraph.filters import Filter, size_of

    return Filter(
        types=tuple(types or ()),
        levels=tuple(levels or ()),
        suffixes=tuple(suffixes or ()),
        extensions=tuple(extensions or ()),
        detectors=tuple(detectors or ()),
        smallest=size_of(smallest),
        largest=size_of(largest),
        guide_star=guide_star,
        previews=previews,
    )
