"""What every loader needs of text: safe names, the spellings of null, lines of bounded length, whole files.

A line is cut from the byte stream here, so that no reader ever holds more of a bad file than `MAX_LINE`.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from jwgraph.model.records import Reject
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
"""How nothing is spelled in MAST tables, rendered astropy tables and association files."""


class BadLine(str):
    """Stands where a line cannot be given: it holds the sentence that says why."""

    __slots__ = ()


def null(text: str) -> str | None:
    """Return the text without white space at its ends, or None where it spells nothing."""
    text = text.strip(" \t")
    return None if text in NULLS else text


def base_name(text: str) -> str:
    """Return what follows the last directory separator of a path or a MAST URI."""
    text = text.strip(" \t")
    if text[:5].lower() == "mast:":
        text = text[5:]
    return text.rsplit("/", 1)[-1]


def name_fault(name: str) -> str | None:
    """Tell what makes a name unfit for the graph (see `jwgraph.names.grammar.fault`); None where it is fit."""
    return fault(name) or None


def safe_name(text: str) -> str | None:
    """Return the base name of a path or URI if it is fit to be a name, else None."""
    name = base_name(text)
    return None if name_fault(name) else name


def show(text: str, limit: int = SNIPPET) -> str:
    """Return text fit for a terminal: on one line, cut, with what does not print escaped."""
    cut = text if len(text) <= limit else text[:limit] + "…"
    return visible(cut)


def quoted(text: str, limit: int = SNIPPET) -> str:
    """Return text in quotes, as `show` makes it fit for a terminal; `repr` would escape what is escaped already."""
    shown = show(text, limit)
    mark = '"' if "'" in shown and '"' not in shown else "'"
    return f"{mark}{shown}{mark}"


def row_reject(source: Source, line: int | None, reason: str, text: str = "", kind: str = "rejected") -> Reject:
    """Make the Reject of a row, its text cut and escaped."""
    return Reject(source.name, line, reason, kind, show(text))


_OBJECT = re.compile(rb"(\xef\xbb\xbf)?\s*\{")
_KEY = re.compile(rb'"(\w+)"\s*:')


def json_keys(head: bytes) -> set[bytes]:
    """Return what stands as a key of JSON anywhere in a head."""
    return set(_KEY.findall(head))


def object_keys(head: bytes) -> set[bytes]:
    """Return the keys in a head that begins as a JSON object does; none in any other."""
    return json_keys(head) if _OBJECT.match(head) else set()


def head_lines(head: bytes) -> list[str]:
    """Return the lines of a head, unreadable bytes replaced; the last one is left out if it may be cut."""
    lines = head.decode("utf-8-sig", "replace").replace("\r\n", "\n").split("\n")
    if len(lines) > 1 and len(head) >= HEAD_BYTES:
        lines.pop()
    return lines


def lines(source: Source) -> Iterator[tuple[int, str]]:
    """Yield the lines of a source, numbered from 1, without their ends; a `BadLine` where there is none.

    A line longer than `MAX_LINE` and one that is not UTF-8 are bad, and reading goes on after them. An error
    of the stream is the last line, numbered 0.
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
            # Once a line is too long nothing of it is kept: a line of 1 GB costs no more than one of 1 MiB.
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
    """Yield the lines of some bytes that end with a line end (or are empty)."""
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


def read_whole(source: Source, limit: int = MAX_WHOLE) -> str | Reject:
    """Return the text of a source that has to be read at once, or why it cannot be."""
    try:
        with source.open() as stream:
            data = stream.read(limit + 1)
    except OSError as error:
        return Reject(source.name, None, f"it cannot be read to its end: {_why(error)}")
    if len(data) > limit:
        reason = f"it is larger than {limit >> 20} MiB, the most that is read at once"
        return Reject(source.name, None, reason)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return Reject(source.name, line, "it is not UTF-8 text")


def _why(error: OSError) -> str:
    return error.strerror or show(str(error)) or type(error).__name__


@dataclass(frozen=True, slots=True)
class Json:
    """A JSON document, and the keys that occur twice in one object (the last one counts)."""

    value: object
    repeated: tuple[str, ...]


def parse_json(source: Source, *, strict: bool = False) -> Json | Reject:
    """Return the JSON document of a source, or why there is none.

    `strict` refuses `NaN` and `Infinity`, which are no JSON; without it they are None.
    """
    text = read_whole(source)
    if isinstance(text, Reject):
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
        return Reject(source.name, error.lineno, reason)
    except RecursionError:
        return Reject(source.name, None, "the JSON is nested too deeply")
    except ValueError as error:
        # NaN, and a number of more digits than Python converts.
        return Reject(source.name, None, f"the JSON cannot be read: {show(str(error))}")
    return Json(value, tuple(repeated))
