"""Pools, headers, observation searches and tables of links: what each adds to the graph, as literal sets."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from jwgraph.answers import lineage, observations, products
from jwgraph.model.records import HeaderRecord, LinkRecord, ObservationRecord, PoolRow, ProductRecord
from jwgraph.store.graph import Graph
from jwgraph_loaders import fits_headers
from jwgraph_loaders.base import Source
from tests.support.builders import archived, asn, text_source
from tests.support.store import edges, load_records, nodes

POOL = "jw02733_20220710t161010_pool.csv"
L3 = "jw02733-o001_t001_nircam_clear-f090w"
A = "jw02733001001_02101_00001_nrca1"
B = "jw02733001001_02101_00002_nrca1"
ASN2 = "jw02733-o001_20220710t161010_image2_00001_asn.json"
ASN3 = "jw02733-o001_20220710t161010_image3_00001_asn.json"
FLAT = ("R_FLAT", "crds://jwst_nircam_flat_0313.fits")
DARK = ("R_DARK", "crds://jwst_nircam_dark_0333.fits")
OLD, NEW = {"cal_ver": "1.9.2", "crds_ctx": "jwst_1000.pmap"}, {"cal_ver": "1.13.3", "crds_ctx": "jwst_1100.pmap"}


def test_a_pool_plans_exposures_and_archives_nothing(graph: Graph) -> None:
    load_records(graph, [PoolRow(POOL, f"{A}_uncal.fits", "02733", ("c1001", "o001"), {"exp_type": "NRC_IMAGE"})])
    assert edges(graph, "PLANS", "exp_type", "asn_candidate") == {
        (POOL, "NRC_IMAGE", ("c1001", "o001"), f"{A}_uncal.fits")
    }
    assert nodes(graph, "Product", "filename", "archived") == {(POOL, False), (f"{A}_uncal.fits", False)}
    assert nodes(graph, "Pool", "filename") == {(POOL,)}
    assert nodes(graph, "Observation", "obs_id", "planned", "listed") == {(A, True, True)}


def test_a_header_names_association_pool_references_and_msa(graph: Graph) -> None:
    record = HeaderRecord(
        f"{A}_cal.fits",
        "02733",
        asntable=ASN2,
        asnpool=POOL,
        msametfl="jw02733001001_01_msa.fits",
        references=(DARK, FLAT),
        t_min=59800.5,
        t_max=59800.75,
        cards=OLD | {"exp_type": "NRC_IMAGE", "gdstarid": "N4IT005438"},
    )
    load_records(graph, [record])
    assert nodes(graph, "Product", "filename", "present", "exp_type", "asntable", "t_min", "gdstarid") == {
        (f"{A}_cal.fits", True, "NRC_IMAGE", ASN2, 59800.5, "N4IT005438"),
        (ASN2, False, None, None, None, None),
        (POOL, False, None, None, None, None),
        ("jw02733001001_01_msa.fits", False, None, None, None, None),
    }
    assert edges(graph, "PRODUCES", "basis", "obs_id", "productLevel") == {(ASN2, "header", A, "2b", f"{A}_cal.fits")}
    assert edges(graph, "FROM_POOL", "basis") == {(ASN2, "header", POOL)}
    assert edges(graph, "CALIBRATED_WITH", "keyword", "context", "basis") == {
        (f"{A}_cal.fits", *DARK[:1], "jwst_1000.pmap", "header", DARK[1]),
        (f"{A}_cal.fits", *FLAT[:1], "jwst_1000.pmap", "header", FLAT[1]),
    }
    assert edges(graph, "LINKED_TO", "relation", "basis") == {
        ("jw02733001001_01_msa.fits", "msa", "header", f"{A}_cal.fits")
    }


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_header_wins_over_newer_keywords(graph: Graph, order: tuple[int, int]) -> None:
    both = [
        HeaderRecord(f"{A}_cal.fits", asntable=ASN2, references=(DARK,), cards=OLD),
        HeaderRecord(f"{A}_cal.fits", asntable=ASN2.replace("00001", "00002"), cards=NEW, seen=False),
    ]
    for number in order:
        load_records(graph, [both[number]])
    assert nodes(graph, "Product", "filename", "cal_ver", "asntable") >= {(f"{A}_cal.fits", OLD["cal_ver"], ASN2)}
    assert edges(graph, "CALIBRATED_WITH", "keyword") == {(f"{A}_cal.fits", *DARK)}
    assert {edge[0] for edge in edges(graph, "PRODUCES", "basis")} == {ASN2}


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_of_two_headers_the_newer_holds_whole(graph: Graph, order: tuple[int, int]) -> None:
    both = [
        HeaderRecord(f"{A}_cal.fits", asntable=ASN2, references=(DARK, FLAT), cards=OLD | {"targname": "M 16"}),
        HeaderRecord(f"{A}_cal.fits", asntable=ASN2.replace("00001", "00002"), references=(DARK,), cards=NEW),
    ]
    for number in order:
        load_records(graph, [both[number]])
    assert nodes(graph, "Product", "filename", "cal_ver", "targname") >= {(f"{A}_cal.fits", "1.13.3", None)}
    assert edges(graph, "CALIBRATED_WITH", "keyword", "context") == {
        (f"{A}_cal.fits", "R_DARK", "jwst_1100.pmap", DARK[1])
    }
    assert edges(graph, "PRODUCES") == {(ASN2.replace("00001", "00002"), f"{A}_cal.fits")}
    assert nodes(graph, "ReferenceFile", "name") == {(DARK[1],), (FLAT[1],)}


def test_a_replaced_association_keeps_what_headers_say_of_it(graph: Graph) -> None:
    load_records(graph, [HeaderRecord(f"{A}_cal.fits", asntable=ASN2, asnpool=POOL)])
    first = asn(ASN2, "image2", {A: {f"{A}_rate.fits": "science"}})
    second = asn(ASN2, "image2", {A: {f"{A}_rateints.fits": "science"}}, version_id="20230710t161010")
    load_records(graph, [first])
    load_records(graph, [second])
    assert (ASN2, "header", f"{A}_cal.fits") in edges(graph, "PRODUCES", "basis")
    assert edges(graph, "FROM_POOL", "basis") == {(ASN2, "header", POOL), (ASN2, "association", POOL)}
    assert edges(graph, "HAS_MEMBER") == {(ASN2, f"{A}_rateints.fits")}


def test_a_folder_that_was_never_in_mast_makes_the_graph(graph: Graph) -> None:
    load_records(
        graph,
        [
            asn(ASN3, "image3", {"my_mosaic": {"field1_cal.fits": "science", "field2_cal.fits": "science"}}),
            HeaderRecord("field1_rate.fits"),
            HeaderRecord("field1_cal.fits"),
            HeaderRecord("field2_cal.fits"),
            HeaderRecord("my_mosaic_i2d.fits", asntable=ASN3),
        ],
    )
    assert [row.obs_id for row in observations.observations(graph)] == ["my_mosaic"]
    assert {row.productFilename for row in products.mrp(graph, "my_mosaic")} == {"my_mosaic_i2d.fits"}
    assert {row.productFilename: row.depth for row in lineage.lineage(graph, "my_mosaic_i2d.fits", up=True)} == {
        "field1_cal.fits": 1,
        "field2_cal.fits": 1,
        "field1_rate.fits": 2,
    }


def test_a_search_says_what_mast_has(graph: Graph) -> None:
    planned = ObservationRecord("jw02733001001_xx101_00001_nircam", 7, "02733", -1, mast={"proposal_type": "GO"})
    done = ObservationRecord(L3, 9, "02733", 3, 59800.5, 59801.5, 60184.4, {"target_name": "M 16"})
    load_records(graph, [planned, done, ObservationRecord(L3, None, "02733", -1)])
    assert nodes(
        graph, "Observation", "obs_id", "mast_obsid", "mast_calib_level", "t_min", "target_name", "listed"
    ) == {
        ("jw02733001001_xx101_00001_nircam", 7, -1, None, None, False),
        (L3, 9, 3, 59800.5, "M 16", True),
    }


def test_what_mast_lists_under_a_searched_observation_is_included_in_it(graph: Graph) -> None:
    row = ProductRecord(f"{A}_cal.fits", obs_id=A, obsid=12, parent_obsid=9)
    load_records(graph, [row, ObservationRecord(L3, 9, "02733", 3)])
    assert edges(graph, "INCLUDES", "basis") == {(L3, ("mast",), A)}


def test_a_link_appears_in_the_tree_as_linked_only(graph: Graph) -> None:
    links = [
        LinkRecord("hst_12345_preimage_i2d.fits", L3, "pre_image"),
        LinkRecord("finder.pdf", f"{A}_cal.fits", "finding_chart"),
        LinkRecord("confirm.png", A, "confirmation_image"),
    ]
    association = asn(ASN3, "image3", {L3: {f"{A}_cal.fits": "science"}})
    load_records(graph, [*links, association, *archived(f"{L3}_i2d.fits", f"{A}_cal.fits")])
    assert {(row.productFilename, row.relation, row.obs_id) for row in products.tree(graph, L3)} == {
        (f"{L3}_i2d.fits", "own", L3),
        (f"{A}_cal.fits", "antecedent", A),
        ("hst_12345_preimage_i2d.fits", "pre_image", None),
        ("finder.pdf", "finding_chart", None),
        ("confirm.png", "confirmation_image", None),
    }
    # The table has no dataset for a file from elsewhere, which the Portal does not list.
    assert [row.obs_id for row in observations.observations(graph)] == [L3]
    assert {row.productFilename for row in products.mrp(graph, L3)} == {f"{L3}_i2d.fits"}


def test_a_linked_file_that_a_list_has_too_has_its_dataset(graph: Graph) -> None:
    link = LinkRecord("hst_12345_preimage_i2d.fits", L3, "pre_image")
    load_records(graph, [link, ProductRecord("hst_12345_preimage_i2d.fits")])
    assert edges(graph, "PART_OF") == {("hst_12345_preimage_i2d.fits", "hst_12345_preimage")}


@pytest.mark.real
def test_the_association_and_references_of_the_ami_headers(graph: Graph, shared: Path) -> None:
    dumps = sorted((shared / "headers").glob("*jw01093*_cal.fits.json"))
    assert len(dumps) == 24
    load_records(graph, [r for d in dumps for r in fits_headers.DUMPS.read(Source.from_bytes(d.name, d.read_bytes()))])
    made_by, used = set(), set()
    for dump in dumps:
        content = json.loads(dump.read_text())
        cards = {card[0]: card[1] for card in content["hdus"][0]["cards"]}
        filename = content["path"].rsplit("/", 1)[-1]
        made_by.add((cards["ASNTABLE"], "header", filename))
        used |= {(filename, k, v) for k, v in cards.items() if k.startswith("R_") and v != "N/A"}
    assert edges(graph, "PRODUCES", "basis") == made_by
    assert edges(graph, "CALIBRATED_WITH", "keyword") == used
    assert len(used) == 24 * 13


def test_a_header_dump_of_text(graph: Graph) -> None:
    dump = {"path": f"x/{A}_cal.fits", "hdus": [{"name": "PRIMARY", "cards": [["EXPSTART", float("nan"), ""]]}]}
    source = text_source("dump.json", json.dumps(dump))
    report = load_records(graph, fits_headers.DUMPS.read(source))
    assert (report.records, report.rejected) == (0, 1)
