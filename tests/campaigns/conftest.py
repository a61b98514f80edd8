"""What every test of campaigns has."""

from __future__ import annotations

from tests.support.words import words_are_known

__all__ = ["words_are_known"]
