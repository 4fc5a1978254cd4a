"""Explain an Observation or a file: its state, level, place in the tree, and recommendation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from jwgraph.answers import meant
from jwgraph.answers.choice import Choice
from jwgraph.answers.criteria import ask_each
from jwgraph.answers.missing import MissingRow, expected_of
from jwgraph.answers.notes import Answer, Known, Note, notes, whole
from jwgraph.answers.reasons import Explanation, by_category, by_type, exposure_kinds
from jwgraph.answers.resolve import ask_of, key, require_product
from jwgraph.model.columns import Column
from jwgraph.model.vocabulary import MRP_RULES, MrpRule, Reason
from jwgraph.names.grammar import parse
from jwgraph.names.identifiers import is_file, makes_level3
from jwgraph.store import queries
from jwgraph.store.graph import Graph, Row

_RECOMMENDED = "recommended"


@dataclass(frozen=True, slots=True)
class WhyRow:
    """A fact about an Observation or one of its files, with the rule or source behind it."""

    COMMANDS: ClassVar = ("why",)

    subject: Annotated[str, Column("Observation or file that the fact is about", "meta.id")]
    question: Annotated[str, Column("What is asked of it", "meta.code")]
    answer: Annotated[str, Column("What is the case", "meta.note")]
    because: Annotated[str, Column("The rule or source that it follows from", "meta.note")]


@whole
def why(graph: Graph, name: str) -> Answer[WhyRow]:
    """Explain an Observation: its state and level, what includes it, and which of its files are recommended.

    Parameters
    ----------
    name
        An obs_id, or a file name: then its Observation is explained, with this file only.

    Raises
    ------
    NotFoundError
        No Observation or file has this name.
    """
    if is_file(name):
        return _why_file(graph, name)
    (found,) = _why_observations(graph, [name]).values()
    return found


def _why_observations(graph: Graph, names: Iterable[str]) -> dict[str, Answer[WhyRow]]:
    """Explain Observations and their files, by their keys."""
    found = ask_of(graph, "query/why", "obs_id", names)
    promised = _promised(graph, found)
    return {
        obs_id: Answer(
            (*_why_observation(facts, promised[obs_id]), *(_mrp(facts, file) for file in facts["files"])),
            answer.notes,
            answer.known,
        )
        for obs_id, answer in found.items()
        for facts in answer
    }


def _promised(graph: Graph, found: Mapping[str, Answer[Row]]) -> dict[str, list[MissingRow]]:
    """Return the expected products that are not there of Observations, or made from their files."""
    named = [obs_id for obs_id, (facts,) in found.items() if facts["made_by"] or facts["member_of"]]
    promised = expected_of(graph, named)
    return {obs_id: promised.get(obs_id, []) for obs_id in found}


@whole
def why_of(graph: Graph, names: Sequence[str], which: Choice) -> Answer[WhyRow]:
    """Explain Observations or files of names, in any form, or the Observations that a choice selects.

    Files of Observations are left out where there are no names.

    Raises
    ------
    UsageError
        There is neither a name nor a criterion.
    NotFoundError
        There is no such Observation or file.
    """
    if names and not which.selects():
        answers = [meant.about(graph, name, meant.Wanted.EITHER, lambda each: why(graph, each)) for name in names]
        said = (note for taken, _ in answers for note in taken.notes("this is about"))
        found = [answer for _, answer in answers]
        return Answer((row for answer in found for row in answer), (*said, *_notes(_known(found))))
    _, taken, rows = ask_each(
        graph, names, which, lambda each: why_each(graph, each, files=bool(names)), this="this is about"
    )
    return Answer(rows, (*taken, *rows.notes))


@whole
def why_each(graph: Graph, names: Iterable[str], *, files: bool) -> Answer[WhyRow]:
    """Explain Observations or files by their exact names; without `files`, leave out which files are recommended."""
    given = list(names)
    observations = _why_observations(graph, [name for name in given if not is_file(name)])
    answers = [why(graph, name) if is_file(name) else observations[key(name)] for name in given]
    rows = (row for answer in answers for row in answer if files or row.question != _RECOMMENDED)
    return Answer(rows, _notes(_known(answers)))


def _known(answers: Iterable[Answer[Any]]) -> list[Known]:
    return [each for answer in answers for each in answer.known]


def _notes(known: list[Known]) -> tuple[Note, ...]:
    """Return the notes on several answers together: one for each kind of gap, and not for each Observation."""
    return notes(queries.get("query/why").needs, known)


def _why_observation(facts: Row, promised: Iterable[MissingRow]) -> list[WhyRow]:
    return [_state(facts), _level(facts), _listed(facts), *_owners(facts), *_absence(facts, promised)]


def _why_file(graph: Graph, name: str) -> Answer[WhyRow]:
    """Explain a file and its Observation; with several owners, explain the role of the file in each."""
    owners = [owner["obs_id"] for owner in require_product(graph, name)[0]["part_of"]]
    if not owners:
        return Answer([WhyRow(name, "part of", "no Observation", _why_no_owner(graph, name))])
    found = ask_of(graph, "query/why", "obs_id", owners)
    every = [facts for (facts,) in found.values()]
    rows = _why_observation(every[0], _promised(graph, found)[owners[0]]) if len(every) == 1 else []
    for facts in every:
        if len(every) > 1:
            rows.append(
                WhyRow(name, "part of", facts["obs_id"], f"Observation at level {_or_none(facts['calib_level'])}")
            )
        rows += [_mrp(facts, file) for file in facts["files"] if file["filename"] == name]
    known = _known(found.values())
    return Answer(rows, _notes(known), known)


def _why_no_owner(graph: Graph, name: str) -> str:
    linked = sorted({row["linked_to"] for row in graph.read("query/links", filename=name)} - {name})
    if not linked:
        return "neither its name nor a source says which Observation owns it"
    return f"it is linked to {linked[0]}" + (f" and {len(linked) - 1} more" if linked[1:] else "")


def _state(facts: Row) -> WhyRow:
    files = facts["files"]
    if facts["state"] is None:
        return WhyRow(facts["obs_id"], "state", "unknown", "it is not derived yet: the last load has not finished")
    there = sum(file["present"] for file in files)
    because = {
        "archived": f"{there} of its {len(files)} files are there",
        "seen": "files of it are on disk; MAST has not listed them",
        "expected": "an association names its files, and none of them is there",
        "planned": f"planned in {_pools(facts)}, and nothing of it is there",
        "named": "a name is all that is known",
    }[facts["state"]]
    if facts["state"] == "archived" and not there:
        because = f"MAST lists it at calib_level {facts['mast_calib_level']}; none of its files is loaded"
    return WhyRow(facts["obs_id"], "state", facts["state"], because)


def _pools(facts: Row) -> str:
    return ", ".join(plan["pool"] for plan in facts["plans"]) or "MAST (calib_level -1)"


def _level(facts: Row) -> WhyRow:
    makers = [made["association"] for made in facts["made_by"] if not made["superseded_by"]]
    unread = [name for name in facts["unread"] if makes_level3(parse(name).asn_type) and name not in makers]
    makers += [f"{name} (not loaded)" for name in unread]
    if facts["level3"]:
        because = f"Stage 3 makes it: {', '.join(makers)}" if makers else "its name is that of a Stage 3 product"
    elif facts["productLevel"]:
        because = f"the highest level of its science files is L{facts['productLevel']}"
    elif facts["mast_calib_level"] is not None:
        because = "that is what MAST's row of it says; none of its science files is loaded"
    elif facts["calib_level"] is None:
        because = "none of its science files is there"
    else:
        because = "the highest level of its files; none of its science files is there"
    return WhyRow(facts["obs_id"], "level", _or_none(facts["calib_level"]), because)


def _listed(facts: Row) -> WhyRow:
    above = [owner["obs_id"] for owner in facts["included_in"] if owner["present"]]
    if facts["listed"]:
        because = "no Observation with a product that is there includes it"
    elif above:
        because = f"included in {', '.join(above)}"
    else:
        because = "nothing of it is there"
    return WhyRow(facts["obs_id"], "listed", _yes(facts["listed"]), because)


def _owners(facts: Row) -> Iterator[WhyRow]:
    for owner in facts["included_in"]:
        role = f", as {', '.join(owner['roles'])}" if owner["roles"] else ""
        yield WhyRow(facts["obs_id"], "included in", owner["obs_id"], f"by {', '.join(owner['basis'])}{role}")


def _absence(facts: Row, promised: Iterable[MissingRow]) -> Iterator[WhyRow]:
    """Explain why a Level 3 Observation is absent, for itself or for an exposure that would be part of it."""
    for row in promised:
        yield WhyRow(row.product, "missing", str(row.reason), f"{row.evidence} ({row.association})")
        for member in row.members_missing:
            yield WhyRow(row.product, "member missing", member, f"{row.association} names it, and it is not there")
    in_force = [member for member in facts["member_of"] if not member["superseded_by"]]
    stage3 = any(makes_level3(member["asn_type"]) for member in in_force)
    if not facts["level3"] and not stage3 and not any(owner["present"] for owner in facts["included_in"]):
        explanation = _no_level3(facts)
        yield WhyRow(facts["obs_id"], "no Level 3", str(explanation.reason), explanation.evidence)


def _no_level3(facts: Row) -> Explanation:
    plans, files = facts["plans"], facts["files"]
    types = {each["exp_type"] for each in (*plans, *files) if each["exp_type"]}
    failed = [str(plan["exposerr"]) for plan in plans if plan["exposerr"]]
    if failed:
        return Explanation(Reason.FAILED, f"exposerr of its pool row: {failed[0]}")
    if explanation := by_type(types) or by_category([*plans, *files]):
        return explanation
    if facts["state"] == "planned":
        return Explanation(Reason.NOT_EXECUTED, f"planned in {_pools(facts)}")
    if types and {exposure_kinds().get(each) for each in types} == {"acquisition"}:
        return Explanation(Reason.UNKNOWN, f"{', '.join(sorted(types))} is target acquisition or guiding, not science")
    return Explanation(Reason.UNKNOWN, "no Stage 3 association names any of its files")


def _mrp(facts: Row, file: Row) -> WhyRow:
    if file["mrp_rule"] is None:
        cut = "no rule was applied yet: the last load has not finished"
        return WhyRow(file["filename"], _RECOMMENDED, "unknown", cut)
    because = MRP_RULES[MrpRule(file["mrp_rule"])].sentence
    above = [owner["obs_id"] for owner in facts["included_in"] if owner["present"]]
    if file["mrp"] and above:
        because += f"; that is of this Observation alone, and the Portal shows it in {', '.join(above)}"
    if file["mast_mrp"] is not None and file["mast_mrp"] != file["mrp"]:
        because += f"; MAST's flag differs: {_yes(file['mast_mrp'])}"
    return WhyRow(file["filename"], _RECOMMENDED, _yes(file["mrp"]), because)


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def _or_none(value: object) -> str:
    return "none" if value is None else str(value)
