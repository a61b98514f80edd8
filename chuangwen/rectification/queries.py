"""Reads problems and routing rules."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import Count, F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from chuangwen.core import clock
from chuangwen.core.access import ScopedQuerySet, scope_of
from chuangwen.core.asking import Question
from chuangwen.core.models import Region
from chuangwen.organizations.models import Unit
from chuangwen.organizations.scopes import units_of_user
from chuangwen.rectification.enums import OPEN_STATES, PhotoRole, ProblemClass, ProblemState, Source
from chuangwen.rectification.models import Extension, Problem, ProblemPhoto, RoutingRule
from chuangwen.rectification.photo_checks import PhotoFacts, PhotoFinding, bands_of, findings, same_picture
from chuangwen.standards.models import ProblemType
from chuangwen.workflow.transitions import Words

SAME_KIND_DAYS = 30
# Said twice on purpose: by deadline it is read through the index of what is open, by unit through `state`.
OPEN = Q(is_open=True, state__in=[str(state) for state in OPEN_STATES])
# On the unit's clock: what waits for the office, is disputed or approved as long-term is not.
RUNNING = Q(is_open=True, state__in=[str(ProblemState.ASSIGNED), str(ProblemState.RETURNED)])
RULES = Question(lambda region, kind: RoutingRule.objects.filter(region=region, problem_type=kind, ends__isnull=True))
AT_PATH = Question(lambda path: Unit.objects.filter(path=path).order_by().values_list("pk", flat=True))
RATE_DEFINITION = _(
    "Rate closed in time: problems that the unit put right by the deadline and that passed verification, divided by "
    "the problems due in the period. Disputed, long-term, merged problems and those whose object is gone are left "
    "out, and so is what was reported in time and still waits to be verified. What came back within 30 days counts as "
    "late. What units found themselves is shown apart and never counts against them."
)


def open_to(user: Any) -> Q:
    """OPEN for one person's rows: who sees a region counts them from the index of what is open, and reads no row."""
    return Q(is_open=True) if scope_of(user, "rectification.view").regions else OPEN


def late() -> Q:
    """Problems on a unit's clock whose deadline has passed: what every list, figure and link calls late.

    What a unit found itself is shown apart and never counts against it (practice.md, Rate closed in time).
    """
    return RUNNING & ~Q(source=Source.SELF) & Q(due_at__lt=clock.now())


def due_today() -> Q:
    """Problems on a unit's clock that are due before the day ends."""
    return RUNNING & Q(due_at__gte=clock.now(), due_at__lt=clock.end_of_today())


def due_this_week() -> Q:
    """Problems on a unit's clock that are due before Sunday ends."""
    return RUNNING & Q(due_at__gte=clock.now(), due_at__lt=clock.end_of_week())


def waiting_extensions() -> ScopedQuerySet:
    """Requests for more time that wait for a decision.

    One lapses without a word when the problem leaves the unit's clock: reported as fixed, disputed, given to another.
    """
    since = Q(problem__assigned_at__isnull=True) | Q(problem__assigned_at__lte=F("asked_at"))
    not_fixed = Q(problem__fixed_at__isnull=True) | Q(problem__fixed_at__lt=F("asked_at"))
    running = Q(problem__is_open=True, problem__state__in=[str(ProblemState.ASSIGNED), str(ProblemState.RETURNED)])
    return Extension.objects.filter(since & not_fixed & running, decided_at__isnull=True)


def open_extension(problem: Problem) -> Extension | None:
    """The request for more time on which the office has to decide now: one query."""
    found: Extension | None = waiting_extensions().filter(problem=problem).select_related("by_unit").first()
    return found


def extension_refused(problem: Problem, moment: datetime) -> Words:
    """Why the lead may not ask for more time at `moment`, or "": at most two queries.

    More time is asked for before the deadline passes, and decided once for each time that the problem was
    handed out. Proposed, since the documents are silent.
    """
    if problem.state not in (ProblemState.ASSIGNED, ProblemState.RETURNED):
        return _("Only a problem that is being put right has a deadline to change.")
    if moment > problem.due_at:
        return _("The deadline has passed; more time is asked for before.")
    if open_extension(problem):
        return _("Your unit has asked already; the office has still to decide.")
    since = problem.assigned_at or problem.found_at
    if problem.extensions.filter(by_unit=problem.lead, asked_at__gte=since, decided_at__isnull=False).exists():
        return _("Your unit has asked for more time once; the decision stands.")
    return ""


def asks_for_time() -> Q:
    """Problems whose unit waits for a decision on more time."""
    return RUNNING & Q(pk__in=waiting_extensions().values("problem"))


def own_units(user: Any) -> set[int]:
    """The units for which `user` answers as the lead."""
    scope = scope_of(user, "rectification.answer")
    if not scope:
        return set()
    return set(scope.unit_ids) | set(units_of_user(user))


class ClosingRate(NamedTuple):
    """The rate closed in time (按期整改率) as numerator and denominator, what units found themselves apart."""

    numerator: int
    denominator: int
    self_found: int = 0

    @property
    def share(self) -> float | None:
        """Between 0 and 1; None where nothing was due."""
        return self.numerator / self.denominator if self.denominator else None


def counted(start: datetime, end: datetime) -> Q:
    """The denominator's condition: due from `start` up to, not with, `end`, and the unit's to answer for.

    Source: practice.md, Rate closed in time; RATE_DEFINITION says it to readers.
    """
    reported_in_time = Q(state=ProblemState.FIXED, fixed_at__lte=F("due_at"))
    theirs = (RUNNING & Q(due_at__lt=clock.now())) | Q(state__in=[ProblemState.FIXED, ProblemState.CLOSED])
    in_period = Q(due_at__gte=start, due_at__lt=end)
    return in_period & theirs & ~reported_in_time & ~Q(problem_class=ProblemClass.LONG_TERM)


def closing_rate(region: Region, start: datetime, end: datetime, *, lead: Unit | None = None) -> ClosingRate:
    """(numerator, denominator) of the rate closed in time for what was due in [start, end): one query.

    With `lead` only the problems of that unit.
    """
    rows = Problem.objects.filter(counted(start, end), region=region)
    if lead:
        rows = rows.filter(lead=lead)
    others = ~Q(source=Source.SELF)
    counts = rows.aggregate(
        numerator=Count("pk", filter=others & Q(closed_in_time=True)),
        denominator=Count("pk", filter=others),
        self_found=Count("pk", filter=Q(source=Source.SELF)),
    )
    return ClosingRate(**counts)


def routing_rules(region: Region, problem_type: ProblemType) -> list[RoutingRule]:
    """The region's present rules for this type of problem: one query."""
    return RULES(region, problem_type)


def territory_chain(territory: Unit | None) -> list[int]:
    """The territory and the units it lies in, the nearest first."""
    if territory is None:
        return []
    path, step = territory.path, Unit.steplen
    above = (AT_PATH(path[:end]) for end in range(len(path) - step, step, -step))  # the region's root is no territory
    return [territory.pk, *(pk for found in above for pk in found)]


def at_same_place(problem: Problem, user: Any) -> QuerySet[Problem]:
    """Other open problems at the same place, the most urgent first."""
    if problem.place_id is None:
        return Problem.objects.none()
    rows = Problem.objects.visible_to(user).filter(OPEN, place=problem.place_id).exclude(pk=problem.pk)
    return rows.select_related("place", "lead").order_by("due_at")


def of_same_kind(problem: Problem, user: Any) -> QuerySet[Problem]:
    """What the same lead had of the same type lately, elsewhere (举一反三: look for the same elsewhere)."""
    since = problem.found_at - timedelta(days=SAME_KIND_DAYS)
    rows = Problem.objects.visible_to(user).filter(
        problem_type=problem.problem_type_id, lead=problem.lead_id, found_at__gte=since
    )
    if problem.place_id:
        rows = rows.exclude(place=problem.place_id)
    rows = rows.exclude(pk=problem.pk).select_related("place", "lead")
    return rows.order_by("-found_at")


def photos_of(problem: Problem) -> list[ProblemPhoto]:
    """All photos with their files, the first given first: one query."""
    return list(problem.photos.select_related("attachment__file").order_by("pk"))


def pair_of(photos: list[ProblemPhoto]) -> tuple[ProblemPhoto | None, ProblemPhoto | None]:
    """The first photo before and the last after: what stands side by side."""
    before = next((photo for photo in photos if photo.role == PhotoRole.BEFORE), None)
    after = next((photo for photo in reversed(photos) if photo.role == PhotoRole.AFTER), None)
    return before, after


def photo_findings(problem: Problem, photos: list[ProblemPhoto]) -> list[PhotoFinding]:
    """What the program noticed about the pair; empty without one."""
    before, after = pair_of(photos)
    if not before or not after or not problem.assigned_at:
        return []
    twin = used_elsewhere(after)
    return findings(
        facts_of(before), facts_of(after), assigned_at=problem.assigned_at,
        used_in=twin.problem.number if twin else None,
    )  # fmt: skip


def facts_of(photo: ProblemPhoto) -> PhotoFacts:
    """What is known of a photo, for the pure checks."""
    file = photo.attachment.file
    return PhotoFacts(photo.taken_at, photo.longitude, photo.latitude, file.likeness, file.sha256)


def used_elsewhere(photo: ProblemPhoto) -> ProblemPhoto | None:
    """A photo of another problem that is the same picture: by its bytes, or for the eye."""
    file = photo.attachment.file
    others = ProblemPhoto.objects.filter(region=photo.region_id).exclude(problem=photo.problem_id)
    others = others.select_related("problem", "attachment__file").order_by("pk")
    same_file = others.filter(attachment__file=file).first()
    if same_file:
        return same_file
    bands = bands_of(file.likeness)
    if None in bands:
        return None
    near = Q()
    for number, value in enumerate(bands):
        near |= Q(**{f"band_{number}": value})
    mine = facts_of(photo)
    return next((other for other in others.filter(near) if same_picture(mine, facts_of(other))), None)
