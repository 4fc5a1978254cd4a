"""The managed server: up, down, status, logs."""

from __future__ import annotations

from typing import Annotated

import typer

from jwgraph.cli import output
from jwgraph.cli.output import FormatOption


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    for command in (up, down, status, logs):
        app.command(rich_help_panel="Server")(command)
