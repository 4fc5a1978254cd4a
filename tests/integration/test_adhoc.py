"""The attack list: what is typed reads the graph, and reaches nothing else."""

# ruff: noqa: E501 (queries stand on one line each)

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from jwgraph.adhoc import run
from jwgraph.errors import RefusedError, UsageError
from jwgraph.model.vocabulary import EDGES, LABELS
from jwgraph.store import queries
from jwgraph.store.digest import digest
from jwgraph.store.graph import Graph
from tests.support.sources import L3, SMALL, A

pytestmark = pytest.mark.server_versions


class Counter(HTTPServer):
    """A loopback server that counts who asks."""

    asked = 0


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        assert isinstance(self.server, Counter)
        self.server.asked += 1
        self.send_response(200)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def web() -> Iterator[Counter]:
    with Counter(("127.0.0.1", 0), Handler) as made:
        thread = threading.Thread(target=made.serve_forever, daemon=True)
        thread.start()
        yield made
        made.shutdown()
        thread.join()


def server_state(graph: Graph) -> list[list[dict[str, object]]]:
    """Users, indexes, constraints and the digest, asked for around the gate."""
    asked = (
        "SHOW USERS YIELD user, passwordChangeRequired",
        "SHOW DATABASES YIELD name, access, currentStatus",
        "SHOW INDEXES YIELD name, state, labelsOrTypes, properties",
        "SHOW CONSTRAINTS YIELD name, type",
    )
    with graph.session(read=True) as session:
        found = [sorted((record.data() for record in session.run(text)), key=str) for text in asked]
    return [*found, [{"digest": digest(graph)}]]


WRITES = """
CREATE (n:Product {filename: 'x'})
MERGE (n:Product {filename: 'x'})
INSERT (n:Product {filename: 'x'})
MATCH (n) SET n.x = 1
MATCH (n) SET n:X
MATCH (n) SET n += {x: 1}
MATCH (n) SET n = {x: 1}
MATCH (n) SET n['x'] = 1
MATCH (n) REMOVE n.filename
MATCH (n) REMOVE n:Product
MATCH (n) DELETE n
MATCH (n) DETACH DELETE n
MATCH ()-[r]->() DELETE r
MATCH (a), (b) WITH a, b LIMIT 1 CREATE (a)-[:X]->(b)
FOREACH (x IN [1] | CREATE (n))
MATCH (n) FOREACH (x IN [1] | SET n.x = x)
CALL { CREATE (n) RETURN n } RETURN n
CALL () { CREATE (n) RETURN n } RETURN n
CALL { CREATE (n) } IN TRANSACTIONS
UNWIND [1] AS x CALL { WITH x CREATE (n) } IN TRANSACTIONS OF 1 ROWS
UNWIND [1] AS x CALL { WITH x CALL { WITH x CREATE (n {x: x}) RETURN n } RETURN n } RETURN n
RETURN COLLECT { CREATE (n) RETURN n }
RETURN COUNT { CREATE (n) RETURN n }
RETURN EXISTS { MERGE (n:X) RETURN n }
RETURN [x IN [1] | COUNT { CREATE (n) RETURN n }]
MATCH (n) WHERE EXISTS { MATCH (n) SET n.x = 1 RETURN n } RETURN n
MATCH (n) RETURN n UNION MATCH (n) SET n.x = 1 RETURN n
EXPLAIN CREATE (n)
PROFILE CREATE (n)
CYPHER 5 CREATE (n)
CYPHER 25 CREATE (n)
CYPHER runtime=slotted CREATE (n)
CYPHER 5 PROFILE CREATE (n)
/* RETURN 1 */ CREATE (n)
/**/CREATE/**/(n)
// RETURN 1\\n CREATE (n)
RETURN 1 AS x // no\\rWITH 1 AS y CREATE (n)
RETURN '/*' AS a CREATE (n) //*/
WITH '\\' AS x' AS x CREATE (n)
\\u0043REATE (n)
cReAtE (n)
""".strip().splitlines()

SCHEMA = """
CREATE INDEX x FOR (n:Product) ON (n.x)
CREATE FULLTEXT INDEX x FOR (n:Product) ON EACH [n.filename]
CREATE CONSTRAINT x FOR (n:X) REQUIRE n.x IS UNIQUE
DROP CONSTRAINT product_filename
DROP INDEX observation_program IF EXISTS
CALL db.createLabel('x')
CALL db.createProperty('x')
CALL db.createRelationshipType('x')
CALL db.awaitIndexes()
CALL db.resampleIndex('observation_program')
CALL db.stats.clear('QUERIES')
CALL db.stats.collect('QUERIES')
CALL db.prepareForReplanning()
CALL db.clearQueryCaches()
CALL db.index.vector.createNodeIndex('x', 'X', 'x', 3, 'cosine')
RETURN [x IN [1] | COUNT { CALL db.stats.clear('QUERIES') YIELD section RETURN section }]
""".strip().splitlines()

ADMIN = """
SHOW USERS
SHOW DATABASES
SHOW DEFAULT DATABASE
SHOW TRANSACTIONS
SHOW TRANSACTIONS YIELD transactionId AS t TERMINATE TRANSACTION t YIELD message RETURN message
TERMINATE TRANSACTION 'neo4j-transaction-1'
TERMINATE TRANSACTIONS 'neo4j-transaction-1', 'neo4j-transaction-2'
SHOW SETTINGS
SHOW PROCEDURES
SHOW FUNCTIONS
SHOW PRIVILEGES
SHOW CURRENT USER
CREATE USER x SET PASSWORD 'abcdefgh1'
DROP USER neo4j
ALTER CURRENT USER SET PASSWORD FROM 'a' TO 'abcdefgh1'
ALTER USER neo4j SET PASSWORD 'abcdefgh1'
CREATE DATABASE x
STOP DATABASE neo4j
USE system SHOW USERS
USE system MATCH (n) RETURN n
USE neo4j MATCH (n) RETURN n
/**/ USE/**/`system` MATCH (n) RETURN n
USE graph.byName('system') MATCH (n) RETURN n
CALL { USE system MATCH (n) RETURN n } RETURN n
CALL dbms.listConfig()
CALL dbms.components()
CALL dbms.killConnection('bolt-1')
CALL dbms.queryJmx('*:*')
CALL dbms.listConnections() YIELD connectionId RETURN connectionId
CALL `dbms`.`listConfig`()
CALL dbms . listConfig ()
CALL /* db.labels */ dbms.listConfig()
CALL db.labels() YIELD label CALL dbms.listConfig() YIELD name RETURN name
OPTIONAL CALL dbms.listConfig() YIELD name RETURN name
CALL { CALL dbms.listConfig() YIELD name RETURN name } RETURN name
CALL tx.setMetaData({a: 1})
CALL db.info()
RETURN [x IN [1] | COUNT { CALL db.info() YIELD name RETURN name }]
RETURN [x IN [1] | COLLECT { CALL dbms.listConfig() YIELD name, value RETURN name + value }]
CYPHER 25 RETURN [x IN [1] | COUNT { SHOW TRANSACTIONS YIELD transactionId RETURN transactionId }]
CYPHER 25 RETURN [x IN [1] | COUNT { SHOW SETTINGS YIELD name RETURN name }]
CYPHER 25 CALL { SHOW SETTINGS YIELD name RETURN name } RETURN name
CALL apoc.help('x')
CALL apoc.cypher.runWrite('CREATE (n)', {})
RETURN apoc.load.json('http://127.0.0.1:PORT/x')
RETURN `apoc`.`load`.`json`('http://127.0.0.1:PORT/x')
RETURN genai.vector.encode('x', 'y', {})
CYPHER debug=tostring RETURN 1
CYPHER 5 replan=force RETURN 1
""".strip().splitlines()

CSV = """
LOAD CSV FROM 'file:///etc/passwd' AS l RETURN l
LOAD CSV WITH HEADERS FROM 'file:///etc/passwd' AS l RETURN l
LOAD CSV FROM 'http://127.0.0.1:PORT/x' AS l RETURN l
LOAD CSV FROM 'http://localhost:PORT/x' AS l RETURN l
LOAD CSV FROM 'http://[::1]:PORT/x' AS l RETURN l
LOAD/* */CSV FROM 'http://127.0.0.1:PORT/x' AS l RETURN l
load // x\\ncsv FROM 'http://127.0.0.1:PORT/x' AS l RETURN l
\\u004COAD CSV FROM 'http://127.0.0.1:PORT/x' AS l RETURN l
USING PERIODIC COMMIT LOAD CSV FROM 'http://127.0.0.1:PORT/x' AS l CREATE (n)
WITH 'http://127.0.0.1:' + 'PORT/x' AS url LOAD CSV FROM url AS l RETURN l
CALL { LOAD CSV FROM 'http://127.0.0.1:PORT/x' AS l RETURN l } RETURN l
RETURN COLLECT { LOAD CSV FROM 'http://127.0.0.1:PORT/x' AS l RETURN l }
RETURN [x IN [1] WHERE EXISTS { LOAD CSV FROM 'file:///etc/passwd' AS l RETURN l } | x]
RETURN [x IN [1] | COLLECT { LOAD CSV FROM 'http://127.0.0.1:PORT/x' AS l RETURN l }]
RETURN reduce(a = 0, x IN [1] | a + COUNT { LOAD CSV FROM 'http://127.0.0.1:PORT/x' AS l RETURN l })
RETURN all(x IN [1] WHERE EXISTS { LOAD CSV FROM 'http://127.0.0.1:PORT/x' AS l RETURN l })
RETURN '/*', [x IN [1] | COUNT { LOAD CSV FROM 'http://127.0.0.1:PORT/x' AS l RETURN l }], '*/'
RETURN '//', [x IN [1] | COUNT { LOAD CSV FROM 'http://127.0.0.1:PORT/x' AS l RETURN l }]
RETURN "'", [x IN [1] | COUNT { LOAD CSV FROM 'http://127.0.0.1:PORT/x' AS l RETURN l }], "'"
RETURN '\\\\', [x IN [1] | COUNT { LOAD CSV FROM 'http://127.0.0.1:PORT/x' AS l RETURN l }], '\\\\'
RETURN 1 AS `'`, [x IN [1] | COUNT { LOAD CSV FROM 'http://127.0.0.1:PORT/x' AS l RETURN l }] AS `''`
RETURN '\\\\u0027, [x IN [1] | COUNT { LOAD CSV FROM "http://127.0.0.1:PORT/x" AS l RETURN l }] //'
PROFILE LOAD CSV FROM 'http://127.0.0.1:PORT/x' AS l RETURN l
CYPHER 5 LOAD CSV FROM 'http://127.0.0.1:PORT/x' AS l RETURN l
""".strip().splitlines()

SEVERAL = """
RETURN 1; CREATE (n)
RETURN 1;; RETURN 2
RETURN 1; /* ; */ MATCH (n) DETACH DELETE n;
RETURN ';'; CREATE (n)
RETURN 1 \\u003b CREATE (n)
RETURN 1 // ;\\n; CREATE (n)
MATCH (n) RETURN n; SHOW USERS
""".strip().splitlines()

LISTS = {"writes": WRITES, "schema": SCHEMA, "admin": ADMIN, "csv": CSV, "several": SEVERAL}


def unescaped(text: str, port: int) -> str:
    """Lines of the lists hold `\\n` and `\\r` as two signs."""
    return text.replace("\\n", "\n").replace("\\r", "\r").replace("PORT", str(port))


@pytest.mark.parametrize("name", list(LISTS))
def test_attacks_are_refused_with_one_sentence(name: str, stored: Graph, web: Counter) -> None:
    before = server_state(stored)
    for attack in LISTS[name]:
        text = unescaped(attack, web.server_port)
        with pytest.raises((RefusedError, UsageError)) as refused:
            run.run(stored, text, timeout=5)
        sentence = str(refused.value)
        assert "\n" not in sentence, attack
        assert 20 < len(sentence) < 320, attack
    assert server_state(stored) == before
    assert web.asked == 0


RUNAWAY = """
UNWIND range(1, 1000000000) AS x RETURN count(x)
UNWIND range(1, 1000000000) AS x RETURN x ORDER BY x DESC LIMIT 1
UNWIND range(1, 100000) AS a UNWIND range(1, 100000) AS b UNWIND range(1, 100000) AS c RETURN count(*)
MATCH (a), (b), (c), (d), (e), (f), (g), (h), (i), (j), (k), (l) RETURN sum(coalesce(a.size, 1) * coalesce(l.size, 1))
MATCH p = (a)-[*0..]-(b), q = (c)-[*0..]-(d), r = (e)-[*0..]-(f), s = (g)-[*0..]-(h), t = (u)-[*0..]-(v) RETURN count(*)
""".strip().splitlines()

GREEDY = """
UNWIND range(1, 100000000) AS x RETURN collect(x) AS c
UNWIND range(1, 100000000) AS x RETURN collect(toString(x) + 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa') AS c
RETURN [x IN range(1, 1000000000) | x + 1] AS c
RETURN reduce(s = 'ab', x IN range(1, 33) | s + s) AS s
RETURN size(reduce(s = 'ab', x IN range(1, 33) | s + s)) AS s
""".strip().splitlines()


@pytest.mark.parametrize("query", RUNAWAY)
def test_runaway_queries_end_in_time(query: str, stored: Graph) -> None:
    with pytest.raises(RefusedError, match=r"ended after 1 s|needs more memory"):
        run.run(stored, query, timeout=1)
    assert len(run.run(stored, SMALL).rows) == 2


@pytest.mark.parametrize("query", GREEDY)
def test_greedy_queries_end_and_the_server_goes_on(query: str, stored: Graph) -> None:
    before = digest(stored)
    with pytest.raises(RefusedError, match=r"ended after 20 s|needs more memory"):
        run.run(stored, query, timeout=20)
    assert digest(stored) == before


def test_the_server_would_refuse_too(stored: Graph, web: Counter) -> None:
    """The layers behind the text and the plan: READ mode, and the settings."""
    with stored.session(read=True) as session:
        with pytest.raises(Exception, match=r"(?i)access mode|read"):
            session.run("CREATE (n)").consume()
        for address in (f"http://127.0.0.1:{web.server_port}/x", "file:///etc/passwd"):
            with pytest.raises(Exception, match=r"(?i)load|block|url|resource"):
                session.run("LOAD CSV FROM $address AS l RETURN l", address=address).consume()
    assert web.asked == 0


GOOD = f"""
MATCH (o:Observation) RETURN o.obs_id ORDER BY o.obs_id LIMIT 5
MATCH (p:Product)-[:PART_OF]->(o:Observation) WHERE p.filename ENDS WITH '_i2d.fits' RETURN o.obs_id, p.size / 1e6 AS mb
MATCH (p:Product) OPTIONAL MATCH (p)-[:COMPOSED_OF]->(m) RETURN p.filename, collect(m.filename) AS made_of
MATCH (p:Product) RETURN p.filename, COLLECT {{ MATCH (p)-[:COMPOSED_OF]->(m) RETURN m.filename }} AS made_of
MATCH (p:Product) WHERE EXISTS {{ (p)-[:COMPOSED_OF]->() }} RETURN count(p)
MATCH (p:Product) WHERE NOT (p)<-[:COMPOSED_OF]-() RETURN p.filename
MATCH (p:Product) RETURN p.filename, COUNT {{ (p)<-[:COMPOSED_OF]-() }} AS feeds ORDER BY feeds DESC LIMIT 3
MATCH p = shortestPath((a:Product {{filename: '{L3}_i2d.fits'}})-[*..6]-(b:Product {{filename: '{A}_uncal.fits'}})) RETURN p
MATCH p = ANY SHORTEST (a:Product {{filename: '{L3}_i2d.fits'}})-[:COMPOSED_OF]->+(b:Product) RETURN length(p)
MATCH (a:Product {{filename: '{L3}_i2d.fits'}}) ((x)-[:COMPOSED_OF]->(y)){{1,4}} (b) RETURN b.filename, size(x) AS depth
MATCH (a:Product)-[:COMPOSED_OF*1..3]->(b) RETURN DISTINCT b.filename
CALL () {{ MATCH (o:Observation) RETURN o UNION MATCH (o:Observation) RETURN o }} RETURN count(o)
MATCH (o:Observation) CALL (o) {{ MATCH (p)-[:PART_OF]->(o) RETURN count(p) AS files }} RETURN o.obs_id, files
MATCH (o:Observation) RETURN o.obs_id AS name UNION ALL MATCH (p:Product) RETURN p.filename AS name
RETURN [x IN range(1, 10) WHERE x % 2 = 0 | x * x] AS squares
MATCH (p:Product) RETURN [(p)-[:COMPOSED_OF]->(m) | m.filename] AS made_of
MATCH (p:Product) WHERE p.filename =~ '.*(?i)I2D.*' RETURN p.calib_level, sum(p.size), avg(p.size), percentileCont(p.size, 0.5)
MATCH (p:Product) WITH p ORDER BY p.size DESC LIMIT 2 RETURN collect(p {{.filename, .size}}) AS largest
MATCH (p:Product) RETURN CASE WHEN p.calib_level = 3 THEN 'stage 3' ELSE 'earlier' END AS stage, count(*)
MATCH (a:Association)-[m:HAS_MEMBER]->(p) RETURN a.filename, m.exptype, p.filename
MATCH (n) RETURN labels(n) AS labels, count(*) AS number
MATCH ()-[r]->() RETURN type(r), count(*)
MATCH (n) RETURN count(n)
MATCH (n)-[r]->(m) RETURN n, r, m LIMIT 3
UNWIND ['a', 'b'] AS x WITH x RETURN x, datetime('2022-07-10T16:10:10Z') AS at, duration.between(date('2022-01-01'), date('2022-03-01')) AS gap
MATCH (p:Product) WHERE p.filename CONTAINS 'load csv' OR p.filename = 'CREATE (n); SHOW USERS' RETURN p
// CREATE (n); CALL dbms.listConfig() and apoc.load.json(x)\\nRETURN 1 AS one /* LOAD CSV */ ;
RETURN 'it\\'s; // no comment' AS x, "/*" AS y, `z` ORDER BY x
SHOW INDEXES
SHOW INDEXES YIELD name, state WHERE state <> 'ONLINE' RETURN name
SHOW UNIQUE CONSTRAINTS
SHOW ALL CONSTRAINTS YIELD name
CALL db.labels()
CALL db.labels() YIELD label RETURN label ORDER BY label
CALL db.relationshipTypes()
CALL db.propertyKeys()
CALL db.schema.visualization()
CALL db.schema.nodeTypeProperties()
call `db`.`labels`()
EXPLAIN MATCH (o:Observation) RETURN o
PROFILE MATCH (o:Observation) RETURN o
CYPHER 5 MATCH (o:Observation) RETURN o
CYPHER runtime=slotted MATCH (o:Observation) RETURN o
CYPHER 5 runtime = interpreted planner=cost EXPLAIN MATCH (o:Observation) RETURN o
MATCH (l:Load) WHERE l.csv IS NULL RETURN count(l)
MATCH (a:Product) MATCH (b:Product) WHERE a.size = b.size AND elementId(a) < elementId(b) RETURN a.filename, b.filename
RETURN point({{longitude: 1.5, latitude: 2}}) AS p, time('10:00:00Z') AS t, localdatetime('2022-07-10T16:10:10') AS l, null AS n
MATCH (p:Product) USING INDEX p:Product(filename) WHERE p.filename STARTS WITH 'jw' RETURN count(p)
MATCH (n:Product|Observation) RETURN count(n)
FINISH
""".strip().splitlines()


@pytest.mark.parametrize("query", GOOD)
def test_good_queries_pass(query: str, stored: Graph) -> None:
    text = unescaped(query, 0).replace("`z`", "1 AS z")
    answer = run.run(stored, text)
    json.dumps(answer.rows, allow_nan=False)
    assert all(set(row) == set(answer.columns) for row in answer.rows)


EXAMPLES: dict[str, object] = {"STRING": "x", "INTEGER": 1, "FLOAT": 1.0, "BOOLEAN": True, "LIST<STRING>": ["x"]}


@pytest.mark.parametrize("query", queries.every("query"), ids=lambda query: query.name)
def test_the_library_passes(query: queries.Query, stored: Graph) -> None:
    values = {p.name: EXAMPLES.get(p.type, []) for p in query.params}
    answer = run.run(stored, query.text, parameters=values)
    assert list(answer.columns) == [name for name, _ in query.returns]


def test_write_opens_nothing_else(stored: Graph, web: Counter) -> None:
    before = server_state(stored)
    for attack in [*SCHEMA, *ADMIN, *CSV, *SEVERAL, "CALL { CREATE (n) } IN TRANSACTIONS"]:
        with pytest.raises((RefusedError, UsageError)):
            run.run(stored, unescaped(attack, web.server_port), write=True, timeout=5)
    assert server_state(stored) == before
    assert web.asked == 0


def test_lists_are_not_empty() -> None:
    assert min(len(attacks) for attacks in LISTS.values()) > 5
    assert LABELS
    assert EDGES
