"""Each command line imports the module of its command alone, and the map of modules is right."""

from __future__ import annotations

import inspect
import re
import subprocess
import sys
from importlib import import_module

import pytest
import typer

from jwgraph.cli.app import COMMANDS, PANELS, wanted
from tests.support import documents


@pytest.mark.parametrize("module", PANELS)
def test_the_table_has_the_commands_of_each_module(module: str) -> None:
    made = import_module(f"jwgraph.cli.{module}")
    groups = {name: each for name, each in vars(made).items() if isinstance(each, typer.Typer)}
    in_groups = {each.callback for group in groups.values() for each in group.registered_commands}
    functions = {
        name
        for name, each in vars(made).items()
        if inspect.isfunction(each) and each.__module__ == made.__name__ and not name.startswith("_")
        if each not in in_groups
    }
    assert set(PANELS[module].commands) == functions | set(groups)


def test_help_has_the_panels_in_their_order() -> None:
    shown = documents.run(["--help"]).stdout
    titles = re.findall(r"^╭─ ([A-Z][a-z ]+) ─", shown, re.MULTILINE)
    assert titles == ["Options", *(panel.title for panel in PANELS.values())]
    named = re.findall(r"^│ (?!-)(\w+)  ", shown, re.MULTILINE)
    assert named == [name for panel in PANELS.values() for name in panel.commands]


@pytest.mark.parametrize(
    ("arguments", "commands"),
    [
        (["mrp", "x"], ("mrp",)),
        (["--quiet", "load", "tree"], ("load",)),
        (["query", "run", "tree"], ("query",)),
        (["store", "dump", "tree"], ("store",)),
        (["lineage", "x"], ("lineage",)),
        (["--help"], tuple(COMMANDS)),
        ([], tuple(COMMANDS)),
        (["tre"], tuple(COMMANDS)),
    ],
)
def test_only_what_is_asked_for_is_built(arguments: list[str], commands: tuple[str, ...]) -> None:
    assert wanted(arguments) == commands


def test_completion_knows_all_commands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("_JWGRAPH_COMPLETE", "complete_bash")
    assert wanted(["mrp"]) == tuple(COMMANDS)


def test_a_command_imports_nothing_that_it_does_not_need() -> None:
    code = (
        "import sys; sys.argv = ['jwgraph', 'mrp', '--help']\n"
        "from jwgraph.cli.app import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "heavy = {'neo4j', 'astropy', 'requests', 'tenacity', 'jwgraph_loaders'}\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr == "[]\n"


def imported(code: str) -> set[str]:
    """Return what a new Python has imported after some code."""
    code = f"import sys\n{code}\nprint('\\n', *sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stdout.splitlines()[-1].split())


def test_the_command_line_has_the_driver_without_arrays_and_the_library_with_them() -> None:
    assert {"neo4j", "numpy", "pandas"} <= imported("import jwgraph.store.graph")
    alone = "from jwgraph.store import arrays; arrays.leave_out(); import jwgraph.store.graph"
    found = imported(alone)
    assert "neo4j" in found
    assert not {"numpy", "pandas", "pyarrow"} & found
    # What comes later has them all the same.
    assert {"numpy", "astropy.table"} <= imported(f"{alone}; import astropy.table")


def test_what_is_imported_already_is_not_hidden() -> None:
    code = "import numpy; from jwgraph.store import arrays; arrays.leave_out(); import jwgraph.store.graph"
    assert "numpy" in imported(f"{code}; import numpy.linalg")
