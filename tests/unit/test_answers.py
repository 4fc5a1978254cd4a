"""Every column of every answer is described once, and all that prints an answer reads that."""

from __future__ import annotations

import pkgutil
from dataclasses import dataclass, fields, is_dataclass
from importlib import import_module
from typing import Annotated, Any

import pytest
from astropy import units
from astropy.io.votable.ucd import check_ucd

import jwgraph.answers
from docs import generate
from jwgraph.answers.catalogue import ANSWERS
from jwgraph.answers.events import EventRow
from jwgraph.answers.lineage import LineageRow
from jwgraph.answers.products import FileRow, LinkRow, ProductRow
from jwgraph.model.columns import Column, Size
from jwgraph.present.columns import columns_of, columns_of_header, columns_of_values
from jwgraph.store import queries
from tests.support import documents


@dataclass
class Other:
    """An answer whose size is not that of a file."""

    size: Annotated[Size | None, Column("Another size")]


KINDS = list(dict.fromkeys(ANSWERS.values()))


def test_every_row_is_in_the_catalogue_and_every_command_of_it_is_one() -> None:
    found = set()
    for module in pkgutil.iter_modules(jwgraph.answers.__path__):
        members = vars(import_module(f"jwgraph.answers.{module.name}")).values()
        found |= {each for each in members if is_dataclass(each) and str(getattr(each, "__name__", "")).endswith("Row")}
    assert found - {FileRow} == set(KINDS)
    assert set(ANSWERS) <= set(documents.leaves())


@pytest.mark.parametrize("kind", KINDS)
def test_every_column_has_a_sentence_a_known_ucd_and_a_known_unit(kind: type[Any]) -> None:
    about = columns_of(kind)
    assert list(about) == [field.name for field in fields(kind)]
    for name, column in about.items():
        assert column.sentence, name
        assert not column.sentence.endswith("."), name
        assert check_ucd(column.ucd, check_controlled_vocabulary=True), name
        assert units.Unit(column.unit).to_string() == column.unit, name


@pytest.mark.parametrize("kind", KINDS)
def test_the_reference_page_has_every_column(kind: type[Any]) -> None:
    names = ", ".join(name for name, each in ANSWERS.items() if each is kind)
    part = generate.answers().split(f"\n## {names}\n")[1].split("\n## ")[0]
    for name, column in columns_of(kind).items():
        (line,) = [each for each in part.splitlines() if each.startswith(f"| `{name}` |")]
        assert column.sentence in line


def test_types_come_from_hints_and_the_last_column_counts() -> None:
    assert {name: column.type for name, column in columns_of(ProductRow).items()} == {
        **dict.fromkeys(("productFilename", "obs_id", "productType", "dataURI", "relation", "productLevel"), "str"),
        **dict.fromkeys(("calib_level", "size"), "int64"),
        **dict.fromkeys(("mrp", "archived"), "bool"),
    }
    assert columns_of(LinkRow)["relation"].sentence != columns_of(LineageRow)["relation"].sentence
    assert columns_of(Other) == {"size": Column("Another size", type="int64")}


def test_columns_of_headers() -> None:
    about = columns_of_header([("size", "INTEGER"), ("files", "LIST<MAP>"), ("own", "BOOLEAN")], ours=True)
    assert {name: (c.type, c.unit) for name, c in about.items()} == {
        "size": ("int64", "byte"),
        "files": ("json", ""),
        "own": ("bool", ""),
    }
    # A query of somebody else may mean another thing by the same name.
    assert columns_of_header([("size", "INTEGER")], ours=False)["size"].unit == ""


@pytest.mark.parametrize(
    ("name", "kind"),
    [("mrp", ProductRow), ("lineage_up", LineageRow), ("links", LinkRow), ("events", EventRow)],
)
def test_a_named_query_is_described_as_its_answer(name: str, kind: type[Any]) -> None:
    found = columns_of_header(queries.get(f"query/{name}").returns, ours=True)
    known = columns_of(kind)
    shared = [each for each in found if each in known and known[each].type == found[each].type]
    assert len(shared) >= 4
    assert all(found[each] == known[each] for each in shared)


def test_columns_of_values() -> None:
    found: list[dict[str, Any]] = [
        {"a": 1, "b": None, "c": "x", "d": 1, "e": True},
        {"a": 2.5, "b": None, "c": [1], "d": 2, "e": 1},
    ]
    types = {name: column.type for name, column in columns_of_values(list("abcde"), found).items()}
    assert types == {"a": "float64", "b": "str", "c": "json", "d": "int64", "e": "json"}
