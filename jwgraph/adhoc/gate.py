r"""Allow ad-hoc queries to read the graph, and nothing else.

Four layers; each stops most attacks, none stops all (*measured on 5.26.29 and 2026.09.0*):

1. `read_text` checks the words of the query. A plan hides subquery expressions inside list comprehensions and
   `reduce`, so `LOAD CSV`, `SHOW`, `USE`, procedures and functions are searched for in the text.
2. `check_plan` checks the server's plan (`EXPLAIN`): the query type must be `r`, and every operator on a list.
3. The session is in READ mode: the server refuses every write.
4. The server's settings allow no files and no network (`jwgraph/server/config.py`).

Layer 1 tokenizes the text itself. It agrees with Neo4j because `\u` escapes, which Neo4j replaces first, are refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from jwgraph.errors import RefusedError, UsageError
from jwgraph.store.explain import Step


def _names(text: str) -> list[str]:
    return text.split()


# Planner operators that only read; names as in the Cypher manual, "Operators in detail", and in the class
# LogicalPlan2PlanDescription of both servers. A word in brackets after a name is a variant.
_PARTITIONED = _names("""
AllNodesScan NodeByLabelScan NodeIndexScan NodeIndexSeek NodeIndexSeekByRange DirectedAllRelationshipsScan
DirectedRelationshipIndexScan DirectedRelationshipIndexSeek DirectedRelationshipTypeScan
DirectedRelationshipIndexSeekByRange DirectedUnionRelationshipTypesScan UndirectedAllRelationshipsScan
UndirectedRelationshipIndexScan UndirectedRelationshipIndexSeek UndirectedRelationshipIndexSeekByRange
UndirectedRelationshipTypeScan UndirectedUnionRelationshipTypesScan IntersectionNodeByLabelsScan
SubtractionNodeByLabelsScan UnionNodeByLabelsScan Unwind
""")
_RELATIONSHIPS = _names("""
RelationshipByElementIdSeek RelationshipByIdSeek RelationshipIndexContainsScan RelationshipIndexEndsWithScan
RelationshipUniqueIndexSeek RelationshipUniqueIndexSeekByRange RelationshipFulltextIndexSearch
RelationshipVectorIndexSearch
""")
OPERATORS = frozenset(
    _names("""
Anti AntiConditionalApply AntiSemiApply Apply Argument ArgumentTracker AssertSameNode AssertSameRelationship
BidirectionalRepeat CacheProperties CartesianProduct ConditionalApply Distinct
DynamicDirectedRelationshipTypeLookup DynamicLabelNodeLookup DynamicUndirectedRelationshipTypeLookup Eager
EagerAggregation EmptyResult EmptyRow ExhaustiveLimit Expand Filter LetAntiSemiApply LetSelectOrAntiSemiApply
LetSelectOrSemiApply LetSemiApply Limit MultiNodeIndexSeek NodeByElementIdSeek NodeByIdSeek
NodeCountFromCountStore NodeFulltextIndexSearch NodeHashJoin NodeIndexContainsScan NodeIndexEndsWithScan
NodeLeftOuterHashJoin NodeRightOuterHashJoin NodeUniqueIndexSeek NodeUniqueIndexSeekByRange
NodeVectorIndexSearch NonFuseable NullifyMetadata Optional OptionalExpand OrderedAggregation OrderedDistinct
OrderedUnion PartialSort PartialTop PathPropagatingBFS PreserveOrder ProduceResults ProjectEndpoints Projection
RelationshipCountFromCountStore RemoteBatchProperties RemoteBatchPropertiesWithFilter Repeat RepeatOptions
RollUpApply SelectOrAntiSemiApply SelectOrSemiApply SemiApply ShortestPath ShowConstraints ShowIndexes Skip Sort
StatefulShortestPath Top Top1WithTies TriadicBuild TriadicFilter TriadicSelection Union ValueHashJoin
ValueMergeJoin VarLengthExpand ProcedureCall
""")
    + [f"{prefix}{name}" for prefix in ("", "Partitioned") for name in _PARTITIONED]
    + [f"{prefix}{name}" for prefix in ("Directed", "Undirected") for name in _RELATIONSHIPS]
)

# Operators that change only nodes and relationships; allowed with --write.
UPDATES = frozenset(
    _names("""
Create Delete DetachDelete Foreach LockNodes LockingMerge Merge MergeInto MergeUniqueNode RemoveLabels
SetDynamicProperty SetLabels SetNodePropertiesFromMap SetProperties SetPropertiesFromMap SetProperty
SetRelationshipPropertiesFromMap
""")
)

# Procedures that describe the graph. Others of mode READ change the server, such as `db.stats.clear`.
PROCEDURES = frozenset(
    _names("""
db.labels db.relationshipTypes db.propertyKeys db.ping db.schema.visualization db.schema.nodeTypeProperties
db.schema.relTypeProperties db.index.fulltext.queryNodes db.index.fulltext.queryRelationships
db.index.fulltext.listAvailableAnalyzers db.index.vector.queryNodes db.index.vector.queryRelationships
""")
)

# Functions with a namespace. Those without one are Neo4j's own; a plug-in must use a namespace (Java reference,
# "User-defined functions"), and those of APOC and GenAI reach files and the network.
_CLOCKS = ("date", "datetime", "localdatetime", "localtime", "time")
FUNCTIONS = frozenset(
    [f"{name}.{part}" for name in _CLOCKS for part in ("realtime", "statement", "transaction", "truncate")]
    + ["datetime.fromepoch", "datetime.fromepochmillis"]
    + [f"duration.{part}" for part in ("between", "indays", "inmonths", "inseconds")]
    + ["point.distance", "point.withinbbox", "vector.similarity.cosine", "vector.similarity.euclidean"]
)

# Options behind CYPHER that choose how a query is planned and run, not what it does; `debug` changes the plan shown.
OPTIONS = frozenset({"runtime", "planner"})

_SHOWN = frozenset({"INDEX", "INDEXES", "CONSTRAINT", "CONSTRAINTS"})
_KINDS = frozenset(
    _names("""
ALL RANGE FULLTEXT LOOKUP TEXT POINT VECTOR NODE RELATIONSHIP REL KEY UNIQUE UNIQUENESS EXIST EXISTENCE PROPERTY
TYPE
""")
)

# Anything that is neither a word character nor printable ASCII counts as white space: a superset of Neo4j's.
_TOKEN = re.compile(
    r"""
    (?P<gap>/\*.*?\*/|//[^\r\n]*|[^\w!-~]+)
    |(?P<string>'(?:[^'\\]|\\.)*+'|"(?:[^"\\]|\\.)*+")
    |(?P<quoted>`(?:[^`]|``)*+`)
    |(?P<word>[^\W\d]\w*)
    |(?P<number>\d\w*)
    |(?P<other>.)
    """,
    re.DOTALL | re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Token:
    """A word, name, number or symbol of a query, and its position."""

    kind: str
    text: str
    start: int

    @property
    def key(self) -> str:
        """The word in upper case; empty for other tokens, since a quoted name is never a keyword."""
        return self.text.upper() if self.kind == "word" else ""

    @property
    def name(self) -> str:
        """The name, empty for other tokens."""
        if self.kind == "quoted":
            return self.text[1:-1].replace("``", "`")
        return self.text if self.kind == "word" else ""


@dataclass(frozen=True, slots=True)
class Statement:
    """A query that passed `read_text`.

    Attributes
    ----------
    text
        The query as given.
    bare
        The query with EXPLAIN or PROFILE blanked out, so that positions stay the same.
    action
        `EXPLAIN`, `PROFILE` or empty.
    """

    text: str
    bare: str
    action: str = ""


def tokens(text: str) -> list[Token]:
    """Return the tokens of a text, without comments and white space."""
    found = (Token(str(m.lastgroup), m[0], m.start()) for m in _TOKEN.finditer(text))
    return [token for token in found if token.kind != "gap"]


def is_complete(text: str) -> bool:
    """Return whether a text ends with a semicolon outside strings and comments."""
    found = tokens(text)
    # An unclosed string or comment is tokenized as single symbols; a semicolon inside it does not count.
    opened = any(t.kind == "other" and t.text in "'\"`" for t in found) or _open_comment(found)
    return bool(found) and found[-1].text == ";" and not opened


def _open_comment(found: list[Token]) -> bool:
    pairs = pairwise(found)
    return any(a.text == "/" and b.text == "*" and b.start == a.start + 1 for a, b in pairs)


def read_text(text: str) -> Statement:
    """Check the words of a query.

    Raises
    ------
    UsageError
        The text has no query, or its options are not valid.
    RefusedError
        It contains something that is never allowed.
    """
    found = tokens(text)
    if not [token for token in found if token.text != ";"]:
        raise UsageError("There is no query in the text.")
    statement = _options(text, found)
    if re.search(r"\\[uU]", text):
        raise RefusedError(
            "A query with a \\u escape is not run: write the character itself, or give the text as a parameter.",
            remedy="parameters",
        )
    _check_words(found)
    return statement


def _options(text: str, found: list[Token]) -> Statement:
    action, bare, at, cypher = "", text, 0, False
    while at < len(found) and found[at].key in {"CYPHER", "EXPLAIN", "PROFILE"}:
        token = found[at]
        at += 1
        if token.key == "CYPHER":
            at, cypher = _skip_cypher(found, at), True
        elif action:
            raise UsageError("Write EXPLAIN or PROFILE once, in front of the query.")
        else:
            action = token.key
            end = token.start + len(token.text)
            bare = bare[: token.start] + " " * len(token.text) + bare[end:]
    if cypher and (at == len(found) or not (found[at].name or found[at].text in "({")):
        raise UsageError("CYPHER takes a version (5 or 25) and the options runtime and planner.")
    return Statement(text, bare, action)


def _skip_cypher(found: list[Token], at: int) -> int:
    if at < len(found) and found[at].kind == "number":
        at += 1
    while at + 2 < len(found) and found[at + 1].text == "=":
        if found[at].name.lower() not in OPTIONS:
            raise RefusedError(
                f"The option {found[at].text} of CYPHER is not allowed: only {' and '.join(sorted(OPTIONS))} are."
            )
        at += 3
    return at


def _check_words(found: list[Token]) -> None:
    """Refuse words that a plan may hide; after a dot, colon or dollar sign a word is a name."""
    end = Token("other", "", 0)
    for at, token in enumerate(found):
        before = found[at - 1].text if at else ""
        after = found[at + 1] if at + 1 < len(found) else end
        if not token.name or before in {".", ":", "$"}:
            continue
        if token.key == "LOAD" and after.key == "CSV":
            raise RefusedError("LOAD CSV is not run: a query reads the graph and neither files nor the network.")
        if token.key == "USE" and after.name:
            raise RefusedError("USE is not run: a query reads the database that NEO4J_DATABASE names.")
        if token.key in {"SHOW", "TERMINATE"} and after.key:
            _check_show(token.key, found[at + 1 :])
        elif token.key == "CALL" and after.name:
            check_procedure(_dotted(found, at + 1)[0])
        elif before.upper() != "CALL":
            _check_function(*_dotted(found, at))


def _check_show(word: str, rest: list[Token]) -> None:
    kind = next((token.key for token in rest if token.key not in _KINDS), "")
    if word == "TERMINATE" or kind not in _SHOWN:
        raise RefusedError(f"{word} {kind} is not run: of these commands only SHOW INDEXES and SHOW CONSTRAINTS are.")


def check_procedure(name: str) -> None:
    """Refuse a procedure that is not on the list."""
    if name not in PROCEDURES:
        raise RefusedError(f"The procedure {name} is not on the list of those that only read the graph.")


def _check_function(name: str, after: str) -> None:
    if "." in name and after == "(" and name.lower() not in FUNCTIONS:
        raise RefusedError(f"The function {name} is not on the list of those that only compute.")


def _dotted(found: list[Token], at: int) -> tuple[str, str]:
    """Return the dotted name that begins at a position, and the symbol after it."""
    parts = [found[at].name]
    at += 1
    while at + 1 < len(found) and found[at].text == "." and found[at + 1].name:
        parts.append(found[at + 1].name)
        at += 2
    return ".".join(parts), found[at].text if at < len(found) else ""


def check_plan(query_type: str, steps: Iterable[Step], *, write: bool = False) -> None:
    """Refuse a plan that does more than read, or, with `write`, more than read and change the graph.

    Parameters
    ----------
    query_type
        As in the server's summary: `r` read, `w` write, `rw` both, `s` schema, users and the server itself.

    Raises
    ------
    RefusedError
        The query type or an operator is not allowed; the message names it.
    """
    if query_type == "s":
        raise RefusedError(
            "The server says that this is a command on its schema, users or settings; such commands are not run."
        )
    if query_type != "r" and not write:
        raise RefusedError("The server says that this query writes, and only reading is allowed.", remedy="write")
    known = OPERATORS | UPDATES if write else OPERATORS
    for name, details in _operators(steps):
        if name not in known:
            raise RefusedError(f"The server's plan has the operator {name}, which is not on the list of what may run.")
        if name == "ProcedureCall":
            check_procedure(re.split(r"[^\w.]", details.replace("`", ""), maxsplit=1)[0])


def _operators(steps: Iterable[Step]) -> Iterator[tuple[str, str]]:
    for step in steps:
        yield step.operator.split("(")[0].strip(), step.details
