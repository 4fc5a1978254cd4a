"""The synthetic archive as files: the same bytes for the same seed, names as in the archive of MAST."""

from __future__ import annotations

import csv
import sys
from collections import Counter, defaultdict
from pathlib import Path
from subprocess import check_output

import pytest

from jwgraph.names.grammar import parse
from tests.bench.archive.modes import MODES
from tests.bench.archive.sky import program
from tests.bench.archive.write import Archive, write

PRODUCTS = 20_000
# VmHWM is the peak memory since exec, in kB; unlike ru_maxrss it does not include that of the parent. Linux only.
PEAK = """
import sys
from pathlib import Path
from tests.bench.archive.write import write
write(Path(sys.argv[1]), int(sys.argv[2]))
print(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    return write(tmp_path_factory.mktemp("archive"), PRODUCTS)


def rows(archive: Archive, name: str) -> list[dict[str, str]]:
    found = []
    for path in archive.paths:
        if path.name.startswith(name):
            with path.open(newline="") as file:
                found += list(csv.DictReader(file))
    return found


def content(archive: Archive) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in archive.paths}


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    first, again, other = (write(tmp_path / name, 3_000, seed=seed) for name, seed in (("a", 1), ("b", 1), ("c", 2)))
    assert content(first) == content(again)
    assert content(first).keys() == content(other).keys()
    assert content(first)["products-0000.csv"] != content(other)["products-0000.csv"]


def test_a_smaller_archive_is_the_beginning_of_a_larger_one(tmp_path: Path, archive: Archive) -> None:
    small = write(tmp_path / "small", 3_000)
    assert rows(archive, "products")[: small.rows] == rows(small, "products")


def test_memory_does_not_grow_with_the_archive(tmp_path: Path) -> None:
    def memory(products: int) -> int:
        command = [sys.executable, "-c", PEAK, str(tmp_path / str(products)), str(products)]
        return int(check_output(command, cwd=Path(__file__).parents[2]))

    assert memory(60_000) < 1.2 * memory(15_000)


def test_it_has_the_products_that_are_asked_for(archive: Archive) -> None:
    listed = rows(archive, "products")
    assert len(listed) == archive.rows
    assert len({row["productFilename"] for row in listed}) == archive.products
    # It ends with a whole observation.
    assert PRODUCTS <= archive.products < PRODUCTS + 5_000


def test_every_name_is_a_name_of_jwst_in_its_observation(archive: Archive) -> None:
    wrong = set()
    for row in rows(archive, "products"):
        name = parse(row["productFilename"])
        owned = name.form not in ("exposure", "stage3") or name.obs_id == row["obs_id"]
        # A pool has the level of the row that lists it.
        level = name.calib_level is None or name.form == "pool" or str(name.calib_level) == row["calib_level"]
        if not (name.recognised and owned and level):
            wrong.add(row["productFilename"])
    assert wrong == set()


def test_every_mode_comes(archive: Archive) -> None:
    seen = {exposure.mode.name for place in range(60) for field in program(1, place)[1] for exposure in field.exposures}
    assert seen == {mode.name for mode in MODES}


def test_what_makes_an_archive_comes(archive: Archive) -> None:
    listed = rows(archive, "products")
    forms = Counter(parse(row["productFilename"]).form for row in listed)
    assert forms.keys() == {"exposure", "stage3", "association", "pool", "guide_star", "msa"}
    versions = defaultdict(set)
    parents = defaultdict(set)
    for row in listed:
        if row["prvversion"]:
            versions[row["productFilename"]].add(row["prvversion"])
        parents[row["productFilename"]].add(row["parent_obsid"])
    assert max(map(len, versions.values())) == 2, "some programs were processed again"
    assert max(map(len, parents.values())) > 1, "some files are listed under several parents"
    levels = {row["calib_level"] for row in rows(archive, "observations")}
    assert levels == {"-1", "2", "3"}


def test_reference_files_are_shared(archive: Archive) -> None:
    users: defaultdict[str, set[str]] = defaultdict(set)
    by_file: Counter[str] = Counter()
    for row in rows(archive, "references"):
        users[row["reference"]].add(row["productFilename"])
        by_file[row["productFilename"]] += 1
    # Of the 26 to 29 keywords of a real header, 11 to 16 name a file.
    assert set(by_file.values()) <= set(range(11, 17))
    assert max(map(len, users.values())) > 300
    assert len(users) < len(by_file)
