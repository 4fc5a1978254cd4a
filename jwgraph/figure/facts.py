"""What a figure of an Observation shows, from the answers of other commands: tree, members, missing, references."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from jwgraph.answers import associations, calibration, missing, products
from jwgraph.answers.associations import MemberRow
from jwgraph.answers.missing import MissingRow
from jwgraph.answers.notes import Answer, Note, said_unknown
from jwgraph.answers.products import ProductRow
from jwgraph.answers.resolve import key
from jwgraph.errors import NotFoundError
from jwgraph.model.vocabulary import Exptype, Relation
from jwgraph.names.grammar import parse, parse_root
from jwgraph.present.tree import LINKED
from jwgraph.store.graph import Graph

T = TypeVar("T")


class Place(StrEnum):
    """Where in a figure a file is counted."""

    RAW = "raw"
    STAGE1 = "Stage 1"
    STAGE2 = "Stage 2"
    # What Stage 3 makes of each exposure (crf), at level 2c.
    STAGE3 = "Stage 3"
    OWN = "own"
    ASSOCIATION = "association"
    LINKED = "linked"
    OTHER = "other"


_OF_LEVEL = {"1b": Place.RAW, "2a": Place.STAGE1, "2b": Place.STAGE2, "2c": Place.STAGE3}


@dataclass(frozen=True, slots=True)
class Tally:
    """How many there are; None where that is not known, with the reason."""

    number: int | None
    about: str = ""
    # There may be more: not everything that would say so is loaded.
    least: bool = False


@dataclass(frozen=True, slots=True)
class Exposure:
    """An exposure of the Observation.

    Attributes
    ----------
    files, expected
        Its files by place: those that are there, and those that are not and that the tree has.
    missing
        Names of files that associations name and that are not there, in the tree or not.
    """

    obs_id: str
    role: str
    files: Mapping[Place, tuple[ProductRow, ...]]
    expected: Mapping[Place, tuple[ProductRow, ...]]
    missing: tuple[str, ...] = ()
    # The association of Stage 3 names it; if not, it came in by Stage 2. None if that is not known.
    member: bool | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What a figure shows.

    Attributes
    ----------
    rows
        The tree, with the recommended products marked.
    roles
        Roles of each included Observation.
    members
        Members of the associations that make it; None if their content is not loaded.
    promises
        What current associations make of it or its files; None if that is not known.
    expected
        Files of the tree that are not there: associations name them.
    listed
        Whether the product lists are loaded, so that a file that is not in the tree is not in the archive.
    """

    obs_id: str
    rows: Sequence[ProductRow]
    roles: Mapping[str, Sequence[str]]
    members: Sequence[MemberRow] | None
    promises: Sequence[MissingRow] | None
    references: Tally
    engineering: Tally
    expected: frozenset[str] = frozenset()
    listed: bool = True
    notes: tuple[Note, ...] = ()

    @property
    def is_exposure(self) -> bool:
        """Whether it is one exposure, without Level 3."""
        return parse_root(self.obs_id).form == "exposure" and not self.roles

    @property
    def made_by(self) -> list[MissingRow]:
        """What its own associations make: it, or nothing of it yet."""
        return [row for row in self.promises or () if row.obs_id == self.obs_id]

    @property
    def feeds(self) -> list[MissingRow]:
        """Level 3 products that current associations make of its files, and that are not there."""
        return [row for row in self.promises or () if row.productLevel == "3" and row.state == "expected"]

    @property
    def in_level3(self) -> list[str]:
        """Level 3 Observations that are there and that associations make of it, if it is an exposure."""
        found = [row for row in self.promises or () if row.productLevel == "3" and row.state != "expected"]
        return sorted({row.obs_id or row.product for row in found}) if self.is_exposure else []

    def place(self, row: ProductRow) -> Place:
        """Return where a file of the tree is counted."""
        if row.relation in LINKED or row.obs_id is None:
            return Place.LINKED
        if row.relation == Relation.ASSOCIATION:
            return Place.ASSOCIATION
        if row.obs_id == self.obs_id and not self.is_exposure:
            return Place.OWN
        return _OF_LEVEL.get(row.productLevel or "", Place.OTHER)

    def there(self, row: ProductRow) -> bool:
        """Return whether a file of the tree is there, and not only expected."""
        return row.productFilename not in self.expected

    def at(self, place: Place) -> list[ProductRow]:
        """Return the files that are counted at a place."""
        return [row for row in self.rows if self.place(row) is place]

    def exposures(self) -> list[Exposure]:
        """Return the exposures, those too of which nothing is there, sorted by name."""
        there: dict[str, dict[Place, list[ProductRow]]] = {}
        expected: dict[str, dict[Place, list[ProductRow]]] = {}
        gone, roles = self._missing()
        for row in self.rows:
            place = self.place(row)
            if row.obs_id is None or place not in _OF_LEVEL.values():
                continue
            into = there if self.there(row) else expected
            into.setdefault(row.obs_id, {}).setdefault(place, []).append(row)
            if into is expected:
                gone.setdefault(row.obs_id, set()).add(row.productFilename)
        named = {parse(row.expname).obs_id for row in self.members or () if row.association in self._making}
        return [
            Exposure(
                obs_id,
                self._role(obs_id, [*self.roles.get(obs_id, ()), *roles.get(obs_id, ())]),
                {place: tuple(rows) for place, rows in there.get(obs_id, {}).items()},
                {place: tuple(rows) for place, rows in expected.get(obs_id, {}).items()},
                tuple(sorted(gone.get(obs_id, ()))),
                obs_id in named if named else None,
            )
            for obs_id in sorted({*there, *self.roles, *gone})
        ]

    @property
    def _making(self) -> set[str]:
        return {row.association for row in self.made_by}

    def _role(self, obs_id: str, roles: Sequence[str]) -> str:
        return Exptype.SCIENCE if obs_id == self.obs_id else role_of(roles)

    def _missing(self) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
        """Return the members that are not there by exposure, and their roles."""
        names = {name for row in self.made_by for name in row.members_missing}
        gone: dict[str, set[str]] = {}
        for name in names:
            root = parse_root(parse(name).obs_id or name)
            # What Stage 3 made for another Observation is a member, and no exposure.
            if root.form != "stage3" and root.obs_id != self.obs_id:
                gone.setdefault(root.obs_id, set()).add(name)
        roles: dict[str, set[str]] = {}
        for member in self.members or ():
            obs_id = parse_root(parse(member.expname).obs_id or member.expname).obs_id
            if obs_id in gone:
                roles.setdefault(obs_id, set()).add(member.exptype)
        return gone, roles


def role_of(roles: Sequence[str]) -> str:
    """Return the one role under which an exposure is shown; empty if none is known."""
    order = [*Exptype, *sorted(set(roles) - set(Exptype))]
    return next((str(role) for role in order if role in roles), "")


def gather(graph: Graph, obs_id: str) -> Facts:
    """Return what a figure of an Observation shows.

    Raises
    ------
    NotFoundError
        There is no such Observation.
    """
    name = key(obs_id)
    contents = products.contents(graph, name)
    rows = contents.rows
    members, no_members = _asked(lambda: associations.members(graph, name))
    promises, no_promises = _asked(lambda: missing.missing(graph, obs_id=name, include_archived=True))
    references = _tally(lambda: calibration.references(graph, name), _of_references)
    engineering = _tally(lambda: calibration.engineering(graph, name), _of_engineering)
    notes = (*rows.notes, *no_members[:1], *(() if no_members else no_promises[:1]))
    notes += (*(members.notes if members is not None else ()), *(promises.notes if promises is not None else ()))
    return Facts(
        name,
        list(rows),
        contents.roles,
        members,
        promises,
        references,
        engineering,
        expected=contents.expected,
        listed=not rows.notes,
        notes=tuple(dict.fromkeys(notes)),
    )


def _asked(question: Callable[[], Answer[T]]) -> tuple[Answer[T] | None, tuple[Note, ...]]:
    """Return an answer, an empty one if nothing was found; where it is not known, None with the reason."""
    try:
        return question(), ()
    except NotFoundError as error:
        said = said_unknown(error)
        return (None, (Note(said),)) if said else (Answer(), ())


def _tally(question: Callable[[], Answer[T]], about: Callable[[Iterable[T]], Tally]) -> Tally:
    found, notes = _asked(question)
    if found is None:
        return Tally(None, str(notes[0]))
    tally = about(found)
    return Tally(tally.number, tally.about, least=bool(found.notes))


def _of_references(rows: Iterable[calibration.ReferenceRow]) -> Tally:
    rows = list(rows)
    contexts = sorted({row.context for row in rows if row.context})
    return Tally(len({row.reference for row in rows}), ", ".join(contexts))


def _of_engineering(rows: Iterable[calibration.EngineeringRow]) -> Tally:
    return Tally(len({row.mnemonic for row in rows}))
