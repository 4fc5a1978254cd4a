"""The layout of figures, for 1 to 1,000 exposures in any roles, with anything missing or not known."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jwgraph.answers.notes import Note
from jwgraph.figure.facts import Facts, Place
from jwgraph.figure.fold import MOST_ROWS, groups
from jwgraph.figure.layout import lay_out
from jwgraph.figure.shapes import Drawing, Style
from jwgraph.model.vocabulary import Exptype
from tests.support.figures import LEVEL3, exposures, facts, row
from tests.support.sound import faults

NUMBERS = [1, 2, 3, 7, 12, 13, 40, 120, 121, 300, 599, 1000]


def words(drawing: Drawing) -> list[str]:
    return [line.text for box in drawing.boxes for line in box.lines]


def counted(drawing: Drawing) -> int:
    return sum(box.files for box in drawing.boxes)


def science(number: int, **options: object) -> Facts:
    return facts(dict.fromkeys(exposures(number), "science"), **options)  # type: ignore[arg-type]


def check(found: Facts) -> None:
    for style in Style:
        for mrp in (True, False):
            drawing = lay_out(found, style, mrp=mrp)
            assert faults(drawing) == []
            assert counted(drawing) == len(found.rows)


@pytest.mark.parametrize("number", NUMBERS)
def test_any_number_of_exposures(number: int) -> None:
    check(science(number))
    check(science(number, gone=list(exposures(number))[::7], crf=True))


@dataclass(frozen=True)
class Case:
    """Facts that are shown in a failure by what they were made from."""

    facts: Facts = field(repr=False)
    made_from: str


@st.composite
def observations(draw: st.DrawFn) -> Case:
    roles = st.sampled_from([*Exptype, "", "a role of tomorrow"])
    parts = draw(st.lists(st.tuples(roles, st.integers(1, 45), st.integers(1, 9)), min_size=1, max_size=9))
    roots = {
        root: str(role)
        for place, (role, number, dithers) in enumerate(parts, start=1)
        for root in exposures(number, dithers=dithers, obs=f"{place:03d}")
    }
    gone = draw(st.sets(st.sampled_from(sorted(roots)), max_size=20))
    suffixes = draw(st.sets(st.sampled_from(["uncal", "rate", "rateints", "ramp", "cal", "i2d", "s2d", "x1d", "bsub"])))
    found = facts(
        roots,
        gone=sorted(gone),
        crf=draw(st.booleans()),
        known=draw(st.booleans()),
        level3=draw(st.booleans()),
        suffixes=[f"{suffix}.fits" for suffix in sorted(suffixes)],
    )
    notes = draw(st.lists(st.text(max_size=300).map(Note), max_size=6))
    rows = [*found.rows, *(row(name, LEVEL3, "own") for name in draw(st.sets(st.text(max_size=80), max_size=5)))]
    found = replace(found, notes=tuple(notes), rows=rows, listed=draw(st.booleans()))
    return Case(found, f"{parts} without {sorted(gone)}, {sorted(suffixes)}, {found.members is not None}, {notes}")


@settings(max_examples=40)
@given(observations())
def test_any_observation(case: Case) -> None:
    check(case.facts)


@given(observations())
def test_rows_are_few_and_each_has_one_role(case: Case) -> None:
    made = case.facts.exposures()
    roles = {exposure.role for exposure in made}
    rows = groups(made)
    assert len(rows) <= max(MOST_ROWS, len(roles))
    assert sorted(exposure.obs_id for group in rows for exposure in group.exposures) == sorted(e.obs_id for e in made)
    assert all(exposure.role == group.role for group in rows for exposure in group.exposures)


@given(observations())
def test_incomplete_rows_come_first_in_their_role(case: Case) -> None:
    rows = groups(case.facts.exposures())
    for role in {group.role for group in rows}:
        incomplete = [group.incomplete for group in rows if group.role == role]
        assert incomplete == sorted(incomplete, reverse=True)


def test_three_dithers_are_three_rows() -> None:
    labels = [group.label for group in groups(science(30).exposures())]
    assert labels == [f"jw02733001001_02101_0000{n}: 10 detectors × 10" for n in (1, 2, 3)]


def test_many_dithers_fold_into_their_visit() -> None:
    labels = [group.label for group in groups(science(300).exposures())]
    assert labels == [f"jw0273300100{visit}_02101: 15 dithers × 150" for visit in (1, 2)]


def test_many_visits_fold_into_the_rest() -> None:
    roots = dict.fromkeys(exposures(260, dithers=1), "science")
    labels = [group.label for group in groups(facts(roots).exposures())]
    assert len(labels) == 12
    assert labels[-1] == "15 more groups × 150"


def test_one_missing_of_three_hundred_is_drawn() -> None:
    names = list(exposures(300))
    drawing = lay_out(science(300, gone=[names[37]]), Style.STAGES)
    assert "cal 9 of 10" in words(drawing)
    assert f"not there: {names[37]}_cal.fits" in words(drawing)
    assert any(text.endswith("300 exposures, 5 recommended, 1 not there") for text in words(drawing))
    assert "jw02733001001_02101_00004: 10 detectors × 10" in words(drawing)
    assert [box.missing for box in drawing.boxes if "299 of 300" in " ".join(line.text for line in box.lines)] == [True]


def test_roles_stand_at_their_edges() -> None:
    roots = dict.fromkeys(exposures(4), "science") | dict.fromkeys(exposures(2, obs="002"), "background")
    drawing = lay_out(facts(roots), Style.STAGES)
    assert "background" in words(drawing)
    assert any(edge.dashed for edge in drawing.edges)


def test_what_is_not_known_says_so() -> None:
    found = science(4, known=False)
    for style in Style:
        said = " ".join(words(lay_out(found, style)))
        assert "content not" in said
        assert "not loaded" in said


def test_level_3_that_is_not_there_has_its_reason() -> None:
    said = " ".join(words(lay_out(science(3, level3=False), Style.STAGES)))
    assert "expected, not there: not executed yet" in said


def test_an_exposure_alone() -> None:
    root = "jw02733001001_02101_00001_nrca1"
    rows = [row(f"{root}_{end}", root, "own", mrp=True) for end in ("uncal.fits", "rate.fits", "cal.fits")]
    alone = replace(science(1), obs_id=root, rows=rows, roles={}, members=None, promises=[])
    check(alone)
    check(replace(alone, promises=None))
    assert [alone.place(each) for each in rows] == [Place.RAW, Place.STAGE1, Place.STAGE2]


def test_the_tree_has_its_box_ticked_in_figure_1() -> None:
    ticked, open_ = (words(lay_out(science(3), style)) for style in (Style.RELATIONS, Style.STAGES))
    assert "5 products, 5 recommended (●)" in ticked
    assert "28 products, 5 recommended (●)" in open_


def test_the_same_facts_give_the_same_drawing() -> None:
    found = science(40, gone=list(exposures(40))[3:5])
    again = replace(found, roles=dict(reversed(list(found.roles.items()))))
    assert lay_out(found, Style.STAGES) == lay_out(again, Style.STAGES)
