"""An outside score in the doors' world, and the samples of the addresses of scores."""

from __future__ import annotations

from typing import Any

from chuangwen.accounts.roles import Role
from chuangwen.core import clock
from chuangwen.scoring.models import GoalGroup
from chuangwen.scoring.printed import PrintedRow
from chuangwen.scoring.services.outside import Head, enter_outside
from tests.support.factories import DAY, NOON


def add_history(world: Any) -> None:
    """A sheet of last year on which no name is ours."""
    head = Head(2025, "official", "省级测评", "省文明办", DAY, campaign=world.campaign, weights={"field": 1.0})
    rows = [PrintedRow("甲市", 90.0, {"field": 91.0}, 1), PrintedRow("乙市", 89.0, {"field": 89.0}, 2)]
    with clock.at(NOON):
        world.outside = enter_outside(world.root.region, head, rows, actor=world.people[Role.OFFICE])


def history_samples(world: Any) -> dict[str, dict[str, Any]]:
    """Address name -> what its sample needs."""
    group, _new = GoalGroup.objects.get_or_create(
        region=world.root.region, campaign=world.campaign, name="点位", methods=["field"]
    )
    run, uid = {"pk": world.run.pk}, {"uid": world.outside.uid}
    return {
        **{f"scoring:{name}": run for name in ("run", "own", "losses", "verify", "export")},
        "scoring:goal": {"pk": group.pk},
        **{f"scoring:outside_{name}": uid for name in ("result", "correct", "withdraw", "own")},
    }
