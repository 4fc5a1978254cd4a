"""Cypher of one's own: cypher, shell."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from jwgraph.cli import output
from jwgraph.cli.output import Format
from jwgraph.errors import RefusedError, UsageError

if TYPE_CHECKING:
    from jwgraph.adhoc.run import Answer

# `-f` is the file here, as in other programs that take a query.
CypherFormat = Annotated[
    Format | None,
    typer.Option("--format", help="table, json, jsonl or csv.", show_default="table on a terminal, else csv"),
]
Limit = Annotated[int, typer.Option("--limit", "-n", min=0, help="Most rows; 0 for all.")]
Timeout = Annotated[float, typer.Option(help="Seconds until the server ends the query.")]


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command(rich_help_panel="Look up")(cypher)
    app.command(rich_help_panel="Look up")(shell)


def cypher(
    query: Annotated[str | None, typer.Argument(metavar="QUERY", help="One statement; `-` for standard input.")] = None,
    file: Annotated[Path | None, typer.Option("--file", "-f", help="Read the query from a file.")] = None,
    param: Annotated[list[str] | None, typer.Option("--param", "-p", help="KEY=VALUE, VALUE as JSON or text.")] = None,
    limit: Limit = 1000,
    timeout: Timeout = 30.0,
    write: Annotated[bool, typer.Option("--write", help="Let the query change the graph; asks first.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="With --write: do not ask.")] = False,
    format: CypherFormat = None,
) -> None:
    """Run a query of your own; it reads the graph and changes nothing.

    Example: `jwgraph cypher "MATCH (o:Observation) RETURN o.obs_id LIMIT 5"`
    """
    text = _query_text(query, file)
    from jwgraph.adhoc import run

    values = run.parameters(param or [])
    if write:
        _ask(yes)
    with output.open_graph() as graph:
        answer = run.run(graph, text, parameters=values, limit=limit, timeout=timeout, write=write)
    show(answer, format, limit)
    if write:
        _say_changes(answer)


def _query_text(query: str | None, file: Path | None) -> str:
    if query not in (None, "-"):
        if file is not None:
            raise UsageError("Give the query as text or as a file (-f), not both.")
        return str(query)
    try:
        if file is not None and str(file) != "-":
            return file.read_text(encoding="utf-8-sig")
        if query is None and file is None and sys.stdin.isatty():
            raise UsageError('Give a query, such as jwgraph cypher "MATCH (n) RETURN count(n)", or use jwgraph shell.')
        return sys.stdin.buffer.read().decode("utf-8-sig")
    except OSError as error:
        raise UsageError(f"The file {file} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise UsageError(f"{file or 'Standard input'} is no text in UTF-8.") from None


def _ask(yes: bool) -> None:
    if yes:
        return
    if not sys.stdin.isatty():
        raise RefusedError("--write asks before it changes the graph, and there is no terminal: add --yes.")
    if not typer.confirm("This may change the graph, and edges that jwgraph derived. Go on?", err=True):
        raise RefusedError("Nothing was run.")


def _say_changes(answer: Answer) -> None:
    done = ", ".join(f"{number} {name.replace('_', ' ')}" for name, number in answer.changes.items())
    output.note(f"Changed: {done or 'nothing'}.")
    if done:
        output.note(
            "Derived edges may no longer agree with what was loaded, and jwgraph digest tells another store: "
            "the next load derives only the programs that it touches."
        )


def show(answer: Answer, format: Format | None, limit: int) -> None:
    """Print an answer: rows, or the plan where EXPLAIN asked for it; what PROFILE measured goes to standard error."""
    if answer.explained:
        output.rows(_plan(answer), format, columns=("operator", "details"))
        return
    names = [output.visible(name) for name in answer.columns]
    output.rows(
        [{output.visible(key): value for key, value in row.items()} for row in answer.rows],
        format,
        columns=names,
    )
    for step in _plan(answer):
        output.note(f"{step['operator']}  {step['details']}")
    if answer.cut:
        output.note(f"Cut at {limit} rows; --limit 0 for all.")


def _plan(answer: Answer) -> list[dict[str, str]]:
    return [{"operator": "  " * step.depth + step.operator, "details": step.details} for step in answer.plan]


def shell(
    limit: Limit = 1000,
    timeout: Timeout = 30.0,
    format: CypherFormat = None,
) -> None:
    """Type queries one after the other, with history and completion; `:help` tells the rest.

    Example: `jwgraph shell`
    """
    from jwgraph.cli.shell import Shell

    with output.open_graph() as graph:
        Shell(graph, format=format, limit=limit, timeout=timeout).run()
