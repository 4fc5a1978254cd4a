"""Write a plain list of files with their addresses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from jwgraph.export.places import Place
from jwgraph.present.escape import visible


def manifest(places: Iterable[Place]) -> Iterator[str]:
    """Return a list of files, one a line, with tabs between name, size, dataURI and URL; a head names them."""
    yield "productFilename\tsize\tdataURI\turl\n"
    for place in places:
        size = "" if place.size is None else str(place.size)
        yield f"{place.name}\t{size}\t{visible(place.uri)}\t{place.url}\n"
