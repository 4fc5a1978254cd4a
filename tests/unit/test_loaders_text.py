"""Names, lines of bounded length, and that no input makes a loader raise."""

from __future__ import annotations

import io
import json
import tracemalloc
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jwgraph.model.records import AssociationRecord, Problem, ProductRecord
from jwgraph_loaders import association, file_list, product_list
from jwgraph_loaders.base import HEAD_BYTES, Loader, Source
from jwgraph_loaders.text import BLOCK, MAX_LINE, BadLine, head_lines, lines, name_fault, null, quoted, safe_name, show


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("a.fits", "a.fits"),
        ("dir/a.fits", "a.fits"),
        ("/abs/../a.fits", "a.fits"),
        ("mast:JWST/product/a.fits", "a.fits"),
        (" a.fits ", "a.fits"),
        ("jw1_nrca1", "jw1_nrca1"),
        ("é.fits", "é.fits"),
        ("x" * 255, "x" * 255),
        ("x" * 256, None),
        ("é" * 128, None),
        ("", None),
        (".", None),
        ("dir/..", None),
        ("dir/", None),
        ("a\\b", None),
        ("a\0b", None),
        ("a\nb", None),
        ("a\x1b[31mb", None),
        ("a\u202eb", None),
        ("a\ud800b", None),
    ],
)
def test_what_is_a_safe_name(text: str, name: str | None) -> None:
    assert safe_name(text) == name


@given(st.text())
def test_a_safe_name_can_be_written_anywhere(text: str) -> None:
    name = safe_name(text)
    if name is not None:
        assert 0 < len(name.encode()) <= 255
        assert name.isprintable()
        assert not set(name) & set("/\\")
        assert name_fault(name) is None


def test_null_strips() -> None:
    assert (null(" x "), null(" -- "), null("N/A")) == ("x", None, None)


@given(st.text())
def test_what_is_shown_is_one_printable_line(text: str) -> None:
    assert show(text).isprintable()


@pytest.mark.parametrize(
    ("text", "expected"), [("A\x1b", r"'A\x1b'"), ("a\\b", r"'a\b'"), ("it's", '"it\'s"'), ("x" * 9, "'xxxxxxxx…'")]
)
def test_what_is_quoted_is_escaped_once(text: str, expected: str) -> None:
    assert quoted(text, 8) == expected


def read(data: bytes) -> list[tuple[int, str]]:
    return list(lines(Source.from_bytes("x", data)))


@given(st.lists(st.text(st.characters(blacklist_characters="\r\n\ufeff", blacklist_categories=["Cs"]))))
def test_lines_are_those_of_the_text(texts: list[str]) -> None:
    data = "".join(text + "\n" for text in texts).encode()
    assert read(data) == list(enumerate(texts, 1))


@pytest.mark.parametrize("length", [BLOCK - 1, BLOCK, BLOCK + 1, MAX_LINE - 1, MAX_LINE])
def test_lines_longer_than_a_block_are_whole(length: int) -> None:
    text = "x" * length
    assert read(f"a\n{text}\nb".encode()) == [(1, "a"), (2, text), (3, "b")]


def test_a_line_over_the_limit_at_the_end_is_bad() -> None:
    _, (number, bad) = read(b"a\n" + b"x" * (MAX_LINE + 1))
    assert number == 2
    assert isinstance(bad, BadLine)


@pytest.mark.parametrize("end", ["\nb", "\nb\n"])
def test_a_line_over_the_limit_is_bad_and_the_next_is_not(end: str) -> None:
    (_, first), (number, bad), last = read(b"a\n" + b"x" * (MAX_LINE + 1) + end.encode())
    assert (first, number, last) == ("a", 2, (3, "b"))
    assert isinstance(bad, BadLine)


def test_a_head_that_is_cut_gives_whole_lines_only() -> None:
    assert head_lines(b"a\n" + b"b" * HEAD_BYTES) == ["a"]
    assert head_lines(b"a\nb") == ["a", "b"]


class Endless(io.RawIOBase):
    """A header, then one line of a given length made up as it is read, then a row."""

    def __init__(self, header: bytes, length: int, last: bytes) -> None:
        self.parts = [header, length, last]

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        while self.parts:
            part = self.parts[0]
            if isinstance(part, bytes):
                self.parts.pop(0)
                return part
            assert isinstance(part, int)
            if part > 0:
                self.parts[0] = part - size
                return b"x" * min(size, part)
            self.parts.pop(0)
        return b""


def test_a_line_of_1_gb_costs_no_memory() -> None:
    header, last = b"productFilename\n", b"\na.fits\n"
    head = (header + b"x" * HEAD_BYTES)[:HEAD_BYTES]
    source = Source("big", "big", head, partial(Endless, header, 1 << 30, last))  # type: ignore[arg-type]
    tracemalloc.start()
    try:
        found = list(product_list.LOADER.read(source))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert found == [Problem("big", 2, "the line is longer than 1048576 bytes"), ProductRecord("a.fits")]
    assert peak < 8 << 20


def test_a_stream_that_breaks_is_a_problem() -> None:
    class Broken(io.RawIOBase):
        def read(self, size: int = -1) -> bytes:
            raise OSError(5, "Input/output error")

    head = b"productFilename\n"
    for loader in (product_list.LOADER, file_list.LOADER, association.LOADER):
        source = Source("x", "x", head, Broken)  # type: ignore[arg-type]
        reason = "it cannot be read to its end: Input/output error"
        assert list(loader.read(source)) == [Problem("x", None, reason)]


# --- no input makes a loader raise ---

LOADERS: tuple[Loader, ...] = (association.LOADER, product_list.LOADER, file_list.LOADER)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=5,
)
MEMBERS = st.fixed_dictionaries({}, optional={"expname": JSON, "exptype": JSON, "exposerr": JSON})
PRODUCTS = st.fixed_dictionaries({}, optional={"name": JSON, "members": st.lists(MEMBERS | JSON, max_size=3) | JSON})
ASSOCIATIONS = st.fixed_dictionaries(
    {"asn_type": JSON},
    optional={
        "products": st.lists(PRODUCTS | JSON, max_size=3) | JSON,
        "asn_pool": JSON,
        "program": JSON,
        "target": JSON,
    },
)
WORDS = "productFilename obs_id size dataURI asn_type products <VOTABLE> <TR> <TD> { [ : , --- ... a.fits 1 nan"
NAMES = ["productFilename", "obs_id", "size", "dataURI", "asn_type", "products", "a.fits", "1", "nan", "..."]
MARKS = ["<VOTABLE>", "<TR>", "<TD>", "{", "[", ":", ",", "---", '"', "\n", "\t", " ", "\0", "# %ECSV 1.0\n"]
PIECES = st.sampled_from([*NAMES, *MARKS])


def check(data: bytes) -> None:
    source = Source.from_bytes("jw_asn.json", data)
    for loader in LOADERS:
        loader.detect(source)
        for item in loader.read(source):
            assert isinstance(item, (ProductRecord, AssociationRecord, Problem))
            # Whatever is read can be sent to the database, which takes no half of a surrogate pair.
            if not isinstance(item, Problem):
                repr(item).encode()


@given(st.binary())
def test_bytes(data: bytes) -> None:
    check(data)


@given(st.lists(PIECES | st.text(max_size=5)).map("".join))
def test_pieces_of_every_form(text: str) -> None:
    check(text.encode("utf-8", "replace"))


@given(ASSOCIATIONS | JSON)
def test_associations_of_anything(document: object) -> None:
    check(json.dumps(document).encode())


@given(st.lists(st.dictionaries(st.sampled_from(["productFilename", "obs_id", "size", "dataURI"]), JSON), max_size=4))
def test_rows_of_anything(rows: list[object]) -> None:
    check(json.dumps(rows).encode())
