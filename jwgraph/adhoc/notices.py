"""Turn the server's notifications about a query into one sentence each.

A misspelled label matches nothing, so the answer is empty and looks right. The server names such words, but also those
that are in the vocabulary and that this store has nothing of: these are different sentences.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import get_close_matches

from jwgraph.model.vocabulary import EDGES, LABELS, Edge, Label
from jwgraph.store.explain import Notice

_KINDS: list[Label | Edge] = [*LABELS, *EDGES]
_PROPERTIES = sorted({each.name for kind in _KINDS for each in kind.properties})

# By GQLSTATUS: what the word is, the words of that kind in the vocabulary, and what has it.
_UNKNOWN = {
    "01N50": ("label", [label.name for label in LABELS], "node"),
    "01N51": ("relationship type", [edge.name for edge in EDGES], "relationship"),
    "01N52": ("property", _PROPERTIES, "node or relationship"),
}


def sentences(notices: Iterable[Notice], *, lines: int = 0) -> tuple[str, ...]:
    """Return the notifications in the order of the query, each once.

    Parameters
    ----------
    lines
        Number of lines that stand above the query in the text that the server was given.
    """
    ordered = sorted(notices, key=lambda notice: (notice.line or 0, notice.column or 0, notice.text))
    return tuple(dict.fromkeys(_sentence(notice, lines) for notice in ordered))


def _sentence(notice: Notice, lines: int) -> str:
    place = f" (line {notice.line - lines}, column {notice.column})" if notice.line else ""
    words = notice.text.split("`")
    if notice.code not in _UNKNOWN or len(words) < 3:
        return f"{notice.text.rstrip('.')}{place}."
    name = words[1]
    kind, known, owner = _UNKNOWN[notice.code]
    if name in known:
        return f"No {owner} of this store has the {kind.removeprefix('relationship ')} {name}{place}."
    near = " or ".join(_near(name, known))
    hint = f"did you mean {near}?" if near else "`jwgraph schema` lists what there is."
    return f"There is no {kind} {name}{place}: {hint}"


def _near(name: str, known: list[str]) -> Iterator[str]:
    by_key = {each.lower(): each for each in known}
    for key in get_close_matches(name.lower(), by_key, n=2, cutoff=0.7):
        yield by_key[key]
