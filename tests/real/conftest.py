"""Where the real linkage data is: beside the checkout, or where `JWGRAPH_SHARED` says."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of the real data; the test is skipped where there is none."""
    path = Path(os.environ.get("JWGRAPH_SHARED", CHECKOUT.parent / "shared" / "data"))
    if not path.is_dir():
        pytest.skip(f"the real linkage data is not at {path} (set JWGRAPH_SHARED)")
    return path
