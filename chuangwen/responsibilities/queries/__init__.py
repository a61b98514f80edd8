"""Reads duties: the matrix and its gaps (breakdown), one page of it (matrix), tasks (tasks)."""

from chuangwen.responsibilities.queries.breakdown import (
    Counts,
    Ready,
    counts_of,
    criteria_of,
    gap_rows,
    lead_pairs,
    leads_table,
    loads_of,
    overlap_rows,
    overload_rule,
    ready_pairs,
    ready_to_issue,
    repeats_of,
    without_dossier,
)

__all__ = [
    "Counts",
    "Ready",
    "counts_of",
    "criteria_of",
    "gap_rows",
    "lead_pairs",
    "leads_table",
    "loads_of",
    "overlap_rows",
    "overload_rule",
    "ready_pairs",
    "ready_to_issue",
    "repeats_of",
    "without_dossier",
]
