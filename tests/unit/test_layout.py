"""The layering of the packages, checked from the imports themselves: the contract is in `pyproject.toml`."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import grimp
import pytest

import jwgraph.errors

CHECKOUT = Path(__file__).resolve().parents[2]
CONTRACT = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
LAYERS = [line.split(" | ") for line in CONTRACT["contracts"][0]["layers"]]
MOST_LINES = 400


@pytest.fixture(scope="module")
def imports() -> grimp.ImportGraph:
    return grimp.build_graph("jwgraph", "jwgraph_loaders", cache_dir=None)


def test_the_contract_is_kept() -> None:
    done = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    assert "2 kept, 0 broken" in done.stdout


def test_the_contract_is_about_every_module(imports: grimp.ImportGraph) -> None:
    units = {unit for layer in LAYERS for unit in layer}
    outside = {m for m in imports.modules if not any(m == u or m.startswith(f"{u}.") for u in units)}
    assert outside == {"jwgraph"}


def test_no_module_is_part_of_a_cycle(imports: grimp.ImportGraph) -> None:
    """The contract compares siblings; here each module counts by itself."""
    cycles = [m for m in sorted(imports.modules) if m in imports.find_upstream_modules(m)]
    assert cycles == []


def test_the_public_names() -> None:
    errors = {name for name, each in vars(jwgraph.errors).items() if isinstance(each, type) and name.endswith("Error")}
    assert set(jwgraph.__all__) == {"Rows", "Store", "__version__", "connect"} | errors
    assert {name for name in jwgraph.__all__ if not hasattr(jwgraph, name)} == set()
    assert set(jwgraph.__all__) <= set(dir(jwgraph))


def test_the_public_package_imports_nothing_heavy() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import jwgraph, sys; print([m for m in sys.modules if m.startswith('jwgraph.')])"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "['jwgraph._version', 'jwgraph.errors']"


@pytest.mark.parametrize("folder", ["jwgraph", "loaders", "tests", "docs"])
def test_files_are_short(folder: str) -> None:
    long = {
        str(path.relative_to(CHECKOUT)): lines
        for path in sorted((CHECKOUT / folder).rglob("*.py"))
        if (lines := path.read_text(encoding="utf-8").count("\n")) > MOST_LINES
    }
    assert long == {}
