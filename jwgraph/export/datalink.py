"""IVOA DataLink 1.1: a VOTable of the files related to Observations, each once per Observation, with its semantics.

The terms are those of http://www.ivoa.net/rdf/datalink/core. VEP-006 separates what *was used* (`#progenitor`) from
what *can be used* (`#calibration`). Contemporaneous calibration exposures were used. Reference files (CRDS) were, too,
and they can be used again with the raw files of the same table: people look for them under `#calibration`.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from jwgraph import settings
from jwgraph.answers import resolve
from jwgraph.answers.notes import Answer, Note, notes_of, whole
from jwgraph.export.places import crds_url, uri, url
from jwgraph.model.columns import Column
from jwgraph.present.columns import columns_of
from jwgraph.present.escape import ascii_text
from jwgraph.store.graph import Graph, Row

THIS, PROGENITOR, DERIVATION, PREVIEW = "#this", "#progenitor", "#derivation", "#preview"
AUXILIARY, CALIBRATION, CODERIVED = "#auxiliary", "#calibration", "#coderived"

# A file that is related in several ways gets the first of these terms.
ORDER = (THIS, PROGENITOR, DERIVATION, PREVIEW, AUXILIARY, CALIBRATION, CODERIVED)

_OF_WAY = {
    "up": PROGENITOR,
    "applied": CALIBRATION,
    "down": DERIVATION,
    "applicable": CALIBRATION,
    "prerequisite": AUXILIARY,
    "beside": CODERIVED,
}

_ABOUT_FORMS = frozenset({"association", "pool", "guide_star", "msa"})

_CONTENT_TYPES = {
    ".fits": "application/fits",
    ".fits.gz": "application/fits",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".json": "application/json",
    ".csv": "text/csv",
    ".ecsv": "text/csv",
    ".txt": "text/plain",
}

# Terms of the vocabulary http://www.ivoa.net/rdf/product-type, by suffix.
_QUALIFIERS = {
    "i2d": "#image",
    "segm": "#image",
    "psfsub": "#cube",
    "s3d": "#cube",
    "s2d": "#image",
    "x1d": "#spectrum",
    "c1d": "#spectrum",
    "x1dints": "#timeseries",
    "whtlt": "#timeseries",
    "cat": "#measurements",
    "phot": "#measurements",
}


@dataclass(frozen=True, slots=True)
class Link:
    """A row of the table, with the columns of DataLink 1.1, section 3.2, except `link_authorized`."""

    ID: Annotated[str, Column("Observation", "meta.id;meta.main")]
    access_url: Annotated[str, Column("URL of the file", "meta.ref.url")]
    service_def: Annotated[str, Column("Not used: no link is a service", "meta.ref")]
    error_message: Annotated[str, Column("Why there is no URL", "meta.code.error")]
    semantics: Annotated[str, Column("How the file is related, in the vocabulary of DataLink", "meta.code")]
    local_semantics: Annotated[str, Column("How the file is related, as jwgraph names it", "meta.code")]
    description: Annotated[str, Column("Name of the file", "meta.note")]
    content_type: Annotated[str, Column("Media type", "meta.code.mime")]
    content_length: Annotated[int | None, Column("Size of the file", "phys.size;meta.file", "byte")]
    content_qualifier: Annotated[str, Column("Kind of product, in the vocabulary of product types", "meta.code")]
    link_auth: Annotated[str, Column("Whether the file needs a token: true, false or optional", "meta.code")]


def links(graph: Graph, obs_id: str) -> Answer[Link]:
    """Return the links of one Observation; see `links_of`."""
    return links_of(graph, [obs_id])


@whole
def links_of(graph: Graph, obs_ids: Iterable[str]) -> Answer[Link]:
    """Return the links of Observations, each Observation once, sorted by `ORDER`, then by name.

    `#this`: its Minimum Recommended Products, without association and pool. `#progenitor`: all files that they were
    made from, directly or indirectly. `#derivation`: files made from them. `#preview`: previews of the Observation's
    own files. `#auxiliary`: its association and pool, target acquisitions, and linked files (guide star, MSA, images of
    a table of links). `#coderived`: files made together with them, by the same association for other Observations, or
    in the same exposure.

    Raises
    ------
    NotFoundError
        There is no such Observation.
    """
    found = resolve.ask_of(graph, "internal/export_datalink", "obs_id", obs_ids)
    made = (link for obs_id, rows in found.items() for each in rows for link in _links(obs_id, each["links"]))
    return Answer(made, notes_of(found.values()))


def _links(obs_id: str, found: Iterable[Row]) -> Iterator[Link]:
    base = settings.mast()
    rows: dict[str, tuple[int, Row]] = {}
    for row in found:
        rank = ORDER.index(_semantics(row))
        known = rows.get(row["productFilename"])
        if known is None or rank < known[0]:
            rows[row["productFilename"]] = (rank, row)
    ordered = sorted(rows.items(), key=lambda item: (item[1][0], item[0]))
    return (made_link(obs_id, ORDER[rank], row, base) for _, (rank, row) in ordered)


def _semantics(row: dict[str, Any]) -> str:
    way = row["way"]
    if way == "linked":
        return PREVIEW if row["relations"] == ["preview"] else AUXILIARY
    if way != "own":
        return _OF_WAY[way]
    if row["productType"] == "PREVIEW":
        return PREVIEW
    if row["form"] in _ABOUT_FORMS:
        return AUXILIARY
    return THIS if row["mrp"] else CODERIVED


def made_link(of: str, semantics: str, row: dict[str, Any], base: str) -> Link:
    """Return one row of the table; `of` is the identifier that was asked for."""
    name = row["productFilename"]
    reference = row["way"] in ("applied", "applicable")
    where = None if reference else uri(name, row["dataURI"], archived=row["archived"])
    address = crds_url(name) if reference else url(where, base) if where else ""
    return Link(
        ID=of,
        access_url=address,
        service_def="",
        # Exactly one of access_url, service_def and error_message is set.
        error_message="" if address else "NotFoundFault: no archive is known to serve the file",
        semantics=semantics,
        local_semantics=_local(row),
        description=name,
        content_type=_content_type(name),
        content_length=row["size"],
        content_qualifier=_QUALIFIERS.get(row["suffix"] or "", "") if _content_type(name) != "image/jpeg" else "#image",
        link_auth="" if reference else {"PUBLIC": "false", None: "optional"}.get(row["dataRights"], "true"),
    )


def _local(row: dict[str, Any]) -> str:
    """Return the relation and role in jwgraph's vocabulary: `calibration:background`, `reference:R_FLAT`."""
    relations, roles = (";".join(sorted(filter(None, row[name]))) for name in ("relations", "roles"))
    return f"{relations}:{roles}" if roles else relations


def _content_type(name: str) -> str:
    return next((kind for end, kind in _CONTENT_TYPES.items() if name.lower().endswith(end)), "")


def serialized(found: Sequence[Link], notes: Iterable[Note] = ()) -> str:
    """Return links as a DataLink VOTable, with each note as an INFO named `note`."""
    from astropy.io.votable.tree import Field, Info, Resource, TableElement, VOTableFile

    made, about = VOTableFile(), columns_of(Link)
    resource, table = Resource(type="results"), TableElement(made)
    made.resources.append(resource)
    resource.tables.append(table)
    resource.infos.append(Info(name="standardID", value="ivo://ivoa.net/std/DataLink#links-1.1"))
    resource.infos.append(Info(name="QUERY_STATUS", value="OK"))
    resource.infos.extend(Info(name="note", value=ascii_text(str(note))) for note in notes)
    for name, column in about.items():
        kind = {"datatype": "long"} if column.type == "int64" else {"datatype": "char", "arraysize": "*"}
        field = Field(made, name=name, ucd=column.ucd, unit=column.unit or None, **kind)
        field.description = column.sentence
        table.fields.append(field)
    table.create_arrays(len(found))
    for row, link in enumerate(found):
        values = [getattr(link, name) for name in about]
        table.array[row] = tuple(ascii_text(each) if isinstance(each, str) else each or 0 for each in values)
        table.array.mask[row] = tuple(each is None for each in values)
    text = io.BytesIO()
    made.to_xml(text, tabledata_format="tabledata")
    return text.getvalue().decode()
