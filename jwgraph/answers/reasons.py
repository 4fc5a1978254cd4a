"""Explain why an expected product is not there: the reason and its evidence, from facts in the loaded sources.

The four reasons are those of the archive's *Linkages in the Portal* page (*What if L-3 Products are Absent?*). They are
checked in this order, the most certain first:

1. An exposure failed, and its association or pool says so (`exposerr`, `degraded_status`).
2. For a Stage 3 product: all exposures have a calibration type (darks, flats, lamps), which Stage 3 does not process.
3. An absent exposure is planned by a pool in a visit whose other exposures have arrived: it failed.
4. An absent exposure is planned by a pool or by MAST (`calib_level` -1): it has not been executed yet.
5. All exposures have a calibration or an engineering type.
6. The program is an engineering or a calibration program, by its category.
7. Unknown: no loaded source explains it.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from jwgraph.model.vocabulary import Exptype, Reason
from jwgraph.names.identifiers import visit_of

NOT_DEGRADED = "no known degraded exposures"
NAMED = 3


@dataclass(frozen=True, slots=True)
class Explanation:
    """A reason and its evidence, as one sentence without a full stop."""

    reason: Reason
    evidence: str


@dataclass(frozen=True, slots=True)
class Schedule:
    """Planned visits: the number of exposures that have arrived, and the Observations that MAST still plans.

    Attributes
    ----------
    arrived
        Number of exposures that have arrived, by pool and visit.
    planned
        obs_id of the Observations that MAST lists as planned (calib_level -1) and whose visit has no archived data.
    """

    arrived: Mapping[tuple[str, str], int]
    planned: Sequence[str] = ()


@cache
def exposure_kinds() -> dict[str, str]:
    """Return the kind of each non-science exposure type: calibration, engineering or acquisition."""
    text = (files("jwgraph.names") / "exposure_types.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(line for line in text.splitlines() if not line.startswith("#"))
    return {row["exp_type"]: row["kind"] for row in rows}


def because(promise: Mapping[str, Any], schedule: Schedule) -> Explanation:
    """Explain why a product expected from an association is not there.

    Parameters
    ----------
    promise
        A row of the query `missing`.
    schedule
        The planned visits of the members.
    """
    members = promise["members"]
    kind = by_type(_types(members))
    of_stage3 = kind if kind and promise["productLevel"] == "3" and kind.reason is Reason.CALIBRATION else None
    return (
        _said_failed(promise, members)
        or of_stage3
        or _never_arrived(members, schedule)
        or _planned(members, schedule)
        or kind
        or by_category(members)
        or _unknown(members)
    )


def by_type(exp_types: Iterable[str]) -> Explanation | None:
    """Explain by exposure types, all calibration or all engineering; None if one of them is science or unknown."""
    kinds = {exp_type: exposure_kinds().get(exp_type, "science") for exp_type in exp_types}
    for kind, reason in (("calibration", Reason.CALIBRATION), ("engineering", Reason.ENGINEERING)):
        if kinds and set(kinds.values()) == {kind}:
            return Explanation(reason, f"the exposures are of type {_some(sorted(kinds))}")
    return None


def by_category(members: Iterable[Mapping[str, Any]]) -> Explanation | None:
    """Explain by an engineering or calibration program, according to a header, MAST's row or the APT template."""
    for member in members:
        category = str(member.get("category") or "").upper()
        template = str(member.get("template") or "")
        if category == "ENG" or "engineering" in template.lower():
            evidence = "the program's category is ENG" if category == "ENG" else f"the APT template is {template}"
            return Explanation(Reason.ENGINEERING, evidence)
        if category == "CAL" or str(member.get("intent") or "").lower() == "calibration":
            evidence = "the program's category is CAL" if category == "CAL" else "MAST's intentType is calibration"
            return Explanation(Reason.CALIBRATION, evidence)
    return None


def _types(members: Iterable[Mapping[str, Any]]) -> set[str]:
    """Return the exposure types of the science members; empty if one of them is unknown."""
    types = {m["exp_type"] for m in members if m["exptype"] == Exptype.SCIENCE}
    return set() if None in types else types


def _said_failed(promise: Mapping[str, Any], members: Iterable[Mapping[str, Any]]) -> Explanation | None:
    failed = [m for m in members if m["exposerr"]]
    if failed:
        exposures = _some([f"{_exposure(m)} ({m['exposerr']})" for m in failed])
        return Explanation(Reason.FAILED, f"exposerr of {exposures}")
    degraded = " ".join(str(promise["degraded_status"] or "").split())
    if degraded and not degraded.lower().startswith(NOT_DEGRADED):
        return Explanation(Reason.FAILED, f"degraded_status of the association: {degraded}")
    return None


def _absent(members: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return [m for m in members if not m["executed"]]


def _never_arrived(members: Iterable[Mapping[str, Any]], schedule: Schedule) -> Explanation | None:
    found = {}
    for member in _absent(members):
        for plan in member["plans"]:
            if plan["visit"] and schedule.arrived.get((plan["pool"], plan["visit"]), 0):
                found[_exposure(member)] = plan["pool"]
    if not found:
        return None
    pools = _some(sorted(set(found.values())))
    return Explanation(
        Reason.FAILED, f"{_some(list(found))} never arrived: planned in {pools}, others of the visit are there"
    )


def _planned(members: Iterable[Mapping[str, Any]], schedule: Schedule) -> Explanation | None:
    absent = _absent(members)
    pools = {plan["pool"] for member in absent for plan in member["plans"]}
    if pools:
        names = [_exposure(member) for member in absent if member["plans"]]
        return Explanation(Reason.NOT_EXECUTED, f"{_some(names)} planned in {_some(sorted(pools))}")
    visits = {str(member["visit_id"]) for member in absent if member["visit_id"]}
    planned = [obs_id for obs_id in schedule.planned if visit_of(obs_id) in visits]
    if planned:
        return Explanation(Reason.NOT_EXECUTED, f"MAST lists {_some(planned)} as planned (calib_level -1)")
    return None


def _unknown(members: Sequence[Mapping[str, Any]]) -> Explanation:
    gone = [m for m in members if not m["present"]]
    if not gone:
        return Explanation(Reason.UNKNOWN, f"all {len(members)} members are there")
    return Explanation(Reason.UNKNOWN, f"{len(gone)} of {len(members)} members are not there, and no source says why")


def _exposure(member: Mapping[str, Any]) -> str:
    return str(member["obs_id"] or member["filename"])


def _some(names: Sequence[str]) -> str:
    """List the first few names and count the rest."""
    distinct = list(dict.fromkeys(names))
    more = len(distinct) - NAMED
    return ", ".join(distinct[:NAMED]) + (f" and {more} more" if more > 0 else "")
