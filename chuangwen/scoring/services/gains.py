"""Keeps what each problem of a run wins back: computed by the engine, once it is made or first looked at."""

from __future__ import annotations

from django.db import transaction

from chuangwen.scoring.models import LossProblem, ProblemGain, Run
from chuangwen.scoring.queries.missed import as_kept, missed_by_problem, supposed_totals


def keep_gains(run: Run) -> None:
    """Write the run's gains anew. They follow from what is frozen; only a merge moves them from problem to problem."""
    missed = missed_by_problem(run)
    problems = sorted(missed)
    total, *totals = supposed_totals(run, [{}, *(missed[pk] for pk in problems)])
    rows = [
        ProblemGain(
            region_id=run.region_id, run=run, problem_id=pk, points=max(0.0, found - total),
            codes=f" {' '.join(sorted(missed[pk]))} ", missed=as_kept(missed[pk]),
        )
        for pk, found in zip(problems, totals, strict=True)
    ]  # fmt: skip
    with transaction.atomic():
        Run.objects.select_for_update().get(pk=run.pk)  # who comes at the same moment waits here
        ProblemGain.objects.filter(run=run).delete()
        ProblemGain.objects.bulk_create(rows)


def check_gains(run: Run) -> None:
    """As `keep_gains`, where none are kept though losses hang on problems, or one has been merged meanwhile."""
    kept = ProblemGain.objects.filter(run=run)
    if kept.filter(problem__merged_into__isnull=False).exists() or (
        not kept.exists() and LossProblem.objects.filter(run=run).exists()
    ):
        keep_gains(run)
