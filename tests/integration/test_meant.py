"""Any form of a name is answered, saying what was taken; what stands for several is refused with the candidates.

The list is real: one Level 3 Observation of program 5224 with its exposures.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

import jwgraph as package
from jwgraph.answers import products
from jwgraph.answers.meant import Wanted, about, each
from jwgraph.answers.selection import select
from jwgraph.cli import complete
from jwgraph.model.vocabulary import Selection
from jwgraph.settings import Connection
from jwgraph.store.graph import Graph
from tests.bench.round_trips import count_round_trips
from tests.support import small as small_names
from tests.support.builders import archived
from tests.support.cli import jwgraph
from tests.support.store import Slate, load_paths, load_records

LIST = "mast/products/jw05224-o004_parent_254258368.csv"
L3 = "jw05224-o004_s000277031_nirspec_clear-prism"
EXPOSURE = "jw05224004001_03101_00002_nrs1"
OBSID = "254258368"
MAIN = f"{L3}_s2d.fits"
CAL = f"{EXPOSURE}_cal.fits"
MSA = "jw05224004001_01_msa.fits"
URL = "https://mast.stsci.edu/api/v0.1/Download/file?uri="
A = "jw02733001001_02101_00001_nrca1"


@pytest.fixture
def listed(slate: Slate, shared: Path, environment: Path) -> Graph:
    return slate.filled(__name__, lambda graph: load_paths(graph, shared / LIST))


def said(*arguments: str) -> tuple[int, str]:
    found = jwgraph(*arguments)
    return found.returncode, found.stderr


@pytest.mark.real
@pytest.mark.parametrize(
    "text",
    [
        L3,
        L3.upper(),
        f" {L3} ",
        f"mast:JWST/product/{L3}",
        f"./data/{L3}",
        f"C:\\data\\{L3}",
    ],
)
def test_forms_of_the_same_name_are_the_same_answer(listed: Graph, text: str) -> None:
    assert jwgraph("tree", text) == jwgraph("tree", L3)


@pytest.mark.real
@pytest.mark.parametrize(
    "text",
    [
        CAL.upper(),
        f"./data/{CAL}",
        f"mast:JWST/product/{CAL}",
        f"{URL}mast:JWST/product/{CAL}",
        f"{URL}mast%3AJWST%2Fproduct%2F{CAL}",
        CAL.removesuffix(".fits"),
    ],
)
def test_forms_of_the_name_of_a_file_are_the_same_answer(listed: Graph, text: str) -> None:
    for command in ("lineage", "links", "product", "why", "history"):
        assert jwgraph(command, text) == jwgraph(command, CAL), command


@pytest.mark.real
@pytest.mark.parametrize(
    ("text", "note"),
    [
        (OBSID, f"{OBSID} is MAST's number of {L3}: "),
        ("jw05224-o004", f"jw05224-o004 is the beginning of {L3}: "),
        ("JW05224-O004_S", f"JW05224-O004_S is the beginning of {L3}: "),
        ("jw05224-*", f"jw05224-* is a pattern that fits only {L3}: "),
        (MAIN, f"{MAIN} is a file of {L3}: "),
        (f"{L3}_x1d", f"{L3}_x1d.fits is a file of {L3}: "),
        (f"{L3}_none.fits", ""),
        (f"{L3}_c1d.fits", f"{L3}_c1d.fits is not in the store, and by its name a file of {L3}: "),
    ],
)
def test_what_was_taken_for_an_observation_is_said(listed: Graph, text: str, note: str) -> None:
    if not note:
        note = f"{text} is not in the store, and by its name a file of {L3}: "
    assert said("tree", text) == (0, f"note: {note}this is the tree of {L3}\n")
    assert said("mrp", text) == (0, f"note: {note}these are the recommended products of {L3}\n")
    assert jwgraph("tree", text).stdout == jwgraph("tree", L3).stdout
    found = json.loads(jwgraph("tree", text, "--format", "json").stdout)
    assert found["notes"] == [{"text": f"{note}this is the tree of {L3}", "command": ""}]


@pytest.mark.real
@pytest.mark.parametrize("command", ["lineage", "links", "product"])
def test_an_observation_stands_for_its_main_product(listed: Graph, command: str) -> None:
    this = {"lineage": "this is the lineage of", "links": "these are the links of", "product": "this is"}[command]
    found = jwgraph(command, L3)
    first = f"note: {L3} is an Observation, and {MAIN} its main product: {this} {MAIN}\n"
    plain = jwgraph(command, MAIN)
    assert (found.returncode, found.stderr) == (0, first + plain.stderr)
    assert found.stdout == plain.stdout
    assert said(command, EXPOSURE)[1].startswith(
        f"note: {EXPOSURE} is an Observation, and {CAL} its main product: {this} {CAL}\n"
    )


@pytest.mark.real
def test_a_file_of_several_observations_is_answered_for_the_listed_one(listed: Graph) -> None:
    (found,) = (
        row["productFilename"]
        for row in json.loads(jwgraph("tree", L3, "--format", "json").stdout)["rows"]
        if row["productFilename"].endswith("_msa.fits")
    )
    assert found == MSA
    assert said("tree", MSA) == (
        0,
        f"note: {MSA} is a file of 18 Observations that {L3} includes: this is the tree of {L3}\n",
    )


@pytest.mark.real
def test_an_incomplete_name_of_several_is_refused_with_the_candidates(listed: Graph) -> None:
    assert said("tree", "jw05224004001_02101_00001") == (
        2,
        "jwgraph: 'jw05224004001_02101_00001' can be 2 Observations, and one is needed here: "
        "jw05224004001_02101_00001_nrs1, jw05224004001_02101_00001_nrs2.\n",
    )
    assert said("lineage", "jw05224004001_02101_00001")[0] == 2
    assert said("export", "jw05224004001_02101_00001", "-f", "csv")[0] == 2


@pytest.mark.real
@pytest.mark.parametrize(
    "command", ["tree", "mrp", "lineage", "why", "links", "members", "history", "product", "engineering"]
)
def test_what_is_unknown_stays_unknown(listed: Graph, command: str) -> None:
    for text in ("99999999", "jw9*", "nonsense", "jw05224-o004_s1", "", "./", "*.nothing"):
        code, sentence = said(command, text)
        assert code == 3, (text, sentence)
        assert sentence.count("\n") == 1


SEVERAL = [f"jw02733-o00{number}_t001_nircam_clear-f090w" for number in (1, 2, 3)]


@pytest.fixture
def several(slate: Slate, environment: Path) -> Graph:
    files = [f"{name}_{suffix}.fits" for name in SEVERAL for suffix in ("i2d", "segm")]
    return slate.filled(f"{__name__} several", lambda graph: load_records(graph, archived(*files, f"{A}_cal.fits")))


def test_a_pattern_and_a_program_stand_for_their_observations(several: Graph) -> None:
    names = [row.obs_id for row in package.connect().observations(2733)]
    assert names == sorted([*SEVERAL, A])
    for text in ("jw02733*", "2733", "02733", "JW02733*"):
        done = jwgraph("export", text, "--format", "csv")
        assert done.returncode == 0
        assert done.stdout == jwgraph("export", *names, "--format", "csv").stdout
    assert said("export", "jw02733*", "--format", "csv")[1].startswith(
        f"note: 'jw02733*' stands for {len(names)} Observations\n"
    )
    assert said("mrp", "2733")[1].startswith(f"note: program 2733 stands for {len(names)} Observations\n")
    assert said("mrp", f"{SEVERAL[0][:10]}*_i2d.fits")[1].startswith("note: 'jw02733-o0*_i2d.fits' stands for 3 Obs")
    assert jwgraph("observations", "jw02733-o00[12]*").stdout.split("\n")[1:3] == [
        f'{SEVERAL[0]},3,3,archived,true,2,0,02733,,NIRCAM,"[""F090W""]",[],[],[],,"[""name""]"',
        f'{SEVERAL[1]},3,3,archived,true,2,0,02733,,NIRCAM,"[""F090W""]",[],[],[],,"[""name""]"',
    ]
    assert jwgraph("observations", SEVERAL[0].upper(), "--suffix", "cal").stdout.count("\n") == 1


def test_a_program_has_no_tree_and_its_observations_are_listed(several: Graph) -> None:
    done = jwgraph("tree", "2733")
    assert done.stdout == jwgraph("observations", "--program", "2733").stdout
    assert done.stderr.startswith("note: 2733 is a program: these are its Observations, and each has a tree\n")
    assert said("why", "2733") == (
        2,
        f"jwgraph: Program 2733 has 4 Observations, and one is needed here: {', '.join([*SEVERAL, A])}.\n",
    )
    assert said("lineage", "2733")[0] == 2
    assert said("tree", "99") == (3, "jwgraph: nothing of program 99; loaded: 2733 (1 program)\n")


@pytest.mark.real
@pytest.mark.parametrize("ask", [products.mrp, products.tree])
def test_an_exact_name_costs_no_more_round_trips(listed: Graph, connection: Connection, ask: object) -> None:
    def exact(graph: Graph) -> int:
        return len(about(graph, L3, Wanted.OBSERVATION, lambda name: ask(graph, name))[1])  # type: ignore[operator]

    assert count_round_trips(connection, exact)[0] == 3


@pytest.mark.real
@pytest.mark.parametrize("what", [Selection.MRP, Selection.TREE])
def test_an_exact_name_among_several_costs_no_more_round_trips(
    listed: Graph, connection: Connection, what: Selection
) -> None:
    def exact(graph: Graph) -> int:
        return len(each(graph, [L3], lambda names: select(graph, names, what), this="")[2])

    assert count_round_trips(connection, exact)[0] == 3


@pytest.mark.real
def test_python_takes_any_form_and_keeps_the_note(listed: Graph) -> None:
    g = package.connect()
    view = g.observation(MAIN)
    assert view.obs_id == L3
    note = f"{MAIN} is a file of {L3}: this is {L3}"
    assert [str(each) for each in view.mrp().notes] == [note]
    assert [str(each) for each in view.tree().notes] == [note]
    assert [str(each) for each in g.observation(f"mast:JWST/product/{L3.upper()}").mrp().notes] == []
    assert g.product(OBSID).filename == MAIN
    assert str(g.product(L3).links().notes[0]) == f"{L3} is an Observation, and {MAIN} its main product: this is {MAIN}"
    assert list(g.impact(f"./x/{CAL}")) == list(g.impact(CAL))
    assert list(g.path(CAL.upper(), f"{EXPOSURE}_uncal")) == list(g.path(CAL, f"{EXPOSURE}_uncal.fits"))


@pytest.mark.real
def test_completion_takes_any_form(listed: Graph) -> None:
    assert complete.observations("JW05224-O") == [L3]
    assert complete.observations("./data/jw05224-o") == [f"./data/{L3}"]
    assert complete.files(f"mast:JWST/product/{L3}_s2d.f") == [f"mast:JWST/product/{MAIN}"]
    assert L3 in complete.observations("5224")


@pytest.mark.real
def test_filters_take_lists_and_refuse_what_is_not_there(listed: Graph) -> None:
    both = jwgraph("tree", L3, "--suffix", "x1d", "--suffix", "s2d", "-f", "csv")
    assert both.returncode == 0
    assert jwgraph("tree", L3, "--suffix", "_x1d.fits,S2D", "-f", "csv") == both
    assert jwgraph("tree", L3, "--type", "sci") == jwgraph("tree", L3, "--type", "SCIENCE")
    assert said("tree", L3, "--level", "4") == (2, "jwgraph: There is no level '4'; the levels are 1, 2, 3.\n")
    assert said("lineage", MAIN, "--role", "backgrund")[1].startswith(
        "jwgraph: There is no role 'backgrund'; did you mean background? The roles are background, science, imprint, "
    )
    one = jwgraph("query", "run", "observations", "-p", "program=5224")
    assert (one.returncode, one.stdout.count("\n")) == (0, 2)


def test_of_an_empty_store_a_program_is_not_known(graph: Graph, environment: Path) -> None:
    assert said("tree", "2733") == (
        3,
        "jwgraph: unknown: nothing of program 2733 is loaded: `jwgraph sync --program 2733`\n",
    )
    assert said("export", "jw02733*", "-f", "csv")[0] == 3


HOSTILE = "jw02733-o001_t001_nircam_clear-f090w_\x1b[31m'}) DETACH DELETE n //_i2d.fits"


def test_names_are_hostile(several: Graph) -> None:
    before = jwgraph("observations").stdout
    for command in ("tree", "mrp", "lineage", "why", "path"):
        done = jwgraph(command, HOSTILE, *(["2733"] if command == "path" else []))
        assert "\x1b" not in done.stdout + done.stderr
        assert done.stderr.count("\n") == 1
        assert done.returncode in (0, 3)
    assert jwgraph("observations").stdout == before


def test_a_missing_product_and_a_difference_take_any_form(small: Graph, environment: Path) -> None:
    assert jwgraph("missing", "--obs-id", f"./x/{small_names.A.upper()}") == jwgraph(
        "missing", "--obs-id", small_names.A
    )
    found = jwgraph("missing", "--obs-id", f"{small_names.A}_cal.fits")
    note = f"note: {small_names.A}_cal.fits is a file of {small_names.A}: this is what is missing of {small_names.A}\n"
    assert (found.returncode, found.stderr.startswith(note)) == (0, True), found.stderr
    plain = jwgraph("members", small_names.OLD)
    assert jwgraph("members", f"mast:JWST/product/{small_names.OLD}") == plain
    assert jwgraph("diff", f"./{small_names.OLD}", small_names.OLD.removesuffix(".json")).returncode == 0


def test_a_program_that_is_not_there_is_answered_with_those_that_are(listed: Graph) -> None:
    done = jwgraph("size", "1200")
    assert done.returncode == 3
    assert re.fullmatch(r"jwgraph: Nothing of program 1200 is loaded. Loaded: \d+.* \(\d programs?\)\.\n", done.stderr)
