"""Read FITS headers from FITS files and from JSON header dumps."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from jwgraph.model.records import HEADER_CARDS, MJD_RANGE, HeaderRecord, Problem, Record
from jwgraph.names.grammar import LONGEST, base, parse
from jwgraph.names.identifiers import CRDS_SCHEME, five_digits, without_scheme
from jwgraph_loaders.association import NO_POOL
from jwgraph_loaders.base import FITS_START, Source
from jwgraph_loaders.formats.fits import MAX_CARDS, BrokenFits, card_values, read_primary
from jwgraph_loaders.text import name_fault, null, object_keys, quoted, read_whole, row_problem, show

NO_ASSOCIATION = "singleton"
"""Value that the pipeline writes for association and pool of a file made without an association."""


_OWN_FIELDS = frozenset(
    {"FILENAME", "TELESCOP", "REFTYPE", "PROGRAM", "ASNTABLE", "ASNPOOL", "MSAMETFL", "EXPSTART", "EXPEND"}
)


_WANTED = _OWN_FIELDS.union(HEADER_CARDS)


_REFERENCE = re.compile(r"R_[A-Z0-9_-]{1,6}", re.ASCII)


# CRDS file names: jwst_<instrument>_<type>_<serial number>.
_CRDS_NAME = re.compile(r"jwst_[a-z0-9]+_[a-z0-9-]+_\d{4}\.[a-z]+", re.ASCII)


class _Refused(Exception):
    """Raised for a file without a usable record; the message gives the reason."""

    def __init__(self, reason: str, text: object = "", severity: str = "rejected") -> None:
        super().__init__(reason)
        self.text, self.severity = str(text), severity


def wanted(keyword: str) -> bool:
    """Return whether the record needs the value of a card."""
    return keyword in _WANTED or _REFERENCE.fullmatch(keyword) is not None


def header_record(source: Source, read_under: str, cards: Mapping[str, object]) -> list[HeaderRecord | Problem]:
    """Return the record of a primary header followed by its warnings, or a single Problem with the reason.

    Parameters
    ----------
    source
        Source of the header, named in problems.
    read_under
        Name the file was read under, without directory; empty for standard input.
    cards
        Values by upper-case keyword, from the first card with that keyword: text, number, boolean, None for a card
        without value, or any other object for an invalid value.
    """
    reader = _Reader(source, cards)
    try:
        record = reader.record(read_under)
    except _Refused as refused:
        return [row_problem(source, None, str(refused), refused.text, refused.severity)]
    return [record, *reader.warnings]


@dataclass(slots=True)
class _Reader:
    """Read one header and collect warnings about it."""

    source: Source
    cards: Mapping[str, object]
    warnings: list[Problem] = field(default_factory=list)

    def warn(self, reason: str, text: object = "") -> None:
        self.warnings.append(row_problem(self.source, None, reason, str(text), "warning"))

    def record(self, read_under: str) -> HeaderRecord:
        telescope = self.text("TELESCOP")
        if telescope is not None and telescope.upper() != "JWST":
            raise _Refused(f"it is not a JWST file: TELESCOP is {quoted(telescope, 40)}")
        filename = self.filename(read_under)
        t_min, t_max = self.times()
        return HeaderRecord(
            filename=filename,
            program=self.program(),
            asntable=self.name("ASNTABLE"),
            asnpool=self.pool(),
            msametfl=self.name("MSAMETFL"),
            references=self.references(),
            t_min=t_min,
            t_max=t_max,
            cards={card.lower(): text for card in HEADER_CARDS if (text := self.kept(card)) is not None},
        )

    def filename(self, read_under: str) -> str:
        """Choose the file name as described in `HeaderRecord.filename`; without a name, use the FILENAME card."""
        read_under, stated = without_gz(read_under), without_gz(base(self.text("FILENAME") or ""))
        archived = [name for name in (read_under, stated) if parse(name).recognised]
        if not archived:
            self._refuse_calibration(read_under, stated)
        elif len(archived) == 2 and read_under != stated:
            self.warn(f"FILENAME is {quoted(stated)}; the name that the file was read under counts", stated)
        filename = archived[0] if archived else read_under or stated
        if fault := name_fault(filename):
            raise _Refused(f"the file has no name that can be kept: {fault}", filename)
        return filename

    def _refuse_calibration(self, *names: str) -> None:
        """Refuse a CRDS reference file: the graph has it already, linked from the products calibrated with it."""
        kind = self.text("REFTYPE")
        if kind is not None or any(map(_CRDS_NAME.fullmatch, names)):
            kind_of = f" (REFTYPE is {quoted(kind, 40)})" if kind else ""
            reason = f"it is a calibration reference file{kind_of}; the products that used it lead to it"
            raise _Refused(reason, severity="warning")

    def text(self, keyword: str) -> str | None:
        """Return the value of a card as text, or None for any spelling of null."""
        value = self.cards.get(keyword)
        if isinstance(value, str):
            return null(value.strip())
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return null(str(value))
        if value is not None:
            self.warn(f"the value of the card {keyword} is no text; it is left out", value)
        return None

    def kept(self, keyword: str) -> str | None:
        """Return the text of a card that is stored as a property."""
        text = self.text(keyword)
        if text is not None and not (text.isprintable() and len(text.encode()) <= LONGEST):
            self.warn(f"the card {keyword} is longer than {LONGEST} bytes or does not print; it is left out", text)
            return None
        return text

    def name(self, keyword: str) -> str | None:
        """Return the file name in a card, without any directory."""
        text = self.text(keyword)
        if text is None or text.lower() == NO_ASSOCIATION:
            return None
        return self.fit(keyword, base(text))

    def fit(self, keyword: str, name: str) -> str | None:
        fault = name_fault(name)
        if fault:
            self.warn(f"the card {keyword} has no file name that can be kept ({fault}); it is left out", name)
            return None
        return name

    def pool(self) -> str | None:
        name = self.name("ASNPOOL")
        if name is None or name.lower() in NO_POOL:
            return None
        return name if name.lower().endswith(".csv") else self.fit("ASNPOOL", name + ".csv")

    def program(self) -> str:
        text = self.text("PROGRAM")
        if text is None:
            return ""
        if program := five_digits(text):
            return program
        self.warn(f"PROGRAM is no number of a program: {quoted(text, 40)}; it is left out", text)
        return ""

    def references(self) -> tuple[tuple[str, str], ...]:
        found = []
        for keyword in filter(_REFERENCE.fullmatch, self.cards):
            text = without_scheme(self.text(keyword) or "")
            if null(text) is not None and (name := self.fit(keyword, base(text))) is not None:
                found.append((keyword, CRDS_SCHEME + name))
        return tuple(sorted(found))

    def times(self) -> tuple[float, float] | tuple[None, None]:
        """Return EXPSTART and EXPEND as MJD, both or neither.

        Times in another scale (simulators write Julian Dates) are dropped with a warning: the rest of the header is
        still valid, and a guessed scale could give a wrong time span.
        """
        start, end = self.time("EXPSTART"), self.time("EXPEND")
        if start is None or end is None:
            return None, None
        earliest, latest = MJD_RANGE
        if not (earliest <= start <= latest and earliest <= end <= latest):
            self.warn(f"EXPSTART {start} and EXPEND {end} are no MJD; they are left out")
            return None, None
        if end < start:
            raise _Refused(f"EXPEND {end} is before EXPSTART {start}")
        return start, end

    def time(self, keyword: str) -> float | None:
        value = self.cards.get(keyword)
        if value is None or (isinstance(value, str) and null(value.strip()) is None):
            return None
        try:
            # Python treats booleans as numbers.
            time = float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else math.nan
        except OverflowError:
            time = math.nan
        if not math.isfinite(time):
            raise _Refused(f"the card {keyword} is no time (MJD): {quoted(str(value), 40)}", value)
        return time


def without_gz(filename: str) -> str:
    """Return a file name without its `.gz` ending."""
    return filename[:-3] if filename.lower().endswith(".gz") else filename


_DUMP_KEYS = frozenset({b"hdus", b"cards"})


class Fits:
    """Loader of FITS files: the primary header records what the file was made from."""

    name = "fits_headers"
    summary = "JWST products (FITS); only their headers are read."

    def detect(self, source: Source) -> bool:
        """Return whether the head belongs to a FITS file."""
        return source.head.startswith(FITS_START)

    def read(self, source: Source) -> Iterator[Record | Problem]:
        """Yield the record of the primary header and its warnings, or one Problem.

        For a file on disk, all headers are checked (skipping the data) to verify that the file is complete. For a
        compressed file only the primary header is unpacked, so the rest is not checked.
        """
        try:
            with source.open() as stream:
                header = read_primary(stream)
        except BrokenFits as broken:
            yield Problem(source.name, None, str(broken))
        except OSError as error:
            why = error.strerror or show(str(error)) or type(error).__name__
            yield Problem(source.name, None, f"it cannot be read to the end of its headers: {why}")
        else:
            yield from header_record(source, source.filename, card_values(header, wanted))


class Dumps:
    """Loader of header dumps: a JSON object with the `path` of the file and its `hdus`, each with `cards`."""

    name = "header_dumps"
    summary = "FITS headers of JWST products, dumped as JSON."

    def detect(self, source: Source) -> bool:
        """Return whether the head belongs to a JSON object with the keys of a header dump."""
        return object_keys(source.head) >= _DUMP_KEYS

    def read(self, source: Source) -> Iterator[Record | Problem]:
        """Yield the record of the first HDU and its warnings, or one Problem."""
        document = _json(source)
        if isinstance(document, Problem):
            yield document
            return
        try:
            path, cards = _contents(document)
        except ValueError as error:
            yield Problem(source.name, None, f"the dump of a header cannot be read: {error}")
            return
        name = base(path) if path else re.sub(r"(?i)\.json$", "", source.filename)
        yield from header_record(source, name, cards)


def _json(source: Source) -> object:
    """Return the JSON document of a source, or a Problem with the reason.

    Unlike `text.parse_json`, keep NaN, which Python writes and which differs from a missing value: a file with a NaN
    time is refused.
    """
    text = read_whole(source)
    if isinstance(text, Problem):
        return text
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        reason = f"the JSON is broken at line {error.lineno}, column {error.colno}: {error.msg}"
        return Problem(source.name, error.lineno, reason)
    except (RecursionError, ValueError):
        return Problem(source.name, None, "the JSON is nested too deeply, or has a number of too many digits")


def _contents(document: object) -> tuple[str, dict[str, object]]:
    """Return the path of the file and the values of its primary header; raise ValueError if it has no header."""
    hdus = document.get("hdus") if isinstance(document, dict) else None
    primary = hdus[0] if isinstance(hdus, list) and hdus else None
    cards = primary.get("cards") if isinstance(primary, dict) else None
    if not isinstance(document, dict) or not isinstance(cards, list):
        raise ValueError("its first HDU has no list of cards")
    if len(cards) > MAX_CARDS:
        raise ValueError(f"its primary header has more than {MAX_CARDS:,} cards")
    found: dict[str, object] = {}
    for number, card in enumerate(cards, 1):
        if not isinstance(card, list) or len(card) < 2 or not isinstance(card[0], str):
            raise ValueError(f"card {number} is no list of keyword, value and comment")
        found.setdefault(card[0].upper(), card[1])
    path = document.get("path")
    return (path if isinstance(path, str) else ""), found


FITS = Fits()


DUMPS = Dumps()
