"""What follows from a standard's shape: the section above each criterion. Pure."""

from __future__ import annotations

from chuangwen.standards.tree import Standard


def section_codes(standard: Standard) -> dict[str, str]:
    """Code of a leaf -> code of the top node above it."""
    return {leaf.code: top.code for top in standard.nodes for leaf in top.walk() if leaf.is_leaf}
