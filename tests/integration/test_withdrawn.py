"""Complete product lists at different times: what is withdrawn, and what stays."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import permutations

import pytest

from jwgraph.answers import associations, calibration, events, missing, products
from jwgraph.model.records import HeaderRecord, ListRecord, ProductRecord, Record
from jwgraph.store.digest import digest
from jwgraph.store.dump import dump
from jwgraph.store.dump_check import opened
from jwgraph.store.graph import Graph
from jwgraph.store.restore import restore
from tests.support.builders import asn
from tests.support.store import edges, load_records, nodes, wipe
from tests.support.stored import differences

L3 = "jw02733-o001_t001_nircam_clear-f090w"
A, B = (f"jw02733001001_02101_0000{n}_nrca1" for n in (1, 2))
OLD, NEW = (f"jw02733-o001_{stamp}_image3_00001_asn.json" for stamp in ("20220710t161010", "20230710t161010"))
NUMBERS = {L3: 7, A: 8, B: 9}
T1, T2, T3 = (1_700_000_000_000 + day * 86_400_000 for day in range(3))


def answer(at: int, *files: tuple[str, str], asked: str = L3) -> list[Record]:
    """Return a complete product list, as MAST gives it at a time: pairs of owner and file."""
    rows = [
        ProductRecord(file, owner, NUMBERS[owner], NUMBERS[asked], 2, listed_in=(asked, at)) for owner, file in files
    ]
    return [ListRecord(asked, at), *rows]


FIRST = answer(T1, (L3, f"{L3}_i2d.fits"), (L3, f"{L3}_segm.fits"), (A, f"{A}_cal.fits"), (B, f"{B}_cal.fits"))
SECOND = answer(T2, (L3, f"{L3}_i2d.fits"), (A, f"{A}_cal.fits"))


def withdrawn(graph: Graph) -> set[str]:
    return {name for name, gone in nodes(graph, "Product", "filename", "withdrawn") if gone}


def tree(graph: Graph) -> set[str]:
    return {row.productFilename for row in products.tree(graph, L3)}


def test_the_reference_files_of_what_is_withdrawn_are_not_those_of_the_observation(graph: Graph) -> None:
    flat = (("R_FLAT", "crds://flat.fits"),)
    headers = [HeaderRecord(f"{name}.fits", references=flat, seen=False) for name in (f"{L3}_i2d", f"{L3}_segm")]
    load_records(graph, [*FIRST, *SECOND, *headers])
    assert {row.productFilename for row in calibration.references(graph, L3)} == {f"{L3}_i2d.fits"}


def test_what_a_later_list_lacks_is_withdrawn(graph: Graph) -> None:
    load_records(graph, FIRST)
    assert withdrawn(graph) == set()
    load_records(graph, SECOND)
    assert withdrawn(graph) == {f"{L3}_segm.fits", f"{B}_cal.fits"}
    assert tree(graph) == {f"{L3}_i2d.fits", f"{A}_cal.fits"}
    assert {row.productFilename for row in products.mrp(graph, L3)} == {f"{L3}_i2d.fits"}
    assert {row.productFilename for rows in products.own_files(graph).values() for row in rows} == {f"{L3}_i2d.fits"}
    assert edges(graph, "INCLUDES") == {(L3, A)}
    assert edges(graph, "PART_OF", "withdrawn", "mrp_rule") == {
        (f"{L3}_i2d.fits", None, "own", L3),
        (f"{L3}_segm.fits", True, "withdrawn", L3),
        (f"{A}_cal.fits", None, "own", A),
        (f"{B}_cal.fits", True, "withdrawn", B),
    }
    assert nodes(graph, "Observation", "obs_id", "state", "listed") == {
        (L3, "archived", True),
        (A, "archived", False),
        (B, "named", False),
    }
    assert products.product(graph, f"{L3}_segm.fits")["properties"]["withdrawn"]


def test_it_is_withdrawn_at_the_time_of_the_first_list_that_lacks_it_and_that_is_an_event(graph: Graph) -> None:
    load_records(graph, FIRST)
    load_records(graph, SECOND)
    load_records(graph, answer(T3, (L3, f"{L3}_i2d.fits"), (A, f"{A}_cal.fits")))
    found = {(name, at) for name, at in nodes(graph, "Product", "filename", "withdrawn_at") if at}
    assert found == {(f"{L3}_segm.fits", T2), (f"{B}_cal.fits", T2)}
    reported = events.events(graph, since=datetime(2000, 1, 1, tzinfo=UTC))
    assert {(row.event, row.productFilename) for row in reported} == {
        ("first load", None),
        ("withdrawn", f"{L3}_segm.fits"),
        ("withdrawn", f"{B}_cal.fits"),
    }


def test_what_comes_back_is_there_again(graph: Graph) -> None:
    before = answer(T3, *[(row.obs_id, row.filename) for row in FIRST if isinstance(row, ProductRecord)])
    for records in (FIRST, SECOND, before):
        load_records(graph, records)
    assert withdrawn(graph) == set()
    assert tree(graph) == {f"{L3}_i2d.fits", f"{L3}_segm.fits", f"{A}_cal.fits", f"{B}_cal.fits"}
    assert {at for _, at in nodes(graph, "Product", "filename", "withdrawn_at")} == {None}


def test_an_empty_list_withdraws_everything(graph: Graph) -> None:
    load_records(graph, FIRST)
    load_records(graph, answer(T2))
    assert withdrawn(graph) == {row.filename for row in FIRST if isinstance(row, ProductRecord)}
    assert tree(graph) == set()


def test_a_list_on_disk_and_one_that_was_cut_withdraw_nothing(graph: Graph) -> None:
    part: list[Record] = [ProductRecord(f"{L3}_i2d.fits", L3, 7, 7)]
    load_records(graph, FIRST)
    load_records(graph, part)
    assert withdrawn(graph) == set()


def test_a_file_in_the_newest_list_of_another_observation_stays(graph: Graph) -> None:
    load_records(graph, [*FIRST, *answer(T1, (B, f"{B}_cal.fits"), asked=B), *SECOND])
    assert withdrawn(graph) == {f"{L3}_segm.fits"}
    assert edges(graph, "INCLUDES") == {(L3, A)}
    assert tree(graph) == {f"{L3}_i2d.fits", f"{A}_cal.fits"}


def test_a_file_on_disk_is_withdrawn_all_the_same(graph: Graph) -> None:
    load_records(graph, [*FIRST, *SECOND])
    load_records(graph, [ProductRecord(f"{L3}_segm.fits", seen=True)])
    assert nodes(graph, "Product", "filename", "archived", "seen", "present", "visible") >= {
        (f"{L3}_segm.fits", True, True, False, None),
        (f"{L3}_i2d.fits", True, None, True, True),
    }


def test_a_withdrawn_product_is_missing_and_not_expected(graph: Graph) -> None:
    load_records(graph, [*FIRST, asn(OLD, "image3", {L3: {f"{A}_cal.fits": "science"}})])
    assert missing.missing(graph) == []
    load_records(graph, answer(T2, (A, f"{A}_cal.fits")))
    assert [(row.product, row.state) for row in missing.missing(graph)] == [(L3, "expected")]
    assert {name for name, expected in nodes(graph, "Product", "filename", "expected") if expected} == set()


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_the_digest_does_not_depend_on_the_order_of_lists(graph: Graph, order: tuple[int, ...]) -> None:
    third = answer(T3, (L3, f"{L3}_segm.fits"), (L3, f"{L3}_i2d.fits"))
    lists = [FIRST, SECOND, third]
    load_records(graph, [record for records in lists for record in records])
    expected = digest(graph)
    wipe(graph)
    for at in order:
        load_records(graph, lists[at])
    assert digest(graph) == expected
    assert differences(graph, [record for records in lists for record in records]) == []


def test_a_dump_keeps_the_lists(graph: Graph, tmp_path_factory: pytest.TempPathFactory) -> None:
    load_records(graph, FIRST)
    target = tmp_path_factory.mktemp("dump") / "store"
    dump(graph, target)
    wipe(graph)
    with opened(target) as found:
        restore(graph, found)
    load_records(graph, SECOND)
    assert withdrawn(graph) == {f"{L3}_segm.fits", f"{B}_cal.fits"}


def test_history_keeps_a_withdrawn_version_and_knows_unread_ones(graph: Graph) -> None:
    load_records(graph, answer(T1, (L3, OLD), (L3, f"{L3}_i2d.fits")))
    load_records(graph, answer(T2, (L3, NEW), (L3, f"{L3}_i2d.fits")))
    for name in (L3, OLD, NEW, f"{L3}_i2d.fits"):
        assert associations.history(graph, name) == [
            associations.HistoryRow(NEW, "20230710t161010", None, loaded=False, withdrawn=False),
            associations.HistoryRow(OLD, "20220710t161010", NEW, loaded=False, withdrawn=True),
        ]


def test_a_local_file_is_stale_by_what_mast_lists(graph: Graph) -> None:
    files = {"i2d": "1.20.2", "segm": "1.16.0", "cat": "1.9.2"}
    rows = [
        ProductRecord(f"{L3}_{suffix}.fits", L3, 7, 7, mast={"prvversion": version})
        for suffix, version in files.items()
    ]
    load_records(graph, [*rows, ProductRecord(NEW, L3, 7, 7)])
    headers = [
        HeaderRecord(f"{L3}_{suffix}.fits", asntable=OLD, cards={"cal_ver": "1.16.0"}) for suffix in ("i2d", "segm")
    ]
    load_records(graph, [*headers, HeaderRecord(f"{L3}_cat.fits", cards={"cal_ver": "1.8.5"})])
    assert associations.stale(graph, program="02733") == [
        associations.StaleRow(f"{L3}_cat.fits", L3, None, None, "1.8.5", "1.9.2", "version"),
        associations.StaleRow(f"{L3}_i2d.fits", L3, OLD, NEW, "1.16.0", "1.20.2", "association, version"),
        associations.StaleRow(f"{L3}_segm.fits", L3, OLD, NEW, "1.16.0", "1.16.0", "association"),
    ]
    assert associations.stale(graph) == associations.stale(graph, program="02733")


def test_mast_s_own_keywords_are_not_a_file_on_disk(graph: Graph) -> None:
    load_records(graph, [ProductRecord(f"{L3}_i2d.fits", L3, 7, 7, mast={"prvversion": "1.20.2"})])
    load_records(graph, [HeaderRecord(f"{L3}_i2d.fits", cards={"cal_ver": "1.16.0"}, seen=False)])
    assert associations.stale(graph) == []
    assert nodes(graph, "Product", "archived", "seen", "cal_ver") == {(True, None, "1.16.0")}


def test_what_is_known_of_an_observation(graph: Graph) -> None:
    known = ("obs_id", "product_list", "unread", "unread_pools", "asn_known", "headers")
    load_records(graph, [ProductRecord(NEW, L3, 7, 7), ProductRecord(f"{A}_cal.fits", A, 8, 7)])
    assert nodes(graph, "Observation", *known) == {
        (L3, "rows", (NEW,), None, None, 0),
        (A, "rows", None, None, None, 0),
    }
    load_records(graph, [*answer(T1, (L3, NEW), (A, f"{A}_cal.fits")), HeaderRecord(f"{A}_cal.fits")])
    assert nodes(graph, "Observation", *known) == {
        (L3, "complete", (NEW,), None, None, 0),
        (A, "complete", None, None, None, 1),
    }
    load_records(graph, [asn(NEW, "image3", {L3: {f"{A}_cal.fits": "science"}}, version_id="20230710t161010")])
    assert nodes(graph, "Observation", *known) == {
        (L3, "complete", None, None, True, 0),
        (A, "complete", None, None, None, 1),
    }
    assert nodes(graph, "Program", "program", "associations", "headers", "lists") == {("02733", 1, 1, 2)}


def test_a_file_that_was_only_seen_is_present_and_not_archived(graph: Graph) -> None:
    load_records(graph, [ProductRecord(f"{A}_cal.fits", seen=True)])
    assert nodes(graph, "Observation", "obs_id", "state", "archived", "present", "listed") == {
        (A, "seen", False, True, True)
    }
    (row,) = products.tree(graph, A)
    assert (row.productFilename, row.archived, row.mrp) == (f"{A}_cal.fits", False, True)
