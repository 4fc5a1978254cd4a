"""One synthetic Observation with many exposures: its MAST product list, complete, and its Stage 3 association."""

from __future__ import annotations

import csv
import json
from pathlib import Path

from tests.bench.synthetic import COLUMNS, EXPOSURE_FILES, LEVEL3_FILES, MRP, STAMP

PROGRAM, OBS_ID = "09001", "jw09001-o001_t001_nircam_clear-f200w"
DETECTORS = ("nrca1", "nrca2", "nrca3", "nrca4", "nrcb1", "nrcb2", "nrcb3", "nrcb4")
ASN = f"jw{PROGRAM}-o001_{STAMP}_image3_00001_asn.json"
_PARENT = 900_000_000


def exposures(number: int) -> list[str]:
    """Return the names of the exposures, eight detectors of each dither."""
    names = (
        f"jw{PROGRAM}001001_02101_{dither:05d}_{detector}" for dither in range(1, number + 1) for detector in DETECTORS
    )
    return [name for name, _ in zip(names, range(number), strict=False)]


def write(folder: Path, number: int) -> tuple[Path, Path, int]:
    """Write the list and the association of an Observation with this many exposures; return both, and its files."""
    rows = [_row(_PARENT, OBS_ID, f"{OBS_ID}_{end}", kind, 3, MRP if flag else "") for end, kind, flag in LEVEL3_FILES]
    rows.append(_row(_PARENT, OBS_ID, ASN, "INFO", 3, MRP))
    names = exposures(number)
    for place, name in enumerate(names, start=1):
        rows += [_row(_PARENT + place, name, f"{name}_{end}", kind, level, "") for end, kind, level in EXPOSURE_FILES]
    products = folder / "large.csv"
    with products.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows(rows)
    members = [{"expname": f"{name}_cal.fits", "exptype": "science"} for name in names]
    content = {
        "asn_type": "image3",
        "asn_rule": "candidate_Asn_Lv3Image",
        "version_id": STAMP,
        "program": PROGRAM,
        "asn_id": "o001",
        "target": "t001",
        "asn_pool": f"jw{PROGRAM}_{STAMP}_pool.csv",
        "products": [{"name": OBS_ID, "members": members}],
    }
    association = folder / ASN
    association.write_text(json.dumps(content))
    return products, association, len(rows)


def _row(obs: int, obs_id: str, file: str, kind: str, level: int, flag: str) -> list[str | int]:
    suffix = file.rsplit("_", 1)[1].split(".")[0].upper()
    return [
        obs, "JWST", "image", obs_id, "synthetic", "D" if obs == _PARENT else "S",
        f"mast:JWST/product/{file}", kind, flag, suffix, "CALJWST", "1.17.1",
        int(PROGRAM), file, 1000 + len(file), _PARENT, "PUBLIC", level,
    ]  # fmt: skip
