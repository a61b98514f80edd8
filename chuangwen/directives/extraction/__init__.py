"""Extraction: what a document asks of whom by when, found by rules of Chinese official language.

Pure and deterministic; no Django, no model, no network. Reads clean text through cleaning and outline; does
not decide anything for a person: what it finds are candidates.
"""

from __future__ import annotations

from chuangwen.directives.extraction.directive import Directive, Kind
from chuangwen.directives.extraction.engine import extract, read_whole

__all__ = ["Directive", "Kind", "extract", "read_whole"]
