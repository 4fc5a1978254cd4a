"""What a notebook loads and compares: files, MAST, versions of associations, named queries in any form of a name."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import jwgraph
from jwgraph.answers import associations, schema, stores
from jwgraph.errors import NotFoundError, UsageError
from jwgraph.model.records import HeaderRecord
from jwgraph.notebook.store import Store
from jwgraph.store.digest import digest
from jwgraph.store.graph import Graph
from tests.support.builders import archived, asn
from tests.support.cli import jwgraph as command
from tests.support.cli import rows
from tests.support.mast import reading
from tests.support.mast.reading import Serve, program
from tests.support.mast.rows import LEVEL3
from tests.support.store import Slate, load_records

pytestmark = pytest.mark.once

serve = reading.serve

L3 = "jw02733-o001_t001_nircam_clear-f090w"
A, B = (f"jw02733001001_02101_0000{n}_nrca1" for n in (1, 2))
V1 = "jw02733-o001_20220710t161010_image3_00001_asn.json"
V2 = "jw02733-o001_20230710t161010_image3_00002_asn.json"
FLAT = "jwst_nircam_flat_0313.fits"


def fill(graph: Graph) -> None:
    load_records(
        graph,
        [
            asn(V1, "image3", {L3: {f"{A}_cal.fits": "science"}}),
            asn(V2, "image3", {L3: {f"{A}_cal.fits": "psf", f"{B}_cal.fits": "science"}}, version_id="20230710t161010"),
            HeaderRecord(f"{L3}_i2d.fits", asntable=V1, cards={"cal_ver": "1.9.2", "crds_ctx": "jwst_1000.pmap"}),
            HeaderRecord(f"{A}_cal.fits", references=(("R_FLAT", f"crds://{FLAT}"),)),
            *archived(f"{L3}_i2d.fits", f"{A}_cal.fits", f"{B}_cal.fits", f"{B}_uncal.fits"),
        ],
    )


@pytest.fixture
def loaded(slate: Slate, environment: Path) -> Graph:
    return slate.filled("two versions for a notebook", fill)


def printed(*arguments: str) -> list[dict[str, object]]:
    done = command(*arguments, "--format", "json")
    assert done.returncode == 0, done.stderr
    found: list[dict[str, object]] = json.loads(done.stdout)["rows"]
    return found


def test_versions_are_compared_as_on_the_command_line(loaded: Graph) -> None:
    with jwgraph.connect() as g:
        assert list(g.diff(V1, V2)) == associations.diff(loaded, V1, V2) != []
        named = g.diff(f"mast:JWST/product/{V1}", V2.upper())
        assert list(named) == associations.diff(loaded, V1, V2)
        assert named.to_table().meta["query"].startswith("g.diff('mast:")
        assert list(g.stale()) == list(g.stale(2733)) == associations.stale(loaded) != []
        assert list(g.history(L3)) == associations.history(loaded, L3)
        assert list(g.members(f"{L3}_i2d.fits")) == associations.members(loaded, f"{L3}_i2d.fits")
        assert g.references(A).values("reference") == [f"crds://{FLAT}"]
        with pytest.raises(NotFoundError, match="no headers are loaded for program 1"):
            g.stale(1)
        with pytest.raises(NotFoundError, match="There is no"):
            g.diff(V1, V2.replace("2023", "2024"))
        with pytest.raises(UsageError, match="not a program number"):
            g.stale("x")


def test_explanations_are_those_of_the_command_line(loaded: Graph) -> None:
    with jwgraph.connect() as g:
        for asked, arguments in (
            (g.why(A), ("why", A)),
            (g.why(f"{A}_cal.fits", L3), ("why", f"{A}_cal.fits", L3)),
            (g.why(program=2733, level3=True), ("why", "--program", "2733", "--level3")),
            (g.missing(2733, level=3), ("missing", "--program", "2733", "--level", "3")),
            (
                g.missing(obs_ids=A, include_archived=True),
                ("missing", "--obs-id", A, "--include-archived"),
            ),
        ):
            table = [{name: getattr(row, name) for name in asked.columns} for row in asked]
            assert table == printed(*arguments)
        with pytest.raises(UsageError, match="4 is not a level"):
            g.missing(level=4)
        with pytest.raises(UsageError, match="not both"):
            g.missing(2733, obs_ids=A)


def test_the_schema_and_what_is_there(loaded: Graph) -> None:
    with jwgraph.connect() as g:
        assert list(g.schema()) == schema.schema(loaded)
        assert list(g.schema("product")) == schema.schema(loaded, ["Product"])
        assert list(g.info()) == stores.info(loaded)


def test_parameters_of_queries_have_any_form_of_a_name(loaded: Graph) -> None:
    with jwgraph.connect() as g:
        for name, given, plain in (
            ("mrp", {"obs_id": L3.upper()}, {"obs_id": L3}),
            ("tree", {"obs_id": f"mast:JWST/product/{L3}_i2d.fits"}, {"obs_id": L3}),
            ("lineage_up", {"filename": f"./data/{L3}_i2d.fits"}, {"filename": f"{L3}_i2d.fits"}),
            ("lineage_up", {"filename": L3}, {"filename": f"{L3}_i2d.fits"}),
            ("impact", {"name": FLAT}, {"name": f"crds://{FLAT}"}),
            ("path", {"start": L3, "end": f"{A}_cal"}, {"start": f"{L3}_i2d.fits", "end": f"{A}_cal.fits"}),
            ("size", {"obs_ids": ["2733"]}, {"obs_ids": [L3]}),
            ("missing", {"program": 2733, "obs_id": "*", "all": True}, {"all": True}),
        ):
            found = g.query(name, **given)
            assert len(found)
            assert list(found) == list(g.query(name, **plain)), name
        note = g.query("tree", obs_id=f"{L3}_i2d.fits").notes[0]
        assert str(note) == f"{L3}_i2d.fits is a file of {L3}: this is about {L3}"
    run = ("query", "run", "mrp", "--format", "csv", "-p")
    assert [row["productFilename"] for row in rows(command(*run, f"obs_id={L3.upper()}").stdout)] == [f"{L3}_i2d.fits"]
    shell = command("shell", stdin=f":run mrp obs_id={L3.upper()}\n")
    assert f"{L3}_i2d.fits" in shell.stdout
    for value, code, says in (
        ("obs_id=jw09999-o001_t001_nircam_clear-f090w", 3, "There is no Observation"),
        ("obs_id=jw02733001001", 2, "can be 2 Observations"),
        ("program=2733", 2, "has no parameter 'program'"),
    ):
        done = command(*run, value)
        assert (done.returncode, says in done.stderr) == (code, True), done.stderr
    done = command("query", "run", "observations", "-p", "program=banana")
    assert (done.returncode, done.stdout) == (2, "")
    assert "'banana' is not a program number" in done.stderr
    done = command("query", "run", "events", "-p", "since=June")
    assert (done.returncode, "'June' is not a time" in done.stderr) == (2, True)


def test_files_are_loaded(graph: Graph, environment: Path, tmp_path: Path) -> None:
    (tmp_path / "names.txt").write_text(f"{A}_cal.fits\n{A}_uncal.fits\n")
    (tmp_path / "broken_asn.json").write_text("{")
    with jwgraph.connect() as g:
        done = g.load(tmp_path / "names.txt", tmp_path)
        numbers = {(row.what, row.kind): row.number for row in done}
        assert numbers["new nodes", "Product"] == 2
        assert numbers["programs", "derived"] == 1
        assert len(done.problems) == numbers["rows", "rejected"] > 0
        assert "broken_asn.json" in done.problems[0].source
        assert str(done.notes[0]).endswith("rejected: `.problems` has the first reasons")
        assert done[:1].info.whole == len(done)
        before = digest(graph)
        assert not [row for row in g.load(str(tmp_path / "names.txt")) if row.what == "new nodes"]
        assert digest(graph) == before
        for paths, says in (((), "Give files or folders"), ((tmp_path / "nothing.csv",), "nothing.csv")):
            with pytest.raises(UsageError, match=says):
                g.load(*paths)


@pytest.fixture
def syncing(environment: Path, graph: Graph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setenv("JWGRAPH_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("MAST_API_TOKEN", raising=False)
    return jwgraph.connect()


def test_mast_is_synchronised(syncing: Store, serve: Serve, graph: Graph) -> None:
    serve(program())
    with syncing as g:
        done = g.sync(2733)
        assert (done.complete, done.problems) == (True, [])
        assert {row.kind: row.number for row in done if row.what == "changed"}["new"] == len(done.changes) == 15
        assert f"{LEVEL3}_i2d.fits" in {change.productFilename for change in done.changes}
        before = digest(graph)
        again = g.sync(program=["2733"], associations="3")
        assert (again.changes, digest(graph)) == ([], before)
        assert again.info.call == "g.sync(program=['2733'], associations='3')"
        with pytest.raises(UsageError, match="Choose what to load from MAST"):
            g.sync()
        with pytest.raises(UsageError, match="associations is one of all, 3, none"):
            g.sync(2733, associations="2")
        with pytest.raises(NotFoundError, match="MAST has no JWST Observation"):
            g.sync(9999)
