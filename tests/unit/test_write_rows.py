"""Rows that are sent as lists: their fields are in the order in which the statements take them."""

from __future__ import annotations

import re
from typing import get_args

import pytest

from jwgraph.model.records import MAST_COLUMNS, Record
from jwgraph.store import queries
from jwgraph_loaders.write.batch import KINDS
from jwgraph_loaders.write.rows import COMPARED, NAMED, OWNED, PRODUCT, REST


@pytest.mark.parametrize(
    ("statement", "pattern", "fields"),
    [
        ("write/new_products", r"row\[(?P<at>\d)\] AS (?P<name>(?!present)\w+)", PRODUCT),
        ("write/new_products", r"(?P<name>\w+): (?:CASE WHEN mast IS NULL THEN )?named\[(?P<at>\d)\]", NAMED),
        ("write/new_products", r"(?P<name>\w+): (?:CASE WHEN mast .* ELSE )?mast\[(?P<at>\d)\]", MAST_COLUMNS),
        ("write/products", r"p\.(?P<name>\w+) = mast\[(?P<at>\d)\]", MAST_COLUMNS),
        ("write/new_owners", r"(?P<name>\w+): file\[(?P<at>[1-9])\]", OWNED),
        ("write/owners", r"file\[(?P<at>\d)\] AS (?P<name>\w+)", OWNED),
    ],
)
def test_a_statement_takes_the_fields_of_a_row_in_their_order(
    statement: str, pattern: str, fields: tuple[str, ...]
) -> None:
    taken = {int(found["at"]): found["name"] for found in re.finditer(pattern, queries.get(statement).text)}
    # The key is matched, not set.
    assert {0: fields[0]} | taken == dict(enumerate(fields))


@pytest.mark.parametrize("statement", ["write/products", "internal/held_products"])
def test_a_stored_product_is_compared_by_the_fields_that_merge_into_it(statement: str) -> None:
    taken = {int(at) for at in re.findall(r"row\[(\d)\]", queries.get(statement).text)}
    assert set(range(COMPARED)) <= taken <= {*range(COMPARED), PRODUCT.index("mast")}


def test_the_other_parts_of_a_name_are_all_written() -> None:
    taken = re.findall(r"(\w+): rest\.(\w+)", queries.get("write/new_products").text)
    assert taken == [(name, name) for name in REST]


def test_every_record_class_has_a_kind() -> None:
    assert set(KINDS) == set(get_args(Record))
