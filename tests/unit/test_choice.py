"""Choosing Observations: what names and sources say, targets in many spellings, dates."""

from __future__ import annotations

from typing import Any

import pytest

from jwgraph.answers.choice import Choice, choose, mjd_of
from jwgraph.answers.facts import Facts, all_facts
from jwgraph.errors import NotFoundError, UsageError
from jwgraph.store.readings import State

EXPOSURE = "jw02733001001_02101_00001_nrca1"
LEVEL3 = "jw02733-o001_t001_nircam_clear-f090w"
CARDS = dict.fromkeys(("instrume", "filter", "pupil", "grating", "exp_type", "targname", "targprop"))


class Stored:
    """A store that has these rows of `internal/observation_facts`."""

    # What is known of its programs: none is being changed.
    state = State(frozenset(), 0, frozenset({"the last transaction"}))

    def __init__(self, *rows: dict[str, Any]) -> None:
        self.rows = rows

    def read(self, _name: str, **_parameters: Any) -> list[dict[str, Any]]:
        return list(self.rows)


def said(*names: str, **known: Any) -> dict[str, Any]:
    """Return what sources say of one or more Observations."""
    lists: dict[str, Any] = {"searches": [], "headers": [], "lists": [], "plans": []}
    return {"names": list(names), **lists, "begins": [None, None], "ends": [None, None], **known}


def row(obs_id: str, *included: dict[str, Any], **known: Any) -> dict[str, Any]:
    return {"obs_id": obs_id, "listed": True, "level3": False, "said": [said(obs_id, **known), *included]}


def facts(*rows: dict[str, Any]) -> dict[str, Facts]:
    return all_facts(Stored(*rows))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("obs_id", "instruments", "filters", "gratings", "numbers"),
    [
        (LEVEL3, {"NIRCAM"}, {"F090W"}, set(), {1}),
        (EXPOSURE, {"NIRCAM"}, set(), set(), {1}),
        ("jw01366-o004_t001_nircam_f322w2-grismr-subgrism256", {"NIRCAM"}, {"F322W2"}, {"GRISMR"}, {4}),
        ("jw01345-c1001_s000001353_nirspec_clear-prism", {"NIRSPEC"}, {"CLEAR"}, {"PRISM"}, set()),
        ("jw04453-o029_t001_nircam_f322w2-gdhs0-sub164stripe4_dhs", {"NIRCAM"}, {"F322W2"}, {"GDHS0"}, {29}),
        ("jw04453-o029_t001_miri_p750l-slitlessprism_ips", {"MIRI"}, set(), {"P750L"}, {29}),
        ("jw01328-o018_t013_miri_ch4-medium", {"MIRI"}, {"CH4", "MEDIUM"}, set(), {18}),
        ("jw01128-o001_t001_nirspec_g395h-s200a1-sub2048", {"NIRSPEC"}, set(), {"G395H"}, {1}),
        ("jw02733002001_xx101_00001_nircam", {"NIRCAM"}, set(), set(), {2}),
        ("my_mosaic", set(), set(), set(), set()),
    ],
)
def test_what_a_name_says(
    obs_id: str, instruments: set[str], filters: set[str], gratings: set[str], numbers: set[int]
) -> None:
    found = facts(row(obs_id))[obs_id]
    assert (found.instruments, found.filters, found.gratings, found.numbers) == (
        instruments,
        filters,
        gratings,
        numbers,
    )


def test_every_source_is_named() -> None:
    search = {"instrument_name": "NIRCAM/IMAGE", "filters": "F444W;F405N", "target_name": "NGC 3132"}
    header = CARDS | {"instrume": "NIRCAM", "filter": "F444W", "pupil": "CLEAR", "exp_type": "NRC_IMAGE"}
    plan = {name: "null" for name in CARDS if name != "targprop"}
    found = facts(row(EXPOSURE, searches=[search], headers=[header], plans=[plan], lists=["F470N"]))[EXPOSURE]
    assert found.known_from == {"name", "search", "header", "list"}
    assert (found.filters, found.exp_types, found.targets) == (
        {"F405N", "F444W", "F470N"},
        {"NRC_IMAGE"},
        {"NGC 3132"},
    )


def test_a_product_has_what_is_known_of_its_exposures() -> None:
    header = CARDS | {"exp_type": "NRC_IMAGE", "targname": "NGC 3132"}
    exposures = said(EXPOSURE, headers=[header], begins=[None, 59733.5], ends=[None, 59733.6])
    found = facts(row(LEVEL3, exposures))[LEVEL3]
    assert (found.exp_types, found.targets, found.t_min, found.t_max) == (
        {"NRC_IMAGE"},
        {"NGC 3132"},
        59733.5,
        59733.6,
    )
    assert found.known_from == {"name", "exposures"}


@pytest.mark.parametrize("target", ["NGC-3132", "ngc 3132", "NGC3132", "ngc_3132", "NGC*", "*3132"])
def test_a_target_in_many_spellings(target: str) -> None:
    for stored in ("NGC-3132", "NGC 3132", "NGC3132"):
        assert Choice(targets=(target,)).accepts(Facts("a", targets={stored}))
    assert not Choice(targets=(target,)).accepts(Facts("a", targets={"M-313"}))


def test_a_sign_in_a_target_counts() -> None:
    assert not Choice(targets=("G0.253-0.015",)).accepts(Facts("a", targets={"G0.253+0.015"}))
    assert not Choice(targets=("J0412-5639",)).accepts(Facts("a", targets={"J0412+5639"}))
    assert Choice(targets=("[KRL97]*",)).accepts(Facts("a", targets={"[KRL97] 12"}))


def test_dates() -> None:
    assert mjd_of("2022-06-03") == 59733.0
    assert mjd_of("2022-06-03", end=True) == 59734.0
    assert mjd_of("2022-06-03T12:00", end=True) == 59733.5
    assert mjd_of(None) is None
    with pytest.raises(UsageError, match=r"'03\.06\.2022' is not a date"):
        mjd_of("03.06.2022")
    seen = Facts("a", t_min=59733.5, t_max=59733.6)
    assert Choice(start=59733.0, end=59734.0).accepts(seen)
    assert Choice(start=59733.55).accepts(seen)
    assert not Choice(start=59734.0).accepts(seen)
    assert not Choice(end=59733.0).accepts(seen)
    assert not Choice(end=59734.0).accepts(Facts("a"))


def test_what_is_not_known_is_noted_and_not_chosen() -> None:
    stored: Any = Stored(row(LEVEL3), row(EXPOSURE))
    found = choose(stored, Choice(filters=("f090w",)))
    assert [each.obs_id for each in found] == [LEVEL3]
    assert [str(note) for note in found.notes] == [
        f"nothing loaded says whether {EXPOSURE} would be selected, so this answer may be incomplete: "
        "`jwgraph sync --program 2733`"
    ]
    assert choose(stored, Choice(filters=("f090w",), instruments=("nircam",)), [LEVEL3.upper()]).notes == ()


def test_values_that_do_not_exist() -> None:
    stored: Any = Stored(*(row(f"jw02733-o001_t001_nircam_clear-f{n:03}w") for n in range(70, 85)), row(EXPOSURE))
    with pytest.raises(UsageError, match=r"filter F07W; there are: F07\dW, .* and 3 more"):
        choose(stored, Choice(filters=("F07W",)))
    with pytest.raises(UsageError, match=r"observation number 7; there are: 1\."):
        choose(stored, Choice(numbers=(7,)))
    with pytest.raises(NotFoundError, match="the target of no Observation is loaded"):
        choose(stored, Choice(targets=("M31",)))
