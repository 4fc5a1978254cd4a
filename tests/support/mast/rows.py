"""Rows for the replay server: a few written here, and real ones read from the shared data."""

from __future__ import annotations

import csv
import json
from pathlib import Path

Row = dict[str, object]

NUMBERS = {"calib_level": int, "size": int, "sequence_number": int, "t_min": float, "t_max": float}
NUMBERS |= {"t_exptime": float, "t_obs_release": float, "em_min": float, "em_max": float, "s_ra": float, "s_dec": float}


def observation(obsid: int, **columns: object) -> Row:
    """Make a row of a search: an executed Observation of program 2733, unless columns say otherwise."""
    row: Row = {
        "obs_collection": "JWST",
        "obs_id": f"jw02733001001_02101_{obsid:05}_nrca1",
        "obsid": str(obsid),
        "proposal_id": "2733",
        "target_name": "NGC-3132",
        "calib_level": 2,
        "t_min": 59733.5 + obsid,
        "t_max": 59733.6 + obsid,
        "_selected_": None,
    }
    return row | columns


def product(obsid: int, suffix: str, **columns: object) -> Row:
    """Make a row of the product list of an Observation that `observation` made."""
    dataset = f"jw02733001001_02101_{obsid:05}_nrca1"
    name = f"{dataset}_{suffix}.fits"
    row: Row = {
        "obsID": str(obsid),
        "obs_collection": "JWST",
        "obs_id": dataset,
        "dataURI": f"mast:JWST/product/{name}",
        "productFilename": name,
        "size": 2880,
        "parent_obsid": str(obsid),
        "calib_level": 2,
        "_selected_": None,
    }
    return row | columns


def small(observations: int, products: int = 3) -> tuple[list[Row], list[Row]]:
    """Make Observations, each with some products."""
    obsids = range(1, observations + 1)
    listed = [product(obsid, f"o{number:03}_crf") for obsid in obsids for number in range(products)]
    return [observation(obsid) for obsid in obsids], listed


STAMP = "20220710t161010"
POOL = f"jw02733_{STAMP}_pool.csv"
LEVEL3 = "jw02733-o001_t001_nircam_clear-f090w"
LEVEL3_OBSID = 100


def asn_name(asn_type: str, number: int, stamp: str = STAMP) -> str:
    """Return the name of an association of program 2733."""
    return f"jw02733-o001_{stamp}_{asn_type}_{number:05}_asn.json"


def linked(exposures: int) -> tuple[list[Row], list[Row]]:
    """Make exposures and the Level 3 Observation of all of them, each with association and pool."""
    observations, products = [], []
    for obsid in range(1, exposures + 1):
        observations.append(observation(obsid))
        named = [asn_name("image2", obsid), POOL]
        own = [product(obsid, suffix) for suffix in ("uncal", "rate", "cal")]
        own += [product(obsid, "", productFilename=name, dataURI=f"mast:JWST/product/{name}") for name in named]
        products += [*own, *(row | {"parent_obsid": str(LEVEL3_OBSID)} for row in own)]
    observations.append(observation(LEVEL3_OBSID, obs_id=LEVEL3, calib_level=3))
    for name in (f"{LEVEL3}_i2d.fits", asn_name("image3", 1), POOL):
        columns = {"obs_id": LEVEL3, "productFilename": name, "dataURI": f"mast:JWST/product/{name}", "calib_level": 3}
        products.append(product(LEVEL3_OBSID, "", **columns))
    return observations, products


def real(shared: Path) -> tuple[list[Row], list[Row]]:
    """Read real rows: Observations of searches, and a full product list.

    The list has 27 datasets. Besides the Observation it was asked for, each of the others gets an Observation, and the
    rows of the list that it owns: its own product list has those (and more).
    """
    products = _read(shared / "mast" / "products" / "jw05224-o004_parent_254258368.csv")
    observations: dict[str, Row] = {}
    own: list[Row] = []
    for row in products:
        obsid = str(row["obsID"])
        name, level = str(row["obs_id"]), row["calib_level"]
        columns = {"obs_id": name, "proposal_id": row["proposal_id"], "calib_level": level, "target_name": "A"}
        observations.setdefault(obsid, observation(int(obsid), **columns, t_min=60000.0, t_max=60001.0))
        if row["obsID"] != row["parent_obsid"]:
            own.append(row | {"parent_obsid": obsid})
    searched = [row for path in sorted((shared / "mast" / "observations").glob("*.csv")) for row in _read(path)]
    return [*observations.values(), *searched, *_json(shared)], products + own


def _json(shared: Path) -> list[Row]:
    path = shared / "mast" / "observations" / "post_mast_search_target.json"
    found: list[Row] = json.loads(path.read_text(encoding="utf-8"))["results"]
    return found


def _read(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if not str(row.get("obsid")).startswith("str")]
    return [{column: _value(column, cell) for column, cell in row.items()} for row in rows]


def _value(column: str, cell: str) -> object:
    if cell in ("", "--", "nan"):
        return None
    return NUMBERS.get(column, str)(cell)
