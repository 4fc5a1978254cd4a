"""What an answer is of: one state of the store, whatever is written meanwhile; or it says what is being changed."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from jwgraph.answers import products, resolve
from jwgraph.answers.notes import Answer, Note, undisturbed, whole
from jwgraph.answers.observations import completeness
from jwgraph.errors import NotFoundError
from jwgraph.settings import Connection
from jwgraph.store.graph import Graph
from jwgraph.store.readings import Purpose, Reading
from jwgraph.store.snapshot import AGAIN
from jwgraph_loaders import check
from jwgraph_loaders.write.forget import forget
from tests.support.builders import archived
from tests.support.cli import jwgraph
from tests.support.small import L3
from tests.support.store import load_records, nodes

pytestmark = pytest.mark.server_versions

PROGRAM, OTHER = "02733", "01093"
ADDED = f"{L3}_cat.ecsv"
CUT = Note("a load of program 2733 was cut off, so this answer may be incomplete", "jwgraph store repair")


def _names(graph: Graph) -> tuple[str, ...]:
    return tuple(row.productFilename for row in products.tree(graph, L3))


def _marked(graph: Graph, program: str) -> None:
    graph.run("write/programs", programs=[program])


def _marks(graph: Graph) -> frozenset[str]:
    with Reading(graph).going_on() as reading:
        graph.read("internal/ping")
    (marks,) = reading.marks
    return marks


def test_bookmarks_stand_still_while_nothing_is_written_and_move_with_what_is(small: Graph) -> None:
    """All else rests on this: the server's bookmark of a read names the last transaction at its end."""
    before = _marks(small)
    assert before
    assert _marks(small) == before
    with small.session(read=True) as session, session.begin_transaction() as reads:
        reads.run("RETURN 1").consume()
        _marked(small, PROGRAM)
        # It began before the write, and ends after it.
        reads.commit()
        during = session.last_bookmarks().raw_values
    assert during not in (before, frozenset())
    assert _marks(small) == during


def test_what_is_loaded_between_two_statements_is_in_both_or_in_none(small: Graph, connection: Connection) -> None:
    asked = 0

    @whole
    def twice(graph: Graph) -> Answer[tuple[str, ...]]:
        nonlocal asked
        asked += 1
        first = _names(graph)
        if asked == 1:
            with Graph(connection) as other:
                load_records(other, archived(ADDED))
        return Answer([first, _names(graph)])

    found = twice(small)
    assert asked == 2
    assert (found[0] == found[1], ADDED in found[0], found.notes) == (True, True, ())


def test_a_load_of_another_program_is_no_matter(small: Graph, connection: Connection) -> None:
    asked = 0

    @whole
    def tree(graph: Graph) -> Answer[products.ProductRow]:
        nonlocal asked
        asked += 1
        found = products.tree(graph, L3)
        with Graph(connection) as other:
            load_records(other, archived(f"jw{OTHER}001001_02101_00001_nrca1_rate.fits"))
            _marked(other, OTHER)
        return found

    # The store was filled since this connection was last used.
    assert products.tree(small, L3).notes == ()
    assert (tree(small).notes, asked) == ((), 1)


def test_a_program_that_changes_each_time_is_said_after_some_times(small: Graph, connection: Connection) -> None:
    asked = 0

    @whole
    def tree(graph: Graph) -> Answer[products.ProductRow]:
        nonlocal asked
        asked += 1
        with Graph(connection) as other:
            other.run("internal/raise_programs", programs=[PROGRAM], gone=[])
        return products.tree(graph, L3)

    (note,) = tree(small).notes
    assert note.text == "program 2733 changed each time this was asked, so this answer may be half old; ask again"
    assert asked == 1 + AGAIN


@contextmanager
def _holding(connection: Connection, purpose: Purpose = Purpose.LOAD) -> Iterator[None]:
    """Hold the write lock in another thread, as a load does."""
    has, end = threading.Event(), threading.Event()

    def hold() -> None:
        with Graph(connection) as graph, graph.exclusive(purpose):
            has.set()
            end.wait()

    thread = threading.Thread(target=hold)
    thread.start()
    has.wait()
    try:
        yield
    finally:
        end.set()
        thread.join()


def test_a_load_that_goes_on_is_another_thing_than_one_that_was_cut_off(small: Graph, connection: Connection) -> None:
    _marked(small, PROGRAM)
    assert products.tree(small, L3).notes[0] == CUT
    with _holding(connection):
        (note,) = (note for note in products.tree(small, L3).notes if "load" in note.text)
        assert note == Note("program 2733 is being loaded, so this answer may be incomplete")
    load_records(small, [])
    assert CUT not in products.tree(small, L3).notes


@pytest.mark.parametrize(
    ("purpose", "note"),
    [
        (Purpose.REPAIR, Note("program 2733 is being finished by `store repair`, so this answer may be incomplete")),
        (Purpose.FORGET, Note("program 2733 is being changed by `store forget`, so this answer may be incomplete")),
        # They change nothing of it: the mark was left behind.
        (Purpose.DUMP, CUT),
        (Purpose.WRITE, CUT),
    ],
)
def test_what_holds_the_write_lock_is_called_by_its_name(
    small: Graph, connection: Connection, purpose: Purpose, note: Note
) -> None:
    _marked(small, PROGRAM)
    with _holding(connection, purpose):
        assert products.tree(small, L3).notes[0] == note
    load_records(small, [])


def test_a_program_that_was_forgotten_meanwhile_is_asked_for_again(small: Graph, connection: Connection) -> None:
    asked = 0

    @whole
    def twice(graph: Graph) -> None:
        nonlocal asked
        asked += 1
        products.tree(graph, exposure)
        if asked == 1:
            with Graph(connection) as other:
                forget(other, OTHER)
        products.tree(graph, exposure)

    # Nothing else names the program, so that its node goes as well.
    exposure = f"jw{OTHER}001001_02101_00001_nrca1"
    load_records(small, archived(f"{exposure}_rate.fits"))
    with pytest.raises(NotFoundError):
        twice(small)
    assert asked == 2
    assert (OTHER,) not in nodes(small, "Program", "program")


def test_a_forget_that_was_cut_off_names_the_command_that_finishes_it(small: Graph) -> None:
    _marked(small, PROGRAM)
    small.run("write/forget_begin", program=PROGRAM)
    note = Note(
        "forgetting program 2733 was cut off, so this answer may be incomplete",
        "jwgraph store forget --program 2733",
    )
    assert products.tree(small, L3).notes[0] == note
    forget(small, PROGRAM)


def test_a_store_that_is_being_restored_says_so_and_then_is_another_one(small: Graph, connection: Connection) -> None:
    asked = 0

    @whole
    def tree(graph: Graph) -> Answer[products.ProductRow]:
        nonlocal asked
        asked += 1
        if asked == 1:
            with Graph(connection) as other, other.exclusive(Purpose.RESTORE):
                other.run("write/restore_begin")
                other.run("internal/raise_programs", programs=[], gone=["*"])
                other.run("write/restore_end")
        return products.tree(graph, L3)

    assert (tree(small).notes, asked) == (products.tree(small, L3).notes, 2)
    small.run("write/restore_begin")
    try:
        cut = "a restore was cut off and left a part of the dump, so this answer may be incomplete; empty the store"
        assert products.tree(small, L3).notes[0] == Note(cut)
        with _holding(connection, Purpose.RESTORE):
            said = "the store is being restored from a dump, so this answer may be incomplete"
            assert products.tree(small, L3).notes[0] == Note(said)
    finally:
        small.run("write/restore_end")


def test_whole_stores_and_pages_of_the_web_say_what_was_cut_off(
    small: Graph, environment: Path, tmp_path: Path
) -> None:
    assert completeness(small, [L3])[L3].notes == ()
    _marked(small, PROGRAM)
    assert completeness(small, [L3])[L3].notes == (CUT,)
    assert jwgraph("store", "digest").stderr == f"note: {CUT}\n"
    assert f"note: {CUT}\n".replace("this answer", "the dump") in jwgraph("store", "dump", str(tmp_path / "d")).stderr
    load_records(small, [])
    assert jwgraph("store", "digest").stderr == ""


def test_a_folder_that_is_checked_while_its_program_is_loaded_says_so(
    small: Graph, connection: Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(check, "BATCH", 1)
    for name in (f"{L3}_i2d.fits", f"jw{OTHER}001001_02101_00001_nrca1_rate.fits"):
        (tmp_path / name).write_bytes(b"")
    made = check.Check(small, tmp_path, select=None)
    rows = made.rows()
    next(rows)
    with Graph(connection) as other:
        other.run("internal/raise_programs", programs=[PROGRAM], gone=[])
    assert len(list(rows)) == 1
    assert Note("program 2733 changed meanwhile, so this may be half old; run it again") in made.notes
    _marked(small, PROGRAM)
    again = check.Check(small, tmp_path, select=None)
    assert len(list(again.rows())) == 2
    assert CUT in again.notes


def test_what_is_not_there_may_be_on_its_way(small: Graph) -> None:
    missing = L3.replace("o001", "o077")
    with pytest.raises(NotFoundError) as calm:
        resolve.require_observation(small, missing)
    _marked(small, PROGRAM)
    with pytest.raises(NotFoundError) as marked:
        resolve.require_observation(small, missing)
    assert str(marked.value) == f"{calm.value} (But {CUT}.)"


def test_what_breaks_on_half_a_state_is_asked_again_and_a_mistake_is_not_hidden(small: Graph) -> None:
    def broken() -> str:
        if not tries:
            small.run("internal/raise_programs", programs=[PROGRAM], gone=[])
        tries.append(_names(small))
        if len(tries) == 1:
            raise KeyError("half")
        if calm:
            return "whole"
        raise KeyError("mistake")

    calm, tries = True, []  # type: bool, list[tuple[str, ...]]
    assert undisturbed(small, broken) == ("whole", ())
    calm, tries = False, []
    with pytest.raises(KeyError, match="mistake"):
        undisturbed(small, broken)
    assert len(tries) == 2
