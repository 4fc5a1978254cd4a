"""Write a plain list of files with their addresses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from jwgraph.export.places import Place


def manifest(places: Iterable[Place]) -> Iterator[str]:
    """Return a list of files, one a line, with tabs between name, size, dataURI and URL; a head names them."""
    yield "productFilename\tsize\tdataURI\turl\n"
    for place in places:
        size = "" if place.size is None else str(place.size)
        yield f"{place.name}\t{size}\t{_one_field(place.uri)}\t{place.url}\n"


def _one_field(text: str) -> str:
    return text if text.isprintable() else text.encode("unicode_escape").decode()
