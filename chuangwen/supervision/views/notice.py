"""One notice: its matters first, then answer and history; on the right the next step, facts, talks."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET

from chuangwen.core import clock
from chuangwen.core.access import may, visible_or_404
from chuangwen.core.models import Attachment, label_of
from chuangwen.core.pages import signed_in
from chuangwen.core.templatetags.wording import day, deadline, moment
from chuangwen.evidence.models import Dossier
from chuangwen.organizations.queries import titles_of
from chuangwen.rectification.models import Problem
from chuangwen.rectification.words import state_of as problem_state
from chuangwen.rectification.words import within_words
from chuangwen.responsibilities.models import Task
from chuangwen.supervision.enums import NoticeState
from chuangwen.supervision.models import Consequence, NoticeItem, Referral, SupervisionNotice
from chuangwen.supervision.queries.matters import facts_of_items, is_pressing
from chuangwen.supervision.queries.notices import Outlooks, items_of, step_row
from chuangwen.supervision.queries.rows import Row, number_of, page_of_row, title_of_row
from chuangwen.supervision.views.next_step import next_step
from chuangwen.supervision.words import due_cell, item_words, next_line, sheet_number, state_of
from chuangwen.supervision.workflow import signs_for
from chuangwen.workflow.models import Step
from chuangwen.workflow.queries import history_of

SHOWN = ("unit", "region", "signed_by", "proposed_by", "escalated_to")
ICONS = {
    "propose": "plus", "sign": "signature", "acknowledge": "check", "answer": "messages",
    "return": "arrow-back-up", "settle": "circle-check", "escalate": "trending-up", "withdraw": "trash", "drop": "x",
    "talk": "users", "joint-ask": "users", "joint-sign": "signature", "joint-off": "x",
}  # fmt: skip
TASK_SHAPES = {"confirmed": "closed", "reported": "fixed", "objected": "disputed", "cancelled": "not-applicable"}
DOSSIER_SHAPES = {"returned": "returned", "submitted": "fixed", "accepted": "fixed", "approved": "closed"}


@signed_in("supervision.view")
@require_GET
def detail(request: HttpRequest, number: str) -> HttpResponse:
    """The notice's page."""
    notice = the_notice(request, number)
    shape, word = state_of(notice)
    lines = lines_of(notice, request.user)
    sees_referrals = may(request.user, "supervision.referrals", notice)
    context = {
        **head_of(notice),
        "lines": lines,
        "papers": papers_of(notice),
        "entries": timeline(notice),
        "step": next_step(notice, request.user, sum(line["pressing"] for line in lines)),
        "facts": facts(notice),
        "bodies": bodies_of(notice, request.user),
        "talks": list(notice.talks.all()),
        "referrals": list(Referral.objects.filter(notice=notice)) if sees_referrals else [],
        "may_close": may(request.user, "supervision.refer", notice),
        "consequences": list(Consequence.objects.visible_to(request.user).filter(notice=notice).select_related("kind")),
        "enters": may(request.user, "supervision.edit", notice) and notice.signed_at is not None,
        "came_from": list(notice.escalated_from.all()),
        "shape": shape,
        "word": word,
    }
    return render(request, "supervision/notice.html", context)


def the_notice(request: HttpRequest, number: str) -> SupervisionNotice:
    """The notice of that number which the person may see; 404 otherwise."""
    rows = SupervisionNotice.objects.select_related(*SHOWN)
    found: SupervisionNotice = visible_or_404(rows, request.user, number=number)
    return found


def title_of(notice: SupervisionNotice) -> str:
    return _("%(colour)s for %(unit)s") % {"colour": notice.get_colour_display(), "unit": notice.unit}


def head_of(notice: SupervisionNotice) -> dict[str, Any]:
    """What every page about one notice shows at its top."""
    register = reverse("supervision:register")
    crumbs = [{"label": _("Notices"), "url": register}, {"label": sheet_number(notice)}]
    return {"page_title": title_of(notice), "notice": notice, "due": due_cell(notice), "breadcrumbs": crumbs}


def lines_of(notice: SupervisionNotice, user: Any) -> list[dict[str, Any]]:
    """The matters: why they are listed, how they stand now, what comes next. A fixed number of queries."""
    items = items_of(notice)
    states = facts_of_items(items)
    now, ahead = clock.now(), Outlooks(notice.region)
    sees = {
        Problem: may(user, "rectification.view"), Task: may(user, "responsibilities.view"),
        Dossier: may(user, "evidence.view"),
    }  # fmt: skip
    lines = []
    for item in items:
        known = states[item.pk]
        coming = next(iter(ahead.of(known.matter)), None) if is_pressing(known, now) else None
        lines.append({**_line(item, sees), "next": next_line(coming) if coming else None,
                      "pressing": is_pressing(known, now)})  # fmt: skip
    return lines


def _line(item: NoticeItem, sees: dict[Any, bool]) -> dict[str, Any]:
    row = item.matter
    shape, word = _stands(row)
    place = [str(row.place or row.spot)] if isinstance(row, Problem) else []
    due = day(row.due_on) if isinstance(row, Dossier) else moment(item.due_at)
    return {
        "title": title_of_row(row), "url": page_of_row(row) if sees[type(row)] else "",
        "second": " · ".join([*place, number_of(row)]), "why": item_words(item), "due": due, "shape": shape,
        "word": word,
    }  # fmt: skip


def _stands(row: Row) -> tuple[str, str]:
    """How a matter stands now: shape, word."""
    if isinstance(row, Problem):
        return problem_state(row)
    shapes = DOSSIER_SHAPES if isinstance(row, Dossier) else TASK_SHAPES
    return shapes.get(row.state, "assigned"), str(row.get_state_display())


def papers_of(owner: Any) -> list[Attachment]:
    """The papers that hang on a notice."""
    return list(Attachment.objects.filter(owner_type=label_of(owner), owner_id=owner.pk).select_related("file"))


def facts(notice: SupervisionNotice) -> list[dict[str, Any]]:
    """What is known of the notice."""
    signed = notice.signed_at is not None
    rows: list[dict[str, Any]] = [
        {"label": _("To"), "value": notice.addressee},
        {"label": _("Copy to"), "value": notice.copy_to},
        {"label": pgettext("supervision", "Signed by"),
         "value": notice.signed_name if signed else notice.get_signer_display(),
         "second": moment(notice.signed_at) if signed else _("to be signed")},
        {"label": _("Answer due"), "value": _due(notice),
         "second": _("counts from the signature") if not signed else ""},
        {"label": _("Register number"), "value": notice.number},
    ]  # fmt: skip
    if notice.talk_due_on:
        held = notice.talks.exists()
        second = pgettext("talk", "held") if held else _("to be held")
        rows.insert(4, {"label": _("Talk by"), "value": day(notice.talk_due_on), "second": second})
    return rows


def _due(notice: SupervisionNotice) -> str:
    """When the answer is due; before the signature only within how long, since the clock begins with it."""
    if notice.signed_at is None:
        step = step_row(notice.region, notice.colour)
        return within_words(step.answer_within) if step and step.answer_within else "—"
    return deadline(notice.due_at) if _runs(notice) else moment(notice.due_at)


def bodies_of(notice: SupervisionNotice, user: Any) -> list[dict[str, Any]]:
    """The bodies of a joint notice: who has signed when, and what this person can do."""
    edits = may(user, "supervision.edit", notice)
    waits = notice.state == NoticeState.PROPOSED
    return [
        {
            "name": str(one.unit), "signed": one.signed_name, "at": moment(one.signed_at) if one.signed_at else "",
            "sign_url": reverse("supervision:body", args=[notice.number, one.pk])
            if waits and one.signed_at is None and (edits or signs_for(user, one)) else "",
            "off_url": reverse("supervision:body_off", args=[notice.number, one.pk])
            if waits and one.signed_at is None and edits else "",
        }
        for one in notice.bodies.select_related("unit")
    ]  # fmt: skip


def _runs(notice: SupervisionNotice) -> bool:
    return notice.state in {NoticeState.SENT, NoticeState.ACKNOWLEDGED}


def timeline(notice: SupervisionNotice) -> list[dict[str, Any]]:
    """The history, the oldest first: three queries."""
    steps = list(history_of(notice))
    who = titles_of({step.actor_id for step in steps if step.actor_id})
    return [_entry(step, who) for step in steps]


def _entry(step: Step, who: dict[int, str]) -> dict[str, Any]:
    name = who.get(step.actor_id or 0, step.actor_name) or _("the program")
    if step.on_behalf:
        name = _("%(unit)s, entered by %(who)s") % {"unit": step.on_behalf, "who": name}
    entry: dict[str, Any] = {
        "icon": ICONS.get(step.action, "notes"), "what": _what(step), "who": _(", ") + name, "when": moment(step.at),
        "when_iso": clock.local(step.at).isoformat(timespec="minutes"), "text": _text(step),
        "quote": step.note,
    }  # fmt: skip
    if step.action == "settle":
        entry["shape"] = "closed"
    return entry


def _what(step: Step) -> str:
    words = {
        "propose": _("Proposed"), "sign": _("Signed and sent"),
        "acknowledge": _("Receipt confirmed"), "answer": _("Answered"), "return": _("Answer returned"),
        "settle": pgettext("notice", "Settled"), "escalate": pgettext("notice", "Escalated"),
        "withdraw": pgettext("notice", "Withdrawn"), "drop": pgettext("notice", "Not sent"), "talk": _("Talk held"),
        "joint-ask": _("Asked to sign jointly"), "joint-sign": _("Signed jointly"),
        "joint-off": pgettext("notice", "Taken off"),
    }  # fmt: skip
    return words.get(step.action, step.action)


def _text(step: Step) -> str:
    data = step.data
    if step.action == "propose":
        return pgettext("between matters", ", ").join(data.get("matters", []))
    if step.action == "sign":
        left = data.get("left_out", [])
        to = _("To %s.") % data.get("to", "")
        if left:
            return to + _(" Put right meanwhile and left out: %s.") % pgettext("between matters", ", ").join(left)
        return to
    if step.action.startswith("joint-"):
        return str(data.get("body", ""))
    if step.action == "talk":
        return _("%(by)s with %(with)s") % {"by": data.get("by", ""), "with": data.get("with", "")}
    return ""
