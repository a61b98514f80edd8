"""Edits what a region may change about its standards: deadlines of problem types, quotas of place types.

The versions themselves never change; these rows are the region's own, filled from the
standard once and then kept as the office edits them.
"""

from __future__ import annotations

from typing import Any, TypeVar

from django.db import transaction
from django.utils.translation import gettext as _

from chuangwen.audit.services import record
from chuangwen.core.access import require_actor
from chuangwen.core.errors import Refusal
from chuangwen.core.workdays import WITHIN
from chuangwen.standards.enums import ProblemClass
from chuangwen.standards.models import PlaceType, ProblemType
from chuangwen.standards.queries import standard_problem_type

Row = TypeVar("Row", ProblemType, PlaceType)


def edit_problem_type(
    problem_type: ProblemType,
    *,
    actor: Any,
    name_zh: str,
    name_en: str,
    problem_class: str,
    within: str,
    source: str,
) -> ProblemType:
    """Change name, class and time limit. `source` says on whose word; problems found before keep their deadline."""
    require_actor(actor, "standards.edit", problem_type)
    if not WITHIN.fullmatch(within):
        raise Refusal(_("“%s” is no time limit.") % within, _("Give a whole number from 1 to 9999 and its unit."))
    if problem_class not in ProblemClass.values:
        raise Refusal(_("There is no such class."), _("Choose one from the list."))
    values = {
        "name_zh": name_zh, "name_en": name_en, "problem_class": problem_class, "within": within, "source": source,
    }  # fmt: skip
    return _save(problem_type, values, "standards.problem_type.edit", actor)


def restore_problem_type(problem_type: ProblemType, *, actor: Any) -> ProblemType:
    """Back to what the newest standard that names this type says."""
    require_actor(actor, "standards.edit", problem_type)
    default = standard_problem_type(problem_type.region, problem_type.code)
    if default is None:
        raise Refusal(_("No published standard names this problem type."), _("Edit it by hand."))
    values = {
        "name_zh": default.name.zh, "name_en": default.name.en, "problem_class": default.problem_class,
        "within": default.within, "source": default.source,
    }  # fmt: skip
    return _save(problem_type, values, "standards.problem_type.restore", actor)


def edit_place_type(place_type: PlaceType, *, actor: Any, name_zh: str, name_en: str, quota: int | None) -> PlaceType:
    """Change name and quota; rounds already drawn keep theirs."""
    require_actor(actor, "standards.edit", place_type)
    values = {"name_zh": name_zh, "name_en": name_en, "quota": quota}
    return _save(place_type, values, "standards.place_type.edit", actor)


def _save(row: Row, values: dict[str, Any], action: str, actor: Any) -> Row:
    """Write what differs; audit holds old and new. Nothing differs: nothing is written."""
    changed: dict[str, list[Any]] = {
        name: [getattr(row, name), value] for name, value in values.items() if getattr(row, name) != value
    }
    if not changed:
        return row
    for name, value in values.items():
        setattr(row, name, value)
    with transaction.atomic():
        row.save(update_fields=[*changed, "updated_at"])
        record(action, row, actor=actor, data=changed)
    return row
