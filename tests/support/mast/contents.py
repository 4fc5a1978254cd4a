"""Contents of the associations and pools that product lists name, built from the exposures of the same lists.

No list that is shared has the contents of its associations: what is built here has their form and the names of the
list, and MAST's own may have other members. For the pools of the shared data there are real ones: `generated`.
"""

from __future__ import annotations

import json
import tarfile
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

from jwgraph.names.grammar import Name, parse
from tests.support.mast.rows import Row

POOL_HEADER = "FILENAME|PROGRAM|OBS_NUM|VISIT|EXP_TYPE|ASN_CANDIDATE\n"


def built(rows: Iterable[Row]) -> dict[str, bytes]:
    """Return a content for each association and pool of product lists, by file name."""
    lists = _Lists(rows)
    found: dict[str, bytes] = {}
    for filename, owners in sorted(lists.owners.items()):
        name = parse(filename)
        if name.form == "association":
            found[filename] = json.dumps(lists.association(name, sorted(owners)), indent=4).encode()
        elif name.form == "pool":
            found[filename] = lists.pool(name).encode()
    return found


def generated(shared: Path, name: str) -> dict[str, bytes]:
    """Return a pool of the shared data, and the associations that `asn_generate` made of it."""
    found = {f"{name}.csv": (shared / "pools" / f"{name}.csv").read_bytes()}
    with tarfile.open(shared / "associations" / "generated" / f"{name}.tar.gz") as archive:
        for member in archive.getmembers():
            if (file := archive.extractfile(member)) is not None:
                found[member.name.rpartition("/")[2]] = file.read()
    return found


def lists_of(contents: Mapping[str, bytes], size: int = 2880) -> list[Row]:
    """Return the product lists that name some associations and their pool: one list for each product.

    The list of a Stage 3 product has the exposures of its members too.
    """
    obsids: dict[str, int] = {}
    rows: list[Row] = []

    def row(obs_id: str, filename: str, parent: str) -> None:
        obsid, under = (obsids.setdefault(each, 1000 + len(obsids)) for each in (obs_id, parent))
        uri = f"mast:JWST/product/{filename}"
        numbers: Row = {"obsID": str(obsid), "parent_obsid": str(under), "calib_level": 3 if "-" in obs_id else 2}
        rows.append(
            {"obs_collection": "JWST", "obs_id": obs_id, "productFilename": filename, "dataURI": uri, "size": size}
            | numbers
        )

    for filename, content in sorted(contents.items()):
        if not filename.endswith(".json"):
            continue
        document = json.loads(content)
        for product in document["products"]:
            for listed in (
                filename,
                document["asn_pool"],
                f"{product['name']}_{'i2d' if '-' in product['name'] else 'cal'}.fits",
            ):
                row(product["name"], listed, product["name"])
            for member in product["members"]:
                exposure = parse(member["expname"])
                row(exposure.obs_id, exposure.filename, exposure.obs_id)
                if "-" in product["name"]:
                    row(exposure.obs_id, exposure.filename, product["name"])
    return rows


class _Lists:
    """The files of product lists: their owners, and those that each Observation was listed with."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self.owners: defaultdict[str, set[str]] = defaultdict(set)
        self._files: defaultdict[str, set[str]] = defaultdict(set)
        self._under: defaultdict[str, set[str]] = defaultdict(set)
        numbers = {}
        listed = list(rows)
        for row in listed:
            obs_id, filename = str(row["obs_id"]), str(row["productFilename"])
            self.owners[filename].add(obs_id)
            self._files[obs_id].add(filename)
            numbers[str(row["obsID"])] = obs_id
        for row in listed:
            self._under[numbers.get(str(row["parent_obsid"]), "")].add(str(row["obs_id"]))

    def association(self, name: Name, owners: list[str]) -> Row:
        """Return an association.

        An exposure is made of its own rate file, a Stage 3 product of the exposures listed with it.
        """
        stage3 = name.asn_type.endswith("3")
        pools = [file for file in sorted(self.owners) if parse(file).form == "pool" and _same(name, parse(file))]
        made = [owner for owner in owners if ("-" in owner) == stage3]
        exposures = {owner: sorted(self._under[owner] - {owner}) if stage3 else [owner] for owner in made}
        return {
            "asn_type": name.asn_type,
            "asn_rule": "made_for_a_test",
            "version_id": name.version_id,
            "code_version": "1.20.2",
            "degraded_status": "No known degraded exposures in association.",
            "program": name.program,
            "asn_id": name.candidate,
            "target": "1",
            "asn_pool": pools[0] if pools else "none",
            "products": [{"name": owner, "members": self._members(exposures[owner], stage3=stage3)} for owner in made],
        }

    def _members(self, exposures: list[str], *, stage3: bool) -> list[dict[str, str]]:
        members = []
        for exposure in exposures:
            cal = f"{exposure}_cal.fits"
            science = not stage3 or cal in self._files[exposure]
            expname = cal if stage3 and science else f"{exposure}_rate.fits"
            exptype = "science" if science else "target_acquisition"
            members.append({"expname": expname, "exptype": exptype, "exposerr": "null", "asn_candidate": "None"})
        return members

    def pool(self, name: Name) -> str:
        """Return a pool with the exposures of its program."""
        exposures = sorted(each for each in self._files if each.startswith(f"jw{name.program}") and "-" not in each)
        lines = [
            f"{each}_uncal.fits|{each[2:7]}|{each[7:10]}|{each[10:13]}|NRC_IMAGE|[('o{each[7:10]}', 'OBSERVATION')]\n"
            for each in exposures
        ]
        return POOL_HEADER + "".join(lines)


def _same(association: Name, pool: Name) -> bool:
    return association.program == pool.program and association.version_id.lower() in pool.filename.lower()
