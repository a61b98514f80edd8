"""Reads the history of states."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from chuangwen.core.models import label_of
from chuangwen.workflow.models import Step


def history_of(obj: Any) -> QuerySet[Step]:
    """All steps of one matter, the first one first."""
    return Step.objects.filter(object_type=label_of(obj), object_id=obj.pk)


def histories(label: str, ids: Iterable[int]) -> dict[int, list[Step]]:
    """The steps of many matters by id: one query."""
    found: dict[int, list[Step]] = {pk: [] for pk in ids}
    for step in Step.objects.filter(object_type=label, object_id__in=list(found)):
        found[step.object_id].append(step)
    return found
