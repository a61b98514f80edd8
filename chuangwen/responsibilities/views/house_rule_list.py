"""The catalogue of rules that units made for themselves, as a list."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from chuangwen.core import clock
from chuangwen.core.access import may
from chuangwen.core.lists import Column, Filter, Listing, ListPage, Tab, pick_filter, two_lines
from chuangwen.core.templatetags.chuangwen import state
from chuangwen.core.templatetags.wording import day
from chuangwen.responsibilities.enums import HouseRuleState, Keeping
from chuangwen.responsibilities.models import HouseRule
from chuangwen.responsibilities.queries.house_rules import (
    ANSWER,
    charge_of,
    checker_of,
    house_rules_of,
    in_force,
    ownerless_rules,
    to_check,
    unchecked,
)
from chuangwen.responsibilities.words import schedule_words

RESULT_SHAPES = {Keeping.KEPT: "met", Keeping.PARTLY: "assigned", Keeping.NOT: "not-met"}


def rule_url(rule: HouseRule) -> str:
    """The rule's page."""
    return reverse("responsibilities:house_rule", args=[rule.pk])


def standing_words(rule: HouseRule) -> str:
    """Where the rule stands today."""
    if rule.state == HouseRuleState.ENDED or (rule.is_over and rule.state == HouseRuleState.REPLACED):
        return str(rule.get_state_display())
    if rule.is_over:
        return pgettext("house rule", "Expired")
    return (
        pgettext("house rule", "Not yet in force") if rule.since > clock.today() else pgettext("house rule", "In force")
    )


def standing_tag(rule: HouseRule) -> SafeString:
    """Shape and word of where the rule stands today."""
    if rule.is_over:
        return state("not-applicable", standing_words(rule))
    return state("assigned" if rule.since > clock.today() else "met", standing_words(rule))


def result_tag(result: str) -> SafeString:
    """Shape and word of what a check found."""
    return state(RESULT_SHAPES[Keeping(result)], str(Keeping(result).label))


def often_words(rule: HouseRule) -> str:
    """How often it is checked; "" without a rhythm."""
    return schedule_words(rule.plan) if rule.plan else ""


def _check_cell(rule: HouseRule) -> str | SafeString:
    """The next date of a check; one that is over says so."""
    if rule.next_check is None or rule.is_over:
        return ""
    return (
        state("not-met", pgettext("house rule", "was due %s") % day(rule.next_check))
        if rule.is_late
        else day(rule.next_check)
    )


def _last(rule: Any) -> str | SafeString:
    return two_lines(result_tag(rule.last_result), day(rule.last_day)) if rule.last_result else ""


def _last_words(rule: Any) -> str:
    return f"{day(rule.last_day)} {Keeping(rule.last_result).label}" if rule.last_result else ""


def _in_unit(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    return rows.filter(unit=int(value))


def _found(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    return rows.filter(last_result__isnull=True) if value == "none" else rows.filter(last_result=value)


class HouseRuleList(ListPage):
    """All rules that the person sees, by the date of their next check."""

    name = "house_rules"
    title = _("House rules")
    noun = pgettext_lazy("noun", "house rules")
    permission = "responsibilities.view"
    sort = "title"
    search = ("title__icontains", "number__icontains", "unit__name__icontains", "unit__short_name__icontains")
    search_words = _("Title, number or unit")
    columns: ClassVar = [
        Column(
            "title", pgettext_lazy("house rule", "House rule"), lambda r: r.title,
            lambda r: two_lines(r.title, r.number, rule_url(r)), sort="title", css="cw-table__title", width=28,
        ),
        Column("number", pgettext_lazy("house rule", "Number of the paper"), lambda r: r.number, screen=False,
               width=18),
        Column("unit", _("Unit"), lambda r: r.unit.name, lambda r: str(r.unit), width=18),
        Column("since", pgettext_lazy("house rule", "In force since"), lambda r: r.since, lambda r: day(r.since),
               sort="since", kind="date", css="cw-wide", width=12),
        Column("until", pgettext_lazy("house rule", "In force until"), lambda r: r.until, screen=False, kind="date",
               width=12),
        Column("answers", _("Who answers for it"), lambda r: str(charge_of(r)), width=16),
        Column("often", _("How often it is checked"), often_words, css="cw-wide", width=18),
        Column("checker", _("Who checks it"), lambda r: str(checker_of(r)), css="cw-wide", width=16),
        Column("last", _("Last check"), _last_words, _last, width=18),
        Column("next", _("Next check"), lambda r: None if r.is_over else r.next_check, _check_cell, sort="next_check",
               kind="date", width=12),
        Column("state", _("State"), standing_words, standing_tag, css="cw-table__state", width=10),
        Column("successor", pgettext_lazy("house rule", "Replaced by"), lambda r: str(r.successor or ""),
               screen=False, width=24),
    ]  # fmt: skip
    tabs: ClassVar = [
        Tab("now", pgettext_lazy("house rule", "In force"), lambda _request: in_force()),
        Tab("check", pgettext_lazy("house rule", "To be checked"), lambda _request: to_check()),
        Tab("late", _("Not checked in time"), lambda _request: unchecked()),
        Tab("ownerless", _("Unit is gone"), lambda _request: ownerless_rules()),
        Tab("over", pgettext_lazy("house rule", "Ended"), lambda _request: ~in_force()),
        Tab("all", _("All"), Q()),
    ]
    filters: ClassVar = [
        pick_filter("unit", _("Unit"), "units", _in_unit),
        Filter(
            "result", _("Last check"),
            lambda _request: [*Keeping.choices, ("none", pgettext_lazy("house rule", "Never checked"))], _found,
        ),
    ]  # fmt: skip
    empty = _("No house rule here")
    empty_url = "responsibilities:new_house_rule"
    empty_action = _("Enter a rule")
    empty_permission = ANSWER
    definition = _("To be checked: overdue, or due within ten working days. Each rule has one date of its rhythm open.")
    signature: ClassVar = [_("Filled in by"), _("Checked by")]

    def rows(self, request: HttpRequest) -> QuerySet[Any]:
        return house_rules_of(request.user)

    def row_url(self, row: Any) -> str:
        return rule_url(row)

    def message_line(self, row: Any) -> tuple[str, str]:
        return str(row.unit), f"{row.title} {charge_of(row)} {day(row.next_check) if row.next_check else ''}".strip()

    def more(self, request: HttpRequest, listing: Listing) -> dict[str, Any]:
        actions: list[dict[str, Any]] = []
        if may(request.user, "responsibilities.edit"):
            url = reverse("core:import", args=["house-rules"])
            actions.append({"label": _("Import"), "icon": "table-import", "url": url})
        if may(request.user, ANSWER):
            url = reverse("responsibilities:new_house_rule")
            actions.append({"label": _("Enter a rule"), "icon": "plus", "url": url, "primary": True})
        return {"page_actions": actions}


HOUSE_RULES = HouseRuleList()
