"""Answers as tables, frames and HTML; what is imported when. No server."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from astropy.table import Table

import jwgraph
from jwgraph.answers.missing import MissingRow
from jwgraph.answers.notes import Note
from jwgraph.answers.products import ProductRow
from jwgraph.errors import UsageError
from jwgraph.names.identifiers import program_number
from jwgraph.notebook.asking import call
from jwgraph.notebook.subjects import Tree
from jwgraph.present.cells import size
from jwgraph.present.columns import columns_of, columns_of_values
from jwgraph.present.info import AnswerInfo
from jwgraph.present.rows import Rows
from jwgraph.store import queries
from jwgraph.store.parameters import checked

HOSTILE = "jw1_<script>alert(1)</script>\x1b[31m\u202e&\"'.fits"


def product(name: str = "jw02733001001_02101_00001_nrca1_cal.fits", **more: Any) -> ProductRow:
    reported: dict[str, Any] = {
        "productFilename": name,
        "obs_id": "jw02733001001_02101_00001_nrca1",
        "productType": "SCIENCE",
        "calib_level": 2,
        "dataURI": f"mast:JWST/product/{name}",
        "size": 117_538_560,
        "mrp": True,
        "relation": "antecedent",
        "productLevel": "2b",
        "archived": True,
    }
    return ProductRow(**(reported | more))


def rows(*found: ProductRow) -> Rows[ProductRow]:
    return Rows(found, columns_of(ProductRow), AnswerInfo("g.observation('x').tree()"))


def tree(*found: ProductRow) -> Tree:
    return Tree(found, columns_of(ProductRow), AnswerInfo("g.observation('x').tree()", subject="x"))


def test_import_is_light() -> None:
    heavy = {"neo4j", "astropy", "pandas", "rich", "typer", "py2neo", "neo4j_viz"}
    code = "import jwgraph, sys; print(*sorted(set(sys.modules) & set(sys.argv[1:])))"
    ran = subprocess.run([sys.executable, "-c", code, *heavy], capture_output=True, text=True, check=True)
    assert ran.stdout.split() == []


def test_connecting_imports_no_tables_and_no_command_line() -> None:
    # The driver itself imports pandas where it is installed.
    heavy = {"astropy", "rich", "typer", "py2neo", "neo4j_viz"}
    code = "import jwgraph, sys; jwgraph.connect; print(*sorted(set(sys.modules) & set(sys.argv[1:])))"
    ran = subprocess.run([sys.executable, "-c", code, *heavy], capture_output=True, text=True, check=True)
    assert ran.stdout.split() == []


def test_the_package_names_what_it_has() -> None:
    assert {"connect", "Store", "Rows"} <= set(dir(jwgraph))
    assert callable(jwgraph.connect)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = jwgraph.nothing


def test_rows_are_a_sequence() -> None:
    found = rows(product("a.fits"), product("b.fits", mrp=False), product("c.fits"))
    assert (len(found), found[0].productFilename, found[-1].productFilename) == (3, "a.fits", "c.fits")
    assert [row.productFilename for row in found] == ["a.fits", "b.fits", "c.fits"]
    assert found.columns[:2] == ("productFilename", "obs_id")
    part = found[1:]
    assert isinstance(part, Rows)
    assert part.values("mrp") == [False, True]
    assert [row.productFilename for row in found.where(lambda row: row.mrp)] == ["a.fits", "c.fits"]
    assert product("a.fits") in found
    with pytest.raises(UsageError, match="no column 'nothing'"):
        found.values("nothing")


def test_table_has_units_descriptions_and_what_was_asked() -> None:
    made = rows(product(), product("b.fits", size=None, productLevel=None)).to_table()
    assert str(made["size"].unit) == "byte"
    assert made["obs_id"].description == "Observation that owns the file, as MAST names it"
    assert made.meta["query"] == "g.observation('x').tree()"
    assert list(made["size"].mask) == [False, True]
    assert made["size"].dtype.kind == "i"
    assert made["mrp"].dtype.kind == "b"


def test_table_goes_through_ecsv_with_lists_as_json() -> None:
    row = MissingRow("p", None, "a_asn.json", "expected", "unknown", "e", ["one.fits", "two.fits"], "3")
    made = Rows([row], columns_of(MissingRow), AnswerInfo("g.missing()")).to_table()
    text = io.StringIO()
    made.write(text, format="ascii.ecsv")
    back = Table.read(text.getvalue(), format="ascii.ecsv")
    assert back["members_missing"][0] == '["one.fits", "two.fits"]'
    assert back["obs_id"].description == made["obs_id"].description


def test_pandas_keeps_what_is_unknown() -> None:
    frame = rows(product(), product("b.fits", size=None, productLevel=None)).to_pandas()
    assert str(frame["size"].dtype) == "Int64"
    assert frame["size"].isna().tolist() == [False, True]
    assert frame["mrp"].sum() == 2
    assert frame.attrs["query"] == "g.observation('x').tree()"
    assert Rows([], columns_of(ProductRow), AnswerInfo("g")).to_pandas().empty


def test_without_pandas_the_command_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(UsageError, match="pip install pandas"):
        rows(product()).to_pandas()


def test_a_table_has_lists_as_json() -> None:
    found = [{"c": "x"}, {"c": [1]}]
    made = Rows(found, columns_of_values(["c"], found), AnswerInfo("g.cypher('…')")).to_table()
    assert made["c"].tolist() == ["x", "[1]"]


def test_html_is_escaped_and_controls_are_visible() -> None:
    row = product(HOSTILE, obs_id=HOSTILE, productType=HOSTILE, relation="antecedent")
    for shown in (rows(row)._repr_html_(), tree(row)._repr_html_()):
        assert "<script" not in shown
        assert "&lt;script&gt;" in shown
        assert "\x1b" not in shown
        assert "\u202e" not in shown
    assert "\x1b" not in repr(rows(row))
    reported: Rows[ProductRow] = Rows(
        [], {HOSTILE: columns_of(ProductRow)["size"]}, AnswerInfo(HOSTILE, (Note(HOSTILE, HOSTILE),))
    )
    assert "<script" not in reported._repr_html_()
    assert "\x1b" not in repr(reported)


def test_notes_stand_under_the_heading_of_an_answer_and_of_its_parts() -> None:
    note = Note("the content of a_asn.json is not loaded", "jwgraph sync --obs-id x")
    about = columns_of(ProductRow)
    made = Rows([product("a.fits"), product("b.fits")], about, AnswerInfo("g.x()", (note,)))
    line = "note: the content of a_asn.json is not loaded: `jwgraph sync --obs-id x`"
    assert (made.notes, made[:1].notes) == ((note,), (note,))
    assert repr(made).splitlines()[1] == repr(made[:1]).splitlines()[1] == line
    assert f"<div>{line}</div>" in made._repr_html_()
    assert f"<div>{line}</div>" in Tree(made, about, AnswerInfo("g.x()", (note,), subject="x"))._repr_html_()
    assert made.to_table().meta["notes"] == made.to_pandas().attrs["notes"] == [line.removeprefix("note: ")]


def test_html_is_for_people_and_small() -> None:
    found = rows(*(product(f"jw{n}.fits", mrp=n == 0) for n in range(350)))
    shown = found._repr_html_()
    assert "117.5 MB" in shown
    assert shown.count("●") == 1
    assert "… and 300 more" in shown
    assert len(shown) < 50_000
    assert repr(found).splitlines()[-1] == "… and 330 more"
    assert repr(found).startswith("g.observation('x').tree(): 350 rows, 41.1 GB\n")


def test_tree_has_levels_and_datasets_and_ends() -> None:
    own = [product("x_i2d.fits", obs_id="x", calib_level=3, productLevel="3")]
    files = [product(f"e{n}_{m}.fits", obs_id=f"e{n}", mrp=False) for n in range(40) for m in range(10)]
    linked = [product("gs.fits", obs_id=None, relation="guide_star", mrp=False)]
    shown = tree(*own, *files, *linked)._repr_html_()
    assert "level 3 (1 product)" in shown
    assert "exposures at level 2 (40 Observations, 400 products)" in shown
    assert "linked (1 product)" in shown
    assert shown.index("x_i2d.fits") < shown.index("e0_0.fits")
    assert shown.count("<details") == shown.count("</details>")
    assert "… and 102 more" in shown
    assert isinstance(tree(*own)[:1], Tree)


def test_a_part_says_of_what() -> None:
    found = rows(*(product(f"jw{n}.fits") for n in range(4)))
    assert "1 of 4 rows" in repr(found[:2][:1])


def test_sizes_that_are_unknown_are_not_nothing() -> None:
    assert "2 rows, at least 117.5 MB" in repr(rows(product(), product("b.fits", size=None)))
    assert repr(rows(product("b.fits", size=None))).startswith("g.observation('x').tree(): 1 row\n")


@pytest.mark.parametrize("form", ["votable", "fits", "ascii.ecsv"])
def test_every_format_can_be_written(form: str, tmp_path: Path) -> None:
    about = columns_of(MissingRow)
    row = MissingRow("p", None, "a_asn.json", "expected", "unknown", "e", ["one.fits"], "3")
    Rows([row, row], about, AnswerInfo("g.missing()")).to_table().write(tmp_path / "table", format=form)
    rows(product(), product("b.fits", size=None, productLevel=None)).to_table().write(
        tmp_path / "products", format=form
    )


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (None, ""),
        (0, "0 bytes"),
        (1, "1 byte"),
        (999, "999 bytes"),
        (1000, "1.0 kB"),
        (50_200_000, "50.2 MB"),
        (5 * 10**12, "5.0 TB"),
        (10**18, "1,000.0 PB"),
    ],
)
def test_sizes(number: int | None, text: str) -> None:
    assert size(number) == text


def query_file(tmp_path: Path, *params: str) -> queries.Query:
    uses = ", ".join(f"${param.split()[0]} AS {param.split()[0]}" for param in params)
    head = "\n".join(["// name: query/own", "// summary: One.", *(f"// param: {param}  text" for param in params)])
    path = tmp_path / "own.cypher"
    path.write_text(f"{head}\n// returns: a STRING\nRETURN {uses}\n")
    return queries.parse(path, "query/own")


def test_parameters_are_checked_by_the_header(tmp_path: Path) -> None:
    optional = ("i INTEGER = 1", "f FLOAT = 1", "b BOOLEAN = true", "l LIST<STRING> = a", "n LIST<INTEGER> = 1")
    query = query_file(tmp_path, "s STRING", *optional)
    given = {"s": "x", "i": 3, "f": 2, "b": False, "l": ("a", "b"), "n": [1, 2]}
    assert checked(query, given) == {"s": "x", "i": 3, "f": 2.0, "b": False, "l": ["a", "b"], "n": [1, 2]}
    assert checked(query, {"s": "x", "i": "7", "b": "false", "l": "a,b"}) == {
        "s": "x",
        "i": 7,
        "b": False,
        "l": ["a", "b"],
    }
    for wrong in ({}, {"s": None}, {"s": 1}, {"s": "x", "i": True}, {"s": "x", "i": 2**63}, {"s": "x", "i": "seven"}):
        with pytest.raises(UsageError):
            checked(query, wrong)
    with pytest.raises(UsageError, match=r"no parameter 'other': it takes s, i"):
        checked(query, {"s": "x", "other": 1})
    with pytest.raises(UsageError, match="takes LIST<STRING>"):
        checked(query, {"s": "x", "l": [1]})


def test_programs() -> None:
    assert [program_number(given) for given in (None, 2733, "2733", "02733")] == ["*", "02733", "02733", "02733"]
    for wrong in ("x", "123456", -1, "²"):
        with pytest.raises(UsageError):
            program_number(wrong)


def test_a_call_is_written_as_python_has_it() -> None:
    assert call("g.path", "a'b", "c") == "g.path(\"a'b\", 'c')"
    assert call("g.missing", program=2733, every=None) == "g.missing(program=2733)"


@pytest.mark.parametrize(
    ("uri", "says"),
    [
        ("http://localhost", "is not an address"),
        ("localhost:7687", "is not an address"),
        ("bolt://u:secret@localhost", "must not hold"),
        ("ftp://u:secret@localhost", "is not an address"),
        ("bolt://localhost", "needs a password"),
        ("bolt://localhost:port", "is not an address"),
    ],
)
def test_addresses_are_checked_and_passwords_not_shown(uri: str, says: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NEO4J_PASSWORD", raising=False)
    with pytest.raises(UsageError, match=says) as caught:
        jwgraph.connect(uri)
    assert "secret" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


@pytest.mark.parametrize(
    ("package", "use", "error"),
    [
        ("neo4j_viz", "from jwgraph.export import viz; viz.picture(None, 'x', limit=1, say=print)", "UsageError"),
        # An import that fails is an ImportError: programs that can do without ask for that.
        ("py2neo", "import jwgraph.ogm", "ImportError"),
    ],
)
def test_extras_that_are_absent_are_named(package: str, use: str, error: str) -> None:
    code = (
        f"import sys; sys.modules[{package!r}] = None\n"
        f"try:\n    {use}\n"
        f"except Exception as error: print(f'{{type(error).__name__}}: {{error}}')\n"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.startswith(f"{error}: ")
    assert "pip install 'jwgraph[" in ran.stdout
