"""Reading in worker processes gives what reading here gives, whatever becomes of the workers."""

from __future__ import annotations

import io
import multiprocessing
import os
import tarfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from jwgraph.errors import UsageError
from jwgraph.model.records import HeaderRecord, Problem, ProductRecord, Record
from jwgraph_loaders import file_list, fits_headers
from jwgraph_loaders.base import Loader, Source
from jwgraph_loaders.find import read
from jwgraph_loaders.find.detect import detect
from jwgraph_loaders.find.read import Account, _Workers, read_all


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


def among(monkeypatch: pytest.MonkeyPatch, *loaders: Loader) -> None:
    found: Callable[..., Loader | Problem] = detect
    monkeypatch.setattr(read, "detect", lambda source: found(source, loaders))


@pytest.fixture(autouse=True)
def _early(monkeypatch: pytest.MonkeyPatch) -> None:
    among(monkeypatch, fits_headers.FITS, file_list.LOADER)
    monkeypatch.setattr(read, "POOL_FROM", 4)
    monkeypatch.setattr(read, "BATCH", 4)


def everything(folder: Path, processes: int | None) -> tuple[Counter[str], Counter[str]]:
    records, counts = read_all([str(folder)], processes=processes)
    return Counter(map(repr, records)), counts


class Pids:
    """A loader that tells which process read."""

    name = "pids"
    summary = "Processes."
    parallel = True

    def detect(self, source: Source) -> bool:
        return True

    def read(self, source: Source) -> Iterator[Record | Problem]:
        yield Problem(source.name, None, str(os.getpid()))


class Dying(Pids):
    """A loader that ends the process it reads in, where that is a worker."""

    def read(self, source: Source) -> Iterator[Record | Problem]:
        if multiprocessing.parent_process() is not None:
            os._exit(1)
        yield Problem(source.name, None, "read")


def test_workers_give_what_is_read_here(folder: Path) -> None:
    records, counts = everything(folder, 2)
    assert (records, counts) == everything(folder, 1)
    assert counts == {"fits_headers": 52, "names": 1, "rejected": 1}
    assert sum(record.startswith("HeaderRecord(") for record in records.elements()) == 42
    assert sum("EXPSTART" in record for record in records.elements()) == 10


def test_files_are_read_by_workers_and_members_of_archives_are_not(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    among(monkeypatch, Pids())
    records, _ = read_all([str(folder)], processes=2)
    readers = {item.source: item.reason for item in records if isinstance(item, Problem)}
    here = {source for source, process in readers.items() if process == str(os.getpid())}
    assert {f"{folder}/x.tar!m1.fits", f"{folder}/x.tar!m2.fits"} <= here
    # Four before the workers begin, and what is over when they have enough to do.
    assert len(set(readers.values())) > 1
    assert len(readers) == 54


def test_a_worker_that_dies_costs_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    among(monkeypatch, Dying())
    records, counts = read_all([str(folder)], processes=2)
    assert Counter(item.reason for item in records if isinstance(item, Problem)) == {"read": 53, "empty file": 1}
    assert counts == {"pids": 53, "rejected": 1}


def refuse(*_: Any, **__: Any) -> None:
    raise NotImplementedError("no semaphores")


@pytest.mark.parametrize("processes", [0, 1, 2])
def test_a_system_without_workers_reads_all_the_same(
    folder: Path, monkeypatch: pytest.MonkeyPatch, processes: int
) -> None:
    monkeypatch.setattr(read, "ProcessPoolExecutor", refuse)
    assert everything(folder, processes)[1]["fits_headers"] == 52


def test_a_system_that_starts_no_more_processes(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    submit = ProcessPoolExecutor.submit
    given = iter([submit, submit])

    def fail(pool: ProcessPoolExecutor, *arguments: Any) -> Any:
        work = next(given, None)
        if work is None:
            raise BlockingIOError(11, "Resource temporarily unavailable")
        return work(pool, *arguments)

    monkeypatch.setattr(ProcessPoolExecutor, "submit", fail)
    assert everything(folder, 2) == everything(folder, 1)


def test_few_files_start_no_workers(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read, "POOL_FROM", 50)
    monkeypatch.setattr(read, "_pool", lambda _processes: pytest.fail("workers were started"))
    assert everything(folder, 2)[1]["fits_headers"] == 52


def test_what_is_in_flight_is_bounded(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Workers that never answer get four batches; the others are read here."""

    class Stalled:
        def __init__(self, *_: Any, **__: Any) -> None:
            self.batches: list[Future[list[Any]]] = []

        def submit(self, _work: Any, tasks: Sequence[Any]) -> Future[list[Any]]:
            self.batches.append(Future())
            assert len(tasks) <= 4
            return self.batches[-1]

        def shutdown(self, *, cancel_futures: bool) -> None:
            assert cancel_futures

    monkeypatch.setattr(read, "ProcessPoolExecutor", Stalled)
    workers = _Workers(2)
    here = [
        item
        for number in range(100)
        for item in workers.read(fits_headers.FITS, Source("x", "x", b"", lambda: io.BytesIO(fits("x.fits")), True))
    ]
    assert len(workers._flying) == 4
    assert len([item for item in here if isinstance(item, HeaderRecord)]) == 100 - 4 * 4
    workers.stop()


def test_a_reader_that_stops_early_ends_the_workers(folder: Path) -> None:
    records, _ = read_all([str(folder)], processes=2)
    assert isinstance(records, Iterator)
    for _ in range(20):
        next(records)
    records.close()  # type: ignore[attr-defined]
    assert not multiprocessing.active_children()


def test_a_path_that_does_not_exist_is_told_at_once(tmp_path: Path) -> None:
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
    accounts: list[Account] = []
    records, _ = read_all([str(tmp_path)], on_source=accounts.append)
    found = list(records)
    assert {item.filename for item in found if isinstance(item, ProductRecord)} == {
        f"{root}_i2d.jpg",
        f"{root}_cat.ecsv",
    }
    assert sum(isinstance(item, Problem) for item in found) == 3
    assert {account.loader for account in accounts} >= {"files", None}
