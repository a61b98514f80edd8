"""The directive: who must do what by when, how often, to what measure, and where the document says so."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

Kind = Literal["duty", "deadline", "frequency", "target", "rule", "sanction"]


@dataclass(frozen=True, slots=True)
class Directive:
    """One directive.

    `start`, `end` are character offsets into Document.text and `quote` is exactly that slice; `clean` is the
    same passage cleaned. `deadline` and `frequency` are phrases of the document, not dates; `deadline_at` and
    `frequency_at` are their offsets there (None without one), and the slice is the phrase to the letter, except for
    what cleaning took out of it or made readable (pinyin, traditional characters, line breaks). `inherited` is
    true when the parties stand in an earlier sentence; `confidence` is how sure the reader is, 0 to 1; `headings`
    are the titles above, outermost first; `due` is the deadline as a date where the meeting's date was known and the
    phrase can be dated.
    """

    doc: str
    start: int
    end: int
    quote: str
    clean: str
    action: str
    lead: tuple[str, ...]
    cooperate: tuple[str, ...]
    deadline: str | None
    frequency: str | None
    targets: tuple[str, ...]
    kind: Kind
    inherited: bool = False
    confidence: float = 1.0
    headings: tuple[str, ...] = ()
    due: date | None = None
    deadline_at: tuple[int, int] | None = None
    frequency_at: tuple[int, int] | None = None

    def with_due(self, due: date | None) -> Directive:
        """The same directive with its deadline dated."""
        return replace(self, due=due)

    def as_row(self) -> dict[str, object]:
        """The exchange form, one JSON line of `chuangwen directives extract`."""
        return {
            "doc": self.doc,
            "start": self.start,
            "end": self.end,
            "quote": self.quote,
            "clean": self.clean,
            "action": self.action,
            "lead": list(self.lead),
            "cooperate": list(self.cooperate),
            "deadline": self.deadline,
            "frequency": self.frequency,
            "targets": list(self.targets),
            "kind": self.kind,
        }
