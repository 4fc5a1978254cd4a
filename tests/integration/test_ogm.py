"""py2neo's answers are the driver's on the sample; and py2neo stays off the way of loading."""

from __future__ import annotations

import gc
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("py2neo")

import jwgraph
from jwgraph import ogm
from jwgraph.answers import associations, lineage, products
from jwgraph.answers.observations import observations as find_observations
from jwgraph.demo import OBS_ID
from jwgraph.errors import DatabaseError, RefusedError
from jwgraph.settings import Connection
from jwgraph.store.graph import Graph

pytestmark = pytest.mark.once

I2D = f"{OBS_ID}_i2d.fits"
ASN = "jw02221-o001_20220828t044842_image3_007_asn.json"


@pytest.fixture
def repository(demo: Graph, connection: Connection) -> Iterator[ogm.Repository]:
    with ogm.connect(connection) as made:
        yield made


def names(files: object) -> set[str]:
    return {file.filename for file in files}  # type: ignore[attr-defined]


def test_counts_are_the_drivers(demo: Graph, repository: ogm.Repository) -> None:
    observations = find_observations(demo, include_exposures=True)
    assert repository.match(ogm.Observation).count() == len(observations)
    assert repository.graph.run("MATCH (o:Observation) RETURN count(o)").evaluate() == len(observations)
    found = {row["label"]: row["nodes"] for row in _counts(demo)}
    for kind in (ogm.Product, ogm.Association, ogm.Pool, ogm.ReferenceFile):
        assert repository.match(kind).count() == found[kind.__name__]
    for row in observations:
        assert len(repository.get(ogm.Observation, row.obs_id).includes) == row.included


def _counts(demo: Graph) -> list[dict[str, object]]:
    labels = [label for row in demo.stream("internal/nodes") for label in row["labels"]]
    return [{"label": label, "nodes": labels.count(label)} for label in set(labels)]


def test_tree_and_mrp_of_every_observation(demo: Graph, repository: ogm.Repository) -> None:
    for row in find_observations(demo, include_exposures=True):
        made = repository.get(ogm.Observation, row.obs_id)
        assert (made.calib_level, made.productLevel, made.listed) == (row.calib_level, row.productLevel, row.listed)
        assert names(made.tree()) == {file.productFilename for file in products.tree(demo, row.obs_id)}
        assert [file.filename for file in made.mrp()] == [
            file.productFilename for file in products.mrp(demo, row.obs_id)
        ]


def test_lineage_one_step_up_and_down(demo: Graph, repository: ogm.Repository) -> None:
    for row in products.tree(demo, OBS_ID):
        file = repository.get(ogm.Product, row.productFilename)
        assert (file.size, file.dataURI, file.archived) == (row.size, row.dataURI, row.archived)
        for up, related in ((True, file.made_of), (False, file.feeds)):
            near = {
                r.productFilename: r.role for r in lineage.lineage(demo, row.productFilename, up=up) if r.depth == 1
            }
            assert {other.filename: related.get(other, "role") for other in related} == near


def test_members_roles_products_and_pool(demo: Graph, repository: ogm.Repository) -> None:
    made = repository.get(ogm.Association, ASN)
    reported = {row.expname: row.exptype for row in associations.members(demo, ASN)}
    assert {file.filename: made.members.get(file, "exptype") for file in made.members} == reported
    assert I2D in names(made.produces)
    assert names(made.from_pool) == {"jw02221_20220828t044842_pool.csv"}
    assert ASN in names(repository.get(ogm.Product, I2D).produced_by)
    (pool,) = made.from_pool
    assert ASN in names(pool.associations)


def test_links_lead_to_files_and_observations(demo: Graph, repository: ogm.Repository) -> None:
    kinds = {type(end).__name__ for file in repository.match(ogm.Product) for end in file.linked_to}
    assert kinds == {"Product", "Observation"}
    thumb = repository.get(ogm.Product, f"{OBS_ID}_i2d_thumb.jpg")
    assert names(end for end in thumb.linked_to if isinstance(end, ogm.Product)) <= {I2D}


def test_reference_files(demo: Graph, repository: ogm.Repository) -> None:
    flat = repository.get(ogm.ReferenceFile, "crds://jwst_nircam_flat_0313.fits")
    assert names(flat.used_by) == {f"jw02221001001_03101_0000{n}_nrca1_cal.fits" for n in (1, 2, 3)}


def test_a_repository_changes_nothing(repository: ogm.Repository, demo: Graph) -> None:
    file = repository.get(ogm.Product, I2D)
    file.size = 0
    for change in (repository.save, repository.delete, repository.create, repository.merge):
        with pytest.raises(RefusedError, match="for reading"):
            change(file)
    assert next(row.size for row in products.tree(demo, OBS_ID) if row.productFilename == I2D) == 903168000


def test_the_settings_of_the_command_line_do(demo: Graph, environment: Path) -> None:
    with ogm.connect() as made:
        assert made.get(ogm.Observation, OBS_ID).program == "02221"
    with jwgraph.connect() as g, ogm.connect(g.graph.connection) as made:
        assert made.get(ogm.Product, I2D).filename == I2D


# py2neo leaves the socket of a refused connection to the garbage collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_faults_are_one_sentence(connection: Connection) -> None:
    with pytest.raises(DatabaseError) as caught:
        ogm.connect(Connection(connection.uri, "neo4j", "wrong-password"))
    assert "wrong-password" not in str(caught.value)
    with pytest.raises(DatabaseError, match="No Neo4j answers"):
        ogm.connect(Connection("bolt://127.0.0.1:9", "neo4j", "x"))
    gc.collect()


def test_loading_never_imports_py2neo(graph: Graph, environment: Path) -> None:
    source = Path(jwgraph.__file__).parent / "data" / "demo"
    code = (
        "import sys\n"
        "from jwgraph.cli.app import main\n"
        f"sys.argv = ['jwgraph', 'load', {str(source)!r}]\n"
        "try:\n    main()\n"
        "except SystemExit as done:\n    assert not done.code, done.code\n"
        "print([name for name in sys.modules if name.split('.')[0] == 'py2neo'])\n"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.splitlines()[-1] == "[]"
    assert find_observations(graph)
