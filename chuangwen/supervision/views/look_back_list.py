"""The lists of the quarterly look-back: the register of quarters, and the lines of one of them."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from chuangwen.core.access import may, visible_or_404
from chuangwen.core.addresses import address
from chuangwen.core.lists import BulkAction, Column, Filter, ListPage, Tab, opens, pick_filter, two_lines
from chuangwen.core.templatetags.chuangwen import state as state_tag
from chuangwen.core.templatetags.wording import day, moment, span
from chuangwen.supervision.enums import LagKind, LagState, LookBackState
from chuangwen.supervision.forms import PressForm
from chuangwen.supervision.forms.look_back import JudgeLagForm, LagAnswerForm, LeaveOutForm
from chuangwen.supervision.models import LagLine, LookBack
from chuangwen.supervision.queries.look_backs import (
    JOINED,
    ON_LIST,
    is_late,
    judged_by_ledger,
    to_be_given,
    waits_for_judgement,
    with_numbers,
    with_returns,
)
from chuangwen.supervision.services import look_backs as services
from chuangwen.supervision.views.parts import way_to
from chuangwen.supervision.words import sheet_number
from chuangwen.supervision.workflow import ANSWER, EDIT, all_judged

PLACE = (_("Quarterly look-backs"), "supervision:look_backs")
SHAPES = {
    LagState.LISTED: "found", LagState.DROPPED: "not-applicable", LagState.ANSWERED: "fixed", LagState.DONE: "closed",
    LagState.STILL: "not-met", LagState.GONE: "not-applicable",
}  # fmt: skip
STAGES = {LookBackState.DRAFT: "found", LookBackState.GIVEN: "assigned", LookBackState.CLOSED: "closed"}


def way(title: Any = "", look_back: LookBack | None = None) -> list[dict[str, Any]]:
    """Breadcrumbs from the register of notices over the look-backs, and over one of them, to a page."""
    crumbs = way_to(PLACE, title)
    if look_back is not None and title:
        page = {"label": str(look_back), "url": reverse("supervision:look_back", args=[look_back.pk])}
        crumbs.insert(-1, page)
    return crumbs


def line_state(line: LagLine) -> SafeString:
    """Shape and word of where a line stands."""
    return state_tag(SHAPES[LagState(line.state)], line.get_state_display())


def _stage(row: LookBack) -> SafeString:
    return state_tag(STAGES[LookBackState(row.state)], row.get_state_display())


def _rows(row: LookBack, tab: str) -> str:
    """Where the matters of a look-back stand that a figure counts."""
    return f"{address('supervision:look_back', row.pk)}?tab={tab}"


class LookBacks(ListPage):
    """One look-back a quarter and campaign, the latest first."""

    name = "look-backs"
    title = PLACE[0]
    noun = pgettext_lazy("noun", "look-backs")
    permission = "supervision.view"
    sort = "-starts"
    empty = _("No look-back was made yet")
    empty_url = "supervision:look_back_make"
    empty_permission = EDIT
    empty_action = _("Make a look-back")
    columns = (
        Column("period", pgettext_lazy("look-back", "Quarter"), lambda one: span(one.starts, one.ends),
               lambda one: two_lines(one, span(one.starts, one.ends), address("supervision:look_back", one.pk)),
               css="cw-table__title", sort="starts"),
        Column("listed", pgettext_lazy("look-back", "Matters"), lambda one: one.listed,
               lambda one: opens(one.listed, _rows(one, "list")), kind="number"),
        Column("unanswered", pgettext_lazy("look-back", "Not answered"), lambda one: one.unanswered,
               lambda one: opens(one.unanswered, _rows(one, "unanswered")), kind="number", css="cw-wide"),
        Column("judge", pgettext_lazy("look-back", "To be judged"), lambda one: one.to_judge,
               lambda one: opens(one.to_judge, _rows(one, "judge")), kind="number", css="cw-wide"),
        Column("done", LagState.DONE.label, lambda one: one.done, kind="number"),
        Column("still", LagState.STILL.label, lambda one: one.still,
               lambda one: opens(one.still, _rows(one, "still")), kind="number"),
        Column("gone", LagState.GONE.label, lambda one: one.gone, kind="number", css="cw-wide"),
        Column("due", pgettext_lazy("look-back", "To be answered by"), lambda one: one.due_on,
               lambda one: day(one.due_on) if one.due_on else "", kind="date", css="cw-table__due"),
        Column("state", _("State"), lambda one: one.get_state_display(), _stage, css="cw-table__state"),
    )  # fmt: skip
    tabs = (
        Tab("all", _("All"), Q()),
        Tab("draft", pgettext_lazy("look-back", "To be given out"), lambda _request: to_be_given()),
        Tab("judge", pgettext_lazy("look-back", "To be judged"), lambda _request: waits_for_judgement()),
    )

    def rows(self, request: HttpRequest) -> QuerySet[Any]:
        return with_numbers(LookBack.objects.visible_to(request.user), request.user)

    def shown_tabs(self, request: HttpRequest) -> Any:
        """What is to be given out and judged is the office's."""
        return self.tabs if may(request.user, EDIT) else self.tabs[:1]

    def row_url(self, row: Any) -> str:
        return address("supervision:look_back", row.pk)

    def more(self, request: HttpRequest, listing: Any) -> dict[str, Any]:
        actions: list[dict[str, Any]] = []
        if may(request.user, EDIT):
            new = {"label": gettext("Make a look-back"), "icon": "plus", "primary": True}
            actions = [{**new, "url": reverse("supervision:look_back_make")}]
        return {"page_actions": actions, "breadcrumbs": way()}


def _title(line: LagLine) -> SafeString:
    second = format_html("{} · {}", line.get_kind_display(), line.fact)
    lines = two_lines(line.title, second, address("supervision:lag_line", line.pk))
    if not line.again:
        return lines
    return format_html('<span class="cw-tag cw-tag--bad">{}</span> {}', pgettext("look-back", "once more"), lines)


def _since(one: LagLine) -> str:
    """A closed problem that was drawn to be looked at again lags in nothing."""
    return "" if one.kind == LagKind.SAMPLE else day(one.since)


def now_words(line: LagLine) -> str:
    """How the matter's own ledger judges it now; "" where only a look can say."""
    found = judged_by_ledger(line)
    return str(LagState(found).label) if found else ""


def _judged(line: LagLine) -> SafeString:
    return two_lines(line_state(line), sheet_number(line.notice) if line.notice else line.judgement)


def _drop(line: LagLine, *, actor: Any, data: dict[str, Any]) -> None:
    services.drop_line(line, reason=data["reason"], actor=actor)


def _take_back(line: LagLine, *, actor: Any, data: dict[str, Any]) -> None:
    services.take_back_line(line, actor=actor)


def _answer(line: LagLine, *, actor: Any, data: dict[str, Any]) -> None:
    services.answer_line(line, answer=data["answer"], actor=actor)


def _judge(line: LagLine, *, actor: Any, data: dict[str, Any]) -> None:
    services.judge_line(line, judgement=data["judgement"], note=data["note"], actor=actor)


def _by_ledger(line: LagLine, *, actor: Any, data: dict[str, Any]) -> None:
    services.judge_by_ledger(line, actor=actor)


def _press(line: LagLine, *, actor: Any, data: dict[str, Any]) -> None:
    services.press_lag(line, colour=data["colour"], actor=actor)


def _topic(line: LagLine, *, actor: Any, data: dict[str, Any]) -> None:
    services.bring_before_group(line, actor=actor)


class LagLines(ListPage):
    """The lines of one look-back, the longest lagging first."""

    name = "look-back-lines"
    template = "supervision/look_back.html"
    title = _("Quarterly look-back")
    noun = pgettext_lazy("noun", "matters")
    permission = "supervision.view"
    search = ("title__icontains", "unit__name__icontains")
    search_words = _("Matter or unit")
    sort = "since"
    signature = (_("Filled in by"), _("Checked by"))
    empty = _("Nothing lags")
    definition = _(
        "On the list stands what lagged when it was made: tasks late or postponed again and again, decisions of "
        "meetings not done, notices and written reports without an answer, closed problems that are back, a draw of "
        "closed problems, criteria with falling results. Units stand in the order of the tree; nobody is ranked."
    )
    columns = (
        Column("kind", pgettext_lazy("look-back", "Why listed"), lambda one: str(one.get_kind_display()), screen=False),
        Column("title", _("Matter"), lambda one: one.title, _title, css="cw-table__title", width=34),
        Column("fact", pgettext_lazy("look-back", "What lags"), lambda one: one.fact, screen=False, width=24),
        Column("unit", _("Unit"), lambda one: str(one.unit)),
        Column("since", pgettext_lazy("look-back", "Lags since"), lambda one: one.since, _since,
               sort="since", kind="date", css="cw-wide cw-nowrap"),
        Column("now", pgettext_lazy("look-back", "Its ledger now"), now_words, css="cw-wide"),
        Column("answer", pgettext_lazy("look-back", "Answer"), lambda one: one.answer, width=34),
        Column("judgement", pgettext_lazy("look-back", "On what was seen"), lambda one: one.judgement, screen=False),
        Column("state", _("State"), lambda one: str(one.get_state_display()), _judged, css="cw-table__state"),
    )  # fmt: skip
    filters = (
        pick_filter("unit", _("Unit"), "units-ever", lambda rows, value: rows.filter(unit=value)),
        Filter("kind", pgettext_lazy("look-back", "Why listed"), lambda _request: LagKind.choices,
               lambda rows, value: rows.filter(kind=value)),
    )  # fmt: skip
    tabs = (
        Tab("list", pgettext_lazy("look-back", "On the list"), ON_LIST),
        Tab("unanswered", LagState.LISTED.label, Q(state=LagState.LISTED)),
        Tab("late", pgettext_lazy("look-back", "Answer late"), lambda _request: is_late()),
        Tab("judge", pgettext_lazy("look-back", "To be judged"), Q(state=LagState.ANSWERED)),
        Tab("still", LagState.STILL.label, Q(state=LagState.STILL)),
        Tab("dropped", LagState.DROPPED.label, Q(state=LagState.DROPPED)),
    )
    bulk = (
        BulkAction("drop", pgettext_lazy("look-back", "Leave out"), _drop, icon="x", permission=EDIT,
                   form=LeaveOutForm),
        BulkAction("take-back", pgettext_lazy("look-back", "Take in again"), _take_back, icon="arrow-back-up",
                   permission=EDIT),
        BulkAction("answer", pgettext_lazy("look-back", "Answer"), _answer, icon="messages", permission=ANSWER,
                   form=LagAnswerForm),
        BulkAction("ledger", pgettext_lazy("look-back", "Judge as its ledger says"), _by_ledger, icon="checkbox",
                   permission=EDIT),
        BulkAction("judge", pgettext_lazy("look-back", "Judge"), _judge, icon="gavel", permission=EDIT,
                   form=JudgeLagForm),
        BulkAction("press", _("Propose notices"), _press, icon="alert-triangle", permission=EDIT, form=PressForm),
        BulkAction("topic", pgettext_lazy("look-back", "Bring before the leading group"), _topic, icon="users",
                   permission=EDIT),
    )  # fmt: skip

    def rows(self, request: HttpRequest) -> QuerySet[Any]:
        rows = LagLine.objects.visible_to(request.user).filter(look_back=_asked(request))
        return with_returns(rows.select_related(*JOINED))

    def shown_tabs(self, request: HttpRequest) -> Any:
        """What was left out is the office's."""
        return self.tabs if may(request.user, EDIT) else [tab for tab in self.tabs if tab.key != "dropped"]

    def row_url(self, row: Any) -> str:
        return address("supervision:lag_line", row.pk)

    def message_line(self, row: Any) -> tuple[str, str]:
        return str(row.unit), " ".join(filter(None, (row.title, row.fact, row.answer)))

    def period(self, request: HttpRequest) -> str:
        found = _asked(request)
        return str(span(found.starts, found.ends))

    def more(self, request: HttpRequest, listing: Any) -> dict[str, Any]:
        found = _asked(request)
        word = reverse("supervision:look_back_paper", args=[found.pk])
        actions: list[dict[str, Any]] = [{"label": gettext("Study sheet as Word"), "icon": "download", "url": word}]
        closes = ""
        edits = may(request.user, EDIT, found)
        if edits and found.state == LookBackState.DRAFT:
            url = reverse("supervision:look_back_give", args=[found.pk])
            actions.insert(0, {"label": gettext("Give it to units"), "icon": "send", "url": url, "primary": True})
        if edits and found.state == LookBackState.GIVEN and not all_judged(request.user, found):
            closes = reverse("supervision:look_back_close", args=[found.pk])
        return {
            "page_title": gettext("Quarterly look-back %s") % found, "page_subtitle": _subtitle(found),
            "page_actions": actions, "breadcrumbs": way(str(found)), "close_url": closes,
        }  # fmt: skip


def _subtitle(found: LookBack) -> str:
    words = gettext("%(period)s, status of %(made)s") % {
        "period": span(found.starts, found.ends),
        "made": moment(found.made_at),
    }
    numbers = ngettext("postponed %(m)d time, %(s)d%% of closed problems drawn",
                       "postponed %(m)d times, %(s)d%% of closed problems drawn", found.moved)  # fmt: skip
    told = [words, numbers % {"m": found.moved, "s": found.sample}, str(found.get_state_display())]
    if found.due_on:
        told.append(gettext("to be answered by %s") % day(found.due_on))
    return " · ".join(told)


def _asked(request: HttpRequest) -> LookBack:
    """The look-back that the address names and the person may see; once a request."""
    if not hasattr(request, "_look_back"):
        pk = request.resolver_match.kwargs["pk"]  # type: ignore[union-attr]
        rows = LookBack.objects.select_related("region", "campaign")
        request._look_back = visible_or_404(rows, request.user, pk=pk)  # type: ignore[attr-defined]  # noqa: SLF001
    found: LookBack = request._look_back  # type: ignore[attr-defined]  # noqa: SLF001
    return found


LOOK_BACKS, LAG_LINES = LookBacks(), LagLines()
