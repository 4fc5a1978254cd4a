"""The synthetic archive in a store: what is derived of it is what the rules say, and answers look like real ones."""

from __future__ import annotations

from collections import Counter
from itertools import islice

import pytest

from jwgraph.answers import observations, products
from jwgraph.answers.associations import members
from jwgraph.answers.missing import missing
from jwgraph.model.records import AssociationRecord, Problem, Record
from jwgraph.names.grammar import parse
from jwgraph.store.graph import Graph
from jwgraph_loaders.find.read import read_all
from tests.bench.archive.sky import FIRST_PROGRAM, Field, program
from tests.bench.archive.write import Archive, write
from tests.support.store import Slate, load_paths, nodes
from tests.support.stored import differences

# A seed with which one observation each of a dozen programs has most modes, a missing exposure, a second version.
PRODUCTS, OBSERVATIONS, SEED = 2_000, 1, 228


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    return write(tmp_path_factory.mktemp("archive"), PRODUCTS, seed=SEED, most=OBSERVATIONS)


@pytest.fixture
def loaded(slate: Slate, archive: Archive) -> Graph:
    def fill(graph: Graph) -> None:
        report = load_paths(graph, *archive.paths)
        assert (report.severities, report.problems) == (Counter(), [])

    return slate.filled("archive", fill)


def records_of(archive: Archive) -> list[Record]:
    found, _ = read_all([str(path) for path in archive.paths])
    return [each for each in found if not isinstance(each, Problem)]


def test_the_store_derives_what_the_rules_say(loaded: Graph, archive: Archive) -> None:
    assert differences(loaded, records_of(archive)) == []


def test_the_recommended_products_are_those_that_are_flagged(loaded: Graph) -> None:
    assert loaded.read("query/mrp_differences") == []


def test_trees_hold_the_exposures_and_what_is_recommended(loaded: Graph, archive: Archive) -> None:
    sample = archive.samples[0]
    tree = {row.productFilename for row in products.tree(loaded, sample.obs_id)}
    own = {row.productFilename for row in products.mrp(loaded, sample.obs_id)}
    assert own == {
        sample.filename,
        f"{sample.obs_id}_segm.fits",
        f"{sample.obs_id}_cat.ecsv",
        sample.association,
        next(name for name in own if name.endswith("_pool.csv")),
    }
    assert own < tree
    assert {f"{sample.exposure}_{end}" for end in ("uncal.fits", "rate.fits", "cal.fits", "cal.jpg")} < tree
    assert sample.obs_id in {row.obs_id for row in observations.observations(loaded, program=sample.program)}
    assert {row.exptype for row in members(loaded, sample.association)} == {"science"}


def fields_of(archive: Archive) -> list[Field]:
    associations = [record for record in records_of(archive) if isinstance(record, AssociationRecord)]
    places = {int(each.program) - FIRST_PROGRAM for each in associations}
    return [field for place in sorted(places) for field in islice(program(SEED, place)[1], OBSERVATIONS)]


def test_missing_exposures_are_expected(loaded: Graph, archive: Archive) -> None:
    fields = fields_of(archive)
    named = {file for field in fields for association in field.stage3 for file, _ in association.members}
    planned = {each.calibrated for field in fields for each in field.exposures if each.missing} & named
    expected = {name for name, flag in nodes(loaded, "Product", "filename", "expected") if flag}
    assert planned
    assert {name for name in expected if parse(name).form == "exposure"} == planned


def test_what_stage_3_did_not_make_is_missing(loaded: Graph, archive: Archive) -> None:
    promised = {
        association.product
        for field in fields_of(archive)
        for association in field.stage3
        if not any(each.made for each in association.combined)
    }
    assert promised
    assert {row.product for row in missing(loaded)} == promised
