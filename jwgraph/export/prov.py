"""W3C PROV-JSON (https://www.w3.org/submissions/prov-json/): how files were made, as provenance.

Files, associations, reference files and Observations are entities. What an association makes comes of one activity,
with the association file as its plan; what follows within an exposure comes of an activity for each file. The agent
is the calibration pipeline in the version that made the file, where that is known (CAL_VER, or MAST's `prvversion`).
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from jwgraph.answers.products import ProductRow
from jwgraph.answers.relations import File, files
from jwgraph.store.graph import Graph

PREFIXES = {
    "file": "mast:JWST/product/",
    "crds": "crds://",
    "observation": "urn:jwgraph:observation:",
    "run": "urn:jwgraph:run:",
    "agent": "urn:jwgraph:agent:",
    "jwst": "urn:jwgraph:jwst:",
}

# Properties of a Product that an entity has, by MAST's names and header cards.
_ATTRIBUTES = (
    "dataURI",
    "size",
    "productType",
    "calib_level",
    "stage",
    "suffix",
    "archived",
    "prvversion",
    "cal_ver",
    "crds_ctx",
    "exp_type",
    "date",
)

# The pipeline module that makes a stage; see https://jwst-pipeline.readthedocs.io, *Pipeline Stages*.
_MODULES = {"2a": "calwebb_detector1", "2b": "calwebb stage 2", "2c": "calwebb stage 3", "3": "calwebb stage 3"}

Document = dict[str, dict[str, Any]]


def document(graph: Graph, rows: Iterable[ProductRow]) -> str:
    """Return a PROV-JSON document of files, with all that is known of how they were made of each other."""
    made: Document = defaultdict(dict)
    made["prefix"] = dict(PREFIXES)
    for file in files(graph, rows):
        _entity(made, file)
        _runs(made, file)
    return json.dumps(made, indent=2, sort_keys=True) + "\n"


def _name(prefix: str, name: str) -> str:
    """Write an identifier: percent-encoded, since names may hold what a qualified name may not."""
    return f"{prefix}:{quote(name, safe='')}"


def _entity(made: Document, file: File) -> None:
    properties = file["properties"]
    name = _name("file", file["filename"])
    told = {f"jwst:{each}": properties[each] for each in _ATTRIBUTES if properties.get(each) is not None}
    made["entity"][name] = {"prov:label": file["filename"], **told}
    for obs_id in file["owners"]:
        owner = _name("observation", obs_id)
        made["entity"].setdefault(owner, {"prov:type": _qualified("prov:Collection"), "jwst:obs_id": obs_id})
        _relate(made, "hadMember", {"prov:collection": owner, "prov:entity": name})


def _qualified(name: str) -> dict[str, str]:
    return {"$": name, "type": "prov:QUALIFIED_NAME"}


def _runs(made: Document, file: File) -> None:
    """Tell the activities that made a file, and what each used for it."""
    name = _name("file", file["filename"])
    edges = defaultdict(list)
    for edge in file["made_of"]:
        # What an association makes after its main file is told without it: it comes of the same run.
        edges[edge["association"] or next(iter(file["made_by"]), None)].append(edge)
    for association in file["made_by"]:
        edges.setdefault(association, [])
    if file["references"] and not edges:
        edges[None] = []
    for number, (association, used) in enumerate(edges.items()):
        run = _run(made, file, association)
        _relate(made, "wasGeneratedBy", {"prov:entity": name, "prov:activity": run})
        for edge in used:
            source = _name("file", edge["file"])
            role = {"prov:role": edge["role"]} if edge["role"] else {}
            _relate(made, "used", {"prov:activity": run, "prov:entity": source, **role})
            derived = {"prov:generatedEntity": name, "prov:usedEntity": source, "prov:activity": run}
            _relate(made, "wasDerivedFrom", derived | {"jwst:relation": edge["relation"]})
        if number == 0:
            _references(made, file, run)


def _references(made: Document, file: File, run: str) -> None:
    for each in file["references"]:
        reference = _name("crds", each["reference"].removeprefix("crds://"))
        made["entity"].setdefault(reference, {"prov:label": each["reference"]})
        role = {"prov:role": each["keyword"]} if each["keyword"] else {}
        _relate(made, "used", {"prov:activity": run, "prov:entity": reference, **role})


def _run(made: Document, file: File, association: str | None) -> str:
    run = _name("run", association or file["filename"])
    module = _MODULES.get(file["properties"].get("stage") or "")
    made["activity"].setdefault(run, {"prov:label": module} if module else {})
    agent = _agent(made, file)
    told = {"prov:activity": run, "prov:agent": agent}
    if association:
        plan = _name("file", association)
        made["entity"].setdefault(plan, {"prov:label": association})
        told["prov:plan"] = plan
    _relate(made, "wasAssociatedWith", told)
    return run


def _agent(made: Document, file: File) -> str:
    version = file["properties"].get("cal_ver") or file["properties"].get("prvversion")
    agent = _name("agent", f"jwst-{version}" if version else "jwst")
    told = {"jwst:cal_ver": version} if version else {}
    label = {"prov:label": "JWST calibration pipeline at STScI", "prov:type": _qualified("prov:SoftwareAgent")}
    made["agent"].setdefault(agent, {**label, **told})
    return agent


def _relate(made: Document, kind: str, told: dict[str, str]) -> None:
    """Add a relation, once: its identifier is made of what it tells, so that the same graph gives the same text."""
    made[kind].setdefault("_:" + quote(kind + "|" + "|".join(told.values()), safe=""), told)
