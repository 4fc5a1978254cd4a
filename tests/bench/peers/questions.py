"""The questions that are put to every peer, and what they are about.

Answers are rows; two peers agree where the sets of their rows are equal.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tests.bench.peers.given import EDGE_TABLES, NODES, Given
from tests.bench.sample import Sample

Rows = list[tuple[Any, ...]]

PING = "ping"
KINDS = {
    PING: "bare round trip",
    "tree": "tree of an Observation",
    "mrp": "Minimum Recommended Products",
    "lineage_up": "what a product was made from",
    "lineage_down": "what was made from a raw exposure",
    "impact": "impact of a reference file",
    "observations": "Observations of a program",
    "trees": "all trees of a program",
}
"""Kinds of questions, in the order in which they are asked."""
FILES = 3_000
"""Files that the reference file is applied to, and files of the program whose trees are asked for: about so many."""
SAMPLES = 20
PROGRAMS = 3


@dataclass(frozen=True, slots=True)
class Question:
    """One question.

    Attributes
    ----------
    kind
        Of `KINDS`.
    about
        Its parameters.
    """

    kind: str
    about: tuple[tuple[str, str], ...] = ()

    @property
    def parameters(self) -> dict[str, str]:
        """The parameters by name."""
        return dict(self.about)

    @property
    def value(self) -> str:
        """The only parameter."""
        return self.about[0][1]


def choose(given: Given, samples: Sequence[Sample]) -> dict[str, list[Question]]:
    """Return the questions of each kind: about Observations from all of the archive, and what has about 3,000 files."""
    step = max(1, len(samples) // SAMPLES)
    chosen = samples[::step][:SAMPLES]
    return {
        PING: [Question(PING)],
        "tree": [_ask("tree", obs_id=each.obs_id) for each in chosen],
        "mrp": [_ask("mrp", obs_id=each.obs_id) for each in chosen],
        "lineage_up": [_ask("lineage_up", filename=each.filename) for each in chosen],
        "lineage_down": [_ask("lineage_down", filename=f"{each.exposure}_uncal.fits") for each in chosen],
        "impact": [_ask("impact", reference=_reference(given))],
        "observations": [_ask("observations", program=each) for each in _programs(given, PROGRAMS)],
        "trees": [_ask("trees", program=each) for each in _programs(given, 1)],
    }


def _ask(kind: str, **about: str) -> Question:
    return Question(kind, tuple(about.items()))


def _nearest(counts: Counter[Any], number: int) -> list[Any]:
    return sorted(counts, key=lambda each: (abs(counts[each] - FILES), str(each)))[:number]


def _reference(given: Given) -> str:
    table = next(each for each in EDGE_TABLES if each.name == "calibrated_with")
    (found,) = _nearest(Counter(row[1] for row in given.rows(table, named=True)), 1)
    return str(found)


def _programs(given: Given, number: int) -> list[str]:
    table = next(each for each in NODES if each.name == "product")
    place = [each.name for each in table.columns].index("program") + 1
    return [str(each) for each in _nearest(Counter(row[place] for row in given.rows(table)), number)]
