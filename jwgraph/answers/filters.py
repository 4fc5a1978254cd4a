"""Filter files by type, level, suffix and the like, as in the Download Manager."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jwgraph.answers.products import ProductRow
from jwgraph.errors import UsageError
from jwgraph.model.vocabulary import Relation
from jwgraph.names.choices import choose, split
from jwgraph.names.grammar import DETECTORS, PREVIEW_EXTENSIONS, parse
from jwgraph.names.suffixes import suffixes

Test = Callable[[ProductRow], bool]

TYPES, LEVELS = ("SCIENCE", "PREVIEW", "INFO", "AUXILIARY"), ("1", "2", "3")

# The files of the archive that are not in the table of suffixes are previews; tables of links have finding charts too.
_OTHER_EXTENSIONS = (*sorted(PREVIEW_EXTENSIONS), "pdf")

# What people leave before a word, and where it ends: `_x1d.fits`, `.fits`.
_MARKS = {"suffixes": ("_", "."), "extensions": (".",)}
_COMPRESSED = ".gz"

_UNITS = {"": 1, "k": 1_000, "m": 1_000_000, "g": 1_000_000_000}


@dataclass(frozen=True, slots=True)
class Part:
    """One criterion of a filter: its attribute in `Filter`, its value, and its test."""

    name: str
    value: int | Sequence[object]
    test: Test


@dataclass(frozen=True, slots=True)
class Filter:
    """Criteria for files; an empty criterion or None accepts every file.

    Attributes
    ----------
    types
        MAST's `productType`: SCIENCE, PREVIEW, INFO or AUXILIARY, case-insensitive.
    levels
        `calib_level`.
    suffixes, extensions, detectors
        As in file names, without underscore and dot, case-insensitive.
    smallest, largest
        Limits in bytes, inclusive; a file of unknown size passes neither.
    guide_star, previews
        False excludes them, True selects only them.
    """

    types: tuple[str, ...] = ()
    levels: tuple[int, ...] = ()
    suffixes: tuple[str, ...] = ()
    extensions: tuple[str, ...] = ()
    detectors: tuple[str, ...] = ()
    smallest: int | None = None
    largest: int | None = None
    guide_star: bool | None = None
    previews: bool | None = None

    def parts(self) -> list[Part]:
        """Return the criteria that are set."""
        found = [*self._lists(), *self._sizes()]
        if self.guide_star is not None:
            found.append(Part("guide_star", self.guide_star, _is(Relation.GUIDE_STAR, self.guide_star)))
        if self.previews is not None:
            found.append(Part("previews", self.previews, _is(Relation.PREVIEW, self.previews)))
        return found

    def _lists(self) -> list[Part]:
        types, suffixes = _lower(self.types), _lower(self.suffixes, "_")
        extensions, detectors = _lower(self.extensions, "."), _lower(self.detectors)
        every = [
            Part("types", self.types, lambda row: (row.productType or "").lower() in types),
            Part("levels", self.levels, lambda row: row.calib_level in self.levels),
            Part("suffixes", self.suffixes, lambda row: parse(row.productFilename).suffix in suffixes),
            Part("extensions", self.extensions, lambda row: _extension(row.productFilename) in extensions),
            Part("detectors", self.detectors, lambda row: parse(row.productFilename).detector in detectors),
        ]
        return [part for part in every if part.value]

    def _sizes(self) -> list[Part]:
        smallest, largest = self.smallest, self.largest
        found: list[Part] = []
        if smallest is not None:
            found.append(Part("smallest", smallest, lambda row: row.size is not None and row.size >= smallest))
        if largest is not None:
            found.append(Part("largest", largest, lambda row: row.size is not None and row.size <= largest))
        return found

    def apply(self, rows: Sequence[ProductRow]) -> list[ProductRow]:
        """Return the rows that meet every criterion."""
        parts = self.parts()
        return [row for row in rows if all(part.test(row) for part in parts)]


def checked(given: Mapping[str, Iterable[object]]) -> dict[str, tuple[Any, ...]]:
    """Return the lists of a `Filter` from words, by attribute; words are split at commas.

    Raises
    ------
    UsageError
        There is no such type, level, suffix, extension or detector; the message has those that there are.
    """
    words = {name: split(texts, *_MARKS.get(name, ())) for name, texts in given.items()}
    found: dict[str, tuple[Any, ...]] = {name: tuple(each) for name, each in words.items()}
    found["types"] = tuple(choose("type", words["types"], TYPES, begin=True))
    found["levels"] = tuple(map(int, choose("level", words["levels"], LEVELS)))
    found["suffixes"] = tuple(choose("suffix", words["suffixes"], [suffix for _, suffix in suffixes()]))
    found["extensions"] = tuple(choose("extension", map(_bare, words["extensions"]), extensions()))
    found["detectors"] = tuple(choose("detector", words["detectors"], sorted(DETECTORS)))
    return found


def extensions() -> list[str]:
    """Return the extensions of files, those of science files first."""
    of_suffixes = (extension for each in suffixes().values() for extension in each.extensions)
    return list(dict.fromkeys([*of_suffixes, *_OTHER_EXTENSIONS]))


def _bare(extension: str) -> str:
    """Return an extension without that of a compressed file."""
    return extension.removesuffix(_COMPRESSED)


def size_of(text: str | int | None) -> int | None:
    """Parse a size: bytes, or a number with k, M or G (powers of 1000).

    Raises
    ------
    UsageError
        The text is not a valid size.
    """
    if text is None or isinstance(text, int):
        return text
    number = text.strip().lower().removesuffix("b")
    unit = number[-1:] if number[-1:] in _UNITS else ""
    try:
        return int(float(number.removesuffix(unit) if unit else number) * _UNITS[unit])
    except (ValueError, OverflowError):
        raise UsageError(f"{text!r} is not a size: give a number of bytes, or one such as 500k, 20M or 1.5G.") from None


def _lower(values: Sequence[str], lead: str = "") -> frozenset[str]:
    return frozenset(value.lower().removeprefix(lead) if lead else value.lower() for value in values)


def _extension(filename: str) -> str:
    return _bare(filename.lower()).rpartition(".")[2]


def _is(relation: Relation, wanted: bool) -> Test:
    return lambda row: (row.relation == relation) is wanted
