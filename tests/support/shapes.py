"""What is derived, as plain tuples: by the rules from records, and as the store has it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple, TypeVar

K = TypeVar("K")
V = TypeVar("V")

DERIVED = (
    "archived",
    "seen",
    "withdrawn",
    "present",
    "expected",
    "superseded_by",
    "duplicate_of",
    "produces",
    "part_of",
    "composed_of",
    "linked_to",
    "includes",
    "states",
    "known",
    "programs",
)


class Made(NamedTuple):
    """`COMPOSED_OF`; `asn` is empty where names alone show it."""

    file: str
    made_of: str
    relation: str
    role: str
    asn: str


class Included(NamedTuple):
    """`INCLUDES`."""

    obs_id: str
    included: str
    basis: tuple[str, ...]
    roles: tuple[str, ...]


class Produced(NamedTuple):
    """`PRODUCES`."""

    asn: str
    file: str
    product: str
    obs_id: str
    basis: str
    product_level: str


class Linked(NamedTuple):
    """`LINKED_TO`: a file that is shown with another file or an Observation."""

    file: str
    target: str
    relation: str
    basis: str


class Owned(NamedTuple):
    """`PART_OF`; whether the file is one of the Observation's Minimum Recommended Products, and whether withdrawn."""

    file: str
    obs_id: str
    basis: str
    mrp: bool
    withdrawn: bool


class State(NamedTuple):
    """What is derived for an Observation."""

    obs_id: str
    state: str
    archived: bool
    present: bool
    expected: bool
    planned: bool
    listed: bool
    level3: bool
    calib_level: int | None
    product_level: str


class Known(NamedTuple):
    """What is known of an Observation: its product list, unread associations and pools, and headers."""

    obs_id: str
    product_list: str
    unread: tuple[str, ...]
    unread_pools: tuple[str, ...]
    asn_known: bool
    headers: int


class Program(NamedTuple):
    """How much of a program is loaded."""

    program: str
    associations: int
    headers: int
    lists: int


def grouped(pairs: Iterable[tuple[K, V]]) -> defaultdict[K, set[V]]:
    """Return the set of second parts by first part; empty for a first part that there is not."""
    found: defaultdict[K, set[V]] = defaultdict(set)
    for key, value in pairs:
        found[key].add(value)
    return found
