"""Reads what papers report on, and papers themselves. Figures are computed in pure files; here rows become facts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone

from chuangwen.core import clock
from chuangwen.core.access import scope_of
from chuangwen.core.addresses import asked_key
from chuangwen.core.models import Region
from chuangwen.core.search import wanted
from chuangwen.organizations.models import Unit
from chuangwen.rectification.enums import PhotoRole, ProblemClass, ProblemState, Source
from chuangwen.rectification.models import Problem, ProblemPhoto
from chuangwen.rectification.queries import pair_of
from chuangwen.reports.enums import BulletinState, PaperKind
from chuangwen.reports.figures import Matter, Span
from chuangwen.reports.models import Bulletin, PaperForm, PhotoPair, Receipt, SiteFont
from chuangwen.reports.periods import Period
from chuangwen.workflow.models import Step

PROBLEM, TASK = "rectification.problem", "responsibilities.task"
INSTRUCTION = "responsibilities.instruction"


def moment_of(day: date) -> datetime:
    """The midnight with which `day` begins on the site's wall clock."""
    return timezone.make_aware(datetime.combine(day, time()))


def span_of(period: Period, as_of: datetime) -> Span:
    """A period as moments: its last day is inside."""
    return Span(moment_of(period.first), moment_of(period.last + timedelta(days=1)), as_of)


def matters_of(region: Region, first: datetime, end: datetime) -> list[Matter]:
    """Problems that any figure between `first` and `end` can count: two queries."""
    touched = Q(due_at__gte=first, due_at__lt=end) | Q(assigned_at__gte=first, assigned_at__lt=end)
    returned = _returns(first, end)
    rows = Problem.objects.filter(
        touched | Q(found_at__gte=first, found_at__lt=end) | Q(is_open=True) | Q(pk__in=list(returned)), region=region
    ).values_list(
        "pk", "lead_id", "state", "due_at", "found_at", "assigned_at", "fixed_at", "closed_in_time", "problem_class",
        "source", "recurrence_of_id",
    ).order_by("pk")  # fmt: skip
    return [
        Matter(
            pk, unit, state, due, found, assigned, fixed, in_time, problem_class == ProblemClass.LONG_TERM,
            source == Source.SELF, recurrence is not None, tuple(returned.get(pk, ())),
        )
        for pk, unit, state, due, found, assigned, fixed, in_time, problem_class, source, recurrence in rows
    ]  # fmt: skip


def _returns(first: datetime, end: datetime) -> dict[int, list[datetime]]:
    """When problems were returned in the time, by key."""
    steps = Step.objects.filter(object_type=PROBLEM, action="return", at__gte=first, at__lt=end)
    found: defaultdict[int, list[datetime]] = defaultdict(list)
    for pk, at in steps.values_list("object_id", "at"):
        found[pk].append(at)
    return found


def unit_names(region: Region) -> dict[int, str]:
    """Every unit's key and name, in the order of lists."""
    units = Unit.objects.filter(region=region).order_by("branch", "position", "pk")
    return {unit.pk: str(unit) for unit in units.only("pk", "name", "short_name")}


def paper_form(region: Region, kind: str) -> PaperForm | None:
    """How papers of a kind look here; None until the defaults are there."""
    found: PaperForm | None = (
        PaperForm.objects.filter(region=region, kind=kind).select_related("template__file").first()
    )
    return found


def lacking_forms(region: Region) -> list[str]:
    """The kinds for which a region has no form yet."""
    there = set(PaperForm.objects.filter(region=region).values_list("kind", flat=True))
    return [kind for kind in PaperKind.values if kind not in there]


def fonts_of(region: Region) -> QuerySet[SiteFont]:
    """The fonts that a site uploaded."""
    return SiteFont.objects.filter(region=region).select_related("attachment__file").order_by("family")


def bulletins_seen(user: Any) -> QuerySet[Bulletin]:
    """Papers with how many units were to receive them and did: no query for each."""
    rows = Bulletin.objects.visible_to(user).select_related("campaign", "drafted_by", "region")
    signed = Count("receipts", filter=Q(receipts__received_at__isnull=False))
    return rows.annotate(sent_to=Count("receipts"), received=signed)


def partner_of(bulletin: Bulletin) -> Bulletin | None:
    """The other paper with the same findings of a round; None for other kinds, and where it was withdrawn."""
    if bulletin.kind not in {PaperKind.ROUND, PaperKind.UPWARD}:
        return None
    rows = Bulletin.objects.filter(snapshot=bulletin.snapshot_id).exclude(pk=bulletin.pk)
    found: Bulletin | None = rows.exclude(state=BulletinState.WITHDRAWN).select_related(
        "snapshot__round", "region", "campaign", "drafted_by"
    ).first()  # fmt: skip
    return found


def waiting_receipts(user: Any) -> QuerySet[Receipt]:
    """Papers that the person's own units have still to sign for; nothing for who answers for a whole region."""
    scope = scope_of(user, "reports.receive")
    rows = Receipt.objects.filter(
        unit_id__in=scope.unit_ids, received_at__isnull=True, bulletin__state=BulletinState.ISSUED
    )
    return rows.select_related("bulletin", "unit")


def last_period_end(region: Region, kind: str) -> date | None:
    """The last day that a paper of this kind has reported on, to offer the period that follows."""
    rows = Bulletin.objects.filter(region=region, kind=kind).exclude(state=BulletinState.WITHDRAWN)
    return rows.order_by("-snapshot__ends").values_list("snapshot__ends", flat=True).first()


class Pictured(NamedTuple):
    """A problem that was put right, with the photo before and the one after."""

    problem: Problem
    before: ProblemPhoto
    after: ProblemPhoto


def pictured_rows(bulletin: Bulletin) -> QuerySet[Problem]:
    """Problems closed in the paper's period that have both photos."""
    snapshot = bulletin.snapshot
    span = span_of(Period(snapshot.starts, snapshot.ends), snapshot.as_of)
    photos = ProblemPhoto.objects.filter(problem=OuterRef("pk"), attachment__file__media_type__startswith="image/")
    rows: QuerySet[Problem] = Problem.objects.filter(
        Exists(photos.filter(role=PhotoRole.BEFORE)), Exists(photos.filter(role=PhotoRole.AFTER)),
        region=bulletin.region, state=ProblemState.CLOSED, closed_at__gte=span.start, closed_at__lt=span.end,
    )  # fmt: skip
    return rows.filter(source=Source.SUPERIOR) if bulletin.kind == PaperKind.SUPERIOR else rows


def narrowed_pictured(rows: QuerySet[Problem], words: str, unit: str) -> QuerySet[Problem]:
    """Narrowed to those whose title, place or number holds `words`, and to the unit of that key."""
    if words:
        rows = rows.filter(
            wanted(Problem, ("title__icontains", "number__istartswith", "place__name__icontains"), words)
        )
    key = asked_key(unit)
    if key is not None:
        rows = rows.filter(lead=key)
    return rows


def with_photos(rows: QuerySet[Problem]) -> QuerySet[Problem]:
    """With what showing their photos reads: two queries more, whatever the number."""
    given = ProblemPhoto.objects.filter(attachment__file__media_type__startswith="image/").order_by("pk")
    return rows.select_related("place", "lead").prefetch_related(
        Prefetch("photos", given.select_related("attachment__file"))
    )


def as_pictured(rows: Iterable[Problem]) -> list[Pictured]:
    """Each with its photo before and the one after (rows of `with_photos`)."""
    found = []
    for one in rows:
        before, after = pair_of(list(one.photos.all()))
        if before and after:
            found.append(Pictured(one, before, after))
    return found


def pictured(bulletin: Bulletin, problems: Iterable[int]) -> list[Pictured]:
    """Those of these keys that the paper can show."""
    return as_pictured(with_photos(pictured_rows(bulletin).filter(pk__in=list(problems))))


def pairs_of(bulletin: Bulletin) -> list[PhotoPair]:
    """The photos that a paper shows, in their order: one query."""
    rows = PhotoPair.objects.filter(bulletin=bulletin).order_by("position")
    return list(
        rows.select_related("problem__place", "problem__lead", "before__attachment__file", "after__attachment__file")
    )


def day_of(photo: ProblemPhoto) -> date:
    """The day on which a photo was taken; the day it was given where the camera did not say."""
    return clock.local(photo.taken_at or photo.attachment.created_at).date()
