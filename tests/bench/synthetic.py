"""A synthetic archive of any size: a MAST product list, and the Stage 3 associations in a tar file.

Each Observation has four dithers on two detectors, five files an exposure, its Level 2 and 3 associations and its
pool: 53 rows of a product list, as MAST gives them for one parent.
"""

from __future__ import annotations

import csv
import io
import json
import tarfile
from collections.abc import Iterator
from pathlib import Path

COLUMNS = [
    "obsID",
    "obs_collection",
    "dataproduct_type",
    "obs_id",
    "description",
    "type",
    "dataURI",
    "productType",
    "productGroupDescription",
    "productSubGroupDescription",
    "project",
    "prvversion",
    "proposal_id",
    "productFilename",
    "size",
    "parent_obsid",
    "dataRights",
    "calib_level",
]
OBSERVATIONS_A_PROGRAM = 450
DITHERS = 4
DETECTORS = ("nrca1", "nrcb1")
EXPOSURE_FILES = (
    ("uncal.fits", "SCIENCE", 1),
    ("rate.fits", "SCIENCE", 2),
    ("cal.fits", "SCIENCE", 2),
    ("i2d.fits", "SCIENCE", 2),
    ("cal.jpg", "PREVIEW", 2),
)
LEVEL3_FILES = (
    ("i2d.fits", "SCIENCE", True),
    ("segm.fits", "AUXILIARY", True),
    ("cat.ecsv", "SCIENCE", True),
    ("i2d.jpg", "PREVIEW", False),
)
STAMP = "20260101t000000"
MRP = "Minimum Recommended Products"

Cell = str | int


def observation_id(number: int) -> tuple[str, int, str]:
    """Return program, APT observation and obs_id of the n-th Observation."""
    program = f"{10000 + number // OBSERVATIONS_A_PROGRAM:05d}"
    within = number % OBSERVATIONS_A_PROGRAM + 1
    return program, within, f"jw{program}-o{within:03d}_t001_nircam_clear-f200w"


def exposures(program: str, within: int) -> Iterator[str]:
    """Name the exposures of one Observation."""
    for dither in range(1, DITHERS + 1):
        for detector in DETECTORS:
            yield f"jw{program}{within:03d}001_02101_{dither:05d}_{detector}"


def rows(number: int) -> Iterator[list[Cell]]:
    """Yield the rows of one Observation's product list."""
    program, within, level3 = observation_id(number)
    parent = 200_000_000 + number * 10

    def row(obs: int, obs_id: str, file: str, kind: str, level: int, flag: bool) -> list[Cell]:
        suffix = file.rsplit("_", 1)[1].split(".")[0].upper()
        return [
            obs, "JWST", "image", obs_id, "synthetic", "D" if obs == parent else "S",
            f"mast:JWST/product/{file}", kind, MRP if flag else "", suffix, "CALJWST", "1.17.1",
            int(program), file, 1000 + len(file), parent, "PUBLIC", level,
        ]  # fmt: skip

    pool = f"jw{program}_{STAMP}_pool.csv"
    for n, exposure in enumerate(exposures(program, within), start=1):
        for file, kind, level in EXPOSURE_FILES:
            yield row(parent + n, exposure, f"{exposure}_{file}", kind, level, False)
        asn = f"jw{program}-o{within:03d}_{STAMP}_image2_{n:05d}_asn.json"
        yield row(parent + n, exposure, asn, "INFO", 2, False)
    for file, kind, flag in LEVEL3_FILES:
        yield row(parent, level3, f"{level3}_{file}", kind, 3, flag)
    asn = f"jw{program}-o{within:03d}_{STAMP}_image3_00001_asn.json"
    yield row(parent, level3, asn, "INFO", 3, True)
    yield row(parent, level3, pool, "INFO", 3, True)


def association(number: int) -> tuple[str, bytes]:
    """Return name and content of the Stage 3 association of one Observation."""
    program, within, level3 = observation_id(number)
    members = [{"expname": f"{e}_cal.fits", "exptype": "science"} for e in exposures(program, within)]
    content = {
        "asn_type": "image3",
        "asn_rule": "candidate_Asn_Lv3Image",
        "version_id": STAMP,
        "program": program,
        "asn_id": f"o{within:03d}",
        "target": "t001",
        "asn_pool": f"jw{program}_{STAMP}_pool.csv",
        "products": [{"name": level3, "members": members}],
    }
    return f"jw{program}-o{within:03d}_{STAMP}_image3_00001_asn.json", json.dumps(content).encode()


def write(folder: Path, rows_wanted: int) -> tuple[Path, Path, int]:
    """Write the product list and the associations.

    Returns
    -------
    products, associations
        The two files.
    observations
        How many Observations they hold.
    """
    products, associations = folder / "products.csv", folder / "associations.tar"
    written = number = 0
    with products.open("w", newline="") as file, tarfile.open(associations, "w") as tar:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        while written < rows_wanted:
            found = list(rows(number))[: rows_wanted - written]
            writer.writerows(found)
            written += len(found)
            name, content = association(number)
            info = tarfile.TarInfo(name)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
            number += 1
    return products, associations, number
