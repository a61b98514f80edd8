"""The register of letters from above (收文登记), and the units that one of them was passed on to."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from chuangwen.core import clock
from chuangwen.core.access import may
from chuangwen.core.addresses import address
from chuangwen.core.lists import BulkAction, Column, Filter, ListPage, Tab, pick_filter, two_lines
from chuangwen.core.lists.page import Listing
from chuangwen.core.templatetags.chuangwen import state
from chuangwen.core.templatetags.wording import day, deadline, moment
from chuangwen.directives.enums import OPEN_LETTERS, LetterStage
from chuangwen.directives.forms.written import WhyForm
from chuangwen.directives.models import Letter, LetterSlip
from chuangwen.directives.queries.letters import (
    AWAITED,
    before_me,
    late_answer,
    letters_of,
    to_answer,
    with_replies,
    with_units,
)
from chuangwen.directives.services import slips as services
from chuangwen.directives.slips import answer_words
from chuangwen.directives.workflow import EDIT, REPLIED
from chuangwen.responsibilities.models import TaskState, Urgency
from chuangwen.responsibilities.queries.instructions import posts_held

SHAPES = {
    LetterStage.REGISTERED: "open", LetterStage.LEADER: "assigned", LetterStage.PASSING: "open",
    LetterStage.HANDLED: "assigned", LetterStage.SIGNED: "fixed", LetterStage.ANSWERED: "closed",
    LetterStage.NOTICE: "not-applicable", LetterStage.WITHDRAWN: "not-applicable",
}  # fmt: skip
SLIP_SHAPES = {
    TaskState.DRAFT: "open", TaskState.ISSUED: "found", TaskState.ACCEPTED: "returned", TaskState.OBJECTED: "returned",
    TaskState.REPORTED: "fixed", TaskState.CONFIRMED: "closed", TaskState.CANCELLED: "not-applicable",
}  # fmt: skip


def crumbs(title: Any, *between: tuple[Any, str]) -> list[dict[str, Any]]:
    """The way from the register to the page `title`."""
    ways = [
        {"label": label, "url": url}
        for label, url in ((_("Letters from above"), reverse("directives:letters")), *between)
    ]
    return [*ways, {"label": title, "url": ""}]


def urgency_tag(letter: Letter) -> SafeString | str:
    """The mark of an urgent letter; nothing for an ordinary one."""
    if letter.urgency == Urgency.ORDINARY:
        return ""
    tone = "bad" if letter.urgency == Urgency.MOST else "warn"
    return format_html('<span class="cw-tag cw-tag--{}">{}</span>', tone, letter.get_urgency_display())


def letter_state(row: Any) -> SafeString:
    """Where a letter stands; with `asked` and `replied` (with_replies) one that all have answered says so."""
    if row.state == LetterStage.HANDLED and row.asked == row.replied:
        return state("fixed", pgettext("letter", "To be answered"))
    return state(SHAPES[LetterStage(row.state)], row.get_state_display())


def replies_words(row: Any) -> str:
    """How many of the units have replied; "" where nobody was asked."""
    if not row.asked:
        return ""
    words = ngettext("%(replied)d of %(asked)d unit replied", "%(replied)d of %(asked)d units replied", row.asked)
    return words % {"replied": row.replied, "asked": row.asked}


def due_words(row: Letter) -> str | SafeString:
    """By when the sender wants an answer; the plain day once it was given."""
    if row.due_on is None:
        return ""
    return deadline(row.due_on) if row.state in OPEN_LETTERS else day(row.due_on)


def _title(row: Letter) -> SafeString:
    second = format_html("{} · {} · {}", row.sender, row.paper_number, row.number)
    lines = two_lines(row.title, second, address("directives:letter", row.pk))
    return format_html("{} {}", tag, lines) if (tag := urgency_tag(row)) else lines


def _of_sender(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    return rows.filter(sender=value)


def _senders(request: HttpRequest) -> list[tuple[str, str]]:
    names = letters_of(request).order_by("sender").values_list("sender", flat=True).distinct()
    return [(name, name) for name in names]


def _of_unit(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    return rows.filter(pk__in=LetterSlip.objects.filter(task__unit=int(value)).values("letter"))


def _stage(key: str, *states: str) -> Tab:
    return Tab(key, LetterStage(states[0]).label, Q(state__in=states))


MINE = Tab("mine", pgettext_lazy("letter", "Before me"), lambda request: before_me(request.user))


class LetterList(ListPage):
    """The register, the latest first."""

    name = "letters"
    title = _("Letters from above")
    noun = pgettext_lazy("noun", "letters")
    permission = "directives.attend"
    forms_kept_by = "directives.edit"
    own_path = "directives:letters"
    form_words = {
        "received": ("收文时间", "来文日期"), "paper": ("文号", "来文文号"), "title": ("文件标题", "来文标题", "标题"),
        "proposal": ("拟办",), "due": ("办结时限", "回复时限"), "state": ("办理情况", "办理状态"),
    }  # fmt: skip
    sort = "-received_on"
    search = ("title__icontains", "sender__icontains", "paper_number__icontains", "number__icontains")
    search_words = _("Title, sender or number")
    columns = (
        Column("number", _("Number"), lambda row: row.number, sort="number", screen=False),
        Column("received", pgettext_lazy("letter", "Received"), lambda row: row.received_on,
               lambda row: day(row.received_on), sort="received_on", kind="date", css="cw-wide"),
        Column("sender", pgettext_lazy("letter", "Sender"), lambda row: row.sender, screen=False, width=24),
        Column("paper", pgettext_lazy("letter", "Number of the paper"), lambda row: row.paper_number, screen=False),
        Column("title", pgettext_lazy("letter", "Letter"), lambda row: row.title, _title, css="cw-table__title",
               width=40),
        Column("urgency", _("Urgency"), lambda row: str(row.get_urgency_display()), screen=False),
        Column("proposal", _("Proposed handling"), lambda row: row.proposal, screen=False, width=30),
        Column("due", pgettext_lazy("letter", "Answer wanted by"), lambda row: row.due_on, due_words, kind="date",
               css="cw-table__due"),
        Column("state", _("State"), lambda row: str(row.get_state_display()),
               lambda row: two_lines(letter_state(row), replies_words(row)), css="cw-table__state"),
        Column("answer", _("Number of the answer"), lambda row: row.answer_number, css="cw-wide"),
        Column("answered", pgettext_lazy("letter", "Answered"), lambda row: row.answered_on, kind="date", screen=False),
    )  # fmt: skip
    filters = (
        Filter("sender", pgettext_lazy("letter", "Sender"), _senders, _of_sender),
        pick_filter("unit", _("Handled by"), "units", _of_unit),
        Filter("urgency", _("Urgency"), lambda _request: Urgency.choices,
               lambda rows, value: rows.filter(urgency=value)),
    )  # fmt: skip
    tabs = (
        Tab("open", pgettext_lazy("letter", "Not settled"), Q(state__in=[str(one) for one in OPEN_LETTERS])),
        _stage("proposal", LetterStage.REGISTERED),
        _stage("leader", LetterStage.LEADER),
        _stage("passing", LetterStage.PASSING),
        Tab("units", pgettext_lazy("letter", "With units"), lambda _request: with_units()),
        Tab("to-answer", pgettext_lazy("letter", "To be answered"), lambda _request: to_answer()),
        Tab("late", pgettext_lazy("letter", "Late"), lambda _request: late_answer()),
        _stage("answered", LetterStage.ANSWERED),
        _stage("notice", LetterStage.NOTICE),
        Tab("all", _("All"), Q()),
    )
    empty = _("No letter from above is registered")
    empty_url = "directives:letter_new"
    empty_permission = EDIT
    empty_action = _("Register a letter")
    definition = _(
        "Late: the day by which the sender wants an answer is over. Replies of units that were let off are not counted."
    )
    signature = (_("Filled in by"), _("Checked by"))

    def rows(self, request: HttpRequest) -> QuerySet[Any]:
        return with_replies(letters_of(request).select_related("region"), request.user)

    def shown_tabs(self, request: HttpRequest) -> Any:
        """A leader's own ones first; for a unit only what it was asked for."""
        if may(request.user, EDIT):
            return self.tabs
        if may(request.user, "responsibilities.instruct") and posts_held(request.user).exists():
            return (MINE, *self.tabs)
        return [tab for tab in self.tabs if tab.key in {"open", "answered", "all"}]

    def row_url(self, row: Any) -> str:
        return address("directives:letter", row.pk)

    def message_line(self, row: Any) -> tuple[str, str]:
        if row.due_on is None:
            return "", f"{row.sender}《{row.title}》"
        words = gettext("%(sender)s, “%(title)s”: answer wanted by %(due)s")
        return "", words % {"sender": row.sender, "title": row.title, "due": day(row.due_on)}

    def more(self, request: HttpRequest, listing: Listing) -> dict[str, Any]:
        if not may(request.user, EDIT):
            return {}
        url = reverse("directives:letter_new")
        return {"page_actions": [{"label": gettext("Register a letter"), "icon": "plus", "url": url, "primary": True}]}


def slip_state(row: LetterSlip) -> SafeString:
    """Where one unit's reply stands; a missing one whose day is over says so."""
    task = row.task
    if task.state in REPLIED:
        late = task.finished_at is not None and task.finished_at > task.due_at
        return state(
            SLIP_SHAPES[TaskState(task.state)], pgettext("slip", "In late") if late else pgettext("slip", "In")
        )
    if task.state == TaskState.CANCELLED:
        return state("not-applicable", pgettext("slip", "Let off"))
    if task.state == TaskState.OBJECTED:
        return state("returned", task.get_state_display())
    if task.due_at < clock.now():
        return state("not-met", pgettext("slip", "Missing"))
    words = pgettext("slip", "Sent back") if task.state == TaskState.ACCEPTED else pgettext("slip", "Not yet in")
    return state(SLIP_SHAPES[TaskState(task.state)], words)


def slip_words(row: LetterSlip) -> str:
    """What the unit replied, in one line."""
    return "；".join(filter(None, (answer_words(row.letter.slip, row.values), row.note)))


def _unit(row: LetterSlip) -> SafeString:
    return two_lines(row.task.unit, slip_words(row), address("directives:letter_slip", row.pk))


class SlipList(ListPage):
    """The units of one letter and their replies."""

    name = "letter-slips"
    template = "directives/missing_list.html"
    title = _("Reply slips")
    noun = pgettext_lazy("noun", "units")
    permission = "directives.attend"
    sort = "task__unit__path"
    search = ("task__unit__name__icontains", "task__unit__short_name__icontains")
    search_words = _("Unit")
    columns = (
        Column("unit", _("Unit"), lambda row: str(row.task.unit), _unit, css="cw-table__title",
               sort="task__unit__path"),
        Column("reply", pgettext_lazy("slip", "Reply"), slip_words, screen=False, width=50),
        Column("due", _("Reply by"), lambda row: row.task.due_at, lambda row: moment(row.task.due_at),
               kind="datetime", css="cw-wide"),
        Column("in", pgettext_lazy("slip", "Came in"), lambda row: row.task.finished_at,
               lambda row: moment(row.task.finished_at) if row.task.finished_at else "", kind="datetime"),
        Column("state", _("State"), lambda row: str(row.task.get_state_display()), slip_state,
               css="cw-table__state"),
    )  # fmt: skip
    filters = (pick_filter("unit", _("Unit"), "units", lambda rows, value: rows.filter(task__unit=value)),)
    tabs = (
        Tab("missing", pgettext_lazy("slip", "Not yet in"), AWAITED),
        Tab("in", pgettext_lazy("slip", "In"), Q(task__state__in=[str(one) for one in REPLIED])),
        Tab("all", _("All"), Q()),
    )
    bulk = (
        BulkAction("remind", pgettext_lazy("slip", "Remind"),
                   lambda row, *, actor, data: services.remind_slip(row, actor=actor), icon="bell", permission=EDIT),
        BulkAction("return", pgettext_lazy("slip", "Send back"),
                   lambda row, *, actor, data: services.return_slip(row, reason=data["reason"], actor=actor),
                   icon="arrow-back-up", permission=EDIT, form=WhyForm),
        BulkAction("waive", pgettext_lazy("slip", "Let off"),
                   lambda row, *, actor, data: services.let_off(row, reason=data["reason"], actor=actor),
                   icon="x", permission=EDIT, form=WhyForm),
    )  # fmt: skip
    empty = _("No unit was asked to reply yet")
    signature = (_("Filled in by"), _("Checked by"))

    def rows(self, request: HttpRequest) -> QuerySet[Any]:
        pk = request.resolver_match.kwargs["pk"]  # type: ignore[union-attr]
        rows = LetterSlip.objects.visible_to(request.user).filter(letter=pk)
        return rows.select_related(
            "letter__region", "region", "task__unit", "task__region", "task__campaign", "task__instruction"
        )

    def row_url(self, row: Any) -> str:
        return address("directives:letter_slip", row.pk)

    def message_line(self, row: Any) -> tuple[str, str]:
        words = gettext("not yet in: %(title)s, due %(due)s")
        if row.task.state in REPLIED:
            words = gettext("in: %(title)s")
        return str(row.task.unit), words % {"title": row.letter.title, "due": moment(row.task.due_at)}

    def more(self, request: HttpRequest, listing: Listing) -> dict[str, Any]:
        pk = request.resolver_match.kwargs["pk"]  # type: ignore[union-attr]
        letter = Letter.objects.select_related("region").get(pk=pk)
        way = (letter.title, reverse("directives:letter", args=[pk]))
        running = letter.state == LetterStage.HANDLED and may(request.user, EDIT, letter)
        return {
            "page_title": gettext("Reply slips"), "page_subtitle": letter.title,
            "breadcrumbs": crumbs(gettext("Reply slips"), way),
            "links_url": reverse("directives:letter_links", args=[pk]) if running and listing.total else "",
        }  # fmt: skip


LETTERS, SLIPS = LetterList(), SlipList()
