"""Read association files: the products and the members each is made from."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator

from jwgraph.model.records import AsnProduct, AssociationRecord, Member, Problem, Record
from jwgraph.model.vocabulary import EXPTYPES
from jwgraph.names.grammar import LONGEST
from jwgraph.names.identifiers import five_digits
from jwgraph_loaders.base import Source
from jwgraph_loaders.text import base_name, name_fault, null, object_keys, parse_json, quoted, safe_name, show

# Keys found only in associations. `products` is not among them, since replies of MAST's mission search have it too.
ASSOCIATION_KEYS = frozenset({b"asn_type", b"asn_rule", b"asn_pool", b"asn_id", b"members", b"expname"})

# Spellings of a missing pool, besides the usual nulls.
NO_POOL = frozenset({"pool", "none.csv", "n_a.csv", "pool.csv"})


class Associations:
    """Loader of association files."""

    name = "association"
    summary = "JWST association files (Level 2 and Level 3 asn.json)."

    def detect(self, source: Source) -> bool:
        """Return whether the head belongs to a JSON object with the keys of an association."""
        return not ASSOCIATION_KEYS.isdisjoint(object_keys(source.head))

    def read(self, source: Source) -> Iterator[Record | Problem]:
        """Yield the association, and a Problem for each invalid product or member.

        The association is loaded with the valid ones; without any, the file is rejected.
        """
        if fault := name_fault(source.filename):
            yield Problem(source.name, None, f"an association is known by its file name, and {fault}")
            return
        document = parse_json(source, strict=True)
        if isinstance(document, Problem):
            yield document
            return
        reader = _Reader(source)
        for key in document.repeated:
            reader.warn(f"the key {quoted(key, 40)} occurs twice in one object; the last one counts")
        record = reader.association(document.value)
        if record is not None:
            yield record
        yield from reader.problems


LOADER = Associations()


class _Reader:
    """Read one association and collect problems with it."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.problems: list[Problem] = []

    def reject(self, reason: str, text: str = "") -> None:
        self.problems.append(Problem(self.source.name, None, reason, text=show(text)))

    def warn(self, reason: str, text: str = "") -> None:
        self.problems.append(Problem(self.source.name, None, reason, "warning", show(text)))

    def association(self, document: object) -> AssociationRecord | None:
        if not isinstance(document, dict):
            self.reject("it is JSON, but not an object with products")
            return None
        digest = _digest(document)
        if digest is None:
            self.reject("it is nested too deeply, or holds half of a surrogate pair, which is not text")
            return None
        products = self._products(document.get("products"))
        if not products:
            return None
        return AssociationRecord(
            filename=self.source.filename,
            sha256=digest,
            products=products,
            asn_type=_lower(_text(document.get("asn_type"))),
            asn_rule=_text(document.get("asn_rule")),
            asn_id=_text(document.get("asn_id")),
            version_id=_text(document.get("version_id")),
            code_version=_text(document.get("code_version")),
            degraded_status=_text(document.get("degraded_status")),
            program=_program(_text(document.get("program"))),
            target=_text(document.get("target")) or _text(document.get("targname")),
            asn_pool=self._pool(_text(document.get("asn_pool"))),
        )

    def _products(self, products: object) -> tuple[AsnProduct, ...]:
        if not isinstance(products, list) or not products:
            self.reject("the association has no products: " + _kind(products, "products"))
            return ()
        found = [made for at, product in enumerate(products, 1) if (made := self._product(f"product {at}", product))]
        if not found:
            self.reject("the association has no product with a name and members that can be read")
        for name, count in Counter(product.name for product in found).items():
            if count > 1:
                self.warn(f"the product name {quoted(name)} occurs {count} times")
        return tuple(found)

    def _product(self, where: str, product: object) -> AsnProduct | None:
        if not isinstance(product, dict):
            self.reject(f"{where} is not an object", str(product)[:LONGEST])
            return None
        name = base_name(_text(product.get("name")) or "")
        if fault := name_fault(name):
            self.reject(f"{where} has a name that cannot be kept: {fault}", name)
            return None
        members = product.get("members")
        if not isinstance(members, list) or not members:
            self.reject(f"{where} ({show(name)}) has no members: " + _kind(members, "members"))
            return None
        found = [
            made
            for at, member in enumerate(members, 1)
            if (made := self._member(f"member {at} of {where} ({show(name)})", member))
        ]
        return AsnProduct(name, tuple(found)) if found else None

    def _member(self, where: str, member: object) -> Member | None:
        if not isinstance(member, dict):
            self.reject(f"{where} is not an object", str(member)[:LONGEST])
            return None
        expname = member.get("expname")
        if not isinstance(expname, str) or null(expname) is None:
            self.reject(f"{where} has no expname: " + _kind(expname, "expname"))
            return None
        name = base_name(expname)
        if fault := name_fault(name):
            self.reject(f"{where} has an expname that cannot be kept: {fault}", expname)
            return None
        exptype = _lower(_text(member.get("exptype")))
        if exptype is None:
            self.reject(f"{where} has no exptype", expname)
            return None
        if exptype not in EXPTYPES:
            self.warn(f"{where} has an exptype that is not in the vocabulary: {quoted(exptype, 40)}", expname)
        candidate = _text(member.get("asn_candidate")) or _text(member.get("asn_candidate_id"))
        return Member(name, expname, exptype, _text(member.get("exposerr")), candidate)

    def _pool(self, text: str | None) -> str | None:
        """Return the file name of the pool; association files give it with or without extension."""
        if text is None or text.lower() in NO_POOL:
            return None
        name = safe_name(text)
        if name is None:
            self.warn("asn_pool is not a file name; it is left out", text)
            return None
        return name if name.lower().endswith(".csv") else name + ".csv"


def _digest(document: object) -> str | None:
    """Return the SHA-256 of the document as canonical JSON: sorted keys, no white space, UTF-8."""
    try:
        text = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()
    except (RecursionError, UnicodeEncodeError):
        return None


def _text(value: object) -> str | None:
    """Return a value as text, or None for any spelling of null."""
    if value is None or isinstance(value, (dict, list, bool)):
        return None
    return null(str(value))


def _lower(text: str | None) -> str | None:
    return None if text is None else text.lower()


def _program(text: str | None) -> str:
    """Return a program as five digits, or an empty string: the tools write `noprogram` for a missing one."""
    return five_digits(text or "")


def _kind(value: object, key: str) -> str:
    """Describe the value found in place of a list or string."""
    if value is None:
        return f"there is no `{key}`"
    if isinstance(value, (list, str)):
        return f"`{key}` is empty"
    return f"`{key}` is of type {type(value).__name__}"
