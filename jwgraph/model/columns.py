"""What a column of an answer is, and the columns that several answers have.

An answer is a dataclass in `jwgraph.answers`; each field is `Annotated` with its `Column`. Tables, files, the notebook
and the reference page read it there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated


@dataclass(frozen=True, slots=True)
class Column:
    """One column of an answer.

    Attributes
    ----------
    sentence
        What it says, without a full stop.
    ucd
        UCD1+ 1.5 of the IVOA; that of ObsCore 1.1 where it has the column.
    unit
        Unit, as astropy writes it.
    marked
        In tables for people, show true as a mark and false as nothing, instead of yes and no.
    minor
        In tables for people, one of the first columns to leave out where the terminal is narrow.
    type
        str, int64, float64, bool, or json for lists and maps; the type hint of the field sets it.
    """

    sentence: str = ""
    ucd: str = ""
    unit: str = ""
    marked: bool = False
    minor: bool = False
    type: str = "str"


Filename = Annotated[str, Column("Name of the file in the archive", "meta.id;meta.file")]
Owner = Annotated[str, Column("Observation that owns the file, as MAST names it", "meta.id")]
ProductType = Annotated[str, Column("SCIENCE, PREVIEW, INFO or AUXILIARY, as MAST has it", "meta.code.class")]
CalibLevel = Annotated[int, Column("Calibration level, CAOM", "meta.code;obs.calib")]
DataURI = Annotated[str, Column("MAST's URI of the file", "meta.ref.uri", minor=True)]
Size = Annotated[int, Column("Size of the file", "phys.size;meta.file", "byte")]
ProductLevel = Annotated[str, Column("Processing level, as MAST names it: 1b, 2a, 2b, 2c or 3", "meta.code")]
Archived = Annotated[
    bool, Column("The archive lists the file; others are expected, or seen on disk alone", "meta.code")
]
Recommended = Annotated[
    bool,
    Column("One of the Minimum Recommended Products of an Observation that the Portal lists", "meta.code", marked=True),
]
Depth = Annotated[int, Column("Steps of processing away from what was asked for", "meta.number")]
AssociationFile = Annotated[str, Column("Association file", "meta.id;meta.file")]
AssociationProduct = Annotated[str, Column("Name of the product as the association has it", "meta.id")]
SupersededBy = Annotated[str, Column("Association that took its place", "meta.id;meta.file")]
