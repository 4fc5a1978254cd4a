"""What an association promises: a table says which files each `asn_type` makes of a product name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from jwgraph.model.records import AsnProduct
from jwgraph.model.vocabulary import Exptype
from jwgraph.names.grammar import parse, parse_root, template_patterns
from jwgraph.names.suffixes import extension, made_stage, made_suffixes


@dataclass(frozen=True, slots=True)
class Promise:
    """The files that one product name of an association represents.

    Attributes
    ----------
    product
        The name as the association has it.
    dataset
        The Observation that owns what is made; empty for a template, and for a name without optical elements, which
        integral-field units have: each cube adds its own.
    main
        The file that is expected while nothing of the promise is archived; empty for a template.
    stage
        `2b` or `3`.
    suffixes
        Suffixes of the files that the association makes of the name.
    pattern, file_pattern
        For these, regular expressions that the datasets and the files it represents match; else empty.
    """

    product: str
    dataset: str
    main: str
    stage: str
    suffixes: tuple[str, ...]
    pattern: str = ""
    file_pattern: str = ""


def promise(asn_type: str | None, product: AsnProduct) -> Promise:
    """Return the files that an association of this type makes for a product name.

    Parameters
    ----------
    asn_type
        As the association has it, lower case; an unknown one is taken for Stage 3, unless the name is that of an
        exposure.
    product
        Name and members; the suffixes of the science members distinguish, for example, `cal` from `calints`.
    """
    root = parse_root(product.name)
    exposure = root.form == "exposure"
    main, suffixes = made_suffixes(asn_type, root.elements, _science_suffixes(product), exposure=exposure)
    stage = made_stage(asn_type, exposure=exposure)
    if root.form == "template" or (root.form == "stage3" and not root.elements):
        dataset_pattern, file_pattern = template_patterns(product.name)
        return Promise(product.name, "", "", stage, suffixes, dataset_pattern, file_pattern)
    return Promise(product.name, root.dataset, f"{root.dataset}_{main}.{extension(main)}", stage, suffixes)


def _science_suffixes(product: AsnProduct) -> Sequence[str]:
    members = [m for m in product.members if m.exptype == Exptype.SCIENCE]
    return sorted({parse(member.filename).suffix for member in members})
