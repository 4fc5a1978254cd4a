"""Build and run the command line."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Iterable
from importlib import import_module
from typing import Annotated, NoReturn

import typer
from typer.core import TyperGroup

from jwgraph import settings
from jwgraph._version import __version__
from jwgraph.cli import output
from jwgraph.cli.options import Panel
from jwgraph.errors import EXIT_BUG, JwgraphError
from jwgraph.store import arrays

# One module for each panel of `--help`, in the order of the panels. They import nothing heavy; only the command that is
# needed is built.
MODULES = (
    *("load", "sync", "look", "trace", "explain", "export", "download", "check"),
    *("serve", "query", "store", "server"),
)
PANELS: dict[str, Panel] = {module: import_module(f"jwgraph.cli.{module}").PANEL for module in MODULES}
COMMANDS = {name: module for module, panel in PANELS.items() for name in panel.commands}


class _InOrder(TyperGroup):
    """List commands and groups in the order of `PANELS`; Typer lists groups first."""

    def list_commands(self, _ctx: object) -> list[str]:
        return [name for name in COMMANDS if name in self.commands]


def build(names: Iterable[str] = COMMANDS) -> typer.Typer:
    """Return the command line with some commands (default: all)."""
    app = typer.Typer(
        name="jwgraph",
        cls=_InOrder,
        help="How JWST archive files belong together: Observations, products and their linkages, in Neo4j.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        rich_markup_mode="markdown",
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_options)
    for name in names:
        _add(app, name)
    return app


def _add(app: typer.Typer, name: str) -> None:
    """Add one command: a function or a Typer group of its panel's module with the name of the command."""
    module = COMMANDS[name]
    command = getattr(import_module(f"jwgraph.cli.{module}"), name)
    title = PANELS[module].title
    if isinstance(command, typer.Typer):
        app.add_typer(command, name=name, rich_help_panel=title)
    else:
        app.command(name, rich_help_panel=title)(command)


def wanted(arguments: Iterable[str]) -> tuple[str, ...]:
    """Return the requested command; all commands for help, completion and unknown commands."""
    if any(name.endswith("_COMPLETE") for name in os.environ):
        return tuple(COMMANDS)
    command = next((argument for argument in arguments if not argument.startswith("-")), None)
    return (command,) if command in COMMANDS else tuple(COMMANDS)


def _version(value: bool) -> None:
    if value:
        typer.echo(f"jwgraph {__version__}")
        raise typer.Exit


def _options(
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="Hide progress and notes; errors are still shown.")
    ] = False,
    _: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    output.set_quiet(quiet)


def main() -> None:
    """Run the command line; print errors as one sentence and exit with their code."""
    for stream in (sys.stdout, sys.stderr):
        # Characters that the terminal cannot encode are printed as escapes.
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    arrays.leave_out()
    # The driver logs its retries; Python would print them where a logger has no handler.
    logging.getLogger("neo4j").addHandler(logging.NullHandler())
    try:
        build(wanted(sys.argv[1:]))()
    except JwgraphError as error:
        output.failure(error)
        sys.exit(error.exit_code)
    except BrokenPipeError:
        _reader_has_gone()
    except SystemExit as done:
        # Typer exits with code 1 on a broken pipe, which would read as a bug.
        if isinstance(done.__context__, BrokenPipeError):
            _reader_has_gone()
        raise
    except Exception as error:
        if settings.DEBUG.read():
            raise
        output.error(
            f"This is a bug in jwgraph ({type(error).__name__}: {error}). "
            "Set JWGRAPH_DEBUG=1 to see the traceback, and please report it."
        )
        sys.exit(EXIT_BUG)


def _reader_has_gone() -> NoReturn:
    """Exit quietly when the reader of a pipe has closed it (`| head`), without a second error at Python's exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(0)
