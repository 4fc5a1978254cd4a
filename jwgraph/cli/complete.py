"""Complete names from the store on Tab: quickly, silently, and without starting a server."""

from __future__ import annotations

from jwgraph.errors import JwgraphError

MOST = 50
# For a server that does not answer.
SECONDS = 2.0


def observations(incomplete: str) -> list[str]:
    """Return Observations that start with the text."""
    return _names(incomplete, ("Observation",))


def files(incomplete: str) -> list[str]:
    """Return files that start with the text."""
    return _names(incomplete, ("Product",))


def names(incomplete: str) -> list[str]:
    """Return Observations and files that start with the text."""
    return _names(incomplete, ("Observation", "Product"))


def queries(incomplete: str) -> list[str]:
    """Return named queries that start with the text."""
    from jwgraph.store.queries import every, short_name

    try:
        found = [short_name(query.name) for query in every("query")]
    except JwgraphError:
        return []
    return [name for name in found if name.startswith(incomplete)]


def _names(incomplete: str, kinds: tuple[str, ...]) -> list[str]:
    """Return names that complete any form of one; an address or a folder in front of it stays."""
    from jwgraph.names.typed import completed, typed_beginnings
    from jwgraph.store.connect import running

    try:
        target = running()
        if target is None:
            return []
        from jwgraph.store.graph import Graph

        with Graph(target, patience=SECONDS) as graph:
            for beginning in typed_beginnings(incomplete):
                found = graph.read("internal/names_like", prefix=beginning, limit=MOST)
                if found:
                    return [completed(incomplete, row["name"]) for row in found if row["kind"] in kinds]
    except JwgraphError:
        # Completion has no place to show an error.
        return []
    return []
