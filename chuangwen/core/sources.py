"""Where a rule or a number comes from: a label and a text, so that nobody takes a proposal for a regulation. Pure.

Kept as "customary: …", "proposed: …" or "site: …"; people read the label as a tag and write only the text.
"""

from __future__ import annotations

LABELS = ("customary", "proposed", "site")


def bare(source: str) -> str:
    """A source without the label before it."""
    label, mark, text = source.partition(":")
    return text.strip() if mark and label in LABELS else source


def sourced(text: str, was: str = "") -> str:
    """A source with its label: what an office writes itself is "site"; left as it was, it keeps the label it had."""
    if text == bare(was):
        return was
    return text if bare(text) != text else f"site: {text}"[:160]
