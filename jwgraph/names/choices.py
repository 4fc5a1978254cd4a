"""Check words that people choose from a list: a suffix, a type, a role."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches

from jwgraph.errors import UsageError


def split(texts: Iterable[object], lead: str = "", end: str = "") -> list[str]:
    """Split at commas, in lower case, without spaces, `lead` and whatever follows `end`: `_x1d.fits` is x1d."""
    parts = [part.strip().lower() for text in texts for part in str(text).split(",")]
    bare = [part.removeprefix(lead) for part in parts]
    return [part.partition(end)[0] if end else part for part in bare if part]


def choose(kind: str, words: Iterable[str], values: Sequence[str], *, begin: bool = False) -> list[str]:
    """Return the values that words name, in any case, each once.

    Parameters
    ----------
    kind
        What the values are, as in *There is no suffix 'x'*.
    begin
        Also accept words that only one value begins with.

    Raises
    ------
    UsageError
        A word is not one of the values; the message has all, near ones first.
    """
    lower = {value.lower(): value for value in values}
    found = []
    for word in map(str.lower, words):
        longer = [value for key, value in lower.items() if begin and len(word) > 1 and key.startswith(word)]
        if word not in lower and len(longer) != 1:
            raise UsageError(_no_such(kind, word, lower))
        found.append(lower[word] if word in lower else longer[0])
    return list(dict.fromkeys(found))


def _no_such(kind: str, word: str, lower: Mapping[str, str]) -> str:
    begins = [key for key in lower if word and key.startswith(word)]
    near = [lower[key] for key in dict.fromkeys([*begins, *get_close_matches(word, lower, n=3)])]
    question = f"did you mean {' or '.join(near)}? The" if near else "the"
    ordered = dict.fromkeys([*near, *lower.values()])
    return f"There is no {kind} {word!r}; {question} {kind}{'es' if kind[-1] == 'x' else 's'} are {', '.join(ordered)}."
