"""The register of notices: what is to be signed, what runs, what was settled."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from chuangwen.core import clock
from chuangwen.core.access import may
from chuangwen.core.addresses import address
from chuangwen.core.lists import BulkAction, Column, Filter, ListPage, Tab, pick_filter, respond, two_lines
from chuangwen.core.pages import signed_in
from chuangwen.core.templatetags.wording import day, moment
from chuangwen.supervision.enums import Colour, NoticeState
from chuangwen.supervision.forms import BulkReasonForm
from chuangwen.supervision.models import JointSigner, NoticeItem, SupervisionNotice
from chuangwen.supervision.queries.notices import OPEN, late, talks_due, to_judge, to_sign
from chuangwen.supervision.services import drop_notice, propose_notices, settle_notice, sign_notice
from chuangwen.supervision.views.parts import the_region
from chuangwen.supervision.words import colour_cell, due_cell, sheet_number, state_cell, state_of

DEFINITION = _(
    "One sheet for each unit, colour and day. The program proposes by the office's rules, a named person signs and "
    "sends; days are working days. What units found themselves, what is disputed or approved as long-term is never "
    "pressed for."
)


def _url(notice: SupervisionNotice) -> str:
    return address("supervision:notice", notice.number)


def _unit(notice: Any) -> SafeString:
    matters = ngettext("%d matter", "%d matters", notice.matters) % notice.matters
    second = " · ".join((sheet_number(notice), matters))
    return two_lines(notice.unit, second, _url(notice))


def _day(notice: SupervisionNotice) -> str:
    return day(notice.day)


def _bulk_sign(notice: SupervisionNotice, *, actor: Any, data: dict[str, Any]) -> None:
    sign_notice(notice, actor=actor)


def _bulk_drop(notice: SupervisionNotice, *, actor: Any, data: dict[str, Any]) -> None:
    drop_notice(notice, reason=data["reason"], actor=actor)


def _bulk_settle(notice: SupervisionNotice, *, actor: Any, data: dict[str, Any]) -> None:
    settle_notice(notice, actor=actor)


class Register(ListPage):
    """Notices that the person may see, the latest first."""

    name = "notices"
    title = _("Notices")
    noun = _("notices")
    permission = "supervision.view"
    forms_kept_by = "supervision.edit"
    own_path = "supervision:register"
    form_words = {
        "unit": ("被督办单位", "责任单位"), "sheet": ("督办文号", "督办单号"), "day": ("督办日期", "发出日期"),
        "matters": ("督办事项数",), "due": ("回复时限", "办结时限"), "answer": ("办理情况", "回复情况"),
    }  # fmt: skip
    search = ("number__istartswith", "unit__name__icontains", "unit__short_name__icontains", "reason__icontains")
    search_words = _("Unit, number or what is asked")
    sort = "-day"
    definition = DEFINITION
    signature = (_("Filled in by"), _("Checked by"))
    empty = _("No notices here")
    empty_url = "supervision:rules"
    empty_permission = "supervision.edit"
    empty_action = _("To the rules of the ladder")
    columns = (
        Column("colour", _("Colour"), lambda n: n.get_colour_display(), colour_cell, css="cw-table__sheet"),
        Column("unit", _("Unit"), lambda n: str(n.unit), _unit, css="cw-table__title", width=26),
        Column("sheet", _("Sheet number"), sheet_number, screen=False, css="cw-nowrap"),
        Column("number", _("Register number"), lambda n: n.number, screen=False, paper=False),
        Column("matters", _("Matters"), lambda n: n.matters, screen=False, kind="number"),
        Column("day", _("Date"), lambda n: n.day, _day, sort="day", kind="date"),
        Column("signed", pgettext_lazy("supervision", "Signed by"), lambda n: n.signed_name, css="cw-wide"),
        Column("due", _("Answer due"), lambda n: n.due_at, due_cell, sort="due_at", kind="datetime",
               css="cw-table__due"),
        Column("state", _("State"), lambda n: state_of(n)[1], state_cell, css="cw-table__state"),
        Column("to", _("To"), lambda n: n.addressee, screen=False),
        Column("answered", _("Answered"), lambda n: n.answered_at, kind="datetime", screen=False, paper=False),
        Column("answer", _("Answer"), lambda n: n.answer, screen=False, paper=False, width=30),
    )  # fmt: skip
    filters = (
        pick_filter("unit", _("Unit"), "units", lambda rows, value: rows.filter(unit=value)),
        Filter("colour", _("Colour"), lambda request: Colour.choices, lambda rows, value: rows.filter(colour=value)),
        Filter(
            "joint",
            pgettext_lazy("filter", "Joint"),
            lambda request: (("1", _("Joint notices")),),
            lambda rows, value: rows.filter(Exists(JointSigner.objects.filter(notice=OuterRef("pk")))),
        ),
        Filter("since", _("Since"), lambda request: (), lambda rows, value: rows.filter(day__gte=value), kind="date"),
        Filter(
            "until",
            pgettext_lazy("filter", "Until"),
            lambda request: (),
            lambda rows, value: rows.filter(day__lte=value),
            kind="date",
        ),
    )
    tabs = (
        Tab("open", _("In hand"), OPEN),
        Tab("sign", _("For me to sign"), lambda request: Q(pk__in=to_sign(request.user).values("pk"))),
        Tab("proposed", _("To be signed"), Q(state=NoticeState.PROPOSED)),
        Tab("answered", _("Answered"), Q(state=NoticeState.ANSWERED)),
        Tab("judge", _("For me to judge"), lambda request: Q(pk__in=to_judge(request.user).values("pk"))),
        Tab("late", _("Answer late"), lambda request: late()),
        Tab("talk", _("Talk to be held"), lambda request: talks_due()),
        Tab("settled", pgettext_lazy("notice", "Settled"), Q(state=NoticeState.SETTLED)),
        Tab("escalated", pgettext_lazy("notice", "Escalated"), Q(state=NoticeState.ESCALATED)),
        Tab("dropped", pgettext_lazy("notice", "Not sent"), Q(state__in=[NoticeState.DROPPED, NoticeState.WITHDRAWN])),
        Tab("all", _("All"), Q()),
    )
    bulk = (
        BulkAction("sign", _("Sign and send"), _bulk_sign, icon="signature", permission="supervision.sign",
                   confirm=_("Each notice goes to its unit under your name. White and yellow ones are yours to sign.")),
        BulkAction("sign-red", _("Sign red notices"), _bulk_sign, icon="signature", permission="supervision.sign_red",
                   confirm=_("Each notice goes to its unit under your name.")),
        BulkAction("settle", _("Settle"), _bulk_settle, icon="circle-check", permission="supervision.edit",
                   confirm=_("What still has an open matter is left alone.")),
        BulkAction("drop", _("Do not send"), _bulk_drop, icon="x", permission="supervision.edit", form=BulkReasonForm),
    )  # fmt: skip

    def rows(self, request: HttpRequest) -> QuerySet[Any]:
        rows = SupervisionNotice.objects.visible_to(request.user).select_related("unit", "region")
        lines = NoticeItem.objects.filter(notice=OuterRef("pk")).order_by().values("notice")
        return rows.annotate(matters=Coalesce(Subquery(lines.annotate(n=Count("pk")).values("n")), 0))

    def row_url(self, row: Any) -> str:
        return _url(row)

    def row_name(self, row: Any) -> str:
        return f"{row.get_colour_display()} {row.unit}"

    def message_line(self, row: Any) -> tuple[str, str]:
        words = gettext("%(sheet)s, %(n)d matters, answer by %(due)s %(url)s") % {
            "sheet": sheet_number(row), "n": row.matters, "due": moment(row.due_at),
            "url": f"{settings.SITE_URL}{_url(row)}",
        }  # fmt: skip
        return str(row.unit), words

    def more(self, request: HttpRequest, listing: Any) -> dict[str, Any]:
        actions: list[dict[str, Any]] = [
            {"label": gettext("Rules of the ladder"), "icon": "list-check", "url": reverse("supervision:rules")},
            {"label": gettext("Talks"), "icon": "users", "url": reverse("supervision:talks")},
            {"label": gettext("Meetings on open problems"), "icon": "messages", "url": reverse("supervision:meetings")},
            {"label": gettext("Quarterly look-backs"), "icon": "refresh", "url": reverse("supervision:look_backs")},
            {"label": gettext("Flags and lists"), "icon": "flag", "url": reverse("supervision:flags")},
            {"label": gettext("Exposure and praise"), "icon": "speakerphone", "url": reverse("supervision:stories")},
            {"label": gettext("Veto events"), "icon": "alert-octagon", "url": reverse("supervision:events")},
            {"label": gettext("Consequences and rewards"), "icon": "scale", "url": reverse("supervision:consequences")},
        ]
        if may(request.user, "supervision.edit"):
            new = {"label": gettext("Propose a notice"), "icon": "plus", "url": reverse("supervision:propose")}
            actions.append({**new, "primary": True})
        return {
            "page_actions": actions,
            "page_subtitle": gettext("Proposed by rules, signed by a person; data as of %s") % moment(clock.now()),
        }


REGISTER = Register()


@signed_in("supervision.view")
def register(request: HttpRequest) -> HttpResponse:
    """The register on screen, as Excel, on paper, as a message; POST acts on chosen rows."""
    return respond(request, REGISTER)


@signed_in("supervision.edit")
@require_POST
def look(request: HttpRequest) -> HttpResponse:
    """Look at what is late now, without waiting for the morning."""
    made = propose_notices(the_region(request), actor=request.user)
    if made:
        words = ngettext("%d notice proposed", "%d notices proposed", len(made)) % len(made)
        messages.success(request, words)
    else:
        messages.info(request, gettext("Nothing new is to be proposed today."))
    return redirect(f"{reverse('supervision:register')}?tab=sign")
