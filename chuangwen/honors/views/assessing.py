"""The self-assessment by criterion: written by the unit, read by reviewers with the evidence beside it, as a file."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from chuangwen.core import clock
from chuangwen.core.access import may, visible_or_404
from chuangwen.core.errors import Refusal
from chuangwen.core.files.services import clean_name
from chuangwen.core.files.sniffing import DOCX
from chuangwen.core.lists.export import file_response
from chuangwen.core.pages import signed_in
from chuangwen.core.templatetags.wording import points
from chuangwen.honors import services
from chuangwen.honors.enums import ApplicationState
from chuangwen.honors.forms import AssessForm
from chuangwen.honors.forms.yearly import short
from chuangwen.honors.models import Application
from chuangwen.honors.queries.assessing import Assessment, assessment_of
from chuangwen.honors.queries.facts import outcome_of
from chuangwen.honors.services.assessing import REPORT, Clash
from chuangwen.honors.services.papers import behalf_of
from chuangwen.honors.sheets import assessed_table, assessed_title, ledger_words, table_excel, table_word
from chuangwen.honors.views.verdict import wizard
from chuangwen.honors.workflow import APPLY, VIEW

UNTOUCHED = "untouched"  # lines that still say what was taken over from the ledger
get_or_post = require_http_methods(["GET", "POST"])


@signed_in(VIEW)
@get_or_post
def assessment(request: HttpRequest, pk: int) -> HttpResponse:
    """All lines with the dossier behind each; the unit's own while it writes. ?format=xlsx and docx give a file."""
    found = _application(request, pk, APPLY if request.method == "POST" else VIEW)
    lines = assessment_of(found)
    if lines is None:
        writes = found.state == ApplicationState.DRAFT and may(request.user, APPLY, found)
        return redirect("honors:application_act", pk, "write") if writes else redirect("honors:application", pk)
    name = clean_name(assessed_title(found))
    match request.GET.get("format", ""):
        case "xlsx":
            return file_response(table_excel(assessed_table(found, lines)), f"{name}.xlsx")
        case "docx":
            return file_response(table_word(assessed_table(found, lines)), f"{name}.docx", DOCX)
    return _page(request, found, lines)


@signed_in(APPLY)
@require_POST
def assessment_save(request: HttpRequest, pk: int) -> JsonResponse:
    """Keep the lines that were sent, while the person goes on writing. Answers, by the number of a line or "report":
    `saved` revision, `refused` words, `clashes` {words, values, revision}; `sum` in words; or 409 with `error`."""
    found = _application(request, pk, APPLY)
    lines = assessment_of(found)
    if lines is None:
        raise Http404
    form = AssessForm(request.POST, None, obj=found, actor=request.user, lines=lines.lines)
    form.is_valid()
    numbers = {line.asked.code: str(number) for number, line in enumerate(lines.lines)} | {REPORT: REPORT}
    report = form.cleaned_data.get("self_report") if "self_report" in request.POST else None
    try:
        kept = services.save_lines(found, form.told(), form.seen(), self_report=report, actor=request.user)
    except Refusal as refusal:
        return JsonResponse({"error": str(refusal)}, status=409)
    refused = {name: " ".join(map(str, errors)) for name, errors in form.errors.items()}
    answer = {
        "saved": {numbers[code]: revision for code, revision in kept.revisions.items()},
        "refused": {name.rpartition("_")[2]: words for name, words in refused.items() if name in request.POST},
        "clashes": {numbers[code]: _clash(numbers[code], clash) for code, clash in kept.clashes.items()},
        "sum": _sum_words(assessment_of(found)),
    }
    return JsonResponse(answer)


def _clash(number: str, clash: Clash) -> dict[str, Any]:
    if number == REPORT:
        values = {"self_report": clash.basis}
    else:
        values = {f"points_{number}": short(clash.points), f"basis_{number}": clash.basis}
    return {"words": clash.words, "values": values, "revision": clash.revision}


def _sum_words(lines: Assessment | None) -> str:
    """The sum so far, and how many lines are open."""
    if lines is None:
        return ""
    told = _("Claimed %s") % points(_said(lines))
    n = lines.open_lines
    return told + _(", ") + (ngettext("%d line open", "%d lines open", n) % n if n else _("complete"))


def _page(request: HttpRequest, found: Application, lines: Assessment) -> HttpResponse:
    sent = request.method == "POST"
    writes = found.state == ApplicationState.DRAFT and may(request.user, APPLY, found)
    form = None
    if writes or sent:
        data = (request.POST, request.FILES) if sent else (None, None)
        first = {"self_report": found.self_report or _said_before(found)}
        form = AssessForm(*data, obj=found, actor=request.user, lines=lines.lines, initial=first)
        if sent and form.is_valid():
            try:
                return _kept(request, found, form)
            except services.Clashed as clash:
                form.clashed(clash.clashes)
                form.add_error(None, str(clash))
            except Refusal as refusal:
                form.add_error(None, str(refusal))
    files = [
        {"label": label, "icon": icon, "url": f"?format={form_of}"}
        for form_of, label, icon in (("xlsx", "Excel", "file-spreadsheet"), ("docx", "Word", "file-text"))
    ]
    context: dict[str, Any] = {
        "page_title": _("Self-assessment"), "page_subtitle": f"{found.unit} · {found.programme}", "application": found,
        "breadcrumbs": [
            {"label": _("Applications"), "url": reverse("honors:applications")},
            {"label": found.number, "url": reverse("honors:application", args=[found.pk])},
            {"label": _("Self-assessment")},
        ],
        "assessment": lines, "form": form, "steps": wizard(found), "figures": _figures(lines),
        "rows": form.rows() if form else _rows(lines), "behalf": behalf_of(found.unit, request.user) if writes else "",
        "page_actions": [{"label": _("Print"), "icon": "printer", "print": True}, *files],
        "back": reverse("honors:application", args=[found.pk]),
    }  # fmt: skip
    return render(request, "honors/assessment.html", context, status=422 if form and form.is_bound else 200)


def _kept(request: HttpRequest, found: Application, form: AssessForm) -> HttpResponse:
    """Keep what was typed, and take lines anew where such a button sent it."""
    if asked := request.POST.get("refresh", ""):
        codes = None if asked == UNTOUCHED else [asked]
        n = services.write_and_refresh(found, codes, actor=request.user, **form.answers())
        said = ngettext("%d line taken over from the ledger.", "%d lines taken over from the ledger.", n) % n
        messages.success(request, said)
        return redirect("honors:assessment", found.pk)
    services.write_application(found, actor=request.user, **form.answers())
    return _saved(request, found)


def _saved(request: HttpRequest, found: Application) -> HttpResponse:
    """On to submitting where nothing is missing any more; else to the application, which says what is."""
    kept = assessment_of(found)
    if kept is not None and kept.open_lines:
        words = ngettext("Saved. %d line is still without points.", "Saved. %d lines are still without points.",
                         kept.open_lines)  # fmt: skip
        messages.success(request, words % kept.open_lines)
    else:
        messages.success(request, _("Saved"))
    if "stay" in request.POST:
        return redirect("honors:assessment", found.pk)
    programme = found.programme
    in_time = programme.apply_from <= clock.today() <= programme.apply_until
    if in_time and outcome_of(programme, found.unit).may_submit:
        return redirect("honors:application_act", found.pk, "submit")
    return redirect("honors:application", found.pk)


def _said_before(found: Application) -> str:
    """What the unit wrote of itself last time: a beginning, to be gone over."""
    rows = Application.objects.filter(unit=found.unit_id).exclude(pk=found.pk).exclude(self_report="")
    last = rows.order_by("-pk").values_list("self_report", flat=True).first()
    return last or ""


def _figures(lines: Assessment) -> list[dict[str, Any]]:
    """The sum beside what the ledger alone gives, and what is still open."""
    total, said = lines.total, _said(lines)
    above = ngettext("%d line claims more", "%d lines claim more", lines.above) % lines.above if lines.above else ""
    missing = ngettext("%d line open", "%d lines open", lines.open_lines) % lines.open_lines
    return [
        {"label": _("Self-assessment"), "value": points(said), "sub": missing if total is None else _("complete"),
         "tone": "" if total is not None else "warn"},
        {"label": _("From the ledger alone"), "value": points(lines.by_ledger), "sub": above,
         "tone": "warn" if above else ""},
    ]  # fmt: skip


def _said(lines: Assessment) -> Any:
    return sum((line.points or 0) * (-1 if line.asked.kind == "penalty" else 1) for line in lines.lines)


def _application(request: HttpRequest, pk: int, permission: str) -> Application:
    rows = Application.objects.select_related(
        "programme__title", "programme__region", "programme__standard", "unit__region", "region"
    )
    found: Application = visible_or_404(rows, request.user, permission, pk=pk)
    return found


def _rows(lines: Assessment) -> list[dict[str, Any]]:
    """As the form's rows, without fields."""
    found, section = [], None
    for line in lines.lines:
        begins = line.asked.section or {"bonus": _("Bonus"), "penalty": _("Taken off")}[line.asked.kind]
        found.append({"line": line, "section": begins if begins != section else "", "ledger": ledger_words(line)})
        section = begins
    return found
