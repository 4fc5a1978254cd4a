"""Read download scripts: MAST's (`MAST_*.sh`, `mastDownload_*.sh`) and those of `jwgraph export --format curl`.

They name files, and say no more about them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

from jwgraph.model.records import EngineeringRecord, Problem, ProductRecord, Record
from jwgraph_loaders.base import Source
from jwgraph_loaders.engineering import is_engineering, record_of_uri, wrong_uri
from jwgraph_loaders.product_list import truncated
from jwgraph_loaders.text import BadLine, base_name, lines, name_fault, quoted, row_problem

# Scripts of the Portal and of astroquery give a URI; those of MAST's search of JWST a path below the product folder.
# Bounded, so that a hostile line takes no longer than its length.
_FILE = re.compile(
    r"/Download/file\?(?:[^'\"\s]{0,200}&)?uri=([^&'\"\s]+)|/search/jwst/[^'\"\s]{1,200}?[?&]product_name=([^&'\"\s]+)"
)
_CURL = re.compile(rb"\bcurl\b")
_COLLECTION = "mast:jwst/"


class ProductScripts:
    """Loader of download scripts."""

    name = "product_script"
    summary = "Download scripts of MAST, astroquery and jwgraph (curl)."

    def detect(self, source: Source) -> bool:
        """Return whether the head calls curl and has the address of a file of MAST."""
        head = source.head
        return _CURL.search(head) is not None and _FILE.search(head.decode("utf-8", "replace")) is not None

    def read(self, source: Source) -> Iterator[Record | Problem]:
        """Yield a `ProductRecord` for each file that the script fetches, and a Problem for each invalid name."""
        for number, line in lines(source):
            if isinstance(line, BadLine):
                yield row_problem(source, number or None, line)
                continue
            for match in _FILE.finditer(line):
                made = _file(unquote(match[1] or match[2], errors="replace"))
                yield row_problem(source, number, made, line) if isinstance(made, str) else made


LOADER = ProductScripts()


def _file(uri: str) -> ProductRecord | EngineeringRecord | str:
    """Return the record of a URI, or why there is no record."""
    if is_engineering(uri):
        return record_of_uri(uri) or wrong_uri(uri)
    if uri[:5].lower() == "mast:" and uri[: len(_COLLECTION)].lower() != _COLLECTION:
        return f"{quoted(uri)} is not a JWST product"
    name = base_name(uri)
    if fault := name_fault(name) or truncated(name):
        return f"{quoted(name)} is not a file name that can be kept: {fault}"
    return ProductRecord(name, seen=True)
