"""Which files are there by the rules of docs/graph.md, and which associations are in force, in plain Python."""

from __future__ import annotations

import re
from functools import cached_property

from tests.support.facts import Content, Facts
from tests.support.shapes import grouped

# Program, candidate, type and product name.
Line = tuple[str, str, str, str]


class Versions(Facts):
    """What follows from product lists and versions: each property is a rule, and its docstring says it."""

    @cached_property
    def gone(self) -> set[tuple[str, str]]:
        """Ownership is withdrawn if each Observation whose complete list had the row has a later complete list."""
        return {
            pair
            for pair, times in self.listed.items()
            if all(self.lists.get(asked, at) > at for asked, at in times.items())
        }

    @cached_property
    def withdrawn(self) -> set[str]:
        """A file is withdrawn if complete lists had it, and none has it any more, under whatever owner."""
        return {file for file, _ in self.listed} - {file for file, _ in self.listed.keys() - self.gone}

    @cached_property
    def present(self) -> set[str]:
        return (self.archived | self.seen) - self.withdrawn

    @cached_property
    def unread(self) -> set[str]:
        """Associations that are present and whose content is not loaded."""
        return (self._asn_files & self.present) - self.contents.keys()

    @cached_property
    def _asn_files(self) -> set[str]:
        named = {h.asntable for several in self._headers.values() for h in several if h.asntable}
        return named | {file for file, name in self.names.items() if name.form == "association"} | self.contents.keys()

    @cached_property
    def _lines(self) -> dict[str, tuple[str, dict[str, set[Line]]]]:
        """By association: its version, and for each of its products the names under which versions of it are found.

        A line has one program, candidate, type and product; the counter in the file name says nothing. The products of
        an unread association are its owners by MAST's list, and those of the files whose headers name it; each stands
        for the templates that it matches.
        """
        found: dict[str, tuple[str, dict[str, set[Line]]]] = {}
        templates = grouped(
            (asn.family, made) for asn in self.contents.values() for made in asn.promises if made.pattern
        )
        for name, asn in self.contents.items():
            parts = {made.product: {(*asn.family, made.obs_id or made.product)} for made in asn.promises}
            found[name] = asn.version, parts
        for filename in self._asn_files - self.contents.keys():
            named = self.names[filename]
            family = (named.program, named.candidate, named.asn_type)
            owners = {
                obs_id
                for (file, obs_id), basis in self.owners.items()
                if file == filename and basis == "mast" and ((file, obs_id) not in self.gone or file in self.withdrawn)
            }
            for file, header in self.headers.items():
                of_exposure = self.names[file].form == "exposure"
                level3 = self.names[file].product_level == "3" or not of_exposure
                if header.asntable == filename and (level3 or not named.asn_type.endswith("3")):
                    owners.add(self.names[file].obs_id)
            parts = {
                owner: {
                    (*family, owner),
                    *((*family, made.product) for made in templates[family] if re.fullmatch(made.pattern, owner)),
                }
                for owner in owners
            }
            found[filename] = named.version_id.lower(), parts
        return found

    @cached_property
    def _superseded(self) -> dict[str, str]:
        """By association: the newest of its lines, where each of its products has a later version_id there."""
        # One that only a header names, or that was withdrawn, may be superseded, and supersedes none.
        versions = grouped(
            (line, (version, name))
            for name, (version, parts) in self._lines.items()
            for lines in parts.values()
            for line in lines
            if name in self.contents or name in self.present
        )
        found = {}
        for name, (version, parts) in self._lines.items():
            newest = [
                max({each for line in lines for each in versions[line]}, default=("", "")) for lines in parts.values()
            ]
            if newest and all(later > version for later, _ in newest):
                found[name] = max(filename for _, filename in newest)
        return found

    @cached_property
    def superseded_by(self) -> set[tuple[str, str]]:
        return set(self._superseded.items())

    @cached_property
    def in_force(self) -> list[Content]:
        """Associations that nothing supersedes."""
        return [asn for name, asn in self.contents.items() if name not in self._superseded]

    @cached_property
    def duplicate_of(self) -> set[tuple[str, str]]:
        """Of associations in force with one type and the same members, o comes before c and c before a."""
        alike = grouped(
            ((asn.program, asn.asn_type, *sorted((member.file, member.role) for member in asn.members)), asn)
            for asn in self.in_force
        )
        first = {key: min(group, key=lambda asn: (asn.rank, asn.filename)) for key, group in alike.items()}
        return {
            (asn.filename, first[key].filename)
            for key, group in alike.items()
            for asn in group
            if first[key].rank < asn.rank < 3
        }
