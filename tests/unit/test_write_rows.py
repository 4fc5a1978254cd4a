"""Rows that are sent as lists: their fields are in the order in which the statements take them."""

from __future__ import annotations

import re
from typing import get_args

import pytest

from jwgraph.model.records import MAST_COLUMNS, Record
from jwgraph.store import queries
from jwgraph_loaders.write.batch import KINDS
from jwgraph_loaders.write.nodes import FILE_FIELDS, NAMED, PRODUCT_FIELDS


@pytest.mark.parametrize(
    ("statement", "pattern", "fields"),
    [
        ("write/products", r"row\[(?P<at>\d)\] AS (?P<name>\w+)", PRODUCT_FIELDS),
        ("write/products", r"p\.(?P<name>\w+) = named\[(?P<at>\d)\]", NAMED),
        ("write/products", r"p\.(?P<name>\w+) = mast\[(?P<at>\d)\]", MAST_COLUMNS),
        ("write/observations", r"file\[(?P<at>\d)\] AS (?P<name>\w+)", FILE_FIELDS),
    ],
)
def test_a_statement_takes_the_fields_of_a_row_in_their_order(
    statement: str, pattern: str, fields: tuple[str, ...]
) -> None:
    taken = {int(found["at"]): found["name"] for found in re.finditer(pattern, queries.get(statement).text)}
    assert taken == dict(enumerate(fields))


def test_every_record_class_has_a_kind() -> None:
    assert set(KINDS) == set(get_args(Record))
