"""A load that is cut off leaves whole batches only, and the next load finishes what it began."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, LiteralString

import pytest

from jwgraph.store import derive as derivation
from jwgraph.store import queries
from jwgraph.store.derive import derive
from jwgraph.store.digest import digest
from jwgraph.store.graph import Graph
from tests.bench import synthetic
from tests.support.cli import jwgraph
from tests.support.store import Slate, load_paths, nodes, number_of_files, wipe


@dataclass(frozen=True, slots=True)
class Whole:
    """Two files, and what is in the store where both were loaded at one go."""

    products: Path
    associations: Path
    digest: str
    programs: set[tuple[Any, ...]]


@pytest.fixture(scope="module")
def large(slate: Slate, tmp_path_factory: pytest.TempPathFactory) -> Whole:
    """Return files that take some seconds to load."""
    products, associations, _ = synthetic.write(tmp_path_factory.mktemp("large"), 3000)
    graph = slate.empty()
    load_paths(graph, products, associations)
    return Whole(products, associations, digest(graph), nodes(graph, "Program", "program"))


@pytest.mark.parametrize("share", [0.05, 0.5, 0.97])
def test_killed_and_loaded_again_is_loaded_once(large: Whole, graph: Graph, environment: Path, share: float) -> None:
    files = [str(large.products), str(large.associations)]
    command = [sys.executable, "-m", "jwgraph", "-q", "load", "--batch-size", "100", *files]
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=os.environ.copy())
    while child.poll() is None and number_of_files(graph) < share * 2500:
        time.sleep(0.01)
    child.send_signal(signal.SIGKILL)
    child.wait()

    load_paths(graph, large.associations)
    load_paths(graph, large.products)
    assert digest(graph) == large.digest
    assert nodes(graph, "Program", "program") == large.programs


def test_what_a_killed_load_wrote_is_derived_by_the_next_one(graph: Graph, tmp_path: Path) -> None:
    products, associations, _ = synthetic.write(tmp_path, 200)
    load_paths(graph, products, associations)
    whole = digest(graph)
    wipe(graph)

    class Cut(Exception):
        pass

    def cut(what: str, _count: int) -> None:
        if what == "deriving":
            raise Cut

    with pytest.raises(Cut):
        load_paths(graph, products, associations, progress=cut)
    assert digest(graph) != whole
    (tmp_path / "other.txt").write_text("# nothing\njw09999001001_02101_00001_nrca1_rate.fits\n")
    load_paths(graph, tmp_path / "other.txt")
    added = {name for (name,) in nodes(graph, "Observation", "obs_id") if "jw09999" in name}
    assert added == {"jw09999001001_02101_00001_nrca1"}
    listed = {row["obs_id"] for row in graph.read("query/observations")}
    assert synthetic.observation_id(0)[2] in listed


def test_ctrl_c_ends_a_load_with_one_line_and_the_same_command_finishes_it(
    large: Whole, graph: Graph, environment: Path
) -> None:
    files = [str(large.products), str(large.associations)]
    command = [sys.executable, "-m", "jwgraph", "-q", "load", "--batch-size", "50", *files]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    while child.poll() is None and number_of_files(graph) < 200:
        time.sleep(0.01)
    child.send_signal(signal.SIGINT)
    out, err = child.communicate()
    assert (child.returncode, out) == (130, "")
    assert err == "jwgraph: Interrupted: part of it is loaded; run the same command again for the rest.\n"
    assert subprocess.run(command, stdout=subprocess.DEVNULL).returncode == 0
    assert digest(graph) == large.digest


SLOW: LiteralString = "UNWIND range(1, 1000000000000) AS n WITH count(n) AS number WHERE number > 0\n"
# The command, one step of whose derivation never ends.
NEVER_DONE = f"""
import sys
from dataclasses import replace
from jwgraph.cli.app import main
from jwgraph.store import queries
get, step = queries.get, queries.get("derive/38_levels")
slow = replace(step, text={SLOW!r} + step.text)
queries.get = lambda name: slow if name == step.name else get(name)
sys.argv[0] = "jwgraph"
main()
"""


def _running(graph: Graph, text: str) -> int:
    with graph.session() as session:
        asked = "SHOW TRANSACTIONS YIELD currentQuery AS text WHERE text STARTS WITH $text RETURN count(*)"
        return int(session.run(asked, text=text).single(strict=True).value())


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("load", "part of it is loaded; run the same command again for the rest"),
        ("store repair", "run the same command again"),
    ],
)
def test_ctrl_c_ends_a_derivation_and_what_the_server_does_for_it(
    graph: Graph, environment: Path, tmp_path: Path, command: str, said: str
) -> None:
    products, associations, _ = synthetic.write(tmp_path, 200)
    load_paths(graph, products, associations)
    whole = digest(graph)
    graph.run("write/programs", programs=["10000"])
    with graph.session() as session:
        session.run("MATCH ()-[i:INCLUDES]->() DELETE i").consume()
    arguments = [*command.split(), *([str(products)] if command == "load" else [])]
    child = subprocess.Popen(
        [sys.executable, "-c", NEVER_DONE, "-q", *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    while child.poll() is None and not _running(graph, SLOW):
        time.sleep(0.01)
    child.send_signal(signal.SIGINT)
    # The step itself would take hours.
    out, err = child.communicate(timeout=60)
    assert (child.returncode, out, err) == (130, "", f"jwgraph: Interrupted: {said}.\n")
    assert _running(graph, SLOW) == 0
    assert nodes(graph, "Program", "dirty") == {(True,)}
    assert jwgraph("store", "repair").returncode == 0
    assert digest(graph) == whole


def test_ctrl_c_ends_the_wait_for_another_load(graph: Graph, environment: Path, tmp_path: Path) -> None:
    products, _, _ = synthetic.write(tmp_path, 20)
    with graph.exclusive():
        child = subprocess.Popen(
            [sys.executable, "-m", "jwgraph", "-q", "load", str(products)], stderr=subprocess.PIPE, text=True
        )
        while child.poll() is None and not _running(graph, queries.get("internal/lock").text.strip()[:30]):
            time.sleep(0.01)
        child.send_signal(signal.SIGINT)
        _, err = child.communicate(timeout=60)
    assert child.returncode == 130
    assert err == "jwgraph: Interrupted: part of it is loaded; run the same command again for the rest.\n"


def test_what_a_killed_load_wrote_is_derived_by_repair(graph: Graph, environment: Path, tmp_path: Path) -> None:
    products, associations, _ = synthetic.write(tmp_path, 200)
    load_paths(graph, products, associations)
    whole, generation = digest(graph), nodes(graph, "Program", "generation")
    with graph.session() as session:
        session.run("MATCH ()-[i:INCLUDES]->() DELETE i").consume()
        session.run("MATCH (g:Program {program: '10000'}) SET g.dirty = true").consume()
    cut = jwgraph("observations", "--program", "10000")
    assert "was cut off, so this answer may be incomplete: `jwgraph store repair`" in cut.stderr
    done = jwgraph("store", "repair", "--format", "csv")
    assert (done.returncode, done.stdout) == (0, "program\n10000\n")
    assert digest(graph) == whole
    (later,), (earlier,) = nodes(graph, "Program", "generation"), generation
    assert later > earlier
    again = jwgraph("store", "repair", "--format", "jsonl")
    assert (again.returncode, again.stdout) == (0, "")
    assert "Nothing to repair" in again.stderr


def test_a_derivation_that_fails_leaves_nothing_half_done(graph: Graph, tmp_path: Path) -> None:
    products, associations, _ = synthetic.write(tmp_path, 200)
    load_paths(graph, products, associations)
    with graph.session() as session:
        session.run("MATCH ()-[i:INCLUDES]->() DELETE i").consume()
        session.run("MATCH (g:Program) SET g.dirty = true").consume()
    before = digest(graph)

    class Cut(Exception):
        pass

    def cut(what: str, _count: int) -> None:
        if what.startswith("Set what is known"):
            raise Cut

    with pytest.raises(Cut), graph.exclusive():
        derive(graph, progress=cut)
    assert digest(graph) == before
    assert nodes(graph, "Program", "dirty") == {(True,)}


def test_in_parts_it_is_the_same(graph: Graph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    products, associations, _ = synthetic.write(tmp_path, 400)
    load_paths(graph, products, associations)
    whole, created = digest(graph), len(nodes(graph, "Observation", "obs_id"))
    wipe(graph)
    monkeypatch.setattr(derivation, "AT_ONCE", 60)
    monkeypatch.setattr(derivation, "PART", 60)
    said: list[str] = []
    load_paths(graph, products, associations, progress=lambda what, _count: said.append(what))
    assert (digest(graph), len(nodes(graph, "Observation", "obs_id"))) == (whole, created)
    assert nodes(graph, "Program", "dirty") == {(None,)}
    assert len(list(derivation.parts(graph, "10000"))) > 3


def test_what_the_server_has_no_memory_for_is_derived_in_parts(
    graph: Graph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    products, associations, _ = synthetic.write(tmp_path, 200)
    load_paths(graph, products, associations)
    whole, get = digest(graph), queries.get
    step = get("derive/14_withdrawn")
    much: LiteralString = (
        "UNWIND range(1, CASE WHEN $first IS NULL AND $end IS NULL THEN 100000000 ELSE 0 END) AS n "
        "WITH collect(n) AS numbers WITH size(numbers) AS size WHERE size >= 0\n"
    )
    greedy = replace(step, text=much + step.text)
    monkeypatch.setattr(queries, "get", lambda name: greedy if name == step.name else get(name))
    graph.run("write/programs", programs=["10000"])
    # A program of one part would be too large again.
    monkeypatch.setattr(derivation, "PART", 60)
    with graph.session() as session:
        session.run("MATCH ()-[i:INCLUDES]->() DELETE i").consume()
        session.run("MATCH (g:Program) SET g.dirty = true").consume()
    said: list[str] = []
    # The driver tries again, but not for long.
    with Graph(graph.connection, patience=1) as hasty, hasty.exclusive():
        derive(hasty, progress=lambda what, _count: said.append(what))
    assert "in parts, for lack of memory" in said
    assert digest(graph) == whole


def test_two_loads_at_once_take_turns(graph: Graph, environment: Path, tmp_path: Path) -> None:
    products, associations, _ = synthetic.write(tmp_path, 1500)
    load_paths(graph, products, associations)
    whole = digest(graph)
    wipe(graph)
    both = [
        subprocess.Popen([sys.executable, "-m", "jwgraph", "-q", "load", str(path)], stdout=subprocess.DEVNULL)
        for path in (products, associations)
    ]
    assert [child.wait() for child in both] == [0, 0]
    assert digest(graph) == whole
