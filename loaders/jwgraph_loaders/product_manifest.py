"""Read the table that `Observations.download_products` of astroquery returns: one row for each file that it fetched."""

from __future__ import annotations

from collections.abc import Sequence

from jwgraph.model.records import ProductRecord
from jwgraph_loaders.small_table import TableLoader, fit_name
from jwgraph_loaders.text import null

MANIFEST_COLUMNS = ("Local Path", "Status", "Message")


def _file(cells: Sequence[str]) -> ProductRecord | None:
    """Return the file of a row, fetched or not; None for a row of a script, which is not a product."""
    path = null(cells[0])
    if path is None:
        raise ValueError("the row has no Local Path")
    # Paths are those of the machine that downloaded.
    name = path.replace("\\", "/").rsplit("/", 1)[-1]
    return None if name.endswith(".sh") else ProductRecord(fit_name(name, "Local Path"), seen=True)


LOADER = TableLoader(
    "product_manifest",
    "The table of files that astroquery downloaded (CSV, ECSV).",
    MANIFEST_COLUMNS,
    _file,
)
