"""The command line: it parses and prints, and nothing else."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from importlib import import_module
from typing import Annotated, NamedTuple, NoReturn

import typer
from typer.core import TyperGroup

from jwgraph._version import __version__
from jwgraph.cli import output
from jwgraph.errors import EXIT_BUG, JwgraphError


class Panel(NamedTuple):
    """One panel of `--help`: its title, and its commands in order."""

    title: str
    commands: tuple[str, ...]


# The panels of `--help`, by the module that has their commands. A command line imports the module of its command
# alone: those of all cost more time than most questions to the store.
PANELS: dict[str, Panel] = {
    "load": Panel("Load", ("demo", "load")),
    "look": Panel("Look up", ("observations", "tree", "mrp", "product", "links", "members", "name")),
    "trace": Panel("Trace", ("lineage", "impact", "path", "references", "engineering")),
    "explain": Panel("Explain", ("missing", "why", "history", "diff", "stale", "events")),
    "export": Panel("Export", ("export",)),
    "query": Panel("Query", ("query", "cypher", "shell")),
    "store": Panel("Store", ("store",)),
    "server": Panel("Server", ("server", "doctor")),
}


# Their commands ask the store and print: no array comes near them.
LIGHT = frozenset({"look", "trace", "explain"})


class _InOrder(TyperGroup):
    """Commands and groups of commands in the order of `PANELS`; Typer puts the groups first."""

    def list_commands(self, _ctx: object) -> list[str]:
        return [name for panel in PANELS.values() for name in panel.commands if name in self.commands]


def build(modules: Iterable[str] = tuple(PANELS)) -> typer.Typer:
    """Return the command line with the commands of some modules; of all, where none are named."""
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
    for module in modules:
        _add(app, module)
    return app


def _add(app: typer.Typer, module: str) -> None:
    """Add the commands of one panel: functions, and groups of them, of the same names."""
    made = import_module(f"jwgraph.cli.{module}")
    title, names = PANELS[module]
    for name in names:
        command = getattr(made, name)
        if isinstance(command, typer.Typer):
            app.add_typer(command, name=name, rich_help_panel=title)
        else:
            app.command(name, rich_help_panel=title)(command)


def wanted(arguments: Iterable[str]) -> tuple[str, ...]:
    """Return the module of the command that is asked for; all of them for help, completion and slips of the pen."""
    if any(name.endswith("_COMPLETE") for name in os.environ):
        return tuple(PANELS)
    command = next((argument for argument in arguments if not argument.startswith("-")), None)
    found = tuple(module for module, panel in PANELS.items() if command in panel.commands)
    return found or tuple(PANELS)


def _version(value: bool) -> None:
    if value:
        typer.echo(f"jwgraph {__version__}")
        raise typer.Exit


def _options(
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress on stderr; errors still show.")] = False,
    _: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")] = False,
) -> None:
    output.set_quiet(quiet)


def main() -> None:
    """Run the command line; every error a user can meet is one sentence and an exit code."""
    for stream in (sys.stdout, sys.stderr):
        # A terminal that cannot show a character shows its code.
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    try:
        modules = wanted(sys.argv[1:])
        if set(modules) <= LIGHT:
            output.hide_numpy()
        build(modules)()
    except JwgraphError as error:
        output.error(str(error))
        sys.exit(error.exit_code)
    except BrokenPipeError:
        _reader_has_gone()
    except SystemExit as done:
        # Typer turns a broken pipe into an exit with code 1, which is that of a fault.
        if isinstance(done.__context__, BrokenPipeError):
            _reader_has_gone()
        raise
    except Exception as error:
        if os.environ.get("JWGRAPH_DEBUG"):
            raise
        output.error(
            f"This is a fault of jwgraph ({type(error).__name__}: {error}). "
            "Set JWGRAPH_DEBUG=1 to see where, and report it."
        )
        sys.exit(EXIT_BUG)


def _reader_has_gone() -> NoReturn:
    """End quietly (`| head`); Python would complain again when it flushes at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(0)
