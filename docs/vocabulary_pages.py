"""The reference pages of the vocabulary and of suffixes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from docs.markdown import NOTE, table
from jwgraph.model.properties import Property
from jwgraph.model.vocabulary import (
    BASES,
    EDGES,
    LABELS,
    MRP_RULES,
    RELATIONS,
    ROLE_RELATION,
    TABLE_RELATIONS,
    Exptype,
    Reason,
)
from jwgraph.names import suffixes

# Properties in a pattern; the table below it has all of them.
SHOWN_PROPERTIES = 6


def vocabulary() -> str:
    """Return the page of the vocabulary, from `jwgraph/model/vocabulary.py`."""
    return "\n".join([*_graph(), *_words()])


def _graph() -> Iterator[str]:
    yield "# Vocabulary\n"
    yield NOTE
    yield "Every label, relationship, property, relation and role. [The graph](../graph.md) explains them.\n"
    yield "## Labels\n"
    yield table(("label", "key", "what it is"), [(f"`{each.name}`", f"`{each.key}`", each.sentence) for each in LABELS])
    yield "## Relationships\n"
    yield table(
        ("relationship", "from", "to", "meaning"),
        [(f"`{e.name}`", _code(e.start.split("|")), _code(e.end.split("|")), e.sentence) for e in EDGES],
    )
    yield "As patterns in Cypher, with their properties:\n"
    patterns = [f"(:{edge.start})-[:{edge.name}{_properties(edge.properties)}]->(:{edge.end})" for edge in EDGES]
    yield "```\n" + "\n".join(patterns) + "\n```\n"
    yield "## Properties of nodes\n"
    yield "Derived properties are set by the steps in `cypher/derive`, all others by loaders.\n"
    for label in (each for each in LABELS if each.properties):
        yield f"### {label.name}\n"
        yield _propertytable(label.properties)
    yield "## Properties of relationships\n"
    for edge in (each for each in EDGES if each.properties):
        yield f"### {edge.name}\n"
        yield _propertytable(edge.properties)


def _code(names: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _properties(properties: Sequence[Property]) -> str:
    names = [each.name for each in properties]
    shown = names if len(names) <= SHOWN_PROPERTIES else [*names[:SHOWN_PROPERTIES], "…"]
    return f" {{{', '.join(shown)}}}" if shown else ""


def _propertytable(properties: Sequence[Property]) -> str:
    return table(
        ("property", "type", "unit", "derived", "meaning"),
        [(f"`{p.name}`", p.type, p.unit, "yes" if p.derived else "", p.sentence) for p in properties],
    )


def _words() -> Iterator[str]:
    yield "## Basis\n"
    yield "The property `basis`: how an edge is known.\n"
    yield table(("basis", "source"), [(f"`{name}`", sentence) for name, sentence in BASES.items()])
    yield "## Relations\n"
    yield (
        "The property `relation` of `COMPOSED_OF` and `LINKED_TO`, and the column of that name. The family is that of\n"
        "the archive's page *Data Product Linkages*: a product is associated with an Observation, linked to it, or "
        "neither.\n"
    )
    yield table(
        ("relation", "family", "meaning"),
        [(f"`{name}`", str(rule.family), rule.sentence) for name, rule in RELATIONS.items()],
    )
    yield f"A table of links may have the relations {_code(TABLE_RELATIONS)}.\n"
    yield "## Roles\n"
    yield (
        "The `exptype` of a member, and its relation to the product. A `science` member is a composition where Stage\n"
        "3 makes the product, and an antecedent where Stage 2 does. Roles without a relation make no `COMPOSED_OF`\n"
        "edge; the exposure is still included in the Observation.\n"
    )
    yield table(
        ("exptype", "relation"),
        [(f"`{role}`", f"`{ROLE_RELATION[role]}`" if role in ROLE_RELATION else "") for role in Exptype],
    )
    yield "## Reasons\n"
    yield "Why an expected product is not there (`jwgraph missing`). [Answers](../answers.md) gives the evidence.\n"
    yield table(("name", "reason"), [(f"`{each.name}`", each.value) for each in Reason])
    yield "## Recommendation rules\n"
    yield (
        "The property `mrp_rule` of `PART_OF`: why a file is one of the Minimum Recommended Products of its\n"
        "Observation, or is not. [The graph](../graph.md#minimum-recommended-products) has the rule and its evidence.\n"
    )
    yield table(
        ("code", "recommended", "because"),
        [(f"`{code}`", "yes" if rule.recommended else "no", rule.sentence) for code, rule in MRP_RULES.items()],
    )


def suffix_page() -> str:
    """Return the page of suffixes, from `jwgraph/names/suffixes.csv`."""
    rows = list(suffixes.suffixes().values())
    parts = [
        "# Suffixes\n",
        NOTE,
        "Some suffixes, such as i2d, s2d, s3d, x1d, cal and crf, exist at Stage 2 and at Stage 3: the form of the\n"
        "name and the suffix together give the level. The table is `jwgraph/names/suffixes.csv`, with the source of "
        "each line.\n",
    ]
    for title, forms in (
        ("Exposures", ("exposure",)),
        ("Stage 3", ("stage3",)),
        ("Guide stars, MSA, associations and pools", ("guide_star", "msa", "association", "pool")),
    ):
        parts += [
            f"## {title}\n",
            table(
                ("form", "suffix", "productLevel", "calib_level", "type", "what it is", "made from"),
                [
                    (
                        row.form,
                        f"`{row.suffix}`",
                        row.product_level,
                        "by type" if row.calib_level is None else str(row.calib_level),
                        row.productType,
                        row.kind,
                        ", ".join(row.made_from),
                    )
                    for row in rows
                    if row.form in forms
                ],
            ),
        ]
    parts.append(
        "A preview has the level of the file that it shows. An association has calib_level 3 if its type ends in 3,\n"
        "else 2.\n"
    )
    return "\n".join(parts)
