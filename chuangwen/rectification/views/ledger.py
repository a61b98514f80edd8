"""The close-out ledger (挂账销号台账)."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import date, datetime, time
from html import escape
from typing import Any

from django.conf import settings
from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from chuangwen.campaigns.models import Campaign, Round
from chuangwen.core import clock
from chuangwen.core.access import may
from chuangwen.core.addresses import address
from chuangwen.core.files.services import preview
from chuangwen.core.lists import BulkAction, Column, Filter, ListPage, Tab, pick_filter, respond, two_lines
from chuangwen.core.pages import signed_in
from chuangwen.core.templatetags.wording import moment
from chuangwen.core.workbooks.pictures import Picture
from chuangwen.rectification.enums import PhotoRole, ProblemState, Source
from chuangwen.rectification.forms import BulkAnswerNumberForm, BulkDeadlineForm, BulkReassignForm
from chuangwen.rectification.models import Problem, ProblemPhoto
from chuangwen.rectification.queries import (
    OPEN,
    RATE_DEFINITION,
    asks_for_time,
    due_this_week,
    due_today,
    late,
    open_to,
)
from chuangwen.rectification.services import change_deadline, enter_answer_number, reassign_problem, remind_unit
from chuangwen.rectification.words import due_cell, state_cell, state_of
from chuangwen.standards.models import PlaceType, ProblemType

logger = logging.getLogger(__name__)
# What the cells on screen are made of.
ON_SCREEN = (
    "number", "title", "spot", "state", "source", "due_at", "found_at", "fixed_at", "closed_in_time",
    "recurrence_of_id", "place__name", "lead__name", "lead__short_name", "territory__name", "territory__short_name",
    "problem_type__name_zh", "problem_type__name_en",
)  # fmt: skip


def _photo(problem: Problem, role: PhotoRole) -> ProblemPhoto | None:
    """The first photo before, the last one after."""
    found = [photo for photo in problem.photos.all() if photo.role == role]
    if not found:
        return None
    return found[-1] if role == PhotoRole.AFTER else found[0]


def _picture(problem: Problem, role: PhotoRole) -> Picture | None:
    photo = _photo(problem, role)
    if photo is None or not photo.attachment.file.is_picture:
        return None
    words = f"{problem.number} {photo.get_role_display()}"
    try:
        return Picture(preview(photo.attachment.file, "small"), words, is_small=True)
    except OSError:  # a file lost from the disk must not cost the other photos of the ledger
        logger.warning("photo %s cannot be read", photo.attachment.file_id)
        return Picture(b"", words)


def _thumb(problem: Problem) -> SafeString | str:
    photo = _photo(problem, PhotoRole.BEFORE)
    if photo is None:
        return SafeString('<span class="cw-thumb" aria-hidden="true"></span>')
    url = address("core:picture", str(photo.attachment.uid), "small")
    alt = gettext("Photo: %s") % problem.title
    return SafeString(f'<img class="cw-thumb" src="{url}" alt="{escape(alt)}" loading="lazy" width="52" height="36">')


def _title(problem: Problem) -> SafeString:
    """The title, below it place and number; on a phone place and lead."""
    place = str(problem.place or problem.spot)
    lead = "" if problem.state == ProblemState.FOUND else str(problem.lead)
    wide, narrow = " · ".join(filter(None, (place, problem.number))), " · ".join(filter(None, (place, lead)))
    second = f'<span class="cw-wide">{escape(wide)}</span><span class="cw-narrow">{escape(narrow)}</span>'
    return two_lines(problem.title, SafeString(second), _url(problem))


def _lead(problem: Problem) -> SafeString | str:
    if problem.state == ProblemState.FOUND:
        return two_lines("—", problem.territory or "")
    return two_lines(problem.lead, problem.territory if problem.territory_id != problem.lead_id else "")


def _url(problem: Problem) -> str:
    return address("rectification:problem", problem.number)


def _region(request: HttpRequest) -> Any:
    """The person's region; nobody without one sees a problem."""
    return request.user.region  # type: ignore[union-attr]


def _type_choices(request: HttpRequest) -> Iterable[tuple[str, str]]:
    types = ProblemType.objects.filter(region=_region(request))
    return [(one.code, str(one)) for one in types]


def _place_type_choices(request: HttpRequest) -> Iterable[tuple[str, str]]:
    types = PlaceType.objects.filter(region=_region(request))
    return [(one.code, str(one)) for one in types]


def _campaign_choices(request: HttpRequest) -> Iterable[tuple[str, str]]:
    campaigns = Campaign.objects.visible_to(request.user).order_by("-starts", "-pk")[:24]
    return [(str(one.pk), str(one)) for one in campaigns]


def _round_choices(request: HttpRequest) -> Iterable[tuple[str, str]]:
    rounds = Round.objects.filter(region=_region(request)).order_by("-starts")[:24]
    return [(str(one.pk), str(one)) for one in rounds]


def _since(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    start = timezone.make_aware(datetime.combine(date.fromisoformat(value), time()))
    return rows.filter(found_at__gte=start)


def _until(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    last = timezone.make_aware(datetime.combine(date.fromisoformat(value), time(23, 59, 59)))
    return rows.filter(due_at__lte=last)


def _bulk_reassign(problem: Problem, *, actor: Any, data: dict[str, Any]) -> None:
    reassign_problem(problem, lead=data["lead"], reason=data["reason"], actor=actor)


def _bulk_deadline(problem: Problem, *, actor: Any, data: dict[str, Any]) -> None:
    change_deadline(problem, due_at=data["due_at"], reason=data["reason"], actor=actor)


def _bulk_remind(problem: Problem, *, actor: Any, data: dict[str, Any]) -> None:
    remind_unit(problem, actor=actor)


def _bulk_answer_number(problem: Problem, *, actor: Any, data: dict[str, Any]) -> None:
    enter_answer_number(problem, number=data["number"], actor=actor)


def _steps(problem: Problem) -> str:
    return "; ".join(f"{one.due_on:%Y-%m-%d} {one.name}" for one in problem.milestones.all())


class Ledger(ListPage):
    """Problems that the person may see, the most urgent first."""

    name = "problems"
    title = _("Problems")
    noun = _("problems")
    permission = "rectification.view"
    search = ("title__icontains", "number__istartswith", "place__name__icontains", "source_number__istartswith")
    search_words = _("Problem, place or number")
    sort = "due_at"
    definition = RATE_DEFINITION
    forms_kept_by = "rectification.rule"
    own_path = "rectification:ledger"
    form_words = {
        "title": ("存在问题", "问题描述", "主要问题", "问题内容", "问题清单"),
        "place": ("点位名称", "地点", "位置", "问题点位", "具体位置"),
        "type": ("问题类别", "问题类型", "类别"),
        "lead": ("责任单位", "整改单位", "牵头责任单位", "主办单位", "整改责任单位"),
        "territory": ("属地单位", "所属街道", "街道"),
        "source": ("问题来源",),
        "due": ("整改时限", "完成时限", "时限要求", "整改期限", "限期"),
        "state": ("整改状态", "是否完成", "完成情况", "销号情况", "办理状态"),
        "found": ("发现时间", "交办时间", "检查时间"),
        "measure": ("整改措施", "整改情况", "整改结果", "办理情况", "整改落实情况"),
        "fixed": ("整改完成时间", "完成时间"),
        "closed": ("销号时间",),
        "cause": ("原因分析", "未完成原因"),
        "coordinator": ("包案领导", "责任领导"),
    }
    signature = (_("Filled in by"), _("Checked by"))
    empty = _("No problems here")
    empty_url = "rectification:register"
    empty_permission = "rectification.report"
    empty_action = _("Register a problem")
    columns = (
        Column("photo", _("Photo"), lambda p: _picture(p, PhotoRole.BEFORE), _thumb, kind="picture",
               css="cw-table__photo"),
        Column("number", _("Number"), lambda p: p.number, screen=False, css="cw-nowrap"),
        Column("title", _("Problem"), lambda p: p.title, _title, css="cw-table__title", width=30),
        Column("place", _("Place"), lambda p: str(p.place or p.spot), screen=False),
        Column("type", _("Type"), lambda p: str(p.problem_type), css="cw-wide", paper=False),
        Column("lead", _("Lead"), lambda p: "" if p.state == ProblemState.FOUND else str(p.lead), _lead, css="cw-wide"),
        Column("territory", _("Territory"), lambda p: str(p.territory or ""), screen=False),
        Column("source", _("Source"), lambda p: p.get_source_display(), css="cw-wide", paper=False),
        Column("source_number", _("Source's number"), lambda p: p.source_number, screen=False, paper=False),
        Column("answer_number", _("Number of the answer"), lambda p: p.answer_number, screen=False, paper=False),
        Column("due", _("Deadline"), lambda p: p.due_at, due_cell, sort="due_at", kind="datetime",
               css="cw-table__due"),
        Column("state", _("State"), lambda p: state_of(p)[1], state_cell, css="cw-table__state"),
        Column("found", _("Found"), lambda p: p.found_at, sort="found_at", kind="datetime",
               screen=False, paper=False),
        Column("measure", _("What was done"), lambda p: p.measure_taken, screen=False, width=30),
        Column("fixed", _("Fixed at"), lambda p: p.fixed_at, kind="datetime", screen=False, paper=False),
        Column("closed", _("Closed at"), lambda p: p.closed_at, kind="datetime", screen=False, paper=False),
        Column("cause", _("Cause"), lambda p: p.cause, screen=False, paper=False),
        Column("funding", _("Money and its source"), lambda p: p.funding, screen=False, paper=False),
        Column("interim", _("Interim measure"), lambda p: p.interim_measure, screen=False, paper=False),
        Column("steps", _("Milestones"), _steps, screen=False, paper=False),
        Column("coordinator", _("Coordinating leader"), lambda p: p.coordinator, screen=False, paper=False),
        Column("after", _("Photo after"), lambda p: _picture(p, PhotoRole.AFTER), kind="picture", screen=False),
    )  # fmt: skip
    filters = (
        pick_filter("lead", _("Lead"), "units", lambda rows, value: rows.filter(lead=value)),
        pick_filter("territory", _("Territory"), "territories",
                    lambda rows, value: rows.filter(territory=value)),
        Filter("type", _("Type"), _type_choices, lambda rows, value: rows.filter(problem_type__code=value)),
        Filter("place_type", _("Place type"), _place_type_choices,
               lambda rows, value: rows.filter(place__place_type__code=value)),
        Filter("source", _("Source"), lambda request: Source.choices, lambda rows, value: rows.filter(source=value)),
        pick_filter("place", _("Place"), "places", lambda rows, value: rows.filter(place=value)),
        Filter("campaign", _("Campaign"), _campaign_choices, lambda rows, value: rows.filter(campaign=value)),
        Filter("round", _("Round"), _round_choices, lambda rows, value: rows.filter(round=value)),
        Filter("since", _("Found since"), lambda request: (), _since, kind="date"),
        Filter("until", _("Due until"), lambda request: (), _until, kind="date"),
    )  # fmt: skip
    tabs = (
        Tab("open", _("Not closed"), lambda request: open_to(request.user)),
        Tab("late", _("Late"), lambda request: late()),
        Tab("today", _("Due today"), lambda request: due_today()),
        Tab("week", _("Due this week"), lambda request: due_this_week()),
        Tab("found", _("To be assigned"), Q(state=ProblemState.FOUND)),
        Tab("fixed", _("To be verified"), Q(state=ProblemState.FIXED)),
        Tab("disputed", _("Disputed"), Q(state=ProblemState.DISPUTED)),
        Tab("extension", _("More time asked for"), lambda request: asks_for_time()),
        Tab("long-term", _("Long-term"), Q(state=ProblemState.LONG_TERM)),
        Tab("recurrence", _("Recurrence"), lambda request: open_to(request.user) & Q(recurrence_of__isnull=False)),
        Tab("self", _("Found by units"), OPEN & Q(source=Source.SELF)),
        Tab("closed", pgettext_lazy("problem", "Closed"), Q(state=ProblemState.CLOSED)),
        Tab("all", _("All"), Q()),
    )
    bulk = (
        BulkAction("reassign", _("Assign to another unit"), _bulk_reassign, icon="arrow-right",
                   permission="rectification.assign", form=BulkReassignForm),
        BulkAction("deadline", _("Change the deadline"), _bulk_deadline, icon="calendar-time",
                   permission="rectification.assign", form=BulkDeadlineForm),
        BulkAction("answer_number", _("Enter the number of the answer"), _bulk_answer_number, icon="mail",
                   permission="rectification.assign", form=BulkAnswerNumberForm),
        BulkAction("remind", _("Remind"), _bulk_remind, icon="bell", permission="rectification.assign"),
    )  # fmt: skip

    def rows(self, request: HttpRequest) -> QuerySet[Any]:
        photos = ProblemPhoto.objects.select_related("attachment__file").order_by("pk")
        rows = Problem.objects.visible_to(request.user)
        rows = rows.select_related("place", "lead", "territory", "problem_type", "region")
        return rows.prefetch_related(Prefetch("photos", photos), "milestones")

    def lean(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        photos = ProblemPhoto.objects.filter(role=PhotoRole.BEFORE).select_related("attachment").order_by("pk")
        photos = photos.only("problem_id", "role", "attachment__uid")
        rows = rows.select_related(None).select_related("place", "lead", "territory", "problem_type")
        return rows.prefetch_related(None).prefetch_related(Prefetch("photos", photos), "milestones").only(*ON_SCREEN)

    def row_url(self, row: Any) -> str:
        return _url(row)

    def row_name(self, row: Any) -> str:
        return f"{row.number} {row.title}"

    def message_line(self, row: Any) -> tuple[str, str]:
        due = moment(row.due_at)
        words = gettext("%(title)s (%(where)s, due %(due)s) %(url)s") % {
            "title": row.title, "where": row.place or row.spot or row.number, "due": due,
            "url": f"{settings.SITE_URL}{_url(row)}",
        }  # fmt: skip
        return ("" if row.state == ProblemState.FOUND else str(row.lead)), words

    def more(self, request: HttpRequest, listing: Any) -> dict[str, Any]:
        actions: list[dict[str, Any]] = []
        if may(request.user, "rectification.route"):
            actions.append({"label": gettext("Routing rules"), "icon": "route", "url": reverse("rectification:rules")})
        if may(request.user, "rectification.assign"):
            table = {"label": gettext("Import problems"), "icon": "table-import"}
            actions.append({**table, "url": reverse("rectification:import")})
        if may(request.user, "rectification.report"):
            new = {"label": gettext("Register a problem"), "icon": "plus", "url": reverse("rectification:register")}
            actions.append({**new, "primary": True})
        subtitle = gettext("Close-out ledger, data as of %s") % moment(clock.now())
        return {"page_actions": actions, "page_subtitle": subtitle}


LEDGER = Ledger()


@signed_in("rectification.view")
def ledger(request: HttpRequest) -> HttpResponse:
    """The ledger on screen, as Excel with photos, on paper, as a message; POST acts on chosen rows."""
    return respond(request, LEDGER)
