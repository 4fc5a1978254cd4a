"""URLs of files, and which files can be downloaded under their own names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from jwgraph import settings
from jwgraph.answers.notes import sync
from jwgraph.answers.products import ProductRow
from jwgraph.answers.selection import Files
from jwgraph.errors import NotFoundError
from jwgraph.names.grammar import parse
from jwgraph.names.identifiers import without_scheme

DOWNLOAD = "/api/v0.1/Download/file?uri="
# CRDS serves every reference file by name at this URL; see https://jwst-crds.stsci.edu/.
CRDS = "https://jwst-crds.stsci.edu/unchecked_get/references/jwst/"


@dataclass(frozen=True, slots=True)
class Place:
    """A file that can be downloaded: its name, size in bytes if known, MAST URI, and URL."""

    name: str
    size: int | None
    uri: str
    url: str


def uri(name: str, data_uri: str | None, *, archived: bool) -> str | None:
    """Return the MAST URI of an archived file, or None if the file has no URI.

    MAST provides it as `dataURI`. A list of names has no such column; then the URI follows MAST's rule for JWST, which
    every row of its product lists obeys: `mast:JWST/product/` and the name.
    """
    if not archived:
        return None
    if data_uri:
        return data_uri
    return f"mast:JWST/product/{name}" if parse(name).program else None


def url(data_uri: str, base: str) -> str:
    """Return the URL that serves a MAST URI, with every reserved character percent-encoded."""
    return f"{base}{DOWNLOAD}{quote(data_uri, safe='')}"


def crds_url(reference: str) -> str:
    """Return the URL of a reference file, `crds://…`."""
    return CRDS + quote(without_scheme(reference), safe="")


def places(rows: Iterable[ProductRow]) -> tuple[list[Place], list[str]]:
    """Return the files that can be downloaded, and the names of the others: not archived, no URI, or an unsafe name.

    Raises
    ------
    UsageError
        `JWGRAPH_MAST` is not a valid URL.
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


def to_fetch(found: Files) -> tuple[list[Place], list[str]]:
    """Return the files that can be downloaded, and the names of the others; see `places`.

    Raises
    ------
    NotFoundError
        There are no files, and a source of them is not loaded; or MAST has none of them.
    """
    wanted, left = places(found.require().rows)
    if left and not wanted:
        others = len(found.names) - 1
        more = f" and {others:,} other Observation{'s' if others > 1 else ''}" if others else ""
        raise NotFoundError(
            f"No file of {found.names[0]}{more} that MAST has is known in the selection {found.wish.select}: "
            f"load the product list: `{sync(obs_id=found.names[0])}`."
        )
    return wanted, left


def why_left(left: Sequence[str]) -> str:
    """Return a sentence about files that cannot be downloaded."""
    others = len(left) - 1
    more = f" and {others:,} other file{'s' if others > 1 else ''}" if others else ""
    return f"Skipped {left[0]}{more}: not archived, or without a usable address."


def _fit(name: str) -> bool:
    """Return whether a name is safe as the name of a file in a user's folder.

    Names are untrusted data: a name with a slash could point outside the folder, a name that begins with a dot is
    hidden and may configure a program (`.curlrc`), and control characters could reach a terminal.
    """
    return name.isprintable() and "/" not in name and not name.startswith(".") and name != ""
