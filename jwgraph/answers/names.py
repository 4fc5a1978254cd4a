"""Explain file names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from jwgraph.model.columns import CalibLevel, Column, ProductLevel, ProductType
from jwgraph.names.grammar import parse
from jwgraph.names.typed import typed


@dataclass(frozen=True, slots=True)
class NameRow:
    """The parts of a file name and their meaning."""

    COMMANDS: ClassVar = ("name",)

    filename: Annotated[str, Column("File name, without folders", "meta.id;meta.file")]
    recognised: Annotated[bool, Column("The name follows one of the archive's forms", "meta.code")]
    form: Annotated[str, Column("Form of the name, such as exposure or stage3", "meta.code")]
    obs_id: Annotated[str, Column("Observation that owns the file, by its name", "meta.id")]
    suffix: Annotated[str, Column("Suffix, such as cal or i2d", "meta.code")]
    productLevel: ProductLevel
    calib_level: CalibLevel | None
    productType: ProductType
    reason: Annotated[str, Column("Why the name is not recognised", "meta.note")]


def explain(filename: str) -> NameRow:
    """Return the parts of a file name; the file need not exist."""
    name = parse(typed(filename).name if "://" in filename else filename)
    return NameRow(
        filename=name.filename,
        recognised=name.recognised,
        form=name.form,
        obs_id=name.obs_id,
        suffix=name.suffix,
        productLevel=name.product_level,
        calib_level=name.calib_level,
        productType=name.productType,
        reason=name.reason,
    )
