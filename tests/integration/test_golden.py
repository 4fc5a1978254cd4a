"""Every named query on one small graph, against the result that stands in `tests/golden/`.

`JWGRAPH_TEST_GOLDEN=write` writes them anew; read the difference before you commit it.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from jwgraph.store import queries
from jwgraph.store.graph import Graph
from tests.support.small import FLAT, L3, NEW, OLD, POOL, PROMISED, A, B, C

pytestmark = pytest.mark.server_versions

FOLDER = Path(__file__).resolve().parents[1] / "golden"

I2D = f"{L3}_i2d.fits"
ARGUMENTS: dict[str, dict[str, Any]] = {
    "association_members": {"filename": OLD},
    "changing": {"since": 0},
    "changed_since": {"programs": ["02733"], "since": 0, "names": True},
    "check_files": {
        "files": [
            {"number": 0, "filename": f"{L3}_i2d.fits", "obs_id": L3, "program": "02733", "asntable": OLD},
            {"number": 1, "filename": "notes.txt", "obs_id": None, "program": None, "asntable": None},
        ]
    },
    "completeness": {"obs_ids": [A, L3, PROMISED]},
    "contents_loaded": {"filenames": [OLD, POOL, f"{A}_cal.fits"]},
    "engineering": {"obs_id": L3},
    "events": {"since": 0},
    "export_datalink": {"obs_ids": [L3, A]},
    "export_lineage": {"obs_ids": [L3, A]},
    "export_relations": {"filenames": [I2D, f"{A}_cal.fits"]},
    "held_observations": {"rows": [[L3, 7, None], [L3, 8, None], [A, None, [7]], ["elsewhere", 1, None]]},
    "held_products": {
        "rows": [
            [I2D, True, False, "0", None],
            [I2D, True, False, "9", None],
            [OLD, False, False, None, ["Association"]],
            ["elsewhere.fits", True, False, None, None],
        ]
    },
    "history": {"name": L3},
    "impact": {"name": FLAT},
    "lineage_down": {"filename": f"{A}_uncal.fits"},
    "lineage_up": {"filename": I2D},
    "inputs_files": {"filenames": [f"{A}_cal.fits", NEW]},
    "inputs_made_by": {"obs_ids": [A, L3]},
    "known_around": {"name": f"{A}_cal.fits"},
    "known_headers": {"name": L3},
    "known_here": {"name": I2D},
    "links": {"filename": I2D},
    "listed_observations": {},
    "members": {"name": I2D},
    "missing": {},
    "mrp": {"obs_ids": [L3, A]},
    "observation": {"obs_ids": [L3, A]},
    "observations": {"all": True},
    "observations_with_lists": {"program": "02733"},
    "out_of_force": {"programs": ["02733"]},
    "own_files": {"all": True},
    "part_names": {"program": "02733"},
    "path": {"start": I2D, "end": f"{A}_uncal.fits"},
    "path_any": {"start": L3, "end": f"{A}_uncal.fits"},
    "planned_observations": {"programs": ["02733"]},
    "program_references": {"program": "02733"},
    "pool_visits": {"pools": [POOL]},
    "product": {"filename": f"{A}_cal.fits"},
    "references": {"name": L3},
    "named_files": {"program": "02733"},
    "named_observations": {"program": "02733"},
    "named_shares": {"program": "02733"},
    "same_engineering": {"rows": [{"name": "SA_ZFGOUTFOV|59736.5|59737.05", "dataURI": uri} for uri in (None, "n")]},
    "same_links": {
        "rows": [
            {"filename": "hst_preimage.fits", "linked_to": L3, "to": "dataset", "relation": relation}
            for relation in ("pre_image", "finding_chart")
        ]
    },
    "same_lists": {"rows": [{"obs_id": L3, "at": 1}]},
    "same_owners": {
        "rows": [
            [L3, [[I2D, "mast", 3, True, None], [I2D, "name", None, None, None], [I2D, "mast", 4, None, None]], 0],
            [A, [[f"{A}_cal.fits", "mast", None, None, None], [f"{A}_cal.fits", "name", None, None, None]], 3],
        ]
    },
    "same_plans": {"rows": [{"pool": POOL, "filename": f"{C}_uncal.fits", "rank": rank} for rank in ("", "g")]},
    "same_pools": {"rows": [{"filename": OLD, "pool": POOL, "basis": basis} for basis in ("header", "association")]},
    "same_pools_loaded": {"rows": [I2D, POOL]},
    "same_reference_files": {"rows": ["crds://none.fits", FLAT]},
    "same_references": {
        "rows": [
            {
                "filename": f"{B}_rate.fits",
                "keyword": "R_DARK",
                "reference": "crds://jwst_nircam_dark_0333.fits",
                "context": context,
            }
            for context in ("jwst_1000.pmap", "jwst_1001.pmap", None)
        ]
    },
    "same_searches": {
        "rows": [
            {"obs_id": "jw02733002001_xx101_00001_nircam", "mast_obsid": obsid, "rank": rank}
            for obsid, rank in ((99, "0"), (100, "0"), (99, "9"))
        ]
    },
    "size": {"obs_ids": [L3, A]},
    "names_like": {"prefix": "jw02733-o001"},
    "program_files": {"programs": ["02733"]},
    "program_size": {"program": "02733"},
    "resolve": {
        "names": [L3, I2D],
        "numbers": [1],
        "programs": ["02733"],
        "observations": [f"{A[:-1]}"],
        "products": [f"{L3}_i2d"],
        "files": True,
        "limit": 10,
    },
    "terminate": {"owner": "nobody"},
    "tree": {"obs_ids": [L3, A]},
    "why": {"obs_ids": [PROMISED]},
}

# Checksums change with each file of the schema, ranks with each source, and times with each run: other tests compare
# those.
LEFT_OUT = {"association_ranks", "await_indexes", "entities", "header_ranks", "schema_steps", "store_size"}
QUERIES = {
    query.name.partition("/")[2]: query
    for kind in ("query", "internal")
    for query in queries.every(kind)
    if query.mode == "read" and query.name.partition("/")[2] not in LEFT_OUT
}
# What depends on the hour of the load, and on nothing else.
BOOKS = ("at", "generation", "last_load", "new_at", "reprocessed_at", "public_at")
# Lists that are sets, which servers give in an order of their own; the order of any other list is part of the answer.
SETS = {"labels", "start_labels", "end_labels"}
SETS_OF = {
    "tree": {"files", "roles"},
    "size": {"files"},
    "observation_facts": {"headers", "lists", "plans"},
    "export_datalink": {"links", "relations", "roles"},
}


def _plain(value: Any, sets: set[str]) -> Any:
    if isinstance(value, list):
        return [_plain(item, sets) for item in value]
    if not isinstance(value, dict):
        return value
    found: dict[str, Any] = {
        key: 0 if key in BOOKS and item is not None else _plain(item, sets) for key, item in value.items()
    }
    return found | {key: sorted(each, key=_text) for key, each in found.items() if key in sets}


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True, default=str)


@pytest.mark.parametrize("name", QUERIES)
def test_the_result_is_the_golden_one(small: Graph, name: str) -> None:
    rows = small.read(QUERIES[name].name, **ARGUMENTS.get(name, {}))
    found = [_plain(row, SETS | SETS_OF.get(name, set())) for row in rows]
    if name in ("nodes", "edges"):
        # Sets: the order of the rows means nothing.
        found = sorted(found, key=_text)
        found = [row for row in found if "Load" not in row.get("labels", [])]
    if name == "any_node":
        # Any node will do, and each server has its own first one.
        found = [sorted(row) for row in rows]
    path = FOLDER / f"{name}.json"
    text = json.dumps(found, indent=1, sort_keys=True, default=str) + "\n"
    if os.environ.get("JWGRAPH_TEST_GOLDEN") == "write":
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


def test_every_golden_result_is_of_a_query() -> None:
    assert {path.stem for path in FOLDER.glob("*.json")} == set(QUERIES)


def test_queries_with_parameters_have_some_here() -> None:
    needs = {name for name, query in QUERIES.items() if any(param.default is None for param in query.params)}
    assert needs == {
        name for name in ARGUMENTS if name not in ("listed_observations", "missing", "observations", "own_files")
    }
