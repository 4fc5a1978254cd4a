"""Exports of Observations: other programs read them, and they have what the graph has."""

from __future__ import annotations

import io
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import networkx as nx
import pytest
from astropy.io.votable import parse
from astropy.table import Table
from prov.model import ProvDocument
from pyvo.dal.adhoc import DatalinkResults

import jwgraph as library
from jwgraph.answers import products
from jwgraph.answers.lineage import lineage as find_lineage
from jwgraph.answers.selection import select
from jwgraph.demo import OBS_ID, load_demo
from jwgraph.errors import RefusedError, UsageError
from jwgraph.export import datalink
from jwgraph.export.dot import picture
from jwgraph.export.forms import Form
from jwgraph.export.prov import document
from jwgraph.model.records import LinkRecord, ProductRecord, ReferenceRecord
from jwgraph.model.vocabulary import Selection
from jwgraph.store.graph import Graph
from tests.support.builders import asn
from tests.support.cli import jwgraph, rows
from tests.support.store import Slate, load_records

L3 = "jw02733-o001_t001_nircam_clear-f090w"
OTHER = "jw02733-o002_t001_nircam_clear-f090w"
A = "jw02733001001_02101_00001_nrca1"
B = "jw02733001001_02101_00002_nrca1"
TA = "jw02733001001_02101_00003_nrca1"
ASN2 = "jw02733-o001_20220710t161010_image2_00001_asn.json"
ASN3 = "jw02733-o001_20220710t161010_image3_00001_asn.json"
GUIDE = "jw02733001001_gs-track_2022190052033_cal.fits"
FLAT, DARK = "crds://jwst_nircam_flat_0313.fits", "crds://jwst_nircam_dark_0043.fits"


def listed(obs_id: str, *ends: str, **mast: str) -> list[ProductRecord]:
    """Return rows of a MAST list."""
    found = []
    for end in ends:
        columns: dict[str, str | int | None] = {"dataURI": f"mast:JWST/product/{obs_id}_{end}", "size": 10, **mast}
        found.append(ProductRecord(f"{obs_id}_{end}", obs_id, mast=columns))
    return found


def votable(graph: Graph, obs_ids: list[str]) -> str:
    """Return the DataLink table of Observations, as the export writes it."""
    found = datalink.links_of(graph, obs_ids)
    return datalink.serialized(found, found.notes)


def fill(graph: Graph) -> None:
    load_records(
        graph,
        [
            *listed(L3, "i2d.fits", "cat.ecsv", dataRights="PUBLIC"),
            *listed(L3, "i2d.jpg", productType="PREVIEW"),
            *listed(A, "uncal.fits", "rate.fits", "cal.fits", prvversion="1.8.2"),
            *listed(A, "cal.jpg", productType="PREVIEW"),
            *listed(B, "uncal.fits", "rate.fits", "rateints.fits"),
            *listed(TA, "uncal.fits"),
            ProductRecord(GUIDE),
            ProductRecord(ASN3),
            asn(ASN2, "image2", {B: {f"{A}_rate.fits": "background", f"{B}_rate.fits": "science"}}),
            asn(
                ASN3,
                "image3",
                {L3: {f"{A}_cal.fits": "science", f"{B}_cal.fits": "science", f"{TA}_cal.fits": "target_acquisition"}},
            ),
            ReferenceRecord(f"{A}_cal.fits", "R_FLAT", FLAT, "jwst_0955.pmap"),
            ReferenceRecord(f"{A}_rate.fits", "R_DARK", DARK),
            LinkRecord("chart.pdf", L3, "finding_chart"),
        ],
    )


@pytest.fixture
def loaded(slate: Slate) -> Graph:
    return slate.filled(__name__, fill)


def names(found: list[products.ProductRow]) -> set[str]:
    return {row.productFilename for row in found}


def test_what_is_chosen(loaded: Graph) -> None:
    tree = {row.productFilename: row for row in products.tree(loaded, L3)}
    assert names(select(loaded, [L3], Selection.TREE)) == set(tree)
    assert names(select(loaded, [L3], Selection.MRP)) == names(products.mrp(loaded, L3))
    assert names(select(loaded, [L3], Selection.OWN)) >= {f"{L3}_i2d.fits", f"{L3}_cat.ecsv", f"{L3}_i2d.jpg", ASN3}
    assert not any(A in name for name in names(select(loaded, [L3], Selection.OWN)))
    assert names(select(loaded, [L3], Selection.LINKED)) == {f"{L3}_i2d.jpg", f"{A}_cal.jpg", GUIDE, "chart.pdf"}
    lineage = {each.productFilename for each in find_lineage(loaded, f"{L3}_i2d.fits", up=True)}
    own = names(select(loaded, [L3], Selection.OWN)) - {f"{L3}_i2d.jpg"}
    assert lineage == {f"{x}_{end}.fits" for x in (A, B) for end in ("uncal", "rate", "cal")}
    assert names(select(loaded, [L3], Selection.LINEAGE)) == lineage | own


def test_several_observations_give_each_file_once(loaded: Graph) -> None:
    found = [row.productFilename for row in select(loaded, [L3, A, L3.upper(), L3], Selection.TREE)]
    assert len(found) == len(set(found))
    assert set(found) == names(products.tree(loaded, L3)) | names(products.tree(loaded, A))
    # Selection is recommended in one of them is recommended.
    assert {row.productFilename for row in select(loaded, [L3, A], Selection.TREE) if row.mrp} == {
        row.productFilename for obs_id in (L3, A) for row in products.mrp(loaded, obs_id)
    }


# --- DataLink ---


def the_graph(graph: Graph) -> nx.MultiDiGraph:
    """Return the store as the digest has it."""
    made = nx.MultiDiGraph()
    for row in graph.stream("internal/nodes"):
        if row["labels"] == ["Load"]:
            continue
        key = next(row["properties"][k] for k in ("filename", "obs_id", "name", "program") if k in row["properties"])
        made.add_node(key, labels=row["labels"], **{f"p_{k}": v for k, v in row["properties"].items()})
    for row in graph.stream("internal/edges"):
        made.add_edge(
            row["start"], row["end"], row["type"] + json.dumps(row["properties"], sort_keys=True, default=str)
        )
    return made


def independent(store: nx.MultiDiGraph, obs_id: str) -> dict[str, str]:
    """Compute the semantics of every file by walks of the whole store."""

    def pick(kind: str, has: str = "") -> list[tuple[str, str]]:
        return [(a, b) for a, b, key in store.edges(keys=True) if key.startswith(kind + "{") and has in key]

    def shown(name: str) -> bool:
        node = store.nodes[name]
        return bool(node.get("p_present") or node.get("p_expected"))

    made_of = nx.DiGraph(pick("COMPOSED_OF"))
    made_of.add_nodes_from(store)
    about = {"association", "pool", "guide_star", "msa"}
    own = {a for a, b in pick("PART_OF") if b == obs_id and shown(a)}
    this = {a for a, b in pick("PART_OF", '"mrp": true') if b == obs_id and store.nodes[a]["p_form"] not in about}
    up = set().union(*(nx.descendants(made_of, x) for x in this))
    down = set().union(*(nx.ancestors(made_of, x) for x in this))
    preview = {a for a in own if store.nodes[a].get("p_productType") == "PREVIEW"}
    preview |= {a for a, b in pick("LINKED_TO", '"preview"') if b in own | {obs_id}}
    included = {b for a, b in pick("INCLUDES") if a == obs_id}
    targets = {b for a, b in pick("INCLUDES", "target_acquisition") if a == obs_id}
    first = {a for a, b in pick("PART_OF") if b in targets and store.nodes[a].get("p_productType") != "PREVIEW"}
    linked = {a for a, b in pick("LINKED_TO") if b in own | included | {obs_id}} - {
        a for a, b in pick("LINKED_TO", '"preview"') if b in included
    }
    auxiliary = first | linked | {a for a in own if store.nodes[a]["p_form"] in about}
    applied = {b for a, b in pick("CALIBRATED_WITH") if a in this | up}
    applicable = {b for a, b in pick("CALIBRATED_WITH") if a in down}
    runs = {a for a, b in pick("PRODUCES") if b in this and "p_superseded_by" not in store.nodes[a]}
    beside = {b for a, b in pick("PRODUCES") if a in runs} | own
    found: dict[str, str] = {}
    for term, group in (
        ("#this", this),
        ("#progenitor", up),
        ("#derivation", down),
        ("#preview", preview),
        ("#auxiliary", auxiliary),
        ("#coderived", beside),
    ):
        for name in filter(shown, group):
            found.setdefault(name, term)
    return found | dict.fromkeys([*applicable, *applied], "#calibration")


def read_links(text: str) -> DatalinkResults:
    return DatalinkResults(parse(io.BytesIO(text.encode()), verify="exception"))


@pytest.mark.parametrize("obs_id", [L3, A, B, TA])
def test_datalink_has_what_the_graph_has(loaded: Graph, obs_id: str) -> None:
    found = read_links(votable(loaded, [obs_id]))
    semantics = {row["description"]: row.semantics for row in found}
    assert semantics == independent(the_graph(loaded), obs_id)
    assert {row["ID"] for row in found} == {obs_id}
    for term in datalink.ORDER:
        expected = sum(each == term for each in semantics.values())
        assert len(list(found.bysemantics(term, include_narrower=False))) == expected


def test_datalink_says_this(loaded: Graph) -> None:
    found = {row["description"]: row for row in read_links(votable(loaded, [L3]))}
    terms = {name: row.semantics for name, row in found.items()}
    assert {name for name, term in terms.items() if term == "#this"} == {f"{L3}_i2d.fits", f"{L3}_cat.ecsv"}
    assert terms[f"{A}_uncal.fits"] == "#progenitor"
    assert terms[FLAT] == terms[DARK] == "#calibration"
    assert terms[f"{TA}_uncal.fits"] == terms[GUIDE] == terms[ASN3] == terms["chart.pdf"] == "#auxiliary"
    assert terms[f"{L3}_i2d.jpg"] == "#preview"
    i2d = found[f"{L3}_i2d.fits"]
    assert i2d.access_url.endswith(f"/api/v0.1/Download/file?uri=mast%3AJWST%2Fproduct%2F{L3}_i2d.fits")
    assert (i2d.content_type, int(i2d.content_length), i2d["content_qualifier"]) == ("application/fits", 10, "#image")
    assert i2d["link_auth"] == "false"
    assert found[FLAT].access_url.endswith("/jwst_nircam_flat_0313.fits")
    assert found[FLAT]["local_semantics"] == "reference:R_FLAT"
    expected = found[f"{B}_cal.fits"]
    assert (expected["access_url"], expected["error_message"][:13]) == ("", "NotFoundFault")


def test_datalink_of_raw_files_has_what_can_calibrate_them(loaded: Graph) -> None:
    terms = {row["description"]: row.semantics for row in read_links(votable(loaded, [TA, A]))}
    assert terms[f"{L3}_i2d.fits"] == "#derivation"
    assert terms[FLAT] == "#calibration"
    load_records(loaded, [*listed(OTHER, "i2d.fits"), ReferenceRecord(f"{L3}_i2d.fits", "R_AREA", "crds://area.fits")])
    terms = {row["description"]: row.semantics for row in read_links(votable(loaded, [A]))}
    assert terms["crds://area.fits"] == "#calibration"


def test_datalink_of_the_demo(graph: Graph) -> None:
    load_demo(graph)
    found = Counter(link.semantics for link in datalink.links(graph, OBS_ID))
    assert found == Counter(independent(the_graph(graph), OBS_ID).values())
    assert found["#this"] and found["#progenitor"] and found["#auxiliary"]  # noqa: PT018


# --- PROV and pictures ---


def provenance(graph: Graph, what: Selection = Selection.LINEAGE) -> tuple[ProvDocument, dict[str, Any]]:
    text = document(graph, select(graph, [L3], what))
    found = ProvDocument.deserialize(content=text, format="json")
    return found, json.loads(text)


def test_prov_reads_it(loaded: Graph) -> None:
    found, text = provenance(loaded)
    again = ProvDocument.deserialize(content=found.serialize(format="json"), format="json")
    assert again == found
    derived = {(r["prov:generatedEntity"], r["prov:usedEntity"]) for r in text["wasDerivedFrom"].values()}
    chosen = names(select(loaded, [L3], Selection.LINEAGE))
    assert derived == {
        (f"file:{row['start']}", f"file:{row['end']}")
        for row in loaded.stream("internal/edges")
        if row["type"] == "COMPOSED_OF" and {row["start"], row["end"]} <= chosen
    }
    labels = {each["prov:label"] for each in text["entity"].values() if "prov:label" in each}
    assert labels == chosen | {FLAT, DARK, ASN2, ASN3}
    assert f"observation:{L3}" in text["entity"]
    roles = {(u["prov:entity"], u.get("prov:role")) for u in text["used"].values()}
    assert (f"file:{A}_rate.fits", "background") in roles
    assert ("crds:jwst_nircam_flat_0313.fits", "R_FLAT") in roles
    assert {each.get("prov:plan") for each in text["wasAssociatedWith"].values()} == {
        None,
        f"file:{ASN2}",
        f"file:{ASN3}",
    }
    assert text["agent"]["agent:jwst-1.8.2"]["jwst:cal_ver"] == "1.8.2"
    assert text["activity"][f"run:{A}_rate.fits"] == {"prov:label": "calwebb_detector1"}
    members = {(m["prov:collection"], m["prov:entity"]) for m in text["hadMember"].values()}
    assert (f"observation:{L3}", f"file:{L3}_i2d.fits") in members
    assert found.get_record(f"file:{L3}_i2d.fits")[0].get_attribute("jwst:size") == {10}


def test_prov_names_only_what_is_chosen(loaded: Graph) -> None:
    _, text = provenance(loaded, Selection.MRP)
    files = {each["prov:label"] for name, each in text["entity"].items() if name.startswith("file:")}
    assert files == names(products.mrp(loaded, L3)) | {ASN3}
    assert {each["prov:usedEntity"] for each in text["wasDerivedFrom"].values()} == {f"file:{L3}_i2d.fits"}


def test_a_picture_has_a_frame_for_each_dataset(loaded: Graph) -> None:
    found = select(loaded, [L3], Selection.LINEAGE)
    text = picture(loaded, found)
    assert text == picture(loaded, list(reversed(found)))
    assert set(re.findall(r'label="(jw[^"]*)";', text)) == {L3, A, B}
    boxes = dict(re.findall(r'^ +(n\d+) \[label="([^"]*)"', text, re.MULTILINE))
    assert set(boxes.values()) == names(found)
    arrows = {(boxes[a], boxes[b]) for a, b in re.findall(r"(n\d+) -> (n\d+) \[label", text)}
    assert arrows == {
        (row["end"], row["start"])
        for row in loaded.stream("internal/edges")
        if row["type"] == "COMPOSED_OF" and {row["start"], row["end"]} <= names(found)
    }
    assert text.count("{") == text.count("}") == 4


# --- the command ---


def test_the_command(loaded: Graph, environment: Path, tmp_path: Path) -> None:
    done = jwgraph("export", L3, "--format", "csv", "--select", "tree")
    assert (done.returncode, done.stderr) == (0, "")
    assert {row["productFilename"] for row in rows(done.stdout)} == names(products.tree(loaded, L3))
    assert done.stdout.splitlines()[0] == jwgraph("tree", L3, "--format", "csv").stdout.splitlines()[0]
    target = tmp_path / "out.ecsv"
    assert jwgraph("export", L3, "--format", "ecsv", "--output", str(target)).returncode == 0
    made = Table.read(target)
    assert set(made["productFilename"]) == names(products.mrp(loaded, L3))
    assert str(made["size"].unit) == "byte"
    before = target.read_bytes()
    refused = jwgraph("export", L3, "--format", "csv", "--output", str(target))
    assert (refused.returncode, "--force" in refused.stderr, target.read_bytes()) == (5, True, before)
    assert jwgraph("export", L3, "--format", "csv", "-o", str(target), "--force").returncode == 0
    assert target.read_bytes() != before
    assert [path.name for path in tmp_path.iterdir()] == ["out.ecsv"]


def test_every_form_is_written(loaded: Graph, environment: Path) -> None:
    heads = {
        "curl": "#!/bin/sh\n",
        "manifest": "productFilename\tsize\tdataURI\turl\n",
        "json": "{\n",
        "votable": "<?xml",
        "datalink": "<?xml",
        "prov": "{\n",
        "dot": "digraph",
    }
    for form, head in heads.items():
        done = jwgraph("export", L3, A, "--format", form)
        assert (done.returncode, done.stdout[: len(head)]) == (0, head)


def test_what_cannot_be_fetched_is_named(loaded: Graph, environment: Path) -> None:
    done = jwgraph("export", L3, "--format", "curl", "--select", "tree")
    assert done.returncode == 0
    assert f"get {L3}_i2d.fits " in done.stdout
    assert f"{B}_cal.fits" not in done.stdout
    assert ": not archived, or without a usable address." in done.stderr


def test_what_is_refused(loaded: Graph, environment: Path, tmp_path: Path) -> None:
    for arguments, code in (
        (("export", L3), 2),
        (("export", "--format", "csv"), 2),
        (("export", L3, "--format", "xml"), 2),
        (("export", L3, "--format", "datalink", "--select", "mrp"), 2),
        (("export", "nothing", "--format", "csv"), 3),
        (("export", "nothing", "--format", "datalink"), 3),
        (("export", L3, "--format", "csv", "-o", str(tmp_path / "no" / "x")), 2),
    ):
        done = jwgraph(*arguments)
        assert (done.returncode, done.stdout) == (code, ""), arguments
    assert jwgraph("export", L3, "--format", "curl", JWGRAPH_MAST="http://mast.stsci.edu").returncode == 2


def test_python_exports_what_the_command_line_does(
    loaded: Graph, environment: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with library.connect() as g:
        for form in Form:
            arguments = ("export", L3, "--format", form)
            assert g.export(L3, form=form) == jwgraph(*arguments).stdout
        assert g.export(L3, form="csv", select="tree", suffix="cal") == (
            jwgraph("export", L3, "--format", "csv", "--select", "tree", "--suffix", "cal").stdout
        )
        assert g.export(program=2733, level3=True, form="manifest") == (
            jwgraph("export", "--program", "2733", "--level3", "--format", "manifest").stdout
        )
        capsys.readouterr()
        assert g.export(L3, form="csv", suffix="x1d").count("\n") == 1
        assert "matches suffix='x1d'" in capsys.readouterr().err
        script = tmp_path / "fetch.sh"
        assert g.export(L3, form="curl", file=script) == script.read_text()
        assert script.stat().st_mode & 0o100
        with pytest.raises(RefusedError, match="force=True"):
            g.export(L3, form="curl", file=script)
        assert g.export(L3, form="csv", file=script, force=True) == script.read_text()
        refused: list[tuple[dict[str, Any], str]] = [
            ({"form": "pdf"}, "form is one of curl, manifest"),
            ({"form": "csv", "select": "all"}, "select is one of mrp, tree"),
            ({"form": "csv", "begin": "rate"}, "Only inputs begin with a level"),
            ({"form": "csv", "select": "inputs", "begin": "raw"}, "begin is one of uncal, rate, cal"),
            ({"form": "datalink", "select": "mrp"}, "remove the selection"),
            ({"form": "datalink", "suffix": "cal"}, "remove the filters"),
        ]
        for given, says in refused:
            with pytest.raises(UsageError, match=says):
                g.export(L3, **given)
