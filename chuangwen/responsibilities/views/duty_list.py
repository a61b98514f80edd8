"""The lists of recurring duties and of standing rules."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from chuangwen.core import clock
from chuangwen.core.access import may
from chuangwen.core.lists import BulkAction, Column, ListPage, Tab, pick_filter, two_lines
from chuangwen.core.lists.page import Listing
from chuangwen.core.templatetags.chuangwen import state
from chuangwen.core.templatetags.wording import day
from chuangwen.responsibilities.models import Duty, DutyState, StandingRule
from chuangwen.responsibilities.queries.recurring import HOLDS, duties_of, rules_of, with_reach
from chuangwen.responsibilities.services import end_duty, end_rule, pause_duty
from chuangwen.responsibilities.views.task_list import ReasonForAll
from chuangwen.responsibilities.words import schedule_words

DUTY_SHAPES = {DutyState.RUNNING: "assigned", DutyState.PAUSED: "long-term", DutyState.ENDED: "not-applicable"}


def duty_shape(duty: Duty) -> str:
    """The shape that stands beside a recurring duty's state."""
    return DUTY_SHAPES[DutyState(duty.state)]


def _duty_address(row: Any) -> str:
    return reverse("responsibilities:duty", args=[row.pk])


def _rule_address(row: Any) -> str:
    return reverse("responsibilities:standing_rule", args=[row.pk])


def _state(duty: Duty) -> SafeString:
    return state(duty_shape(duty), str(duty.get_state_display()))


def _pause(duty: Duty, *, actor: Any, data: dict[str, Any]) -> None:
    pause_duty(duty, reason=data["reason"], actor=actor)


def _end(duty: Duty, *, actor: Any, data: dict[str, Any]) -> None:
    end_duty(duty, reason=data["reason"], actor=actor)


def _end_rule(rule: StandingRule, *, actor: Any, data: dict[str, Any]) -> None:
    end_rule(rule, reason=data["reason"], actor=actor)


def rule_units(rule: Any) -> str:
    """For whom a rule holds, in words; of all units their number (`rule` out of queries.recurring.with_reach)."""
    units = list(rule.units.all())
    if units and (rule.reached < rule.everybody or rule.everybody < 2):
        return "、".join(str(unit) for unit in units)
    return str(ngettext("All units (%d)", "All units (%d)", rule.everybody) % rule.everybody)


class DutyList(ListPage):
    name = "duties"
    title = _("Recurring duties")
    noun = _("recurring duties")
    permission = "responsibilities.view"
    forms_kept_by = "responsibilities.edit"
    own_path = "responsibilities:duties"
    form_words: ClassVar = {
        "title": ("工作任务", "工作内容"), "unit": ("责任单位", "牵头单位"), "often": ("工作频次",),
        "measure": ("工作标准",), "sentence": ("依据", "原文依据"),
    }  # fmt: skip
    columns: ClassVar = [
        Column(
            "title", _("Recurring duty"), lambda d: d.title, lambda d: two_lines(d.title, d.number, _duty_address(d)),
            css="cw-table__title",
        ),
        Column("number", _("Number"), lambda d: d.number, sort="number", screen=False),
        Column("unit", _("Unit"), lambda d: str(d.unit)),
        Column("often", _("How often"), lambda d: schedule_words(d.plan)),
        Column("next", _("Next date"), lambda d: d.next_on, lambda d: day(d.next_on) if d.next_on else "",
               sort="next_on", kind="date"),
        Column("state", _("State"), lambda d: str(d.get_state_display()), _state, css="cw-table__state"),
        Column("measure", _("Measure of success"), lambda d: d.measure, screen=False),
        Column("origin", _("Where from"), lambda d: str(d.get_origin_display()), css="cw-wide", paper=False),
        Column("sentence", _("Source sentence"), lambda d: d.origin_text, screen=False, paper=False),
    ]  # fmt: skip
    filters: ClassVar = [pick_filter("unit", _("Unit"), "units", lambda rows, value: rows.filter(unit=int(value)))]
    tabs: ClassVar = [
        Tab("running", pgettext_lazy("duty", "Running"), Q(state=DutyState.RUNNING)),
        Tab("stuck", _("Not opened"), lambda _request: Q(state=DutyState.RUNNING, opens_on__lt=clock.today())),
        Tab("paused", pgettext_lazy("duty", "Paused"), Q(state=DutyState.PAUSED)),
        Tab("ended", pgettext_lazy("duty", "Ended"), Q(state=DutyState.ENDED)),
        Tab("all", _("All"), Q()),
    ]
    bulk: ClassVar = [
        BulkAction(
            "pause", pgettext_lazy("duty", "Pause"), _pause, icon="player-pause", permission="responsibilities.edit",
            form=ReasonForAll,
        ),
        BulkAction(
            "end", pgettext_lazy("duty", "End it"), _end, icon="circle-x", permission="responsibilities.edit",
            form=ReasonForAll,
        ),
    ]  # fmt: skip
    search: ClassVar = ["title__icontains", "number__icontains", "unit__name__icontains", "unit__short_name__icontains"]
    search_words = _("Duty, number or unit")
    sort = "next_on"
    empty = _("No recurring duties here")
    empty_url = "responsibilities:new_duty"
    empty_action = _("New recurring duty")
    empty_permission = "responsibilities.edit"
    definition = _("Each date of a duty becomes a task of its own, so many working days ahead.")

    def rows(self, request: HttpRequest) -> QuerySet[Any]:
        return duties_of(request).select_related("unit", "region", "campaign")

    def row_url(self, row: Any) -> str:
        return _duty_address(row)

    def message_line(self, row: Any) -> tuple[str, str]:
        return str(row.unit), str(_("%(title)s (%(often)s)") % {"title": row.title, "often": schedule_words(row.plan)})

    def more(self, request: HttpRequest, listing: Listing) -> dict[str, Any]:
        rules = {"label": _("Standing rules"), "icon": "book", "url": reverse("responsibilities:rules")}
        kinds = {"label": _("By kind of organization"), "icon": "sitemap",
                 "url": reverse("responsibilities:kind_checks")}  # fmt: skip
        return {"page_actions": [rules, kinds, *_new(request, self.empty_action, self.empty_url)]}


class RuleList(ListPage):
    name = "rules"
    title = _("Standing rules")
    noun = _("standing rules")
    permission = "responsibilities.view"
    columns: ClassVar = [
        Column("text", _("Standing rule"), lambda r: r.text, lambda r: two_lines(r.text, "", _rule_address(r)),
               css="cw-table__title"),
        Column("units", _("Units it holds for"), rule_units),
        Column("criterion", _("Criterion"), lambda r: r.node.code if r.node else "", css="cw-wide"),
        Column("since", _("Holds since"), lambda r: r.created_at, lambda r: day(r.created_at), sort="created_at",
               kind="datetime", css="cw-wide"),
        Column("ended", _("Held until"), lambda r: r.ended_on, screen=False, kind="date"),
        Column("sentence", _("Source sentence"), lambda r: r.origin_text, screen=False),
    ]  # fmt: skip
    filters: ClassVar = [
        pick_filter("unit", _("Unit"), "units", lambda rows, value: rows.filter(Q(units=None) | Q(units=int(value)))),
    ]
    tabs: ClassVar = [
        Tab("holding", _("Holding"), HOLDS),
        Tab("ended", pgettext_lazy("duty", "Ended"), ~HOLDS),
        Tab("all", _("All"), Q()),
    ]
    bulk: ClassVar = [
        BulkAction(
            "end", pgettext_lazy("duty", "End it"), _end_rule, icon="circle-x", permission="responsibilities.edit",
            form=ReasonForAll,
        ),
    ]  # fmt: skip
    search: ClassVar = ["text__icontains", "origin_text__icontains"]
    search_words = _("Words of the rule")
    sort = "-created_at"
    empty = _("No standing rules here")
    empty_url = "responsibilities:new_rule"
    empty_action = _("New standing rule")
    empty_permission = "responsibilities.edit"
    definition = _("A standing rule always holds; nothing is to be reported for it.")

    def rows(self, request: HttpRequest) -> QuerySet[Any]:
        rules = with_reach(rules_of(request), request.user.region_id)  # type: ignore[union-attr,arg-type]
        return rules.select_related("node", "region").prefetch_related("units").distinct()

    def row_url(self, row: Any) -> str:
        return _rule_address(row)

    def message_line(self, row: Any) -> tuple[str, str]:
        return rule_units(row), row.text

    def more(self, request: HttpRequest, listing: Listing) -> dict[str, Any]:
        duties = {"label": _("Recurring duties"), "icon": "repeat", "url": reverse("responsibilities:duties")}
        return {"page_actions": [duties, *_new(request, self.empty_action, self.empty_url)]}


def _new(request: HttpRequest, label: Any, url: str) -> list[dict[str, Any]]:
    if not may(request.user, "responsibilities.edit"):
        return []
    return [{"label": label, "icon": "plus", "url": reverse(url), "primary": True}]


DUTIES = DutyList()
RULES = RuleList()
