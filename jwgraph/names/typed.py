"""What people type for a name: a name of the archive, its URI, URL or path, a number, a beginning or a pattern."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fnmatch import translate
from urllib.parse import parse_qs, unquote, urlsplit

from jwgraph.names.grammar import base, parse, parse_root
from jwgraph.names.identifiers import CRDS_SCHEME, five_digits, is_file

# The number of a program has up to five digits, MAST's number of an Observation more; both fit into the server's.
_LONGEST_NUMBER = 18
_PATTERN = re.compile(r"[*?\[]")
_ACTIVITY = re.compile(r"(?<=_\d{2}[1-5])[0-9a-z]{2}(?=_)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Typed:
    """A text that stands for a name, and what it can be.

    Attributes
    ----------
    text
        As it was typed.
    name
        Without directories, address and scheme; `crds://` stays.
    """

    text: str
    name: str

    @property
    def obs_id(self) -> str:
        """The key of the Observation of this name; archive names are lower case."""
        root = parse_root(self.name.lower())
        return root.obs_id if root.form in ("exposure", "stage3") else parse_root(self.name).obs_id or self.name

    @property
    def is_file(self) -> bool:
        """Whether the name is that of a file."""
        return is_file(self.name) and not self.is_pattern

    @property
    def is_pattern(self) -> bool:
        """Whether the name has a wildcard: `*`, `?` or `[`."""
        return _PATTERN.search(self.name) is not None

    @property
    def program(self) -> str:
        """The program that the text is the number of, five digits; else empty."""
        return five_digits(self.name) if self.name else ""

    @property
    def number(self) -> int | None:
        """MAST's number of an Observation (obsid) that the text is; else None."""
        digits = self.name.isascii() and self.name.isdecimal()
        return int(self.name) if digits and 5 < len(self.name) <= _LONGEST_NUMBER else None

    def spellings(self) -> list[str]:
        """Return the names in the archive that the text can be, the most likely first."""
        lower = self.name.lower()
        # Activities of files occur in either case.
        upper = _ACTIVITY.sub(lambda found: found[0].upper(), lower)
        names = [self.name, self.obs_id, lower, upper]
        if not self.is_file:
            names += [f"{each}.fits" for each in (self.name, lower, upper)]
        return list(dict.fromkeys(names))

    def owner(self) -> str:
        """Return the Observation that owns a file of this name, by its grammar alone; else empty."""
        return (parse(self.name).obs_id or parse(self.name.lower()).obs_id) if self.is_file else ""

    def beginning(self) -> str:
        """Return the text that names of a pattern or an incomplete name begin with."""
        return _PATTERN.split(self.name.lower())[0]

    def matches(self, name: str) -> bool:
        """Return whether a name fits the pattern, whatever its case."""
        return re.match(translate(self.name.lower()), name.lower()) is not None


def typed(text: str) -> Typed:
    """Return what a text can be the name of: `mast:JWST/product/X`, a URL, `./folder/X` and `X` are the same."""
    name = text.strip()
    if name.lower().startswith(CRDS_SCHEME):
        return Typed(text, name)
    if "://" in name:
        name = _of_url(name)
    name = base(name)
    return Typed(text, name.rpartition(":")[2] if name.lower().startswith("mast:") else name)


def _of_url(url: str) -> str:
    """Return the URI in the query of an address, or else its path."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    for key, values in parse_qs(parts.query).items():
        if key.lower() == "uri":
            return values[0]
    return unquote(parts.path).rstrip("/")


def typed_beginnings(text: str) -> list[str]:
    """Return what names can begin with that an incomplete text stands for, the most likely first.

    Up to five digits are a program.
    """
    name = text[_before(text) :]
    if program := typed(name).program:
        return [f"jw{program}"]
    return list(dict.fromkeys([name, name.lower()]))


def completed(text: str, name: str) -> str:
    """Return an incomplete text with the whole name in place of its beginning: `./data/jw02` gives `./data/NAME`."""
    return text[: _before(text)] + name


def _before(text: str) -> int:
    """Return where the name begins, after the folder, the address or the scheme in front of it."""
    return max(map(text.rfind, "/\\=:")) + 1
