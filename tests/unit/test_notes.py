"""The rules that turn what is known into notes: which, in what order, with which command."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from jwgraph.answers.notes import Answer, Note, notes, number, split, sync, unknown
from jwgraph.store import queries
from jwgraph.store.queries import HeaderError, parse

L3, OTHER = "jw05224-o004_t001_nirspec_clear-prism", "jw05224-o005_t001_nirspec_clear-prism"
A, B = "jw05224004001_03101_00001_nrs1", "jw05224004001_03101_00002_nrs1"
SPEC3, SPEC2, THIRD = (f"jw05224-o004_20251221t142913_{kind}_asn.json" for kind in ("spec3_00001", "spec2_00001", "x"))


def known(obs_id: str, **facts: Any) -> dict[str, Any]:
    """Return the map of an Observation of which everything is known."""
    return {
        "obs_id": obs_id,
        "program": "05224",
        "product_list": "rows",
        "unread": None,
        "asn_known": True,
        "level3": None,
        "mast_calib_level": None,
        **facts,
    }


@pytest.mark.parametrize("needs", ["lists", "associations"])
def test_where_all_is_known_there_is_no_note(needs: str) -> None:
    assert notes(needs, [known(L3, level3=True), known(A)]) == ()
    assert notes(needs, []) == ()


def test_a_listed_association_that_is_not_read() -> None:
    assert notes("associations", [known(L3, level3=True, unread=[SPEC3])] * 3) == (
        Note(f"the content of {SPEC3} is not loaded, so this answer may be incomplete", f"jwgraph sync --obs-id {L3}"),
    )


def test_of_several_the_first_is_that_of_the_level_3_observation_and_the_others_are_counted() -> None:
    facts = [known(A, unread=[SPEC2]), known(B, unread=[SPEC2, THIRD]), known(L3, level3=True, unread=[SPEC3])]
    assert notes("associations", facts) == (
        Note(
            f"the content of {SPEC3} and 2 other associations is not loaded, so this answer may be incomplete",
            f"jwgraph sync --obs-id {L3}",
        ),
    )
    (note,) = notes("associations", facts[:2])
    assert str(note) == (
        f"the content of {SPEC2} and 1 other association is not loaded, so this answer may be incomplete: "
        "`jwgraph sync --program 5224`"
    )


def test_a_level_3_observation_without_any_association() -> None:
    bare = [known(L3, level3=True, asn_known=None), known(A, asn_known=None)]
    assert notes("associations", bare) == (
        Note(f"no association of {L3} is loaded, so this answer may be incomplete", f"jwgraph sync --obs-id {L3}"),
    )
    (note,) = notes("associations", [*bare, known(OTHER, level3=True, asn_known=None)])
    assert note.text.startswith(f"no association of {L3} and 1 other Observation is loaded")
    assert note.command == "jwgraph sync --program 5224"


def test_a_product_list_counts_for_the_list_alone() -> None:
    facts = [known(L3, product_list=None, unread=[SPEC3])]
    assert notes("lists", facts) == (
        Note(f"the product list of {L3} is not loaded, so files may be missing here", f"jwgraph sync --obs-id {L3}"),
    )
    assert notes("lists", [known(L3, unread=[SPEC3])]) == ()
    assert notes("lists", [known(L3, product_list=None, mast_calib_level=-1)]) == ()


def test_counts_of_a_program_and_of_headers() -> None:
    program = {"program": "05224", "unread": SPEC3, "unread_number": 27}
    (note,) = notes("promises", [program])
    assert note.text.startswith(f"the content of {SPEC3} and 26 other associations is not loaded, so what only it")
    assert notes("promises", [program | {"unread": None, "unread_number": 0}]) == ()
    headers = {"program": "05224", "without": A, "without_number": 1}
    assert notes("headers", [headers]) == (
        Note(f"headers of {A} are not loaded, so this answer may be incomplete", "jwgraph load FOLDER"),
    )


def test_words() -> None:
    assert (number("05224"), number(""), number("00000")) == ("5224", "", "00000")
    assert sync(program="*") == "jwgraph sync --program PROGRAM"
    assert str(Note("cut")) == "cut"
    error = unknown(Note("no headers are loaded", "jwgraph load FOLDER"))
    assert (str(error), error.exit_code) == ("unknown: no headers are loaded: `jwgraph load FOLDER`", 3)
    assert Answer([1], [Note("a"), Note("b"), Note("a")]).notes == (Note("a"), Note("b"))


def test_the_column_known_never_shows() -> None:
    query = queries.get("query/mrp")
    found = split(query, [{"productFilename": "a.fits", "known": [known(L3, product_list=None)]}])
    assert found == [{"productFilename": "a.fits"}]
    assert len(found.notes) == 1
    assert "known" not in dict(query.shown)
    plain = queries.get("query/counts")
    assert split(plain, [{"known": 1}]) == [{"known": 1}]


HEADER = "// name: query/x\n// summary: X.\n// returns: known {}\n// needs: {}\nRETURN [] AS known\n"


@pytest.mark.parametrize(
    ("kind", "needs", "sentence"),
    [
        ("LIST<MAP>", "luck", "needs is one of associations, headers, lists, promises"),
        ("STRING", "lists", "a query that needs something returns known LIST<MAP>"),
    ],
)
def test_a_header_with_other_needs_is_refused(tmp_path: Path, kind: str, needs: str, sentence: str) -> None:
    path = tmp_path / "x.cypher"
    path.write_text(HEADER.format(kind, needs))
    with pytest.raises(HeaderError, match=sentence):
        parse(path, "query/x")


def test_every_query_asks_for_what_is_known_in_the_same_words() -> None:
    """Cypher has no macros: what the rules need of an Observation is the same text in each file."""
    maps = set()
    for folder in ("query", "internal"):
        for query in queries.every(folder):
            if query.needs in ("lists", "associations"):
                text = " ".join(query.text.split())
                parts = text.split(" {.obs_id, .program, .product_list")[1:]
                assert parts, query.name
                maps |= {part.partition("}")[0] for part in parts}
    assert len(maps) == 1
