"""What each problem holds back in a run: the failing rows that were seen with it, and what the run would total."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from chuangwen.core.files.services import read
from chuangwen.core.models import StoredFile
from chuangwen.rectification.models import Problem
from chuangwen.scoring.cells import missed_in
from chuangwen.scoring.models import Run
from chuangwen.scoring.queries.seen import problem_keys
from chuangwen.standards.queries import tree_of

if TYPE_CHECKING:
    import polars as pl

    from chuangwen.scoring.engine.shares import Missing
    from chuangwen.scoring.engine.what_if import Missed, Supposed

LONGEST_CHAIN = 20  # problems merged into one another


def missed_by_problem(run: Run) -> dict[int, dict[str, Missed]]:
    """Problem -> what its failing rows hold back, by leaf; of merged problems, that they ended in. Three queries.

    From the rows that the run froze: what was seen or linked since is no part of its total.
    """
    from chuangwen.scoring.engine.what_if import Missed  # noqa: PLC0415 (loads what computes)

    merged = Problem.objects.filter(region=run.region_id, merged_into__isnull=False)
    known, into = problem_keys(run), dict(merged.values_list("pk", "merged_into_id"))
    found: defaultdict[int, dict[str, Missed]] = defaultdict(dict)
    for number, code, missed, raised in _missed_rows(run).iter_rows():
        if number not in known:  # it hangs on no answer of the round any more
            continue
        held = found[_last(known[number], into)]
        before = held.get(code, Missed(0.0, 0))
        held[code] = Missed(before.weight + missed, before.rows + raised)
    return dict(found)


def _missed_rows(run: Run) -> pl.DataFrame:
    from chuangwen.scoring.frozen import thaw  # noqa: PLC0415

    rows = thaw(read(run.observations))
    return missed_in(rows) if "problem" in rows.columns else rows.clear().select()  # else frozen before it was kept


def as_kept(missed: Supposed) -> dict[str, list[float]]:
    """What a problem holds back in the form that is kept with its gain."""
    return {code: [one.weight, one.rows] for code, one in sorted(missed.items())}


def as_supposed(kept: Mapping[str, Sequence[float]]) -> Supposed:
    """The other way round."""
    from chuangwen.scoring.engine.what_if import Missed  # noqa: PLC0415

    return {code: Missed(float(weight), int(rows)) for code, (weight, rows) in kept.items()}


def _last(problem: int, into: dict[int, int | None]) -> int:
    for _step in range(LONGEST_CHAIN):
        after = into.get(problem)
        if after is None:
            break
        problem = after
    return problem


def together(parts: Iterable[Supposed]) -> dict[str, Missed]:
    """What all of these hold back."""
    from chuangwen.scoring.engine.what_if import Missed  # noqa: PLC0415

    weights: defaultdict[str, float] = defaultdict(float)
    rows: defaultdict[str, int] = defaultdict(int)
    for part in parts:
        for code, missed in part.items():
            weights[code] += missed.weight
            rows[code] += missed.rows
    return {code: Missed(weight, rows[code]) for code, weight in weights.items()}


def supposed_totals(run: Run, cases: Sequence[Supposed], base: Supposed | None = None) -> list[float]:
    """The run's total under each supposition, and `base` in all of them; 0 where there is none.

    By the engine's own arithmetic. Equal suppositions are computed once: thousands of problems hold back a few hundred
    different things.
    """
    from chuangwen.scoring.engine.what_if import totals_if  # noqa: PLC0415

    keys = [frozenset(case.items()) for case in cases]
    different = list(dict.fromkeys(keys))
    missing: Missing = "zero" if run.missing == "zero" else "exclude"
    totals = totals_if(
        tree_of(run.version), _sums_of(run), [dict(key) for key in different], base=base or {}, missing=missing
    )
    found = {key: total or 0.0 for key, total in zip(different, totals, strict=True)}
    return [found[key] for key in keys]


def _sums_of(run: Run) -> pl.DataFrame:
    return _sums(run.observations.sha256, run.observations_id)


@lru_cache(maxsize=16)
def _sums(_sha256: str, file: int) -> pl.DataFrame:
    """The sums of a frozen file, whose content its hash names: it never changes."""
    from chuangwen.scoring.engine.what_if import code_sums  # noqa: PLC0415
    from chuangwen.scoring.frozen import thaw  # noqa: PLC0415

    return code_sums(thaw(read(StoredFile.objects.get(pk=file))))
