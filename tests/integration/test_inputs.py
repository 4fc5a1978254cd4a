"""`jwgraph export --select inputs`: what is needed to make an Observation again."""

from __future__ import annotations

import json
import subprocess
import tarfile
from dataclasses import replace
from importlib.resources import files
from itertools import product
from pathlib import Path

import pytest

import jwgraph as package
from jwgraph.answers.inputs import Run, inputs
from jwgraph.demo import OBS_ID
from jwgraph.errors import NotFoundError
from jwgraph.model.records import HeaderRecord, ProductRecord, Record
from jwgraph.model.vocabulary import InputLevel
from jwgraph.store.graph import Graph
from tests.support.builders import asn
from tests.support.cli import jwgraph, rows
from tests.support.files_server import serving
from tests.support.store import Slate, load_paths, load_records

pytestmark = pytest.mark.once

L3 = "jw02733-o001_s00001_nirspec_clear-prism"
A, B, C, D = (f"jw02733001001_02101_0000{n}_nrs1" for n in (1, 2, 3, 4))
ASN3 = "jw02733-o001_20220710t161010_spec3_001_asn.json"
ASN2A, ASN2B = (f"jw02733-o001_20220710t161010_spec2_00{n}_asn.json" for n in (1, 2))
MSA = "jw02733001001_01_msa.fits"
FLAT = "crds://jwst_nirspec_flat_0313.fits"


def records() -> list[Record]:
    names = [
        *(f"{each}_{level}.fits" for each in (A, B, C, D) for level in ("uncal", "rate", "cal")),
        ASN3,
        ASN2A,
        ASN2B,
        MSA,
        f"{L3}_x1d.fits",
    ]
    return [
        *(ProductRecord(name, mast={"dataURI": f"mast:JWST/product/{name}", "size": 3}) for name in names),
        asn(
            ASN3, "spec3", {L3: {f"{A}_cal.fits": "science", f"{B}_cal.fits": "science", f"{C}_x1d.fits": "background"}}
        ),
        asn(
            ASN2A,
            "spec2",
            {A: {f"{A}_rate.fits": "science", f"{C}_rate.fits": "background", f"{D}_rate.fits": "imprint"}},
        ),
        asn(ASN2B, "spec2", {B: {f"{B}_rate.fits": "science"}}),
        HeaderRecord(
            f"{A}_cal.fits",
            "02733",
            ASN2A,
            msametfl=MSA,
            references=(("R_FLAT", FLAT),),
            cards={"crds_ctx": "jwst_1100.pmap"},
        ),
    ]


@pytest.fixture
def spectra(slate: Slate) -> Graph:
    return slate.filled("inputs", lambda graph: load_records(graph, records()))


def names(graph: Graph, level: InputLevel, obs_id: str = L3) -> dict[str, str]:
    return {row.productFilename: row.relation for row in inputs(graph, [obs_id], level).files}


def test_calibrated_exposures(spectra: Graph) -> None:
    assert names(spectra, InputLevel.CAL) == {
        ASN3: "association",
        f"{A}_cal.fits": "composition",
        f"{B}_cal.fits": "composition",
        f"{C}_x1d.fits": "calibration",
        MSA: "msa",
    }
    assert inputs(spectra, [L3], InputLevel.CAL).runs == [Run("calwebb_spec3", ASN3)]


def test_count_rates_and_raw_exposures(spectra: Graph) -> None:
    """Below Stage 2, its associations and their members take the place of what they make."""
    roles = {A: "composition", B: "composition", C: "calibration", D: "calibration"}
    again = {ASN3: "association", ASN2A: "association", ASN2B: "association", MSA: "msa"}
    # No association of Stage 2 makes the spectrum of the background.
    again[f"{C}_x1d.fits"] = "calibration"
    for level in (InputLevel.RATE, InputLevel.UNCAL):
        assert names(spectra, level) == again | {f"{each}_{level}.fits": role for each, role in roles.items()}
    made = inputs(spectra, [L3], InputLevel.UNCAL)
    assert [note.text for note in made.files.notes if "Stage 2" in note.text] == [
        f"the Stage 2 association of {C} is not loaded, so calibrated files stand here"
    ]
    assert made.runs == [
        *(Run("calwebb_detector1", f"{each}_uncal.fits") for each in (A, C, D, B)),
        Run("calwebb_spec2", ASN2A),
        Run("calwebb_spec2", ASN2B),
        Run("calwebb_spec3", ASN3),
    ]


def test_an_association_without_a_type(graph: Graph) -> None:
    """`asn_from_list` of the pipeline writes no type; the rule says the stage."""
    made = replace(
        asn("mine.json", "", {"mine": {f"{A}_cal.fits": "science"}}), asn_type=None, asn_rule="DMS_Level3_Base"
    )
    load_records(graph, [made])
    assert names(graph, InputLevel.CAL, "mine") == {"mine.json": "association", f"{A}_cal.fits": "composition"}
    assert inputs(graph, ["mine"], InputLevel.CAL).runs == [Run(None, "mine.json")]


def test_an_exposure(spectra: Graph) -> None:
    assert set(names(spectra, InputLevel.CAL, B)) == {ASN2B, f"{B}_rate.fits", MSA}
    assert set(names(spectra, InputLevel.UNCAL, B)) == {ASN2B, f"{B}_uncal.fits", MSA}


def test_the_script(spectra: Graph, environment: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = dict.fromkeys(set(names(spectra, InputLevel.UNCAL)) - {f"{C}_x1d.fits"}, b"abc")
    with serving(content) as server:
        monkeypatch.setenv("JWGRAPH_MAST", server.url)
        made = ("export", L3, "--select", "inputs", "--from", "uncal", "--format", "curl", "-o", str(tmp_path / "f.sh"))
        done = jwgraph(*made)
        assert done.returncode == 0
        assert f"Skipped {C}_x1d.fits" in done.stderr
        subprocess.run(["sh", str(tmp_path / "f.sh"), str(tmp_path / "data")], check=True, capture_output=True)
    folder = tmp_path / "data"
    assert {path.name for path in folder.iterdir()} == {*content, "reduce.sh", "crds_jwst_1100.txt"}
    assert (folder / "crds_jwst_1100.txt").read_text() == (
        f"reference\tkeyword\tproductFilename\n{FLAT}\tR_FLAT\t{A}_cal.fits\n"
    )
    tools = tmp_path / "bin"
    tools.mkdir()
    (tools / "strun").write_text('#!/bin/sh\necho "$CRDS_CONTEXT" "$@"\n')
    (tools / "strun").chmod(0o755)
    ran = subprocess.run(
        ["sh", str(folder / "reduce.sh")],
        check=True,
        capture_output=True,
        text=True,
        env={"PATH": f"{tools}:/usr/bin:/bin", "HOME": str(tmp_path)},
    )
    runs = inputs(spectra, [L3], InputLevel.UNCAL).runs
    assert ran.stdout == "".join(f"jwst_1100.pmap {run.pipeline} {run.file}\n" for run in runs)


def test_other_formats_have_the_reference_files_too(spectra: Graph, environment: Path) -> None:
    done = jwgraph("export", L3, "--select", "inputs", "--format", "csv")
    found = {row["productFilename"]: row["relation"] for row in rows(done.stdout)}
    assert found == names(spectra, InputLevel.CAL) | {"jwst_nirspec_flat_0313.fits": "reference"}
    for form in ("manifest", "json", "prov", "dot"):
        assert jwgraph("export", L3, "--select", "inputs", "--format", form).returncode == 0


def test_what_is_not_known(spectra: Graph, environment: Path) -> None:
    done = jwgraph("export", C, "--select", "inputs", "--format", "csv")
    assert done.returncode == 3
    assert done.stderr.startswith("jwgraph: unknown: no association of")
    assert jwgraph("export", "jw02733-o009_s00001_nirspec_x", "--select", "inputs", "-f", "csv").returncode == 3
    assert jwgraph("export", L3, "--from", "rate", "--format", "csv").returncode == 2


def test_the_sample(demo: Graph) -> None:
    """Every member of the association in the file is in the list."""
    made = inputs(demo, [OBS_ID], InputLevel.CAL)
    listed = {row.productFilename for row in made.files}
    (top,) = [run.file for run in made.runs]
    document = json.loads((files("jwgraph") / "data" / "demo" / "associations" / top).read_text())
    members = {member["expname"] for product in document["products"] for member in product["members"]}
    assert members
    assert members | {top} <= listed
    raw = inputs(demo, [OBS_ID], InputLevel.UNCAL)
    assert all(run.file in {row.productFilename for row in raw.files} for run in raw.runs)


@pytest.mark.real
@pytest.mark.parametrize("pool", ["sdist_pool_013_coron_nircam_short", "jw09505_20251216t202003_pool"])
def test_every_member_of_generated_associations_is_in_the_list(graph: Graph, shared: Path, pool: str) -> None:
    """Or, below Stage 2, it is made on the way: of a file of the list, by an association of the list."""
    archive = shared / "associations" / "generated" / f"{pool}.tar.gz"
    members = {}
    makes = {}
    with tarfile.open(archive) as made:
        for entry in made:
            content = made.extractfile(entry)
            if content is not None and entry.name.endswith("_asn.json"):
                document = json.load(content)
                named = {each["expname"] for product in document["products"] for each in product["members"]}
                members[entry.name.rpartition("/")[2]] = named
                makes[entry.name.rpartition("/")[2]] = {each["name"] for each in document["products"]}
    load_paths(graph, archive)
    seen = set()
    for row, level in product(graph.read("query/observations", all=True), InputLevel):
        try:
            needed = inputs(graph, [row["obs_id"]], level)
        except NotFoundError:
            continue
        listed = {file.productFilename for file in needed.files}
        on_the_way: set[str] = set()
        for run in needed.runs:
            seen.add((run.file, level))
            assert run.pipeline is not None
            if run.file.endswith("_uncal.fits"):
                on_the_way |= {run.file.replace("_uncal", f"_{suffix}") for suffix in ("rate", "rateints")}
                continue
            lacking = members[run.file] - listed - on_the_way
            assert lacking == set(), (run, level)
            on_the_way |= {f"{name}_{suffix}.fits" for name in makes[run.file] for suffix in ("cal", "calints")}
    assert {level for _, level in seen} == set(InputLevel)


@pytest.mark.parametrize("level", InputLevel)
def test_a_download_has_the_files_of_the_export(
    level: InputLevel, spectra: Graph, environment: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JWGRAPH_CACHE", str(tmp_path / "cache"))
    wanted = ("--select", "inputs", "--from", level)
    listed = jwgraph("export", L3, *wanted, "--format", "manifest").stdout.splitlines()[1:]
    files_of = {line.split("\t")[0] for line in listed}
    with serving(dict.fromkeys(files_of, b"abc")) as server:
        monkeypatch.setenv("JWGRAPH_MAST", server.url)
        done = jwgraph("download", L3, *wanted, "-o", str(tmp_path / "here"), "--format", "csv")
        assert "fetched" in done.stdout, done.stderr
        with package.connect() as g:
            rows = g.download(L3, folder=tmp_path / "there", select="inputs", begin=level)
    assert {path.name for path in (tmp_path / "here").iterdir()} == files_of
    assert {path.name for path in (tmp_path / "there").iterdir()} == files_of
    assert {row.productFilename for row in rows if row.state == "fetched"} == files_of


def test_only_inputs_begin_with_a_level(spectra: Graph, environment: Path, tmp_path: Path) -> None:
    for command in (("download", L3, "-o", str(tmp_path)), ("export", L3, "--format", "csv")):
        done = jwgraph(*command, "--from", "rate")
        assert (done.returncode, done.stderr) == (
            2,
            "jwgraph: Only inputs begin with a level such as rate: select them.\n",
        )
    assert list(tmp_path.iterdir()) == []
