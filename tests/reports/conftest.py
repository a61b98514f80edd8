"""What the tests of papers share."""

from tests.support.words import words_are_known

__all__ = ["words_are_known"]
