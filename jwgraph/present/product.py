"""What is known about one product, in labelled lines."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from jwgraph.model.columns import Column
from jwgraph.model.properties import ASSOCIATION, POOL_FILE, PRODUCT
from jwgraph.present.cells import count, readable

# Properties in milliseconds since 1970.
MOMENTS = frozenset({"new_at", "reprocessed_at", "public_at"})
_HIDDEN = frozenset({"filename", "mast_rank", "asn_rank", "header_rank", "template_patterns", "template_files"})
_MEANINGS = {
    each.name: each.sentence + (f" [{each.unit}]" if each.unit in ("byte", "d") else "")
    for each in (*ASSOCIATION, *POOL_FILE, *PRODUCT)
}


@dataclass(frozen=True, slots=True)
class Line:
    """One fact.

    Attributes
    ----------
    label
        What it is.
    text
        A value, or the name of an Observation or a file.
    remark
        More about it.
    names
        `observation` or `file` if the text is such a name.
    meaning
        What the label means, as a sentence; empty for labels that say it.
    """

    label: str
    text: str
    remark: str = ""
    names: str = ""
    meaning: str = ""


def lines(found: dict[str, Any]) -> Iterator[Line]:
    """Yield what `jwgraph.answers.products.product` returns, without its name."""
    yield from _properties(found["properties"])
    for owner in found["part_of"]:
        flag = ""
        if owner["mrp"]:
            flag = "  Minimum Recommended Product" if owner["listed"] else "  recommended within this Observation only"
        yield Line("part of", owner["obs_id"], f"(by {owner['basis']}){flag}", "observation")
    for named in found["member_of"]:
        yield Line("member of", named["association"], f"({named['exptype']})", "file")
    for made in found["produced_by"]:
        late = f"superseded by {made['superseded_by']}" if made["superseded_by"] else ""
        yield Line("made by", made["association"], late, "file")
    for name, label in (("made_of", "made from"), ("feeds", "went into"), ("linked", "linked to")):
        yield Line(label, count(found[name], "product"))


def _properties(properties: dict[str, Any]) -> Iterator[Line]:
    for name, value in sorted(properties.items()):
        if name not in _HIDDEN | MOMENTS and value not in (None, [], ""):
            text = readable(value, Column()) if isinstance(value, bool) else str(value)
            yield Line(name, text, meaning=_MEANINGS.get(name, ""))
    for name in sorted(MOMENTS & properties.keys()):
        when = datetime.fromtimestamp(properties[name] / 1000, UTC)
        text = when.isoformat(timespec="seconds").replace("+00:00", "Z")
        yield Line(name, text, meaning=_MEANINGS.get(name, ""))
