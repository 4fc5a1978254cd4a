"""The named queries: query list, show, explain, run."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from jwgraph.cli import complete, output
from jwgraph.cli.output import FormatOption
from jwgraph.errors import UsageError
from jwgraph.store import queries

group = typer.Typer(help="The named queries of `cypher/query/`.", no_args_is_help=True)

Name = Annotated[
    str,
    typer.Argument(
        metavar="NAME", help="Name of the query; `jwgraph query list` has them.", autocompletion=complete.queries
    ),
]


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.add_typer(group, name="query", rich_help_panel="Look up")


def _find(name: str) -> queries.Query:
    return queries.get(f"query/{queries.short_name(name)}")


@group.command(name="list")
def list_(format: FormatOption = None) -> None:
    """List the named queries.

    Example: `jwgraph query list`
    """
    found = [
        {
            "name": queries.short_name(q.name),
            "params": ", ".join(p.name for p in q.params),
            "summary": q.summary,
        }
        for q in queries.every("query")
    ]
    output.rows(found, format, columns=("name", "params", "summary"))


@group.command()
def show(name: Name) -> None:
    """Print a query, header and all, to paste elsewhere.

    Example: `jwgraph query show tree`
    """
    sys.stdout.write(_find(name).text)


@group.command()
def explain(name: Name, format: FormatOption = None) -> None:
    """Print the plan that the server makes of a query.

    Example: `jwgraph query explain tree`
    """
    query = _find(name)
    from jwgraph.store.explain import explain as explain_query

    with output.open_graph() as graph:
        plan = explain_query(graph, query)
    found = [{"operator": "  " * step.depth + step.operator, "details": step.details} for step in plan.steps]
    output.rows(found, format, columns=("operator", "details"))


@group.command()
def run(
    name: Name,
    param: Annotated[list[str] | None, typer.Option("--param", "-p", help="KEY=VALUE; may be repeated.")] = None,
    format: FormatOption = None,
) -> None:
    """Run a query and print its rows.

    Example: `jwgraph query run mrp -p obs_id=jw02733-o001_t001_nircam_clear-f090w`
    """
    query = _find(name)
    given: dict[str, str] = {}
    for text in param or []:
        key, sep, value = text.partition("=")
        if not sep:
            raise UsageError(f"A parameter is KEY=VALUE, and this is {text!r}.")
        given[key] = value
    arguments = query.arguments(given)
    with output.open_graph() as graph:
        found = graph.read(query.name, **arguments)
    output.rows(found, format, columns=[column for column, _ in query.returns])
