"""FITS files that are broken, compressed or huge, and anything at all in the place of one."""

from __future__ import annotations

import gzip
import io
import os
from pathlib import Path
from typing import Any, BinaryIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jwgraph.model.records import HeaderRecord, Problem
from jwgraph_loaders.base import Source
from jwgraph_loaders.find.walk import sources
from jwgraph_loaders.fits_headers import DUMPS, FITS
from jwgraph_loaders.formats import fits
from tests.support.header_files import MADE_BY, NAME, RECORD, dump, file, of_dump, of_fits, one, raw, reason, warned

# --- broken files ---

NO_END = "its primary header has no END among its first 10,000 cards"


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"SIMPLE  =", "it is cut: it ends inside its primary header"),
        (b"SIMPLE  =" + bytes(range(256)) * 20, "it is cut: it ends inside its primary header"),
        (b"SIMPLE  =" + bytes(range(256)) * 4000, NO_END),
        (raw(*["COMMENT"] * 100_000), NO_END),
        (raw(end=False), "it is cut: it ends inside its primary header"),
        (raw()[:1000], "it is cut: it ends inside its primary header"),
        (raw().replace(b"NAXIS ", b"MAXIS "), "its primary header has no NAXIS that is a whole number"),
        (raw().replace(b"BITPIX  =                    8", b"BITPIX  =                  8.5"), "has no BITPIX that"),
        (raw().replace(b"                   0", b"                 -10"), "has a NAXIS that is no number of axes"),
    ],
)
def test_a_broken_file_is_one_sentence(data: bytes, why: str) -> None:
    assert why in reason(of_fits(data))


def test_what_follows_the_last_hdu_is_no_business_of_ours() -> None:
    assert one(of_fits(raw() + b"x" * 5000)) == HeaderRecord(NAME)
    assert reason(of_fits(raw() + b"XTENS")) == "it is cut: it ends inside the header of HDU 2"


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        (
            b"NAXIS1  =                    4",
            b"NAXIS1  =                   -4",
            "the header of HDU 2 describes data of a",
        ),
        (
            b"NAXIS1  =                    4",
            b"NAXIS1  =                  'x'",
            "the header of HDU 2 has no NAXIS1 that",
        ),
        (b"NAXIS1  =                    4", b"NAXIS1  =          40000000000", "it is cut: it has 8,640 bytes but"),
        (
            b"PCOUNT  =                    0",
            b"PCOUNT  =                  -99",
            "the header of HDU 2 describes data of a",
        ),
    ],
)
def test_an_extension_that_lies_is_one_sentence(old: bytes, new: bytes, why: str) -> None:
    data = file(MADE_BY, (4, 4))
    assert old in data
    assert reason(of_fits(data.replace(old, new))).startswith(why)


def test_random_groups_have_no_first_axis() -> None:
    cards = ("NAXIS1  = 0", "NAXIS2  = 3", "GROUPS  = T", "PCOUNT  = 2", "GCOUNT  = 10")
    header = raw(*cards).replace(b"NAXIS   =                    0", b"NAXIS   =                    2")
    assert reason(of_fits(header)) == "it is cut: it has 2,880 bytes but its headers describe 5,760"
    assert one(of_fits(header + bytes(2880))) == HeaderRecord(NAME)


def test_a_file_that_is_cut_in_its_data() -> None:
    data = file(MADE_BY, (2000,))
    assert (
        reason(of_fits(data[:-2880]))
        == f"it is cut: it has {len(data) - 2880:,} bytes but its headers describe {len(data):,}"
    )
    assert reason(of_fits(data[: len(data) - 5760 - 100])) == "it is cut: it ends inside the header of HDU 2"


def test_cards_that_cannot_be_read_are_left_out() -> None:
    header = raw("FILTER  = 'open", "TARGNAME= 'caf\u00e9'", "ASNTABLE=a", b"GRATING = \x00", "R_FLAT  = (1.0, 2.0)")
    record, said = warned(of_fits(header))
    assert record == HeaderRecord(NAME)
    assert sorted(sentence.split()[5] for sentence in said) == ["ASNTABLE", "FILTER", "GRATING", "R_FLAT", "TARGNAME"]


def test_bytes_that_are_no_ascii_do_no_harm_where_they_are_not_needed() -> None:
    assert one(of_fits(raw("HISTORY caf\u00e9", "PI_NAME = 'caf\u00e9'", "FILTER  = 'A'"))).cards == {"filter": "A"}


class Failing(io.BytesIO):
    def read(self, size: int | None = -1, /) -> bytes:
        raise OSError(5, "Input/output error")


def test_an_error_of_the_disk_is_one_sentence() -> None:
    source = Source(NAME, NAME, b"", lambda: Failing())
    assert reason(FITS.read(source)) == "it cannot be read to the end of its headers: Input/output error"
    assert reason(DUMPS.read(source)) == "it cannot be read to its end: Input/output error"


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b'{"hdus": [{"cards": ', "the JSON is broken at line 1, column"),
        (b'{"hdus": [' + b"[" * 100_000, "the JSON is nested too deeply, or"),
        (b'{"hdus": 1' + b"0" * 5000 + b"}", "the JSON is nested too deeply, or"),
        (b'{"hdus": {}, "cards": 1}', "the dump of a header cannot be read: its first HDU has no list of cards"),
        (b"[]", "the dump of a header cannot be read: its first HDU has no list of cards"),
        (dump([["A", 1, ""], ["B"]]), "the dump of a header cannot be read: card 2 is no list of keyword, value"),
        (dump([["A", 1, ""]] * 10_001), "the dump of a header cannot be read: its primary header has more than"),
    ],
)
def test_a_broken_dump_is_one_sentence(data: bytes, why: str) -> None:
    problem = one(DUMPS.read(Source.from_bytes("d.json", data)))
    assert isinstance(problem, Problem)
    assert problem.reason.startswith(why)


# --- compressed files, and what reading costs ---


def of_path(path: Path) -> list[Any]:
    (source,) = sources([str(path)])
    return list(FITS.read(source)) if isinstance(source, Source) else [source]


def test_a_compressed_file(tmp_path: Path) -> None:
    path = tmp_path / f"{NAME}.gz"
    path.write_bytes(gzip.compress(file(MADE_BY, (4, 4))))
    assert of_path(path) == [RECORD]


def test_a_compressed_file_that_is_cut(tmp_path: Path) -> None:
    path = tmp_path / f"{NAME}.gz"
    noise = [f"COMMENT {os.urandom(30).hex()}" for _ in range(200)]
    packed = gzip.compress(raw(*noise) + os.urandom(10_000))
    path.write_bytes(packed[:2000])
    assert reason(of_path(path)).startswith("it cannot be read to the end of its headers: Compressed file ended")
    path.write_bytes(packed[:-5000])
    assert of_path(path) == [HeaderRecord(NAME)]


class Counting(io.BufferedReader):
    """Counts the bytes that are asked for."""

    count = 0

    def read(self, size: int | None = -1, /) -> bytes:
        block = super().read(size)
        Counting.count += len(block)
        return block


def counted(path: Path) -> Source:
    Counting.count = 0

    def open_() -> BinaryIO:
        return Counting(path.open("rb", buffering=0))

    return Source(str(path), NAME, b"", open_)


def test_a_file_of_2_gb_costs_kilobytes(tmp_path: Path) -> None:
    path = tmp_path / NAME
    header = file(MADE_BY, (4, 4))[:-2880].replace(b"NAXIS1  =                    4", b"NAXIS1  =            268435456")
    path.write_bytes(header)
    os.truncate(path, len(header) + (2 << 30))
    with path.open("ab") as stream:
        stream.write(file({}, (4, 4))[2880:])
    assert path.stat().st_size > 2 << 30
    assert list(FITS.read(counted(path))) == [RECORD]
    assert Counting.count <= 16 << 10


def test_100_000_cards_are_not_read(tmp_path: Path) -> None:
    path = tmp_path / NAME
    path.write_bytes(raw(*["HISTORY x"] * 100_000))
    assert reason(FITS.read(counted(path))) == NO_END
    assert Counting.count <= 10_000 * 80 + 2880


@pytest.mark.parametrize("header", [raw(), raw(end=False)])
def test_a_compressed_bomb_costs_its_header(tmp_path: Path, header: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / f"{NAME}.gz"
    path.write_bytes(gzip.compress(header + bytes(64 << 20), 1))
    unpacked = 0
    read = gzip.GzipFile.read1

    def count(stream: gzip.GzipFile, size: int = -1) -> bytes:
        nonlocal unpacked
        block = read(stream, size)
        unpacked += len(block)
        return block

    monkeypatch.setattr(gzip.GzipFile, "read1", count)
    found = one(of_path(path))
    assert found == HeaderRecord(NAME) if header == raw() else found.reason == NO_END
    assert unpacked <= 820_000


def test_no_more_hdus_are_looked_at_than_there_may_be(monkeypatch: pytest.MonkeyPatch) -> None:
    data = file(MADE_BY, (4, 4), (4, 4), (4, 4))
    monkeypatch.setattr(fits, "MAX_HDUS", 2)
    assert of_fits(data[:-2880]) == [RECORD]
    monkeypatch.setattr(fits, "MAX_HDUS", 4)
    assert reason(of_fits(data[:-2880])).startswith("it is cut")


# --- anything at all ---

GOOD = file(MADE_BY, (40, 40), (4,))


@given(at=st.integers(0, len(GOOD) - 1))
def test_a_cut_file_is_a_record_or_one_problem(at: int) -> None:
    found = one(of_fits(GOOD[:at]))
    assert found == RECORD if isinstance(found, HeaderRecord) else found.reason.startswith("it is cut")


@given(data=st.binary(max_size=6000), end=st.booleans())
def test_any_bytes_after_the_start_do_not_raise(data: bytes, end: bool) -> None:
    found = of_fits(raw(data, end=end))
    assert all(isinstance(item, (HeaderRecord, Problem)) for item in found)
    assert all(isinstance(item, Problem) for item in of_fits(b"SIMPLE  =" + data))


CARDS = st.sampled_from(["EXPSTART", "EXPEND", "R_FLAT", "ASNTABLE", "PROGRAM", "TARGNAME", "FILENAME", "REFTYPE"])


@given(cards=st.lists(st.tuples(CARDS, st.sampled_from(["= ", "=", "  "]), st.binary(max_size=70)), max_size=8))
def test_any_value_of_a_card_does_not_raise(cards: list[tuple[str, str, bytes]]) -> None:
    header = raw(*(keyword.ljust(8).encode() + sign.encode() + value for keyword, sign, value in cards))
    found = of_fits(header)
    assert found
    for item in found:
        assert isinstance(item, HeaderRecord) or item.reason.isprintable()


VALUES = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.integers(), max_size=1)


@given(cards=st.dictionaries(CARDS | st.text(), VALUES, max_size=8), path=VALUES)
def test_any_dump_does_not_raise(cards: dict[str, Any], path: object) -> None:
    for item in of_dump(cards, path):
        assert isinstance(item, HeaderRecord) or item.reason.isprintable()
