"""From the deliberation by the guiding group to the award: each step for a whole programme, in one act."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from chuangwen.core import clock
from chuangwen.core.access import may, require
from chuangwen.core.errors import Refusal
from chuangwen.core.files.services import Upload
from chuangwen.core.numbering import next_number
from chuangwen.core.workdays import default_calendar
from chuangwen.honors.enums import ApplicationState, Channel, ProgrammeState, Ruling
from chuangwen.honors.models import Application, Award, Deliberation, Objection, Programme
from chuangwen.honors.queries.family_facts import outcomes_by_application
from chuangwen.honors.queries.settings import setting
from chuangwen.honors.services.freezing import refuse_frozen
from chuangwen.honors.services.granting import grant
from chuangwen.honors.services.papers import keep_papers, need, page_of, tell_unit
from chuangwen.honors.services.programmes import notice_days
from chuangwen.honors.services.stepping import advance, note_step, refuse_naming, refuse_private
from chuangwen.honors.workflow import APPLICATION, AWARD, PROGRAMME

CHOICES = ("recommend", "reserve", "pass_over")


@dataclass(frozen=True, slots=True)
class Meeting:
    """When the guiding group met, who was in the chair, and under which number its minutes are kept."""

    held_on: date
    chair: str
    minutes: str = ""


def deliberate(
    programme: Programme, meeting: Meeting, decisions: Mapping[int, tuple[str, str]], *, actor: Any,
    papers: Iterable[Upload] = (),
) -> Deliberation:  # fmt: skip
    """Enter what the guiding group decided about every reviewed application: application -> (choice, note).

    Recommended is only whom every condition allows, no more than the quota; who is frozen goes in reserve. Who enters
    it for the group gives the number of the minutes. What was never submitted ends here.
    """
    chair = _checked(programme, meeting, actor)
    rows = {row.pk: row for row in _reviewed(programme)}
    if set(decisions) != set(rows):
        raise Refusal(_("The sheet does not decide about every application."), _("Choose one answer in each line."))
    chosen = [rows[pk] for pk, (choice, _note) in decisions.items() if choice == "recommend"]
    if programme.quota is not None and len(chosen) > programme.quota:
        raise Refusal(
            _("%(n)d are recommended, but the quota is %(quota)d.") % {"n": len(chosen), "quota": programme.quota},
            _("Put the others in reserve."),
        )
    refuse_barred(programme, chosen)
    refuse_frozen(rows[pk] for pk, (choice, _note) in decisions.items() if choice == "pass_over")
    behalf = "" if actor is None or str(actor) == chair else chair
    with transaction.atomic():
        advance(programme, PROGRAMME, "deliberate", actor=actor, on_behalf=behalf, note=meeting.minutes,
                data={"held_on": meeting.held_on, "recommended": len(chosen), "of": len(rows)})  # fmt: skip
        made: Deliberation = Deliberation.objects.create(
            region=programme.region, programme=programme, held_on=meeting.held_on, chair=chair,
            minutes=meeting.minutes.strip(), entered_by=actor,
        )  # fmt: skip
        keep_papers(papers, made, region=programme.region, actor=actor)
        for pk, (choice, note) in decisions.items():
            advance(rows[pk], APPLICATION, choice, actor=actor, note=note, on_behalf=behalf, decided_note=note[:300])
            tell_unit(rows[pk].unit, _told(choice) % rows[pk], page_of(rows[pk]), body=note)
        _end_drafts(programme)
    return made


def _checked(programme: Programme, meeting: Meeting, actor: Any) -> str:
    chair = need(meeting.chair, _("It does not say who was in the chair."), _("Give the name."))
    if meeting.held_on > clock.today():
        raise Refusal(_("The meeting lies ahead."), _("Enter it once it has been held."))
    if meeting.held_on <= programme.apply_until:
        raise Refusal(_("The meeting lies within the days for applying."), _("Check the day."))
    if actor is not None and str(actor) != chair and not meeting.minutes.strip():
        raise Refusal(
            _("You enter this for the guiding group."), _("Give the number of its minutes; a scan can go with it.")
        )
    return chair


def _reviewed(programme: Programme) -> list[Application]:
    waiting = programme.applications.filter(state=ApplicationState.SUBMITTED).select_related("unit").first()
    if waiting:
        raise Refusal(_("“%s” has not been reviewed yet.") % waiting, _("Close its review first."))
    rows = programme.applications.filter(state=ApplicationState.REVIEWED)
    found = list(rows.select_related("unit__region", "region", "programme__title", "family"))
    if not found:
        raise Refusal(_("No application has been reviewed."), _("There is nothing to deliberate about."))
    return found


def _end_drafts(programme: Programme) -> None:
    for draft in programme.applications.filter(state=ApplicationState.DRAFT).select_related("unit", "region"):
        advance(draft, APPLICATION, "withdraw", actor=None, note=_("It was not submitted in time."))


def _told(choice: str) -> str:
    return {"recommend": _("Recommended: %s"), "reserve": _("In reserve: %s"), "pass_over": _("Not recommended: %s")}[
        choice
    ]


def refuse_barred(programme: Programme, applications: Iterable[Application]) -> None:
    """Refusal where one is frozen, or where a condition is not met or not settled today; names the first."""
    applications = list(applications)
    refuse_frozen(applications)
    rows = {row.pk: row for row in applications}
    found = outcomes_by_application(programme, rows.values())
    for pk, outcome in found.items():
        if not outcome.may_be_granted:
            open_ones = len(outcome.verdicts) - outcome.met
            raise Refusal(
                _("“%(who)s” cannot be chosen: %(n)d of its conditions are not met or not settled.")
                % {"who": rows[pk].holder, "n": open_ones},
                _("Its page says which, and what to do."),
            )


def promote_application(application: Application, *, reason: str, actor: Any) -> None:
    """From the reserve into a place that has become free, before the award.

    Who moves up after the public notice has begun goes on a supplementary one: nobody is awarded who was not on notice.
    """
    programme = application.programme
    if programme.state not in {ProgrammeState.DELIBERATED, ProgrammeState.NOTICED}:
        raise Refusal(
            _("The reserve moves up between the deliberation and the award."),
            _("The next programme is open to the unit."),
        )
    refuse_barred(programme, [application])
    with transaction.atomic():
        Programme.objects.select_for_update().get(pk=programme.pk)  # one place is not given twice at once
        taken = programme.applications.filter(
            state__in=[ApplicationState.RECOMMENDED, ApplicationState.NOTICED]
        ).count()
        if programme.quota is not None and taken >= programme.quota:
            raise Refusal(_("The quota of %d is used up.") % programme.quota, _("A place has to become free first."))
        advance(application, APPLICATION, "promote", actor=actor, note=reason, decided_note=reason[:300])
        tell_unit(application.unit, _told("recommend") % application, page_of(application), body=reason)


def begin_notice(programme: Programme, *, first: date, last: date, actor: Any) -> None:
    """Put all recommended units on public notice (公示) from `first` to `last`."""
    found = _to_notice(programme, first, last)
    with transaction.atomic():
        advance(programme, PROGRAMME, "notice", actor=actor, data={"first": first, "last": last, "units": len(found)},
                notice_from=first, notice_until=last)  # fmt: skip
        _put_on_notice(found, first, last, actor)


def begin_supplementary_notice(programme: Programme, *, first: date, last: date, actor: Any) -> None:
    """Put on public notice who moved up from the reserve after it had begun (补充公示).

    The programme's notice lasts until this one ends: nobody is awarded before, and objections are taken meanwhile.
    """
    if actor is not None:
        require(actor, AWARD, programme)
    if programme.state != ProgrammeState.NOTICED:
        raise Refusal(_("“%s” is not on public notice.") % programme, _("Look at its state."))
    found = _to_notice(programme, first, last)
    with transaction.atomic():
        until = max(last, programme.notice_until)
        if not Programme.objects.filter(pk=programme.pk, state=ProgrammeState.NOTICED).update(notice_until=until):
            raise Refusal(_("“%s” is not on public notice.") % programme, _("Look at its state."))
        programme.notice_until = until
        note_step(programme, "supplement", actor=actor, data={"first": first, "last": last, "units": len(found)})
        _put_on_notice(found, first, last, actor)


def _to_notice(programme: Programme, first: date, last: date) -> list[Application]:
    """Who goes on notice; Refusal for days that are too few, for nobody, and for whom a condition bars."""
    least = setting(programme.region, "notice-workdays")
    if first < clock.today():
        raise Refusal(_("The notice begins before today."), _("Let it begin today or later."))
    if last < first or notice_days(first, last) < least:
        raise Refusal(_("A public notice lasts at least %d working days.") % least, _("Let it end later."))
    rows = programme.applications.filter(state=ApplicationState.RECOMMENDED)
    found = list(rows.select_related("unit__region", "region", "programme__title", "family"))
    if not found:
        raise Refusal(_("No unit is recommended."), _("There is nothing to put on notice."))
    refuse_barred(programme, found)
    return found


def _put_on_notice(found: Iterable[Application], first: date, last: date, actor: Any) -> None:
    for row in found:
        advance(row, APPLICATION, "notice", actor=actor, notice_from=first, notice_until=last)
        tell_unit(row.unit, _("On public notice: %s") % row, page_of(row))


def refuse_application(application: Application, *, reason: str, actor: Any) -> None:
    """The office refuses it, before or during the public notice, with the reason; not while it is frozen."""
    refuse_frozen([application])
    _refuse(application, reason=reason, actor=actor)


def _refuse(application: Application, *, reason: str, actor: Any) -> None:
    with transaction.atomic():
        advance(application, APPLICATION, "refuse", actor=actor, note=reason, decided_note=reason[:300])
        tell_unit(application.unit, _("Refused: %s") % application, page_of(application), body=reason)


@dataclass(frozen=True, slots=True)
class Complaint:
    """What somebody says against an award during the public notice; `sender` and `contact` may stay empty."""

    text: str
    received_on: date
    sender: str = ""
    contact: str = ""
    channel: str = Channel.PAPER


def enter_objection(
    application: Application, complaint: Complaint, *, actor: Any, papers: Iterable[Upload] = ()
) -> Objection:
    """Keep an objection that came during the public notice: by letter, call or visit, or over the public page."""
    if actor is not None and not may(actor, AWARD, application):
        raise Refusal(_("This is up to somebody with another role."))
    programme = application.programme
    if application.state != ApplicationState.NOTICED:
        raise Refusal(_("“%s” is not on public notice.") % application, _("Objections are taken during the notice."))
    text = need(complaint.text, _("The objection has no text."), _("Write what was said."))
    if application.family_id:
        refuse_private(text)
    day = complaint.received_on
    begun = application.notice_from or programme.notice_from
    if not begun <= day <= min(programme.notice_until, clock.today()):
        raise Refusal(_("It was not received during the public notice."), _("Check the day."))
    within = setting(programme.region, "answer-workdays")
    with transaction.atomic():
        count = next_number(programme.region, f"objection-{day.year}")
        made: Objection = Objection.objects.create(
            region=programme.region, application=application, number=f"Y{day.year}-{count:03d}", text=text,
            sender=complaint.sender.strip(), contact=complaint.contact.strip(), received_on=day,
            answer_by=default_calendar().add_workdays(day, within), entered_by=actor, channel=complaint.channel,
        )  # fmt: skip
        note_step(application, "objection", actor=actor, data={"number": made.number})
        keep_papers(papers, made, region=programme.region, actor=actor)
    return made


def rule_objection(objection: Objection, *, ruling: str, reply: str, actor: Any) -> None:
    """Answer an objection after looking into it. One that is upheld ends the application."""
    if actor is not None and not may(actor, AWARD, objection):
        raise Refusal(_("This is up to somebody with another role."))
    told = need(reply, _("There is no reply."), _("Write what was found."))
    application = objection.application
    refuse_naming(objection, told)
    with transaction.atomic():
        done = Objection.objects.filter(pk=objection.pk, ruled_on__isnull=True).update(
            ruling=ruling, reply=told, ruled_on=clock.today(), ruled_by=actor, updated_at=clock.now()
        )
        if not done:
            raise Refusal(_("“%s” has been answered already.") % objection, _("Open it to read the reply."))
        objection.refresh_from_db()
        note_step(application, "objection-ruled", actor=actor, data={"number": objection.number, "ruling": ruling})
        if ruling == Ruling.UPHELD and application.state == ApplicationState.NOTICED:
            reason = _("The objection %s was upheld.") % objection.number
            _refuse(application, reason=reason, actor=actor)


def award_titles(
    programme: Programme, *, granted_on: date, document: str, actor: Any, papers: Iterable[Upload] = ()
) -> list[Award]:
    """Award the title to all who were on notice, in one act: not while an objection is open or a condition fails."""
    number = need(document, _("The number of the decision is missing."), _("Give the number of the naming document."))
    if not programme.notice_until < granted_on <= clock.today():
        raise Refusal(_("The day lies before the end of the notice or ahead."), _("Check the day."))
    rows = programme.applications.filter(state=ApplicationState.NOTICED)
    found = list(rows.select_related("unit__region", "region", "programme__title", "family"))
    moved_up = programme.applications.filter(state=ApplicationState.RECOMMENDED).select_related("unit").first()
    if moved_up:
        raise Refusal(
            _("“%s” has moved up and was not on public notice.") % moved_up,
            _("Begin a supplementary notice first, or refuse the application with the reason."),
        )
    waiting = Objection.objects.filter(application__in=found, ruled_on__isnull=True).first()
    if waiting:
        raise Refusal(_("The objection %s has not been answered.") % waiting, _("Answer it first."))
    refuse_barred(programme, found)
    with transaction.atomic():
        advance(programme, PROGRAMME, "award", actor=actor, note=number, data={"units": len(found)},
                award_on=granted_on)  # fmt: skip
        keep_papers(papers, programme, region=programme.region, actor=actor)
        awards = []
        for row in found:
            advance(row, APPLICATION, "award", actor=actor)
            awards.append(
                grant(
                    row.unit,
                    programme.title,
                    granted_on=granted_on,
                    document=number,
                    actor=actor,
                    application=row,
                    family=row.family,
                )
            )
            tell_unit(row.unit, _("Awarded: %s") % programme.title, page_of(row))
        for row in programme.applications.filter(state=ApplicationState.RESERVE).select_related("region", "unit"):
            advance(row, APPLICATION, "expire", actor=actor)
    return awards
