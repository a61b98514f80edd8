"""Where a standard's points do not simply add up: leaves in bands, and all that stands under "min" or "met". Pure.

A row that is met at a leaf of rate, mapped in proportion, under nodes of sum or mean alone, wins the same points
whatever else is met. Elsewhere rows win together or not at all; the highest node that binds them names their group.
"""

from __future__ import annotations

from chuangwen.standards.tree import Node, Standard

BINDING = frozenset({"min", "met"})


def bound_groups(standard: Standard) -> dict[str, str]:
    """Code of a leaf -> code of the node that binds it ("" is the root); leaves that are free are not there."""
    found: dict[str, str] = {}
    above = "" if standard.aggregate in BINDING else None
    waiting: list[tuple[Node, str | None]] = [(node, above) for node in standard.nodes]
    while waiting:
        node, group = waiting.pop()
        if group is None and (node.aggregate in BINDING if not node.is_leaf else node.map.kind != "proportional"):
            group = node.code
        if node.is_leaf and group is not None:
            found[node.code] = group
        waiting.extend((child, group) for child in node.children)
    return found
