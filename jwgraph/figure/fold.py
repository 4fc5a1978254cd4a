"""Fold exposures into at most so many rows: detectors and segments, then dithers, visits, and what is left of a role.

Roles are never folded together, and what is incomplete comes first.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from jwgraph.figure.facts import Exposure, Place
from jwgraph.model.vocabulary import Exptype
from jwgraph.names.grammar import parse, parse_root

MOST_ROWS = 12

_ORDER = [str(role) for role in Exptype]


@dataclass(frozen=True, slots=True)
class Group:
    """Exposures that are shown as one row.

    Attributes
    ----------
    label
        What they have in common, and how many they are.
    """

    role: str
    label: str
    exposures: tuple[Exposure, ...]

    @property
    def incomplete(self) -> bool:
        """Whether a file that an association names is not there."""
        return any(exposure.missing for exposure in self.exposures)


def dither(exposure: Exposure) -> str:
    """Return the name of an exposure without its detector and segment."""
    root = parse_root(exposure.obs_id)
    return re.sub(r"(-seg\d+)?_[^_]+$", "", root.obs_id) if root.form == "exposure" else exposure.obs_id


def visit(exposure: Exposure) -> str:
    """Return the visit of an exposure."""
    return parse_root(exposure.obs_id).visit_id or dither(exposure)


def groups(exposures: Iterable[Exposure], most: int = MOST_ROWS) -> list[Group]:
    """Return the rows of a figure: science first, then the other roles, each with its incomplete rows first."""
    by_role: dict[str, list[Exposure]] = {}
    for exposure in exposures:
        by_role.setdefault(exposure.role, []).append(exposure)
    roles = sorted(by_role, key=lambda role: (_ORDER.index(role) if role in _ORDER else len(_ORDER), role))
    for common in (dither, visit):
        found = [group for role in roles for group in _rows(role, by_role[role], common)]
        if len(found) <= most:
            return found
    room = _rooms([len(list(_rows(role, by_role[role], visit))) for role in roles], most)
    return [group for role, rows in zip(roles, room, strict=True) for group in _cut(role, by_role[role], rows)]


def whole_roles(exposures: Iterable[Exposure]) -> list[Group]:
    """Return one row a role."""
    return groups(exposures, most=0)


def _rows(role: str, exposures: Sequence[Exposure], common: Callable[[Exposure], str]) -> list[Group]:
    """Return the incomplete dithers, then the complete exposures by what they have in common."""
    gaps = {dither(exposure) for exposure in exposures if exposure.missing}
    incomplete = [exposure for exposure in exposures if dither(exposure) in gaps]
    complete = [exposure for exposure in exposures if dither(exposure) not in gaps]
    alike = (*_alike(incomplete, dither), *_alike(complete, lambda each: (common(each), _made(each, common))))
    return [Group(role, _label(each), tuple(each)) for each in alike]


def _alike(exposures: Sequence[Exposure], common: Callable[[Exposure], Any]) -> list[list[Exposure]]:
    """Return exposures that have something in common, in its order."""
    found: dict[Any, list[Exposure]] = {}
    for exposure in exposures:
        found.setdefault(common(exposure), []).append(exposure)
    return [found[each] for each in sorted(found)]


def _made(exposure: Exposure, common: Callable[[Exposure], str]) -> tuple[str, ...]:
    """Return what Stage 2 makes of an exposure, so that images and spectra of one visit stand apart.

    Detectors of one dither stand together if Stage 2 made anything of them.
    """
    made = {parse(row.productFilename).suffix for row in exposure.files.get(Place.STAGE2, ())}
    return tuple(sorted(made)) if common is visit else ("",) * bool(made)


def _rooms(wanted: Sequence[int], most: int) -> list[int]:
    """Share rows among roles: one for each at least, the rest where most are wanted."""
    given = [1] * len(wanted)
    for _ in range(max(0, most - len(wanted))):
        short = [(wanted[i] - given[i], -i) for i in range(len(wanted)) if wanted[i] > given[i]]
        if not short:
            break
        given[-max(short)[1]] += 1
    return given


def _cut(role: str, exposures: Sequence[Exposure], room: int) -> list[Group]:
    """Return at most so many rows of a role; the last ones stand for all that are left."""
    rows = _rows(role, exposures, visit)
    if len(rows) <= room:
        return rows
    incomplete = [row for row in rows if row.incomplete]
    complete = rows[len(incomplete) :]
    if incomplete and complete and room > 1:
        # Where both are too many, each keeps a row of its own for what is left of it.
        first = min(len(incomplete), max(1, room - min(len(complete), room // 2)))
        return [*_rest(role, incomplete, first), *_rest(role, complete, room - first)]
    return _rest(role, rows, room)


def _rest(role: str, rows: list[Group], room: int) -> list[Group]:
    if len(rows) <= room:
        return rows
    shown, left = rows[: room - 1], rows[room - 1 :]
    exposures = tuple(exposure for row in left for exposure in row.exposures)
    kind = "incomplete group" if all(row.incomplete for row in left) else "group"
    if not shown:
        return [Group(role, _label(exposures), exposures)]
    more = f"{len(left):,} more {kind}{'s' if len(left) > 1 else ''} × {len(exposures):,}"
    return [*shown, Group(role, more, exposures)]


def _label(exposures: Sequence[Exposure]) -> str:
    """Return what exposures have in common, and how many they are."""
    visits, dithers = sorted(set(map(visit, exposures))), sorted(set(map(dither, exposures)))
    detectors = sorted({parse_root(exposure.obs_id).detector for exposure in exposures} - {""})
    if len(exposures) == 1:
        return exposures[0].obs_id
    if len(visits) > 1:
        return f"{len(visits):,} visits, {len(dithers):,} dithers × {len(exposures):,}"
    if len(dithers) > 1:
        return f"{_of_visit(visits[0], dithers)}: {len(dithers):,} dithers × {len(exposures):,}"
    segments = len(exposures) // max(1, len(detectors))
    parts = [detectors[0] if len(detectors) == 1 else f"{len(detectors)} detectors"]
    parts += [f"{segments:,} segments"] if segments > 1 else []
    return f"{dithers[0]}: {', '.join(parts)} × {len(exposures):,}"


def _of_visit(visit_id: str, dithers: Sequence[str]) -> str:
    """Return a visit with the activities (group, sequence, activity) of its dithers, if they are few."""
    activities = sorted({name.split("_")[1] for name in dithers if name.count("_") > 1})
    if len(activities) == 1:
        return f"{visit_id}_{activities[0]}"
    few = 1 < len(activities) <= 3
    return f"{visit_id} ({', '.join(activities)})" if few else visit_id
