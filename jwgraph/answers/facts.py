"""What is known of Observations that astronomers select by: instrument, filters, targets, dates."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from jwgraph.names.grammar import DETECTORS, INSTRUMENTS, parse_root
from jwgraph.store.graph import Graph, Row

# What sources write where there is no value.
_NOTHING = frozenset({"", "--", "N/A", "NA", "NULL", "NONE", "UNDEFINED", "UNKNOWN", "ANY"})
_GRATING = re.compile(r"G\d{3}[HM]|PRISM|MIRROR|GRISM[RC0]?|GR\d{3}[A-Z]*|GDHS\d+|P750L")
# Parts of Level 3 names that are no optical elements: subarrays and slits.
_PLACE = re.compile(r"SUB.*|S\d{3}[AB]\d|ALLSLITS|SLITLESSPRISM.*|FULL|WFSS|MASK[AR].*")
_OBSERVATION = re.compile(r"jw\d{5}(?:-o(?P<candidate>\d{3})|(?P<visit>\d{3})\d{3})_", re.ASCII)
_OF_DETECTOR = {"nrc": "NIRCAM", "nrs": "NIRSPEC", "mir": "MIRI", "nis": "NIRISS", "gui": "FGS"}
_CLEAR = frozenset({"CLEAR", "CLEARP"})


@dataclass(slots=True)
class Facts:
    """What is known of one Observation; sets are empty where nothing is known.

    Attributes
    ----------
    listed
        A row of the Portal.
    level3
        It is at Level 3 and there, or such an Observation includes it.
    numbers
        Observation numbers in the program.
    t_min, t_max
        MJD.
    known_from
        Where it is known from: name, search, header, list, pool, or exposures (those that it includes).
    """

    obs_id: str
    listed: bool = False
    level3: bool = False
    instruments: set[str] = field(default_factory=set)
    filters: set[str] = field(default_factory=set)
    gratings: set[str] = field(default_factory=set)
    targets: set[str] = field(default_factory=set)
    exp_types: set[str] = field(default_factory=set)
    numbers: set[int] = field(default_factory=set)
    t_min: float | None = None
    t_max: float | None = None
    known_from: set[str] = field(default_factory=set)


def all_facts(graph: Graph, program: str = "*", *, listed: bool = False) -> dict[str, Facts]:
    """Return what is known of the Observations of a program (five digits) or all (`*`), by obs_id.

    Parameters
    ----------
    listed
        Only of those that the Portal lists.
    """
    rows = graph.read("internal/observation_facts", program=program, all=not listed)
    return {row["obs_id"]: _of_row(row) for row in rows}


def _of_row(row: Row) -> Facts:
    own, *included = row["said"]
    facts = Facts(row["obs_id"], row["listed"], row["level3"])
    _take(facts, own)
    for each in included:
        _complete(facts, each)
    # Only for NIRSpec the empty place of a wheel is called a filter.
    if "NIRSPEC" not in facts.instruments:
        facts.filters -= _CLEAR
    return facts


def _take(facts: Facts, said: Row) -> None:
    """Take all that the sources say of one or more Observations."""
    sources = {
        "name": [each for name in said["names"] for each in _of_name(name)],
        "search": [each for row in said["searches"] for each in _of_search(row)],
        "header": [each for card in said["headers"] for each in _of_cards(card)],
        "list": [("elements", text) for text in said["lists"]],
        "pool": [each for card in said["plans"] for each in _of_cards(card)],
    }
    for source, values in sources.items():
        for kind, text in values:
            if _add(facts, kind, text):
                facts.known_from.add(source)
    for name in said["names"]:
        if found := _OBSERVATION.match(name):
            facts.numbers.add(int(found["candidate"] or found["visit"]))
    facts.t_min = min((each for each in said["begins"] if each is not None), default=None)
    facts.t_max = max((each for each in said["ends"] if each is not None), default=None)


def _of_name(obs_id: str) -> Iterator[tuple[str, str]]:
    root = parse_root(obs_id)
    for part in (root.detector, *obs_id.replace("-", "_").split("_")):
        if part in DETECTORS:
            yield "instruments", _OF_DETECTOR[part[:3]]
        elif part in INSTRUMENTS:
            yield "instruments", part
    for element in root.elements:
        yield "elements", element


def _of_search(row: Row) -> Iterator[tuple[str, str]]:
    # The instrument is followed by the mode, as in NIRCAM/IMAGE.
    yield "instruments", (row["instrument_name"] or "").partition("/")[0]
    yield "elements", row["filters"] or ""
    yield "targets", row["target_name"] or ""


def _of_cards(cards: Row) -> Iterator[tuple[str, str]]:
    yield "instruments", cards["instrume"] or ""
    for card in ("filter", "pupil", "grating"):
        yield "elements", cards[card] or ""
    yield "exp_types", cards["exp_type"] or ""
    for card in ("targname", "targprop"):
        yield "targets", cards.get(card) or ""


def _add(facts: Facts, kind: str, text: str) -> bool:
    """Add the values of a source; return whether it says anything, even if only a subarray, which is not kept."""
    known, values = _values(kind, text)
    for attribute, value in values:
        getattr(facts, attribute).add(value)
    return known


# The Observations of a program share a few texts, so each is parsed once.
@lru_cache(maxsize=1024)
def _values(kind: str, text: str) -> tuple[bool, tuple[tuple[str, str], ...]]:
    """Return whether the text says anything, and its values, each with the attribute of `Facts` that it goes to."""
    upper = text.strip().upper()
    if kind != "elements":
        return (False, ()) if upper in _NOTHING else (True, ((kind, upper),))
    # Some subarrays have an underscore in their name: they are left out whole.
    parts = [upper] if _PLACE.fullmatch(upper) else re.split("[;_]", upper)
    values = {part.strip() for part in parts} - _NOTHING
    elements = (value for value in values if not _PLACE.fullmatch(value))
    return bool(values), tuple(("gratings" if _GRATING.fullmatch(value) else "filters", value) for value in elements)


def _complete(facts: Facts, said: Row) -> None:
    """Take what is not known of an Observation from what is said of the exposures that it includes."""
    included = Facts(facts.obs_id)
    _take(included, said)
    for kind in ("instruments", "targets", "exp_types", "numbers"):
        mine, theirs = getattr(facts, kind), getattr(included, kind)
        if not mine and theirs:
            mine |= theirs
            facts.known_from.add("exposures")
    if not facts.filters and not facts.gratings:
        facts.filters |= included.filters
        facts.gratings |= included.gratings
    if facts.t_min is None:
        facts.t_min = included.t_min
        facts.t_max = included.t_min if included.t_max is None else included.t_max
