"""The long work that the worker does, each in a process of its own, so that its memory can be told."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

LEADS = 10  # of a criterion, for the issue of many tasks; fewer where there are fewer than a hundred units for each


@dataclass(frozen=True, slots=True)
class Work:
    """What was done, over how many rows, in how many seconds of the clock and how much memory at most."""

    name: str
    rows: int
    seconds: float
    megabytes: float


def measured(environment: dict[str, str], root: Any) -> list[Work]:
    """Each kind once. SystemExit where one of them fails."""
    found = []
    for name in KINDS:
        done = subprocess.run(
            [sys.executable, "-m", "bench.longwork", name], check=False, cwd=root, env=environment, capture_output=True,
            text=True,
        )  # fmt: skip
        if done.returncode:
            raise SystemExit(f"{name}: {done.stderr[-2000:]}")
        found.append(Work(name, **json.loads(done.stdout.splitlines()[-1])))
    return found


def _export() -> int:
    """The whole ledger as a workbook, without filter; without photos, since their bytes were not filled in."""
    from bench.city import OFFICE
    from chuangwen.accounts.models import User
    from chuangwen.core.jobs import Progress
    from chuangwen.core.lists.jobs import export_list
    from chuangwen.core.models import Job
    from chuangwen.rectification.models import ProblemPhoto

    ProblemPhoto.objects.all().delete()
    owner = User.objects.get(username=OFFICE)
    job = Job.objects.create(kind="export_list", title="bench", owner_id=owner.pk)
    export_list(Progress(job), owner=owner, name="problems", path="/problems/", query="tab=all", session={})
    return job.done


def _issue() -> int:
    """Tasks for the whole breakdown, with many leads to a criterion."""
    from bench.city import OFFICE, keep
    from chuangwen.accounts.models import User
    from chuangwen.campaigns.models import Campaign
    from chuangwen.core import clock
    from chuangwen.organizations.models import Unit
    from chuangwen.responsibilities.models import Assignment, Share, SplitCriterion
    from chuangwen.responsibilities.services import issue_breakdown
    from chuangwen.standards.models import Node

    campaign = Campaign.objects.get()
    units = list(Unit.objects.filter(code__startswith="C").order_by("pk")[:1000])
    leads = min(LEADS, max(1, len(units) // 100))
    Assignment.objects.filter(campaign=campaign).delete()
    leaves = list(Node.objects.filter(is_leaf=True, version__in=campaign.standards.values("version")))
    keep(SplitCriterion, (SplitCriterion(region=campaign.region, campaign=campaign, node=leaf) for leaf in leaves))
    keep(
        Assignment,
        (
            Assignment(
                region=campaign.region, campaign=campaign, node=leaf, share=Share.LEAD,
                unit=units[(number * leads + turn) % len(units)],
            )
            for number, leaf in enumerate(leaves)
            for turn in range(leads)
        ),
    )  # fmt: skip
    due = clock.now() + timedelta(days=20)
    return issue_breakdown(campaign, due_at=due, measure="完成", actor=User.objects.get(username=OFFICE))


def _draw() -> int:
    """A hundred places from the whole register, frozen, drawn and recorded."""
    from bench.city import OFFICE
    from chuangwen.accounts.models import User
    from chuangwen.campaigns.models import Round
    from chuangwen.inspections.services.draws import draw_now, pool_of

    round_ = Round.objects.filter(state="running").latest("pk")
    pool = pool_of(round_)
    quotas = {stratum.name: min(5, len(stratum.codes)) for stratum in pool.strata}
    draw_now(round_, quotas, actor=User.objects.get(username=OFFICE))
    return pool.size


KINDS: dict[str, Callable[[], int]] = {
    "export the whole ledger, without photos": _export,
    "issue tasks for the breakdown": _issue,
    "draw from the whole register": _draw,
}


def peak_megabytes() -> float:
    """Megabytes at most since this program began; getrusage would count those of the process that started it."""
    for line in Path("/proc/self/status").read_text("ascii").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    return 0.0


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("kind", choices=KINDS)
    args = parser.parse_args()
    import django

    django.setup()
    began = time.perf_counter()
    rows = KINDS[args.kind]()
    took = time.perf_counter() - began
    print(json.dumps({"rows": rows, "seconds": round(took, 2), "megabytes": round(peak_megabytes())}))


if __name__ == "__main__":
    main()
