"""Each command line imports the module of its command alone, and the map of modules is right."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module

import pytest
import typer

from jwgraph.cli.app import MODULES, wanted


@pytest.mark.parametrize("module", MODULES)
def test_the_map_has_the_commands_of_each_module(module: str) -> None:
    app = typer.Typer()
    import_module(f"jwgraph.cli.{module}").register(app)
    names = [each.name or each.callback.__name__ for each in app.registered_commands if each.callback]
    names += [str(each.name) for each in app.registered_groups]
    assert tuple(names) == MODULES[module]


@pytest.mark.parametrize(
    ("arguments", "modules"),
    [
        (["mrp", "x"], ("look",)),
        (["--quiet", "load", "tree"], ("load",)),
        (["query", "run", "tree"], ("query",)),
        (["--help"], tuple(MODULES)),
        ([], tuple(MODULES)),
        (["tre"], tuple(MODULES)),
    ],
)
def test_only_what_is_asked_for_is_built(arguments: list[str], modules: tuple[str, ...]) -> None:
    assert wanted(arguments) == modules


def test_completion_knows_all_commands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("_JWGRAPH_COMPLETE", "complete_bash")
    assert wanted(["mrp"]) == tuple(MODULES)


def test_a_command_imports_nothing_that_it_does_not_need() -> None:
    code = (
        "import sys; sys.argv = ['jwgraph', 'mrp', '--help']\n"
        "from jwgraph.cli.app import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "heavy = {'neo4j', 'astropy', 'astroquery', 'jwgraph.cli.load', 'jwgraph_loaders'}\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr == "[]\n"
