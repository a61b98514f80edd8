"""Where a rule or a number comes from: a label and a text, so that nobody takes a proposal for a regulation. Pure.

Kept as "customary: …", "proposed: …" or "site: …"; people read the label as a tag and write only the text.
"""

from __future__ import annotations

LABELS = frozenset({"customary", "proposed", "site"})


def source_parts(source: str) -> tuple[str, str]:
    """("customary" | "proposed" | "site" | "", the rest) of a source such as "customary: 2018 manual"."""
    label, colon, rest = source.partition(":")
    if colon and label.strip() in LABELS:
        return label.strip(), rest.strip()
    return "", source.strip()


def bare(source: str) -> str:
    """A source without the label before it."""
    return source_parts(source)[1]


def sourced(text: str, was: str = "") -> str:
    """A source with its label: what an office writes itself is "site"; left as it was, it keeps the label it had."""
    if text == bare(was):
        return was
    return text if source_parts(text)[0] else f"site: {text}"[:160]
