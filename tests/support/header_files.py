"""FITS headers for tests: as bytes, as files that astropy wrote, as dumps; and what reading them gives."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable
from typing import Any

import numpy as np
from astropy.io import fits

from jwgraph.model.records import HeaderRecord, Problem
from jwgraph_loaders.base import Source
from jwgraph_loaders.fits_headers import DUMPS, FITS

NAME = "jw01093012001_03102_00001_nis_cal.fits"
START = ("SIMPLE  =                    T", "BITPIX  =                    8", "NAXIS   =                    0")
MADE_BY = {
    "TELESCOP": "JWST",
    "FILENAME": NAME,
    "PROGRAM": "01093",
    "ASNTABLE": "jw01093-o012_20220714t075823_image2_003_asn.json",
    "ASNPOOL": "jw01093_20220714t075823_pool.csv",
    "EXPSTART": 59735.57011325046,
    "EXPEND": 59735.57047473379,
    "R_FLAT": "crds://jwst_niriss_flat_0271.fits",
    "R_AREA": "N/A",
    "CRDS_CTX": "jwst_0945.pmap",
    "EXP_TYPE": "NIS_AMI",
    "TARGNAME": " ",
}
RECORD = HeaderRecord(
    NAME,
    "01093",
    "jw01093-o012_20220714t075823_image2_003_asn.json",
    "jw01093_20220714t075823_pool.csv",
    None,
    (("R_FLAT", "crds://jwst_niriss_flat_0271.fits"),),
    59735.57011325046,
    59735.57047473379,
    {"crds_ctx": "jwst_0945.pmap", "exp_type": "NIS_AMI"},
)


def raw(*cards: str | bytes, end: bool = True) -> bytes:
    """Return a header of cards as they are given, after the mandatory ones."""
    lines = [*START, *cards, *(["END"] if end else [])]
    data = b"".join((line if isinstance(line, bytes) else line.encode()).ljust(80) for line in lines)
    return data.ljust(-(-len(data) // 2880) * 2880)


def file(cards: dict[str, Any], *shapes: tuple[int, ...]) -> bytes:
    """Return a FITS file that astropy wrote: the cards, and an extension for each shape."""
    stream = io.BytesIO()
    images = [fits.ImageHDU(np.zeros(shape, "int16")) for shape in shapes]
    fits.HDUList([fits.PrimaryHDU(header=fits.Header(cards)), *images]).writeto(stream)
    return stream.getvalue()


def dump(cards: dict[str, Any] | list[Any], path: object = f"a/b/{NAME}") -> bytes:
    rows = [[key, value, ""] for key, value in cards.items()] if isinstance(cards, dict) else cards
    return json.dumps({"repo": "r", "path": path, "hdus": [{"name": "PRIMARY", "cards": rows}]}).encode()


def of_fits(data: bytes, name: str = NAME) -> list[Any]:
    return list(FITS.read(Source.from_bytes(name, data)))


def of_dump(cards: dict[str, Any], path: object = f"a/b/{NAME}", name: str = "d.json") -> list[Any]:
    return list(DUMPS.read(Source.from_bytes(name, dump(cards, path))))


def one(found: Iterable[Any]) -> Any:
    (item,) = found
    return item


def reason(found: Iterable[Any]) -> str:
    """Return why there is no record."""
    problem = one(found)
    assert isinstance(problem, Problem)
    assert problem.reason.isprintable()
    assert (problem.severity, problem.line) == ("rejected", None)
    return problem.reason


def warned(found: Iterable[Any]) -> tuple[HeaderRecord, list[str]]:
    """Return the record and what was said beside it."""
    record, *problems = found
    assert isinstance(record, HeaderRecord)
    assert {problem.severity for problem in problems} <= {"warning"}
    return record, [problem.reason for problem in problems]
