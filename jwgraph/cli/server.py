"""Manage the Neo4j server that jwgraph runs, and check the installation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from jwgraph.cli import output
from jwgraph.cli.options import FormatOption, Panel
from jwgraph.errors import EXIT_NO_DATABASE, EXIT_REJECTS, RefusedError
from jwgraph.settings import from_environment

if TYPE_CHECKING:
    from jwgraph.doctor import Check

PANEL = Panel("Server", ("server", "doctor"))

_UNITS = {"uptime": "s", "store_bytes": "byte", "log_bytes": "byte, reserved by transaction logs"}

server = typer.Typer(help="Start, stop and inspect the managed Neo4j server.", no_args_is_help=True)


def _not_ours() -> None:
    given = from_environment()
    if given is not None:
        raise RefusedError(f"NEO4J_URI is set to {given.uri}, a server that jwgraph does not manage: unset it first.")


@server.command()
def start() -> None:
    """Start the managed Neo4j server and print its address; other commands start it when they need it.

    Example: `jwgraph server start`
    """
    from jwgraph import server as managed

    _not_ours()
    with output.progress() as say:
        found = managed.up(managed.home(), progress=say)
    typer.echo(found.uri)


@server.command()
def stop() -> None:
    """Stop the managed Neo4j server.

    Example: `jwgraph server stop`
    """
    from jwgraph import server as managed

    _not_ours()
    output.note("The server is stopped." if managed.down(managed.home()) else "No server was running.")


@server.command()
def status(format: FormatOption = None) -> None:
    """Show whether the managed server is running, its address, and the size of its store.

    Example: `jwgraph server status`
    """
    from dataclasses import asdict

    from jwgraph import server as managed

    given = from_environment()
    if given is not None:
        found = {
            "state": "NEO4J_URI",
            "uri": given.uri,
            "database": given.database,
            "username": given.username,
        }
    else:
        found = asdict(managed.status(managed.home()))
    rows = [{"what": what, "value": value, "unit": _UNITS.get(what)} for what, value in found.items()]
    output.rows(rows, format, columns=("what", "value", "unit"))


@server.command()
def logs(
    lines: Annotated[int, typer.Option("--lines", "-n", min=1, help="Number of lines, counted from the end.")] = 50,
) -> None:
    """Print the console log of the managed server since its last start.

    Example: `jwgraph server logs -n 20`
    """
    from jwgraph import server as managed

    _not_ours()
    for line in managed.logs(managed.home(), lines):
        typer.echo(output.visible(line))


def doctor(
    mast: Annotated[
        bool, typer.Option("--mast", help="Ask MAST for one small public program, and compare its replies.")
    ] = False,
    format: FormatOption = None,
) -> None:
    """Check the installation without starting or changing anything.

    With `--mast` also check whether the replies of MAST are what jwgraph relies on: columns and types of a search, a
    product list and keywords, an association and a pool, the form of errors.

    Example: `jwgraph doctor`

    Example: `jwgraph doctor --mast`
    """
    from jwgraph import doctor as doctors

    found = list(doctors.examine())
    replies = _ask_mast() if mast else []
    output.rows([*found, *replies], format, of=doctors.Check)
    if any(check.state == doctors.ERROR for check in found):
        raise typer.Exit(EXIT_NO_DATABASE)
    if any(check.state == doctors.ERROR for check in replies):
        raise typer.Exit(EXIT_REJECTS)


def _ask_mast() -> list[Check]:
    from jwgraph import settings
    from jwgraph_loaders.mast import contract, probe
    from jwgraph_loaders.mast.session import MastSession, RetryPolicy

    with output.progress() as say:
        say("asking MAST")
        # Someone waits, and nothing is lost if MAST does not answer.
        policy = RetryPolicy(attempts=2, timeout=60.0)
        return list(contract.compare(probe.ask(MastSession(settings.mast(), policy, say))))
