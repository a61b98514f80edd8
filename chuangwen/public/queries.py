"""What is public, and nothing else: every page under /public/ reads its rows here."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.http import Http404

from chuangwen.campaigns.models import RoundState, Title
from chuangwen.core import clock
from chuangwen.core.addresses import asked_key
from chuangwen.core.models import Region
from chuangwen.core.persons import masked
from chuangwen.core.workdays import default_calendar
from chuangwen.honors.enums import ApplicationState, AwardState, ProgrammeState
from chuangwen.honors.models import Application, Award, Objection, Programme
from chuangwen.honors.queries.settings import setting
from chuangwen.inspections.enums import DRAWN_STATES, OPEN_DRAW_STATES, WAITING_STATES, DrawState
from chuangwen.inspections.models import Draw, Visit
from chuangwen.organizations.queries import names_of_people
from chuangwen.public.models import ObjectionSlip, PublicSite, ScoreRelease
from chuangwen.public.slips import digest_of
from chuangwen.reports.enums import STANDING_RELEASES, BulletinState, ReleaseState
from chuangwen.reports.models import Release
from chuangwen.reports.workflow import RELEASE
from chuangwen.scoring.models import Run
from chuangwen.workflow.models import Step

SHOWN_UNITS = (ApplicationState.NOTICED, ApplicationState.AWARDED)
IN_FORCE = (AwardState.VALID, AwardState.YELLOW)  # a card has a term to put things right in: it stays inside


def open_sites() -> QuerySet[PublicSite]:
    """The regions whose pages are open; `draws_places`, `shows_scores`: where there are none nothing
    says so."""
    drawn = Exists(Draw.objects.filter(region=OuterRef("region")))
    scored = Exists(ScoreRelease.objects.filter(region=OuterRef("region"), state=ReleaseState.RELEASED))
    found: QuerySet[PublicSite] = PublicSite.objects.filter(is_open=True).annotate(
        draws_places=drawn, shows_scores=scored
    )
    return found.select_related("region").order_by("region__code")


def site_or_404(code: str) -> PublicSite:
    """The open pages of the region; 404 also where they are closed, so that nothing is given away."""
    return one_or_404(open_sites(), region__code=code.replace("\x00", ""))


def one_or_404(rows: QuerySet[Any], **lookup: Any) -> Any:
    """The one row; 404 for any other key, also for one that no row can have."""
    try:
        return rows.get(**lookup)
    except (rows.model.DoesNotExist, ValueError, OverflowError) as error:
        raise Http404 from error


def notices(region: Region) -> QuerySet[Programme]:
    """Programmes whose public notice has begun, the last first; one whose titles were refused wholly has none."""
    rows: QuerySet[Programme] = Programme.objects.filter(
        region=region, state__in=(ProgrammeState.NOTICED, ProgrammeState.AWARDED), notice_from__lte=clock.today()
    )
    return rows.select_related("title").order_by("-notice_from", "-pk")


def is_running(programme: Programme) -> bool:
    """Whether objections are taken today."""
    return (
        programme.state == ProgrammeState.NOTICED and programme.notice_from <= clock.today() <= programme.notice_until
    )


def running_notices() -> Q:
    """The notices during which objections are taken today."""
    return Q(state=ProgrammeState.NOTICED, notice_until__gte=clock.today())


def on_notice(programme: Programme) -> QuerySet[Application]:
    """Whose titles are on notice, or were and have been awarded. Who was refused meanwhile is shown no more, and who
    moved up from the reserve from the first day of the own notice on."""
    begun = Q(notice_from=None) | Q(notice_from__lte=clock.today())
    rows: QuerySet[Application] = Application.objects.filter(begun, programme=programme, state__in=SHOWN_UNITS)
    return rows.filter(named()).select_related("unit", "family").order_by("unit__branch", "unit__position", "pk")


def named() -> Q:
    """Units always; families only as long as their consent is in force."""
    return Q(family__isnull=True) | Q(family__agreed_on__isnull=False, family__withdrawn_on__isnull=True)


def titles_in_force(region: Region) -> QuerySet[Award]:
    """The register: titles in force of units that exist, offices inside units left out."""
    rows: QuerySet[Award] = Award.objects.filter(region=region, state__in=IN_FORCE).exclude(title__subject="office")
    gone = Q(unit__valid_to__lt=clock.today())
    return rows.exclude(gone & Q(family__isnull=True)).filter(named()).select_related("unit", "family", "title")


def titles_to_choose(region: Region) -> list[Title]:
    """The titles that somebody holds, by name."""
    held = titles_in_force(region).order_by().values("title")
    return list(Title.objects.filter(pk__in=held).order_by("subject", "name"))


def narrowed(rows: QuerySet[Award], words: str, title: str) -> QuerySet[Award]:
    """The register narrowed to units whose name holds `words`, and to one title by its key."""
    if words:
        rows = rows.filter(
            Q(unit__name__icontains=words) | Q(unit__short_name__icontains=words) | Q(family__name__icontains=words)
        )
    key = asked_key(title)
    if key is not None:
        rows = rows.filter(title=key)
    return rows


def titles_taken_away(region: Region) -> list[Award]:
    """Delistings of the last year against which nothing can be said any more: the time for an appeal is over, and
    none waits for its ruling."""
    since = clock.today().replace(year=clock.today().year - 1, day=1)
    rows = Award.objects.filter(region=region, state=AwardState.DELISTED, ended_on__gte=since)
    rows = rows.exclude(title__subject__in=("office", "family"))  # nobody pillories private people
    rows = rows.exclude(appeals__isnull=False, appeals__ruled_on__isnull=True)
    found = list(rows.select_related("unit", "title").order_by("-ended_on", "pk"))
    steps = Step.objects.filter(object_type="honors.award", object_id__in=[one.pk for one in found], action="delist")
    said = dict(steps.order_by("pk").values_list("object_id", "at"))
    within = setting(region, "appeal-workdays")
    return [one for one in found if _last_word(one, said.get(one.pk), within) < clock.today()]


def _last_word(award: Award, said: datetime | None, within: int) -> date:
    """The last day for an appeal against a delisting; `said`: when it was entered."""
    day = clock.local(said).date() if said else award.ended_on or clock.today()
    return default_calendar().add_workdays(day, within)


def released(region: Region) -> QuerySet[Release]:
    """Bulletins that are open to everybody, the last first."""
    rows: QuerySet[Release] = Release.objects.filter(
        region=region, state=ReleaseState.RELEASED, bulletin__state=BulletinState.ISSUED
    )
    return rows.select_related("bulletin", "word__file", "pdf__file").order_by("-released_at", "-pk")


def released_scores(region: Region) -> QuerySet[ScoreRelease]:
    """Scores that are open to everybody, the last released first."""
    rows: QuerySet[ScoreRelease] = ScoreRelease.objects.filter(region=region, state=ReleaseState.RELEASED)
    return rows.select_related("run__round").order_by("-released_at", "-pk")


def runs_to_show(user: Any) -> QuerySet[Run]:
    """The newest score of each finished round that the person may propose or release, the last round first."""
    newest = Run.objects.filter(round=OuterRef("round"), total__isnull=False).order_by("-created_at", "-pk")
    rows = Run.objects.visible_to(user, RELEASE).filter(round__state=RoundState.CLOSED, total__isnull=False)
    standing = Exists(ScoreRelease.objects.filter(run=OuterRef("pk"), state__in=STANDING_RELEASES))
    rows = rows.filter(Q(pk=Subquery(newest.values("pk")[:1])) | standing)
    found: QuerySet[Run] = rows.select_related("round", "version", "region").order_by("-round__starts", "-pk")
    return found


def _is_over() -> Q:
    """The round is closed and no place of it waits to be seen: its list is no secret any more."""
    waiting = Visit.objects.filter(round=OuterRef("round"), state__in=WAITING_STATES)
    return Q(round__state=RoundState.CLOSED) & ~Q(Exists(waiting))


def finished_draws() -> Q:
    """Draws whose whole record is public."""
    return Q(state__in=DRAWN_STATES) & _is_over()


def draws(region: Region) -> QuerySet[Draw]:
    """What is public of draws, the last first: `is_over` says whether the record is.

    A draw in the strict form is announced when its pool is frozen, as the spec has it. That it has been drawn stays
    unsaid until the round is over: who knows that, the one-time code and the register knows the places.
    """
    over = Exists(Draw.objects.filter(finished_draws(), pk=OuterRef("pk")))
    announced = Q(strict=True, state__in=(*OPEN_DRAW_STATES, *DRAWN_STATES, DrawState.WITHDRAWN))
    alive = ~Q(round__state=RoundState.CANCELLED)
    rows: QuerySet[Draw] = Draw.objects.filter(region=region).filter(alive).annotate(is_over=over)
    return rows.filter(announced | Q(is_over=True)).select_related("round", "region").order_by("-frozen_at", "-pk")


def public_record(draw: Draw) -> dict[str, Any]:
    """The record, in which reasons for substitutes name nobody: the check does not read them."""
    names = names_of_people(draw.region) if draw.record["substitutes"] else frozenset()
    hidden = [one | {"reason": masked(one["reason"], names)} for one in draw.record["substitutes"]]
    return dict(draw.record) | {"substitutes": hidden}


def objection_of(region: Region, slip: str) -> Objection | None:
    """What the number leads to; None for any other."""
    found = ObjectionSlip.objects.filter(region=region, digest=digest_of(region.code, slip))
    row = found.select_related("objection__application__programme", "objection__application__unit").first()
    return row.objection if row else None


def what_opens(region: Region) -> dict[str, int]:
    """How much of each kind everybody would see today, for who decides about opening the pages; draws only where
    places are drawn."""
    rows: dict[str, QuerySet[Any]] = {
        "notices": notices(region).filter(running_notices()), "titles": titles_in_force(region),
        "bulletins": released(region),
    }  # fmt: skip
    if Draw.objects.filter(region=region).exists():
        rows["draws"] = draws(region)
    return {name: found.count() for name, found in rows.items()}
