"""The lists: programmes, applications, objections, titles, contests."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db.models import Case, Count, Q, QuerySet, Value, When
from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from chuangwen.campaigns.models import Title
from chuangwen.core.access import may
from chuangwen.core.addresses import address
from chuangwen.core.lists import Column, Filter, ListPage, Tab, pick_filter, two_lines
from chuangwen.core.templatetags.chuangwen import state
from chuangwen.core.templatetags.wording import day, deadline
from chuangwen.honors.enums import (
    RUNNING_APPLICATIONS,
    STANDING_AWARDS,
    ApplicationState,
    AwardState,
    Channel,
    ContestState,
    ProgrammeState,
)
from chuangwen.honors.models import Application, Award, Contest, Objection, Programme
from chuangwen.honors.queries.freezing import frozen_of
from chuangwen.honors.queries.register import due_for_check, lost_units, open_appeals, open_cards_over
from chuangwen.honors.queries.settings import has_defaults
from chuangwen.honors.wording import APPLICATION_SHAPES, AWARD_SHAPES, CONTEST_SHAPES, PROGRAMME_SHAPES
from chuangwen.honors.workflow import AWARD, CONTEST, EDIT
from chuangwen.organizations.models import Unit
from chuangwen.organizations.queries import name_above


def _state(shapes: Any) -> Any:
    def show(row: Any) -> SafeString:
        return state(shapes[row.state], row.get_state_display())

    return show


def _region(request: HttpRequest) -> Any:
    return request.user.region  # type: ignore[union-attr]


def _titles(request: HttpRequest) -> Iterable[tuple[str, str]]:
    rows = Title.objects.filter(region=_region(request), ladder_step__isnull=False)
    return [(str(one.pk), one.name) for one in rows.order_by("ladder_step__rank", "subject")]


def _programmes(request: HttpRequest) -> Iterable[tuple[str, str]]:
    rows = Programme.objects.visible_to(request.user).order_by("-apply_until")[:40]
    return [(str(one.pk), one.name) for one in rows]


class ProgrammeList(ListPage):
    """Calls for applications, the newest deadline first."""

    name = "honors.programmes"
    title = _("Programmes")
    noun = _("programmes")
    permission = "honors.view"
    sort = "-apply_until"
    search = ("name__icontains", "authority__icontains")
    search_words = _("Name or authority")
    empty = _("No programme yet: a title is applied for in a programme with its conditions and days.")
    empty_url = "honors:programme_new"
    empty_action = _("Prepare a programme")
    empty_permission = EDIT
    columns = (
        Column("name", _("Programme"), lambda p: p.name,
               lambda p: two_lines(p.name, p.authority, address("honors:programme", str(p.pk))),
               css="cw-table__title", width=34),
        Column("state", _("State"), lambda p: p.get_state_display(), _state(PROGRAMME_SHAPES), css="cw-table__state"),
        Column("until", _("Applications until"), lambda p: p.apply_until, lambda p: day(p.apply_until), kind="date",
               sort="apply_until"),
        Column("quota", pgettext_lazy("honour", "Quota"), lambda p: p.quota, kind="number"),
        Column("applied", _("Applications"), lambda p: p.applied, kind="number"),
        Column("award", _("Awarded on"), lambda p: p.award_on, lambda p: day(p.award_on), kind="date", css="cw-wide"),
    )  # fmt: skip
    tabs = (
        Tab("running", pgettext_lazy("programmes", "Running"),
            Q(state__in=[ProgrammeState.OPEN, ProgrammeState.DELIBERATED, ProgrammeState.NOTICED])),
        Tab("preparing", _("Being prepared"), Q(state=ProgrammeState.PREPARING)),
        Tab("over", pgettext_lazy("programmes", "Over"),
            Q(state__in=[ProgrammeState.AWARDED, ProgrammeState.CANCELLED])),
        Tab("all", _("All"), Q()),
    )  # fmt: skip

    def rows(self, request: HttpRequest) -> QuerySet[Any]:
        mine = Application.objects.visible_to(request.user).exclude(
            state__in=[ApplicationState.DRAFT, ApplicationState.WITHDRAWN]
        )
        rows = Programme.objects.visible_to(request.user)
        if not may(request.user, EDIT):
            rows = rows.exclude(state=ProgrammeState.PREPARING)
        return rows.annotate(applied=Count("applications", filter=Q(applications__in=mine), distinct=True))

    def row_url(self, row: Any) -> str:
        return address("honors:programme", str(row.pk))

    def more(self, request: HttpRequest, listing: Any) -> dict[str, Any]:
        yearly = {"label": gettext("Yearly figures of units"), "icon": "users", "url": reverse("honors:yearly")}
        if not may(request.user, EDIT):
            return {"page_actions": [yearly]}
        rules = {"label": gettext("Conditions and settings"), "icon": "settings", "url": reverse("honors:settings")}
        new = {"label": gettext("Prepare a programme"), "icon": "plus", "url": reverse("honors:programme_new")}
        return {
            "page_actions": [yearly, rules, {**new, "primary": True}],
            "lacks_defaults": not has_defaults(_region(request)),
        }  # fmt: skip

    template = "honors/programmes.html"


def _application_second(row: Any) -> str:
    return " · ".join(filter(None, (str(row.unit) if row.family else "", row.number, str(row.programme))))


class ApplicationList(ListPage):
    """Applications that the person may see, the newest first."""

    name = "honors.applications"
    title = _("Applications")
    noun = _("applications")
    permission = "honors.view"
    sort = "-number"
    search = (
        "number__istartswith", "unit__name__icontains", "unit__short_name__icontains", "family__name__icontains",
    )  # fmt: skip
    search_words = _("Unit or number")
    signature = (_("Filled in by"), _("Checked by"))
    empty = _("No application here. A unit begins one on the page of an open programme.")
    empty_url = "honors:programmes"
    empty_action = _("Look at the programmes")
    columns = (
        Column("number", _("Number"), lambda a: a.number, screen=False, sort="number"),
        Column("unit", _("Unit"), lambda a: a.holder,
               lambda a: two_lines(a.holder, _application_second(a), address("honors:application", str(a.pk))),
               css="cw-table__title", width=30),
        Column("by", _("Recommending unit"), lambda a: str(a.unit) if a.family else "", screen=False),
        Column("programme", _("Programme"), lambda a: str(a.programme), screen=False, width=30),
        Column("state", _("State"), lambda a: a.get_state_display(), _state(APPLICATION_SHAPES), css="cw-table__state"),
        Column("self", _("Self-assessment"), lambda a: a.self_score, kind="number"),
        Column("points", pgettext_lazy("score", "Points"), lambda a: a.score, kind="number"),
        Column("submitted", pgettext_lazy("application", "Submitted"), lambda a: a.submitted_at,
               lambda a: day(a.submitted_at) if a.submitted_at else "", kind="datetime", css="cw-wide"),
        Column("note", _("Reason"), lambda a: a.decided_note, screen=False, width=30),
    )  # fmt: skip
    filters = (
        Filter("programme", _("Programme"), _programmes, lambda rows, value: rows.filter(programme=value)),
        pick_filter("unit", _("Unit"), "units-ever", lambda rows, value: rows.filter(unit=value)),
    )
    tabs = (
        Tab("running", _("Running"), Q(state__in=[str(one) for one in RUNNING_APPLICATIONS])),
        Tab("submitted", _("To be reviewed"), Q(state=ApplicationState.SUBMITTED)),
        Tab("reviewed", _("To be deliberated"), Q(state=ApplicationState.REVIEWED)),
        Tab("noticed", _("On public notice"), Q(state=ApplicationState.NOTICED)),
        Tab("frozen", pgettext_lazy("applications", "Frozen"), lambda request: Q(pk__in=list(frozen_of(request.user)))),
        Tab("awarded", pgettext_lazy("application", "Awarded"), Q(state=ApplicationState.AWARDED)),
        Tab("all", _("All"), Q()),
    )

    def rows(self, request: HttpRequest) -> QuerySet[Any]:
        return Application.objects.visible_to(request.user).select_related("unit", "family", "programme")

    def row_url(self, row: Any) -> str:
        return address("honors:application", str(row.pk))

    def message_line(self, row: Any) -> tuple[str, str]:
        url = f"{settings.SITE_URL}{self.row_url(row)}"
        return row.holder, f"{row.programme} {row.get_state_display()} {url}"

    def more(self, request: HttpRequest, listing: Any) -> dict[str, Any]:
        actions = [{"label": gettext("Programmes"), "icon": "list", "url": reverse("honors:programmes")}]
        if may(request.user, AWARD):
            actions.append({"label": gettext("Objections"), "icon": "hand-stop", "url": reverse("honors:objections")})
        return {"page_actions": actions}


class ObjectionList(ListPage):
    """Objections during public notices; seen by the office alone."""

    name = "honors.objections"
    title = _("Objections")
    noun = _("objections")
    permission = AWARD
    sort = "-number"
    search = ("number__istartswith", "text__icontains", "application__unit__name__icontains")
    search_words = _("Number, unit or words")
    empty = _("No objection. They come in during a public notice and are entered on the application's page.")
    empty_url = "honors:applications"
    empty_action = _("Look at the applications")
    columns = (
        Column("number", _("Number"), lambda o: o.number,
               lambda o: two_lines(o.number, o.application.holder, address("honors:objection", str(o.pk))),
               css="cw-table__title", sort="number"),
        Column("unit", _("Unit"), lambda o: o.application.holder, screen=False),
        Column("text", pgettext_lazy("notice", "Objection"), lambda o: o.text, lambda o: o.text[:80], width=40),
        Column("received", _("Received on"), lambda o: o.received_on, lambda o: day(o.received_on), kind="date"),
        Column("channel", _("How it came"), lambda o: str(o.get_channel_display())),
        Column("due", _("Answered until"), lambda o: o.answer_by,
               lambda o: "" if o.ruled_on else deadline(o.answer_by), kind="date", css="cw-table__due"),
        Column("ruling", _("Ruling"), lambda o: o.get_ruling_display() or gettext("not yet")),
        Column("reply", _("Reply"), lambda o: o.reply, screen=False, width=40),
    )  # fmt: skip
    filters = (
        Filter("channel", _("How it came"), lambda request: Channel.choices,
               lambda rows, value: rows.filter(channel=value)),
    )  # fmt: skip
    tabs = (
        Tab("open", _("Not answered"), Q(ruled_on__isnull=True)),
        Tab("all", _("All"), Q()),
    )

    def rows(self, request: HttpRequest) -> QuerySet[Any]:
        return Objection.objects.visible_to(request.user).select_related("application__unit", "application__family")

    def row_url(self, row: Any) -> str:
        return address("honors:objection", str(row.pk))


def _award_second(award: Any) -> str:
    return " · ".join(
        filter(None, (award.home, str(award.unit) if award.family else "", str(award.title), award.plaque))
    )


class TitleList(ListPage):
    """The register of titles and plaques."""

    name = "honors.titles"
    title = _("Titles and plaques")
    noun = _("titles")
    permission = "honors.view"
    sort = "-granted_on"
    search = (
        "unit__name__icontains", "unit__short_name__icontains", "family__name__icontains", "plaque__istartswith",
        "document__icontains",
    )  # fmt: skip
    search_words = _("Unit, plaque or document")
    signature = (_("Filled in by"), _("Checked by"))
    empty = _("No title here. The office enters those that units hold already; new ones come from programmes.")
    empty_url = "honors:title_new"
    empty_action = _("Enter a title")
    empty_permission = AWARD
    columns = (
        Column("unit", _("Unit"), lambda a: a.holder,
               lambda a: two_lines(a.holder, _award_second(a), address("honors:award", str(a.pk))),
               css="cw-table__title", width=30),
        Column("by", _("Recommending unit"), lambda a: str(a.unit) if a.family else "", screen=False),
        Column("home", _("Office of"), lambda a: a.home, screen=False),
        Column("title", pgettext_lazy("honour", "Title"), lambda a: str(a.title), screen=False),
        Column("plaque", _("Plaque number"), lambda a: a.plaque, screen=False),
        Column("state", _("State"), lambda a: a.get_state_display(), _state(AWARD_SHAPES), css="cw-table__state"),
        Column("granted", _("Granted on"), lambda a: a.granted_on, lambda a: day(a.granted_on), kind="date",
               sort="granted_on"),
        Column("since", _("Held since"), lambda a: a.held_since, kind="date", screen=False),
        Column("document", _("Document number"), lambda a: a.document, css="cw-wide"),
        Column("reverify", _("Re-verified until"), lambda a: a.reverify_by,
               lambda a: deadline(a.reverify_by) if a.is_standing else "", kind="date", sort="reverify_by",
               css="cw-table__due"),
        Column("ended", _("Ended on"), lambda a: a.ended_on, kind="date", screen=False),
    )  # fmt: skip
    filters = (
        Filter("title", pgettext_lazy("honour", "Title"), _titles, lambda rows, value: rows.filter(title=value)),
        Filter("state", _("State"), lambda request: AwardState.choices, lambda rows, value: rows.filter(state=value)),
        pick_filter("unit", _("Unit"), "units-ever", lambda rows, value: rows.filter(unit=value)),
        pick_filter("of", _("Offices of"), "units-ever",
                    lambda rows, value: rows.filter(unit__kind="office", unit__path__startswith=_path(value))),
    )  # fmt: skip
    tabs = (
        Tab("standing", pgettext_lazy("award", "In force"), Q(state__in=[str(one) for one in STANDING_AWARDS])),
        Tab("reverify", _("To be re-verified"), lambda request: due_for_check()),
        Tab("cards", _("Yellow card, suspended"), Q(state__in=[AwardState.YELLOW, AwardState.SUSPENDED])),
        Tab("overdue", _("Card over its term"), lambda request: open_cards_over()),
        Tab("appeals", _("Appeal to be decided"), lambda request: open_appeals()),
        Tab("carry", _("Unit has ended"), lambda request: lost_units()),
        Tab("ended", pgettext_lazy("award", "Ended"), ~Q(state__in=[str(one) for one in STANDING_AWARDS])),
        Tab("plaques", _("Plaque to come back"), ~Q(state__in=[str(one) for one in STANDING_AWARDS])
            & ~Q(state=AwardState.CARRIED) & Q(plaque_back_on__isnull=True)),
    )  # fmt: skip

    def rows(self, request: HttpRequest) -> QuerySet[Any]:
        home = Case(When(unit__kind="office", then=name_above("unit__path")), default=Value(""))
        return Award.objects.visible_to(request.user).select_related("unit", "family", "title").annotate(home=home)

    def row_url(self, row: Any) -> str:
        return address("honors:award", str(row.pk))

    def more(self, request: HttpRequest, listing: Any) -> dict[str, Any]:
        actions: list[dict[str, Any]] = [
            {"label": gettext("Figures"), "icon": "chart-bar", "url": reverse("honors:figures")},
            {"label": gettext("Contests of offices"), "icon": "star", "url": reverse("honors:contests")},
            {"label": gettext("Families"), "icon": "home", "url": reverse("honors:families")},
        ]
        if may(request.user, AWARD):
            table = {"label": gettext("Import titles"), "icon": "table-import"}
            actions.append({**table, "url": reverse("core:import", args=["titles"])})
            new = {"label": gettext("Enter a title"), "icon": "plus", "url": reverse("honors:title_new")}
            actions.append({**new, "primary": True})
        return {"page_actions": actions}


def _path(value: str) -> str:
    return str(Unit.objects.filter(pk=value).values_list("path", flat=True).first() or "-")


class ContestList(ListPage):
    """Contests of offices, the latest first."""

    name = "honors.contests"
    title = _("Contests of offices")
    noun = _("contests")
    permission = "honors.view"
    sort = "-decide_on"
    search = ("name__icontains", "unit__name__icontains")
    search_words = _("Name or unit")
    empty = _("No contest yet. In a contest several judges score a unit's offices; the winners are civil offices.")
    empty_url = "honors:contest_new"
    empty_action = _("Plan a contest")
    empty_permission = CONTEST
    columns = (
        Column("name", _("Contest"), lambda c: c.name,
               lambda c: two_lines(c.name, c.unit, address("honors:contest", str(c.pk))), css="cw-table__title",
               width=30),
        Column("unit", _("Unit"), lambda c: str(c.unit), screen=False),
        Column("title", pgettext_lazy("honour", "Title"), lambda c: str(c.title)),
        Column("state", _("State"), lambda c: c.get_state_display(), _state(CONTEST_SHAPES), css="cw-table__state"),
        Column("offices", _("Offices"), lambda c: c.offices, kind="number"),
        Column("day", _("Decided on"), lambda c: c.decide_on, lambda c: day(c.decide_on), kind="date",
               sort="decide_on"),
    )  # fmt: skip
    filters = (pick_filter("unit", _("Unit"), "units-ever", lambda rows, value: rows.filter(unit=value)),)
    tabs = (
        Tab("all", _("All"), Q()),
        Tab("running", _("Running"), Q(state__in=[ContestState.PLANNED, ContestState.JUDGED])),
    )

    def rows(self, request: HttpRequest) -> QuerySet[Any]:
        rows = Contest.objects.visible_to(request.user).select_related("unit", "title")
        return rows.annotate(offices=Count("contestants"))

    def row_url(self, row: Any) -> str:
        return address("honors:contest", str(row.pk))

    def more(self, request: HttpRequest, listing: Any) -> dict[str, Any]:
        if not may(request.user, CONTEST):
            return {}
        new = {"label": gettext("Plan a contest"), "icon": "plus", "url": reverse("honors:contest_new")}
        return {"page_actions": [{**new, "primary": True}]}


PROGRAMMES, APPLICATIONS, OBJECTIONS = ProgrammeList(), ApplicationList(), ObjectionList()
TITLES, CONTESTS = TitleList(), ContestList()
