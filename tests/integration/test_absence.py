"""What is promised and not there, and why: on small graphs, and on every pool with what the pipeline made of it."""

from __future__ import annotations

import json
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from jwgraph.answers import missing, observations, why
from jwgraph.errors import NotFoundError
from jwgraph.model.records import ObservationRecord, PoolRow, ProductRecord, Record
from jwgraph.store.graph import Graph
from jwgraph_loaders import association, pool
from jwgraph_loaders.base import Source
from tests.support.builders import archived, asn
from tests.support.store import load_records, wipe

pytestmark = pytest.mark.server_versions

POOL = "jw02733_20220710t161010_pool.csv"
L3 = "jw02733-o001_t001_nircam_clear-f090w"
ASN = "jw02733-o001_20220710t161010_image3_00001_asn.json"
A, B, C = (f"jw0273300100{visit}_02101_0000{n}_nrca1" for visit, n in ((1, 1), (1, 2), (2, 1)))


def image3(*exposures: str) -> Record:
    return asn(ASN, "image3", {L3: {f"{root}_cal.fits": "science" for root in exposures}})


def plan(root: str, **columns: str) -> PoolRow:
    known = {"obs_num": "1", "visit": root[12], "exp_type": "NRC_IMAGE"}
    return PoolRow(POOL, f"{root}_uncal.fits", "02733", ("o001",), known | columns)


def rows(graph: Graph, **options: Any) -> list[tuple[str, str, str | None, tuple[str, ...]]]:
    found = missing.missing(graph, **options)
    return [(row.product, row.state, row.reason, tuple(row.members_missing)) for row in found]


def test_nothing_is_archived_and_the_pool_plans_it(graph: Graph) -> None:
    load_records(graph, [image3(A, B), plan(A), plan(B)])
    (row,) = missing.missing(graph)
    assert row == missing.MissingRow(
        product=L3,
        obs_id=L3,
        association=ASN,
        state="expected",
        reason="not executed yet",
        evidence=f"{A}, {B} planned in {POOL}",
        members_missing=[f"{A}_cal.fits", f"{B}_cal.fits"],
        productLevel="3",
    )
    assert [(row.obs_id, row.state) for row in observations.observations(graph)] == [(L3, "expected")]


def test_one_of_the_visit_never_arrived(graph: Graph) -> None:
    load_records(graph, [image3(A, B), plan(A), plan(B), *archived(f"{A}_cal.fits")])
    assert rows(graph) == [(L3, "expected", "failed exposure", (f"{B}_cal.fits",))]
    assert [row.obs_id for row in observations.observations(graph)] == [A]


def test_the_other_visit_is_not_executed_yet(graph: Graph) -> None:
    load_records(graph, [image3(A, C), plan(A), plan(C), *archived(f"{A}_cal.fits")])
    assert rows(graph) == [(L3, "expected", "not executed yet", (f"{C}_cal.fits",))]


def test_mast_plans_it(graph: Graph) -> None:
    planned = ObservationRecord("jw02733001002_xx101_00001_nircam", 1, "02733", -1)
    load_records(graph, [image3(A, C), planned, *archived(f"{A}_cal.fits")])
    (row,) = missing.missing(graph, program="02733")
    assert (row.reason, row.evidence) == (
        "not executed yet",
        "MAST lists jw02733001002_xx101_00001_nircam as planned (calib_level -1)",
    )
    assert {row.obs_id: row.state for row in observations.observations(graph, include_exposures=True)} == {
        L3: "expected",
        A: "archived",
        C: "expected",
        "jw02733001002_xx101_00001_nircam": "planned",
    }


def test_darks_are_a_calibration_program(graph: Graph) -> None:
    load_records(graph, [image3(A), plan(A, exp_type="NRC_DARK")])
    assert rows(graph) == [(L3, "expected", "calibration program", (f"{A}_cal.fits",))]


def test_what_is_there_is_listed_only_when_asked_for(graph: Graph) -> None:
    load_records(graph, [image3(A), *archived(f"{L3}_segm.fits")])
    assert rows(graph) == []
    assert rows(graph, include_archived=True) == [(L3, "archived", None, (f"{A}_cal.fits",))]


def test_mast_lists_the_level_3_itself(graph: Graph) -> None:
    load_records(graph, [image3(A), ObservationRecord(L3, 7, "02733", 3)])
    assert rows(graph) == []
    assert [(row.obs_id, row.state, row.calib_level) for row in observations.observations(graph)] == [
        (L3, "archived", 3)
    ]


def test_one_observation_and_one_program(graph: Graph) -> None:
    other = "jw02733-o002_t001_nircam_clear-f090w"
    second = asn(ASN.replace("o001", "o002"), "image3", {other: {f"{B}_cal.fits": "science"}}, asn_id="o002")
    load_records(graph, [image3(A), second])
    assert [row[0] for row in rows(graph)] == [L3, other]
    assert [row[0] for row in rows(graph, obs_id=L3)] == [L3]
    assert [row[0] for row in rows(graph, obs_id=B)] == [other]
    with pytest.raises(NotFoundError, match="unknown: no association of program 1234 is loaded"):
        missing.missing(graph, program="01234")
    with pytest.raises(NotFoundError, match="no Observation"):
        missing.missing(graph, obs_id="jw09999-o001_t001_nircam_clear-f090w")


def test_a_superseded_association_promises_nothing(graph: Graph) -> None:
    later = asn(ASN.replace("2022", "2023"), "image3", {L3: {f"{A}_cal.fits": "science"}}, version_id="20230710t161010")
    load_records(graph, [image3(A, B), later])
    assert [(row.association, row.members_missing) for row in missing.missing(graph)] == [
        (ASN.replace("2022", "2023"), [f"{A}_cal.fits"])
    ]


def because(graph: Graph, name: str) -> dict[tuple[str, str], tuple[str, str]]:
    return {(row.subject, row.question): (row.answer, row.because) for row in why.why(graph, name)}


def test_why_an_observation_is_as_it_is(graph: Graph) -> None:
    files = [f"{L3}_i2d.fits", f"{L3}_i2d.jpg", f"{A}_uncal.fits", f"{A}_cal.fits"]
    flagged = ProductRecord(f"{L3}_segm.fits", L3, 7, 7, 3, False, {"productType": "AUXILIARY"})
    load_records(graph, [image3(A), *archived(*files), flagged])
    reported = because(graph, L3)
    assert reported[L3, "state"] == ("archived", "3 of its 5 files are there")
    assert reported[L3, "level"] == ("3", f"Stage 3 makes it: {ASN}")
    assert reported[L3, "listed"] == ("yes", "no Observation with a product that is there includes it")
    assert reported[f"{L3}_i2d.fits", "recommended"] == (
        "yes",
        "it is the Observation's own product, and neither a preview nor a guide-star file",
    )
    assert reported[f"{L3}_i2d.jpg", "recommended"] == ("no", "previews are never recommended")
    assert reported[f"{L3}_segm.fits", "recommended"][1].endswith("MAST's flag differs: no")
    below = because(graph, A)
    assert below[A, "listed"] == ("no", f"included in {L3}")
    assert below[A, "included in"] == (L3, "by association, as science")
    for name in (f"{A}_uncal.fits", f"{A}_cal.fits"):
        answer, reason = below[name, "recommended"]
        assert answer == "yes"
        assert reason.endswith(f"; that is of this Observation alone, and the Portal shows it in {L3}")


def test_why_of_a_file_is_that_of_its_observation_and_itself(graph: Graph) -> None:
    load_records(graph, archived(f"{A}_rate.fits", f"{A}_uncal.fits"))
    reported = because(graph, f"{A}_rate.fits")
    assert reported[f"{A}_rate.fits", "recommended"][0] == "yes"
    assert (f"{A}_uncal.fits", "recommended") not in reported
    with pytest.raises(NotFoundError):
        why.why(graph, "nothing_of_the_kind_cal.fits")


@pytest.mark.parametrize(
    ("columns", "reason"),
    [
        ({"exp_type": "NRC_DARK"}, "calibration program"),
        ({"exp_type": "NRC_FOCUS"}, "engineering program"),
        ({"exposerr": "unsuccessful"}, "failed exposure"),
        ({}, "not executed yet"),
        ({"template": "NIRCam Engineering Imaging"}, "engineering program"),
    ],
)
def test_why_an_exposure_has_no_level_3(graph: Graph, columns: dict[str, str], reason: str) -> None:
    load_records(graph, [plan(A, **columns)])
    assert because(graph, A)[A, "no Level 3"][0] == reason


# --- every pool with what the pipeline makes of it -------------------------------------------------------------------

MAIN = {
    "image2": "cal",
    "spec2": "cal",
    "wfs-image2": "cal",
    "nrslamp-spec2": "cal",
    "tso-image2": "calints",
    "tso-spec2": "calints",
    "image3": "i2d",
    "spec3": "s2d",
    "tso3": "x1dints",
    "coron3": "i2d",
    "ami3": "aminorm-oi",
    "wfs-image3": "wfscmb",
}


def generated(path: Path) -> Iterator[tuple[str, bytes]]:
    with tarfile.open(path) as archive:
        for member in archive:
            file = archive.extractfile(member) if member.name.endswith("_asn.json") else None
            if file is not None:
                yield Path(member.name).name, file.read()


def promised(content: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield each product name, and the name of one file that keeps its promise; templates stand for one source."""
    for product in content["products"]:
        suffix = MAIN[content["asn_type"]]
        root = product["name"].replace("{source_id}", "s000000001").replace("{slit_name}", "s200a1")
        yield product["name"], root.replace("{suffix}", suffix) if "{suffix}" in root else f"{root}_{suffix}"


@pytest.mark.real
def test_every_pool_misses_exactly_what_its_associations_promise(graph: Graph, shared: Path) -> None:
    archives = sorted((shared / "associations" / "generated").iterdir())
    assert len(archives) == 50
    for archive in archives:
        wipe(graph)
        contents = dict(generated(archive))
        name = archive.name.replace(".tar.gz", ".csv")
        records = list(pool.LOADER.read(Source.from_bytes(name, (shared / "pools" / name).read_bytes())))
        for filename, data in contents.items():
            records += association.LOADER.read(Source.from_bytes(filename, data))
        load_records(graph, records)
        promises = [pair for data in contents.values() for pair in promised(json.loads(data))]
        found = missing.missing(graph)
        assert {row.product for row in found} == {product for product, _ in promises}, archive.name
        assert "unknown" not in {row.reason for row in found}, archive.name
        load_records(graph, archived(*(f"{root}.fits" for _, root in promises)))
        assert missing.missing(graph) == [], archive.name


@pytest.mark.real
def test_without_one_member_the_level_3_is_expected_and_the_others_are_listed(graph: Graph, shared: Path) -> None:
    stem = "pool_002_image_miri"
    contents = dict(generated(shared / "associations" / "generated" / f"{stem}.tar.gz"))
    records = list(pool.LOADER.read(Source.from_bytes(f"{stem}.csv", (shared / "pools" / f"{stem}.csv").read_bytes())))
    for filename, data in contents.items():
        records += association.LOADER.read(Source.from_bytes(filename, data))
    level3s = {
        product["name"]: [Path(member["expname"]).name for member in product["members"]]
        for content in map(json.loads, contents.values())
        for product in content["products"]
        if content["asn_type"] == "image3"
    }
    level3, members = min(level3s.items())
    gone = members[0].removesuffix("_cal.fits")
    names = {root for data in contents.values() for _, root in promised(json.loads(data))}
    kept = sorted(f"{name}.fits" for name in names if not name.startswith((gone, level3)))
    load_records(graph, [*records, *archived(*kept)])

    assert {row.product: row.reason for row in missing.missing(graph)} == {
        level3: "failed exposure",
        gone: "failed exposure",
    }
    # The other exposures of the Level 3 are listed on their own, beside the Level 3 that are whole.
    others = {member.removesuffix("_cal.fits") for member in members[1:]}
    assert {row.obs_id for row in observations.observations(graph)} == others | (level3s.keys() - {level3})
    reported = why.why(graph, level3)
    assert [row.answer for row in reported if row.question == "state"] == ["expected"]
    assert [row.answer for row in reported if row.question == "member missing"] == [members[0]]
    assert any(gone in row.because for row in reported if row.question == "missing")
