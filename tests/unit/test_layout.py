"""The modules import one another without cycles."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]


def modules() -> dict[str, Path]:
    """Return the files of both packages by the names of their modules."""
    found = {}
    for root in (CHECKOUT, CHECKOUT / "loaders"):
        for package in ("jwgraph", "jwgraph_loaders"):
            for path in (root / package).rglob("*.py"):
                name = ".".join(path.relative_to(root).with_suffix("").parts)
                found[name.removesuffix(".__init__")] = path
    return found


def imports(path: Path, known: dict[str, Path]) -> Iterator[str]:
    """Yield every module of ours that a file imports, inside functions and under TYPE_CHECKING too."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names if each.name in known)
        elif isinstance(node, ast.ImportFrom):
            for each in node.names:
                names = (f"{node.module}.{each.name}", str(node.module))
                yield from [name for name in names if name in known][:1]


def test_no_module_imports_itself_by_way_of_others() -> None:
    known = modules()
    uses = {name: set(imports(path, known)) - {name} for name, path in known.items()}
    assert uses["jwgraph.cli.output"] >= {"jwgraph.present.files", "jwgraph.store.graph"}
    order = list(TopologicalSorter(uses).static_order())
    assert set(order) == set(known)
