"""Versions of associations, what differs between two, stale files, and events."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from jwgraph.answers import associations, events, lineage, missing, observations
from jwgraph.errors import NotFoundError, UsageError
from jwgraph.model.records import HeaderRecord, ProductRecord
from jwgraph.store.digest import digest
from jwgraph.store.graph import Graph
from tests.support.builders import archived, asn
from tests.support.store import load_records, nodes, wipe

L3 = "jw02733-o001_t001_nircam_clear-f090w"
A, B, C = (f"jw02733001001_02101_0000{n}_nrca1_cal.fits" for n in (1, 2, 3))
V1 = "jw02733-o001_20220710t161010_image3_001_asn.json"
V2 = "jw02733-o001_20230710t161010_image3_00009_asn.json"
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


@pytest.fixture
def two(graph: Graph) -> Graph:
    """Return a store with two versions of one association."""
    load_records(
        graph,
        [
            asn(V1, "image3", {L3: {A: "science", B: "science"}}),
            asn(V2, "image3", {L3: {A: "background", C: "science"}}, version_id="20230710T161010"),
            *archived(f"{L3}_i2d.fits", A, B, C),
        ],
    )
    return graph


def test_the_newer_holds_and_the_older_is_kept(two: Graph) -> None:
    assert nodes(two, "Association", "filename", "superseded_by") == {(V1, V2), (V2, None)}
    assert {row.productFilename for row in lineage.lineage(two, f"{L3}_i2d.fits", up=True)} == {A, C}
    assert [row.obs_id for row in observations.observations(two)] == [L3, B.removesuffix("_cal.fits")]
    assert {row.expname for row in associations.members(two, V1)} == {A, B}


@pytest.mark.parametrize("name", [V1, V2, L3, f"{L3}_i2d.fits"])
def test_the_history_of_any_name_is_that_of_the_association(two: Graph, name: str) -> None:
    assert associations.history(two, name) == [
        associations.HistoryRow(V2, "20230710T161010", None, loaded=True, withdrawn=False),
        associations.HistoryRow(V1, "20220710t161010", V2, loaded=True, withdrawn=False),
    ]


def test_a_name_without_association_has_no_history(two: Graph) -> None:
    with pytest.raises(NotFoundError, match="No association is named"):
        associations.history(two, "jw02733-o009_t001_nircam_clear-f090w")


def test_diff_lists_members_in_and_out_and_roles(two: Graph) -> None:
    assert associations.diff(two, V1, V2) == [
        associations.DiffRow("role changed", A, "science", "background"),
        associations.DiffRow("removed", B, "science", None),
        associations.DiffRow("added", C, None, "science"),
    ]
    assert associations.diff(two, V2, V2) == []


def test_diff_needs_both_contents(two: Graph) -> None:
    load_records(two, [HeaderRecord(A, asntable="jw02733-o001_20240710t161010_image2_00001_asn.json")])
    with pytest.raises(NotFoundError, match="load the association file itself"):
        associations.diff(two, V1, "jw02733-o001_20240710t161010_image2_00001_asn.json")
    with pytest.raises(NotFoundError, match="There is no product"):
        associations.diff(two, V1, "jw02733-o001_20250710t161010_image3_00001_asn.json")


def test_a_file_made_by_a_superseded_association_is_stale(two: Graph) -> None:
    with pytest.raises(NotFoundError, match="unknown: no headers are loaded"):
        associations.stale(two)
    # The older association need not be loaded: its name has candidate, type and version.
    elder = V1.replace("2022", "2021")
    load_records(two, [HeaderRecord(f"{L3}_segm.fits", asntable=elder, cards={"cal_ver": "1.2.3"})])
    assert associations.stale(two) == [
        associations.StaleRow(f"{L3}_segm.fits", L3, elder, V2, "1.2.3", None, "association")
    ]
    load_records(two, [HeaderRecord(f"{L3}_segm.fits", asntable=V2, cards={"cal_ver": "1.9.2"})])
    load_records(two, [HeaderRecord(f"{L3}_i2d.fits", asntable=V1, cards={"cal_ver": "1.9.2"})])
    assert associations.stale(two) == [
        associations.StaleRow(f"{L3}_i2d.fits", L3, V1, V2, "1.9.2", None, "association")
    ]
    with pytest.raises(NotFoundError, match="unknown: no headers are loaded for program 1234"):
        associations.stale(two, program="01234")
    load_records(two, [HeaderRecord(f"{L3}_i2d.fits", asntable=V2, cards={"cal_ver": "1.13.3"})])
    assert associations.stale(two) == []


def test_an_observation_comes_before_a_candidate_and_that_before_a_discovered_one(graph: Graph) -> None:
    def candidate(asn_id: str, *members: str) -> tuple[str, str]:
        return f"jw02733-{asn_id}_20220710t161010_image3_00001_asn.json", f"jw02733-{asn_id}_t001_nircam_clear-f090w"

    records = []
    for asn_id, members in (("o001", (A, B)), ("c1001", (B, A)), ("a3001", (A, B)), ("c1002", (A, C))):
        filename, product = candidate(asn_id)
        records.append(asn(filename, "image3", {product: dict.fromkeys(members, "science")}, asn_id=asn_id))
    load_records(graph, records)
    assert nodes(graph, "Association", "asn_id", "duplicate_of", "superseded_by") == {
        ("o001", None, None),
        ("c1001", candidate("o001")[0], None),
        ("a3001", candidate("o001")[0], None),
        ("c1002", None, None),
    }
    assert {row.product for row in missing.missing(graph)} == {candidate("o001")[1], candidate("c1002")[1]}
    # What is archived is made of its members, whoever else could have been made of them.
    made = candidate("c1001")[1]
    load_records(graph, archived(f"{made}_i2d.fits", A, B))
    assert {row.productFilename for row in lineage.lineage(graph, f"{made}_i2d.fits", up=True)} == {A, B}


def mast(filename: str, version: str, rights: str = "PUBLIC") -> ProductRecord:
    return ProductRecord(filename, mast={"prvversion": version, "dataRights": rights})


def reported_events(graph: Graph, since: datetime = LONG_AGO) -> set[tuple[str, str | None, str | None]]:
    return {(row.event, row.productFilename, row.detail) for row in events.events(graph, since=since)}


def test_events_are_new_reprocessed_and_public(graph: Graph) -> None:
    load_records(graph, [mast(A, "1.9.2", "EXCLUSIVE_ACCESS"), HeaderRecord(B, cards={"crds_ctx": "jwst_1000.pmap"})])
    first = ("first load", None, "2 files of program 02733")
    assert reported_events(graph) == {first}
    load_records(graph, [mast(A, "1.9.2"), HeaderRecord(B, asntable=V1, cards={"crds_ctx": "jwst_1100.pmap"})])
    assert reported_events(graph) == {
        first,
        ("public", A, None),
        ("reprocessed", B, "CRDS_CTX jwst_1000.pmap to jwst_1100.pmap"),
    }
    load_records(graph, [mast(A, "1.13.3")])
    assert ("reprocessed", A, "CAL_VER 1.9.2 to 1.13.3") in reported_events(graph)
    load_records(graph, [mast(C, "1.13.3")])
    assert reported_events(graph) >= {first, ("new", C, None)}


def test_each_program_has_a_first_load_of_its_own(graph: Graph) -> None:
    other = A.replace("02733", "01234")
    load_records(graph, [mast(A, "1.9.2"), ProductRecord("notes.txt", seen=True)])
    load_records(graph, archived(other))
    assert reported_events(graph) == {
        ("first load", None, "1 file of program 02733"),
        ("first load", None, "1 file of program 01234"),
        ("first load", None, "1 file without a program"),
    }
    assert [row.detail for row in events.events(graph, since=LONG_AGO, program="01234")] == ["1 file of program 01234"]


def test_a_version_that_comes_later_is_an_event_of_the_one_that_it_supersedes(graph: Graph) -> None:
    load_records(graph, [asn(V1, "image3", {L3: {A: "science"}}), *archived(A)])
    load_records(graph, [asn(V2, "image3", {L3: {A: "science"}}, version_id="20230710T161010")])
    assert reported_events(graph) >= {("superseded", V1, V2), ("new", V2, None)}


def test_an_older_row_is_no_event(graph: Graph) -> None:
    load_records(graph, [mast(A, "1.13.3")])
    load_records(graph, [mast(A, "1.9.2", "EXCLUSIVE_ACCESS")])
    assert reported_events(graph) == {("first load", None, "1 file of program 02733")}


def test_events_since_a_moment(graph: Graph) -> None:
    load_records(graph, archived(B))
    load_records(graph, archived(A))
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    with pytest.raises(NotFoundError, match="unknown: nothing was loaded in that time"):
        events.events(graph, since=tomorrow)
    _, row = events.events(graph, since=LONG_AGO, program="02733")
    assert datetime.fromisoformat(row.at) <= datetime.now(UTC)
    assert row.obs_id == A.removesuffix("_cal.fits")
    with pytest.raises(NotFoundError, match="unknown: nothing of program 1234 is loaded"):
        events.events(graph, since=LONG_AGO, program="01234")


def test_events_are_not_part_of_the_digest(graph: Graph) -> None:
    load_records(graph, [mast(A, "1.9.2", "EXCLUSIVE_ACCESS")])
    load_records(graph, [mast(A, "1.13.3")])
    in_two_steps = digest(graph)
    wipe(graph)
    load_records(graph, [mast(A, "1.13.3"), mast(A, "1.9.2", "EXCLUSIVE_ACCESS")])
    assert digest(graph) == in_two_steps


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-01", datetime(2026, 11, 1, tzinfo=UTC)),
        ("2026-11-01T12:00:00Z", datetime(2026, 11, 1, 12, tzinfo=UTC)),
        ("7d", datetime(2026, 10, 25, tzinfo=UTC)),
        ("12h", datetime(2026, 10, 31, 12, tzinfo=UTC)),
    ],
)
def test_moments(text: str, expected: datetime) -> None:
    assert events.moment(text, datetime(2026, 11, 1, tzinfo=UTC)) == expected


@pytest.mark.parametrize("text", ["", "yesterday", "7", "d", "99999999d"])
def test_what_is_no_moment(text: str) -> None:
    with pytest.raises(UsageError, match=f"{text!r} is not a time: give a date"):
        events.moment(text)
