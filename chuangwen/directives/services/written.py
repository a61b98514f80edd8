"""Written reports by a day (限时书面报送): called for, handed in, returned, reminded of, closed."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.dispatch import receiver
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from chuangwen.campaigns.models import Campaign
from chuangwen.core import clock
from chuangwen.core.access import require_actor, scope_of
from chuangwen.core.errors import Refusal
from chuangwen.core.files.services import Upload, attach, read
from chuangwen.core.files.sniffing import XLSX
from chuangwen.core.soundness import true_time
from chuangwen.core.templatetags.wording import moment
from chuangwen.core.workdays import default_calendar
from chuangwen.directives.enums import CallStage, WrittenForm
from chuangwen.directives.models import Meeting, WrittenCall, WrittenReport
from chuangwen.directives.services.meetings import PAPERS, called, units_of
from chuangwen.directives.workflow import ANSWER, CALL_WORKFLOW, EDIT, WITH_UNIT, WRITTEN_WORKFLOW
from chuangwen.evidence.models import Piece
from chuangwen.notifications.services import notify
from chuangwen.organizations.models import Unit
from chuangwen.organizations.queries import people_to_tell
from chuangwen.responsibilities.queries.repeats import Ask, open_alike
from chuangwen.responsibilities.services.repeating import Again, Sent, keep_sent
from chuangwen.workflow.services import advance, note_step

NAMED = 5  # units that a refusal names one by one
TAKEN = PAPERS | {XLSX, "application/vnd.ms-excel"}


@dataclass(frozen=True, slots=True)
class Called:
    """What is called for: in words, in which form, by when, who wants it; a template where there is one."""

    title: str
    due_at: datetime
    detail: str = ""
    form: str = WrittenForm.FILE
    source: str = ""
    template: Upload | None = None
    overlap_reason: str = ""


@dataclass(frozen=True, slots=True)
class HandedIn:
    """A unit's report: files, pieces of the ledger that say it already, a few words; `at` where it came on paper."""

    files: Iterable[Upload] = field(default=())
    pieces: Iterable[Piece] = field(default=())
    note: str = ""
    at: datetime | None = None


def call_for_reports(
    campaign: Campaign, asked: Called, units: Collection[Unit], *, actor: Any, meeting: Meeting | None = None
) -> WrittenCall:
    """Call for reports of these units; each is told once. A call like one that is open for them needs a reason."""
    require_actor(actor, EDIT, campaign)
    if not asked.title.strip():
        raise Refusal(_("It does not say what is to be reported."), _("One short line is enough."))
    if not units:
        raise Refusal(_("Nobody is asked."), _("Choose units."))
    if asked.due_at <= clock.now():
        raise Refusal(_("The deadline is over already."), _("Give a later one."))
    alike = open_alike(campaign.region, {unit.pk: Ask(unit.pk, asked.title) for unit in units})
    again = Again(asked.overlap_reason)
    if alike and not again.reason.strip():
        first = next(iter(alike.values())).title
        owing = [unit for unit in units if unit.pk in alike and alike[unit.pk].title == first]
        raise Refusal(
            _("“%(title)s” is asked already of: %(units)s.") % {"title": first, "units": _names(owing)},
            _("Say why it is asked again, or use what comes in there."),
        )
    with transaction.atomic():
        call = WrittenCall.objects.create(
            region=campaign.region, campaign=campaign, meeting=meeting, title=asked.title.strip(), form=asked.form,
            detail=asked.detail.strip(), due_at=asked.due_at, source=asked.source, made_by=actor,
            overlap_reason=asked.overlap_reason.strip(),
        )  # fmt: skip
        if asked.template is not None:
            kept = attach(asked.template.data, asked.template.name, owner=call, region=call.region, actor=actor,
                          accept=TAKEN)  # fmt: skip
            WrittenCall.objects.filter(pk=call.pk).update(template=kept)
            call.template = kept
        made = WrittenReport.objects.bulk_create(
            WrittenReport(region=call.region, call=call, unit=unit) for unit in units
        )
        keep_sent((Sent(one.unit, call.title, _address(one), alike[one.unit_id]) for one in made
                   if one.unit_id in alike), again, actor)  # fmt: skip
        note_step(call, "call", actor=actor, data={"units": len(made)})
        words = _("Report in writing by %(when)s: %(title)s") % {"when": moment(call.due_at), "title": call.title}
        for report in made:
            _tell(report, words)
    return call


def _names(units: list[Unit]) -> str:
    """The first units by name, and how many there are where some are left out."""
    names = pgettext("between names", ", ").join(str(unit) for unit in units[:NAMED])
    more = len(units) - NAMED
    return names if more <= 0 else ngettext("%(names)s and %(n)d more", "%(names)s and %(n)d more", more) % {
        "names": names, "n": more,
    }  # fmt: skip


@receiver(called)
def call_by_series(sender: Any, *, meeting: Meeting, actor: Any, **_more: Any) -> None:
    """A series that wants written reports before its meetings calls for them with the meeting."""
    series = meeting.series
    if series is None or not series.report_before or meeting.written_calls.exists():
        return
    calendar = default_calendar()
    due_at = calendar.end_of_day(calendar.add_workdays(meeting.day, -series.report_before))
    if due_at > clock.now():
        asked = Called(_("Report for %s") % meeting.name, due_at, source=series.source, overlap_reason=meeting.name)
        call_for_reports(meeting.campaign, asked, units_of(meeting), actor=actor, meeting=meeting)


def hand_in(report: WrittenReport, given: HandedIn, *, actor: Any) -> None:
    """The unit hands in, or the office enters what came on paper with its true time.

    A file is needed where one is asked for; what the ledger holds counts as one (nothing is given twice).
    """
    call = report.call
    by_unit = actor is None or report.unit_id in scope_of(actor, ANSWER).unit_ids
    files, pieces = list(given.files), [one for one in given.pieces if one.unit_id == report.unit_id and one.file]
    if call.state != CallStage.OPEN:
        raise Refusal(_("This call is closed."), _("Ask the office to open it again."))
    if not files and not pieces and (by_unit or call.form == WrittenForm.FILE):
        raise Refusal(_("The report is missing."), _("Add a file or a photo of the sealed sheet."))
    at, note = true_time(given.at), given.note.strip()[:300]
    with transaction.atomic():
        kept = [_attach(report, one.data, one.name, actor) for one in files]
        kept += [_attach(report, read(one.file), one.title, actor) for one in pieces if one.file is not None]
        first = report.handed_in_at or at
        advance(
            report, WRITTEN_WORKFLOW, "hand-in", actor=actor, on_behalf="" if by_unit else str(report.unit), at=at,
            data={"files": kept}, handed_in_at=first, note=note,
        )  # fmt: skip
        WrittenReport.objects.filter(pk=report.pk).update(note=note)
        report.note = note


def _attach(report: WrittenReport, data: bytes, name: str, actor: Any) -> str:
    return attach(data, name, owner=report, region=report.region, actor=actor, accept=TAKEN).file.sha256


def return_report(report: WrittenReport, *, reason: str, actor: Any) -> None:
    """Something is missing in it; the unit is told what."""
    with transaction.atomic():
        advance(report, WRITTEN_WORKFLOW, "return", actor=actor, note=reason)
        _tell(report, _("Returned: %(title)s. %(why)s") % {"title": report.call.title, "why": reason.strip()})


def waive_report(report: WrittenReport, *, reason: str, actor: Any) -> None:
    """The unit need not report."""
    advance(report, WRITTEN_WORKFLOW, "waive", actor=actor, note=reason)


def remind_report(report: WrittenReport, *, actor: Any) -> None:
    """Remind a unit whose report is not in, at most once a day."""
    require_actor(actor, EDIT, report)
    if report.state not in WITH_UNIT or report.call.state != CallStage.OPEN:
        raise Refusal(_("%s has nothing to hand in.") % report.unit, _("Nothing is to be done."))
    if report.reminded_at is not None and clock.local(report.reminded_at).date() == clock.today():
        raise Refusal(_("%s was reminded today.") % report.unit, _("Once a day is enough."))
    with transaction.atomic():
        WrittenReport.objects.filter(pk=report.pk).update(reminded_at=clock.now(), updated_at=clock.now())
        note_step(report, "remind", actor=actor)
        words = _("Not yet in: %(title)s, due %(when)s")
        _tell(report, words % {"title": report.call.title, "when": moment(report.call.due_at)})


def close_call(call: WrittenCall, *, actor: Any) -> None:
    """Nothing more is taken; what is missing stays missing."""
    advance(call, CALL_WORKFLOW, "close", actor=actor)


def reopen_call(call: WrittenCall, *, actor: Any) -> None:
    """Reports are taken again."""
    advance(call, CALL_WORKFLOW, "reopen", actor=actor)


def withdraw_call(call: WrittenCall, *, reason: str, actor: Any) -> None:
    """It was asked in error: it counts for nobody, and those who have not reported are told."""
    with transaction.atomic():
        advance(call, CALL_WORKFLOW, "withdraw", actor=actor, note=reason)
        for report in call.reports.filter(state__in=WITH_UNIT).select_related("unit", "region"):
            _tell(report, _("No longer wanted: %s") % call.title)


def _tell(report: WrittenReport, words: str) -> None:
    people = people_to_tell(report.unit, ANSWER)
    notify(people, "directives", words, region=report.region, url=_address(report), matter=True)


def _address(report: WrittenReport) -> str:
    return reverse("directives:written_report", args=[report.pk])
