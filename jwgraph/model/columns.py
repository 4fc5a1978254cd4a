"""Columns of answers: type, description, UCD and unit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    pass


@dataclass(frozen=True, slots=True)
class Column:
    """A column: type, sentence, unit and UCD (IVOA UCD1+ 1.5; those of ObsCore 1.1 for its columns)."""

    type: str
    sentence: str
    ucd: str = ""
    unit: str = ""


COLUMNS: dict[str, Column] = {
    "productFilename": Column("str", "Name of the file in the archive", "meta.id;meta.file"),
    "obs_id": Column("str", "Dataset that owns the file, as MAST names it", "meta.id"),
    "productType": Column("str", "SCIENCE, PREVIEW, INFO or AUXILIARY, as MAST has it", "meta.code.class"),
    "calib_level": Column("int64", "Calibration level, CAOM", "meta.code;obs.calib"),
    "dataURI": Column("str", "MAST's URI of the file", "meta.ref.uri"),
    "size": Column("int64", "Size of the file", "phys.size;meta.file", "byte"),
    "mrp": Column("bool", "One of the Minimum Recommended Products of an Observation asked for", "meta.code"),
    "relation": Column("str", "How the file belongs to the Observation asked for", "meta.code"),
    "stage": Column("str", "Pipeline stage: 1b, 2a, 2b, 2c, 3", "meta.code"),
    "archived": Column("bool", "A source listed the file; otherwise an association expects it", "meta.code"),
}
