"""Models of the graph for py2neo, for people who come with py2neo notebooks; the extra `ogm`.

py2neo 2021.2.4 is its last release. With Neo4j 5.26 and 2026.09 its `run`, `match`, models and repositories work; its
schema calls do not, since Neo4j has no procedure `db.indexes` any more. Nothing else in jwgraph imports py2neo.

The models are for reading: what is in the store follows from what was loaded, and a repository refuses to change it.

Between two nodes py2neo keeps one edge of a type, though the store may have several (a member in two roles, a file that
two associations made of another): which nodes are related is right, and `repository.graph.run` counts the edges.
"""

from __future__ import annotations

from types import TracebackType
from typing import Any, NoReturn, Self

from jwgraph.errors import DatabaseError, RefusedError
from jwgraph.settings import Connection
from jwgraph.store.connect import connection as find_connection

try:
    from py2neo.errors import ConnectionUnavailable
    from py2neo.errors import Neo4jError as Py2neoError
    from py2neo.ogm import Label, Model, Property, RelatedFrom, RelatedTo
    from py2neo.ogm import Repository as _Repository
except ImportError:
    raise ImportError("jwgraph.ogm needs py2neo: `pip install 'jwgraph[ogm]'`.", name="py2neo") from None

__all__ = ["Association", "Observation", "Pool", "Product", "ReferenceFile", "Repository", "connect"]


class Repository(_Repository):  # type: ignore[misc]
    """A py2neo repository on the store, which reads; `graph` is the py2neo Graph, for `run` and `match`.

    Close it, or use it in a `with` block.
    """

    def __init__(self, connection: Connection) -> None:
        user = (connection.username, connection.password)
        try:
            super().__init__(connection.uri, name=connection.database, auth=user)
        except ConnectionUnavailable:
            raise DatabaseError(f"No Neo4j answers py2neo at {connection.uri}; check the address.") from None
        except (Py2neoError, ValueError) as error:
            raise DatabaseError(f"py2neo cannot connect to {connection.uri}: {error}") from None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections; py2neo has no word for it on a repository."""
        self.graph.service.connector.close()

    def _refuse(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        raise RefusedError("The models of jwgraph.ogm are for reading; `jwgraph load` changes the store.")

    save = delete = create = merge = push = _refuse


class _Archive(Model):  # type: ignore[misc]
    """A node of the store; `wrap` gives the model of its labels, for edges that lead to several."""

    @classmethod
    def wrap(cls, node: Any) -> Any:
        """Return a node as the most special model of its labels."""
        if node is not None and cls is _Archive:
            for kind in (Association, Pool, Product, Observation):
                if node.has_label(kind.__name__):
                    return kind.wrap(node)
        return super().wrap(node)


class Product(_Archive):
    """A file of the archive, or one that an association names."""

    __primarykey__ = "filename"

    filename = Property()
    program = Property()
    suffix = Property()
    productLevel = Property()
    calib_level = Property()
    productType = Property()
    dataURI = Property()
    size = Property()
    archived = Property(default=False)
    present = Property(default=False)
    expected = Property(default=False)
    is_association = Label("Association")
    is_pool = Label("Pool")

    part_of = RelatedTo("Observation", "PART_OF")
    made_of = RelatedTo("Product", "COMPOSED_OF")
    feeds = RelatedFrom("Product", "COMPOSED_OF")
    linked_to = RelatedTo("_Archive", "LINKED_TO")
    has_linked = RelatedFrom("Product", "LINKED_TO")
    calibrated_with = RelatedTo("ReferenceFile", "CALIBRATED_WITH")
    member_of = RelatedFrom("Association", "HAS_MEMBER")
    produced_by = RelatedFrom("Association", "PRODUCES")
    planned_in = RelatedFrom("Pool", "PLANS")


class Association(Product):
    """The file that says which members make which product."""

    __primarykey__ = "filename"

    asn_type = Property()
    asn_id = Property()
    version_id = Property()
    superseded_by = Property()

    members = RelatedTo("Product", "HAS_MEMBER")
    produces = RelatedTo("Product", "PRODUCES")
    from_pool = RelatedTo("Pool", "FROM_POOL")


class Pool(Product):
    """The exposures that associations are made from."""

    __primarykey__ = "filename"

    plans = RelatedTo("Product", "PLANS")
    associations = RelatedFrom("Association", "FROM_POOL")


class Observation(_Archive):
    """A dataset: an exposure, or what Stage 3 makes of several."""

    __primarykey__ = "obs_id"

    obs_id = Property()
    program = Property()
    calib_level = Property()
    productLevel = Property()
    archived = Property(default=False)
    present = Property(default=False)
    expected = Property(default=False)
    planned = Property(default=False)
    listed = Property(default=False)
    level3 = Property(default=False)
    mast_obsid = Property()

    products = RelatedFrom("Product", "PART_OF")
    includes = RelatedTo("Observation", "INCLUDES")
    included_in = RelatedFrom("Observation", "INCLUDES")
    linked = RelatedFrom("Product", "LINKED_TO")

    def mrp(self) -> list[Product]:
        """Return its Minimum Recommended Products, in the order of their names."""
        chosen = [file for file in self.products if self.products.get(file, "mrp")]
        return sorted(chosen, key=lambda file: str(file.filename))

    def tree(self) -> list[Product]:
        """Return its files, those of the Observations it includes, and what is linked to them, each once, by name.

        py2neo asks for each edge's end by itself: `jwgraph.answers.products.tree` is one query, and faster by far.
        """
        found: dict[str, Product] = {}
        for dataset in (self, *self.includes):
            own = [file for file in dataset.products if not dataset.products.get(file, "withdrawn")]
            for file in (*own, *dataset.linked, *(linked for product in own for linked in product.has_linked)):
                if file.present or file.expected:
                    found.setdefault(str(file.filename), file)
        return [found[name] for name in sorted(found)]


class ReferenceFile(_Archive):
    """A static calibration reference file (CRDS)."""

    __primarykey__ = "name"

    name = Property()

    used_by = RelatedFrom("Product", "CALIBRATED_WITH")


def connect(connection: Connection | None = None) -> Repository:
    """Open a py2neo repository on the store that `jwgraph.connect()` opens.

    Parameters
    ----------
    connection
        Another address and credentials, such as `g.graph.connection`.

    Raises
    ------
    UsageError
        The settings are incomplete.
    DatabaseError
        The server does not answer or refuses the credentials.
    """
    return Repository(connection or find_connection(lambda _text: None))
