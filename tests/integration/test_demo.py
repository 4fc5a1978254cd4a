"""The sample says what docs/demo.md promises."""

from __future__ import annotations

import pytest

from jwgraph.answers import lineage, observations, products
from jwgraph.demo import OBS_ID, load_demo
from jwgraph.model.records import ReferenceRecord
from jwgraph.store.graph import Graph
from tests.support.store import edges, load_records, nodes

pytestmark = pytest.mark.server_versions

I2D = f"{OBS_ID}_i2d.fits"
POOL = "jw02221_20220828t044842_pool.csv"
ASN = "jw02221-o001_20220828t044842_image3_007_asn.json"
SKY = "jw02221002001_02101_00004_nrca1"
EXPOSURES = [f"jw02221001001_03101_0000{dither}_{detector}" for dither in (1, 2, 3) for detector in ("nrca1", "nrca2")]
EXPOSURE_FILES = [
    "uncal.fits",
    "rate.fits",
    "rateints.fits",
    "cal.fits",
    "i2d.fits",
    "rate.jpg",
    "cal.jpg",
    "cal_thumb.jpg",
]  # fmt: skip
LEVEL2 = {f"jw02221-o001_20220828t044842_image2_{n:03d}_asn.json" for n in (2, 10, 18, 34, 38, 42)}
GUIDE = {"jw02221001001_gs-fg_2022240215120_cal.fits", "jw02221001001_gs-acq1_2022240214802_cal.fits"}
RECOMMENDED = {I2D, f"{OBS_ID}_segm.fits", f"{OBS_ID}_cat.ecsv", ASN, POOL}
ALL = (
    RECOMMENDED
    | {f"{OBS_ID}_i2d.jpg", f"{OBS_ID}_i2d_thumb.jpg", f"{SKY}_uncal.fits", f"{SKY}_rate.fits"}
    | {f"{exposure}_{file}" for exposure in EXPOSURES for file in EXPOSURE_FILES}
    | LEVEL2
    | GUIDE
)


def test_everything_is_loaded(graph: Graph) -> None:
    assert load_demo(graph).problems == []


def test_with_the_box_on_only_what_is_recommended(demo: Graph) -> None:
    assert {row.productFilename for row in products.tree(demo, OBS_ID, mrp=True)} == RECOMMENDED
    assert {row.productFilename for row in products.mrp(demo, OBS_ID)} == RECOMMENDED
    assert demo.read("query/mrp_differences") == []


def test_with_the_box_off_every_file_once(demo: Graph) -> None:
    names = [row.productFilename for row in products.tree(demo, OBS_ID)]
    assert len(names) == 65
    assert len(names) == len(set(names))
    assert set(names) == ALL


def test_relations_of_the_tree(demo: Graph) -> None:
    relation = {row.productFilename: row.relation for row in products.tree(demo, OBS_ID)}
    assert relation[I2D] == "own"
    assert relation[f"{SKY}_rate.fits"] == "calibration"
    assert {relation[name] for name in LEVEL2 | {ASN, POOL}} == {"association"}
    assert {relation[name] for name in GUIDE} == {"guide_star"}
    assert relation[f"{EXPOSURES[0]}_cal_thumb.jpg"] == "preview"
    assert relation[f"{EXPOSURES[0]}_rate.fits"] == "antecedent"


def test_lineage_up_and_down(demo: Graph) -> None:
    up = {row.productFilename: (row.depth, row.role) for row in lineage.lineage(demo, I2D, up=True)}
    assert up == (
        {f"{exposure}_cal.fits": (1, "science") for exposure in EXPOSURES}
        | {f"{exposure}_rate.fits": (2, "science") for exposure in EXPOSURES}
        | {f"{exposure}_uncal.fits": (3, "science") for exposure in EXPOSURES}
        | {f"{SKY}_rate.fits": (2, "background"), f"{SKY}_uncal.fits": (3, "background")}
    )
    sky = [row.productFilename for row in lineage.lineage(demo, I2D, up=True, roles=["background"])]
    assert sky == [f"{SKY}_rate.fits", f"{SKY}_uncal.fits"]
    fed = {row.productFilename for row in lineage.lineage(demo, f"{SKY}_uncal.fits", up=False)}
    assert fed == {
        f"{SKY}_rate.fits",
        f"{EXPOSURES[0]}_cal.fits",
        f"{EXPOSURES[0]}_i2d.fits",
        I2D,
        f"{OBS_ID}_segm.fits",
        f"{OBS_ID}_cat.ecsv",
    }


def test_where_level_3_is_absent_each_exposure_is_listed_at_its_highest_stage(demo: Graph) -> None:
    assert {(row.obs_id, row.productLevel) for row in observations.observations(demo)} == {
        (OBS_ID, "3"),
        ("jw01200003001_03103_00001_nis", "2b"),
        ("jw02514160001_04201_00001_nrca1", "2a"),
        ("jw02514160001_04201_00001_nrca2", "2a"),
    }
    alone = "jw01200003001_03103_00001_nis"
    assert [row.productFilename for row in products.mrp(demo, alone)] == [
        f"{alone}_{end}.fits" for end in ("cal", "rate", "rateints", "uncal")
    ]


def test_reference_files_and_engineering_data_are_reachable_and_in_no_tree(demo: Graph) -> None:
    flats = {(start, end) for start, keyword, end in edges(demo, "CALIBRATED_WITH", "keyword") if keyword == "R_FLAT"}
    assert flats == {
        (f"jw02221001001_03101_0000{n}_nrca1_cal.fits", "crds://jwst_nircam_flat_0313.fits") for n in (1, 2, 3)
    }
    assert {name for (name,) in nodes(demo, "EngineeringData", "mnemonic")} == {
        "IMIR_HK_ICE_SEC_VOLT1",
        "IGDP_NRC_A_T_SWFPAH1",
    }
    references = {name for (name,) in nodes(demo, "ReferenceFile", "name")}
    for row in observations.observations(demo, include_exposures=True):
        assert not references & {file.productFilename for file in products.tree(demo, row.obs_id)}


def test_of_several_contexts_the_greatest_is_kept_in_any_order(demo: Graph) -> None:
    cal, flat = f"{EXPOSURES[0]}_cal.fits", "crds://jwst_nircam_flat_0313.fits"
    for context in ("jwst_0941.pmap", "jwst_1100.pmap", None, "jwst_0999.pmap"):
        load_records(demo, [ReferenceRecord(cal, "R_FLAT", flat, context)])
    found = {row for row in edges(demo, "CALIBRATED_WITH", "keyword", "context") if row[0] == cal and row[3] == flat}
    assert found == {(cal, "R_FLAT", "jwst_1100.pmap", flat)}
