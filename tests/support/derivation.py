"""The rules of docs/graph.md once more, in plain Python over records: a second opinion on what the store derives.

It reads no store, and shares nothing with the writer and with `cypher/derive`. What it takes over are tables: the
grammar of names (`parse`, `parse_root`), the suffixes, `ROLE_RELATION`, and `promise`, which looks up what an
association of some type makes of a product name.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property

from jwgraph.model.records import Record
from jwgraph.model.vocabulary import ROLE_RELATION
from jwgraph.names.expected import Promise
from jwgraph.names.grammar import parse, parse_root
from tests.support.facts import Tie, made_from
from tests.support.shapes import Included, Linked, Made, Owned, Produced, State, grouped
from tests.support.versions import Versions

RELATION_OF = {str(role): str(relation) for role, relation in ROLE_RELATION.items()}


class Derivation(Versions):
    """What follows from records: each property is a rule, and its docstring says it."""

    def __init__(self, records: Iterable[Record], tie: Tie) -> None:
        super().__init__(records, tie)
        self.level3_names = {o for o in self.observations if parse_root(o).form == "stage3"}

    @cached_property
    def produces(self) -> set[Produced]:
        """An association makes the main file of each promise, and the present files that the promise stands for.

        A header names the association that made its file.
        """
        made = {
            Produced(
                asn.filename,
                promise.main.filename,
                promise.product,
                promise.obs_id,
                "association",
                promise.product_level,
            )
            for asn in self.contents.values()
            for promise in asn.promises
            if promise.main
        }
        made |= {
            Produced(asn.filename, file, promise.product, obs_id, "archived", promise.product_level)
            for asn in self.contents.values()
            for promise in asn.promises
            for obs_id, file in self._promised_files(promise)
        }
        for file, header in self.headers.items():
            if header.asntable:
                name = self.names[file]
                stage3 = parse(header.asntable).asn_type.endswith("3") and name.form != "exposure"
                level = "3" if stage3 else name.product_level
                made.add(Produced(header.asntable, file, name.obs_id, name.obs_id, "header", level))
        return made

    def _promised_files(self, promise: Promise) -> Iterator[tuple[str, str]]:
        """Present files of a promised Observation, at its level and with a suffix of its type, besides the main file.

        A template stands for every Stage 3 Observation and file that it matches.
        """
        datasets = (
            [o for o in self.level3_names if re.fullmatch(promise.pattern, o)] if promise.pattern else [promise.obs_id]
        )
        for obs_id in datasets:
            for file in self._named_files[obs_id]:
                name = self.names[file]
                level = name.product_level == promise.product_level or (name.form == "plain" and not promise.pattern)
                matches = not promise.pattern or re.fullmatch(promise.file_pattern, file)
                main = promise.main and promise.main.filename
                if matches and level and name.suffix in promise.suffixes and file != main:
                    yield obs_id, file

    @cached_property
    def _named_files(self) -> defaultdict[str, set[str]]:
        """Present files, previews aside, by the Observations that own them by a MAST row or by name."""
        files = self.present - {file for file, kind in self.kinds.items() if kind == "PREVIEW"}
        return grouped((obs_id, file) for file, obs_id in self.owners if file in files)

    @cached_property
    def basis(self) -> dict[tuple[str, str], str]:
        """Who owns a file: `mast` or `name`; else an association, with its pool, where its products are."""
        pools = grouped(self.pools)
        by_association = {
            (file, made.obs_id): "association"
            for made in self.produces
            if made.obs_id in self.observations
            for file in (made.asn, *pools[made.asn])
        }
        return by_association | self.owners

    @cached_property
    def own(self) -> defaultdict[str, set[str]]:
        """The files that each Observation owns."""
        return grouped((obs_id, file) for file, obs_id in self.basis)

    @cached_property
    def datasets(self) -> defaultdict[str, set[str]]:
        """The Observations that own each file."""
        return grouped(self.basis)

    @cached_property
    def expected(self) -> set[str]:
        """A file is expected when it is not present and an association in force names it as a member or promises it.

        A duplicate promises nothing, nor does a promise that another present file keeps; nor is a withdrawn file.
        """
        members = {member.file for asn in self.in_force for member in asn.members}
        kept = {(made.asn, made.product) for made in self.produces if made.basis == "archived"}
        promising = {asn.filename for asn in self.in_force} - {name for name, _ in self.duplicate_of}
        promised = {
            made.file
            for made in self.produces
            if made.basis == "association" and made.asn in promising and (made.asn, made.product) not in kept
        }
        return (members | promised) - self.present - self.withdrawn

    @cached_property
    def visible(self) -> set[str]:
        return self.present | self.expected

    @cached_property
    def there(self) -> set[str]:
        """An Observation is present when a file of it is (INFO only in a MAST row), or a search gives its level."""
        return {obs_id for file, obs_id in self.basis if self._counts(file, obs_id)} | self._searched_levels

    @cached_property
    def archived_observations(self) -> set[str]:
        """An Observation is archived when one of the files that make it present is."""
        by_file = {o for file, o in self.basis if file in self.archived and self._counts(file, o)}
        return by_file | self._searched_levels

    @cached_property
    def _searched_levels(self) -> set[str]:
        return {obs_id for obs_id in self.observations if (self.mast_level(obs_id) or 0) > 0}

    @cached_property
    def level3(self) -> set[str]:
        """Observations with a Stage 3 name, and those for which Stage 3 made a file that they own."""
        made = {
            made.obs_id
            for made in self.produces
            if made.product_level == "3" and (made.file, made.obs_id) in self.basis
        }
        return self.level3_names | made

    @cached_property
    def antecedents(self) -> defaultdict[str, set[str]]:
        """Within an Observation a file is made of the nearest visible file before it, by the table of suffixes."""
        found: defaultdict[str, set[str]] = defaultdict(set)
        for files in self.own.values():
            by_suffix = grouped(
                ((self.names[file].form, self.names[file].suffix), file)
                for file in files & self.visible
                if self.kinds[file] != "PREVIEW"
            )
            for (form, suffix), after in list(by_suffix.items()):
                nearest = next((s for s in made_from(form, suffix) if (form, s) in by_suffix), None)
                if nearest:
                    for file in after:
                        found[file].add(min(by_suffix[form, nearest]))
        return found

    @cached_property
    def composed_of(self) -> set[Made]:
        """What an association in force makes first is made of its members, what it makes next is made of that.

        The role gives the relation; a science member is an antecedent at Stage 2. Where an association says what a
        file is made of, the antecedent of the same two files that the names show is not needed.
        """
        made: set[Made] = set()
        for asn in self.in_force:
            for product, level, file in self._made_first(asn.filename):
                for member in asn.members:
                    relation = RELATION_OF.get(member.role)
                    if relation and member.product == product and member.file != file:
                        relation = "antecedent" if relation == "composition" and level != "3" else relation
                        made.add(Made(file, member.file, relation, member.role, asn.filename))
        stated = {(edge.file, edge.made_of) for edge in made}
        shown = {(file, before) for file, several in self.antecedents.items() for before in several} - stated
        return made | {Made(file, before, "antecedent", "science", "") for file, before in shown}

    def _made_first(self, asn: str) -> Iterator[tuple[str, str, str]]:
        """Product, level and file of what an association makes and that is not made of another file it makes."""
        promises = grouped(
            ((made.product, made.obs_id, made.product_level), made.file)
            for made in self._made[asn]
            if made.basis != "header"
        )
        for (product, _, level), files in promises.items():
            yield from ((product, level, file) for file in files if not self.antecedents[file] & files)

    @cached_property
    def _made(self) -> defaultdict[str, set[Produced]]:
        """By association, the visible files that it makes."""
        return grouped((made.asn, made) for made in self.produces if made.file in self.visible)

    @cached_property
    def linked_to(self) -> set[Linked]:
        """Previews, guide-star and MSA files by their names; what headers and tables of links say."""
        return self.links | set(self._previews()) | set(self._visit_links())

    def _previews(self) -> Iterator[Linked]:
        """A preview is linked to the file that it shows, or to its Observation where that is not there."""
        for obs_id, files in self.own.items():
            shown = {
                self._shows(file): file
                for file in sorted(files & self.visible, reverse=True)
                if self.kinds[file] != "PREVIEW" and self.names[file].suffix
            }
            for file in files & self.visible:
                if self.kinds[file] == "PREVIEW":
                    yield Linked(file, shown.get(self._shows(file), obs_id), "preview", "name")

    def _shows(self, file: str) -> tuple[str, str]:
        name = self.names[file]
        return file.removesuffix(f".{name.extension}").removesuffix("_thumb"), name.suffix

    def _visit_links(self) -> Iterator[Linked]:
        """Guide-star files go with the exposures of their visit, MSA files with those of NIRSpec."""
        visits = grouped((n.visit_id, file) for file, n in self.names.items() if n.form in ("guide_star", "msa"))
        for obs_id in self.observations:
            root = parse_root(obs_id)
            for file in visits[root.visit_id] if root.form == "exposure" else ():
                form = self.names[file].form
                if form == "guide_star" or root.detector.startswith("nrs"):
                    yield Linked(file, obs_id, form, "name")

    @cached_property
    def includes(self) -> set[Included]:
        """A Level 3 Observation includes the datasets of its members in any role, and of what those are made of.

        It includes what MAST lists under it, whatever its level. What is a member counts as that alone.
        """
        found: defaultdict[tuple[str, str], set[tuple[str, str]]] = defaultdict(set)
        members = {asn.filename: asn.members for asn in self.in_force}
        for made in self.produces:
            if made.obs_id in self.level3 and (made.file, made.obs_id) in self.basis:
                for member in members.get(made.asn, ()):
                    if member.product == made.product:
                        reached = {(file, "lineage", role) for file, role in self._below(member.file, member.role)}
                        for file, basis, role in {(member.file, "association", member.role)} | reached:
                            for obs_id in self.datasets[file] - self.level3:
                                found[made.obs_id, obs_id].add((basis, role))
        included = {}
        for pair, why in found.items():
            bases = {basis for basis, _ in why}
            included[pair] = ({"association"} if "association" in bases else bases, {role for _, role in why})
        for pair in self._listed_under():
            bases, roles = included.get(pair, (set(), set()))
            included[pair] = bases | {"mast"}, roles
        return {
            Included(*pair, tuple(sorted(b)), tuple(sorted(r)))
            for pair, (b, r) in included.items()
            if pair[0] != pair[1]
        }

    @cached_property
    def _made_of(self) -> defaultdict[str, set[tuple[str, str]]]:
        return grouped((edge.file, (edge.made_of, edge.role)) for edge in self.composed_of)

    def _below(self, file: str, role: str) -> set[tuple[str, str]]:
        """Return every file that a member is made of, and its role: the first on the way that is not science.

        The walk stops at another Level 3.
        """
        seen: set[tuple[str, str]] = set()
        waiting = [] if self._is_level3(file) else [(file, role)]
        while waiting:
            at, role = waiting.pop()
            for below, step in self._made_of[at]:
                state = (below, step if role == "science" else role)
                if state not in seen and not self._is_level3(below):
                    seen.add(state)
                    waiting.append(state)
        return seen

    def _is_level3(self, file: str) -> bool:
        """Return whether a file is of Level 3: by its name; where the name gives none, by who owns it."""
        level = self.names[file].product_level
        return level == "3" or (not level and bool(self.datasets[file] & self.level3))

    def _listed_under(self) -> Iterator[tuple[str, str]]:
        """Pairs of Observations: MAST's number of the first is a parent_obsid of the second.

        Not where complete lists of the first had rows of the second, and its newest one has none.
        """
        numbered = grouped((self.number(obs_id), obs_id) for obs_id in self.observations)
        for obs_id in self.observations:
            for number in self.parents(obs_id):
                for parent in numbered[number]:
                    times = [asked[parent] for (_, o), asked in self.listed.items() if o == obs_id and parent in asked]
                    if not times or max(times) >= self.lists.get(parent, 0):
                        yield parent, obs_id

    @cached_property
    def part_of(self) -> set[Owned]:
        return {
            Owned(file, obs_id, basis, self._recommended(file, obs_id), (file, obs_id) in self.gone)
            for (file, obs_id), basis in self.basis.items()
        }

    def _recommended(self, file: str, obs_id: str) -> bool:
        """Return whether a file is recommended: own, present, neither preview nor guide-star file."""
        own = obs_id in self.there and file in self.present and (file, obs_id) not in self.gone
        return own and self.kinds[file] != "PREVIEW" and self.names[file].form != "guide_star"

    @cached_property
    def states(self) -> set[State]:
        return {self._state(obs_id) for obs_id in self.observations}

    def _state(self, obs_id: str) -> State:
        """Describe an Observation: its levels are the highest of its files, or 3 for what Stage 3 makes."""
        own = self.own[obs_id]
        present, level3, searched = obs_id in self.there, obs_id in self.level3, self.mast_level(obs_id)
        levels = {
            max(self.row_levels[file, obs_id], default=self.names[file].calib_level)
            for file in own
            if self._counts(file, obs_id) or file in self.expected
        } | {None if searched == -1 else searched}
        product_levels = {
            self.names[file].product_level
            for file in own & self.present
            if self.kinds[file] == "SCIENCE" and self._counts(file, obs_id)
        }
        archived, expected = obs_id in self.archived_observations, bool(own & self.expected)
        planned = (searched == -1 or bool(own & self.planned)) and not present
        states = {"archived": archived, "seen": present, "expected": expected, "planned": planned, "named": True}
        return State(
            obs_id,
            state=next(state for state, applies in states.items() if applies),
            archived=archived,
            present=present,
            expected=expected,
            planned=planned,
            listed=self._is_listed(obs_id),
            level3=level3,
            calib_level=3 if level3 else max((level for level in levels if level is not None), default=None),
            product_level="3" if level3 and present else max(product_levels, default=""),
        )

    def _counts(self, file: str, obs_id: str) -> bool:
        """Return whether a file makes its Observation present: INFO files in a row of MAST only."""
        return (
            file in self.present
            and (file, obs_id) not in self.gone
            and (self.kinds[file] != "INFO" or self.basis[file, obs_id] == "mast")
        )

    def _is_listed(self, obs_id: str) -> bool:
        """Return whether an Observation is a row of the Portal: it is present and no present one includes it.

        Where nothing of a program is present, those that are expected or planned are: unless another one includes
        them, or they include a present one (of another program).
        """
        over, under = self._included_in[obs_id], self._included[obs_id]
        if parse_root(obs_id).program in self._present_programs:
            return obs_id in self.there and not over & self.there
        own = self.own[obs_id]
        planned = self.mast_level(obs_id) == -1 or bool(own & self.planned)
        return (planned or bool(own & self.expected)) and not over and not under & self.there

    @cached_property
    def _included(self) -> defaultdict[str, set[str]]:
        return grouped((edge.obs_id, edge.included) for edge in self.includes)

    @cached_property
    def _included_in(self) -> defaultdict[str, set[str]]:
        return grouped((edge.included, edge.obs_id) for edge in self.includes)

    @cached_property
    def _present_programs(self) -> set[str]:
        return {parse_root(obs_id).program for obs_id in self.there}
