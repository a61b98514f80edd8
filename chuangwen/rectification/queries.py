"""Reads problems and routing rules."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from chuangwen.core import clock
from chuangwen.core.models import Region
from chuangwen.rectification.enums import OPEN_STATES, PhotoRole, ProblemState
from chuangwen.rectification.models import Problem, ProblemPhoto, RoutingRule
from chuangwen.rectification.photo_checks import SAME_BITS, Finding, PhotoFacts, differing_bits, findings
from chuangwen.rectification.routing import Rule
from chuangwen.standards.models import ProblemType

OPEN = Q(state__in=[str(state) for state in OPEN_STATES])
# On the unit's clock: what waits for the office, is disputed or approved as long-term is not.
RUNNING = Q(state__in=[str(ProblemState.ASSIGNED), str(ProblemState.RETURNED)])


def late() -> Q:
    """Problems on a unit's clock whose deadline has passed."""
    return RUNNING & Q(due_at__lt=clock.now())


def routing_rules(region: Region, problem_type: ProblemType) -> list[Rule]:
    """The region's rules for this type of problem: one query."""
    rows = RoutingRule.objects.filter(region=region, problem_type=problem_type)
    fields = ("pk", "problem_type_id", "place_type_id", "territory_id", "lead_id")
    return [Rule(*row) for row in rows.values_list(*fields)]


def same_kind(problem: Problem, user: Any) -> QuerySet[Problem]:
    """Open problems at the same place, and recent ones of the same type (look for the same elsewhere)."""
    near = Q(place=problem.place_id) if problem.place_id else Q(pk__in=[])
    alike = Q(problem_type=problem.problem_type_id, lead=problem.lead_id)
    visible = Problem.objects.visible_to(user).filter(near | alike).exclude(pk=problem.pk)
    return visible.select_related("place", "lead", "problem_type").order_by("-found_at")  # type: ignore[no-any-return]


def photo_findings(problem: Problem) -> list[Finding]:
    """What the program noticed about the last before and after photos; empty without such a pair."""
    photos = list(problem.photos.select_related("attachment__file").order_by("pk"))
    before = next((p for p in photos if p.role == PhotoRole.BEFORE), None)
    after = next((p for p in reversed(photos) if p.role == PhotoRole.AFTER), None)
    if not before or not after or not problem.assigned_at:
        return []
    return findings(
        _facts(before), _facts(after), assigned_at=problem.assigned_at, used_elsewhere=_used_elsewhere(after)
    )


def _facts(photo: ProblemPhoto) -> PhotoFacts:
    file = photo.attachment.file
    return PhotoFacts(photo.taken_at, photo.longitude, photo.latitude, file.likeness, file.sha256)


def _used_elsewhere(photo: ProblemPhoto) -> bool:
    """Whether another problem shows the same file, or one that looks the same to the eye."""
    file = photo.attachment.file
    others = ProblemPhoto.objects.filter(region=photo.region_id).exclude(problem=photo.problem_id)
    if others.filter(attachment__file=file).exists():
        return True
    if not file.likeness:
        return False
    # The first two hex digits narrow the search by index; near twins nearly always share them.
    near = others.filter(attachment__file__likeness__startswith=file.likeness[:2])
    likely = near.values_list("attachment__file__likeness", flat=True)[:2000]
    return any((differing_bits(file.likeness, other) or 64) <= SAME_BITS for other in likely)
