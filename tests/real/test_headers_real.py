"""The loaders of headers on 112 dumps of real files."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from astropy.io import fits

from jwgraph.model.records import HeaderRecord, Problem
from jwgraph.names.grammar import parse
from jwgraph_loaders.base import Loader, Source
from jwgraph_loaders.find.detect import detect
from jwgraph_loaders.find.walk import sources
from jwgraph_loaders.fits_headers import DUMPS, FITS

pytestmark = pytest.mark.real

LOADERS: tuple[Loader, ...] = (FITS, DUMPS)


def read(folder: Path) -> dict[str, list[Any]]:
    """Return what each dump under a folder gives, by the name of its file."""
    found = {}
    for source in sources([str(folder)]):
        assert isinstance(source, Source)
        loader = detect(source, LOADERS)
        assert loader is DUMPS
        found[source.filename] = list(DUMPS.read(source))
    return found


@pytest.fixture(scope="module")
def dumps(shared: Path) -> dict[str, list[Any]]:
    return read(shared / "headers")


def cards(path: Path) -> dict[str, Any]:
    """Return the cards of the primary header by another way than that of the loader."""
    document = json.loads(path.read_text())
    return {keyword: value for keyword, value, _ in reversed(document["hdus"][0]["cards"])}


def test_every_dump_is_a_record_or_a_problem(dumps: dict[str, list[Any]]) -> None:
    assert len(dumps) == 112
    first = Counter(type(found[0]).__name__ for found in dumps.values())
    assert first == {"HeaderRecord": 99, "Problem": 13}
    assert {item.severity for found in dumps.values() for item in found if isinstance(item, Problem)} == {"warning"}


def test_what_is_refused_is_the_files_of_crds(shared: Path, dumps: dict[str, list[Any]]) -> None:
    refused = {name for name, found in dumps.items() if isinstance(found[0], Problem)}
    assert refused == {path.name for path in (shared / "headers").iterdir() if "REFTYPE" in cards(path)}
    assert all("calibration reference file" in dumps[name][0].reason for name in refused)


def test_what_is_odd_is_noted(dumps: dict[str, list[Any]]) -> None:
    said = {name.split("__")[-1]: [item.reason for item in found[1:]] for name, found in dumps.items() if found[1:]}
    subarray = ["the value of the card SUBARRAY is no text; it is left out"]
    assert said == {
        "nrs1_assign_wcs.fits.gz.json": ["PROGRAM is no number of a program: 'test1'; it is left out"],
        "Trace_IFU_Slice_00_SMOS-MOD-G1M-17-5344175105_30192_JLAB88.fits.json": subarray,
        "Trace_SLIT_A_200_1_V84600010001P0000000002101_39547_JLAB88.fits.json": subarray,
        "postage_stamp_header.fits.json": ["EXPSTART 2463670.0 and EXPEND 2463680.0 are no MJD; they are left out"],
    }


def test_interferometry_has_its_associations_and_references(shared: Path, dumps: dict[str, list[Any]]) -> None:
    names = [name for name in dumps if "jw01093" in name]
    assert len(names) == 24
    for name in names:
        (record,) = dumps[name]
        header = cards(shared / "headers" / name)
        assert record.filename == header["FILENAME"] == name.split("__")[-1].removesuffix(".json")
        assert record.asntable == header["ASNTABLE"]
        assert record.asnpool == header["ASNPOOL"] == "jw01093_20220714t075823_pool.csv"
        assert dict(record.references) == {
            keyword: value for keyword, value in header.items() if keyword.startswith("R_") and value != "N/A"
        }
        assert list(record.references) == sorted(record.references)
        assert len(record.references) > 5
        assert (record.t_min, record.t_max) == (header["EXPSTART"], header["EXPEND"])
        assert record.program == "01093"
        assert record.cards["exp_type"] == "NIS_AMI"


def test_references_are_names_of_one_kind(dumps: dict[str, list[Any]]) -> None:
    names = {name for found in dumps.values() if isinstance(found[0], HeaderRecord) for _, name in found[0].references}
    assert all(name.startswith("crds://") and "/" not in name[7:] for name in names)
    assert "crds://nirspec_msa.asdf" in names  # the card has a directory of the machine it was made on


def test_names_of_the_archive_win(dumps: dict[str, list[Any]]) -> None:
    records = [found[0] for found in dumps.values() if isinstance(found[0], HeaderRecord)]
    assert sum(parse(record.filename).recognised for record in records) == 66
    copies = Counter(record.filename for record in records)
    assert copies["jw01386117001_03106_00001_nrcalong_calints.fits"] == 8


def test_a_dump_and_the_file_it_is_of_give_the_same(shared: Path, tmp_path: Path, dumps: dict[str, list[Any]]) -> None:
    """The file is written by astropy from the cards of the dump; what stands for its data is of no interest."""
    for name in dumps:
        header = fits.Header()
        for keyword, value, _ in json.loads((shared / "headers" / name).read_text())["hdus"][0]["cards"]:
            if keyword not in ("SIMPLE", "BITPIX", "NAXIS", "NAXIS1", "NAXIS2", "EXTEND"):
                header.append((keyword if len(keyword) <= 8 else f"HIERARCH {keyword}", value), end=True)
        path = tmp_path / name.split("__")[-1].removesuffix(".json").removesuffix(".gz")
        fits.PrimaryHDU(header=header).writeto(path, overwrite=True)
        (source,) = sources([str(path)])
        assert isinstance(source, Source)
        found = list(FITS.read(source))
        assert [strip(item) for item in found] == [strip(item) for item in dumps[name]]


def strip(item: Any) -> Any:
    return (item.severity, item.reason) if isinstance(item, Problem) else item
