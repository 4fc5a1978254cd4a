"""Look up what is loaded of a program where an answer is empty, to separate *none* from *not known*."""

from __future__ import annotations

from dataclasses import dataclass

from jwgraph.answers.notes import Note, notes, number
from jwgraph.store.graph import Graph

# Programs named in a message.
_NAMED = 5


@dataclass(frozen=True, slots=True)
class Loaded:
    """What is loaded of one program or all.

    Attributes
    ----------
    programs
        Programs of which anything is loaded, whatever was asked for.
    found
        Whether anything of the program is loaded.
    associations, headers
        Number of associations whose content is loaded, and of files whose header is.
    engineering
        Whether any engineering data is loaded.
    last_load
        Start of the last load, milliseconds since 1970; None where there was none.
    notes
        That associations of the program are listed and not read.
    """

    programs: tuple[str, ...]
    found: bool
    associations: int
    headers: int
    engineering: bool
    last_load: int | None
    notes: tuple[Note, ...]

    def listed(self) -> str:
        """Return the loaded programs in words: `1093, 2221, … (12 programs)`."""
        names = [number(program) for program in self.programs]
        more = ", …" if len(names) > _NAMED else ""
        count = f"{len(names):,} program{'' if len(names) == 1 else 's'}"
        return f"{', '.join(names[:_NAMED])}{more} ({count})"


def loaded(graph: Graph, program: str = "*") -> Loaded:
    """Return what is loaded of a program (five digits), or of all (`*`)."""
    row = graph.read("internal/loaded", program=program)[0]
    chosen = [each for each in row["programs"] if program in ("*", each["program"])]
    return Loaded(
        programs=tuple(each["program"] for each in row["programs"]),
        found=bool(chosen),
        associations=sum(each["associations"] for each in chosen),
        headers=sum(each["headers"] for each in chosen),
        engineering=row["engineering"],
        last_load=row["last_load"],
        notes=notes("promises", [row | {"program": program}]),
    )


def scope(preposition: str, program: str) -> str:
    """Return ` for program 5224`, or nothing for all programs."""
    return "" if program == "*" else f" {preposition} program {number(program)}"
