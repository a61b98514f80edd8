"""The list of instructions (批示件): what is open first; on paper the columns of the handling sheet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangwen.core.access import may
from chuangwen.core.lists import BulkAction, Column, Filter, ListPage, Tab, pick_filter, two_lines
from chuangwen.core.lists.page import Listing
from chuangwen.core.templatetags.wording import day
from chuangwen.organizations.models import Post
from chuangwen.responsibilities import standing
from chuangwen.responsibilities.models import Instruction, Task, Urgency
from chuangwen.responsibilities.queries.instructions import (
    has_own,
    in_standing,
    instructions_of,
    is_late,
    is_mine,
    is_open,
    standing_of,
    with_tasks,
)
from chuangwen.responsibilities.services.instructions import remind_of_instruction
from chuangwen.responsibilities.words import (
    WORDS,
    due_of,
    replies_words,
    result_of,
    standing_tag,
    units_of,
    urgency_tag,
)


def _title(row: Instruction) -> SafeString:
    tag = urgency_tag(row)
    second = format_html("{} · {}", row.number, day(row.written_on))
    lines = two_lines(row.about, second, _address(row))
    return format_html("{} {}", tag, lines) if tag else lines


def _standing(row: Instruction) -> SafeString:
    return two_lines(standing_tag(row), replies_words(row))


def _leaders(request: HttpRequest) -> Iterable[tuple[str, str]]:
    posts = Post.objects.filter(pk__in=instructions_of(request).values("post")).select_related("unit")
    return [(str(post.pk), str(post)) for post in posts.order_by("unit__path", "pk")]


def _of_unit(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    return rows.filter(pk__in=Task.objects.filter(unit=int(value)).values("instruction"))


def _remind(row: Instruction, *, actor: Any, data: dict[str, Any]) -> None:
    remind_of_instruction(row, actor=actor)


def _tab(key: str, label: Any) -> Tab:
    return Tab(key, label, lambda request: in_standing(key, request.user))


MINE = Tab("mine", _("Mine, not settled"), lambda request: is_mine(request.user) & is_open(request.user))
UNASSIGNED = _tab(standing.UNASSIGNED, _("To be passed on"))


class InstructionList(ListPage):
    name = "instructions"
    title = _("Instructions")
    noun = _("instructions")
    permission = "responsibilities.view"
    columns: ClassVar = [
        Column("leader", pgettext_lazy("instruction", "Leader"), lambda i: i.signed_as, screen=False),
        Column("about", _("What it is about"), lambda i: i.about, _title, css="cw-table__title"),
        Column("content", _("Instruction"), lambda i: i.content, screen=False),
        Column("number", _("Number"), lambda i: i.number, sort="number", screen=False, paper=False),
        Column("written", pgettext_lazy("instruction", "Given on"), lambda i: i.written_on, lambda i: day(i.written_on),
               sort="written_on", kind="date", css="cw-wide"),
        Column("by", pgettext_lazy("instruction", "Leader"), lambda i: i.signed_as, css="cw-wide", paper=False),
        Column("units", _("Handled by"), units_of),
        Column("due", _("Reply by"), lambda i: standing_of(i).due_at, due_of, kind="datetime", css="cw-table__due"),
        Column("standing", _("State"), lambda i: str(WORDS[standing_of(i).key][1]), _standing, css="cw-table__state"),
        Column("result", _("Result"), result_of, screen=False),
        Column("urgency", _("Urgency"), lambda i: str(i.get_urgency_display()), screen=False, paper=False),
        Column("medium", _("How it was given"), lambda i: str(i.get_medium_display()), screen=False, paper=False),
    ]  # fmt: skip
    filters: ClassVar = [
        Filter(
            "leader", pgettext_lazy("instruction", "Leader"), _leaders,
            lambda rows, value: rows.filter(post=int(value)),
        ),
        pick_filter("unit", _("Handled by"), "units", _of_unit),
        Filter("urgency", _("Urgency"), lambda _request: Urgency.choices,
               lambda rows, value: rows.filter(urgency=value)),
    ]  # fmt: skip
    tabs: ClassVar = [
        Tab("open", pgettext_lazy("instruction", "Not settled"), lambda request: is_open(request.user)),
        UNASSIGNED,
        Tab("late", _("Late"), lambda request: is_late(request.user)),
        _tab(standing.ANSWERED, _("All have replied")),
        _tab(standing.DONE, pgettext_lazy("instruction", "Settled")),
        Tab("all", _("All"), Q()),
    ]
    bulk: ClassVar = [
        BulkAction("remind", _("Remind"), _remind, icon="bell", permission="responsibilities.instruct"),
    ]
    search: ClassVar = ["about__icontains", "number__icontains", "content__icontains", "signed_as__icontains"]
    search_words = _("Words of the instruction, leader or number")
    sort = "-written_on"
    empty = _("No instructions here")
    empty_url = "responsibilities:new_instruction"
    empty_action = _("Take down an instruction")
    empty_permission = "responsibilities.instruct"
    definition = _("Late: a unit has not replied by its deadline. Settled: every reply is confirmed.")
    signature: ClassVar = [_("Filled in by"), _("Checked by")]

    def rows(self, request: HttpRequest) -> QuerySet[Any]:
        return with_tasks(instructions_of(request).select_related("post__unit", "region"), request.user)

    def shown_tabs(self, request: HttpRequest) -> Sequence[Tab]:
        """The own ones first for who gives instructions; for a unit nothing is ever to be passed on."""
        tabs = list(self.tabs)
        if not may(request.user, "responsibilities.instruct"):
            return [tab for tab in tabs if tab is not UNASSIGNED]
        return [MINE, *tabs] if has_own(request.user) else tabs

    def row_url(self, row: Any) -> str:
        return _address(row)

    def message_line(self, row: Any) -> tuple[str, str]:
        return units_of(row), str(
            _("%(title)s (reply by %(due)s)") % {"title": row.about, "due": day(standing_of(row).due_at)}
        )

    def more(self, request: HttpRequest, listing: Listing) -> dict[str, Any]:
        if not may(request.user, "responsibilities.instruct"):
            return {}
        url = reverse(self.empty_url)
        label = self.empty_action if may(request.user, "responsibilities.edit") else _("Write an instruction")
        action = {"label": label, "icon": "plus", "url": url, "primary": True}
        return {"page_actions": [action], "first_step": {"label": label, "url": url}}


def _address(row: Any) -> str:
    return reverse("responsibilities:instruction", args=[row.pk])


INSTRUCTIONS = InstructionList()
