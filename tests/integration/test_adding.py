"""One addition of each kind in a copy of the project: it works, and touches no more files than docs/adding.md says."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from jwgraph.settings import Connection
from jwgraph.store.graph import Graph
from tests.support import documents

pytestmark = pytest.mark.once

CHECKOUT = Path(__file__).resolve().parents[2]
EXPOSURE = "jw02733001001_02101_00001_nrca1"
VOCABULARY = "jwgraph/model/vocabulary.py"


@dataclass(frozen=True)
class Addition:
    """What is added: new files, edits of present ones (text before, text after), and code that uses it."""

    new: dict[str, str]
    edits: dict[str, tuple[str, str]]
    check: str


SUFFIX = Addition(
    new={},
    edits={
        "jwgraph/names/suffixes.csv": (
            "exposure,rate,",
            "exposure,fresh,2b,2,exposure,SCIENCE,fits,rate,new suffix,doc\nexposure,rate,",
        )
    },
    check=f"""
from jwgraph.names.grammar import parse
name = parse("{EXPOSURE}_fresh.fits")
assert (name.recognised, name.suffix, name.calib_level) == (True, "fresh", 2)
""",
)

LOADER = Addition(
    new={
        "loaders/jwgraph_loaders/seen.py": documents.files(CHECKOUT / "docs" / "adding.md")["seen.py"],
    },
    edits={"pyproject.toml": ("\npool = ", '\nseen = "jwgraph_loaders.seen:LOADER"\npool = ')},
    check=f"""
from pathlib import Path
from jwgraph_loaders.find.read import read_all
Path("list.txt").write_text("SEEN {EXPOSURE}_cal.fits\\n")
records, sources = read_all(["list.txt"])
assert [each.filename for each in records] == ["{EXPOSURE}_cal.fits"]
assert dict(sources) == {{"seen": 1}}
""",
)

RECORD = Addition(
    new={
        "loaders/jwgraph_loaders/write/releases.py": '''
"""`ReleaseRecord`: a file that became public."""

from jwgraph.model.records import ReleaseRecord
from jwgraph.names.grammar import parse
from jwgraph_loaders.write.kind import Kind


class Releases(Kind[ReleaseRecord]):
    """Collects files that became public."""

    def __init__(self) -> None:
        self._files = set()

    @staticmethod
    def key(record):
        """Return the file."""
        name = parse(record.filename)
        return name.filename, name.program

    def add(self, record, nodes):
        """Collect a file."""
        nodes.product(parse(record.filename), archived=True)
        self._files.add(record.filename)

    def compare(self, stored, changes):
        """Add the rights of the files."""
        changes.add("releases", sorted(self._files), {parse(each).program for each in self._files})
''',
        "cypher/write/releases.cypher": """// name: write/releases
// summary: Files that became public.
// mode: write
// param: rows LIST<STRING>  file names
// index: product_filename
UNWIND $rows AS filename
MATCH (p:Product {filename: filename})
SET p.dataRights = 'PUBLIC'
""",
    },
    edits={
        "jwgraph/model/records.py": (
            "\nRecord = (\n",
            """
@dataclass(frozen=True, slots=True)
class ReleaseRecord:
    \"\"\"A file that became public.\"\"\"

    filename: str


Record = (
    ReleaseRecord
    |
""",
        ),
        "loaders/jwgraph_loaders/write/batch.py": (
            "KINDS: ",
            "from jwgraph.model.records import ReleaseRecord\n"
            "from jwgraph_loaders.write.releases import Releases\n\nKINDS: ",
        ),
    },
    check=f"""
from jwgraph.model.records import ReleaseRecord
from jwgraph.store.connect import connection
from jwgraph.store.graph import Graph
from jwgraph_loaders.write.writer import load
with Graph(connection(print)) as graph:
    load(graph, [ReleaseRecord("{EXPOSURE}_cal.fits")])
    (found,) = graph.read("query/product", filename="{EXPOSURE}_cal.fits")
assert found["properties"]["dataRights"] == "PUBLIC"
""",
)

QUERY = Addition(
    new={
        "cypher/query/suffixes.cypher": """// name: query/suffixes
// summary: The suffixes of archived files, with the number of files.
// returns: suffix STRING, files INTEGER
// allow: NodeByLabelScan
MATCH (p:Product)
WHERE p.archived
RETURN p.suffix AS suffix, count(*) AS files
ORDER BY suffix
""",
        "jwgraph/answers/census.py": '''"""Suffixes of archived files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from jwgraph.model.columns import Column
from jwgraph.store.graph import Graph


@dataclass(frozen=True, slots=True)
class SuffixRow:
    """A suffix."""

    COMMANDS: ClassVar = ("suffixes",)

    suffix: Annotated[str, Column("Suffix of the file name", "meta.code")]
    files: Annotated[int, Column("Number of archived files", "meta.number")]


def suffixes(graph: Graph) -> list[SuffixRow]:
    """Return the suffixes of archived files."""
    return [SuffixRow(**row) for row in graph.read("query/suffixes")]
''',
    },
    edits={
        "jwgraph/cli/look.py": (
            '("observations", ',
            '("suffixes", "observations", ',
        )
    },
    check="""
import io, sys
from jwgraph.answers.catalogue import ANSWERS
from jwgraph.cli.app import build
assert ANSWERS["suffixes"].__name__ == "SuffixRow"
sys.argv = ["jwgraph", "suffixes", "--format", "csv"]
sys.stdout = io.StringIO()
try:
    build(("suffixes",))()
except SystemExit as done:
    assert not done.code
text, sys.stdout = sys.stdout.getvalue(), sys.__stdout__
assert text.splitlines()[0] == "suffix,files", text
""",
)
_COMMAND = '''

def suffixes(format: FormatOption = None) -> None:
    """List the suffixes of archived files.

    Example: `jwgraph suffixes`
    """
    from jwgraph.answers import census

    with output.open_graph() as graph:
        found = census.suffixes(graph)
    output.rows(found, format, of=census.SuffixRow)
'''

RELATION = Addition(
    new={
        "cypher/derive/54_siblings.cypher": """// name: derive/54_siblings
// summary: A count rate per integration is shown with the count rate.
// creates: LINKED_TO
// mode: write
// param: program STRING  program number
// index: observation_program
MATCH (o:Observation {program: $program})
CALL (o) {
  MATCH (p:Product {suffix: 'rateints'})-[:PART_OF]->(o)<-[:PART_OF]-(q:Product {suffix: 'rate'})
  MERGE (p)-[:LINKED_TO {relation: 'sibling', basis: 'name'}]->(q)
}
"""
    },
    edits={
        VOCABULARY: (
            '    PREVIEW = "preview"\n',
            '    PREVIEW = "preview"\n    SIBLING = "sibling"\n',
        )
    },
    check=f"""
from jwgraph.answers.products import links
from jwgraph.model.records import ProductRecord
from jwgraph.model.vocabulary import RELATIONS, Relation
from jwgraph.store.connect import connection
from jwgraph.store.graph import Graph
from jwgraph_loaders.write.writer import load
assert set(RELATIONS) == set(Relation)
with Graph(connection(print)) as graph:
    load(graph, [ProductRecord(f"{EXPOSURE}_{{suffix}}.fits") for suffix in ("rate", "rateints")])
    assert "sibling" in {{row.relation for row in links(graph, "{EXPOSURE}_rate.fits")}}
""",
)

EDGE_PROPERTY = Addition(
    new={},
    edits={
        VOCABULARY: (
            '            Property("mrp", ',
            '            Property("checked", "BOOLEAN", "The rule was applied.", derived=True),\n'
            '            Property("mrp", ',
        ),
        "cypher/derive/70_mrp.cypher": ("SET r.mrp_rule = rule,", "SET r.checked = true, r.mrp_rule = rule,"),
    },
    check=f"""
from jwgraph.model.records import ProductRecord
from jwgraph.model.vocabulary import EDGES
from jwgraph.store.connect import connection
from jwgraph.store.graph import Graph
from jwgraph_loaders.write.writer import load
assert "checked" in {{p.name for edge in EDGES for p in edge.properties if edge.name == "PART_OF"}}
with Graph(connection(print)) as graph:
    load(graph, [ProductRecord("{EXPOSURE}_cal.fits")])
    owned = [row["properties"] for row in graph.stream("internal/edges") if row["type"] == "PART_OF"]
assert owned and all(each["checked"] for each in owned)
""",
)

EXPORT = Addition(
    new={
        "jwgraph/export/plain.py": '''"""File names, one a line."""

from __future__ import annotations

from collections.abc import Iterable

from jwgraph.answers.products import ProductRow


def names(rows: Iterable[ProductRow]) -> str:
    """Return the names of files, one a line."""
    return "".join(f"{row.productFilename}\\n" for row in rows)
'''
    },
    edits={
        "jwgraph/cli/export.py": (
            '    DOT = "dot"\n',
            '    DOT = "dot"\n    NAMES = "names"\n',
        )
    },
    check="""
from jwgraph.cli import export
from dataclasses import fields
from jwgraph.answers.products import ProductRow
row = ProductRow("a.fits", *([None] * (len(fields(ProductRow)) - 1)))
assert list(export._list([row], export.Form.NAMES, (), None)) == ["a.fits\\n"]
""",
)
_EXPORT = (
    "    if form in (Form.CURL, Form.MANIFEST):\n",
    "    if form is Form.NAMES:\n        from jwgraph.export.plain import names\n\n        return [names(rows)]\n"
    "    if form in (Form.CURL, Form.MANIFEST):\n",
)

ADDITIONS = {
    "a file suffix": (SUFFIX, 1),
    "a loader for known records": (LOADER, 2),
    "a record kind": (RECORD, 4),
    "a query with its command": (QUERY, 3),
    "a relation": (RELATION, 2),
    "an edge property": (EDGE_PROPERTY, 2),
    "an export format": (EXPORT, 2),
}
# Edits of files that have one already: a new entry needs a second place in the same file.
SECOND: dict[str, Callable[[str], str]] = {
    "a query with its command": lambda text: text + _COMMAND,
    "an export format": lambda text: text.replace(*_EXPORT),
    "a record kind": lambda text: text.replace(
        "ProductRecord: Products,", "ProductRecord: Products,\n    ReleaseRecord: Releases,"
    ),
    "a relation": lambda text: text.replace(
        "    Relation.PREVIEW: ",
        '    Relation.SIBLING: RelationRule(Family.LINKED, "A file of the same data."),\n    Relation.PREVIEW: ',
    ),
}
SECOND_IN = {
    "a query with its command": "jwgraph/cli/look.py",
    "an export format": "jwgraph/cli/export.py",
    "a record kind": "loaders/jwgraph_loaders/write/batch.py",
    "a relation": VOCABULARY,
}


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Copy what is installed, with the entry points that an installation writes."""
    root = tmp_path / "copy"
    ignore = shutil.ignore_patterns("__pycache__")
    for name in ("jwgraph", "loaders", "cypher"):
        shutil.copytree(CHECKOUT / name, root / name, ignore=ignore)
    shutil.copy(CHECKOUT / "pyproject.toml", root)
    return root


def install(root: Path) -> None:
    """Write the metadata of an installed distribution, from the copy's own pyproject.toml."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    info = root / "jwgraph-0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: jwgraph\nVersion: 0\n", encoding="utf-8")
    lines = [f"{name} = {value}" for name, value in project["entry-points"]["jwgraph.loaders"].items()]
    (info / "entry_points.txt").write_text("\n".join(["[jwgraph.loaders]", *lines, ""]), encoding="utf-8")


@pytest.mark.parametrize("kind", ADDITIONS)
def test_an_addition_works_and_touches_few_files(
    graph: Graph, connection: Connection, copy: Path, tmp_path: Path, kind: str
) -> None:
    addition, most = ADDITIONS[kind]
    for name, text in addition.new.items():
        assert not (copy / name).exists()
        (copy / name).write_text(text, encoding="utf-8")
    for name, (before, after) in addition.edits.items():
        text = (copy / name).read_text(encoding="utf-8")
        assert before in text, name
        (copy / name).write_text(text.replace(before, after, 1), encoding="utf-8")
    if kind in SECOND:
        path = copy / SECOND_IN[kind]
        text = path.read_text(encoding="utf-8")
        assert SECOND[kind](text) != text
        path.write_text(SECOND[kind](text), encoding="utf-8")
        assert SECOND_IN[kind] in addition.edits
    install(copy)
    done = subprocess.run(
        [sys.executable, "-c", addition.check],
        cwd=tmp_path,
        env={
            **os.environ,
            "PYTHONPATH": f"{copy}{os.pathsep}{copy / 'loaders'}",
            "NEO4J_URI": connection.uri,
            "NEO4J_USERNAME": connection.username,
            "NEO4J_PASSWORD": connection.password,
            "NEO4J_DATABASE": connection.database,
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert len({*addition.new, *addition.edits}) <= most


def test_the_page_gives_the_same_numbers() -> None:
    page = (CHECKOUT / "docs" / "adding.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (an? [a-z ]+) \| (\d) \|", page, re.MULTILINE)
    assert {name: int(number) for name, number in rows} == {name: most for name, (_, most) in ADDITIONS.items()}
