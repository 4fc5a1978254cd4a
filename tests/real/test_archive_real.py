"""The synthetic archive beside real lists of MAST: the same files for an exposure, the same shares of what there is.

Tolerances are in the tests. What complete lists there are is of MOS and SOSS; headers are of all instruments.
"""

from __future__ import annotations

import csv
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from statistics import median

import pytest

from jwgraph.names.grammar import parse
from tests.bench.archive.listing import PRODUCTS, Listing
from tests.bench.archive.sky import Field, program

pytestmark = pytest.mark.real

MOS, SOSS = "jw05224-o004_parent_254258368.csv", "soss2022_part.csv"
PROGRAMS = 120
Line = dict[str, str]
Kind = tuple[str, str, str, str, str]


def fields(mode: str) -> Iterator[tuple[Listing, Field]]:
    """Yield the observations of one mode, of many programs, where Stage 3 made something and no list is doubled."""
    for place in range(PROGRAMS):
        found, observed = program(1, place)
        for field in observed:
            modes = {exposure.mode.name for exposure in field.exposures}
            made = field.stage3 and all(each.made for association in field.stage3 for each in association.combined)
            if modes == {mode} and made and not field.guided:
                yield Listing(found, place, len(found.stamps) - 1), field


def of_mode(mode: str) -> list[Line]:
    """Return the rows of the list of the first Level 3 Observation of each of them."""
    found = []
    for listing, field in fields(mode):
        rows = [dict(zip(PRODUCTS, map(str, row), strict=True)) for row in listing.products(field)]
        first = listing.number(field.stage3[0].combined[0].obs_id)
        found += [row for row in rows if row["parent_obsid"] == str(first)]
    assert found
    return found


def real(shared: Path, name: str) -> list[Line]:
    with (shared / "mast" / "products" / name).open(newline="") as file:
        return list(csv.DictReader(file))


def kind(row: Line) -> Kind:
    name = parse(row["productFilename"])
    end = row["productFilename"].rsplit(".", 1)[-1]
    return name.form, name.suffix, end, row["productType"], row["calib_level"]


def kinds(rows: Iterable[Line]) -> dict[str, Counter[Kind]]:
    """Count the kinds of files of each Observation; a pool has the level of its Observation."""
    found: defaultdict[str, Counter[Kind]] = defaultdict(Counter)
    for row in rows:
        found[row["obs_id"]][kind(row)] += 1
    return found


def shares(rows: Iterable[Line], column: str) -> dict[str, float]:
    counts = Counter(row[column] for row in rows)
    return {value: number / counts.total() for value, number in counts.items()}


def exact(rows: Iterable[Line]) -> set[frozenset[tuple[Kind, int]]]:
    """Return what sorts of Observations there are, by the kinds of their files."""
    return {frozenset(each.items()) for each in kinds(rows).values()}


def test_observations_of_mos_have_the_files_of_real_ones(shared: Path) -> None:
    """Exactly: exposures of spectra, target acquisition, and Level 3."""
    listed = real(shared, MOS)
    assert len(exact(listed)) == 3
    assert exact(of_mode("nirspec mos")) == exact(listed)


def test_exposures_of_soss_have_the_files_of_real_ones(shared: Path) -> None:
    """The commonest sort of exposure of a spectrum; some real ones lack the pool, which their list has elsewhere."""
    listed = [row for row in real(shared, SOSS) if row["dataproduct_type"] == "spectrum" or row["calib_level"] == "1"]
    ours = of_mode("niriss soss")
    spectra = {frozenset(each) for each in kinds(ours).values() if any(key[1] == "x1dints" for key in each)}
    exposures = {each for each in spectra if any(key[0] == "exposure" for key in each)}
    (own,) = exposures
    commonest = Counter(
        frozenset(each) for each in kinds(listed).values() if any(key[:2] == ("exposure", "crfints") for key in each)
    ).most_common(1)[0][0]
    without = {key for key in commonest if key[0] not in ("guide_star", "pool")}
    assert {key for key in own if key[0] != "pool"} == without


@pytest.mark.parametrize(("mode", "name", "tolerance"), [("nirspec mos", MOS, 0.03), ("niriss soss", SOSS, 0.06)])
@pytest.mark.parametrize("column", ["productType", "calib_level"])
def test_the_shares_of_types_and_levels(shared: Path, mode: str, name: str, tolerance: float, column: str) -> None:
    """Guide-star files aside, of which one real list has many and the other none."""
    listed = [row for row in real(shared, name) if parse(row["productFilename"]).form != "guide_star"]
    expected, found = shares(listed, column), shares(of_mode(mode), column)
    assert found.keys() == expected.keys()
    assert found == pytest.approx(expected, abs=tolerance)


def test_files_are_listed_under_several_observations_as_often(shared: Path) -> None:
    """In a list of one Level 3 Observation, pool and MSA metadata come with each exposure: rows a file, ± a tenth."""
    listed, ours = real(shared, MOS), of_mode("nirspec mos")

    def rows_a_file(rows: list[Line]) -> float:
        lists: defaultdict[str, list[str]] = defaultdict(list)
        for row in rows:
            lists[row["parent_obsid"]].append(row["productFilename"])
        return median(len(names) / len(set(names)) for names in lists.values())

    assert rows_a_file(ours) == pytest.approx(rows_a_file(listed), rel=0.1)


def test_reference_files_of_a_calibrated_file(shared: Path) -> None:
    """How many keywords name a file: the median of real calibrated files, within three."""
    real_counts = []
    for path in (shared / "headers").glob("*_cal.fits.json"):
        cards = json.loads(path.read_text(encoding="utf-8"))["hdus"][0]["cards"]
        named = [card for card in cards if str(card[0]).startswith("R_") and card[1] not in ("N/A", None, "")]
        real_counts += [len(named)] if named else []
    ours: list[int] = []
    for mode in ("nircam imaging", "miri imaging", "niriss imaging"):
        for listing, field in fields(mode):
            ours += Counter(row[0] for row in listing.references(field)).values()
    assert median(ours) == pytest.approx(median(real_counts), abs=3)


def test_members_of_associations_of_images(shared: Path) -> None:
    """The median number of members, between the first and the last tenth of real associations with several."""
    counts = []
    for path in (shared / "associations" / "real").rglob("*.json"):
        content = json.loads(path.read_text(encoding="utf-8"))
        products = content.get("products", []) if isinstance(content, dict) else []
        counts += [len(product["members"]) for product in products if len(product["members"]) > 2]
    counts.sort()
    ours = [len(each.members) for _, field in fields("nircam imaging") for each in field.stage3]
    assert counts[len(counts) // 10] <= median(ours) <= counts[len(counts) * 9 // 10]


def test_instruments_and_exposure_types_are_those_of_keyword_rows(shared: Path) -> None:
    ours = set()
    for place in range(PROGRAMS):
        found, observed = program(1, place)
        listing = Listing(found, place, 0)
        ours |= {(row[10], row[9]) for field in observed for row in listing.keywords(field)}
    seen = set()
    for path in (shared / "mast" / "keywords").glob("*.csv"):
        with path.open(newline="") as file:
            seen |= {(row["instrume"], row["exp_type"]) for row in csv.DictReader(file)}
    # The rows of images are of programs with those alone; those of spectra are of MOS.
    assert seen <= ours
