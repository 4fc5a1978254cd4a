"""Where files are on the network, and which of them can be fetched under their own names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote

from jwgraph import settings
from jwgraph.answers.products import ProductRow
from jwgraph.names.grammar import parse

DOWNLOAD = "/api/v0.1/Download/file?uri="
# CRDS serves every reference file by name here; see https://jwst-crds.stsci.edu/.
CRDS = "https://jwst-crds.stsci.edu/unchecked_get/references/jwst/"


@dataclass(frozen=True, slots=True)
class Place:
    """A file that can be fetched: its name, size in bytes where known, MAST's URI, and the URL that serves it."""

    name: str
    size: int | None
    uri: str
    url: str


def uri(name: str, data_uri: str | None, *, archived: bool) -> str | None:
    """Return MAST's URI of an archived file, or None where it has none.

    MAST gives it as `dataURI`. A list of names has no such column; there MAST's own rule for JWST holds, which every
    row of its product lists follows: `mast:JWST/product/` and the name.
    """
    if not archived:
        return None
    if data_uri:
        return data_uri
    return f"mast:JWST/product/{name}" if parse(name).program else None


def url(data_uri: str, base: str) -> str:
    """Return the address that serves a URI: every reserved character is percent-encoded."""
    return f"{base}{DOWNLOAD}{quote(data_uri, safe='')}"


def crds_url(reference: str) -> str:
    """Return the address that serves a reference file, `crds://…`."""
    return CRDS + quote(reference.removeprefix("crds://"), safe="")


def places(rows: Iterable[ProductRow]) -> tuple[list[Place], list[str]]:
    """Return what can be fetched, and the names of what cannot: not archived, no URI, or no fit file name.

    Raises
    ------
    UsageError
        `JWGRAPH_MAST` is no address.
    """
    base = settings.mast()
    found: dict[str, Place] = {}
    left: dict[str, None] = {}
    for row in rows:
        where = uri(row.productFilename, row.dataURI, archived=row.archived)
        if where is None or not _fit(row.productFilename):
            left[row.productFilename] = None
        else:
            place = Place(row.productFilename, row.size, where, url(where, base))
            found.setdefault(row.productFilename, place)
    return list(found.values()), list(left)


def _fit(name: str) -> bool:
    """Tell whether a name may become a file in somebody's folder.

    Names come from data: one with a slash would leave the folder, one that begins with a dot is hidden and may
    configure a program (`.curlrc`), and control characters reach a terminal.
    """
    return name.isprintable() and "/" not in name and not name.startswith(".") and name != ""
