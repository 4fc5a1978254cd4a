"""`ProductRecord`: a file that the archive lists, or that was seen on disk."""

from __future__ import annotations

from operator import itemgetter
from typing import Any

from jwgraph.model.records import MAST_COLUMNS, ProductRecord
from jwgraph_loaders.write.kind import Kind
from jwgraph_loaders.write.nodes import Nodes, ObservationRow
from jwgraph_loaders.write.ranks import text_digest, version_key
from jwgraph_loaders.write.rows import MAST, MAST_RANK, owned_file
from jwgraph_loaders.write.transaction import Changes, Stored

_PRODUCT_TYPE = MAST_COLUMNS.index("productType")
_PRVVERSION = MAST_COLUMNS.index("prvversion")
_RIGHTS = MAST_COLUMNS.index("dataRights")

# A row of as many characters counts as one more, so that batches of very long rows are sent earlier.
LONG_ROW = 1024

_columns = itemgetter(*MAST_COLUMNS)


class Products(Kind[ProductRecord]):
    """Collect files in the nodes of the batch, which contain everything to be written."""

    @staticmethod
    def key(record: ProductRecord) -> tuple[str, str]:
        """Return the file."""
        return record.name.filename, record.name.program

    def add(self, record: ProductRecord, nodes: Nodes) -> None:
        """Collect a file, with the Observation that owns it."""
        name = record.name
        product = nodes.product(name, archived=not record.seen, seen=record.seen)
        if record.mast:
            rank, mast, length = mast_row(record)
            nodes.size += length // LONG_ROW
            if rank > (product[MAST_RANK] or ""):
                product[MAST_RANK], product[MAST] = rank, mast
        if record.obs_id:
            owner = nodes.observation(record.obs_id)
            # Observations of two programs may own the file, so their derived edges affect each other.
            nodes.share(owner.program, name.program)
            _note_numbers(owner, record)
            # Only the row listed for the Observation itself shows whether the file is recommended there.
            own = record.obsid is not None and record.obsid == record.parent_obsid
            lists = None
            if record.listed_in is not None:
                asked = nodes.observation(record.listed_in[0])
                # Whether the file is withdrawn depends on the lists of that Observation.
                nodes.share(asked.program, owner.program)
                nodes.share(asked.program, name.program)
                lists = [f"{record.listed_in[1]:013d} {asked.obs_id}"]
            file = owned_file(name.filename, "mast", record.calib_level, record.mrp if own else None, lists)
            nodes.own(owner, name, file)

    def compare(self, stored: Stored, changes: Changes) -> None:
        """Do nothing: the nodes are already compared."""


def mast_row(record: ProductRecord) -> tuple[str, list[Any], int]:
    """Rank one MAST row of a file, and give its columns in the order of `MAST_COLUMNS`, and the length of their text.

    Of several rows, the newest processing wins as a whole: by CAL_VER, then public before proprietary (public data
    stays public), then by the text of the row, so that the result does not depend on order. All columns are set, so
    the winner replaces the loser entirely. The rank is hexadecimal.
    """
    try:
        mast = list(_columns(record.mast))
    except KeyError:
        mast = [record.mast.get(column) for column in MAST_COLUMNS]
    if mast[_PRODUCT_TYPE] is None:
        mast[_PRODUCT_TYPE] = record.name.productType or None
    public = "1" if mast[_RIGHTS] == "PUBLIC" else "0"
    text = repr(mast)
    return version_key(str(mast[_PRVVERSION] or "")) + public + text_digest(text)[:19], mast, len(text)


def _note_numbers(owner: ObservationRow, record: ProductRecord) -> None:
    if record.obsid and record.obsid > (owner.mast_obsid or 0):
        owner.mast_obsid = record.obsid
    parent = record.parent_obsid
    if parent and parent != record.obsid and parent not in owner.mast_parents:
        owner.mast_parents.append(parent)
