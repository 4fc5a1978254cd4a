"""Reading from paths: every source is read by its loader, counted and reported."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import pytest

from jwgraph.errors import UsageError
from jwgraph.model.records import HeaderRecord, Problem, ProductRecord
from jwgraph_loaders.find.read import SourceReport, read_all


def fits(name: str, *cards: str) -> bytes:
    lines = ["SIMPLE  =                    T", "BITPIX  =                    8", "NAXIS   =                    0"]
    return "".join(f"{line:80}" for line in (*lines, f"FILENAME= '{name}'", *cards, "END")).ljust(2880).encode()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Forty good files and ten bad ones, a list of names, and an archive with two files."""
    root = tmp_path / "root"
    root.mkdir()
    for number in range(40):
        (root / f"f{number}.fits").write_bytes(fits(f"f{number}.fits"))
    for number in range(10):
        (root / f"bad{number}.fits").write_bytes(fits("x", "EXPSTART= NaN"))
    (root / "names.txt").write_bytes(b"a.fits\n")
    (root / "empty").write_bytes(b"")
    with tarfile.open(root / "x.tar", "w") as archive:
        for name in ("m1.fits", "m2.fits"):
            info = tarfile.TarInfo(name)
            info.size = 2880
            archive.addfile(info, io.BytesIO(fits(name)))
    return root


def test_every_source_is_read_and_counted(folder: Path) -> None:
    found, counts = read_all([str(folder)])
    records = list(found)
    assert counts == {"fits_headers": 52, "names": 1, "rejected": 1}
    assert sum(isinstance(record, HeaderRecord) for record in records) == 42
    assert sum("EXPSTART" in repr(record) for record in records) == 10


def test_a_path_that_does_not_exist_is_named_at_once(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no file or folder"):
        read_all([str(tmp_path / "absent")])


def test_sources_of_other_loaders_keep_their_order(tmp_path: Path) -> None:
    for name in ("b.txt", "a.txt"):
        (tmp_path / name).write_bytes(f"{name}.fits\n".encode())
    records, counts = read_all([str(tmp_path)])
    assert [record.filename for record in records if isinstance(record, ProductRecord)] == ["a.txt.fits", "b.txt.fits"]
    assert counts == {"names": 2}


def test_previews_and_catalogues_of_a_folder_are_there_by_their_names(tmp_path: Path) -> None:
    root = "jw02733-o001_t001_nircam_clear-f090w"
    for name, content in {
        f"{root}_i2d.jpg": b"\xff\xd8\xff",
        f"{root}_cat.ecsv": b"# %ECSV 1.0\n# ---\nlabel xcentroid\n1 2.0\n",
        "holiday.jpg": b"\xff\xd8\xff",
        f"{root}_segm.fits": b"not FITS",
        "jw02733-o001_20220710t161010_image3_00001_asn.json": b'{"asn_type": ',
    }.items():
        (tmp_path / name).write_bytes(content)
    reports: list[SourceReport] = []
    records, _ = read_all([str(tmp_path)], on_source=reports.append)
    found = list(records)
    assert {item.filename for item in found if isinstance(item, ProductRecord)} == {
        f"{root}_i2d.jpg",
        f"{root}_cat.ecsv",
    }
    assert sum(isinstance(item, Problem) for item in found) == 3
    assert {report.loader for report in reports} >= {"files", None}
