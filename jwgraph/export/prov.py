"""W3C PROV-JSON (https://www.w3.org/submissions/prov-json/): how files were made, as provenance.

Files, associations, reference files and Observations are entities. What an association makes comes of one activity,
with the association file as its plan; what follows within an exposure comes of an activity for each file. The agent
is the calibration pipeline in the version that made the file, where that is known (CAL_VER, or MAST's `prvversion`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from jwgraph.answers.products import ProductRow
from jwgraph.answers.relations import File, files
from jwgraph.store.graph import Graph

if TYPE_CHECKING:
    from prov.model import ProvDocument

Edge = dict[str, Any]
Attributes = dict[Any, Any]

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
    "productLevel",
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


def document(graph: Graph, rows: Iterable[ProductRow]) -> str:
    """Return a PROV-JSON document of files, with all that is known of how they were made of each other."""
    return serialized(files(graph, rows))


def serialized(chosen: Sequence[File]) -> str:
    """Return the PROV-JSON document of files; the same files give the same text."""
    from prov.model import ProvDocument

    made = ProvDocument(namespaces=PREFIXES)
    writer = _Writer(made, {_name("file", file["filename"]) for file in chosen})
    for file in chosen:
        writer.add(file)
    return str(made.serialize(format="json", indent=2, sort_keys=True)) + "\n"


def _name(prefix: str, name: str) -> str:
    """Write an identifier: percent-encoded, since names may hold what a qualified name may not."""
    return f"{prefix}:{quote(name, safe='')}"


class _Writer:
    """Add files to a document: each entity, activity, agent and relation once.

    Parameters
    ----------
    described
        Entities that are added with all their attributes; others get a label where they are first mentioned.
    """

    def __init__(self, made: ProvDocument, described: set[str]) -> None:
        self._made = made
        self._known = described
        self._relations: set[tuple[object, ...]] = set()

    def add(self, file: File) -> None:
        name, properties = _name("file", file["filename"]), file["properties"]
        attributes: Attributes = {f"jwst:{each}": properties.get(each) for each in _ATTRIBUTES}
        known = {key: value for key, value in attributes.items() if value is not None}
        self._made.entity(name, known | {"prov:label": file["filename"]})
        for obs_id in file["owners"]:
            owner = _name("observation", obs_id)
            if self._first(owner):
                self._made.collection(owner, {"jwst:obs_id": obs_id})
            self._relate("hadMember", owner, name)
        self._runs(name, file)

    def _runs(self, name: str, file: File) -> None:
        """Add the activities that made a file, and what each used for it."""
        edges: dict[str | None, list[Edge]] = defaultdict(list)
        for edge in sorted(file["made_of"], key=str):
            # The edges of further products of an association do not name it: they come of the same run.
            edges[edge["association"] or next(iter(file["made_by"]), None)].append(edge)
        for association in file["made_by"]:
            edges.setdefault(association, [])
        if file["references"] and not edges:
            edges[None] = []
        for number, (association, used) in enumerate(edges.items()):
            run = self._run(file, association)
            self._relate("wasGeneratedBy", name, run)
            for edge in used:
                source = _name("file", edge["file"])
                self._relate("used", run, source, role=edge["role"])
                self._relate("wasDerivedFrom", name, source, run, relation=edge["relation"])
            if number == 0:
                self._references(run, file)

    def _references(self, run: str, file: File) -> None:
        for each in sorted(file["references"], key=str):
            reference = _name("crds", each["reference"].removeprefix("crds://"))
            self._mention(reference, each["reference"])
            self._relate("used", run, reference, role=each["keyword"])

    def _run(self, file: File, association: str | None) -> str:
        run = _name("run", association or file["filename"])
        if self._first(run):
            module = _MODULES.get(file["properties"].get("productLevel") or "")
            self._made.activity(run, other_attributes={"prov:label": module} if module else {})
        plan = _name("file", association) if association else None
        if plan:
            self._mention(plan, str(association))
        self._relate("wasAssociatedWith", run, self._agent(file), plan)
        return run

    def _agent(self, file: File) -> str:
        version = file["properties"].get("cal_ver") or file["properties"].get("prvversion")
        agent = _name("agent", f"jwst-{version}" if version else "jwst")
        if self._first(agent):
            kind = self._made.valid_qualified_name("prov:SoftwareAgent")
            attributes: Attributes = {"prov:label": "JWST calibration pipeline at STScI", "prov:type": kind}
            self._made.agent(agent, attributes | ({"jwst:cal_ver": version} if version else {}))
        return agent

    def _mention(self, name: str, label: str) -> None:
        if self._first(name):
            self._made.entity(name, {"prov:label": label})

    def _first(self, name: str) -> bool:
        """Return whether something is named for the first time."""
        fresh = name not in self._known
        self._known.add(name)
        return fresh

    def _relate(self, kind: str, *ends: str | None, role: str | None = None, relation: str | None = None) -> None:
        if (kind, *ends, role, relation) in self._relations:
            return
        self._relations.add((kind, *ends, role, relation))
        more = {"prov:role": role, "jwst:relation": relation}
        given = {name: value for name, value in more.items() if value}
        getattr(self._made, kind)(*ends, **({"other_attributes": given} if given else {}))
