"""Lineage of a product, and impact of a file: which files were made from which."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, ClassVar

from jwgraph.answers.notes import Answer, Note, ask, whole
from jwgraph.answers.products import FileRow
from jwgraph.answers.resolve import first_answer, key, known_of, require_any
from jwgraph.model.columns import Archived, CalibLevel, Column, Depth, ProductLevel, Recommended
from jwgraph.model.vocabulary import Basis, Exptype, Relation
from jwgraph.names.choices import choose, split
from jwgraph.names.identifiers import CRDS_SCHEME
from jwgraph.store.graph import Graph, Row


@dataclass(frozen=True, slots=True)
class LineageRow(FileRow):
    """A file that the product was made from, or that was made from it."""

    COMMANDS: ClassVar = ("lineage",)

    recommended: Recommended
    relation: Annotated[str, Column("What the file was to the one that was made of it", "meta.code")]
    productLevel: ProductLevel | None
    archived: Archived
    depth: Depth
    role: Annotated[str, Column("Role (exptype) in which it came in; several are joined by ;", "meta.code")]
    association: Annotated[str, Column("Association file; several are joined by ;", "meta.id;meta.file")]


# Products of these levels are made by an association; below, a file follows from the one before it in the exposure.
_BY_ASSOCIATION = frozenset({"2b", "2c", "3"})


@whole
def lineage(graph: Graph, filename: str, *, up: bool, roles: Iterable[str] = ()) -> Answer[LineageRow]:
    """Return the files that a product was made from (up) or that were made from it (down), nearest first, each once.

    Notes name the associations that could add to the answer and are not loaded; where roles were asked for and no file
    has them, another note says of how many files.

    Parameters
    ----------
    roles
        Only files used in one of these roles (`exptype`); all files if empty.

    Raises
    ------
    NotFoundError
        There is no such product.
    UsageError
        A role is unknown.
    """
    wanted = _known_roles(roles)
    found = ask(graph, f"query/lineage_{'up' if up else 'down'}", filename=filename)
    notes = found.notes if found else _notes_without_rows(graph, filename, up=up)
    depth_of = {row["productFilename"]: row["depth"] for row in found} | {filename: 0}
    # What was used for a background exposure is background of the product too: a role goes up, and not down.
    came: dict[str, set[str]] | None = {} if up else None
    rows = [_lineage_row(row, depth_of, came) for row in found]
    return in_roles(Answer(rows, notes), wanted)


def in_roles(found: Answer[LineageRow], roles: Iterable[str]) -> Answer[LineageRow]:
    """Return the files that have one of the roles, or all if no role is given; a note says if none has.

    Raises
    ------
    UsageError
        A role is unknown.
    """
    wanted = _known_roles(roles)
    chosen = [row for row in found if not wanted or wanted & set(row.role.split(";"))]
    if chosen or not wanted:
        return Answer(chosen, found.notes)
    files = len({row.productFilename for row in found})
    return Answer(chosen, (Note(_none_has(wanted, files)), *found.notes))


def _known_roles(roles: Iterable[str]) -> set[str]:
    return set(choose("role", split(roles), list(Exptype), begin=True))


def _none_has(roles: set[str], files: int) -> str:
    which = "the role " + next(iter(roles)) if len(roles) == 1 else "one of the roles " + ", ".join(sorted(roles))
    if not files:
        return f"no product of its lineage is known, with {which} or without"
    return f"none of its {files:,} known products has {which}" if files > 1 else f"its only known product lacks {which}"


def _notes_without_rows(graph: Graph, filename: str, *, up: bool) -> tuple[Note, ...]:
    """Return the notes of an empty lineage."""
    found = known_of(graph, f"internal/known_{'here' if up else 'around'}", filename)
    level = found[0]["productLevel"]
    depends = level in _BY_ASSOCIATION if up else level not in (None, "3")
    return found.notes if depends else ()


def _lineage_row(row: Row, depth_of: dict[str, int], came: dict[str, set[str]] | None) -> LineageRow:
    """Return the row of a file; `came` has the roles of nearer files in the product, and gets its own."""
    # The query returns every edge of a file; edges of the shortest path come from files one step nearer.
    via = [e for e in row.pop("via") if depth_of.get(e["file"]) == row["depth"] - 1]
    relations = sorted({e["relation"] for e in via})
    roles = {e["role"] for e in via}
    if came is not None:
        science = {str(Exptype.SCIENCE)}
        roles = {e["role"] if role in science else role for e in via for role in came.get(e["file"], science)}
        came[row["productFilename"]] = roles
    return LineageRow(
        **row,
        relation=relations[0] if relations else Relation.ANTECEDENT,
        role=";".join(sorted(roles)),
        association=";".join(sorted({e["asn"] for e in via if e["asn"]})),
    )


@dataclass(frozen=True, slots=True)
class ImpactRow:
    """A product made from the given file or files, or, after all products, an Observation without a file name.

    An Observation has the depth of its nearest product and is recommended if one of its products is. With the basis
    `mast`, nothing loaded says how the product was made: MAST lists an exposure under its Observation; it has no depth.
    """

    COMMANDS: ClassVar = ("impact",)

    productFilename: Annotated[
        str | None, Column("Name of the file in the archive; empty of an Observation", "meta.id;meta.file")
    ]
    obs_id: Annotated[str | None, Column("Observation, or the one that owns the file", "meta.id")]
    calib_level: CalibLevel | None
    recommended: Recommended
    depth: Depth | None
    basis: Annotated[
        str,
        Column("lineage: made of it; mast: its Observation includes the exposure by MAST's lists alone", "meta.code"),
    ]


@dataclass(frozen=True, slots=True)
class Impact:
    """The rows of an impact answer, and the sizes in bytes of the products made, all and recommended ones.

    A size is None where it is not known.
    """

    rows: Answer[ImpactRow]
    sizes: list[int | None]
    recommended_sizes: list[int | None]


def impact(graph: Graph, name: str) -> Answer[ImpactRow]:
    """Return the rows of `measured_impact`."""
    return measured_impact(graph, name).rows


@whole
def measured_impact(graph: Graph, name: str) -> Impact:
    """Return everything made from a reference file, a file or an Observation's files: products, then Observations.

    Observations that include an exposure by MAST's lists alone follow, with their recommended products: they may have
    been made from it. Guide-star files, MSA metadata, associations, pools and previews have no impact of their own.

    Parameters
    ----------
    name
        `crds://…` with or without the scheme, a file name, or an obs_id.

    Raises
    ------
    NotFoundError
        No file or Observation has this name, or no product is known to have used the reference file.
    """
    spellings = (name, f"{CRDS_SCHEME}{name.removeprefix(CRDS_SCHEME)}", key(name))
    found = first_answer(graph, "query/impact", spellings)
    if not found:
        require_any(graph, name)
    products = [
        ImpactRow(
            row["productFilename"], row["obs_id"], row["calib_level"], row["recommended"], row["depth"], row["basis"]
        )
        for row in found
        if row["productFilename"]
    ]
    above: dict[str, ImpactRow] = {}
    for row in found:
        for owner in row["observations"]:
            known = above.get(owner["obs_id"])
            # Products come nearest first.
            depth = row["depth"] if known is None else known.depth
            recommended = row["recommended"] or (known is not None and known.recommended)
            basis = row["basis"] if known is None else known.basis
            above[owner["obs_id"]] = ImpactRow(None, owner["obs_id"], owner["calib_level"], recommended, depth, basis)
    # Whether what MAST lists alone was made of it is not known, so its size does not count.
    made = [row for row in found if row["productFilename"] and row["basis"] == Basis.LINEAGE]
    return Impact(
        rows=Answer(products + sorted(above.values(), key=_nearest_first), found.notes),
        sizes=[row["size"] for row in made],
        recommended_sizes=[row["size"] for row in made if row["recommended"]],
    )


def _nearest_first(row: ImpactRow) -> tuple[bool, int, str]:
    return row.depth is None, row.depth or 0, str(row.obs_id)
