"""What an association promises: a table says which files each `asn_type` makes of a product name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from jwgraph.model import AsnProduct, Exptype
from jwgraph.names import parse, parse_root, template_regex
from jwgraph.suffixes import extension, made_suffixes, made_stage


@dataclass(frozen=True, slots=True)
class Promise:
    """What one product of an association stands for.

    Attributes
    ----------
    product
        The name as the association has it.
    dataset
        The Observation that owns what is made; empty for a template.
    main
        The file that is expected while nothing of the promise is archived; empty for a template.
    stage
        `2b` or `3`.
    suffixes
        Suffixes of the files that the association makes of the name.
    pattern
        For a template, the regular expression that the datasets it stands for match; else empty.
    """

    product: str
    dataset: str
    main: str
    stage: str
    suffixes: tuple[str, ...]
    pattern: str


def promise(asn_type: str | None, product: AsnProduct) -> Promise:
    """Tell what an association of this type makes of a product name.

    Parameters
    ----------
    asn_type
        As the association has it, lower case; an unknown one is taken for Stage 3, unless the name is that of an
        exposure.
    product
        Name and members; the suffixes of the science members tell, for example, `cal` from `calints`.
    """
    science = _science_suffixes(product)
    main, suffixes = made_suffixes(asn_type, product.name, science)
    stage = made_stage(asn_type, product.name)
    if "{" in product.name:
        return Promise(product.name, "", "", stage, suffixes, template_regex(product.name).pattern)
    root = parse_root(product.name)
    file = f"{root.dataset}_{main}.{extension(main)}"
    return Promise(product.name, root.dataset, file, stage, suffixes, "")


def _science_suffixes(product: AsnProduct) -> Sequence[str]:
    members = [m for m in product.members if m.exptype == Exptype.SCIENCE]
    return sorted({parse(member.filename).suffix for member in members})
