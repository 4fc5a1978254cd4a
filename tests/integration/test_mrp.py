"""Minimum Recommended Products: the rule against MAST's own flag, row for row, and what each rule code says."""

from __future__ import annotations

import csv
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest

from jwgraph.answers import products, why
from jwgraph.model.records import ListRecord, ProductRecord
from jwgraph.model.vocabulary import MRP_RULES, MrpRule
from jwgraph.store import queries
from jwgraph.store.graph import Graph
from tests.support.builders import archived, asn
from tests.support.store import edges, load_paths, load_records

pytestmark = pytest.mark.server_versions

FOLDER = "mast/products"
FLAG = "productGroupDescription"
RECOMMENDED = "Minimum Recommended Products"

# Of each list: the rows of the Observations themselves (obsID equals parent_obsid), and how many of them MAST flags.
OWN_ROWS = {
    "brick2221_cell11.csv": (5, 5),
    "brick2221_cell19.truncated.csv": (8, 8),
    "brick2221_cell9.csv": (5, 4),
    "jw05224-o004_parent_254258368.csv": (9, 5),
    "soss2022_part.csv": (39, 29),
}
WITHOUT_LEVEL3 = ("jw01091002001_03101_00001-seg001_nis", "jw01091002001_03101_00001-seg003_nis")


@dataclass(frozen=True, slots=True)
class Listed:
    """One row of a list: whose product list it is in, whose row it is, and MAST's flag."""

    filename: str
    obs_id: str
    own: bool
    parent: str
    flagged: bool


def flagged_lists(shared: Path) -> list[Path]:
    return [path for path in sorted((shared / FOLDER).iterdir()) if FLAG in path.read_text().partition("\n")[0]]


def cells(path: Path) -> list[dict[str, str]]:
    """Read a list; a table as astropy prints it has a line of dtypes, and one of dots where it was cut."""
    with path.open(newline="") as file:
        return [row for row in csv.DictReader(file) if row["obsID"].isdigit()]


def listed(path: Path) -> list[Listed]:
    return [
        Listed(
            row["productFilename"],
            row["obs_id"],
            row["obsID"] == row["parent_obsid"],
            row["parent_obsid"],
            row[FLAG] == RECOMMENDED,
        )
        for row in cells(path)
    ]


def without_flag(path: Path, folder: Path) -> Path:
    """Write a copy of a list that lacks the flag's column, and is otherwise the same."""
    with path.open(newline="") as file:
        rows = list(csv.reader(file))
    at = rows[0].index(FLAG)
    copy = folder / path.name
    with copy.open("w", newline="") as file:
        csv.writer(file).writerows([*row[:at], *row[at + 1 :]] for row in rows)
    text = copy.read_text()
    assert FLAG not in text
    assert RECOMMENDED not in text
    return copy


def ours(graph: Graph) -> dict[tuple[str, str], bool]:
    """Return our flag of every file and owner; MAST's own must not be known."""
    found = edges(graph, "PART_OF", "mrp", "mast_mrp")
    assert {mast_mrp for _, _, mast_mrp, _ in found} == {None}
    return {(filename, obs_id): bool(mrp) for filename, mrp, _, obs_id in found}


def differing(graph: Graph, rows: list[Listed]) -> set[str]:
    """Return the files of own rows where our flag is not that of MAST."""
    flags = ours(graph)
    return {row.filename for row in rows if row.own and flags[row.filename, row.obs_id] != row.flagged}


def check_trees(graph: Graph, rows: list[Listed]) -> None:
    """Check that of each parent's tree and recommended products only flagged own rows are recommended."""
    for parent, obs_id in {(row.parent, row.obs_id) for row in rows if row.own}:
        files = {row.filename for row in rows if row.parent == parent}
        flagged = {row.filename for row in rows if row.parent == parent and row.flagged}
        tree = {row.productFilename: row.mrp for row in products.tree(graph, obs_id)}
        assert files <= tree.keys()
        assert {name for name, mrp in tree.items() if mrp} == flagged
        assert {row.productFilename for row in products.mrp(graph, obs_id)} == flagged


@pytest.mark.real
@pytest.mark.parametrize("name", OWN_ROWS)
def test_the_rule_gives_the_flag_of_every_own_row_of_a_list(
    graph: Graph, shared: Path, tmp_path: Path, name: str
) -> None:
    path = shared / FOLDER / name
    load_paths(graph, without_flag(path, tmp_path))
    rows = listed(path)
    assert not any(row.flagged for row in rows if not row.own)
    flags = [row.flagged for row in rows if row.own]
    assert (len(flags), sum(flags)) == OWN_ROWS[name]
    assert differing(graph, rows) == set()
    check_trees(graph, rows)


@pytest.mark.real
def test_the_rule_gives_the_flag_of_every_own_row_of_all_lists_together(
    graph: Graph, shared: Path, tmp_path: Path
) -> None:
    paths = flagged_lists(shared)
    assert [path.name for path in paths] == list(OWN_ROWS)
    load_paths(graph, *(without_flag(path, tmp_path) for path in paths))
    # One row is in two of the lists.
    rows = list({row: None for path in paths for row in listed(path)})
    flags = Counter(row.flagged for row in rows if row.own)
    assert (len(rows), flags[True], flags[False]) == (774, 50, 15)
    assert differing(graph, rows) == set()
    check_trees(graph, rows)


@pytest.mark.real
def test_without_level_3_every_level_is_recommended(graph: Graph, shared: Path, tmp_path: Path) -> None:
    load_paths(graph, without_flag(shared / FOLDER / "soss2022_part.csv", tmp_path))
    for obs_id in WITHOUT_LEVEL3:
        found = {
            row.productFilename.removeprefix(f"{obs_id}_"): row.productLevel for row in products.mrp(graph, obs_id)
        }
        (association,) = [name for name in found if name.endswith("_asn.json")]
        assert found == {
            "uncal.fits": "1b",
            "ramp.fits": "2a",
            "rate.fits": "2a",
            "rateints.fits": "2a",
            "calints.fits": "2b",
            "x1dints.fits": "2b",
            association: None,
        }


L3 = "jw02733-o001_t001_nircam_clear-f090w"
EXPECTED = "jw02733-o002_t001_nircam_clear-f090w"
A = "jw02733001001_02101_00001_nrca1"
NEVER = "jw02733001001_02101_00002_nrca1"
GUIDE = "jw02733001001_gs-fg_2022159134729_cal.fits"
ASN = "jw02733-o001_20220710t161010_image3_001_asn.json"
OTHER = "jw02733-o002_20220710t161010_image3_002_asn.json"


def load_each_rule(graph: Graph) -> None:
    """Load files of every rule code. The cal file of an exposure stands in a list of the Level 3 Observation itself."""
    load_records(
        graph,
        [
            asn(ASN, "image3", {L3: {f"{A}_cal.fits": "science", f"{NEVER}_cal.fits": "science"}}),
            asn(OTHER, "image3", {EXPECTED: {f"{A}_cal.fits": "science"}}, asn_id="o002"),
            ProductRecord(GUIDE, A, 8, 8, 2, None, {"productType": "AUXILIARY"}),
            ProductRecord(f"{A}_crf.fits", L3, 7, 7, 2, None, {"productType": "SCIENCE"}),
            ProductRecord(f"{NEVER}_rate.fits", NEVER, 9, 7, 2, None, {"productType": "SCIENCE"}),
            ProductRecord(f"{L3}_segm.fits", L3, 7, 7, 3, listed_in=(L3, 1)),
            ListRecord(L3, 2),
            *archived(f"{L3}_i2d.fits", f"{L3}_i2d.jpg", f"{A}_uncal.fits", f"{A}_cal.fits", ASN, OTHER),
        ],
    )


def test_every_edge_of_a_file_and_its_observation_has_a_rule(graph: Graph) -> None:
    load_each_rule(graph)
    found = edges(graph, "PART_OF", "mrp_rule", "mrp")
    pool = "jw02733_20220710t161010_pool.csv"
    assert found == {
        (f"{L3}_i2d.fits", "own", True, L3),
        (f"{L3}_i2d.jpg", "preview", None, L3),
        (f"{L3}_segm.fits", "withdrawn", None, L3),
        (f"{A}_crf.fits", "own", True, L3),
        (ASN, "own", True, L3),
        (pool, "not_archived", None, L3),
        (f"{EXPECTED}_i2d.fits", "expected", None, EXPECTED),
        (OTHER, "observation_not_archived", None, EXPECTED),
        (pool, "not_archived", None, EXPECTED),
        (f"{A}_uncal.fits", "own", True, A),
        (f"{A}_cal.fits", "own", True, A),
        (f"{A}_crf.fits", "own", True, A),
        (GUIDE, "guide_star", None, A),
        (f"{NEVER}_cal.fits", "expected", None, NEVER),
        (f"{NEVER}_rate.fits", "own", True, NEVER),
    }
    assert {rule for _, rule, _, _ in found} == set(MrpRule)
    assert {mrp for _, _, mrp, _ in found if mrp is not None} == {True}


def test_why_gives_the_sentence_of_the_rule(graph: Graph) -> None:
    load_each_rule(graph)
    for filename, code, mrp, obs_id in edges(graph, "PART_OF", "mrp_rule", "mrp"):
        rows = [row for row in why.why(graph, obs_id) if (row.subject, row.question) == (filename, "recommended")]
        (row,) = rows
        rule = MRP_RULES[MrpRule(code)]
        assert (row.answer, rule.recommended) == (("yes", True) if mrp else ("no", False))
        assert row.because.startswith(rule.sentence)


def test_why_says_that_no_rule_was_applied_where_a_load_was_cut_off(graph: Graph) -> None:
    class Cut(Exception):
        pass

    def cut(what: str, _count: int) -> None:
        if what == "deriving":
            raise Cut

    with pytest.raises(Cut):
        load_records(graph, archived(f"{A}_cal.fits"), progress=cut)
    (row,) = [row for row in why.why(graph, A) if row.question == "recommended"]
    assert (row.answer, row.because) == ("unknown", "no rule was applied yet: the last load has not finished")


def test_the_codes_of_the_derivation_are_those_of_the_vocabulary() -> None:
    text = queries.get("derive/70_mrp").text
    stated = re.findall(r"(?:THEN|ELSE) '(\w+)'", text)
    assert sorted(stated) == sorted(MrpRule)
    assert set(MRP_RULES) == set(MrpRule)
