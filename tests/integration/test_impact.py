"""The impact of a file that thousands of products were made with is an answer like any other."""

from __future__ import annotations

from collections.abc import Iterator

from jwgraph.answers.lineage import impact
from jwgraph.model.records import ProductRecord, Record, ReferenceRecord
from jwgraph.store.graph import Graph
from tests.support.store import load_records

FLAT = "crds://jwst_nircam_flat_0313.fits"
EXPOSURES = 2_500


def exposures() -> list[str]:
    return [f"jw01000001001_{place // 999 + 2101:05d}_{place % 999 + 1:05d}_nrca1" for place in range(EXPOSURES)]


def test_of_a_reference_file_of_thousands_of_observations(graph: Graph) -> None:
    def records() -> Iterator[Record]:
        for each in exposures():
            yield ProductRecord(f"{each}_cal.fits", obs_id=each)
            yield ReferenceRecord(f"{each}_cal.fits", "R_FLAT", FLAT)

    load_records(graph, records())
    found = impact(graph, FLAT)
    assert {row.productFilename for row in found if row.productFilename} == {f"{each}_cal.fits" for each in exposures()}
    assert {row.obs_id for row in found if not row.productFilename} == set(exposures())
    assert len(found) == 2 * EXPOSURES
