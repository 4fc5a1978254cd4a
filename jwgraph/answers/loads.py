"""What a load did, in numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from jwgraph.model.columns import Column


@dataclass(frozen=True, slots=True)
class LoadRow:
    """One number of a load: sources and records read, nodes and edges made, rows with a problem, files that changed."""

    COMMANDS: ClassVar = ("load", "sync")

    what: Annotated[str, Column("What is counted", "meta.code.class")]
    kind: Annotated[str, Column("Of which kind", "meta.code")]
    number: Annotated[int, Column("How many", "meta.number")]
