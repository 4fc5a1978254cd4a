"""One association and many products, many associations and one product; names that are templates."""

from __future__ import annotations

import pytest

from jwgraph.answers import associations, lineage, missing, observations
from jwgraph.answers.products import mrp, tree
from jwgraph.store.graph import Graph
from tests.support.builders import archived, asn
from tests.support.store import edges, load_records

A, B = (f"jw02733001001_02101_0000{n}_nrs1" for n in (1, 2))
SPEC3 = "jw02733-o001_20220710t161010_spec3_00001_asn.json"
MEMBERS = {f"{A}_cal.fits": "science", f"{B}_cal.fits": "background"}


def made(graph: Graph) -> set[tuple[str, str]]:
    """Return what associations made: dataset and file."""
    return {(dataset, end) for _, _, dataset, end in edges(graph, "PRODUCES", "basis", "obs_id")}


@pytest.mark.parametrize(
    ("asn_type", "product", "datasets", "suffix", "others"),
    [
        pytest.param(
            "spec3",
            "jw02733-o001_{source_id}_nirspec_clear-prism",
            [f"jw02733-o001_{source}_nirspec_clear-prism" for source in ("s000000012", "b000000013", "v000000014")],
            "x1d",
            ["jw02733-o002_s000000012_nirspec_clear-prism_x1d.fits", "jw02733-o001_t001_nirspec_clear-prism_x1d.fits"],
            id="micro-shutters: sources, background shutters and virtual ones",
        ),
        pytest.param(
            "spec3",
            "jw02733-o001_t001-{source_id}_nirspec_f290lp-g395h-{slit_name}-sub200a1",
            [f"jw02733-o001_t001-s00000000{n}_nirspec_f290lp-g395h-s200a{n}-sub200a1" for n in (1, 2)],
            "s2d",
            ["jw02733-o001_t001-s000000001_nirspec_f290lp-g395m-s200a1-sub200a1_s2d.fits"],
            id="fixed slits",
        ),
        pytest.param(
            "spec3",
            "jw02733-o001_t001_miri",
            [f"jw02733-o001_t001_miri_ch{n}-long" for n in range(1, 5)],
            "s3d",
            ["jw02733-o001_t002_miri_ch1-long_s3d.fits"],
            id="cubes of an integral-field unit",
        ),
    ],
)
def test_one_association_makes_a_product_for_each_source(
    graph: Graph, asn_type: str, product: str, datasets: list[str], suffix: str, others: list[str]
) -> None:
    files = [f"{dataset}_{suffix}.fits" for dataset in datasets]
    association = asn(SPEC3, asn_type, {product: MEMBERS})
    load_records(graph, [association, *archived(f"{A}_cal.fits", f"{B}_cal.fits")])
    assert [row.product for row in missing.missing(graph)] == [product]

    load_records(graph, archived(*files, *others))
    assert made(graph) == set(zip(datasets, files, strict=True))
    assert missing.missing(graph) == []
    listed = {row.obs_id for row in observations.observations(graph)}
    assert set(datasets) <= listed
    assert not {A, B} & listed
    for dataset, file in zip(datasets, files, strict=True):
        assert {row.productFilename for row in tree(graph, dataset)} >= {file, f"{A}_cal.fits", f"{B}_cal.fits"}
        assert {row.productFilename: row.relation for row in lineage.lineage(graph, file, up=True)} == {
            f"{A}_cal.fits": "composition",
            f"{B}_cal.fits": "calibration",
        }


def test_a_product_of_one_source_of_many_is_its_observation_s_own(graph: Graph) -> None:
    dataset = "jw02733-o001_s000000012_nirspec_clear-prism"
    product = "jw02733-o001_{source_id}_nirspec_clear-prism"
    load_records(graph, [asn(SPEC3, "spec3", {product: MEMBERS}), *archived(f"{dataset}_x1d.fits")])
    assert [(row.productFilename, row.relation) for row in mrp(graph, dataset)] == [(f"{dataset}_x1d.fits", "own")]


def test_a_wavefront_activity_is_in_the_name_after_the_suffix(graph: Graph) -> None:
    dataset = "jw02733-o001_t001_nircam_f212n-wlp8-nrca3"
    association = asn(SPEC3.replace("spec3", "wfs-image3"), "wfs-image3", {f"{dataset}_{{suffix}}-04": MEMBERS})
    load_records(graph, [association, *archived(f"{dataset}_wfscmb-04.fits", f"{dataset}_wfscmb-05.fits")])
    assert made(graph) == {(dataset, f"{dataset}_wfscmb-04.fits")}


def test_an_association_with_several_products_keeps_their_members_apart(graph: Graph) -> None:
    products = {root: {f"{root}_rate.fits": "science"} for root in (A, B)}
    load_records(graph, [asn(SPEC3.replace("spec3", "spec2"), "spec2", products)])
    assert edges(graph, "COMPOSED_OF", "relation") == {
        (f"{A}_cal.fits", "antecedent", f"{A}_rate.fits"),
        (f"{B}_cal.fits", "antecedent", f"{B}_rate.fits"),
    }


def test_two_associations_in_force_make_one_product_of_the_members_of_both(graph: Graph) -> None:
    product = "jw02733-o001_t001_nirspec_clear-prism"
    one = asn(SPEC3, "spec3", {product: {f"{A}_cal.fits": "science"}})
    # Another counter is no other version: neither gives way.
    two = asn(SPEC3.replace("00001", "00002"), "spec3", {product: {f"{B}_cal.fits": "science"}})
    load_records(graph, [one, two, *archived(f"{product}_s2d.fits", f"{A}_cal.fits", f"{B}_cal.fits")])
    assert {row.productFilename for row in lineage.lineage(graph, f"{product}_s2d.fits", up=True)} == {
        f"{A}_cal.fits",
        f"{B}_cal.fits",
    }
    assert [row.obs_id for row in observations.observations(graph)] == [product]
    assert {row.association for row in associations.members(graph, product)} == {one.filename, two.filename}
