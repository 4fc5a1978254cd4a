"""Say what an answer depends on and the store does not know, with the command that loads it.

*None* and *not known* are different answers. What is known of an Observation is stored with it (`derive/95_known`); the
queries whose header has the key `needs` return it in the column `known`, in the same statement as the answer. The rules
that turn it into notes are those of this module.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar, cast

from jwgraph.errors import NotFoundError
from jwgraph.store import queries
from jwgraph.store.readings import ALL, Purpose, Reading

if TYPE_CHECKING:
    from jwgraph.store.graph import Graph, Row
    from jwgraph.store.snapshot import Change

T = TypeVar("T")
P = ParamSpec("P")

# What is known of an Observation or a program: one map of the column `known`.
Known = dict[str, Any]

HEADERS = "jwgraph load FOLDER"
REPAIR = "jwgraph store repair"
_UNKNOWN = "unknown: "
KEYWORDS_OF = "where no headers are loaded, MAST's keywords are of the most calibrated file of each exposure alone"


@dataclass(frozen=True, slots=True)
class Note:
    """A remark on an answer, without a full stop, and the command that would make it unnecessary, if there is one."""

    text: str
    command: str = ""

    def __str__(self) -> str:
        return f"{self.text}: `{self.command}`" if self.command else self.text


class Answer(list[T]):
    """Rows, with notes on what they depend on and is not loaded.

    Attributes
    ----------
    notes
        Each once, the most important first.
    known
        What the notes were made of, where a query returned it; several answers given as one have one note of all.
    """

    def __init__(self, rows: Iterable[T] = (), notes: Iterable[Note] = (), known: Iterable[Known] = ()) -> None:
        super().__init__(rows)
        self.notes = tuple(dict.fromkeys(notes))
        self.known = tuple(known)


def notes_of(answers: Iterable[Answer[Any]]) -> Iterator[Note]:
    """Yield the notes of several answers that are given as one."""
    return (note for answer in answers for note in answer.notes)


def whole(function: Callable[Concatenate[Graph, P], T]) -> Callable[Concatenate[Graph, P], T]:
    """Make a function that asks a graph answer of one state of it, or with the note that it is being changed.

    All its statements count as one answer; within another such function it is a part of that one's.
    """

    @wraps(function)
    def asked(graph: Graph, /, *given: P.args, **named: P.kwargs) -> T:
        if Reading.of(graph):
            return function(graph, *given, **named)
        found, said = undisturbed(graph, lambda: function(graph, *given, **named))
        return cast("T", _with_notes(found, said)) if said else found

    return asked


def undisturbed(graph: Graph, question: Callable[[], T]) -> tuple[T, tuple[Note, ...]]:
    """Return what a function finds in one state of the graph, and notes that say so where that failed.

    Raises
    ------
    JwgraphError
        That of the function; if the graph is being changed, its message says so.
    """
    # The driver is not imported where nothing is asked.
    from jwgraph.store import snapshot

    try:
        found, change = snapshot.settled(graph, question)
    except snapshot.Failed as failed:
        said = "; ".join(str(note) for note in _loading(failed.change))
        failed.error.args = (f"{failed.error} (But {said}.)",)
        raise failed.error from None
    return found, tuple(_loading(change))


def _loading(change: Change) -> Iterator[Note]:
    if ALL in change.changing:
        yield _restoring(change)
    elif change.changing:
        which = _some("program", [number(each) for each in change.changing])
        are = "are" if len(change.changing) > 1 else "is"
        if change.by == "":
            yield Note(
                f"a load of program {which} is going on or was cut off, so this answer may be incomplete; if none is "
                "running, this finishes it",
                REPAIR,
            )
        elif change.by is None:
            yield from cut_off(change.changing, change.forgetting)
        else:
            yield Note(f"program {which} {are} being {_DOING[change.by]}, so this answer may be incomplete")
    elif change.moved:
        which = _some("program", [number(each) for each in change.moved if each != ALL])
        subject = f"program {which}" if ALL not in change.moved else "the store"
        yield Note(f"{subject} changed each time this was asked, so this answer may be half old; ask again")


def between(moved: Iterable[str], programs: Collection[str]) -> Iterator[Note]:
    """Note the programs that changed between the first and the last of several answers.

    Parameters
    ----------
    moved
        Programs that changed; `*` is all.
    programs
        Programs that the answers are about.
    """
    found = set(moved)
    if changed := sorted(programs if ALL in found else found.intersection(programs)):
        which = _some("program", [number(each) for each in changed])
        yield Note(f"program {which} changed meanwhile, so this may be half old; run it again")


_DOING = {
    Purpose.LOAD: "loaded",
    Purpose.REPAIR: "finished by `store repair`",
    Purpose.FORGET: "changed by `store forget`",
    Purpose.RESTORE: "restored",
}


def _restoring(change: Change) -> Note:
    if change.by is Purpose.RESTORE:
        return Note("the store is being restored from a dump, so this answer may be incomplete")
    if change.by == "":
        return Note("a restore of this store is going on or was cut off, so this answer may be incomplete")
    return Note("a restore was cut off and left a part of the dump, so this answer may be incomplete; empty the store")


def cut_off(programs: Iterable[str], forgetting: Collection[str], what: str = "this answer") -> Iterator[Note]:
    """Note what was cut off, with the command that finishes it.

    Parameters
    ----------
    programs
        Programs that are marked.
    forgetting
        Those that were being forgotten, whether or not they are marked.
    what
        What may be incomplete for it.
    """
    loads = [each for each in programs if each not in forgetting]
    for each in forgetting:
        yield Note(
            f"forgetting program {number(each)} was cut off, so {what} may be incomplete",
            f"jwgraph store forget --program {number(each)}",
        )
    if loads and not forgetting:
        which = _some("program", [number(each) for each in loads])
        yield Note(f"a load of program {which} was cut off, so {what} may be incomplete", REPAIR)


def _with_notes(found: Any, said: tuple[Note, ...]) -> Any:
    """Return an answer, in whatever it comes, with further notes before its own."""
    if isinstance(found, Answer):
        return Answer(found, (*said, *found.notes))
    if type(found) is tuple and found:
        # What was taken for a text comes before the answer.
        return (*found[:-1], _with_notes(found[-1], said))
    if type(found) is dict:
        # Answers by name; the values of a row stay as they are.
        return {key: _with_notes(value, said) for key, value in found.items()}
    if is_dataclass(found) and not isinstance(found, type):
        values: dict[str, Any] = {field.name: getattr(found, field.name) for field in fields(found)}
        if "notes" in values:
            return replace(cast("Any", found), notes=(*said, *values["notes"]))
        return replace(
            found, **{name: _with_notes(each, said) for name, each in values.items() if type(each) is Answer}
        )
    return found


@whole
def ask(graph: Graph, name: str, /, **parameters: Any) -> Answer[Row]:
    """Run a named query, and return its rows without the column `known`, which becomes the notes."""
    return split(queries.get(name), graph.read(name, **parameters))


def split(query: queries.Query, rows: Iterable[Row]) -> Answer[Row]:
    """Return the rows of a named query without the column `known`, which becomes the notes."""
    found = list(rows)
    if not query.needs:
        return Answer(found)
    known = [each for row in found for each in row.pop(queries.KNOWN) or ()]
    return Answer(found, notes(query.needs, known), known)


def notes(needs: str, known: Iterable[Known]) -> tuple[Note, ...]:
    """Return the notes of an answer.

    Parameters
    ----------
    needs
        What the answer depends on, as the header of its query has it.
    known
        What is known of each Observation or program that the answer depends on; repetitions do not matter.
    """
    distinct = list({(each.get("obs_id"), each["program"]): each for each in known}.values())
    return tuple(_RULES[needs](distinct))


def of_keywords(graph: Graph, program: str) -> tuple[Note, ...]:
    """Return the note that an answer rests on MAST's keywords, if a file of the program (`*`: any) has only these."""
    if not graph.read("internal/keyword_rows", program=program):
        return ()
    return (Note(f"{KEYWORDS_OF}, so other files may be missing here", HEADERS),)


def unknown(note: Note) -> NotFoundError:
    """Return the error for a question that nothing loaded answers."""
    return NotFoundError(f"{_UNKNOWN}{note}")


def said_unknown(error: NotFoundError) -> str:
    """Return what an error of `unknown` says is not loaded; empty if the error says that nothing was found."""
    return str(error).removeprefix(_UNKNOWN) if str(error).startswith(_UNKNOWN) else ""


def number(program: str) -> str:
    """Return the number of a program as people write it: 5224."""
    return program.lstrip("0") or program


def sync(*, obs_id: str = "", program: str = "") -> str:
    """Return the command that gets the product list and the associations of an Observation or a program from MAST."""
    if obs_id:
        return f"jwgraph sync --obs-id {obs_id}"
    return f"jwgraph sync --program {number(program)}" if program not in ("", "*") else "jwgraph sync --program PROGRAM"


def _lists(known: list[Known]) -> Iterator[Note]:
    """Note the Observations of which MAST lists products that no list shows here."""
    # What MAST only plans (calib_level -1) has no products.
    without = [each for each in known if not each["product_list"] and each["mast_calib_level"] != -1]
    if without:
        names = [each["obs_id"] for each in without]
        yield Note(
            f"the product list of {_some('Observation', names)} is not loaded, so files may be missing here",
            sync(obs_id=names[0]),
        )


def _associations(known: list[Known]) -> Iterator[Note]:
    for gap in association_gaps(known):
        yield Note(f"{gap.text}, so this answer may be incomplete", gap.command)


def association_gaps(known: Iterable[Known]) -> Iterator[Note]:
    """Note associations that are listed and not read, and Level 3 Observations of which no association is known."""
    # What Stage 3 made comes first: its list has the associations of its exposures too.
    ordered = sorted(known, key=lambda each: not each["level3"])
    unread = [each for each in ordered if each["unread"]]
    if unread:
        files = list(dict.fromkeys(name for each in unread for name in each["unread"]))
        yield Note(f"the content of {_some('association', files)} is not loaded", _sync_of(unread))
    bare = [each for each in ordered if each["level3"] and not each["unread"] and not each["asn_known"]]
    if bare:
        names = [each["obs_id"] for each in bare]
        yield Note(f"no association of {_some('Observation', names)} is loaded", _sync_of(bare))


def _promises(known: list[Known]) -> Iterator[Note]:
    """Note the listed associations of a program that are not read."""
    for each in known:
        if each["unread"]:
            first, more = each["unread"], each["unread_number"] - 1
            yield Note(
                f"the content of {_counted('association', first, more)} is not loaded, so what only it would make is "
                "not in this answer",
                sync(program=each["program"]),
            )


def _headers(known: list[Known]) -> Iterator[Note]:
    """Note the Observations of which no header is loaded."""
    for each in known:
        if each["without"]:
            yield Note(
                f"headers of {_counted('Observation', each['without'], each['without_number'] - 1)} are not loaded, so "
                "this answer may be incomplete",
                HEADERS,
            )


def _sync_of(known: list[Known]) -> str:
    """Return the command for the one Level 3 Observation, for the only Observation, or for the program."""
    level3 = [each for each in known if each["level3"]]
    best = level3 or known
    return sync(obs_id=best[0]["obs_id"]) if len(best) == 1 else sync(program=best[0]["program"])


def _some(kind: str, names: list[str]) -> str:
    """Return the first name, and how many others there are."""
    return _counted(kind, names[0], len(names) - 1)


def _counted(kind: str, first: str, more: int) -> str:
    return f"{first} and {more:,} other {kind}{'s' if more > 1 else ''}" if more > 0 else first


_RULES: dict[str, Callable[[list[Known]], Iterator[Note]]] = {
    "lists": _lists,
    "associations": _associations,
    "promises": _promises,
    "headers": _headers,
}
