"""Choose Observations by what an astronomer knows of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from difflib import get_close_matches
from fnmatch import fnmatchcase

from jwgraph.answers.facts import Facts, all_facts
from jwgraph.answers.loaded import scope
from jwgraph.answers.notes import Answer, Note, sync, unknown, whole
from jwgraph.answers.resolve import key, require_observation
from jwgraph.errors import NotFoundError, UsageError
from jwgraph.names.grammar import parse_root
from jwgraph.store.graph import Graph

# Values named in a message.
_NAMED = 12
_MJD_OF_1970 = 40587

_NOUNS = {
    "instruments": "instrument",
    "filters": "filter",
    "gratings": "grating",
    "targets": "target",
    "exp_types": "exposure type",
    "numbers": "observation number",
}


@dataclass(frozen=True, slots=True)
class Choice:
    """Criteria for Observations; an empty criterion or None accepts every one.

    Attributes
    ----------
    program
        Five digits, or `*`.
    instruments, filters, gratings, targets, exp_types
        Case-insensitive. Of targets, only letters, digits and signs count, and `*` stands for any text.
    numbers
        Observation numbers in the program.
    start, end
        MJD; an Observation is chosen if a part of it is between them.
    level3
        Whether it is at Level 3, or included in such an Observation.
    """

    program: str = "*"
    instruments: tuple[str, ...] = ()
    filters: tuple[str, ...] = ()
    gratings: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    exp_types: tuple[str, ...] = ()
    numbers: tuple[int, ...] = ()
    start: float | None = None
    end: float | None = None
    level3: bool | None = None

    def selects(self) -> bool:
        """Return whether there is any criterion, the program included."""
        return self.program != "*" or self.narrows()

    def narrows(self) -> bool:
        """Return whether there is any criterion besides the program."""
        dates = self.start is not None or self.end is not None
        return dates or self.level3 is not None or any(getattr(self, kind) for kind in _NOUNS)

    def accepts(self, facts: Facts, *, benefit: bool = False) -> bool:
        """Return whether an Observation meets every criterion; with `benefit`, also where it is not known."""
        if any(not self._meets(facts, kind, benefit=benefit) for kind in _NOUNS):
            return False
        if self.level3 is not None and facts.level3 is not self.level3:
            return False
        if facts.t_min is None or facts.t_max is None:
            return benefit or (self.start is None and self.end is None)
        return (self.start is None or facts.t_max >= self.start) and (self.end is None or facts.t_min < self.end)

    def among(self, facts: Mapping[str, Facts], names: Iterable[str]) -> Answer[Facts]:
        """Return those of some Observations that meet every criterion, and a note on those of which one is not known.

        Parameters
        ----------
        facts
            Of everything in the program, or the store.

        Raises
        ------
        UsageError
            Nothing has a value that is asked for; the message has the values that exist.
        NotFoundError
            Nothing says what is asked for.
        """
        _check(self, facts.values())
        wanted = [facts[name] for name in names]
        accepted = [each for each in wanted if self.accepts(each)]
        unclear = [each for each in wanted if not self.accepts(each) and self.accepts(each, benefit=True)]
        return Answer(accepted, [_unclear(unclear)] if unclear else [])

    def _meets(self, facts: Facts, kind: str, *, benefit: bool) -> bool:
        wanted, values = getattr(self, kind), getattr(facts, kind)
        # A filter alone says that there is no grating, and the other way round.
        known = facts.filters | facts.gratings if kind in ("filters", "gratings") else values
        if not wanted or (benefit and not known):
            return True
        return any(_is(kind, each, value) for each in wanted for value in values)


@whole
def chosen(graph: Graph, choice: Choice, names: Sequence[str] = ()) -> Answer[str]:
    """Return the names of the Observations that meet every criterion; see `choose`.

    What is known of Observations is looked up only where the choice has a criterion besides the program.
    """
    if names or choice.narrows():
        found = choose(graph, choice, names)
        return Answer((each.obs_id for each in found), found.notes)
    (row,) = graph.read("internal/listed_observations", program=choice.program)
    if not row["number"]:
        _require(choice)
    return Answer(row["obs_ids"])


@whole
def choose(graph: Graph, choice: Choice, names: Sequence[str] = (), *, listed: bool = True) -> Answer[Facts]:
    """Return the Observations that meet every criterion, and a note on those of which one is not known.

    Parameters
    ----------
    names
        Choose among these, in this order.
    listed
        Without names, choose among those that the Portal lists only.

    Raises
    ------
    UsageError
        Nothing has a value that is asked for; the message has the values that exist.
    NotFoundError
        There is no Observation of one of the names, or nothing says what the criteria ask for.
    """
    facts = _facts(graph, choice, names)
    if not names:
        return choice.among(facts, [each.obs_id for each in facts.values() if each.listed or not listed])
    keys = list(dict.fromkeys(map(key, names)))
    for name in keys:
        if name not in facts:
            require_observation(graph, name)
    return choice.among(facts, [name for name in keys if choice.program in ("*", parse_root(name).program)])


def _unclear(facts: Sequence[Facts]) -> Note:
    others = len(facts) - 1
    more = f" and {others:,} other Observation{'s' if others > 1 else ''}" if others else ""
    text = f"nothing loaded says whether {facts[0].obs_id}{more} would be selected, so this answer may be incomplete"
    return Note(text, sync(program=parse_root(facts[0].obs_id).program))


def _facts(graph: Graph, choice: Choice, names: Sequence[str]) -> dict[str, Facts]:
    programs = {parse_root(name).program or "*" for name in names} if names else {choice.program}
    found: dict[str, Facts] = {}
    for program in sorted({"*"} if "*" in programs else programs):
        found |= all_facts(graph, program)
    return found


def _check(choice: Choice, facts: Iterable[Facts]) -> None:
    """Raise UsageError for a value that no Observation has, or NotFoundError where none is known."""
    every = list(facts)
    if not every:
        _require(choice)
        return
    for kind, noun in _NOUNS.items():
        wanted = getattr(choice, kind)
        if not wanted:
            continue
        there = sorted({value for each in every for value in getattr(each, kind)})
        if not there:
            gap = f"the {noun} of no Observation{scope('of', choice.program)} is loaded"
            raise unknown(Note(gap, sync(program=choice.program)))
        for value in wanted:
            if not any(_is(kind, value, each) for each in there):
                raise UsageError(f"No Observation has the {noun} {value}; there are: {_near(str(value), there)}.")


def _require(choice: Choice) -> None:
    """Raise NotFoundError where there is no Observation at all of the program."""
    if choice.program != "*":
        raise NotFoundError(f"nothing{scope('of', choice.program)} is loaded: `{sync(program=choice.program)}`")


def _near(value: str, there: Sequence[object]) -> str:
    """Return the values that exist, near ones first."""
    texts = [str(each) for each in there]
    near = get_close_matches(value.upper(), texts, n=3, cutoff=0.5)
    ordered = list(dict.fromkeys([*near, *texts]))
    more = f" and {len(ordered) - _NAMED:,} more" if len(ordered) > _NAMED else ""
    return ", ".join(ordered[:_NAMED]) + more


def _is(kind: str, wanted: object, value: object) -> bool:
    """Return whether a value is the one asked for; targets are written in many ways."""
    if kind == "targets":
        return fnmatchcase(_plain(str(value)), _plain(str(wanted)).replace("[", "[[]"))
    return wanted.upper() == value if isinstance(wanted, str) else wanted == value


def _plain(target: str) -> str:
    """Return a target without spaces and separators; a sign between digits is part of a name, as in G0.253+0.015."""
    return re.sub(r"[\s_]|(?<!\d)-|-(?!\d)", "", target.upper())


def mjd_of(text: str | None, *, end: bool = False) -> float | None:
    """Return the MJD of a date or time in UTC (2022-06-01, 2022-06-01T12:00); as an end, a date includes its day.

    Raises
    ------
    UsageError
        The text is not a date.
    """
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{text!r} is not a date: give one such as 2022-06-01 or 2022-06-01T12:00.") from None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    if end and len(text) <= len("2022-06-01"):
        moment += timedelta(days=1)
    return moment.timestamp() / 86400 + _MJD_OF_1970
