"""The notebook interface: `g = jwgraph.connect()` opens a store, and the methods of `g` query it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jwgraph import settings
from jwgraph.adhoc import run
from jwgraph.answers import arguments, associations, calibration, lineage, notes, paths, products, resolve
from jwgraph.answers.check import CheckRow
from jwgraph.answers.events import EventRow, moment
from jwgraph.answers.events import events as find_events
from jwgraph.answers.meant import Wanted, about
from jwgraph.answers.notes import Answer, Note
from jwgraph.answers.schema import SchemaRow
from jwgraph.answers.schema import schema as find_schema
from jwgraph.answers.stores import InfoRow
from jwgraph.answers.stores import info as find_info
from jwgraph.errors import JwgraphError, UsageError
from jwgraph.model.columns import Column
from jwgraph.names.identifiers import program_number
from jwgraph.notebook.asking import call, reporter
from jwgraph.notebook.loading import Loading
from jwgraph.notebook.several import Several
from jwgraph.notebook.subjects import ObservationView, ProductView
from jwgraph.present.columns import columns_of, columns_of_query, columns_of_values
from jwgraph.present.info import AnswerInfo
from jwgraph.present.rows import Rows
from jwgraph.settings import Connection
from jwgraph.store import queries
from jwgraph.store.connect import connection as find_connection
from jwgraph.store.explain import Step

if TYPE_CHECKING:
    from neo4j_viz import VisualizationGraph


def connect(
    uri: str | None = None,
    *,
    username: str | None = None,
    password: str | None = None,
    database: str | None = None,
) -> Store:
    """Open the store.

    Without an address, the store is the same as for the command line: the server that `NEO4J_URI` names, or the managed
    server, which is started if it is not running.

    Parameters
    ----------
    uri
        Address, such as `bolt://localhost:7687`.
    username, password, database
        Credentials and database; the defaults are `NEO4J_USERNAME`, `NEO4J_PASSWORD` and `NEO4J_DATABASE`.

    Returns
    -------
    Store
        Close it, or use it in a `with` block; otherwise it is closed when it is no longer referenced.

    Raises
    ------
    UsageError
        The address is invalid, or the password is missing.
    DatabaseError
        The server does not answer or refuses the credentials.
    """
    try:
        made = find_connection(reporter()) if uri is None else _given(uri, password)
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
        raise UsageError(f"{settings.shown(uri)!r} is not an address: give bolt://HOST or neo4j://HOST.")
    if parts.username or parts.password:
        raise UsageError("The address must not hold a user or password: give username= and password=.")
    secret = settings.password() if password is None else password
    if secret is None:
        raise UsageError(f"{uri} needs a password: give password=, or set NEO4J_PASSWORD.")
    return settings.named_connection(uri, secret)


class Store(Several, Loading):
    """A store of the archive's linkage, opened by `connect`. Answers are `Rows`.

    Attributes
    ----------
    graph
        The connection, as used by the functions in `jwgraph.answers.products` and the like.
    """

    def observation(self, obs_id: str) -> ObservationView:
        """Return one Observation, with methods to query it.

        The name may have any form: of a file, its Observation is returned, and its answers say so.

        Raises
        ------
        NotFoundError
            The name is unknown; the message suggests similar names.
        """
        taken, state = self._asker.ask(
            lambda: about(
                self.graph, obs_id, Wanted.OBSERVATION, lambda name: resolve.require_observation(self.graph, name)
            )
        )
        return ObservationView(self._asker, state, taken.notes("this is"))

    def product(self, filename: str) -> ProductView:
        """Return one file, with methods to query it.

        The name may have any form: of an Observation, its main product is returned, and its answers say so.

        Raises
        ------
        NotFoundError
            The name is unknown; the message suggests similar names.
        """
        taken, found = self._asker.ask(
            lambda: about(self.graph, filename, Wanted.FILE, lambda name: products.product(self.graph, name))
        )
        return ProductView(self._asker, found, taken.notes("this is"))

    def impact(self, name: str) -> Rows[lineage.ImpactRow]:
        """Return everything made from a reference file, a file or an Observation, directly or indirectly."""
        return self._asker.about(
            call("g.impact", name),
            lineage.ImpactRow,
            name,
            Wanted.EITHER,
            lambda each: lineage.impact(self.graph, each),
            "this is the impact of",
        )

    def path(self, start: str, end: str) -> Rows[paths.StepRow]:
        """Return the shortest path between two files or Observations; empty if there is no path."""
        first, last, found = self._asker.ask(lambda: paths.path_of(self.graph, start, end))
        notes = (*first.notes("the path begins at"), *last.notes("the path ends at"))
        return self._asker.rows(call("g.path", start, end), paths.StepRow, lambda: found, notes)

    def members(self, name: str) -> Rows[associations.MemberRow]:
        """Return the members of an association, or of the associations that make a product or an Observation."""
        return self._asker.about(
            call("g.members", name),
            associations.MemberRow,
            name,
            Wanted.EITHER,
            lambda each: associations.members(self.graph, each),
            "these are the members of the associations of",
        )

    def history(self, name: str) -> Rows[associations.HistoryRow]:
        """Return all versions of an association, or of those that make a product or an Observation, newest first."""
        return self._asker.about(
            call("g.history", name),
            associations.HistoryRow,
            name,
            Wanted.EITHER,
            lambda each: associations.history(self.graph, each),
            "this is the history of",
        )

    def references(self, name: str) -> Rows[calibration.ReferenceRow]:
        """Return the reference files that were applied to a file, or to those of an Observation."""
        return self._asker.about(
            call("g.references", name),
            calibration.ReferenceRow,
            name,
            Wanted.EITHER,
            lambda each: calibration.references(self.graph, each),
            "these are the references of",
        )

    def diff(self, before: str, after: str) -> Rows[associations.DiffRow]:
        """Compare two associations: members added, members removed, and changed roles; empty if they are the same.

        Raises
        ------
        NotFoundError
            One of the associations is not in the store, or its content is not loaded.
        """
        return self._asker.rows(
            call("g.diff", before, after),
            associations.DiffRow,
            lambda: associations.diff_of(self.graph, before, after),
        )

    def stale(self, program: int | str | None = None) -> Rows[associations.StaleRow]:
        """Return files made by an association that is now superseded, or by older software than MAST's list gives.

        Raises
        ------
        NotFoundError
            No header is loaded.
        """
        return self._asker.rows(
            call("g.stale", program=program),
            associations.StaleRow,
            lambda: associations.stale(self.graph, program=program_number(program)),
        )

    def schema(self, *names: str) -> Rows[SchemaRow]:
        """Return the labels, relationship types and properties of the graph, and how often the store has each."""
        return self._asker.rows(call("g.schema", *names), SchemaRow, lambda: find_schema(self.graph, names))

    def info(self) -> Rows[InfoRow]:
        """Return what the store has: programs, Observations, files, loads, and its versions."""
        return self._asker.rows("g.info()", InfoRow, lambda: find_info(self.graph))

    def events(self, since: str | datetime = "7d", program: int | str | None = None) -> Rows[EventRow]:
        """Return the events since a time: a datetime, a date as text, or `7d`, `12h`, `30m` ago."""
        return self._asker.rows(
            call("g.events", str(since), program=program),
            EventRow,
            lambda: find_events(self.graph, since=_moment(since), program=program_number(program)),
        )

    def query(self, name: str, /, **parameters: Any) -> Rows[dict[str, Any]]:
        """Run a named query, built in or from `JWGRAPH_QUERIES`; `jwgraph query list` lists them.

        Parameters
        ----------
        name
            Name of the query, such as `mrp`.
        parameters
            Parameters of the query, with the types declared in its header.

        Raises
        ------
        NotFoundError
            There is no such query.
        UsageError
            A parameter is unknown, missing or of the wrong type.
        """

        def ask() -> tuple[dict[str, Column], Answer[dict[str, Any]]]:
            query = queries.get(f"query/{queries.short_name(name)}")
            values, said = arguments.names(self.graph, query, arguments.words(query, parameters))
            found = notes.ask(self.graph, query.name, **values)
            return columns_of_query(query), Answer(found, (*said, *found.notes))

        about, found = self._asker.ask(ask)
        return Rows(found, about, AnswerInfo(call("g.query", name, **parameters), found.notes))

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
        """Run a read-only Cypher query; see docs/cypher.md.

        Parameters
        ----------
        parameters, more
            Values of the query's `$parameters`, as a mapping, as keywords, or both.
        limit
            Maximum number of rows; 0 for all. A note marks a truncated answer, and repeats what the server says.
        timeout
            Time-out in seconds.

        Returns
        -------
        Rows
            Rows as dicts; for EXPLAIN, the operators of the plan (`jwgraph.store.explain.Step`).

        Raises
        ------
        UsageError
            The query is invalid, or a parameter is missing.
        RefusedError
            The query does more than read, or exceeds the time or memory limit.
        """
        values = {**(parameters or {}), **more}
        ask_graph = partial(run.run, self.graph, text, parameters=values, limit=limit, timeout=timeout)
        found, said = self._asker.ask(lambda: notes.undisturbed(self.graph, ask_graph))
        asked = call("g.cypher", " ".join(text.split()), **values)
        if found.explained:
            return Rows(found.plan, columns_of(Step), AnswerInfo(asked))
        notices = [Note(notice) for notice in found.notices]
        cut = [Note(f"cut at {limit} rows, limit=0 gives all")] if found.cut else []
        columns = columns_of_values(found.columns, found.rows)
        return Rows(found.rows, columns, AnswerInfo(asked, (*said, *notices, *cut)))

    def check(self, folder: str | Path, *, select: str | None = "mrp") -> Rows[CheckRow]:
        """Compare the files of a folder with the store; nothing is loaded or changed.

        Parameters
        ----------
        select
            Files that the folder should have of each Observation in it, as in `jwgraph export`; None for none.

        Returns
        -------
        Rows
            A row for each file, and for each one missing: current, outdated, damaged, missing or unknown, and why.

        Raises
        ------
        UsageError
            The folder does not exist, or the selection is unknown.
        """
        from jwgraph.notebook.folders import check

        return self._asker.rows(
            call("g.check", str(folder), select=select), CheckRow, lambda: check(self.graph, Path(folder), select)
        )

    def viz(self, obs_id: str, *, limit: int = 300) -> VisualizationGraph:
        """Return a picture of an Observation; `.render()` shows it. Needs the extra `viz`.

        Parameters
        ----------
        limit
            Maximum number of nodes; omitted nodes are reported on standard error.

        Raises
        ------
        NotFoundError
            There is no such Observation.
        UsageError
            neo4j-viz is not installed.
        """
        return self._asker.picture(obs_id, limit)


def _moment(since: str | datetime) -> datetime:
    if isinstance(since, datetime):
        return since if since.tzinfo else since.replace(tzinfo=UTC)
    return moment(since)
