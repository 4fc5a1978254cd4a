"""Why a product is not there: one example for each rule, and the order of the rules."""

from __future__ import annotations

from typing import Any

import pytest

from jwgraph.answers.reasons import Schedule, because, by_category, by_type, exposure_kinds
from jwgraph.model.vocabulary import Reason

POOL = "jw02733_20220710t161010_pool.csv"
A, B, C = (f"jw0273300100{visit}_02101_0000{n}_nrca1" for visit, n in ((1, 1), (1, 2), (2, 1)))


def member(obs_id: str = A, **facts: Any) -> dict[str, Any]:
    """Return a science member of which nothing is there and nothing is known, but for the facts given."""
    known: dict[str, Any] = {
        "program": "02733",
        "filename": f"{obs_id}_cal.fits",
        "obs_id": obs_id,
        "exptype": "science",
        "exposerr": None,
        "present": False,
        "executed": False,
        "plans": [],
        "exp_type": None,
        "category": None,
        "intent": None,
        "template": None,
        "visit_id": obs_id[:13],
    }
    return known | facts


def there(obs_id: str = A, **facts: Any) -> dict[str, Any]:
    return member(obs_id, present=True, executed=True, **facts)


def planned(obs_id: str = A, **facts: Any) -> dict[str, Any]:
    return member(obs_id, plans=[{"pool": POOL, "visit": obs_id[:13]}], **facts)


def reported(
    members: list[dict[str, Any]], plans: Schedule | None = None, degraded: str | None = None, level: str = "3"
) -> tuple[Reason, str]:
    found = because({"members": members, "degraded_status": degraded, "productLevel": level}, plans or Schedule({}))
    return found.reason, found.evidence


def test_an_exposure_that_its_association_calls_failed() -> None:
    found = reported([there(A), planned(B, exposerr="unsuccessful", exp_type="NRC_DARK")])
    assert found == (Reason.FAILED, f"exposerr of {B} (unsuccessful)")


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        ("No known degraded exposures in association.", Reason.UNKNOWN),
        (None, Reason.UNKNOWN),
        ("One or more members have an error associated with them.\nDetails …", Reason.FAILED),
    ],
)
def test_the_degraded_status_of_an_association(status: str | None, reason: Reason) -> None:
    assert reported([there(A)], degraded=status)[0] == reason


def test_darks_are_a_calibration_program_even_when_planned() -> None:
    assert reported([planned(exp_type="MIR_DARKIMG"), member(B, exp_type="MIR_DARKIMG")]) == (
        Reason.CALIBRATION,
        "the exposures are of type MIR_DARKIMG",
    )


def test_stage_2_makes_products_of_darks_so_a_plan_says_more() -> None:
    assert reported([planned(exp_type="NRS_LAMP")], level="2b")[0] == Reason.NOT_EXECUTED
    assert reported([member(exp_type="NRS_LAMP")], level="2b")[0] == Reason.CALIBRATION


def test_focus_exposures_are_an_engineering_program_where_no_plan_says_more() -> None:
    assert reported([member(exp_type="NRC_FOCUS")])[0] == Reason.ENGINEERING
    assert reported([planned(exp_type="NRC_FOCUS")])[0] == Reason.NOT_EXECUTED


def test_only_science_members_give_the_type() -> None:
    members = [planned(exp_type="NRS_MSASPEC"), member(B, exp_type="NRS_DARK", exptype="dark")]
    assert reported(members)[0] == Reason.NOT_EXECUTED


def test_nothing_of_the_visit_has_arrived_so_it_was_not_executed() -> None:
    plans = Schedule({(POOL, "jw02733001002"): 4, (POOL, "jw02733001001"): 0})
    assert reported([planned(A)], plans) == (Reason.NOT_EXECUTED, f"{A} planned in {POOL}")


def test_others_of_the_visit_have_arrived_so_it_failed() -> None:
    plans = Schedule({(POOL, "jw02733001001"): 4})
    reason, evidence = reported([there(A), planned(B)], plans)
    assert reason == Reason.FAILED
    assert evidence == f"{B} never arrived: planned in {POOL}, others of the visit are there"


def test_mast_plans_an_exposure_of_the_visit() -> None:
    plans = Schedule({}, ["jw02733001001_xx101_00001_nircam", "jw02733009001_xx101_00001_nircam"])
    assert reported([member(A)], plans) == (
        Reason.NOT_EXECUTED,
        "MAST lists jw02733001001_xx101_00001_nircam as planned (calib_level -1)",
    )
    assert reported([member(C)], plans)[0] == Reason.UNKNOWN
    assert reported([there(A)], plans)[0] == Reason.UNKNOWN


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({"category": "ENG"}, Reason.ENGINEERING),
        ({"template": "NIRCam Engineering Imaging"}, Reason.ENGINEERING),
        ({"category": "cal"}, Reason.CALIBRATION),
        ({"intent": "calibration"}, Reason.CALIBRATION),
        ({"category": "GO", "intent": "science"}, Reason.UNKNOWN),
    ],
)
def test_the_category_of_the_program_counts_where_nothing_else_tells(facts: dict[str, Any], reason: Reason) -> None:
    assert reported([member(**facts)])[0] == reason


def test_what_nothing_says_is_unknown_and_says_what_is_there() -> None:
    assert reported([there(A), there(B)]) == (Reason.UNKNOWN, "all 2 members are there")
    assert reported([there(A), member(B)]) == (
        Reason.UNKNOWN,
        "1 of 2 members are not there, and no source says why",
    )


def test_many_exposures_are_counted_not_listed() -> None:
    names = [f"jw02733001001_02101_0000{n}_nrca1" for n in range(1, 6)]
    assert reported([planned(name) for name in names])[1] == f"{', '.join(names[:3])} and 2 more planned in {POOL}"


def test_types_that_differ_say_nothing() -> None:
    assert by_type({"NRC_DARK", "NRC_IMAGE"}) is None
    assert by_type({"NRC_DARK", "NRC_FOCUS"}) is None
    assert by_type(set()) is None
    assert by_category([]) is None


def test_the_table_of_exposure_types_has_known_kinds_only() -> None:
    kinds = exposure_kinds()
    assert set(kinds.values()) == {"calibration", "engineering", "acquisition"}
    assert all(exp_type == exp_type.upper() for exp_type in kinds)
    assert not {"NRC_IMAGE", "MIR_WFSS", "NRS_IFU"} & set(kinds)
    assert (kinds["NRS_IMAGE"], kinds["NRS_VERIFY"]) == ("engineering", "acquisition")
