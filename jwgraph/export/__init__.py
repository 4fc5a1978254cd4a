"""Exports: what is chosen of Observations (`selection`), written for other programs (one module a form)."""

from __future__ import annotations
