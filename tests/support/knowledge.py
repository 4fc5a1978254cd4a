"""What is known of each Observation and program by the rules of docs/graph.md, in plain Python over records."""

from __future__ import annotations

from collections import Counter
from functools import cached_property

from jwgraph.names.grammar import parse_root
from tests.support.derivation import Derivation
from tests.support.shapes import Known, Program


class Knowledge(Derivation):
    """What was loaded and what was not: the basis of "none" against "not known"."""

    @cached_property
    def known(self) -> set[Known]:
        return {self._knowledge(obs_id) for obs_id in self.observations}

    def _knowledge(self, obs_id: str) -> Known:
        """Describe what is known of an Observation: whether its list is complete, what was not read, its headers."""
        own = {file for file in self.own[obs_id] if (file, obs_id) not in self.gone}
        under = {edge.included for edge in self.includes if edge.obs_id == obs_id and "mast" in edge.basis}
        above = {edge.obs_id for edge in self.includes if edge.included == obs_id and "mast" in edge.basis}
        rows = bool(under) or any(self.basis[file, obs_id] == "mast" for file in own)
        complete = bool(({obs_id} | above) & self.lists.keys())
        in_force = {asn.filename for asn in self.in_force}
        pools = {pool for _, pool in self.pools} | self.read_pools
        pools |= {file for file, name in self.names.items() if name.form == "pool"}
        return Known(
            obs_id,
            "complete" if complete else "rows" if rows else "",
            tuple(sorted((own & self.unread) - self._superseded.keys())),
            tuple(sorted((own & pools & self.present) - self.read_pools)),
            asn_known=any(
                made.asn in in_force and made.basis != "header" and made.obs_id == obs_id and made.file in own
                for made in self.produces
            ),
            headers=len(own & self.headers.keys()),
        )

    @cached_property
    def programs(self) -> set[Program]:
        """Count associations with content, headers of files of Observations, and Observations with a list, if any."""
        associations = Counter(asn.program for asn in self.contents.values())
        headers, lists = Counter[str](), Counter[str]()
        for known in self.known:
            program = parse_root(known.obs_id).program
            headers[program] += known.headers
            lists[program] += bool(known.product_list)
        return {Program(p, associations[p], headers[p], lists[p]) for p in +associations | +headers | +lists}
