"""Shared text functions for loaders: valid names, spellings of null, lines of limited length, whole files.

Lines are split from the byte stream here, so that no reader buffers more than `MAX_LINE` of an invalid file.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from jwgraph.model.records import Problem
from jwgraph.names.grammar import fault
from jwgraph.present.escape import visible
from jwgraph_loaders.base import HEAD_BYTES, Source

MAX_LINE = 1 << 20
MAX_WHOLE = 64 << 20
BLOCK = 1 << 18
SNIPPET = 160

NULLS = frozenset(
    spelling
    for word in ("none", "nan", "null", '"null"', "n/a", "n_a")
    for spelling in (word, word.upper(), word.capitalize(), word.title())
) | {"", "--", "NaN", "masked"}
"""Spellings of null in MAST tables, printed astropy tables and association files."""


class BadLine(str):
    """Placeholder for an unreadable line; its text is the reason."""

    __slots__ = ()


def null(text: str) -> str | None:
    """Return the text without surrounding white space, or None for any spelling of null."""
    text = text.strip(" \t")
    return None if text in NULLS else text


def without_surrogates(text: str) -> str:
    """Return text that the database can store: JSON allows halves of surrogate pairs, which become `?`."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def base_name(text: str) -> str:
    """Return the part of a path or MAST URI after the last slash."""
    text = text.strip(" \t")
    if text[:5].lower() == "mast:":
        text = text[5:]
    return text.rsplit("/", 1)[-1]


def name_fault(name: str) -> str | None:
    """Return why a name is not valid in the graph (see `jwgraph.names.grammar.fault`); None if it is valid."""
    return fault(name) or None


def safe_name(text: str) -> str | None:
    """Return the base name of a path or URI if it is a valid name, else None."""
    name = base_name(text)
    return None if name_fault(name) else name


def show(text: str, limit: int = SNIPPET) -> str:
    """Return text safe for a terminal: one line, truncated, with unprintable characters escaped."""
    cut = text if len(text) <= limit else text[:limit] + "…"
    return visible(cut)


def quoted(text: str, limit: int = SNIPPET) -> str:
    """Return text quoted and escaped by `show`; `repr` would escape it twice."""
    shown = show(text, limit)
    mark = '"' if "'" in shown and '"' not in shown else "'"
    return f"{mark}{shown}{mark}"


def row_problem(source: Source, line: int | None, reason: str, text: str = "", severity: str = "rejected") -> Problem:
    """Create the Problem of a row, with its text truncated and escaped."""
    return Problem(source.name, line, reason, severity, show(text))


_OBJECT = re.compile(rb"(\xef\xbb\xbf)?\s*\{")
_KEY = re.compile(rb'"(\w+)"\s*:')


def json_keys(head: bytes) -> set[bytes]:
    """Return all JSON keys anywhere in a head."""
    return set(_KEY.findall(head))


def object_keys(head: bytes) -> set[bytes]:
    """Return the keys in a head that starts a JSON object; an empty set for any other head."""
    return json_keys(head) if _OBJECT.match(head) else set()


def head_lines(head: bytes) -> list[str]:
    """Return the lines of a head, with invalid bytes replaced; drop the last line if it may be incomplete."""
    lines = head.decode("utf-8-sig", "replace").replace("\r\n", "\n").split("\n")
    if len(lines) > 1 and len(head) >= HEAD_BYTES:
        lines.pop()
    return lines


def lines(source: Source) -> Iterator[tuple[int, str]]:
    """Yield the lines of a source without line ends, numbered from 1; yield a `BadLine` for an unreadable line.

    Lines longer than `MAX_LINE` or not in UTF-8 are unreadable; reading continues after them. A stream error is yielded
    last, with number 0.
    """
    try:
        with source.open() as stream:
            yield from _lines(stream)
    except OSError as error:
        yield 0, BadLine(f"it cannot be read to its end: {_why(error)}")


def _lines(stream: BinaryIO) -> Iterator[tuple[int, str]]:
    number, carry, skipping = 1, b"", False
    while block := stream.read(BLOCK):
        end = block.rfind(b"\n")
        if end < 0:
            # Drop a line once it is too long, so that a line of 1 GB needs no more memory than one of 1 MiB.
            carry = b"" if skipping else carry + block
            if len(carry) > MAX_LINE:
                carry, skipping = b"", True
            continue
        whole = block[: end + 1] if skipping else carry + block[: end + 1]
        if skipping or whole.find(b"\n", 0, MAX_LINE + 1) < 0:
            yield number, BadLine(f"the line is longer than {MAX_LINE} bytes")
            number, skipping = number + 1, False
            whole = whole[whole.find(b"\n") + 1 :]
        for text in _decoded(whole, first=number == 1):
            yield number, text
            number += 1
        carry = block[end + 1 :]
    if skipping or len(carry) > MAX_LINE:
        yield number, BadLine(f"the line is longer than {MAX_LINE} bytes")
    elif carry:
        yield number, next(_decoded(carry + b"\n", first=number == 1))


def _decoded(whole: bytes, *, first: bool) -> Iterator[str]:
    """Yield the lines in bytes that end with a line end (or are empty)."""
    if first:
        whole = whole.removeprefix(b"\xef\xbb\xbf")
    try:
        text = whole.decode()
    except UnicodeDecodeError:
        for raw in whole.split(b"\n")[:-1]:
            yield _decoded_line(raw)
        return
    if "\r" in text:
        text = text.replace("\r\n", "\n")
    yield from text.split("\n")[:-1]


def _decoded_line(raw: bytes) -> str:
    try:
        return raw.removesuffix(b"\r").decode()
    except UnicodeDecodeError as error:
        return BadLine(f"byte {error.start + 1} of the line is not UTF-8")


def read_whole(source: Source, limit: int = MAX_WHOLE) -> str | Problem:
    """Return the whole text of a source, or a Problem with the reason."""
    try:
        with source.open() as stream:
            data = stream.read(limit + 1)
    except OSError as error:
        return Problem(source.name, None, f"it cannot be read to its end: {_why(error)}")
    if len(data) > limit:
        reason = f"it is larger than {limit >> 20} MiB, the most that is read at once"
        return Problem(source.name, None, reason)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return Problem(source.name, line, "it is not UTF-8 text")


def _why(error: OSError) -> str:
    return error.strerror or show(str(error)) or type(error).__name__


@dataclass(frozen=True, slots=True)
class Json:
    """A JSON document, and the keys repeated within one object (the last value counts)."""

    value: object
    repeated: tuple[str, ...]


def parse_json(source: Source, *, strict: bool = False) -> Json | Problem:
    """Return the JSON document of a source, or a Problem with the reason.

    `strict` refuses `NaN` and `Infinity`, which are not valid JSON; otherwise they become None.
    """
    text = read_whole(source)
    if isinstance(text, Problem):
        return text
    repeated: dict[str, None] = {}

    def pairs(items: list[tuple[str, object]]) -> dict[str, object]:
        made = dict(items)
        if len(made) < len(items):
            counts = Counter(key for key, _ in items)
            repeated.update((key, None) for key, count in counts.items() if count > 1)
        return made

    def constant(word: str) -> None:
        if strict:
            raise ValueError(f"{word} is not JSON")

    try:
        value = json.loads(text, object_pairs_hook=pairs, parse_constant=constant)
    except json.JSONDecodeError as error:
        reason = f"the JSON is broken at line {error.lineno}, column {error.colno}: {error.msg}"
        return Problem(source.name, error.lineno, reason)
    except RecursionError:
        return Problem(source.name, None, "the JSON is nested too deeply")
    except ValueError as error:
        # NaN, or a number with more digits than Python converts.
        return Problem(source.name, None, f"the JSON cannot be read: {show(str(error))}")
    return Json(value, tuple(repeated))
