"""Run Cypher: named queries, ad-hoc queries, the shell."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from jwgraph.answers.notes import ask, undisturbed
from jwgraph.cli import complete, output
from jwgraph.cli.options import FormatOption, Limit, Panel, Timeout
from jwgraph.errors import RefusedError, UsageError
from jwgraph.present.columns import columns_of_query
from jwgraph.store import queries
from jwgraph.store.parameters import pairs

if TYPE_CHECKING:
    from jwgraph.adhoc.run import Answer

PANEL = Panel("Query", ("query", "schema", "cypher", "shell"))

query = typer.Typer(help="List, show, explain and run the named queries.", no_args_is_help=True)

Name = Annotated[
    str,
    typer.Argument(
        metavar="NAME", help="Name of a query; `jwgraph query list` lists them.", autocompletion=complete.queries
    ),
]


def _find(name: str) -> queries.Query:
    return queries.get(f"query/{queries.short_name(name)}")


@query.command(name="list")
def list_(format: FormatOption = None) -> None:
    """List the named queries and their parameters.

    Example: `jwgraph query list`
    """
    output.rows(queries.listed(), format, columns=("name", "params", "summary"))


@query.command()
def show(name: Name) -> None:
    """Print the Cypher of a query, with its header.

    Example: `jwgraph query show tree`
    """
    sys.stdout.write(_find(name).text)


@query.command()
def explain(name: Name, format: FormatOption = None) -> None:
    """Print the execution plan of a query.

    Example: `jwgraph query explain tree`
    """
    query = _find(name)
    from jwgraph.store.explain import explain as explain_query

    with output.open_graph() as graph:
        plan = explain_query(graph, query)
    found = [{"operator": "  " * step.depth + step.operator, "details": step.details} for step in plan.steps]
    output.rows(found, format, columns=("operator", "details"))


@query.command()
def run(
    name: Name,
    param: Annotated[list[str] | None, typer.Option("--param", "-p", help="KEY=VALUE; may be repeated.")] = None,
    format: FormatOption = None,
) -> None:
    """Run a named query and print its rows.

    Parameters are read as the commands read theirs: `program`, `obs_id`, `filename`, `suffix`, `level`, `role` and so
    on.

    Example: `jwgraph query run mrp -p obs_id=jw02221-o001_t001_nircam_clear-f187n`
    """
    query = _find(name)
    from jwgraph.answers import arguments

    values = arguments.words(query, pairs(param or []))
    with output.open_graph() as graph:
        values, said = arguments.names(graph, query, values)
        found = ask(graph, query.name, **values)
    output.rows(found, format, columns=columns_of_query(query), notes=(*said, *found.notes))


def schema(
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="NAME", help="Labels or relationship types, such as Product.", show_default="all"),
    ] = None,
    format: FormatOption = None,
) -> None:
    """List the labels, relationship types and properties of the graph, and how often the store has each.

    Example: `jwgraph schema Observation INCLUDES`
    """
    from jwgraph.answers.schema import SchemaRow
    from jwgraph.answers.schema import schema as find_schema

    with output.open_graph() as graph:
        found = find_schema(graph, names or ())
    output.rows(found, format, of=SchemaRow)


def cypher(
    query: Annotated[
        str | None, typer.Argument(metavar="QUERY", help="One statement; - reads it from standard input.")
    ] = None,
    file: Annotated[Path | None, typer.Option("--file", help="Read the query from a file.")] = None,
    param: Annotated[list[str] | None, typer.Option("--param", "-p", help="KEY=VALUE, VALUE as JSON or text.")] = None,
    limit: Limit = 1000,
    timeout: Timeout = 30.0,
    write: Annotated[
        bool, typer.Option("--write", help="Allow the query to change the graph; asks for confirmation.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="With --write: do not ask for confirmation.")] = False,
    format: FormatOption = None,
) -> None:
    """Run your own Cypher query, read-only unless `--write` is given.

    Example: `jwgraph cypher "MATCH (o:Observation) RETURN o.obs_id LIMIT 5"`
    """
    text = _query_text(query, file)
    from jwgraph.adhoc import run

    values = run.parameters(param or [])
    if write:
        _ask(yes)
    with output.open_graph() as graph:
        ask_graph = partial(run.run, graph, text, parameters=values, limit=limit, timeout=timeout, write=write)
        # What changes the graph is never asked twice.
        answer, notes = (ask_graph(), ()) if write else undisturbed(graph, ask_graph)
    output.answer(answer, format, limit, notes)
    if write:
        _say_changes(answer)


def _query_text(query: str | None, file: Path | None) -> str:
    if query not in (None, "-"):
        if file is not None:
            raise UsageError("Give the query as an argument or with --file, not both.")
        return str(query)
    try:
        if file is not None and str(file) != "-":
            return file.read_text(encoding="utf-8-sig")
        if query is None and file is None and sys.stdin.isatty():
            raise UsageError('No query given. Try jwgraph cypher "MATCH (n) RETURN count(n)", or jwgraph shell.')
        return sys.stdin.buffer.read().decode("utf-8-sig")
    except OSError as error:
        raise UsageError(f"Cannot read {file}: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise UsageError(f"{file or 'Standard input'} is not UTF-8 text.") from None


def _ask(yes: bool) -> None:
    if yes:
        return
    if not sys.stdin.isatty():
        raise RefusedError("--write needs confirmation and there is no terminal to ask on: add --yes.")
    if not typer.confirm(
        "This can change the graph, including relationships that jwgraph derived. Continue?", err=True
    ):
        raise RefusedError("Cancelled: the query was not run.")


def _say_changes(answer: Answer) -> None:
    done = ", ".join(f"{name.replace('_', ' ')}: {number}" for name, number in answer.changes.items())
    output.note(f"{done.capitalize()}." if done else "Nothing changed.")
    if done:
        output.note(
            "Derived relationships and the digest may no longer match the loaded data: "
            "a load derives only the programs that it touches."
        )


def shell(
    limit: Limit = 1000,
    timeout: Timeout = 30.0,
    format: FormatOption = None,
) -> None:
    """Start an interactive Cypher shell with history and completion; `:help` lists its commands.

    Example: `jwgraph shell`
    """
    from jwgraph.cli.shell import Shell, split

    with output.open_graph() as graph:
        made = Shell(graph, format=format, limit=limit, timeout=timeout)
        if not sys.stdin.isatty():
            made.run(split(sys.stdin))
            return
        from jwgraph.cli.terminal_input import typed

        output.note("End a query with a semicolon. :help lists the commands.")
        made.run(typed(made.words()))
