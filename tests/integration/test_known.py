"""None and not known are different answers: what commands print with one product list of MAST, and once all is loaded.

The list is real; what its associations say is made here, of the exposures of the list.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from astropy.io.votable import parse

import jwgraph as package
from jwgraph.answers import products
from jwgraph.model.records import EngineeringRecord, HeaderRecord, ProductRecord, Record
from jwgraph.settings import Connection
from jwgraph.store.graph import Graph
from tests.bench.round_trips import count_round_trips
from tests.support.builders import asn
from tests.support.cli import Done, jwgraph, rows
from tests.support.store import Slate, load_paths, load_records

pytestmark = pytest.mark.real

LIST = "mast/products/jw05224-o004_parent_254258368.csv"
L3 = "jw05224-o004_s000277031_nirspec_clear-prism"
SPEC3 = "jw05224-o004_20251221t142913_spec3_00001_asn.json"
# Two exposures of one pattern: the second is a background of the first here.
RAW, SKY = "jw05224004001_03101_00002_nrs1", "jw05224004001_03101_00003_nrs1"
SPEC2 = "jw05224-o004_20251221t142913_spec2_00018_asn.json"

INCOMPLETE = "is not loaded, so this answer may be incomplete"
ONE = f"note: the content of {SPEC3} {INCOMPLETE}: `jwgraph sync --obs-id {L3}`\n"
ALL = f"note: the content of {SPEC3} and 26 other associations {INCOMPLETE}: `jwgraph sync --obs-id {L3}`\n"
TWO = f"note: the content of {SPEC3} and 1 other association {INCOMPLETE}: `jwgraph sync --obs-id {L3}`\n"
THREE = TWO.replace("1 other association ", "2 other associations ")
UNREAD = f"jwgraph: unknown: the content of {SPEC3} is not loaded: `jwgraph sync --obs-id {L3}`\n"
NO_ASSOCIATION = "jwgraph: unknown: no association of program 5224 is loaded: `jwgraph sync --program 5224`\n"
NO_HEADERS = "jwgraph: unknown: no headers are loaded for {}: `jwgraph load FOLDER`\n"
NO_ROLE = (0, "note: no product of its lineage is known, with the role background or without\n")
ROLES = (
    "science, background, imprint, psf, sourcecat, segmap, direct_image, target_acquisition, selfcal, autoflat, "
    "autowave, dark, flat, engineering, tracking"
)


def associations(path: Path) -> Iterator[Record]:
    """Yield a content for each association that a product list names: its own exposure, or all spectra at Stage 3."""
    with path.open(newline="") as file:
        listed = {row["productFilename"]: row["obs_id"] for row in csv.DictReader(file)}
    of = {name: owner for name, owner in listed.items() if name.endswith("_asn.json")}
    spectra = sorted(owner for name, owner in of.items() if "_spec2_" in name)
    for name, owner in sorted(of.items()):
        kind = name.split("_")[2]
        members = {f"{owner}_rate.fits": "science"}
        if owner == RAW:
            members[f"{SKY}_rate.fits"] = "background"
        if kind == "spec3":
            members = {f"{exposure}_cal.fits": "science" for exposure in spectra}
        yield asn(name, kind, {owner: members}, version_id="20251221t142913", asn_id="o004", program="05224")


@pytest.fixture
def listed(slate: Slate, environment: Path, shared: Path) -> Graph:
    """Return a store with the list alone."""
    return slate.filled("one list", lambda graph: load_paths(graph, shared / LIST))


@pytest.fixture
def whole(slate: Slate, environment: Path, shared: Path) -> Graph:
    """Return a store with the list and all associations that it names."""

    def fill(graph: Graph) -> None:
        load_paths(graph, shared / LIST)
        load_records(graph, associations(shared / LIST))

    return slate.filled("one list with its associations", fill)


def said(*arguments: str) -> tuple[int, str]:
    done = jwgraph(*arguments)
    return done.returncode, done.stderr


# What each command prints on standard error with the list alone, and its exit code.
BEFORE: dict[tuple[str, ...], tuple[int, str]] = {
    ("lineage", f"{L3}_x1d.fits"): (0, ONE),
    ("lineage", f"{L3}_x1d.fits", "--role", "background"): (
        0,
        f"note: none of its 2 known products has the role background\n{ONE}",
    ),
    ("lineage", f"{L3}_x1d.fits", "--role", "nonsense"): (
        2,
        f"jwgraph: There is no role 'nonsense'; the roles are {ROLES}.\n",
    ),
    ("lineage", f"{RAW}_uncal.fits", "--down"): (0, ALL),
    ("lineage", f"{RAW}_cal.fits"): (
        0,
        f"note: the content of {SPEC2} {INCOMPLETE}: `jwgraph sync --obs-id {RAW}`\n",
    ),
    # A ramp is made of the raw file of its exposure, whatever associations say.
    ("lineage", f"{RAW}_rate.fits"): (0, ""),
    ("lineage", f"{RAW}_uncal.fits"): (0, f"No known product went into {RAW}_uncal.fits.\n"),
    ("lineage", f"{L3}_x1d.fits", "--down"): (0, f"No known product was made from {L3}_x1d.fits.\n"),
    ("impact", RAW): (
        0,
        f"{ALL}6 products, 663.9 MB (0 recommended), in 1 Observation.\n"
        f"MAST lists it under {L3} too: what was made there is not known.\n",
    ),
    ("lineage", f"{RAW}_uncal.fits", "--role", "background"): NO_ROLE,
    # Several Observations have one note together.
    ("why", RAW, SKY): (0, THREE),
    ("members", f"{L3}_x1d.fits"): (3, UNREAD),
    ("members", SPEC3): (3, UNREAD),
    ("members", L3): (3, UNREAD),
    ("diff", SPEC3, SPEC2): (3, UNREAD),
    ("why", L3): (0, ONE),
    ("why", RAW): (0, TWO),
    ("why", f"{RAW}_cal.fits"): (0, TWO),
    ("export", L3, "--format", "datalink"): (0, ONE),
    ("export", L3, "--format", "prov"): (0, ONE),
    ("export", L3, "--format", "curl", "--select", "lineage"): (0, ONE),
    ("missing", "--obs-id", L3): (3, NO_ASSOCIATION),
    ("missing", "--program", "5224"): (3, NO_ASSOCIATION),
    ("missing",): (3, "jwgraph: unknown: no association is loaded: `jwgraph sync --program PROGRAM`\n"),
    ("stale", "--program", "5224"): (3, NO_HEADERS.format("program 5224")),
    ("stale",): (3, "jwgraph: unknown: no headers are loaded: `jwgraph load FOLDER`\n"),
    ("references", L3): (3, NO_HEADERS.format(L3)),
    ("references", f"{L3}_x1d.fits"): (3, NO_HEADERS.format(f"{L3}_x1d.fits")),
    ("engineering", L3): (3, "jwgraph: unknown: no engineering data is loaded: `jwgraph load FOLDER`\n"),
    ("events", "--program", "99999"): (
        3,
        "jwgraph: unknown: nothing of program 99999 is loaded: `jwgraph sync --program 99999`\n",
    ),
    ("events", "--since", "2100-01-01"): (
        3,
        "jwgraph: unknown: nothing was loaded in that time: `jwgraph sync --program PROGRAM`\n",
    ),
    ("observations", "--program", "99999"): (3, "jwgraph: nothing of program 99999; loaded: 5224 (1 program)\n"),
    # A list of MAST shows every product of an Observation: these need no note.
    ("observations",): (0, ""),
    ("observations", "--program", "5224"): (0, ""),
    ("tree", L3): (0, ""),
    ("mrp", L3): (0, ""),
    ("tree", RAW): (0, ""),
    ("mrp", RAW): (0, ""),
    ("product", f"{L3}_x1d.fits"): (0, ""),
    ("links", f"{RAW}_cal.fits"): (0, ""),
    ("export", L3, "--format", "curl"): (0, ""),
}

AFTER: dict[tuple[str, ...], tuple[int, str]] = {
    arguments: (0, "")
    for arguments, (code, _) in BEFORE.items()
    if arguments[0] in ("lineage", "members", "why", "export", "tree", "mrp", "diff") and code in (0, 3)
} | {
    ("lineage", f"{L3}_x1d.fits", "--role", "imprint"): (
        0,
        "note: none of its 56 known products has the role imprint\n",
    ),
    ("lineage", f"{RAW}_uncal.fits"): (0, f"No known product went into {RAW}_uncal.fits.\n"),
    ("lineage", f"{RAW}_uncal.fits", "--role", "background"): NO_ROLE,
    ("lineage", f"{L3}_x1d.fits", "--down"): (0, f"No known product was made from {L3}_x1d.fits.\n"),
    ("impact", RAW): (0, "9 products, 672.5 MB (3 recommended, 8.6 MB), in 2 Observations.\n"),
    ("missing", "--obs-id", L3): (
        0,
        "Nothing is missing: every product that the loaded associations define is archived.\n",
    ),
    ("missing", "--program", "5224"): (
        0,
        "Nothing is missing: every product that the loaded associations define is archived.\n",
    ),
}


@pytest.mark.parametrize("arguments", BEFORE, ids=" ".join)
def test_with_one_product_list(listed: Graph, arguments: tuple[str, ...]) -> None:
    assert said(*arguments) == BEFORE[arguments]


@pytest.mark.parametrize("arguments", AFTER, ids=" ".join)
def test_with_its_associations_the_notes_are_gone(whole: Graph, arguments: tuple[str, ...]) -> None:
    assert said(*arguments) == AFTER[arguments]


def test_roles_are_those_of_the_associations(whole: Graph) -> None:
    done = jwgraph("lineage", f"{L3}_x1d.fits", "--role", "background")
    # The raw file of a background is background too.
    assert [row["productFilename"] for row in rows(done.stdout)] == [f"{SKY}_rate.fits", f"{SKY}_uncal.fits"]


def test_impact_follows_no_shared_file_and_lists_what_includes_the_exposure(listed: Graph) -> None:
    found = rows(jwgraph("impact", RAW).stdout)
    assert {(row["obs_id"], row["basis"], row["depth"]) for row in found if not row["productFilename"]} == {
        (RAW, "lineage", "0"),
        (L3, "mast", ""),
    }
    assert {row["productFilename"] for row in found if row["basis"] == "mast"} == {
        "",
        *(f"{L3}_{suffix}.fits" for suffix in ("crf", "s2d", "x1d")),
    }
    shared_file = rows(jwgraph("impact", "jw05224004001_01_msa.fits").stdout)
    assert [row["productFilename"] for row in shared_file] == ["jw05224004001_01_msa.fits"]


def test_impact_by_the_association_takes_the_place_of_the_list(whole: Graph) -> None:
    found = rows(jwgraph("impact", RAW).stdout)
    assert {row["basis"] for row in found} == {"lineage"}
    assert [(row["obs_id"], row["depth"]) for row in found if not row["productFilename"]] == [(RAW, "0"), (L3, "1")]


@pytest.mark.parametrize("command", [("lineage", f"{L3}_x1d.fits"), ("query", "run", "why", "-p", f"obs_id={L3}")])
def test_json_has_the_notes_and_lines_and_csv_have_not(listed: Graph, command: tuple[str, ...]) -> None:
    note = {"text": f"the content of {SPEC3} {INCOMPLETE}", "command": f"jwgraph sync --obs-id {L3}"}
    done = jwgraph(*command, "--format", "json")
    assert json.loads(done.stdout)["notes"] == [note]
    assert done.stderr == ONE
    assert "known" not in json.loads(done.stdout)["rows"][0]
    for form in ("jsonl", "csv"):
        done = jwgraph(*command, "--format", form)
        assert (note["text"] in done.stdout, done.stderr) == (False, ONE)
    assert jwgraph("--quiet", *command).stderr == ""


def test_exports_carry_the_note(listed: Graph, tmp_path: Path) -> None:
    text = ONE.removeprefix("note: ").rstrip("\n")

    def written(form: str, *more: str) -> Path:
        target = tmp_path / form
        assert jwgraph("export", L3, "--format", form, "--output", str(target), *more).returncode == 0
        return target

    infos = parse(written("datalink")).resources[0].infos
    assert [info.value for info in infos if info.name == "note"] == [text]
    entity = json.loads(written("prov").read_text())["entity"][f"observation:{L3}"]
    assert entity["jwst:note"] == text
    assert f"# note: {text}\n" in written("curl", "--select", "lineage").read_text()
    assert written("dot").read_text().startswith(f"// note: {text}\n")
    assert "# note" not in written("manifest", "--select", "lineage").read_text()


def test_a_notebook_shows_the_note(listed: Graph) -> None:
    with package.connect() as g:
        found = g.observation(L3).lineage()
        assert [str(note) for note in found.notes] == [ONE.removeprefix("note: ").rstrip("\n")]
        assert ONE.rstrip("\n") in repr(found)
        assert "<div>note: the content of" in found._repr_html_()
        assert g.query("lineage_up", filename=f"{L3}_x1d.fits").notes == found.notes
        assert g.observation(L3).tree().notes == ()


def test_keywords_are_of_some_files_only(listed: Graph) -> None:
    """MAST has keywords of the most calibrated file of an exposure: answers that rest on them say so."""
    cards = {"cal_ver": "1.20.2", "crds_ctx": "jwst_1464.pmap"}
    load_records(listed, [HeaderRecord(f"{RAW}_cal.fits", t_min=1.0, t_max=2.0, cards=cards, seen=False)])
    note = (
        "note: where no headers are loaded, MAST's keywords are of the most calibrated file of each exposure alone, so "
        "other files may be missing here: `jwgraph load FOLDER`\n"
    )
    none = "None: no file with a loaded header was made with a superseded association.\n"
    assert said("stale", "--program", "5224") == (0, f"{note}{none}")
    assert said("stale") == (0, f"{note}{none}")
    unknown = NO_HEADERS.replace("{}", "{}, and MAST's keywords name no reference files")
    assert said("references", f"{RAW}_cal.fits") == (3, unknown.format(f"{RAW}_cal.fits"))
    assert said("references", RAW) == (3, unknown.format(RAW))
    flat = (("R_FLAT", "crds://jwst_nirspec_flat_0001.fits"),)
    load_records(listed, [HeaderRecord(f"{RAW}_cal.fits", references=flat, t_min=1.0, t_max=2.0, cards=cards)])
    assert said("references", RAW) == (0, "")
    assert said("stale") == (0, none)


def test_headers_answer_for_what_they_are_of(listed: Graph) -> None:
    cards = {"cal_ver": "1.20.2", "crds_ctx": "jwst_1464.pmap"}
    flat = (("R_FLAT", "crds://jwst_nirspec_flat_0001.fits"),)
    load_records(listed, [HeaderRecord(f"{L3}_x1d.fits", references=flat, t_min=1.0, t_max=2.0, cards=cards)])
    others = "jw05224004001_02101_00001_nrs1 and 25 other Observations"
    note = f"note: headers of {others} are not loaded, so this answer may be incomplete: `jwgraph load FOLDER`\n"
    assert said("references", L3) == (0, note)
    assert said("references", f"{L3}_x1d.fits") == (0, "")
    assert said("references", RAW) == (3, NO_HEADERS.format(RAW))
    none = "None: no file with a loaded header was made with a superseded association.\n"
    assert said("stale", "--program", "5224") == (0, none)
    load_records(listed, [EngineeringRecord("SA_X", 7.0, 8.0, None)])
    assert said("engineering", L3) == (0, "None: the loaded engineering data is of other times.\n")
    no_times = f"jwgraph: unknown: no times are loaded for the exposures of {RAW}: `jwgraph load FOLDER`\n"
    assert said("engineering", RAW) == (3, no_times)
    load_records(listed, [HeaderRecord(f"{L3}_s2d.fits")])
    assert said("references", f"{L3}_s2d.fits") == (
        0,
        f"None: the loaded headers of {L3}_s2d.fits name no reference file.\n",
    )


def test_part_of_the_associations_answers_in_part(listed: Graph, shared: Path) -> None:
    own = [each for each in associations(shared / LIST) if getattr(each, "filename", "") == SPEC2]
    load_records(listed, own)
    assert said("missing", "--obs-id", L3) == (3, UNREAD)
    code, note = said("missing", "--obs-id", RAW)
    assert code == 0
    assert note.startswith(f"note: the content of {SPEC3} and 25 other associations {INCOMPLETE}")
    code, note = said("missing", "--program", "5224")
    assert (code, note.partition(" is not loaded")[0]) == (
        0,
        "note: the content of jw05224-o004_20251221t142913_image2_00001_asn.json and 25 other associations",
    )
    assert said("lineage", f"{RAW}_cal.fits") == (0, "")


def test_what_no_list_shows(graph: Graph, environment: Path) -> None:
    product = "jw02733-o001_t001_nircam_clear-f090w"
    command = f"`jwgraph sync --obs-id {product}`\n"
    load_records(graph, [ProductRecord(f"{product}_i2d.fits")])
    listed = f"note: the product list of {product} is not loaded, so files may be missing here: {command}"
    assert said("tree", product) == (0, listed)
    assert said("mrp", product) == (0, listed)
    assert said("lineage", f"{product}_i2d.fits") == (
        0,
        f"note: no association of {product} is loaded, so this answer may be incomplete: {command}"
        f"No known product went into {product}_i2d.fits.\n",
    )


def test_an_unfinished_load_shows_in_every_answer(listed: Graph) -> None:
    with listed.session() as session:
        session.run("MATCH (g:Program {program: '05224'}) SET g.dirty = true").consume()
    note = "note: a load of program 5224 was cut off, so this answer may be incomplete: `jwgraph store repair`\n"
    for arguments in (
        ("observations", "--program", "5224"),
        ("tree", L3),
        ("mrp", L3),
        ("product", f"{L3}_x1d.fits"),
        ("lineage", f"{L3}_x1d.fits"),
        ("why", L3),
        ("impact", RAW),
        ("links", f"{RAW}_cal.fits"),
        ("path", f"{RAW}_cal.fits", f"{RAW}_uncal.fits"),
        ("cypher", f"MATCH (o:Observation {{obs_id: '{L3}'}}) RETURN o.level3"),
        ("cypher", "MATCH (p:Product) RETURN count(*)"),
    ):
        done: Done = jwgraph(*arguments)
        assert (done.returncode, note in done.stderr) == (0, True), arguments
    load_records(listed, [])
    assert said("tree", L3) == (0, "")


# Of one transaction with one statement.
ROUND_TRIPS = 3


@pytest.mark.parametrize("ask", [products.mrp, products.tree])
def test_notes_come_in_the_statement_of_the_answer(
    listed: Graph, connection: Connection, ask: Callable[[Graph, str], list[products.ProductRow]]
) -> None:
    assert count_round_trips(connection, lambda graph: len(graph.read("internal/ping")))[0] == ROUND_TRIPS
    assert count_round_trips(connection, lambda graph: len(ask(graph, L3)))[0] == ROUND_TRIPS
