"""Read tables of calibration reference files applied to products."""

from __future__ import annotations

from collections.abc import Sequence

from jwgraph.model.records import ReferenceRecord
from jwgraph.names.identifiers import CRDS_SCHEME, without_scheme
from jwgraph_loaders.small_table import (
    TableLoader,
    fit_name,
)
from jwgraph_loaders.text import null

REFERENCE_COLUMNS = ("productFilename", "keyword", "reference", "context")


def _reference(cells: Sequence[str]) -> ReferenceRecord | None:
    filename, keyword, reference, context = cells
    if null(reference) is None:
        return None
    return ReferenceRecord(
        fit_name(filename, "file name"),
        fit_name(keyword, "keyword").upper(),
        CRDS_SCHEME + fit_name(without_scheme(reference), "reference file"),
        None if null(context) is None else fit_name(context, "context"),
    )


REFERENCES = TableLoader(
    "references", "Reference files applied to products (CSV, ECSV).", REFERENCE_COLUMNS, _reference
)
