"""What the engine finds in a few words, for tests of its rules."""

from __future__ import annotations

from typing import Any

from chuangwen.directives.extraction import Directive, extract
from chuangwen.directives.reading import Document


def found(text: str, **options: Any) -> list[Directive]:
    """The directives of `text` as a file of its own."""
    return extract(Document("甲.txt", text, "txt", "utf-8"), **options)


def only(text: str, **options: Any) -> Directive:
    """The one directive of `text`."""
    directives = found(text, **options)
    assert len(directives) == 1, [each.quote for each in directives]
    return directives[0]
