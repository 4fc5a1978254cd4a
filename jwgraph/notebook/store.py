"""The notebook: `g = jwgraph.connect()`, and questions that are asked of `g`."""

from __future__ import annotations

import os
import sys
import weakref
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar

from jwgraph import settings
from jwgraph.adhoc import run
from jwgraph.answers import lineage, paths, products, resolve
from jwgraph.answers.events import EventRow, moment
from jwgraph.answers.events import events as find_events
from jwgraph.answers.missing import MissingRow
from jwgraph.answers.missing import missing as find_missing
from jwgraph.answers.observations import ObservationRow
from jwgraph.answers.observations import observations as find_observations
from jwgraph.errors import JwgraphError, UsageError
from jwgraph.model.columns import Column
from jwgraph.names.identifiers import program_number
from jwgraph.notebook.asking import call
from jwgraph.notebook.subjects import ObservationView, ProductView
from jwgraph.present.escape import visible
from jwgraph.present.rows import Rows, Told, columns_of, columns_of_header, columns_of_values
from jwgraph.settings import Connection
from jwgraph.store import queries
from jwgraph.store.connect import connection as find_connection
from jwgraph.store.explain import Step
from jwgraph.store.graph import Graph
from jwgraph.store.parameters import checked

if TYPE_CHECKING:
    from neo4j_viz import VisualizationGraph

T = TypeVar("T")


def connect(
    uri: str | None = None,
    *,
    username: str | None = None,
    password: str | None = None,
    database: str | None = None,
) -> Store:
    """Open the store.

    Without an address it is that of the command line: the server that `NEO4J_URI` names, or the managed one, which
    is started where it does not run.

    Parameters
    ----------
    uri
        Address, such as `bolt://localhost:7687`.
    username, password, database
        What is not given is taken from `NEO4J_USERNAME`, `NEO4J_PASSWORD` and `NEO4J_DATABASE`.

    Returns
    -------
    Store
        Close it, or use it in a `with` block; it closes by itself when nothing refers to it any more.

    Raises
    ------
    UsageError
        The address is none, or there is no password.
    DatabaseError
        The server does not answer or refuses the credentials.
    """
    try:
        made = find_connection(_say()) if uri is None else _given(uri, password)
        asked = {"username": username, "password": password, "database": database}
        return Store(replace(made, **{name: value for name, value in asked.items() if value is not None}))
    except JwgraphError as error:
        raise error.with_traceback(None) from None


def _given(uri: str, password: str | None) -> Connection:
    try:
        parts = settings.address(uri)
    except ValueError:
        parts = None
    if parts is None:
        raise UsageError(f"An address is bolt://HOST or neo4j://HOST; {settings.shown(uri)!r} is none.")
    if parts.username or parts.password:
        raise UsageError("The address must not hold a user or password: give username= and password=.")
    secret = os.environ.get("NEO4J_PASSWORD") if password is None else password
    if secret is None:
        raise UsageError(f"{uri} needs a password: give password=, or set NEO4J_PASSWORD.")
    return settings.named_connection(uri, secret)


def _say() -> Callable[[str], None]:
    """Return what tells on standard error what takes long: a line for each new thing, counters left out."""
    told: set[str] = set()

    def say(text: str) -> None:
        line = text.split(":")[0]
        if line not in told:
            told.add(line)
            sys.stderr.write(f"{visible(line)}\n")

    return say


class Store:
    """The archive's linkage in one store; `connect` opens it. Every answer is `Rows`.

    Attributes
    ----------
    graph
        The connection, for the functions of `jwgraph.answers.products` and the like.
    """

    def __init__(self, connection: Connection) -> None:
        self.graph = Graph(connection)
        # People do not close what they have in a notebook.
        self._closing = weakref.finalize(self, self.graph.close)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection; a managed server goes on, `jwgraph server stop` stops it."""
        self._closing()

    def __repr__(self) -> str:
        state = "open" if self._closing.alive else "closed"
        return f"<jwgraph store at {visible(self.graph.connection.uri)}, {state}>"

    def observations(self, program: int | str | None = None, *, every: bool = False) -> Rows[ObservationRow]:
        """Return the rows of the Portal, or with `every` all datasets, of one program or all."""
        return self.rows(
            call("g.observations", program=program, every=every or None),
            ObservationRow,
            lambda: find_observations(self.graph, every=every, program=program_number(program)),
        )

    def observation(self, obs_id: str) -> ObservationView:
        """Return one Observation, to ask about.

        Raises
        ------
        NotFoundError
            There is none of that name; the text names some that begin alike.
        """
        state = self.ask(lambda: resolve.require_observation(self.graph, obs_id))
        return ObservationView(self, state)

    def product(self, filename: str) -> ProductView:
        """Return one file, to ask about.

        Raises
        ------
        NotFoundError
            There is none of that name; the text names some that begin alike.
        """
        return ProductView(self, self.ask(lambda: products.product(self.graph, filename)))

    def impact(self, name: str) -> Rows[lineage.ImpactRow]:
        """Return what was made with a reference file, a file or an Observation; see `jwgraph.answers.lineage`."""
        return self.rows(call("g.impact", name), lineage.ImpactRow, lambda: lineage.impact(self.graph, name))

    def path(self, start: str, end: str) -> Rows[paths.StepRow]:
        """Return the shortest way between two files or Observations, empty where there is none."""
        return self.rows(call("g.path", start, end), paths.StepRow, lambda: paths.path(self.graph, start, end))

    def missing(self, program: int | str | None = None, *, every: bool = False) -> Rows[MissingRow]:
        """Return what associations promise and nothing archived keeps, with the reason; with `every`, the kept too."""
        return self.rows(
            call("g.missing", program=program, every=every or None),
            MissingRow,
            lambda: find_missing(self.graph, program=program_number(program), every=every),
        )

    def events(self, since: str | datetime = "7d", program: int | str | None = None) -> Rows[EventRow]:
        """Return what became known since a time: a datetime, a date as text, or `7d`, `12h`, `30m` ago."""
        return self.rows(
            call("g.events", str(since), program=program),
            EventRow,
            lambda: find_events(self.graph, since=_moment(since), program=program_number(program)),
        )

    def query(self, name: str, /, **parameters: Any) -> Rows[dict[str, Any]]:
        """Run a named query, ours or one of `JWGRAPH_QUERIES`; `jwgraph query list` has them.

        Parameters
        ----------
        name
            Its name, such as `mrp`.
        parameters
            Its parameters, of the types that its header tells.

        Raises
        ------
        NotFoundError
            There is no such query.
        UsageError
            A parameter is unknown, missing or of another type.
        """

        def ask() -> tuple[dict[str, Column], list[dict[str, Any]]]:
            query = queries.get(f"query/{queries.short_name(name)}")
            found = self.graph.read(query.name, **checked(query, parameters))
            return columns_of_header(query.returns, ours=query.path.is_relative_to(queries.folder())), found

        about, found = self.ask(ask)
        return Rows(found, about, Told(call("g.query", name, **parameters)))

    def cypher(
        self,
        text: str,
        /,
        parameters: Mapping[str, Any] | None = None,
        *,
        limit: int = run.LIMIT,
        timeout: float = run.TIMEOUT,
        **more: Any,
    ) -> Rows[Any]:
        """Run Cypher of one's own, which may read and nothing else; see docs/cypher.md.

        Parameters
        ----------
        parameters, more
            Values of its `$parameters`, as a mapping, by name, or both.
        limit
            Most rows; 0 for all. An answer that is cut says so.
        timeout
            Seconds.

        Returns
        -------
        Rows
            Of dicts; of EXPLAIN, the operators of the plan (`jwgraph.store.explain.Step`).

        Raises
        ------
        UsageError
            The server does not understand the query, or misses a parameter.
        RefusedError
            It does more than read, or takes more time or memory than allowed.
        """
        values = {**(parameters or {}), **more}
        found = self.ask(
            lambda: run.run(self.graph, text, parameters=values, limit=limit, timeout=timeout),
        )
        told = call("g.cypher", " ".join(text.split()), **values)
        if found.explained:
            return Rows(found.plan, columns_of(Step), Told(told))
        note = f"cut at {limit} rows, limit=0 gives all" if found.cut else ""
        return Rows(found.rows, columns_of_values(found.columns, found.rows), Told(told, note))

    def viz(self, obs_id: str, *, limit: int = 300) -> VisualizationGraph:
        """Return a picture of an Observation; `.render()` shows it. Needs the extra `viz`.

        Parameters
        ----------
        limit
            Most nodes; what is left out is said on standard error.

        Raises
        ------
        NotFoundError
            There is no such Observation.
        UsageError
            neo4j-viz is not installed.
        """
        from jwgraph.export.viz import picture

        made: VisualizationGraph = self.ask(lambda: picture(self.graph, obs_id, limit=limit, say=_say()))
        return made

    def ask(self, ask: Callable[[], T]) -> T:
        """Ask a function; its errors begin here, since how one came about inside is no news in a notebook."""
        try:
            if not self._closing.alive:
                raise UsageError("This store is closed: `g = jwgraph.connect()` opens it again.")
            return ask()
        except JwgraphError as error:
            raise error.with_traceback(None) from None

    def rows(self, asked: str, kind: type[T], ask: Callable[[], Iterable[T]]) -> Rows[T]:
        """Ask a function for rows of one dataclass."""
        return Rows(self.ask(ask), columns_of(kind), Told(asked))


def _moment(since: str | datetime) -> datetime:
    if isinstance(since, datetime):
        return since if since.tzinfo else since.replace(tzinfo=UTC)
    return moment(since)
