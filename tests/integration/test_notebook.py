"""What a notebook asks, on the sample; and the notebook of the documentation."""

from __future__ import annotations

import gc
import os
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import jwgraph
from jwgraph.answers import (
    associations,
    calibration,
    events,
    lineage,
    missing,
    notes,
    observations,
    paths,
    products,
    why,
)
from jwgraph.demo import OBS_ID
from jwgraph.errors import DatabaseError, JwgraphError, NotFoundError, RefusedError, UsageError
from jwgraph.notebook.store import Store
from jwgraph.settings import Connection
from jwgraph.store import queries
from jwgraph.store.graph import Graph
from tests.support.builders import archived
from tests.support.store import load_records

pytestmark = pytest.mark.once

I2D = f"{OBS_ID}_i2d.fits"
SKY = "jw02221002001_02101_00004_nrca1"
CAL = "jw02221001001_03101_00001_nrca1_cal.fits"


@pytest.fixture
def g(demo: Graph, environment: Path) -> Iterator[Store]:
    with jwgraph.connect() as made:
        yield made


def test_an_observation_answers_as_the_views_do(g: Store, demo: Graph) -> None:
    o = g.observation(OBS_ID)
    assert repr(o) == f"<Observation {OBS_ID}: level 3, archived, a row of the Portal>"
    assert list(o.tree()) == products.tree(demo, OBS_ID)
    assert list(o.tree(mrp=True)) == products.tree(demo, OBS_ID, mrp=True)
    assert list(o.mrp()) == products.mrp(demo, OBS_ID)
    assert list(o.why()) == why.why(demo, OBS_ID)
    assert list(o.missing(include_archived=True)) == missing.missing(demo, obs_id=OBS_ID, include_archived=True)
    assert list(o.references()) == calibration.references(demo, OBS_ID)
    for ask in (o.engineering, lambda: calibration.engineering(demo, OBS_ID)):
        with pytest.raises(NotFoundError, match="unknown: no times are loaded for the exposures of"):
            ask()
    assert list(o.members()) == associations.members(demo, OBS_ID)
    assert list(o.history()) == associations.history(demo, OBS_ID)


def test_lineage_of_an_observation_is_that_of_its_own_files(g: Store, demo: Graph) -> None:
    o = g.observation(OBS_ID)
    assert list(o.lineage(I2D)) == lineage.lineage(demo, I2D, up=True)
    up = {row.productFilename: row.depth for row in o.lineage()}
    # The catalogue is made of the image, which is its own.
    assert up == {row.productFilename: row.depth for row in lineage.lineage(demo, I2D, up=True)} | {I2D: 1}
    # The raw file of a background is background too.
    sky = {f"{SKY}_rate.fits", f"{SKY}_uncal.fits"}
    assert {row.productFilename for row in o.lineage(roles=["background"])} == sky
    assert {row.productFilename for row in o.lineage(roles="background")} == sky
    down = g.observation(SKY).lineage(up=False)
    assert {row.productFilename for row in down} >= {I2D, CAL}
    assert [row.depth for row in down] == sorted(row.depth for row in down)


def test_a_file_of_another_observation_is_refused(g: Store) -> None:
    alone = g.observation("jw01200003001_03103_00001_nis")
    with pytest.raises(NotFoundError, match=r"not in jw01200003001.*g\.product"):
        alone.lineage(I2D)
    with pytest.raises(NotFoundError, match=r"no product .nothing\.fits."):
        alone.lineage("nothing.fits")


def test_a_product_answers_as_the_views_do(g: Store, demo: Graph) -> None:
    p = g.product(CAL)
    assert repr(p) == f"<product {CAL}: part of jw02221001001_03101_00001_nrca1>"
    assert p.about == products.product(demo, CAL)
    assert list(p.lineage()) == lineage.lineage(demo, CAL, up=True)
    assert list(p.lineage(up=False, roles=["science"])) == lineage.lineage(demo, CAL, up=False, roles=["science"])
    assert list(p.links()) == products.links(demo, CAL)
    assert list(p.impact()) == lineage.impact(demo, CAL)
    assert list(p.references()) == calibration.references(demo, CAL)


def test_the_store_answers_as_the_views_do(g: Store, demo: Graph) -> None:
    assert list(g.observations()) == observations.observations(demo)
    assert list(g.observations(program=2221)) == observations.observations(demo, program="02221")
    assert list(g.observations("02514", include_exposures=True)) == observations.observations(
        demo, program="02514", include_exposures=True
    )
    flat = "jwst_nircam_flat_0313.fits"
    assert list(g.impact(flat)) == lineage.impact(demo, flat)
    assert list(g.path(I2D, f"{SKY}_rate.fits")) == paths.path(demo, I2D, f"{SKY}_rate.fits")
    assert list(g.missing(2221, include_archived=True)) == missing.missing(demo, program="02221", include_archived=True)
    hour_ago = datetime.now(UTC) - timedelta(hours=1)
    assert list(g.events(hour_ago)) == list(g.events("1h")) == events.events(demo, since=hour_ago)
    assert list(g.events(hour_ago.replace(tzinfo=None), program=1200)) == events.events(
        demo, since=hour_ago, program="01200"
    )


def test_every_answer_goes_into_a_table_and_a_frame(g: Store) -> None:
    o, p = g.observation(OBS_ID), g.product(CAL)
    answers = [
        *(g.observations(), g.impact(CAL), g.path(I2D, CAL), g.missing(include_archived=True), g.events()),
        *(o.tree(), o.mrp(), o.lineage(), o.why(), o.missing(include_archived=True), o.references()),
        *(o.members(), o.history(), p.lineage(), p.links(), p.impact(), p.references()),
        *(g.query("tree", obs_id=OBS_ID), g.cypher("MATCH (p:Product)-[r:PART_OF]->(o) RETURN p, r, o, p.size AS n")),
    ]
    for rows in answers:
        table, frame = rows.to_table(), rows.to_pandas()
        assert len(table) == len(frame) == len(rows)
        assert tuple(table.colnames) == tuple(frame.columns) == rows.columns
        assert table.meta["query"].startswith("g.")
        assert rows._repr_html_()


def test_named_queries_have_checked_parameters(g: Store, demo: Graph) -> None:
    found = g.query("mrp", obs_id=OBS_ID)
    assert list(found) == notes.ask(demo, "query/mrp", obs_ids=[OBS_ID])
    assert found.columns == tuple(name for name, _ in queries.get("query/mrp").returns if name != "known")
    assert found.to_table()["size"].unit == "byte"
    assert len(g.query("query/observations", all=True)) > len(g.query("observations"))
    for name, given in (("mrp", {}), ("mrp", {"obs_id": 1}), ("mrp", {"obs_id": "x", "other": 1})):
        with pytest.raises(UsageError):
            g.query(name, **given)
    with pytest.raises(NotFoundError, match="no query 'nothing'"):
        g.query("nothing")


def test_queries_of_ones_own(g: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "largest.cypher").write_text(
        "// name: query/largest\n// summary: The largest files.\n// param: number INTEGER = 1  how many\n"
        "// returns: file STRING, size INTEGER\n"
        "MATCH (p:Product) WHERE p.size IS NOT NULL RETURN p.filename AS file, p.size AS size\n"
        "ORDER BY size DESC LIMIT $number\n"
    )
    monkeypatch.setenv("JWGRAPH_QUERIES", str(tmp_path))
    assert list(g.query("largest")) == [{"file": I2D, "size": 903168000}]
    assert len(g.query("largest", number=3)) == 3


def test_cypher_reads_and_says_where_it_cut(g: Store) -> None:
    text = "MATCH (p:Product {program: $program}) RETURN p.filename AS f ORDER BY f"
    found = g.cypher(text, program="02221", limit=2)
    assert len(found) == 2
    assert "cut at 2 rows" in repr(found)
    assert found.to_table().meta["notes"] == ["cut at 2 rows, limit=0 gives all"]
    assert len(g.cypher(text, {"program": "02221"}, limit=0)) > 60
    assert "ProduceResults" in g.cypher("EXPLAIN MATCH (p:Product) RETURN p").values("operator")
    assert list(g.cypher("RETURN 1 AS size")) == [{"size": 1}]
    with pytest.raises(RefusedError):
        g.cypher("CREATE (n) RETURN n")
    with pytest.raises(UsageError):
        g.cypher("MATCH (n RETURN n")


def test_errors_are_ours_and_short(g: Store, connection: Connection) -> None:
    for ask in (
        lambda: g.observation("jw99999-o001_t001_nircam_clear"),
        lambda: g.product("nothing.fits"),
        lambda: g.impact("nothing"),
        lambda: g.path(I2D, "nothing.fits"),
        lambda: g.observations(program="x"),
        lambda: g.events("yesterday"),
        lambda: jwgraph.connect(password="wrong"),
        lambda: jwgraph.connect("bolt://127.0.0.1:9", password="wrong"),
    ):
        with pytest.raises(JwgraphError) as caught:
            ask()
        # This test, the lambda, the question, the place where errors begin.
        assert len(traceback.extract_tb(caught.value.__traceback__)) <= 5
        assert caught.value.__cause__ is None
        assert caught.value.__suppress_context__
        assert "wrong" not in str(caught.value)


def test_connecting_by_address(demo: Graph, connection: Connection) -> None:
    given = {"username": connection.username, "password": connection.password, "database": connection.database}
    with jwgraph.connect(connection.uri, **given) as g:
        assert g.observation(OBS_ID.upper()).obs_id == OBS_ID
        assert connection.password not in repr(g)
    with pytest.raises(UsageError, match="is closed"):
        g.observations()
    with pytest.raises(DatabaseError, match="no database"):
        jwgraph.connect(connection.uri, **(given | {"database": "nothing"})).observations()


def test_views_keep_the_store_open(demo: Graph, environment: Path) -> None:
    observation = jwgraph.connect().observation(OBS_ID)
    gc.collect()
    assert len(observation.mrp()) == 5


def test_picture_of_an_observation(g: Store, demo: Graph) -> None:
    pytest.importorskip("neo4j_viz")
    made = g.observation(OBS_ID).viz()
    tree = products.tree(demo, OBS_ID)
    datasets = {row.obs_id for row in tree}
    assert {node.id for node in made.nodes} == {row.productFilename for row in tree} | datasets
    ends = {(line.source, line.target) for line in made.relationships if line.caption == "COMPOSED_OF"}
    assert (I2D, CAL) in ends
    assert (CAL, f"{SKY}_rate.fits") in ends
    kinds = {line.caption for line in made.relationships}
    assert kinds == {"INCLUDES", "PART_OF", "COMPOSED_OF", "LINKED_TO", "PRODUCES"}
    assert all(len(str(node.caption)) <= 40 for node in made.nodes)


def test_a_large_picture_is_cut_and_says_so(g: Store, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("neo4j_viz")
    made = g.viz(OBS_ID, limit=10)
    assert len(made.nodes) == 10
    assert {OBS_ID, I2D} <= {node.id for node in made.nodes}
    assert "The picture has 8 of the 65 products" in capsys.readouterr().err
    known = {node.id for node in made.nodes}
    assert all({line.source, line.target} <= known for line in made.relationships)
    with pytest.raises(NotFoundError):
        g.viz("jw99999-o001_t001_nircam_clear")
    with pytest.raises(UsageError):
        g.viz(OBS_ID, limit=0)


def test_names_are_escaped(graph: Graph, environment: Path) -> None:
    hostile = "jw02733001001_02101_00001_nrca1_<b onload=alert(1)>.fits"
    load_records(graph, archived(hostile, "jw02733001001_02101_00001_nrca1_cal.fits"))
    with jwgraph.connect() as g:
        tree = g.observation("jw02733001001_02101_00001_nrca1").tree()
        names = g.cypher("MATCH (p:Product) RETURN p.filename AS f")
        shown = [tree._repr_html_(), g.events()._repr_html_(), names._repr_html_()]
    assert all("<b onload" not in html for html in shown)
    assert "&lt;b onload" in shown[2]


def test_tour(demo: Graph, environment: Path, tmp_path: Path) -> None:
    """The documented notebook gives what it shows; cells tagged `changes` are run and not compared."""
    tour = pytest.importorskip("tests.support.tour")
    made = tour.execute(tmp_path)
    if os.environ.get("JWGRAPH_WRITE_TOUR"):
        tour.write(made)
    kept = tour.read()
    assert tour.texts(made) == tour.texts(kept)
    text = tour.PATH.read_text(encoding="utf-8")
    assert len(text) < 200_000
    for private in (str(Path.home()), str(tmp_path), os.environ["NEO4J_URI"], os.environ["NEO4J_PASSWORD"], "/work/"):
        assert private not in text
