"""How many files Observations have and how large they are, all of them and those that are recommended."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar

from jwgraph.answers.notes import Answer, ask, whole
from jwgraph.answers.resolve import key, require_observation
from jwgraph.model.columns import Column
from jwgraph.store.graph import Graph, Row


@dataclass(frozen=True, slots=True)
class SizeRow:
    """The files of one Observation, or of several together: those of its tree that are there."""

    COMMANDS: ClassVar = ("size",)

    obs_id: Annotated[str, Column("Observation, as MAST names it", "meta.id")]
    files: Annotated[int, Column("Files of the tree that are there", "meta.number")]
    bytes: Annotated[int | None, Column("Their size, where it is known", "phys.size;meta.file", "byte")]
    mrp_files: Annotated[int, Column("Minimum Recommended Products", "meta.number")]
    mrp_bytes: Annotated[int | None, Column("Their size, where it is known", "phys.size;meta.file", "byte")]


class Sizes(Answer[SizeRow]):
    """One row for each Observation.

    Attributes
    ----------
    total
        All of them together, each file once; its obs_id is empty.
    unsized
        Number of files whose size is not known.
    """

    total: SizeRow
    unsized: int


@whole
def sizes(graph: Graph, obs_ids: Iterable[str]) -> Sizes:
    """Return the number and size of the files of Observations, by one query.

    Raises
    ------
    NotFoundError
        One of the Observations is not in the store.
    """
    names = list(dict.fromkeys(map(key, obs_ids)))
    found = ask(graph, "query/size", obs_ids=names)
    by_name = {row["obs_id"]: row["files"] for row in found}
    for name in names:
        if name not in by_name:
            require_observation(graph, name)
    answer = Sizes((_row(name, by_name[name]) for name in names), found.notes)
    once: dict[str, Row] = {}
    for file in (file for files in by_name.values() for file in files):
        # A file that is recommended for one of the Observations is recommended.
        if file["filename"] not in once or file["mrp"]:
            once[file["filename"]] = file
    answer.total = _row("", once.values())
    answer.unsized = sum(file["size"] is None for file in once.values())
    return answer


def _row(obs_id: str, files: Iterable[Row]) -> SizeRow:
    every = list(files)
    mrp = [file for file in every if file["mrp"]]
    return SizeRow(obs_id, len(every), _bytes(every), len(mrp), _bytes(mrp))


def _bytes(files: Sequence[Row]) -> int | None:
    """Return the sum of the sizes that are known; None if there are files, and the size of none of them is known."""
    known = [file["size"] for file in files if file["size"] is not None]
    return None if files and not known else sum(known)
