"""The rules of the graph, as literal sets of edges."""

from __future__ import annotations

import pytest

from jwgraph.answers import associations, lineage, observations, products
from jwgraph.model.records import Record
from jwgraph.store.graph import Graph
from tests.support.builders import archived, asn
from tests.support.store import edges, load_records, nodes

pytestmark = pytest.mark.server_versions

L3 = "jw02733-o001_t001_nircam_clear-f090w"
A = "jw02733001001_02101_00001_nrca1"
B = "jw02733001001_02101_00002_nrca1"
SKY = "jw02733002001_02101_00001_nrca1"
ACQ = "jw02733001001_02100_00001_nrca1"
IMAGE3 = "jw02733-o001_20220710t161010_image3_00001_asn.json"
IMAGE2 = "jw02733-o001_20220710t161010_image2_00001_asn.json"
POOL = "jw02733_20220710t161010_pool.csv"


def image3(name: str = IMAGE3, *members: str, version_id: str = "20220710t161010") -> Record:
    chosen = members or (f"{A}_cal.fits", f"{B}_cal.fits")
    return asn(
        name,
        "image3",
        {L3: dict.fromkeys(chosen, "science") | {f"{ACQ}_cal.fits": "target_acquisition"}},
        version_id=version_id,
    )


def image2() -> Record:
    return asn(IMAGE2, "image2", {A: {f"{A}_rate.fits": "science", f"{SKY}_rate.fits": "background"}})


def test_members_are_kept_with_their_roles(graph: Graph) -> None:
    load_records(graph, [image3(), image2()])
    assert edges(graph, "HAS_MEMBER", "product", "exptype") == {
        (IMAGE3, L3, "science", f"{A}_cal.fits"),
        (IMAGE3, L3, "science", f"{B}_cal.fits"),
        (IMAGE3, L3, "target_acquisition", f"{ACQ}_cal.fits"),
        (IMAGE2, A, "science", f"{A}_rate.fits"),
        (IMAGE2, A, "background", f"{SKY}_rate.fits"),
    }
    assert edges(graph, "FROM_POOL") == {(IMAGE3, POOL), (IMAGE2, POOL)}


def test_what_is_made_of_what(graph: Graph) -> None:
    load_records(graph, [image3(), image2(), *archived(f"{A}_uncal.fits", f"{A}_rate.fits")])
    assert edges(graph, "COMPOSED_OF", "relation", "role", "asn") == {
        (f"{L3}_i2d.fits", "composition", "science", IMAGE3, f"{A}_cal.fits"),
        (f"{L3}_i2d.fits", "composition", "science", IMAGE3, f"{B}_cal.fits"),
        (f"{A}_cal.fits", "antecedent", "science", IMAGE2, f"{A}_rate.fits"),
        (f"{A}_cal.fits", "calibration", "background", IMAGE2, f"{SKY}_rate.fits"),
        (f"{A}_rate.fits", "antecedent", "science", None, f"{A}_uncal.fits"),
    }


def test_the_rest_of_what_an_association_makes_is_made_of_its_first_product(graph: Graph) -> None:
    load_records(graph, [image3(), *archived(f"{L3}_i2d.fits", f"{L3}_cat.ecsv", f"{L3}_segm.fits", f"{L3}_i2d.jpg")])
    assert edges(graph, "PRODUCES", "product") == {
        (IMAGE3, L3, f"{L3}_i2d.fits"),
        (IMAGE3, L3, f"{L3}_cat.ecsv"),
        (IMAGE3, L3, f"{L3}_segm.fits"),
    }
    assert edges(graph, "COMPOSED_OF", "relation") == {
        (f"{L3}_i2d.fits", "composition", f"{A}_cal.fits"),
        (f"{L3}_i2d.fits", "composition", f"{B}_cal.fits"),
        (f"{L3}_cat.ecsv", "antecedent", f"{L3}_i2d.fits"),
        (f"{L3}_segm.fits", "antecedent", f"{L3}_i2d.fits"),
    }


def test_an_observation_includes_members_in_any_role_and_what_they_were_made_with(graph: Graph) -> None:
    load_records(graph, [image3(), image2()])
    assert edges(graph, "INCLUDES", "basis", "roles") == {
        (L3, ("association",), ("science",), A),
        (L3, ("association",), ("science",), B),
        (L3, ("association",), ("target_acquisition",), ACQ),
        (L3, ("lineage",), ("background",), SKY),
    }


def test_the_walk_stops_at_another_level_3(graph: Graph) -> None:
    direct = "jw02733-o002_t001_niriss_clear-f090w"
    spectrum = "jw02733002001_03101_00001_nis"
    wfss = "jw02733-o001_t001_niriss_gr150c-f090w"
    image = "jw02733002001_02101_00001_nis"
    load_records(
        graph,
        [
            asn("a_asn.json", "image3", {direct: {f"{image}_cal.fits": "science"}}),
            asn(
                "b_asn.json",
                "spec2",
                {spectrum: {f"{spectrum}_rate.fits": "science", f"{direct}_cat.ecsv": "sourcecat"}},
            ),
            asn("c_asn.json", "spec3", {wfss: {f"{spectrum}_cal.fits": "science"}}),
            *archived(f"{direct}_cat.ecsv", f"{direct}_i2d.fits", f"{wfss}_x1d.fits"),
        ],
    )
    assert edges(graph, "INCLUDES") == {(direct, image), (wfss, spectrum)}
    up = {row.productFilename: row.depth for row in lineage.lineage(graph, f"{wfss}_x1d.fits", up=True)}
    assert up == {
        f"{spectrum}_cal.fits": 1,
        f"{spectrum}_rate.fits": 2,
        f"{direct}_cat.ecsv": 2,
        f"{direct}_i2d.fits": 3,
        f"{image}_cal.fits": 4,
    }


def test_associations_alone_are_shown_as_expected(graph: Graph) -> None:
    load_records(graph, [image3(), image2()])
    assert [(row.obs_id, row.state) for row in observations.observations(graph)] == [(L3, "expected")]
    assert {row.productFilename for row in products.tree(graph, L3) if not row.archived} >= {f"{L3}_i2d.fits"}
    assert products.mrp(graph, L3) == []


def test_without_level_3_each_exposure_is_listed_by_itself(graph: Graph) -> None:
    load_records(graph, [image3(), *archived(f"{A}_uncal.fits", f"{A}_rate.fits", f"{A}_cal.fits", f"{B}_rate.fits")])
    assert [(row.obs_id, row.productLevel, row.state) for row in observations.observations(graph)] == [
        (A, "2b", "archived"),
        (B, "2a", "archived"),
    ]
    assert [row.productFilename for row in products.mrp(graph, A)] == [
        f"{A}_{end}.fits" for end in ("cal", "rate", "uncal")
    ]
    assert [row.productFilename for row in products.mrp(graph, B)] == [f"{B}_rate.fits"]


def test_with_level_3_only_that_is_listed_and_recommended(graph: Graph) -> None:
    level3 = [f"{L3}_i2d.fits", f"{L3}_segm.fits", f"{L3}_cat.ecsv", f"{L3}_i2d.jpg", IMAGE3, POOL]
    load_records(graph, [image3(), *archived(*level3, f"{A}_cal.fits", f"{B}_cal.fits", f"{ACQ}_cal.fits")])
    assert [row.obs_id for row in observations.observations(graph)] == [L3]
    assert {row.productFilename for row in products.mrp(graph, L3)} == set(level3) - {f"{L3}_i2d.jpg"}
    found = {row.productFilename: (row.relation, row.mrp) for row in products.tree(graph, L3)}
    assert found == {
        f"{L3}_i2d.fits": ("own", True),
        f"{L3}_segm.fits": ("own", True),
        f"{L3}_cat.ecsv": ("own", True),
        f"{L3}_i2d.jpg": ("preview", False),
        IMAGE3: ("association", True),
        POOL: ("association", True),
        f"{A}_cal.fits": ("antecedent", False),
        f"{B}_cal.fits": ("antecedent", False),
        f"{ACQ}_cal.fits": ("prerequisite", False),
    }


def test_links_are_by_name_and_visit(graph: Graph) -> None:
    nirspec = "jw02733001001_03101_00001_nrs1"
    guide = "jw02733001001_gs-fg_2022159134729_cal.fits"
    load_records(
        graph,
        archived(
            f"{A}_cal.fits",
            f"{A}_cal.jpg",
            f"{A}_cal_thumb.jpg",
            f"{B}_cal.jpg",
            guide,
            "jw02733001001_01_msa.fits",
            f"{nirspec}_rate.fits",
            f"{SKY}_rate.fits",
        ),
    )
    assert edges(graph, "LINKED_TO", "relation") == {
        (f"{A}_cal.jpg", "preview", f"{A}_cal.fits"),
        (f"{A}_cal_thumb.jpg", "preview", f"{A}_cal.fits"),
        (f"{B}_cal.jpg", "preview", B),
        (guide, "guide_star", A),
        (guide, "guide_star", B),
        (guide, "guide_star", nirspec),
        ("jw02733001001_01_msa.fits", "msa", nirspec),
    }
    linked = {row.productFilename: row.relation for row in products.links(graph, f"{A}_cal.fits")}
    assert linked == {f"{A}_cal.jpg": "preview", f"{A}_cal_thumb.jpg": "preview", guide: "guide_star"}


def test_a_later_version_takes_the_place_of_an_earlier_one(graph: Graph) -> None:
    later = "jw02733-o001_20230710t161010_image3_00001_asn.json"
    load_records(
        graph,
        [image3(), image3(later, f"{A}_cal.fits", version_id="20230710t161010"), *archived(f"{L3}_i2d.fits")],
    )
    assert nodes(graph, "Association", "filename", "superseded_by") == {(IMAGE3, later), (later, None)}
    assert edges(graph, "COMPOSED_OF", "asn") == {(f"{L3}_i2d.fits", later, f"{A}_cal.fits")}
    assert edges(graph, "INCLUDES") == {(L3, A), (L3, ACQ)}
    assert {row.association for row in associations.members(graph, L3)} == {IMAGE3, later}


def test_a_later_counter_takes_the_place_of_nothing(graph: Graph) -> None:
    other = IMAGE3.replace("00001", "00007")
    load_records(graph, [image3(), image3(other)])
    assert nodes(graph, "Association", "filename", "superseded_by") == {(IMAGE3, None), (other, None)}


def test_one_name_and_two_contents_are_a_conflict_resolved_alike_in_any_order(graph: Graph) -> None:
    both = [image3(), image3(IMAGE3, f"{A}_cal.fits", version_id="20230101t000000")]
    for contents in (both, both[::-1], [*both, *both]):
        report = load_records(graph, contents, batch_size=1)
        assert {row.severity for row in report.problems} == {"conflict"}
        assert {member for *_, member in edges(graph, "HAS_MEMBER")} == {f"{A}_cal.fits", f"{ACQ}_cal.fits"}


def test_a_template_stands_for_what_is_archived_and_makes_nothing_by_itself(graph: Graph) -> None:
    name = "jw02733-o004_20220710t161010_spec3_00001_asn.json"
    exposure = "jw02733004001_03101_00001_nrs1"
    record = asn(name, "spec3", {"jw02733-o004_{source_id}_nirspec_clear-prism": {f"{exposure}_cal.fits": "science"}})
    load_records(graph, [record])
    assert edges(graph, "PRODUCES") == set()
    assert [row.obs_id for row in observations.observations(graph, include_exposures=True)] == [exposure]
    one = "jw02733-o004_s000000001_nirspec_clear-prism"
    two = "jw02733-o004_b000000002_nirspec_clear-prism"
    load_records(graph, archived(f"{one}_s2d.fits", f"{one}_x1d.fits", f"{two}_x1d.fits"))
    assert edges(graph, "PRODUCES") == {
        (name, f"{one}_s2d.fits"),
        (name, f"{one}_x1d.fits"),
        (name, f"{two}_x1d.fits"),
    }
    assert edges(graph, "INCLUDES") == {(one, exposure), (two, exposure)}
    assert {row.relation for row in products.mrp(graph, one)} == {"own"}


def test_names_outside_the_grammar_are_kept(graph: Graph) -> None:
    load_records(graph, archived("notes.txt", "my_mosaic.fits", "jw_00015_rate.fits"))
    assert nodes(graph, "Product", "filename", "archived") == {
        ("notes.txt", True),
        ("my_mosaic.fits", True),
        ("jw_00015_rate.fits", True),
    }


def test_a_pool_is_owned_by_many(graph: Graph) -> None:
    load_records(graph, [image3(), image2()])
    owners = {end for start, end in edges(graph, "PART_OF") if start == POOL}
    assert owners == {L3, A}
