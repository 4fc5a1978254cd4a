"""`ObservationRecord`: a row of an observation search."""

from __future__ import annotations

from operator import itemgetter

from jwgraph.model.records import OBSERVATION_COLUMNS, ObservationRecord
from jwgraph.names.grammar import parse_root
from jwgraph_loaders.write.kind import Kind
from jwgraph_loaders.write.nodes import Nodes
from jwgraph_loaders.write.ranks import content_digest
from jwgraph_loaders.write.rows import Row
from jwgraph_loaders.write.transaction import Changes, Stored


class Observations(Kind[ObservationRecord]):
    """Collect one row per Observation, that with the highest rank (level first)."""

    def __init__(self) -> None:
        self._rows: dict[str, Row] = {}

    @staticmethod
    def key(record: ObservationRecord) -> tuple[str, str]:
        """Return the identifier and program of the Observation."""
        return record.obs_id, record.program

    def add(self, record: ObservationRecord, nodes: Nodes) -> None:
        """Collect a row; the MAST obsid is the maximum over all rows."""
        row = search_row(nodes.observation(record.obs_id).obs_id, record)
        known = self._rows.setdefault(row["obs_id"], row)
        number = max(row["mast_obsid"] or 0, known["mast_obsid"] or 0) or None
        self._rows[row["obs_id"]] = max(known, row, key=itemgetter("rank")) | {"mast_obsid": number}
        nodes.size += 1

    def compare(self, stored: Stored, changes: Changes) -> None:
        """Add the properties of Observations from the searches."""
        changed = stored.other("searches", [self._rows[obs_id] for obs_id in sorted(self._rows)])
        changes.add("searches", changed, (parse_root(row["obs_id"]).program for row in changed))


def search_row(obs_id: str, record: ObservationRecord) -> Row:
    """Return a row of `write/searches`; the rank increases with the level, so executed replaces planned."""
    properties: Row = {
        "mast_calib_level": record.calib_level,
        "proposal_id": record.program or None,
        "t_min": record.t_min,
        "t_max": record.t_max,
        "t_obs_release": record.t_obs_release,
    } | {column: record.mast.get(column) for column in OBSERVATION_COLUMNS}
    level = -2 if record.calib_level is None else record.calib_level
    # Public data stays public.
    public = int(record.mast.get("dataRights") == "PUBLIC")
    rank = f"{level + 2}|{public}|{record.t_obs_release or 0.0:012.4f}|{content_digest(properties)}"
    return {
        "obs_id": obs_id,
        "mast_obsid": record.obsid,
        "rank": rank,
        "properties": properties | {"mast_rank": rank},
    }
