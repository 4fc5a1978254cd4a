"""Rows of products and Observations, as they are collected, merged and sent.

They are lists in the order in which the statements take them: maps are twice as large to send, and a list is collected
in a fraction of the time of a class with fields.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from jwgraph.names.grammar import Name, parse_root

Row = dict[str, Any]

LABEL_OF = {"association": "Association", "pool": "Pool"}

PRODUCT = ("filename", "archived", "seen", "mast_rank", "labels", "named", "rest", "mast", "obs_id")
"""Fields of a row of `write/new_products`.

Whether the archive lists the file, and whether it was seen on disk; rank of the winning MAST row; Association, Pool or
both for a file used as such, else None; properties that every name has, in the order of `NAMED`, and those that only
some forms have; the columns of the winning MAST row, in the order of `MAST_COLUMNS`; the Observation that owns the file
according to its name, if it has such an owner.
"""
FILENAME, ARCHIVED, SEEN, MAST_RANK, LABELS, NAMED_VALUES, _, MAST, OBS_ID = range(len(PRODUCT))
# The fields that show whether the row changes a stored product.
COMPARED = LABELS + 1

NAMED = ("form", "suffix", "productLevel", "calib_level", "productType", "program")
PROGRAM = NAMED.index("program")
REST = ("visit_id", "asn_id", "asn_type", "version_id")

OWNED = ("filename", "basis", "calib_level", "mast_mrp", "mast_lists")
"""Fields of a file in a row of `write/owners`.

Evidence for the ownership; level and flag from MAST for the file in this Observation, the maximum over several rows;
`<13 digits, ms> <obs_id>` for each Observation whose complete product list has the row, the newest time of it, or None.
"""
_, BASIS, LEVEL, MRP, LISTS = range(len(OWNED))

# Length of the time before the obs_id in an entry of `mast_lists`.
_STAMP = 14
_STRENGTH = {"association": 0, "name": 1, "mast": 2}


def product_row(name: Name) -> list[Any]:
    """Return the row of a file of which only the name is known."""
    label = LABEL_OF.get(name.form)
    labels = [label] if label else None
    return [name.filename, False, False, None, labels, named_product(name), named_rest(name), None, None]


def owned_file(
    filename: str,
    basis: str,
    calib_level: int | None = None,
    mast_mrp: bool | None = None,
    mast_lists: list[str] | None = None,
) -> list[Any]:
    """Return a file in a row of `write/owners`."""
    return [filename, basis, calib_level, mast_mrp, mast_lists]


def merge_owned(known: list[Any], other: list[Any]) -> None:
    """Merge another row of the same file and Observation, as `cypher/write/owners` does."""
    if _STRENGTH[other[BASIS]] > _STRENGTH[known[BASIS]]:
        known[BASIS] = other[BASIS]
    known[LEVEL] = _greatest(known[LEVEL], other[LEVEL])
    known[MRP] = _greatest(known[MRP], other[MRP])
    if other[LISTS]:
        newest = {entry[_STAMP:]: entry for entry in sorted([*(known[LISTS] or ()), *other[LISTS]])}
        known[LISTS] = list(newest.values())


def _greatest(one: Any, other: Any) -> Any:
    return one if other is None or (one is not None and one >= other) else other


def named_product(name: Name) -> list[Any]:
    """Return the properties from a file name that every Product has, in the order of `NAMED`."""
    return [
        name.form or None,
        name.suffix or None,
        name.product_level or None,
        name.calib_level,
        name.productType or None,
        name.program,
    ]


def named_rest(name: Name) -> Row | None:
    """Return the properties that only some forms of names have, of those in `REST`."""
    if name.form in ("guide_star", "msa"):
        return {"visit_id": name.visit_id}
    if name.form == "association":
        return {"asn_id": name.candidate, "asn_type": name.asn_type, "version_id": name.version_id}
    return None


@lru_cache(maxsize=4096)
def named_observation(obs_id: str) -> Row:
    """Return the properties in an Observation identifier; the cached result must not be modified."""
    root = parse_root(obs_id)
    row: Row = {"obs_id": root.obs_id or obs_id, "form": root.form or None, "program": root.program}
    if root.form == "exposure":
        row.update(visit_id=root.visit_id, detector=root.detector)
    return row
