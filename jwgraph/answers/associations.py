"""Associations: members, versions, differences, and files that are out of date."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Annotated, ClassVar

from jwgraph.answers.loaded import loaded, scope
from jwgraph.answers.meant import Taken, Wanted, about
from jwgraph.answers.notes import HEADERS, Answer, Note, ask, association_gaps, of_keywords, unknown, whole
from jwgraph.answers.resolve import first_answer, key, require_product, similar
from jwgraph.errors import NotFoundError
from jwgraph.model.columns import (
    Archived,
    AssociationFile,
    AssociationProduct,
    Column,
    Filename,
    Owner,
    SupersededBy,
)
from jwgraph.names.grammar import parse_root
from jwgraph.names.identifiers import is_file
from jwgraph.store.graph import Graph


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A member of an association."""

    COMMANDS: ClassVar = ("members",)

    association: AssociationFile
    product: AssociationProduct
    expname: Annotated[str, Column("Name of the member as the association has it", "meta.id")]
    exptype: Annotated[str, Column("Role of the member", "meta.code")]
    archived: Archived


@whole
def members(graph: Graph, name: str) -> Answer[MemberRow]:
    """Return the members of an association, or of the associations that make a product, in file order.

    Parameters
    ----------
    name
        File name of the association or of the product, or the product name as in the association.

    Raises
    ------
    NotFoundError
        No association has this name or makes this product, or its content is not loaded.
    """
    program = parse_root(name).program
    # The products of all associations of a program are looked through only where no file has the name.
    found = ask(graph, "query/members", name=name, program="*" if is_file(name) else program)
    if not found and is_file(name):
        found = ask(graph, "query/members", name=name, program=program)
    if not found:
        _say_unread(graph, name)
        raise NotFoundError(f"No association is named {name!r}, and none makes it.{similar(graph, name)}")
    for row in found:
        row.pop("superseded_by")
    return Answer((MemberRow(**row) for row in found), found.notes)


def _say_unread(graph: Graph, name: str) -> None:
    """Raise if an association of this name, or of the Observation of this name or file, is listed and not read.

    Raises
    ------
    NotFoundError
        That is so; the message has the command that reads it.
    """
    found = graph.read("internal/known_here", name=name) or graph.read("internal/known_here", name=key(name))
    unread = [each for each in found[0]["known"] if each["unread"]] if found else []
    # An association asked for by its own name is the one to name.
    own = [each | {"unread": [name]} for each in unread if name in each["unread"]]
    for gap in association_gaps(own or unread):
        raise unknown(gap)


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """One version of an association; `superseded_by` is empty for the current version, unless it was withdrawn."""

    COMMANDS: ClassVar = ("history",)

    association: AssociationFile
    version_id: Annotated[str | None, Column("Version of the association", "meta.version")]
    superseded_by: SupersededBy | None
    loaded: Annotated[bool, Column("Its content is loaded; of others the name is known", "meta.code")]
    withdrawn: Annotated[bool, Column("Later product lists of MAST lack it", "meta.code")]


@dataclass(frozen=True, slots=True)
class DiffRow:
    """A member that is in only one of two associations, or has different roles in them."""

    COMMANDS: ClassVar = ("diff",)

    change: Annotated[str, Column("added, removed or role changed", "meta.code")]
    member: Annotated[str, Column("File name of the member", "meta.id;meta.file")]
    exptype_before: Annotated[str | None, Column("Role in the first association; several are joined by ;", "meta.code")]
    exptype_after: Annotated[str | None, Column("Role in the second association; several are joined by ;", "meta.code")]


@dataclass(frozen=True, slots=True)
class StaleRow:
    """A file made by an association that has since been superseded, or by software older than that of MAST's list."""

    COMMANDS: ClassVar = ("stale",)

    productFilename: Filename
    obs_id: Owner | None
    association: Annotated[str | None, Column("Association that made the file, by its header", "meta.id;meta.file")]
    superseded_by: SupersededBy | None
    cal_ver: Annotated[str | None, Column("Version of the calibration software (CAL_VER)", "meta.version")]
    prvversion: Annotated[
        str | None, Column("Version in MAST's product list; not always the header's, so a hint", "meta.version")
    ]
    reason: Annotated[str, Column("What is older than the archive's: association, version or both", "meta.code")]


@whole
def history(graph: Graph, name: str) -> Answer[HistoryRow]:
    """Return all versions of an association, or of the associations that make a product, newest first.

    Versions share program, candidate, type and product name; the counter in the file name is ignored.

    Parameters
    ----------
    name
        Association file, product file, obs_id, or product name as in the association.

    Raises
    ------
    NotFoundError
        No association has this name or makes a product of this name.
    """
    program = parse_root(name).program or "*"
    found = first_answer(graph, "query/history", (name, key(name)), program=program)
    if not found:
        raise NotFoundError(f"No association is named {name!r}, and none makes it.{similar(graph, name)}")
    return Answer((HistoryRow(**row) for row in found), found.notes)


@whole
def diff(graph: Graph, before: str, after: str) -> Answer[DiffRow]:
    """Compare two associations: members added, members removed, and changed roles.

    Members are compared by file name; the product names of the associations are ignored.

    Raises
    ------
    NotFoundError
        One of the associations is not in the store, or only its name is known.
    """
    first, second = _roles(graph, before), _roles(graph, after)
    rows: Answer[DiffRow] = Answer()
    for member in sorted(first.keys() | second.keys()):
        was, now = first.get(member), second.get(member)
        if was != now:
            change = "added" if was is None else "removed" if now is None else "role changed"
            rows.append(DiffRow(change, member, was, now))
    return rows


@whole
def diff_of(graph: Graph, before: str, after: str) -> Answer[DiffRow]:
    """Compare two associations whose names have any form; see `diff`."""
    wanted = Wanted.ASSOCIATION

    def compare(first: str) -> tuple[Taken, list[DiffRow]]:
        return about(graph, after, wanted, lambda second: diff(graph, first, second))

    first, (second, rows) = about(graph, before, wanted, compare)
    return Answer(rows, (*first.notes("the first is"), *second.notes("the second is")))


def _roles(graph: Graph, association: str) -> dict[str, str]:
    found = graph.read("query/association_members", filename=association)
    if not found:
        require_product(graph, association)
        _say_unread(graph, association)
        raise NotFoundError(f"The members of {association!r} are not known: load the association file itself.")
    roles: defaultdict[str, set[str]] = defaultdict(set)
    for row in found:
        roles[row["member"]].add(row["exptype"])
    return {member: ";".join(sorted(names)) for member, names in roles.items()}


@whole
def stale(graph: Graph, *, program: str = "*") -> Answer[StaleRow]:
    """Return the files whose header names a superseded association, or a CAL_VER older than MAST's list has.

    Raises
    ------
    NotFoundError
        No header of the program is loaded.
    """
    found = ask(graph, "query/stale", program=program)
    if not found and not loaded(graph, program).headers:
        raise unknown(Note(f"no headers are loaded{scope('for', program)}", HEADERS))
    return Answer((StaleRow(**row) for row in found), (*found.notes, *of_keywords(graph, program)))
