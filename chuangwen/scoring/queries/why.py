"""Why a node of a run got its points, read from the frozen figures."""

from __future__ import annotations

from collections.abc import Iterable

from chuangwen.scoring.models import LeafSum, NodeResult, Run
from chuangwen.scoring.why import Result, Sums, reasons
from chuangwen.scoring.why_words import sentence
from chuangwen.standards.queries import tree_of


def sentences(run: Run, codes: Iterable[str]) -> dict[str, str]:
    """Code of a node -> the sentence that gives its points with the numbers: two queries."""
    standard = tree_of(run.version)
    rows = NodeResult.objects.filter(run=run).order_by()
    nodes = list(rows.values_list("code", "points", "effective", "share", "attained", "lost", "places"))
    results = {code: Result(*figures) for code, *figures, _places in nodes}
    names = ("rows", "n", "met", "unmet", "positive", "weight", "total")
    held = {row["code"]: row for row in LeafSum.objects.filter(run=run).values("code", *names)}
    places = {node[0]: node[-1] for node in nodes}
    found = {}
    for code in codes:
        if code in results:
            row = held.get(code, {})
            sums = Sums(**{name: row.get(name, 0) for name in names}, places=places[code]) if held else None
            found[code] = sentence(reasons(standard, code, results, sums))
    return found
