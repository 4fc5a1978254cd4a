"""Real lists and associations: tree, recommended products and members as MAST and the pipeline have them."""

from __future__ import annotations

import csv
import io
import json
import tarfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import networkx as nx
import pytest

from jwgraph.answers import observations, products
from jwgraph.model.records import Problem
from jwgraph.store.digest import digest
from jwgraph.store.graph import Graph
from jwgraph_loaders.find.read import read_all
from tests.support.oracle import Oracle
from tests.support.store import edges, load_paths, nodes, wipe
from tests.support.stored import differences

pytestmark = pytest.mark.real

LIST = "mast/products/jw05224-o004_parent_254258368.csv"
OBS_ID = "jw05224-o004_s000277031_nirspec_clear-prism"
MRP = "Minimum Recommended Products"


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def generated(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield name and content of every association of an archive."""
    with tarfile.open(path) as tar:
        for member in tar:
            file = tar.extractfile(member) if member.name.endswith("_asn.json") else None
            if file is not None:
                yield Path(member.name).name, json.load(io.TextIOWrapper(file))


def test_tree_and_recommended_products_are_those_of_mast(graph: Graph, shared: Path) -> None:
    listed = rows_of(shared / LIST)
    report = load_paths(graph, shared / LIST)
    assert (report.records, report.rejected) == (359, 0)

    names = [row.productFilename for row in products.tree(graph, OBS_ID)]
    assert len(names) == len(set(names)) == 316
    assert set(names) == {row["productFilename"] for row in listed}

    flagged = {row["productFilename"] for row in listed if row["productGroupDescription"] == MRP}
    assert {row.productFilename for row in products.mrp(graph, OBS_ID)} == flagged
    assert graph.read("query/mrp_differences") == []
    assert [row.obs_id for row in observations.observations(graph)] == [OBS_ID]


def test_the_columns_of_the_tree_are_those_of_mast(graph: Graph, shared: Path) -> None:
    load_paths(graph, shared / LIST)
    found = {row.productFilename: row for row in products.tree(graph, OBS_ID)}
    for row in rows_of(shared / LIST):
        ours = found[row["productFilename"]]
        assert (ours.dataURI, ours.productType) == (row["dataURI"], row["productType"])
        assert ours.size == int(row["size"])
        if row["obs_id"] == ours.obs_id:
            assert ours.calib_level == int(row["calib_level"]), row["productFilename"]


def test_members_of_mega_pool_are_those_of_the_json(graph: Graph, shared: Path) -> None:
    archive = shared / "associations" / "generated" / "mega_pool.tar.gz"
    contents = dict(generated(archive))
    load_paths(graph, archive)
    expected = Counter(
        (name, product["name"], member["exptype"].lower(), Path(member["expname"]).name)
        for name, content in contents.items()
        for product in content["products"]
        for member in product["members"]
    )
    found = Counter(
        (row["start"], row["properties"]["product"], row["properties"]["exptype"], row["end"])
        for row in graph.stream("internal/edges")
        if row["type"] == "HAS_MEMBER"
    )
    assert (len(contents), sum(expected.values())) == (858, 1972)
    assert found == expected
    assert len(nodes(graph, "Association", "filename")) == 858


@pytest.mark.parametrize("pool", ["pool_019_niriss_wfss", "jw09505_20251216t202003_pool"])
def test_wfss_composition_points_from_what_is_made_to_what_it_is_made_of(graph: Graph, shared: Path, pool: str) -> None:
    archive = shared / "associations" / "generated" / f"{pool}.tar.gz"
    load_paths(graph, archive)
    wrong = set()
    made_by = {
        (product["name"], member["expname"])
        for _, content in generated(archive)
        for product in content["products"]
        for member in product["members"]
    }
    for start, _, asn, end in edges(graph, "COMPOSED_OF", "role", "asn"):
        if asn is not None and not any(start.startswith(name) and end == member for name, member in made_by):
            wrong.add((start, end))
    assert wrong == set()
    assert nx.is_directed_acyclic_graph(Oracle(graph).made)


def test_slitless_spectra_of_miri_and_what_is_made_for_them(graph: Graph, shared: Path) -> None:
    load_paths(graph, shared / "associations" / "generated" / "jw09505_20251216t202003_pool.tar.gz")
    load_paths(graph, shared / "pools" / "jw09505_20251216t202003_pool.csv")
    expected = {end for _, end in edges(graph, "PRODUCES") if "-o001_" in end}
    image = "jw09505-o001_t001_miri_f560w"
    assert expected == {"jw09505-o001_t001_miri_p750l_x1d.fits", f"{image}_i2d.fits"}
    roles = {
        (start, role, end)
        for start, role, end in edges(graph, "COMPOSED_OF", "role")
        if start == "jw09505001001_02102_00001_mirimage_cal.fits" and role != "science"
    }
    assert roles == {
        ("jw09505001001_02102_00001_mirimage_cal.fits", "direct_image", f"{image}_i2d.fits"),
        ("jw09505001001_02102_00001_mirimage_cal.fits", "sourcecat", f"{image}_cat.ecsv"),
        ("jw09505001001_02102_00001_mirimage_cal.fits", "segmap", f"{image}_segm.fits"),
    }


def readable(shared: Path) -> list[Path]:
    """What the loaders read, in a fixed order."""
    folders = ("associations/real", "associations/generated", "mast", "names")
    return [path for folder in folders for path in sorted((shared / folder).rglob("*")) if path.is_file()]


def test_all_real_data_in_two_orders_and_twice_over_is_one_graph(graph: Graph, shared: Path) -> None:
    paths = readable(shared)
    problems: list[Problem] = []
    first = load_paths(graph, *paths, on_problem=problems.append)
    one = digest(graph)
    contents: dict[str, set[str]] = {}
    for archive in sorted((shared / "associations" / "generated").iterdir()):
        for name, content in generated(archive):
            contents.setdefault(name, set()).add(json.dumps(content, sort_keys=True))
    ambiguous = {name for name, found in contents.items() if len(found) > 1}
    names = {problem.source for problem in problems if problem.severity == "conflict"}
    assert len(ambiguous) > 100
    assert first.severities.total() == len(problems)
    # Among the real ones, two repositories have an asn_mosaic.json.
    assert names == ambiguous | {"asn_mosaic.json"}

    wipe(graph)
    load_paths(graph, *reversed(paths), workers=1, batch_size=700)
    load_paths(graph, *paths[::2], *paths[1::2])
    assert digest(graph) == one

    # The store has all of this by now; with the rest it is what the rules say, written a second time in Python.
    load_paths(graph, shared / "headers", shared / "pools")
    everything, _ = read_all([str(shared)])
    records = [record for record in everything if not isinstance(record, Problem)]
    assert len(records) > 10_000
    assert differences(graph, records) == []
