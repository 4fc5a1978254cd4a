"""What `cypher/derive` makes of records is what the rules of docs/graph.md say, written once more in Python."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jwgraph.model.records import AsnProduct, AssociationRecord, Member, ProductRecord, Record
from jwgraph.store.graph import Graph
from tests.support.builders import archived, asn
from tests.support.store import edges, load_records, nodes, wipe
from tests.support.stored import differences
from tests.support.strategies import many_records

pytestmark = pytest.mark.server_versions

L3 = "jw02733-o001_t001_nircam_clear-f090w"
A, B = (f"jw02733001001_02101_0000{n}_nrca1" for n in (1, 2))
IMAGE3 = "jw02733-o001_20220710t161010_image3_00001_asn.json"
IMAGE2 = "jw02733-o001_20220710t161010_image2_00001_asn.json"
OTHER2 = "jw02733-o001_20220710t161010_image2_00002_asn.json"
SOURCE = "jw02733-o001_s00001_nirspec_clear-prism"
SOURCES = "jw02733-o001_{source_id}_nirspec_clear-prism"


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(some=many_records, cut=st.integers(0, 40))
def test_random_records_give_what_the_rules_say(graph: Graph, some: list[Record], cut: int) -> None:
    wipe(graph)
    load_records(graph, some[:cut], workers=1)
    load_records(graph, some[cut:], workers=1)
    assert differences(graph, some) == []


def expected(graph: Graph) -> set[str]:
    return {name for name, is_expected in nodes(graph, "Product", "filename", "expected") if is_expected}


def test_a_member_whose_name_gives_no_dataset_is_expected(graph: Graph) -> None:
    load_records(graph, [asn(IMAGE3, "image3", {L3: {"mine.fits": "science"}})])
    assert expected(graph) == {"mine.fits", f"{L3}_i2d.fits"}

    later = asn(IMAGE3, "image3", {L3: {"other.fits": "science"}}, version_id="20230710t161010")
    load_records(graph, [later, *archived(f"{L3}_i2d.fits")])
    assert expected(graph) == {"other.fits"}


def test_the_walk_down_goes_through_files_whose_names_give_no_stage(graph: Graph) -> None:
    made = asn(IMAGE2, "image2", {"jw_00007": {f"{A}_rate.fits": "science"}})
    load_records(graph, [made, asn(IMAGE3, "image3", {L3: {"jw_00007_cal.fits": "science"}})])
    assert edges(graph, "INCLUDES", "basis", "roles") == {
        (L3, ("association",), ("science",), "jw_00007"),
        (L3, ("lineage",), ("science",), A),
    }


def test_the_walk_down_stops_at_a_level_3_whose_name_gives_no_stage(graph: Graph) -> None:
    made = asn(OTHER2.replace("image2", "image3"), "image3", {"my_mosaic": {f"{B}_cal.fits": "science"}})
    load_records(graph, [made, asn(IMAGE3, "image3", {L3: {"my_mosaic_i2d.fits": "sourcecat"}})])
    assert edges(graph, "INCLUDES") == {("my_mosaic", B)}


@pytest.mark.parametrize("order", [1, -1])
def test_what_one_association_makes_first_does_not_depend_on_another_one(graph: Graph, order: int) -> None:
    odd = asn(IMAGE2, "image2", {A: {f"{A}_i2d.fits": "science"}})
    usual = asn(OTHER2, "image2", {A: {f"{A}_rate.fits": "science"}})
    records: list[Record] = [odd, usual, *archived(f"{A}_cal.fits", f"{A}_i2d.fits")]
    load_records(graph, records[::order], batch_size=1)
    assert edges(graph, "COMPOSED_OF", "asn") == {
        (f"{A}_i2d.fits", None, f"{A}_cal.fits"),
        (f"{A}_cal.fits", IMAGE2, f"{A}_i2d.fits"),
        (f"{A}_cal.fits", OTHER2, f"{A}_rate.fits"),
    }


def test_a_preview_shows_the_file_of_its_name_up_to_the_last_dot(graph: Graph) -> None:
    names = ("my.one_cal.fits", "my.two_cal.fits", "my.two_cal.jpg", "my_thumb_cal.fits", "my_thumb_cal.jpg")
    load_records(graph, [ProductRecord(name, A) for name in names])
    shown = {(preview, file) for preview, file in edges(graph, "LINKED_TO") if file in names}
    assert shown == {("my.two_cal.jpg", "my.two_cal.fits"), ("my_thumb_cal.jpg", "my_thumb_cal.fits")}


def test_a_template_stands_for_datasets_of_the_program_that_it_names(graph: Graph) -> None:
    members = (Member(f"{A}_cal.fits", f"{A}_cal.fits", "science"),)
    mine = AssociationRecord("my_asn.json", "digest", (AsnProduct(SOURCES, members),), asn_type="spec3")
    load_records(graph, archived(f"{SOURCE}_x1d.fits"))
    load_records(graph, [mine])
    assert edges(graph, "PRODUCES", "obs_id") == {("my_asn.json", SOURCE, f"{SOURCE}_x1d.fits")}


def test_stage_2_makes_nothing_of_a_template_of_stage_3(graph: Graph) -> None:
    load_records(graph, [asn(IMAGE2.replace("image2", "spec2"), "spec2", {SOURCES: {f"{A}_rate.fits": "science"}})])
    load_records(graph, archived(f"{SOURCE}_x1d.fits"))
    assert edges(graph, "PRODUCES") == set()


def test_an_edge_between_files_that_two_observations_own_is_there_once(graph: Graph) -> None:
    load_records(graph, [ProductRecord(f"{A}_{name}", L3) for name in ("rate.fits", "cal.fits", "cal.jpg")])
    found = [(row["start"], row["end"]) for row in graph.stream("internal/edges") if row["type"] != "PART_OF"]
    assert sorted(found) == [(f"{A}_cal.fits", f"{A}_rate.fits"), (f"{A}_cal.jpg", f"{A}_cal.fits")]
