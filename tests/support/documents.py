"""The documentation as tests read it: blocks, commands in them, and commands run in this process."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import typer

from jwgraph.cli.app import build
from jwgraph.demo import load_demo
from jwgraph.store.graph import Graph
from tests.support.cli import jwgraph
from tests.support.store import load_paths

CHECKOUT = Path(__file__).resolve().parents[2]
RECIPES = CHECKOUT / "docs" / "recipes.md"
ANY = "…"

_FENCE = re.compile(r"^```(?P<language>\w*)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
_FILE = re.compile(r"^`(?P<name>[^`\n]+)`:\n\n```\w*\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
_PUNCTUATION = frozenset("();<>|&")
# What stands for something that the reader fills in.
_SYNOPSIS = re.compile(r"…|\[[A-Z-]|\w\|\w|\.\.\.|\b(?:TARGET|SOURCE)\b")


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block: the page, the line of its fence, its language and its lines."""

    page: Path
    line: int
    language: str
    lines: tuple[str, ...]

    @property
    def where(self) -> str:
        """Page and line, for messages."""
        return f"{self.page.relative_to(CHECKOUT).as_posix()}:{self.line}"


@dataclass(frozen=True, slots=True)
class Command:
    """A command line of `jwgraph`, as words without `jwgraph`, and what the page shows as its output."""

    where: str
    text: str
    words: tuple[str, ...]
    expected: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Done:
    """What a command did."""

    code: int
    stdout: str
    stderr: str


def pages() -> list[Path]:
    """Return README and every page of docs/."""
    return [CHECKOUT / "README.md", *sorted((CHECKOUT / "docs").rglob("*.md"))]


def blocks(page: Path) -> Iterator[Block]:
    """Yield the fenced blocks of a page."""
    text = page.read_text(encoding="utf-8")
    for found in _FENCE.finditer(text):
        line = text.count("\n", 0, found.start()) + 1
        yield Block(page, line, found["language"], tuple(found["body"].splitlines()))


def files(page: Path) -> dict[str, str]:
    """Return the files that a page shows whole: a name in backquotes and a colon, then a block."""
    return {found["name"]: found["body"] for found in _FILE.finditer(page.read_text(encoding="utf-8"))}


def commands(page: Path) -> Iterator[Command]:
    """Yield the commands of a page that can be typed as they stand, with the output below them where it is shown."""
    for block in blocks(page):
        lines = list(block.lines)
        for number, line in enumerate(lines):
            prompt = line.startswith("$ jwgraph ")
            if not prompt and not line.startswith("jwgraph "):
                continue
            text = line.removeprefix("$ ")
            if _SYNOPSIS.search(text):
                continue
            shown: list[str] = []
            if prompt:
                for each in lines[number + 1 :]:
                    if each.startswith("$ "):
                        break
                    shown.append(each)
            yield Command(f"{block.page.name}:{block.line + number + 1}", text, words(text), tuple(shown))


def words(line: str) -> tuple[str, ...]:
    """Split a command line as a shell does, up to a pipe or a redirection, without `jwgraph`."""
    lexer = shlex.shlex(line, posix=True, punctuation_chars=True)
    lexer.whitespace_split = True
    found: list[str] = []
    for word in lexer:
        if word and set(word) <= _PUNCTUATION:
            break
        found.append(word)
    assert found[0] == "jwgraph", line
    return tuple(found[1:])


@cache
def leaves() -> dict[str, Any]:
    """Return every command by its name: `tree`, `query list`."""
    found: dict[str, Any] = {}

    def walk(group: Any, prefix: str) -> None:
        for name, command in group.commands.items():
            if hasattr(command, "commands"):
                walk(command, f"{prefix}{name} ")
            else:
                found[f"{prefix}{name}"] = command

    walk(typer.main.get_command(build()), "")
    return found


def named(given: Sequence[str]) -> tuple[str, list[str]]:
    """Return the name of the command that is called, and the words after it."""
    rest = list(given)
    while rest and rest[0] in ("--quiet", "-q"):
        del rest[0]
    known = leaves()
    for length in (2, 1):
        name = " ".join(rest[:length])
        if name in known:
            return name, rest[length:]
    raise AssertionError(f"no such command: jwgraph {' '.join(given)}")


def check(given: Sequence[str]) -> None:
    """Parse a command, and raise what its parser raises where it does not take these words."""
    name, rest = named(given)
    leaves()[name].make_context(name, rest)


def run(given: Sequence[str], stdin: str = "") -> Done:
    """Run a command in this process; standard output is no terminal."""
    done = jwgraph(*given, stdin=stdin)
    return Done(done.returncode, done.stdout, done.stderr)


def fill(graph: Graph, folder: Path) -> None:
    """Load what the pages are of: the sample, and the files that recipes.md shows."""
    for name, text in files(RECIPES).items():
        (folder / name).write_text(text, encoding="utf-8")
    for report in (load_demo(graph), load_paths(graph, folder)):
        assert report.problems == []


def same(expected: Sequence[str], found: str) -> bool:
    """Compare lines, blanks at their ends aside; a line `…` stands for any lines, `…` in a line for any text."""
    lines = [line.rstrip() for line in "\n".join(expected).strip("\n").splitlines()]
    pattern = "".join(
        r"(?:[^\n]*\n)*" if line == ANY else r"[^\n]*".join(map(re.escape, line.split(ANY))) + r"\n" for line in lines
    )
    text = "\n".join(line.rstrip() for line in found.splitlines()).strip("\n")
    return re.fullmatch(pattern, f"{text}\n" if text else "") is not None
