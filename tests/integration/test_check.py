"""`jwgraph check`: a folder with files in every state, written by astropy, against a small store."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

import jwgraph as library
from jwgraph.answers.check import TO_FETCH
from jwgraph.errors import UsageError
from jwgraph.model.records import HeaderRecord, ListRecord, ProductRecord, Record
from jwgraph.store.digest import digest
from jwgraph.store.graph import Graph
from tests.support.builders import asn
from tests.support.cli import jwgraph, rows
from tests.support.files_server import serving
from tests.support.header_files import file
from tests.support.store import load_records

pytestmark = pytest.mark.once

L3 = "jw02733-o001_t001_nircam_clear-f090w"
A = "jw02733001001_02101_00001_nrca1"
OLD, NEW, UNREAD = (
    f"jw02733-o001_{stamp}_image3_00001_asn.json" for stamp in ("20220710t161010", "20230710t161010", "20240710t161010")
)
AT = 1_700_000_000_000
NOW = {"CAL_VER": "1.13.3", "CRDS_CTX": "jwst_1100.pmap", "ASNTABLE": NEW, "DATE": "2024-01-01T00:00:00"}

FILES = {
    f"{L3}_i2d.fits": file(NOW, (4, 4)),
    f"a/{L3}_crf.fits": file(NOW | {"CAL_VER": "1.9.2"}),
    f"a/{A}_cal.fits": file(NOW | {"CRDS_CTX": "jwst_0945.pmap", "CAL_VER": "1.13.3"}),
    f"{A}_o001_crf.fits": file(NOW | {"ASNTABLE": OLD}),
    f"{A}_rate.fits": file(NOW, (50, 50))[:-2880],
    f"{A}_rateints.fits": file(NOW),
    f"{A}_uncal.fits": b"<html>",
    f"{A}_dark.fits": file(NOW),
    f"{L3}_segm.fits": file(NOW),
    f"{L3}_x1d.fits": file({}),
    f"{L3}_cat.ecsv": b"cut",
    "jw09999001001_02101_00001_nrca1_cal.fits": file(NOW),
    "notes.txt": b"mine",
}


def product(name: str, owner: str, size: int | None, version: str | None = "1.13.3", *, at: int = AT) -> Record:
    mast: dict[str, str | int | None] = {
        "dataURI": f"mast:JWST/product/{name}",
        "size": size,
        "prvversion": version,
        "productType": "SCIENCE",
    }
    return ProductRecord(name, owner, {L3: 7, A: 8}[owner], 7, None, None, mast, listed_in=(L3, at))


def size(name: str) -> int:
    return next(len(data) for path, data in FILES.items() if path.rpartition("/")[2] == name)


def records() -> list[Record]:
    gone = f"{L3}_segm.fits"
    whole = [f"{L3}_i2d.fits", f"{L3}_crf.fits", f"{L3}_c1d.fits"]
    return [
        asn(OLD, "image3", {L3: {f"{A}_cal.fits": "science"}}),
        asn(NEW, "image3", {L3: {f"{A}_cal.fits": "science"}}, version_id="20230710t161010"),
        ListRecord(L3, AT + 1),
        product(gone, L3, 9),
        *(product(name, L3, size(name) if name != whole[2] else 5, at=AT + 1) for name in whole),
        product(f"{L3}_cat.ecsv", L3, 100, at=AT + 1),
        product(f"{A}_cal.fits", A, size(f"{A}_cal.fits"), at=AT + 1),
        product(f"{A}_o001_crf.fits", A, size(f"{A}_o001_crf.fits"), at=AT + 1),
        product(f"{A}_rate.fits", A, len(file(NOW, (50, 50))), at=AT + 1),
        product(f"{A}_rateints.fits", A, 4711, at=AT + 1),
        product(f"{A}_uncal.fits", A, 6, None, at=AT + 1),
        HeaderRecord(f"{A}_cal.fits", "02733", cards={"cal_ver": "1.13.3", "crds_ctx": "jwst_1100.pmap"}, seen=False),
    ]


@pytest.fixture
def folder(graph: Graph, environment: Path, tmp_path: Path) -> Path:
    load_records(graph, records())
    root = tmp_path / "data"
    for path, data in FILES.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(data)
    return root


EXPECTED = {
    f"{L3}_i2d.fits": ("current", "", L3),
    f"a/{L3}_crf.fits": ("outdated", "CAL_VER 1.9.2, MAST has 1.13.3", L3),
    f"a/{A}_cal.fits": ("outdated", "CRDS_CTX jwst_0945.pmap, MAST has jwst_1100.pmap", A),
    f"{A}_o001_crf.fits": ("outdated", f"made with {OLD}, later is {NEW}", A),
    f"{A}_rate.fits": ("damaged", "it is cut: it has 8,640 bytes but its headers describe 11,520", A),
    f"{A}_rateints.fits": ("damaged", "2,880 bytes, MAST has 4,711 with the same CAL_VER 1.13.3", A),
    f"{A}_uncal.fits": ("damaged", "it is not a FITS file", A),
    f"{A}_dark.fits": ("unknown", f"not in the complete list of {A}", A),
    f"{L3}_segm.fits": ("outdated", "it was withdrawn: a later product list of MAST lacks it", L3),
    f"{L3}_x1d.fits": ("unknown", f"not in the complete list of {L3}", L3),
    f"{L3}_cat.ecsv": ("damaged", "3 bytes, MAST has 100", L3),
    "jw09999001001_02101_00001_nrca1_cal.fits": (
        "unknown",
        "program 9999 is not loaded",
        "jw09999001001_02101_00001_nrca1",
    ),
    "notes.txt": ("unknown", "its name is not one of the archive's", ""),
    f"{L3}_c1d.fits": ("missing", "recommended, and not in the folder", L3),
}
NOTE = (
    "note: program 9999 is not loaded, so 1 of the files cannot be compared: `jwgraph sync --program 9999`\n"
    "note: where no headers are loaded, MAST's keywords are of the most calibrated file of each exposure alone: the "
    "CRDS context of 5 of the files cannot be compared\n"
    "14 files: 1 current, 4 outdated, 4 damaged, 1 missing, 4 unknown.\n"
)


def answer(text: str) -> dict[str, tuple[str, str, str]]:
    return {row["file"]: (row["state"], row["reason"], row["obs_id"]) for row in rows(text)}


def test_a_folder_with_a_file_of_each_state(folder: Path, graph: Graph) -> None:
    before = digest(graph)
    done = jwgraph("check", str(folder))
    assert answer(done.stdout) == EXPECTED
    assert (done.returncode, done.stderr) == (6, NOTE)
    assert digest(graph) == before
    assert len(rows(done.stdout)) == len(EXPECTED)


def test_batches_change_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jwgraph_loaders.check.BATCH", 2)
    assert answer(jwgraph("check", str(folder)).stdout) == EXPECTED


def test_from_python_and_as_json(folder: Path, graph: Graph) -> None:
    with library.connect() as g:
        found = g.check(folder)
        assert {row.file: row.state for row in found} == {name: state for name, (state, _, _) in EXPECTED.items()}
        assert [note.command for note in found.info.notes] == ["jwgraph sync --program 9999", ""]
        assert {row.state for row in g.check(folder, select=None)} == {"current", "outdated", "damaged", "unknown"}
        with pytest.raises(UsageError, match="select is one of"):
            g.check(folder, select="all")
    whole = json.loads(jwgraph("check", str(folder), "-f", "json").stdout)
    assert (len(whole["rows"]), len(whole["notes"])) == (14, 2)


def test_what_is_right_or_unknown_is_no_failure(folder: Path, tmp_path: Path) -> None:
    some = tmp_path / "some"
    some.mkdir()
    (some / f"{L3}_i2d.fits").write_bytes(FILES[f"{L3}_i2d.fits"])
    (some / "notes.txt").write_bytes(b"mine")
    done = jwgraph("check", str(some), "--no-missing")
    assert (done.returncode, done.stderr) == (0, "2 files: 1 current, 0 outdated, 0 damaged, 0 missing, 1 unknown.\n")
    assert jwgraph("check", str(some)).returncode == 6
    whole = answer(jwgraph("check", str(some), "--select", "tree").stdout)
    assert whole[f"{A}_rate.fits"] == ("missing", "in the tree, and not in the folder", A)
    assert f"{L3}_segm.fits" not in whole


def test_the_script_fetches_what_is_wrong_to_its_place(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = {path.rpartition("/")[2]: path for path, (state, _, _) in EXPECTED.items() if state in TO_FETCH}
    del wrong[f"{L3}_segm.fits"]
    sizes = {row.filename: row.mast["size"] for row in records() if isinstance(row, ProductRecord)}
    content = {name: b"x" * int(sizes[name] or 0) for name in wrong}
    script = tmp_path / "fix.sh"
    with serving(content) as server:
        monkeypatch.setenv("JWGRAPH_MAST", server.url)
        done = jwgraph("check", str(folder), "--fix", str(script))
        assert done.returncode == 6
        assert f"Skipped {L3}_segm.fits: not archived" in done.stderr
        assert f"Run it as: sh {script} {folder}\n" in done.stderr
        assert jwgraph("check", str(folder), "--fix", str(script)).returncode == 5
        for _ in range(2):
            subprocess.run(["sh", str(script), str(folder)], check=True, capture_output=True)
    assert sorted(name for name, _ in server.asked) == sorted(content)
    assert {name: (folder / path).read_bytes() for name, path in wrong.items()} == content
    # What has the right size, and is wrong, is kept under another name.
    aside = {path.name.split(".fits.")[0]: path.read_bytes() for path in folder.rglob("*.old")}
    assert aside.keys() == {f"{A}_o001_crf", f"{L3}_crf", f"{A}_cal", f"{A}_uncal"}
    assert aside[f"{A}_uncal"] == b"<html>"


def test_links_and_what_cannot_be_read_are_reported(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    some = tmp_path / "some"
    (some / "sub").mkdir(parents=True)
    (some / "out.fits").symlink_to(folder / f"{L3}_i2d.fits")
    (some / "nowhere.fits").symlink_to(some / "nothing")
    (some / "loop").symlink_to(some / "sub")
    os.mkfifo(some / "pipe.fits")
    (some / os.fsdecode(b"\xff.fits")).write_bytes(b"")
    (some / f"{L3}_i2d.fits").write_bytes(b"")
    real = os.scandir

    def refused(path: Path) -> object:
        if Path(path).name == "sub":
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr("jwgraph_loaders.check_files.os.scandir", refused)
    done = jwgraph("check", str(some), "--no-missing")
    assert done.returncode == 6
    assert {name: (state, reason) for name, (state, reason, _) in answer(done.stdout).items()} == {
        "out.fits": ("unknown", "it is a link out of the folder, and was not read"),
        "nowhere.fits": ("unknown", "it is a link that leads nowhere"),
        "pipe.fits": ("unknown", "it is not a regular file"),
        "\\udcff.fits": ("unknown", "its name is not one of the archive's: it holds a character that does not print"),
        f"{L3}_i2d.fits": ("damaged", "it is empty"),
        "sub/": ("unknown", "the folder cannot be read: Permission denied"),
    }
    assert done.stderr.endswith("5 unknown; 1 could not be read.\n")


def test_what_is_no_folder(environment: Path, graph: Graph, tmp_path: Path) -> None:
    assert jwgraph("check", str(tmp_path / "none")).returncode == 2
    (tmp_path / "file").touch()
    assert jwgraph("check", str(tmp_path / "file")).returncode == 2
    (tmp_path / "empty").mkdir()
    done = jwgraph("check", str(tmp_path / "empty"), "--fix", str(tmp_path / "fix.sh"))
    script = f"There is nothing to download: {tmp_path / 'fix.sh'} is not written.\n"
    assert (done.returncode, done.stderr) == (0, f"{tmp_path / 'empty'} has no files.\n{script}")
    assert not (tmp_path / "fix.sh").exists()


def test_versions(folder: Path, graph: Graph, tmp_path: Path) -> None:
    """A later association is known by its name alone; what is newer than the store is not called outdated."""
    load_records(graph, [product(UNREAD, L3, 7, at=AT + 1)])
    some = tmp_path / "some"
    headers: dict[str, dict[str, Any]] = {
        f"1/{L3}_i2d.fits": NOW,
        f"2/{L3}_i2d.fits": NOW | {"CAL_VER": "1.20.0", "ASNTABLE": UNREAD},
        f"3/{L3}_i2d.fits": NOW | {"ASNTABLE": "singleton"},
        f"4/{L3}_i2d.fits": {"TELESCOP": "JWST", "OWN": 1},
    }
    for path, cards in headers.items():
        (some / path).parent.mkdir(parents=True)
        (some / path).write_bytes(file(cards, (4, 4)))
    packed = gzip.compress(FILES[f"{L3}_i2d.fits"])
    (some / f"{L3}_crf.fits.gz").write_bytes(packed)
    (some / f"{L3}_i2d.fits.gz").write_bytes(packed[:40])
    found = answer(jwgraph("check", str(some), "--no-missing").stdout)
    assert {name.replace(L3, ""): each[:2] for name, each in found.items()} == {
        "1/_i2d.fits": ("outdated", f"made with {NEW}, later is {UNREAD}"),
        "2/_i2d.fits": ("current", "newer than what is loaded: CAL_VER 1.20.0, loaded is 1.13.3"),
        "3/_i2d.fits": ("current", ""),
        "4/_i2d.fits": ("current", ""),
        "_crf.fits.gz": ("outdated", f"made with {NEW}, later is {UNREAD}"),
        "_i2d.fits.gz": (
            "damaged",
            "it cannot be unpacked: Compressed file ended before the end-of-stream marker was reached",
        ),
    }
