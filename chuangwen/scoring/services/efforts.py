"""The office's own figures of what problems take, by type."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from chuangwen.audit.services import record
from chuangwen.core.access import require_region
from chuangwen.core.errors import Refusal
from chuangwen.core.models import Region
from chuangwen.scoring.efforts import LARGEST_COST, LARGEST_DAYS, Effort
from chuangwen.scoring.models import EffortRate
from chuangwen.scoring.queries.efforts import efforts_of
from chuangwen.standards.models import ProblemType


def set_efforts(region: Region, figures: Mapping[int, Effort], *, actor: Any) -> int:
    """Set what the types of these keys take; returns how many changed. What stays as proposed is not written down."""
    require_region(actor, "scoring.run", region.pk)
    with transaction.atomic():
        held = efforts_of(region.pk)
        changed = {pk: one for pk, one in figures.items() if pk in held and _figures(one) != _figures(held[pk])}
        names = {one.pk: one.name for one in ProblemType.objects.filter(pk__in=changed)}
        for pk, one in changed.items():
            _check(one, names[pk])
            given = {"person_days": one.person_days, "least_days": one.least_days, "cost": one.cost}
            EffortRate.objects.update_or_create(region=region, problem_type_id=pk, defaults=given)
        if changed:
            data = {names[pk]: f"{_said(held[pk])} -> {_said(one)}" for pk, one in changed.items()}
            record("scoring.effort.set", actor=actor, region=region.code, data=data)
    return len(changed)


def _figures(one: Effort) -> tuple[float, int, float]:
    return one.person_days, one.least_days, one.cost


def _said(one: Effort) -> str:
    return " / ".join(f"{figure:g}" for figure in _figures(one))


def _check(one: Effort, name: str) -> None:
    days = 0 <= one.person_days <= LARGEST_DAYS and 0 <= one.least_days <= LARGEST_DAYS
    if not (days and 0 <= one.cost <= LARGEST_COST):
        raise Refusal(_("A figure of “%s” is out of range.") % name, _("Give days and yuan from 0 up."))
