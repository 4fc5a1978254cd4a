"""What a record says as properties of nodes and edges, and which of several records of one thing holds.

A rank is text that sorts: of two records of one file the greater rank holds, whole. It ends in a digest of the content,
so that the same one holds in any order.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import lru_cache
from hashlib import md5
from typing import Any

from jwgraph.model.records import (
    HEADER_CARDS,
    MAST_COLUMNS,
    OBSERVATION_COLUMNS,
    AssociationRecord,
    HeaderRecord,
    ObservationRecord,
    PlanRecord,
    ProductRecord,
)
from jwgraph.names.expected import Promise
from jwgraph.names.grammar import Name, parse, parse_root

Row = dict[str, Any]


def mast_row(record: ProductRecord, name: Name) -> tuple[str, list[Any]]:
    """Rank one MAST row of a file, and give its columns in the order of `MAST_COLUMNS`.

    Of several rows the newest processing holds, whole: by CAL_VER, then a public one (what is public stays so), then
    by the row's own text, so that it is the same one in any order. All columns are set, so that the winner leaves
    nothing of the loser. The rank is hexadecimal.
    """
    mast = [record.mast.get(column) for column in MAST_COLUMNS]
    if mast[_PRODUCT_TYPE] is None:
        mast[_PRODUCT_TYPE] = name.productType or None
    text = md5(repr(mast).encode(errors="surrogatepass"), usedforsecurity=False).hexdigest()
    public = "1" if mast[_RIGHTS] == "PUBLIC" else "0"
    return version_key(str(mast[_PRVVERSION] or "")) + public + text[:19], mast


_PRODUCT_TYPE = MAST_COLUMNS.index("productType")
_PRVVERSION = MAST_COLUMNS.index("prvversion")
_RIGHTS = MAST_COLUMNS.index("dataRights")


@lru_cache(maxsize=1024)
def version_key(version: str) -> str:
    """Make version numbers sort as text, 1.9.2 before 1.13.3: twelve digits, short enough to be kept inline."""
    numbers = [int(part[:4]) if part[:4].isdecimal() else 0 for part in version.split(".")[:3]]
    return "".join(f"{number:04d}" for number in (*numbers, 0, 0, 0)[:3])


def named_product(name: Name) -> list[Any]:
    """Properties of a Product that its name tells, and that are the same wherever it is met."""
    return [
        name.form or None,
        name.suffix or None,
        name.stage or None,
        name.calib_level,
        name.productType or None,
        name.program,
    ]


def named_rest(name: Name) -> Row | None:
    """Properties that only some forms of names tell."""
    if name.form in ("guide_star", "msa"):
        return {"visit_id": name.visit_id}
    if name.form == "association":
        return {"asn_id": name.candidate, "asn_type": name.asn_type, "version_id": name.version_id}
    return None


@lru_cache(maxsize=65536)
def named_observation(obs_id: str) -> Row:
    """Properties of an Observation that its name tells; not to be changed by the caller."""
    root = parse_root(obs_id)
    row: Row = {"obs_id": root.dataset or obs_id, "form": root.form or None, "program": root.program}
    if root.form == "exposure":
        row.update(visit_id=root.visit_id, detector=root.detector)
    return row


def association_rank(record: AssociationRecord) -> str:
    """Order the contents of one association file name: by version_id, then by digest; the greatest holds."""
    return f"{(record.version_id or '').lower()}|{record.sha256}"


def association_properties(record: AssociationRecord, name: Name, promises: Iterable[Promise]) -> Row:
    """Properties of an Association: what its file says, and the templates among its product names."""
    templates = [made for made in promises if made.pattern]
    return {
        "sha256": record.sha256,
        "asn_rank": association_rank(record),
        "asn_type": record.asn_type or name.asn_type or None,
        "asn_rule": record.asn_rule,
        "asn_id": record.asn_id or name.candidate or None,
        "version_id": record.version_id or name.version_id or None,
        "code_version": record.code_version,
        "degraded_status": record.degraded_status,
        "target": record.target,
        "program": name.program or record.program,
        "products": sorted({product.name for product in record.products}),
        "templates": [made.product for made in templates],
        "template_patterns": [made.pattern for made in templates],
        "template_files": [made.file_pattern for made in templates],
        "template_suffixes": sorted({suffix for made in templates for suffix in made.suffixes}),
    }


def _text_digest(value: Any) -> str:
    text = json.dumps(value, sort_keys=True, default=str)
    return md5(text.encode(errors="surrogatepass"), usedforsecurity=False).hexdigest()[:20]


def header_properties(record: HeaderRecord) -> Row:
    """Properties of a Product that its header tells; all are set, so that a newer header leaves nothing of an older.

    The newest processing holds: by CAL_VER, then CRDS_CTX, then DATE (when the file was made).
    """
    cards = {card.lower(): record.cards.get(card.lower()) for card in HEADER_CARDS}
    properties = cards | {
        "asntable": record.asntable,
        "asnpool": record.asnpool,
        "msametfl": record.msametfl,
        "t_min": record.t_min,
        "t_max": record.t_max,
        "proposal_id": record.program or None,
    }
    parts = (version_key(cards["cal_ver"] or ""), cards["crds_ctx"] or "", cards["date"] or "")
    rank = "|".join((*parts, _text_digest([properties, record.references])))
    return properties | {"header_rank": rank}


def header_edges(record: HeaderRecord) -> Row:
    """Rows of the edges that a header gives: references, the association that made the file, its pool, MSA metadata."""
    context = record.cards.get("crds_ctx")
    filename = record.filename
    references = [
        {"filename": filename, "keyword": keyword, "reference": reference, "context": context}
        for keyword, reference in record.references
    ]
    pool = record.asntable and record.asnpool
    return {
        "references": references,
        "associations": [_made_by(filename, record.asntable)] if record.asntable else [],
        "pools": [{"filename": record.asntable, "pool": pool, "basis": "header"}] if pool else [],
        "links": [{"filename": filename, "linked": record.msametfl}] if record.msametfl else [],
    }


def _made_by(filename: str, asntable: str) -> Row:
    name = parse(filename)
    # Stage 3 makes files of exposures too (crf): those stay at their own stage.
    stage3 = parse(asntable).asn_type.endswith("3") and name.form != "exposure"
    edge = {"product": name.dataset, "dataset": name.dataset, "stage": "3" if stage3 else name.stage, "basis": "header"}
    return {"filename": filename, "asntable": asntable, "edge": edge}


def plan_row(record: PlanRecord) -> Row:
    """Row of `write/plans`: the pool's columns on the edge."""
    edge: Row = {"asn_candidate": list(record.asn_candidate), "program": record.program or None, **record.columns}
    rank = _text_digest(edge)
    return {"pool": record.pool, "filename": record.filename, "rank": rank, "edge": edge | {"rank": rank}}


def search_row(obs_id: str, record: ObservationRecord) -> Row:
    """Row of `write/searches`: that of the highest level holds, so that planned gives way to executed."""
    properties: Row = {
        "mast_calib_level": record.calib_level,
        "proposal_id": record.program or None,
        "t_min": record.t_min,
        "t_max": record.t_max,
        "t_obs_release": record.t_obs_release,
    } | {column: record.mast.get(column) for column in OBSERVATION_COLUMNS}
    level = -2 if record.calib_level is None else record.calib_level
    # What is public stays so.
    public = int(record.mast.get("dataRights") == "PUBLIC")
    rank = f"{level + 2}|{public}|{record.t_obs_release or 0.0:012.4f}|{_text_digest(properties)}"
    return {
        "obs_id": obs_id,
        "mast_obsid": record.obsid,
        "rank": rank,
        "properties": properties | {"mast_rank": rank},
    }
