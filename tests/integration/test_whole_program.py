"""Answers about a whole program: those of its Observations one by one, in as many statements for any number."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from jwgraph.answers import criteria, missing, observations, products, selection, sizes, why
from jwgraph.answers.choice import Choice
from jwgraph.answers.filters import Filter
from jwgraph.answers.notes import Answer
from jwgraph.export import exports
from jwgraph.export.datalink import links, links_of
from jwgraph.export.forms import Form
from jwgraph.model.vocabulary import Selection
from jwgraph.settings import Connection
from jwgraph.store.graph import Graph
from tests.bench import synthetic
from tests.bench.round_trips import count_round_trips
from tests.integration.test_real_data import LIST
from tests.support.store import Slate, load_paths

# One list is whole, one has parts; the associations are of files that no list has, and that a pool plans.
REAL = (
    LIST,
    "mast/products/soss2022_part.csv",
    "associations/generated/pool_005_spec_niriss.tar.gz",
    "pools/pool_005_spec_niriss.csv",
)
# Asking one by one takes long: so many Observations, spread over all.
ASKED = 60
PROGRAM = "10000"


@pytest.fixture
def real(slate: Slate, shared: Path) -> Graph:
    return slate.filled("whole programs", lambda graph: load_paths(graph, *(shared / name for name in REAL)))


def some(graph: Graph) -> list[str]:
    """Name listed Observations, then exposures."""
    listed = [row.obs_id for row in observations.observations(graph)]
    every = [row.obs_id for row in observations.observations(graph, include_exposures=True)]
    return [*dict.fromkeys([*listed[:: len(listed) // ASKED * 2 + 1], *every[:: len(every) // ASKED * 2 + 1]])]


def of_each(found: Iterable[tuple[str, Answer[Any]]]) -> dict[str, tuple[list[Any], tuple[Any, ...]]]:
    return {obs_id: (list(answer), answer.notes) for obs_id, answer in found}


@pytest.mark.real
def test_all_at_once_are_each_one_by_one(real: Graph) -> None:
    names = some(real)
    assert len(names) > ASKED // 2
    for many, one in (
        (products.trees, products.tree),
        (products.recommended, products.mrp),
        (lambda graph, each: products.trees(graph, each, mrp=True), lambda graph, n: products.tree(graph, n, mrp=True)),
    ):
        together = of_each(many(real, names).items())
        assert together == of_each((name, one(real, name)) for name in names)
        assert any(rows for rows, _ in together.values())


@pytest.mark.real
@pytest.mark.parametrize("what", [Selection.OWN, Selection.LINKED, Selection.LINEAGE, Selection.TREE, Selection.MRP])
def test_a_selection_of_all_is_that_of_each(real: Graph, what: Selection) -> None:
    names = some(real)
    together = selection.select(real, names, what)
    parts = [selection.select(real, [name], what) for name in names]
    assert list(together) == products.each_once(row for part in parts for row in part)
    assert together.notes == tuple(dict.fromkeys(note for part in parts for note in part.notes))


@pytest.mark.real
def test_links_and_reasons_of_all_are_those_of_each(real: Graph) -> None:
    names = some(real)
    together, parts = links_of(real, names), [links(real, name) for name in names]
    assert list(together) == [link for part in parts for link in part]
    assert together.notes == tuple(dict.fromkeys(note for part in parts for note in part.notes))
    reasons = why.why_each(real, names, files=True)
    assert list(reasons) == [row for name in names for row in why.why(real, name)]
    assert {row.question for row in reasons} >= {"missing", "member missing", "no Level 3"}


@pytest.mark.real
def test_what_is_known_of_listed_ones_is_the_same_with_their_exposures(real: Graph) -> None:
    listed = observations.observations(real)
    known = {row.obs_id: row for row in observations.observations(real, include_exposures=True)}
    assert list(listed) == [known[row.obs_id] for row in listed]
    assert any(row.instrument for row in listed)
    assert any("exposures" in row.known_from for row in listed)


WHICH = Choice(program=PROGRAM)


def exported(form: Form, select: Selection | None) -> Callable[[Graph], int]:
    def ask(graph: Graph) -> int:
        made = exports.export(graph, [], WHICH, form, exports.wish(form, select, None, Filter()))
        return len("".join(made.text))

    return ask


def asked(ask: Callable[[Graph, Any], Any]) -> Callable[[Graph], int]:
    def of_program(graph: Graph) -> int:
        return len(criteria.ask_each(graph, [], WHICH, lambda names: ask(graph, names), this="")[2])

    return of_program


# Statements: the first says which Observations there are. A statement is three turns: begin, run, commit.
WHOLE: dict[str, tuple[int, Callable[[Graph], int]]] = {
    "observations": (2, lambda graph: len(observations.observations(graph, program=PROGRAM, choice=WHICH))),
    "mrp": (2, asked(products.recommended)),
    "tree": (2, asked(products.trees)),
    "size": (2, asked(sizes.sizes)),
    "why": (4, asked(lambda graph, names: why.why_each(graph, names, files=False))),
    "missing": (2, lambda graph: len(missing.missing_of(graph, [], WHICH))),
    "missing --all": (2, lambda graph: len(missing.missing_of(graph, [], WHICH, include_archived=True))),
    "export mrp": (2, exported(Form.CSV, Selection.MRP)),
    "export tree": (2, exported(Form.CSV, Selection.TREE)),
    "export lineage": (3, exported(Form.CSV, Selection.LINEAGE)),
    "export linked": (2, exported(Form.CURL, Selection.LINKED)),
    "export datalink": (2, exported(Form.DATALINK, None)),
    "export prov": (4, exported(Form.PROV, None)),
}


@pytest.fixture(params=[2, 12])
def program(request: pytest.FixtureRequest, slate: Slate, tmp_path: Path) -> Graph:
    """Return a store with one program of so many Observations, the last of which has not all its files."""

    def fill(graph: Graph) -> None:
        made = synthetic.write(tmp_path, request.param * 53 - 30)
        assert made[2] == request.param
        load_paths(graph, *made[:2])

    return slate.filled(f"a program of {request.param}", fill)


@pytest.mark.parametrize("name", WHOLE)
def test_a_whole_program_takes_as_many_statements_for_any_number(
    program: Graph, connection: Connection, name: str
) -> None:
    statements, ask = WHOLE[name]
    turns, found = count_round_trips(connection, ask)
    assert found
    assert turns == 3 * statements
