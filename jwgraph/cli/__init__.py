"""The command line: it parses and prints, and nothing else."""

from __future__ import annotations

import os
import sys
from typing import Annotated, NoReturn

import typer

from jwgraph import __version__
from jwgraph.cli import adhoc, change, demo, explain, export, load, look, name, output, query, server, trace
from jwgraph.errors import EXIT_BUG, JwgraphError

app = typer.Typer(
    name="jwgraph",
    help="How JWST archive files belong together: Observations, products and their linkages, in Neo4j.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
)
for module in (demo, load, look, explain, trace, change, export, name, query, adhoc, server):
    module.register(app)


def _version(value: bool) -> None:
    if value:
        typer.echo(f"jwgraph {__version__}")
        raise typer.Exit


@app.callback()
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
        app()
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
