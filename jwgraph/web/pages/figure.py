"""The figures of an Observation, as pictures that its page loads when they are looked at."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from jwgraph.figure import Style, svg
from jwgraph.web.pages.common import RESPONSES, Store

router = APIRouter()


@router.get(
    "/figures/{obs_id:path}",
    responses=RESPONSES | {200: {"description": "The figure.", "content": {"image/svg+xml": {}}}},
    response_class=Response,
    tags=["Observations"],
)
def show(
    store: Store,
    obs_id: Annotated[str, Path(description="Observation (obs_id in MAST).", max_length=300)],
    style: Annotated[Style, Query(description="What is drawn.")] = Style.RELATIONS,
    mrp: Annotated[bool, Query(description="Whether its tree has the Minimum Recommended Products alone.")] = True,
) -> Response:
    """Draw an Observation: what is associated, linked and neither, or its exposures through the stages."""
    # Light alone: the policy of the site allows no style within a document.
    return Response(svg(store, obs_id, style=style, mrp=mrp, pages="/", css=False), media_type="image/svg+xml")
