"""Resolve names, and suggest similar ones."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from jwgraph.answers.notes import HEADERS, Answer, Note, ask, split, unknown, whole
from jwgraph.errors import NotFoundError
from jwgraph.names.grammar import parse_root
from jwgraph.names.identifiers import CRDS_SCHEME, is_file
from jwgraph.store import queries
from jwgraph.store.graph import Graph, Row

# Observations of one query: their rows are in memory together.
AT_ONCE = 2000


def first_answer(graph: Graph, query: str, names: Iterable[str], **parameters: Any) -> Answer[Row]:
    """Return the rows of a named query for the first spelling of a name that has any."""
    for name in dict.fromkeys(names):
        if found := ask(graph, query, name=name, **parameters):
            return found
    return Answer()


def key(obs_id: str) -> str:
    """Return the key of an Observation; archive names are lower case."""
    return parse_root(obs_id).obs_id or obs_id


def require_observation(graph: Graph, obs_id: str) -> Row:
    """Return the row of an Observation; see `observation_answer`."""
    return observation_answer(graph, obs_id)[0]


def observation_answer(graph: Graph, obs_id: str) -> Answer[Row]:
    """Return the one row of an Observation, with notes; see `observation_answers`."""
    (found,) = observation_answers(graph, [obs_id]).values()
    return found


@whole
def observation_answers(graph: Graph, obs_ids: Iterable[str]) -> dict[str, Answer[Row]]:
    """Return the one row of each of some Observations, with its notes, by their keys.

    Raises
    ------
    NotFoundError
        There is no such Observation; the message suggests similar names.
    """
    names = {key(obs_id): obs_id for obs_id in obs_ids}
    found = _ask_of(graph, "query/observation", "obs_id", list(names))
    for name, given in names.items():
        if name not in found:
            raise NotFoundError(f"There is no Observation {given!r}.{similar(graph, given)}")
    return {name: found[name] for name in names}


@whole
def ask_of(
    graph: Graph, query: str, /, column: str, obs_ids: Iterable[str], **parameters: Any
) -> dict[str, Answer[Row]]:
    """Run one named query about Observations, and return the rows of each with its own notes, by their keys.

    Parameters
    ----------
    column
        The column that says which Observation a row is about.
    parameters
        Parameters of the query besides `obs_ids`.

    Raises
    ------
    NotFoundError
        There is no such Observation; one that has no rows has the notes on itself.
    """
    names = {key(obs_id): obs_id for obs_id in obs_ids}
    found = _ask_of(graph, query, column, list(names), **parameters)
    bare = [given for name, given in names.items() if name not in found]
    empty = observation_answers(graph, bare) if bare else {}
    return {name: found[name] if name in found else Answer(notes=empty[name].notes) for name in names}


def _ask_of(graph: Graph, query: str, column: str, names: Sequence[str], **parameters: Any) -> dict[str, Answer[Row]]:
    rows: dict[str, list[Row]] = {}
    for first in range(0, len(names), AT_ONCE):
        for row in graph.read(query, obs_ids=names[first : first + AT_ONCE], **parameters):
            rows.setdefault(row[column], []).append(row)
    return {name: split(queries.get(query), found) for name, found in rows.items()}


def known_of(graph: Graph, query: str, name: str) -> Answer[Row]:
    """Return the one row of `internal/known_here` or `internal/known_around` for a file or an Observation, with notes.

    Raises
    ------
    NotFoundError
        Nothing has this name; the message suggests similar names.
    """
    found = first_answer(graph, query, (name, key(name)))
    if not found:
        raise NotFoundError(f"There is no Observation or file {name!r}.{similar(graph, name)}")
    return found


@whole
def require_product(graph: Graph, filename: str) -> Answer[Row]:
    """Return the one row of a product, with notes.

    Raises
    ------
    NotFoundError
        There is no such product; the message suggests similar names.
    """
    found = ask(graph, "query/product", filename=filename)
    if not found:
        raise NotFoundError(f"There is no product {filename!r}.{similar(graph, filename)}")
    return found


def similar(graph: Graph, name: str) -> str:
    """Return a sentence that suggests names with the longest common prefix, or the command that lists names."""
    for length in (len(name), 25, 13, 7):
        if length <= len(name):
            found = graph.read("internal/names_like", prefix=name[:length], limit=3)
            if any(row["name"] == name for row in found):
                kind = next(row["kind"] for row in found if row["name"] == name)
                return f" {name} is {'an Observation' if kind == 'Observation' else 'a file'}."
            if found:
                return " Did you mean " + " or ".join(row["name"] for row in found) + "?"
    return " `jwgraph observations` lists what is there."


def require_any(graph: Graph, name: str) -> None:
    """Raise if no file or Observation has this name, or for a reference file, since none was found."""
    if name.startswith(CRDS_SCHEME):
        raise unknown(Note(f"no loaded header says that a product used {name!r}", HEADERS))
    if is_file(name):
        require_product(graph, name)
    elif not graph.read("query/observation", obs_ids=[key(name)]):
        raise NotFoundError(f"There is no Observation or file {name!r}.{similar(graph, name)}")
