"""Agreement between marked and found directives, figure by figure.

A found directive answers a marked one when their spans share at least half of the shorter and 0.4 of their
union; pairs are one to one, best overlap first. Names and phrases agree when, without quotes, spaces and a
leading 各, 全 or 本, one contains the other at 60 % of its length or more. Marks of low confidence excuse a find
but are not asked for. `row` is the share of marked directives found with the right lead parties and deadline.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

Row = Mapping[str, Any]
FIELDS = ("lead", "cooperate", "deadline", "frequency", "targets")


def evaluate(marked: Sequence[Row], found: Sequence[Row]) -> dict[str, float]:
    """F1 of detection and of each field, and `row`; all between 0 and 1, rounded to four places."""
    pairs = _pairs(marked, found)
    asked = [i for i, row in enumerate(marked) if row.get("confidence", "high") == "high"]
    report = {"detection": _f1(len(pairs), len(found), sum(i in pairs for i in asked), len(asked))}
    for field in FIELDS:
        hits = given = recalled = wanted = 0
        for i, row in enumerate(marked):
            truth = _values(row, field)
            guess = _values(found[pairs[i]], field) if i in pairs else []
            given += len(guess)
            hits += sum(any(alike(one, other) for other in truth) for one in guess)
            if i in asked:
                wanted += len(truth)
                recalled += sum(any(alike(one, other) for other in guess) for one in truth)
        report[field] = _f1(hits, given, recalled, wanted)
    right = sum(i in pairs and _same_row(marked[i], found[pairs[i]]) for i in asked)
    report["row"] = round(right / len(asked), 4) if asked else 0.0
    return report


def _pairs(marked: Sequence[Row], found: Sequence[Row]) -> dict[int, int]:
    candidates = []
    for i, row in enumerate(marked):
        for j, other in enumerate(found):
            if row["doc"] != other["doc"]:
                continue
            shared = min(row["end"], other["end"]) - max(row["start"], other["start"])
            union = max(row["end"], other["end"]) - min(row["start"], other["start"])
            shorter = min(row["end"] - row["start"], other["end"] - other["start"])
            if shorter > 0 and shared >= 0.5 * shorter and shared >= 0.4 * union:
                candidates.append((-shared / union, i, j))
    pairs: dict[int, int] = {}
    for _, i, j in sorted(candidates):
        if i not in pairs and j not in pairs.values():
            pairs[i] = j
    return pairs


def _f1(hits: int, given: int, recalled: int, wanted: int) -> float:
    precision = hits / given if given else 0.0
    recall = recalled / wanted if wanted else 0.0
    return round(2 * precision * recall / (precision + recall), 4) if precision + recall else 0.0


def _values(row: Row, field: str) -> list[str]:
    value = row.get(field) or []
    return [value] if isinstance(value, str) else list(value)


def alike(one: str, other: str) -> bool:
    short, long = sorted((_plain(one), _plain(other)), key=len)
    return short == long or (bool(short) and short in long and len(short) >= 0.6 * len(long))


def _plain(text: str) -> str:
    return re.sub(r"^[各全本]", "", re.sub(r"[\s“”\"'‘’《》]", "", text))


def _same_row(truth: Row, guess: Row) -> bool:
    wanted, given = _values(truth, "lead"), _values(guess, "lead")
    if len(wanted) != len(given) or not all(any(alike(one, other) for other in given) for one in wanted):
        return False
    due, said = truth.get("deadline"), guess.get("deadline")
    return alike(due, said) if due and said else not due and not said
