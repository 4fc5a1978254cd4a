"""Write a plain list of files and their URLs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from jwgraph.export.places import Place
from jwgraph.present.escape import visible


def manifest(places: Iterable[Place]) -> Iterator[str]:
    """Return a list of files, one per line, with tab-separated name, size, dataURI and URL, and a header line."""
    yield "productFilename\tsize\tdataURI\turl\n"
    for place in places:
        size = "" if place.size is None else str(place.size)
        yield f"{place.name}\t{size}\t{visible(place.uri)}\t{place.url}\n"
