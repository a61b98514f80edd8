"""What the page of one paper shows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from html import escape
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from chuangwen.core import clock
from chuangwen.core.access import may, scope_of
from chuangwen.core.addresses import address
from chuangwen.core.models import Attachment, label_of
from chuangwen.core.templatetags.chuangwen import state
from chuangwen.core.templatetags.wording import moment, span
from chuangwen.organizations.queries import titles_of
from chuangwen.reports.composing import NO_CONVERTER, converter, sheet_of
from chuangwen.reports.enums import STATE_SHAPES, BulletinState, PaperKind
from chuangwen.reports.lists import BulletinList
from chuangwen.reports.models import Bulletin, Receipt
from chuangwen.reports.paper import Heading, Text, blocks_of
from chuangwen.reports.placeholders import PHOTOS
from chuangwen.reports.queries import day_of, pairs_of, paper_form, partner_of
from chuangwen.reports.sheet import NUMBERS, Row, Sheet
from chuangwen.reports.words import DEFINITIONS, FIRST, PICTURED, RECTIFYING, label_of_column, shown
from chuangwen.reports.workflow import BULLETIN_WORKFLOW, DRAFT, RELEASE, is_another_person, is_filled_in
from chuangwen.workflow.queries import history_of
from chuangwen.workflow.services import available

ICONS = {
    "draft": "file-text", "edit": "edit", "refresh": "refresh", "submit": "send", "approve": "check",
    "approve_on_paper": "signature", "return": "arrow-back-up", "take_back": "edit", "issue": "speakerphone",
    "withdraw": "archive", "receive": "check", "remind": "bell", "photos": "photo",
    "pdf": "file-text", "pdf-failed": "alert-triangle",
}  # fmt: skip
KIND_ICONS = {
    PaperKind.BULLETIN: "speakerphone", PaperKind.RECTIFICATION: "chart-bar", PaperKind.WORK: "news",
    PaperKind.SUPERIOR: "clipboard-check", PaperKind.HARD: "hourglass", PaperKind.TASKS: "list-tree",
    PaperKind.INSTRUCTIONS: "signature", PaperKind.YEAR: "award", PaperKind.ROUND: "flag", PaperKind.UPWARD: "flag",
}  # fmt: skip
KEY_FIGURES = ("new", "due", "rate", "late_open", "open", "recurrence")
ROWS_SHOWN = 60


def kind_cards() -> list[dict[str, Any]]:
    """Each kind of paper with what it is made from."""
    texts = {
        PaperKind.BULLETIN: _("Rates by unit for a month, with the best and the weakest, for all units."),
        PaperKind.RECTIFICATION: _("New, due, in time and late by unit for a week, with the change."),
        PaperKind.WORK: _("Focus, done, difficulties and next week by unit, drawn from the tasks."),
        PaperKind.SUPERIOR: _("What superiors fed back, problem by problem, with the result."),
        PaperKind.HARD: _("Long-term problems with cause, money, interim measure and milestones."),
        PaperKind.INSTRUCTIONS: _("Leaders' instructions: who handles them until when, and what came of it."),
        PaperKind.YEAR: _("Score, rank, notices, flags and titles by unit, for who assesses the year."),
        PaperKind.ROUND: _("What a finished round found: one paper down to units, one up to superiors, same figures."),
        PaperKind.TASKS: _("All tasks with lead, deadline, measures, people and progress."),
    }
    return [
        {
            "label": _("Findings of a round") if kind == PaperKind.ROUND else kind.label,
            "text": texts[kind],
            "icon": KIND_ICONS[kind],
            "url": reverse("reports:draft", args=[kind]),
        }
        for kind in PaperKind
        if kind in texts
    ]


def bulletin_page(request: HttpRequest, found: Bulletin) -> dict[str, Any]:
    """Everything for reports/bulletin.html; the same number of queries whatever it holds."""
    user, snapshot = request.user, found.snapshot
    sheet, count = sheet_of(found, ROWS_SHOWN), len(snapshot.sheet["rows"])
    del snapshot.sheet  # request and page hold each other: its thousand rows would wait for the collector
    steps = {one.action for one in available(found, BULLETIN_WORKFLOW, user)}
    receipts = list(Receipt.objects.visible_to(user).filter(bulletin=found).values_list("received_at", flat=True))
    issues = may(user, "reports.issue", found)
    partner = partner_of(found) if found.region_id in scope_of(user, "reports.view").regions else None
    return {
        "page_title": found.title,
        "breadcrumbs": [
            {"label": BulletinList.title, "url": reverse("reports:list")},
            {"label": found.title, "url": ""},
        ],
        "bulletin": found, "partner": partner, "together": _together(found, partner),
        "state": state(STATE_SHAPES[BulletinState(found.state)], found.get_state_display()),
        "steps": steps,
        "pairs": [{"pair": one, "days": (day_of(one.before), day_of(one.after))} for one in pairs_of(found)],
        "pictured": found.kind in PICTURED,
        **_pdf(found, issues=issues),
        "drafting": found.state == BulletinState.DRAFT and may(user, DRAFT, found),
        "unfinished": is_filled_in(user, found),
        "own": found.state == BulletinState.SUBMITTED and may(user, "reports.approve", found)
        and bool(is_another_person(user, found)),
        "blocks": [_block(one) for one in blocks_of(found.body, None)],
        "figures": _key_figures(found, sheet),
        "table": {**_table(found, sheet), "count": count},
        "hidden": max(0, count - ROWS_SHOWN),
        "period": span(snapshot.starts, snapshot.ends),
        "definitions": DEFINITIONS[found.kind],
        "facts": _facts(found),
        "scans": _scans(found) if issues or may(user, "reports.approve", found) else [],
        "signed": sum(one is not None for one in receipts),
        "sent": len(receipts),
        "sees_all": found.region_id in scope_of(user, "reports.view").regions,
        "mine": _mine(user, found),
        "issues": issues,
        "releases": may(user, RELEASE, found),
        "units": _addressed(found) if found.state in {BulletinState.DRAFT, BulletinState.SUBMITTED,
                                                            BulletinState.APPROVED} else [],
        "entries": _history(found) if found.region_id in scope_of(user, "reports.view").regions else [],
    }  # fmt: skip


def _addressed(found: Bulletin) -> list[str]:
    """The names of the units that a paper goes to: often all of them, so that no more of them is read."""
    return [short or name for short, name in found.units.values_list("short_name", "name")]


def _together(found: Bulletin, partner: Bulletin | None) -> bool:
    """Whether a round's two papers can take the next step in one press."""
    return partner is not None and partner.state == found.state and not is_filled_in(None, partner)


def _pdf(found: Bulletin, *, issues: bool) -> dict[str, Any]:
    """Whether there is a PDF to take, why not, and whether it can be made and kept now."""
    form = paper_form(found.region, found.kind)
    own_layout = form is not None and form.template is not None
    final = found.word is not None
    if found.pdf is not None or (not own_layout and not final):
        return {"has_pdf": True, "photos_left_out": own_layout and not final and _leaves_out(form)}
    able = bool(converter())
    return {
        "has_pdf": able, "no_pdf": "" if able else NO_CONVERTER,
        "make_pdf": able and issues and found.state == BulletinState.ISSUED,
        "pdf_again": found.pdf_next_at if found.pdf_next_at and found.pdf_next_at > clock.now() else None,
        "photos_left_out": own_layout and not final and _leaves_out(form),
    }  # fmt: skip


def _leaves_out(form: Any) -> bool:
    """Whether the office's template asks for no photos, so that none would be printed."""
    return PHOTOS not in form.placeholders


def _block(one: Any) -> dict[str, Any]:
    level = one.level if isinstance(one, Heading) else 0
    return {"level": level, "text": one.text if isinstance(one, Heading | Text) else ""}


def _key_figures(found: Bulletin, sheet: Sheet) -> list[dict[str, Any]]:
    """The sums of rectification at a glance; each opens its rows."""
    if found.kind not in RECTIFYING or sheet.total is None:
        return []
    columns = [column for column in sheet.columns if column.key in KEY_FIGURES]
    return [
        {
            "label": label_of_column(column.key), "value": shown(sheet.total.values.get(column.key), column),
            "url": _cell_url(found, 0, column.key, sheet.total),
        }
        for column in columns
    ]  # fmt: skip


def _table(found: Bulletin, sheet: Sheet) -> dict[str, Any]:
    """The sheet for the screen, the sum last: every figure a link to its rows.

    The lines are written here, since a template takes ten times as long for a thousand cells.
    """
    heads = [
        {"label": label_of_column(one.key), "css": "cw-right cw-num" if one.kind in NUMBERS else ""}
        for one in sheet.columns
    ]
    labels = [escape(str(head["label"])) for head in heads]
    rows = [_line(found, sheet, labels, number, row) for number, row in enumerate(sheet.rows, start=1)]
    if sheet.total and sheet.rows:
        rows.append(_line(found, sheet, labels, 0, replace(sheet.total, name=_("Sum"))))
    return {"first": FIRST[found.kind], "heads": heads, "rows": rows}


def _line(found: Bulletin, sheet: Sheet, labels: list[str], number: int, row: Row) -> SafeString:
    name = _linked(row.name, _cell_url(found, number, "name", row))
    cells = [f'<tr><td class="cw-table__title">{name}</td>']
    for one, label in zip(sheet.columns, labels, strict=True):
        value = row.values.get(one.key)
        figure = "cw-right cw-num cw-nowrap" if one.kind in NUMBERS else ""
        css = figure if value else f"{figure} cw-wide".strip()  # nothing needs no place on a phone's card
        text = _linked(shown(value, one), _cell_url(found, number, one.key, row))
        cells.append(f'<td class="{css}" data-label="{label}">{text}</td>')
    return SafeString("".join([*cells, "</tr>"]))


def _linked(text: str, url: str) -> str:
    return f'<a href="{escape(url)}">{escape(text)}</a>' if url else escape(text)


def _cell_url(found: Bulletin, number: int, key: str, row: Row) -> str:
    """Where the rows behind a cell are; "" where nothing was counted."""
    return address("reports:rows", found.pk, number, key) if row.refs.get(key) else ""


def _facts(found: Bulletin) -> list[dict[str, Any]]:
    snapshot = found.snapshot
    rows: Iterable[tuple[Any, Any, Any]] = (
        (pgettext("paper", "Number"), found.number, ""),
        (pgettext("paper", "Period"), span(snapshot.starts, snapshot.ends), ""),
        (pgettext("paper", "Status date"), moment(snapshot.as_of), _("frozen, SHA-256 %s…") % snapshot.sha256[:12]),
        (_("Addressed to"), found.addressee, ""),
        (_("Drafted by"), found.drafted_by or "", ""),
        (pgettext("paper", "Signed by"), found.signatory, moment(found.approved_at) if found.approved_at else ""),
        (_("Issued at"), moment(found.issued_at) if found.issued_at else "", ""),
        (_("Campaign"), found.campaign, ""),
    )
    return [{"label": label, "value": value, "second": second} for label, value, second in rows if value]


def _scans(found: Bulletin) -> list[Attachment]:
    """Signed papers that were added; the files of the paper itself stand elsewhere."""
    own = [pk for pk in (found.word_id, found.pdf_id) if pk]
    rows = Attachment.objects.filter(owner_type=label_of(found), owner_id=found.pk).exclude(pk__in=own)
    return list(rows.select_related("file").order_by("pk"))


def _mine(user: Any, found: Bulletin) -> list[Receipt]:
    """What the person's own units have still to sign for."""
    if found.state != BulletinState.ISSUED:
        return []
    units = scope_of(user, "reports.receive").unit_ids
    return list(found.receipts.filter(unit_id__in=units, received_at__isnull=True).select_related("unit"))


def _history(found: Bulletin) -> list[dict[str, Any]]:
    done = {one.action: str(one.done) for one in BULLETIN_WORKFLOW.transitions}
    done |= {
        "draft": _("Drafted from frozen figures"), "edit": _("Text changed"), "refresh": _("Figures frozen anew"),
        "remind": _("Units reminded"), "photos": _("Photos chosen"), "pdf": _("PDF made and kept"),
        "pdf-failed": _("No PDF came of it"),
    }  # fmt: skip
    steps = [step for step in history_of(found) if step.action != "receive"]
    who = titles_of({step.actor_id for step in steps if step.actor_id})
    return [
        {
            "icon": ICONS.get(step.action, "arrow-right"), "what": done.get(step.action, step.action),
            "who": _(", ") + who.get(step.actor_id or 0, step.actor_name) + (
                _(" (%s)") % step.on_behalf if step.on_behalf else ""),
            "when": moment(step.at), "when_iso": step.at.isoformat(), "quote": step.note,
        }
        for step in steps
    ]  # fmt: skip
