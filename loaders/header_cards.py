"""From the cards of a primary header to the record of the file, whatever the header was read from.

The keywords are those of the JWST keyword dictionary. What a header says is worth having even where one card of it
is odd: such a card is left out with a warning. Only a wrong time refuses the file, for a span that is wrong would link
engineering data that do not belong.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from jwgraph.model import HEADER_CARDS, MJD_RANGE, HeaderRecord, Reject
from jwgraph.names import LONGEST, base, parse
from loaders.association import NO_POOL
from loaders.source import Source
from loaders.tables import SCHEME
from loaders.text import name_fault, null, row_reject, show

MAX_CARDS = 10_000
"""A header of more cards is refused; those of JWST have about 300."""

NO_ASSOCIATION = "singleton"
"""What the pipeline writes for the association and pool of a file that was made without one."""

_OWN_FIELDS = frozenset(
    {"FILENAME", "TELESCOP", "REFTYPE", "PROGRAM", "ASNTABLE", "ASNPOOL", "MSAMETFL", "EXPSTART", "EXPEND"}
)
_WANTED = _OWN_FIELDS.union(HEADER_CARDS)
_REFERENCE = re.compile(r"R_[A-Z0-9_-]{1,6}", re.ASCII)
# jwst_<instrument>_<type>_<serial number>: the names that CRDS gives.
_CRDS_NAME = re.compile(r"jwst_[a-z0-9]+_[a-z0-9-]+_\d{4}\.[a-z]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Stands for the value of a card that has one that cannot be read; `text` is what stands there."""

    text: str

    def __str__(self) -> str:
        return self.text


class _Refused(Exception):
    """The file has no record; the message says why."""

    def __init__(self, reason: str, text: object = "", kind: str = "rejected") -> None:
        super().__init__(reason)
        self.text, self.kind = str(text), kind


def wanted(keyword: str) -> bool:
    """Tell whether the value of a card is needed for the record."""
    return keyword in _WANTED or _REFERENCE.fullmatch(keyword) is not None


def header_record(source: Source, read_under: str, cards: Mapping[str, object]) -> list[HeaderRecord | Reject]:
    """Return the record that a primary header gives and what is odd about it, or the one Reject that says why none.

    Parameters
    ----------
    source
        Where the header was read; it names the rejects.
    read_under
        The name the file was read under, without directory; empty where it had none (standard input).
    cards
        Values by keyword, upper case, of the first card with that keyword: text, a number, a truth value, None where
        the card has no value, anything else where it is no value of a card.
    """
    reader = _Reader(source, cards)
    try:
        record = reader.record(read_under)
    except _Refused as refused:
        return [row_reject(source, None, str(refused), refused.text, refused.kind)]
    return [record, *reader.warnings]


@dataclass(slots=True)
class _Reader:
    """Reads one header, collecting what is odd about it."""

    source: Source
    cards: Mapping[str, object]
    warnings: list[Reject] = field(default_factory=list)

    def warn(self, reason: str, text: object = "") -> None:
        self.warnings.append(row_reject(self.source, None, reason, str(text), "warning"))

    def record(self, read_under: str) -> HeaderRecord:
        telescope = self.text("TELESCOP")
        if telescope is not None and telescope.upper() != "JWST":
            raise _Refused(f"it is not a JWST file: TELESCOP is {show(telescope, 40)!r}")
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
        """Choose the name of the file, as `HeaderRecord.filename` says; without a name it is the card's."""
        read_under, told = without_gz(read_under), without_gz(base(self.text("FILENAME") or ""))
        archived = [name for name in (read_under, told) if parse(name).recognised]
        if not archived:
            self._refuse_calibration(read_under, told)
        elif len(archived) == 2 and read_under != told:
            self.warn(f"FILENAME is {show(told)!r}; the name that the file was read under counts", told)
        filename = archived[0] if archived else read_under or told
        if fault := name_fault(filename):
            raise _Refused(f"the file has no name that can be kept: {fault}", filename)
        return filename

    def _refuse_calibration(self, *names: str) -> None:
        """Refuse a file of CRDS: it is in the graph as what its products were calibrated with."""
        kind = self.text("REFTYPE")
        if kind is not None or any(map(_CRDS_NAME.fullmatch, names)):
            told = f" (REFTYPE is {show(kind, 40)!r})" if kind else ""
            reason = f"it is a calibration reference file{told}; the products that used it lead to it"
            raise _Refused(reason, kind="warning")

    def text(self, keyword: str) -> str | None:
        """Return the value of a card as text, nulls in any spelling as None."""
        value = self.cards.get(keyword)
        if isinstance(value, str):
            return null(value.strip())
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return null(str(value))
        if value is not None:
            self.warn(f"the value of the card {keyword} is no text; it is left out", value)
        return None

    def kept(self, keyword: str) -> str | None:
        """Return the text of a card that is kept as a property."""
        text = self.text(keyword)
        if text is not None and not (text.isprintable() and len(text.encode()) <= LONGEST):
            self.warn(f"the card {keyword} is longer than {LONGEST} bytes or does not print; it is left out", text)
            return None
        return text

    def name(self, keyword: str) -> str | None:
        """Return the file name that a card has, with a directory or without."""
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
        if text.isascii() and text.isdecimal() and len(text) <= 5:
            return text.zfill(5)
        self.warn(f"PROGRAM is no number of a program: {show(text, 40)!r}; it is left out", text)
        return ""

    def references(self) -> tuple[tuple[str, str], ...]:
        found = []
        for keyword in filter(_REFERENCE.fullmatch, self.cards):
            text = self.text(keyword) or ""
            # With and without the scheme it is the same file, and has to be one node.
            text = text[len(SCHEME) :] if text.lower().startswith(SCHEME) else text
            if null(text) is not None and (name := self.fit(keyword, base(text))) is not None:
                found.append((keyword, SCHEME + name))
        return tuple(sorted(found))

    def times(self) -> tuple[float, float] | tuple[None, None]:
        """Return EXPSTART and EXPEND, MJD; both or none.

        A time in another scale (the Julian Dates of simulators) is left out with a warning: the rest of such a header
        is as good as that of any other, and guessing the scale would make a span up.
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
            # A truth value is a number to Python.
            time = float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else math.nan
        except OverflowError:
            time = math.nan
        if not math.isfinite(time):
            raise _Refused(f"the card {keyword} is no time (MJD): {show(str(value), 40)!r}", value)
        return time


def without_gz(filename: str) -> str:
    """Return the name of a file that may be compressed as it is unpacked."""
    return filename[:-3] if filename.lower().endswith(".gz") else filename
