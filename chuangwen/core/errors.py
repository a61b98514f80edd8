"""The errors that services raise for people.

Refusal                 what was asked cannot be done; says why and what to do next
  Missing               what the page is about is not there yet; leads to where it is made
  Conflict              somebody else was faster, the row has moved on
  TooLarge              a request that is not even read
  NoPage                an address that only takes what a button sends
  BadUpload             a file that cannot be taken: what is wrong with it, which would be
"""

from __future__ import annotations

from django.utils.functional import Promise

FULL_WIDTH = frozenset("。！？…：；")
STOPS = FULL_WIDTH | frozenset(".!?:;")  # what a sentence may end with before the next begins


class Refusal(Exception):  # noqa: N818  (it is an answer to a person, not a fault of the program)
    """`message`: what is wrong and where; `way_out`: what to do next. Both translated."""

    status = 400

    def __init__(self, message: str | Promise, way_out: str | Promise = "") -> None:
        super().__init__(str(message))
        self.message = message
        self.way_out = way_out

    def __str__(self) -> str:
        message, way_out = str(self.message), str(self.way_out)
        if message and way_out and message[-1] not in STOPS:  # words of a pure file, which end without one
            message += "。" if any("一" <= character <= "鿿" for character in message) else "."
        between = "" if message[-1:] in FULL_WIDTH else " "  # a full-width stop brings its own space
        return f"{message}{between}{way_out}".strip()


class Missing(Refusal):
    """What a page is about does not exist yet. `step`: label and address of making it, for those who may."""

    status = 404

    def __init__(
        self, message: str | Promise, way_out: str | Promise = "", step: tuple[str | Promise, str] | None = None
    ) -> None:
        super().__init__(message, way_out)
        self.step = step


class Conflict(Refusal):
    """The row is no longer in the state that the person saw."""

    status = 409


class TooLarge(Refusal):
    """A request larger than the site takes."""

    status = 413


class NoPage(Refusal):
    """An address that only takes what a button sends was opened as a page."""

    status = 405


class BadUpload(Refusal):
    """A file that is empty, too large, of another kind than its name says, or dangerous."""
