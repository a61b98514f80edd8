"""A quarterly look-back with one line for the doors' world, and the samples of their addresses."""

from __future__ import annotations

from typing import Any

from chuangwen.supervision.models import LagLine, LookBack
from tests.support.factories import DAY, NOON


def add_look_back(world: Any) -> None:
    """A look-back that is with its units, with a problem that is back."""
    region = world.root.region
    world.look_back = LookBack.objects.create(
        region=region, campaign=world.campaign, starts=DAY, ends=DAY, made_at=NOON, moved=2, sample=10, due_on=DAY,
        state="given",
    )  # fmt: skip
    world.lag_line = LagLine.objects.create(
        region=region, look_back=world.look_back, kind="back", key="p1", unit=world.lead, title="占道", fact="逾期",
        since=DAY, problem=world.problem,
    )  # fmt: skip


def look_back_samples(world: Any) -> dict[str, dict[str, Any]]:
    """Address name -> what its sample needs."""
    look_back, line = {"pk": world.look_back.pk}, {"pk": world.lag_line.pk}
    names = ("look_back", "look_back_give", "look_back_close", "look_back_paper")
    return {
        **{f"supervision:{name}": look_back for name in names},
        **{f"supervision:{name}": line for name in ("lag_line", "lag_answer", "lag_judge")},
    }
