"""Compare answers, before anything is timed; then time them, all peers in turn."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.bench.peers.questions import KINDS, Question, Rows
from tests.bench.peers.worker import Worker

Answer = Callable[[Question], Rows]
Questions = Mapping[str, Sequence[Question]]

# Seconds for which each peer answers each kind of question before it is timed: Java compiles what is used often.
WARM = 3.0
# How often all questions of a kind are put to a peer, and for how many seconds at most, over all peers.
TURNS, LEAST_TURNS, PATIENCE = 25, 5, 60.0


class Different(Exception):
    """A peer gave another answer than jwgraph."""


def same_answers(expected: Answer, peers: Mapping[str, Answer], questions: Questions) -> dict[str, list[int]]:
    """Compare the answers of all peers with those expected; return the number of rows of each answer, by kind.

    Raises
    ------
    Different
        An answer is another one, or every answer of a kind is empty.
    """
    sizes: dict[str, list[int]] = {}
    for kind, each in questions.items():
        for question in each:
            rows = set(expected(question))
            sizes.setdefault(kind, []).append(len(rows))
            for name, answer in peers.items():
                _compare(name, question, set(answer(question)), rows)
        if not any(sizes[kind]):
            raise Different(f"no question of the kind {kind} has an answer")
    return sizes


def _compare(name: str, question: Question, found: set[tuple[Any, ...]], expected: set[tuple[Any, ...]]) -> None:
    if found == expected:
        return
    more, less = (sorted(map(repr, rows))[:3] for rows in (found - expected, expected - found))
    raise Different(f"{name} answers {question} otherwise: it has {more} and lacks {less}")


@dataclass(frozen=True, slots=True)
class Timed:
    """Milliseconds of one kind of question: the middle, and that of the slowest twentieth."""

    p50: float
    p95: float
    asked: int


Clock = Callable[[Sequence[Question]], list[float]]


@dataclass(frozen=True, slots=True)
class Clocks:
    """How a peer is warmed and timed."""

    warm: Callable[[Sequence[Question], float], None]
    timed: Clock


def of_worker(worker: Worker) -> Clocks:
    """Return the clocks of a peer in its process."""
    return Clocks(worker.warm, worker.timed)


def times(peers: Mapping[str, Clocks], kind: str, questions: Sequence[Question]) -> dict[str, Timed]:
    """Time all questions of a kind, the peers in turn."""
    for each in peers.values():
        each.warm(questions, WARM)
    took: dict[str, list[float]] = {name: [] for name in peers}
    for turn in range(TURNS):
        for name, each in peers.items():
            took[name] += each.timed(questions)
        if turn + 1 >= LEAST_TURNS and sum(map(sum, took.values())) > PATIENCE * 1000:
            break
    print(f"  {KINDS[kind]}: " + "; ".join(f"{name} {statistics.median(all_):.2f} ms" for name, all_ in took.items()))
    return {name: _timed(each) for name, each in took.items()}


def _timed(took: list[float]) -> Timed:
    slow = statistics.quantiles(took, n=20)[-1] if len(took) > 1 else took[0]
    return Timed(round(statistics.median(took), 4), round(slow, 4), len(took))
