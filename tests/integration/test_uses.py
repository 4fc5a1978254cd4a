"""Reference files, what they went into, and engineering data of the time."""

from __future__ import annotations

import pytest

from jwgraph.answers import calibration, lineage, products
from jwgraph.errors import NotFoundError
from jwgraph.model.records import EngineeringRecord, HeaderRecord, ObservationRecord, ReferenceRecord
from jwgraph.store.graph import Graph
from tests.support.builders import archived, asn
from tests.support.store import Slate, load_records

L3 = "jw02733-o001_t001_nircam_clear-f090w"
A = "jw02733001001_02101_00001_nrca1"
B = "jw02733001001_02101_00002_nrca1"
ASN3 = "jw02733-o001_20220710t161010_image3_00001_asn.json"
FLAT, DARK = "crds://jwst_nircam_flat_0313.fits", "crds://jwst_nircam_dark_0333.fits"
CONTEXT = {"crds_ctx": "jwst_1000.pmap"}


def fill(graph: Graph) -> None:
    load_records(
        graph,
        [
            asn(ASN3, "image3", {L3: {f"{A}_cal.fits": "science", f"{B}_cal.fits": "science"}}),
            HeaderRecord(f"{A}_cal.fits", references=(("R_FLAT", FLAT),), t_min=10.0, t_max=10.5, cards=CONTEXT),
            HeaderRecord(f"{B}_rate.fits", references=(("R_DARK", DARK),), t_min=12.0, t_max=12.5, cards=CONTEXT),
            *archived(f"{A}_uncal.fits", f"{B}_cal.fits", f"{L3}_i2d.fits", f"{L3}_i2d.jpg"),
        ],
    )


@pytest.fixture
def loaded(slate: Slate) -> Graph:
    return slate.filled(__name__, fill)


def test_references_of_a_file_and_of_an_observation(loaded: Graph) -> None:
    row = calibration.ReferenceRow(f"{A}_cal.fits", "R_FLAT", FLAT, "jwst_1000.pmap")
    other = calibration.ReferenceRow(f"{B}_rate.fits", "R_DARK", DARK, "jwst_1000.pmap")
    assert calibration.references(loaded, f"{A}_cal.fits") == [row]
    assert calibration.references(loaded, A) == [row]
    assert calibration.references(loaded, A.replace("nrca1", "NRCA1")) == [row]
    assert calibration.references(loaded, L3) == [row, other]
    for name in (f"{A}_uncal.fits", "jw02733001001_02101_00009_nrca1", "nothing.fits", "crds://nothing.fits"):
        with pytest.raises(NotFoundError):
            calibration.references(loaded, name)


def test_what_a_table_and_a_header_say_alike_is_one_row(loaded: Graph) -> None:
    load_records(loaded, [ReferenceRecord(f"{A}_cal.fits", "R_FLAT", FLAT, "jwst_0999.pmap")])
    assert calibration.references(loaded, A) == [
        calibration.ReferenceRow(f"{A}_cal.fits", "R_FLAT", FLAT, "jwst_1000.pmap")
    ]


def test_references_are_in_no_tree(loaded: Graph) -> None:
    assert not [row for row in products.tree(loaded, L3) if "flat" in row.productFilename]
    assert [row.productFilename for row in products.mrp(loaded, L3)] == [f"{L3}_i2d.fits"]


@pytest.mark.parametrize("name", [FLAT, FLAT.removeprefix("crds://")])
def test_impact_of_a_reference_file(loaded: Graph, name: str) -> None:
    assert lineage.impact(loaded, name) == [
        lineage.ImpactRow(f"{A}_cal.fits", A, 2, False, 0, "lineage"),
        lineage.ImpactRow(f"{L3}_i2d.fits", L3, 3, True, 1, "lineage"),
        lineage.ImpactRow(None, A, 2, False, 0, "lineage"),
        lineage.ImpactRow(None, L3, 3, True, 1, "lineage"),
    ]


def test_impact_of_a_file_and_of_an_exposure(loaded: Graph) -> None:
    assert [(row.productFilename, row.depth) for row in lineage.impact(loaded, f"{B}_rate.fits")] == [
        (f"{B}_rate.fits", 0),
        (f"{B}_cal.fits", 1),
        (f"{L3}_i2d.fits", 2),
        (None, 0),
        (None, 2),
    ]
    assert {(row.productFilename, row.depth) for row in lineage.impact(loaded, B) if row.productFilename} == {
        (f"{B}_rate.fits", 0),
        (f"{B}_cal.fits", 0),
        (f"{L3}_i2d.fits", 1),
    }
    with pytest.raises(
        NotFoundError, match=r"unknown: no loaded header says that a product used 'crds://jwst_nircam_flat_9999\.fits'"
    ):
        lineage.impact(loaded, "crds://jwst_nircam_flat_9999.fits")


def engineering(mnemonic: str, t_min: float, t_max: float) -> EngineeringRecord:
    return EngineeringRecord(mnemonic, t_min, t_max, f"mast:jwstedb/{mnemonic}.csv")


def test_engineering_data_overlaps_in_time(loaded: Graph) -> None:
    load_records(
        loaded,
        [
            engineering("BEFORE", 9.0, 9.9),
            engineering("TOUCHES", 9.0, 10.0),
            engineering("WITHIN", 10.1, 10.2),
            engineering("AROUND", 1.0, 99.0),
            engineering("BETWEEN", 10.6, 11.9),
            engineering("LATER", 12.4, 13.0),
        ],
    )
    assert [row.mnemonic for row in calibration.engineering(loaded, A)] == ["AROUND", "TOUCHES", "WITHIN"]
    assert [row.mnemonic for row in calibration.engineering(loaded, B)] == ["AROUND", "LATER"]
    assert calibration.engineering(loaded, L3)[0] == calibration.EngineeringRow(
        "AROUND", 1.0, 99.0, "mast:jwstedb/AROUND.csv"
    )
    assert [row.mnemonic for row in calibration.engineering(loaded, L3)] == ["AROUND", "LATER", "TOUCHES", "WITHIN"]
    product = loaded.read("query/product", filename=f"{A}_cal.fits")[0]
    assert product["linked"] == 0
    with pytest.raises(NotFoundError):
        calibration.engineering(loaded, "jw02733001001_02101_00009_nrca1")


def test_the_times_of_mast_count_where_no_header_is_known(graph: Graph) -> None:
    load_records(graph, [ObservationRecord(A, 5, "02733", 2, 10.0, 11.0), engineering("WITHIN", 10.1, 10.2)])
    assert [row.mnemonic for row in calibration.engineering(graph, A)] == ["WITHIN"]
