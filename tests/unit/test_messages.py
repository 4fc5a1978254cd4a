"""What the core says is read in notebooks too: options are named by the command line alone."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from jwgraph.cli.output import REMEDIES

ROOT = Path(__file__).resolve().parents[2]
# The custom properties of CSS that a page can set are written as options are.
OPTION = re.compile(r"(?<![\w-])(--?(?!-?jwgraph-)[a-z]|--…)")


def sentences(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield the texts of a module that have words, but for docstrings; what an f-string fills in is left out."""
    inside: set[ast.AST] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr):
            inside.add(node.value)
        elif isinstance(node, ast.JoinedStr):
            inside.update(node.values)
        if node in inside:
            continue
        if isinstance(node, ast.JoinedStr):
            text = "".join(str(part.value) if isinstance(part, ast.Constant) else "…" for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            text = node.value
        else:
            continue
        if " " in text:
            yield node.lineno, text


def core() -> list[Path]:
    """Return the modules that are no part of the command line."""
    files = [path for package in ("jwgraph", "loaders") for path in sorted((ROOT / package).rglob("*.py"))]
    return [path for path in files if not path.is_relative_to(ROOT / "jwgraph" / "cli")]


def test_options_are_found_in_sentences_and_nowhere_else() -> None:
    module = '"""Prints --format."""\nx = ["--home=", f"add {1} to --since"]\nraise E("narrow it (-p)", x[-1], "a - b")'
    found = [(line, text) for line, text in sentences(ast.parse(module)) if OPTION.search(text)]
    assert found == [(2, "add … to --since"), (3, "narrow it (-p)")]


def test_every_remedy_of_an_error_has_its_option() -> None:
    named = {
        ast.literal_eval(word.value)
        for path in core()
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call)
        for word in call.keywords
        if word.arg == "remedy"
    }
    assert named == set(REMEDIES)


def test_no_message_outside_the_command_line_names_an_option() -> None:
    assert len(core()) > 40
    named = [
        f"{path.relative_to(ROOT)}:{line}: {text}"
        for path in core()
        for line, text in sentences(ast.parse(path.read_text(encoding="utf-8")))
        # A whole command is one to type in a terminal, wherever it is read.
        if OPTION.search(text) and not text.startswith("jwgraph ")
    ]
    assert named == []
