"""Products expected from an association: a table lists the files that each `asn_type` makes for a product name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from jwgraph.names.grammar import Name, parse, parse_root, template_patterns
from jwgraph.names.suffixes import extension, made_level, made_suffixes


@dataclass(frozen=True, slots=True)
class Promise:
    """The files that one product name of an association represents.

    Attributes
    ----------
    product
        The name as the association has it.
    program
        Five digits, or empty where the name has none.
    obs_id
        The Observation that owns the products; empty for a template, and for a name without optical elements, as for
        integral-field units, where each cube adds its own.
    main
        The file that is expected while nothing of the promise is archived; None for a template.
    product_level
        `2b` or `3`.
    suffixes
        Suffixes of the files that the association makes for the product name.
    pattern, file_pattern
        For templates and names without optical elements, regular expressions for the Observations and files that the
        name represents; else empty.
    """

    product: str
    program: str
    obs_id: str
    main: Name | None
    product_level: str
    suffixes: tuple[str, ...]
    pattern: str = ""
    file_pattern: str = ""


def promise(asn_type: str | None, product: str, science: Sequence[str], asn_rule: str | None = None) -> Promise:
    """Return the files that an association of this type makes for a product name.

    Parameters
    ----------
    asn_type
        Type as in the association, lower case; an unknown type is treated as Stage 3, unless the product name is an
        exposure name.
    product
        The name.
    science
        Suffixes of the science members, sorted; they distinguish, for example, `cal` from `calints`.
    asn_rule
        The rule that generated the association; it distinguishes what product names do not.
    """
    root = parse_root(product)
    exposure = root.form == "exposure"
    main, suffixes = made_suffixes(asn_type, root.elements, science, exposure=exposure, asn_rule=asn_rule)
    level = made_level(asn_type, exposure=exposure)
    if root.form == "template" or (root.form == "stage3" and not root.elements):
        obs_id_pattern, file_pattern = template_patterns(product)
        return Promise(product, root.program, "", None, level, suffixes, obs_id_pattern, file_pattern)
    file = parse(f"{root.obs_id}_{main}.{extension(main)}")
    return Promise(product, root.program, root.obs_id, file, level, suffixes)
