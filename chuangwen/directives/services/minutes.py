"""Minutes: what was said and decided, the number and the signature, and what becomes of the decisions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max
from django.dispatch import Signal
from django.urls import reverse
from django.utils.translation import gettext as _

from chuangwen.core import clock
from chuangwen.core.access import may, require_actor
from chuangwen.core.errors import Refusal
from chuangwen.core.files.services import Upload
from chuangwen.core.numbering import next_number
from chuangwen.core.templatetags.wording import day as day_words
from chuangwen.directives.enums import MeetingStage, TopicStage
from chuangwen.directives.meeting_papers import minutes_paper
from chuangwen.directives.models import AgendaItem, Decision, Document, DocumentKind, Meeting
from chuangwen.directives.plans import due_at as due_moment
from chuangwen.directives.queries.chairs import chair_holders
from chuangwen.directives.queries.decisions import DecisionReader
from chuangwen.directives.queries.meetings import decision_repeats, unissued
from chuangwen.directives.services.documents import SameDocument, add_document
from chuangwen.directives.services.issuing import lead_words
from chuangwen.directives.services.meetings import keep_papers
from chuangwen.directives.titles import undated
from chuangwen.directives.workflow import EDIT, TOPIC_WORKFLOW
from chuangwen.notifications.services import notify
from chuangwen.organizations.models import Unit
from chuangwen.organizations.queries import region_people
from chuangwen.responsibilities.models import Origin, Task
from chuangwen.responsibilities.queries.repeats import OpenRequest
from chuangwen.responsibilities.services import draft_task, issue_task
from chuangwen.responsibilities.services.news import News
from chuangwen.responsibilities.services.repeating import FIRST, Again, keep_repeats
from chuangwen.responsibilities.services.tasks import acting_post
from chuangwen.workflow.services import advance, note_step

SIGN = "directives.sign"
# Minutes were numbered and signed. A higher area that keeps a list of its own for the meeting notes the number there.
# Sent inside the transaction with `meeting`.
signed = Signal()


@dataclass(frozen=True, slots=True)
class Resolved:
    """One decision: its words, who does it, by when, by what it counts as done; `item` of the agenda it belongs to."""

    text: str
    units: Iterable[Unit] = ()
    cooperating: Iterable[Unit] = ()
    due_on: date | None = None
    measure: str = ""
    item: AgendaItem | None = None


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signed the minutes, by post, and when."""

    signed_as: str
    signed_on: date
    scans: Iterable[Upload] = field(default=())


def write_minutes(meeting: Meeting, *, summary: str, recorder: str, actor: Any) -> None:
    """What was said, point by point or in one piece; only as long as nobody has signed."""
    require_actor(actor, EDIT, meeting)
    _check_open(meeting)
    with transaction.atomic():
        fields = {"summary": summary.strip(), "recorder": recorder.strip(), "updated_at": clock.now()}
        Meeting.objects.filter(pk=meeting.pk).update(**fields)
        meeting.summary, meeting.recorder = summary.strip(), recorder.strip()
        note_step(meeting, "write", actor=actor)
        if meeting.summary:
            _ask_signature(meeting)


def _ask_signature(meeting: Meeting) -> None:
    """Who was in the chair hears once that the minutes wait for the signature; else every leader who may sign."""
    signers = region_people(meeting.region, SIGN)
    chaired = signers.filter(pk__in=chair_holders(meeting))
    people = chaired if chaired.exists() else signers
    url = reverse("directives:meeting", args=[meeting.pk])
    words, key = _("Minutes to sign: %s") % meeting.name, f"minutes-{meeting.pk}"
    notify(people, "directives", words, region=meeting.region, url=url, key=key)


def write_decision(meeting: Meeting, resolved: Resolved, *, actor: Any, decision: Decision | None = None) -> Decision:
    """Write down a decision, or change one that has not become tasks yet.

    Deadline and measure that are not given are read out of its words as those of documents are (本周内), where units
    are to do it and the words are new.
    """
    require_actor(actor, EDIT, meeting)
    _check_open(meeting)
    if not resolved.text.strip():
        raise Refusal(_("The decision has no words."), _("Say who does what, and by when."))
    if decision is not None and decision.tasks.exists():
        raise Refusal(_("This decision has become tasks."), _("Change the tasks; the minutes keep what was decided."))
    resolved = _read_words(meeting, resolved, decision)
    with transaction.atomic():
        if decision is None:
            last = meeting.decisions.aggregate(last=Max("position"))["last"] or 0
            decision = Decision(meeting=meeting, position=last + 1)
        decision.text, decision.measure = resolved.text.strip()[:300], resolved.measure.strip()
        decision.due_on, decision.item = resolved.due_on, resolved.item
        decision.save()
        decision.units.set(resolved.units)
        decision.cooperating.set(resolved.cooperating)
        note_step(meeting, "decide", actor=actor, data={"title": decision.text})
    return decision


def _read_words(meeting: Meeting, resolved: Resolved, before: Decision | None) -> Resolved:
    units, text = list(resolved.units), resolved.text.strip()
    known = before is not None and before.text == text[:300]  # who emptied a field then wants it empty
    if known or not units or (resolved.due_on and resolved.measure.strip()):
        return replace(resolved, units=units)
    said = DecisionReader(meeting).told(text)
    return replace(
        resolved, units=units, due_on=resolved.due_on or said.due_on, measure=resolved.measure.strip() or said.measure
    )


def drop_decision(decision: Decision, *, actor: Any) -> None:
    """Take out a decision that has not become tasks yet."""
    meeting = decision.meeting
    require_actor(actor, EDIT, meeting)
    _check_open(meeting)
    if decision.tasks.exists():
        raise Refusal(_("This decision has become tasks."), _("Cancel the tasks; the minutes keep what was decided."))
    with transaction.atomic():
        note_step(meeting, "undecide", actor=actor, data={"title": decision.text})
        decision.delete()


def issue_decisions(
    meeting: Meeting, *, actor: Any, due_on: date | None = None, measure: str = "", again: Again = FIRST
) -> int:
    """Make a task of each decision for each unit that leads it and lacks one; returns how many.

    `due_on` and `measure` stand in where a decision names none, `again` answers for what is open at its unit already
    (raises Repeated). Decisions without a unit are only recorded. Each unit
    is told once. All or nothing.
    """
    require_actor(actor, "responsibilities.edit", meeting)
    _check_held(meeting)
    news, number = News(), 0
    kept: list[tuple[Task, OpenRequest]] = []
    with transaction.atomic():
        Meeting.objects.select_for_update().get(pk=meeting.pk)
        repeats = decision_repeats(meeting)
        away = again.left_out(repeats)
        reader, titles = DecisionReader(meeting), dict[int, str]()
        for decision, unit in unissued(meeting):
            if (decision.pk, unit.pk) not in away:
                if decision.pk not in titles:  # its words are read once, however many units lead it
                    titles[decision.pk] = _title(decision, reader)
                task = _task(decision, unit, due_on, measure, titles[decision.pk], actor)
                news.lead(task, decision.cooperating.all())
                number += 1
                kept += [(task, one) for one in [repeats.get((decision.pk, unit.pk))] if one]
        keep_repeats(kept, again, actor)
        if not number:
            raise Refusal(_("There is nothing new to issue."), _("Name a unit and a day for a decision first."))
        news.tell(lambda tasks, duties: lead_words(meeting.name, tasks, duties))
        note_step(meeting, "issue", actor=actor, data={"tasks": number})
        if not meeting.number:
            _ask_signature(meeting)
    return number


def _title(decision: Decision, reader: DecisionReader) -> str:
    """Its words, without those of the deadline where the day that stands beside them was read from these."""
    said = reader.told(decision.text)
    return undated(decision.text, said.deadline) if said.due_on == decision.due_on else decision.text


def _task(decision: Decision, unit: Unit, due_on: date | None, measure: str, title: str, actor: Any) -> Task:
    day, done_when = decision.due_on or due_on, decision.measure or measure.strip()
    if day is None or not done_when:
        raise Refusal(
            _("“%s” has no deadline or no measure.") % decision.text[:40],
            _("Give one for all that lack it, or write it with the decision."),
        )
    meeting, due_at = decision.meeting, due_moment(day)
    number = f"（{meeting.number}）" if meeting.number else ""
    task = draft_task(
        meeting.campaign, unit, title=title, due_at=due_at, measure=done_when,
        post=acting_post(unit),
        cooperating=[one for one in decision.cooperating.all() if one.pk != unit.pk], origin=Origin.DIRECTIVE,
        origin_text=f"{day_words(meeting.day)} {meeting.name}{number}：{decision.text}",
        origin_url=reverse("directives:meeting", args=[meeting.pk]), actor=actor,
    )  # fmt: skip
    issue_task(task, actor=actor, tell=False)
    decision.tasks.add(task)
    return task


def sign_minutes(meeting: Meeting, signature: Signature, *, actor: Any) -> None:
    """Number the minutes and note who signed them: a leader in person, or the office from the signed sheet.

    From then on they stand. Topics that the meeting studied are settled with what was decided about them.
    """
    scans = list(signature.scans)
    if actor is not None and not may(actor, SIGN, meeting):
        if not may(actor, EDIT, meeting):
            raise PermissionDenied(SIGN)
        if not scans:
            raise Refusal(_("The signed sheet is missing."), _("Add its scan or a photo; or a leader signs here."))
    _check_open(meeting)
    if not signature.signed_as.strip():
        raise Refusal(_("It does not say who signed."), _("Give the post."))
    if not meeting.day <= signature.signed_on <= clock.today():
        raise Refusal(_("The day of the signature cannot be."), _("It lies between the meeting and today."))
    if not meeting.summary and not meeting.decisions.exists():
        raise Refusal(_("The minutes are empty."), _("Write what was said or what was decided."))
    with transaction.atomic():
        year = meeting.day.year
        number = f"纪要〔{year}〕{next_number(meeting.region, f'minutes-{year}')}号"
        fields = {"number": number, "signed_as": signature.signed_as.strip(), "signed_on": signature.signed_on}
        rows = Meeting.objects.filter(pk=meeting.pk, number="")
        if rows.update(updated_at=clock.now(), **fields) != 1:
            raise Refusal(_("The minutes are signed already."), _("They stand as they are."))
        for name, value in fields.items():
            setattr(meeting, name, value)
        note_step(meeting, "sign", actor=actor, data=fields | {"scans": keep_papers(meeting, scans, actor=actor)})
        _settle_topics(meeting, actor)
        signed.send(Meeting, meeting=meeting)


def _settle_topics(meeting: Meeting, actor: Any) -> None:
    for topic in meeting.topics.filter(state=TopicStage.OPEN).select_related("region"):
        said = meeting.decisions.filter(item__topic=topic).values_list("text", flat=True)
        result = "\n".join(said) or topic.result
        advance(topic, TOPIC_WORKFLOW, "study", actor=actor if _edits(actor, topic) else None, result=result)


def _edits(actor: Any, row: Any) -> bool:
    """Whether the step counts as the person's own; a leader's signature settles topics by the program."""
    return actor is not None and may(actor, EDIT, row)


def give_to_review(meeting: Meeting, *, actor: Any) -> Document:
    """Let the review read the minutes like any other document; the same minutes lead to the same document."""
    require_actor(actor, EDIT, meeting)
    _check_held(meeting)
    data = minutes_paper(meeting)
    with transaction.atomic():
        given = Meeting.objects.select_for_update().get(pk=meeting.pk).document  # by whoever pressed first
        if given is not None:
            return given
        try:
            document = add_document(
                meeting.campaign, data, actor=actor, name=f"{meeting.name}纪要.docx", title=f"{meeting.name}纪要",
                kind=DocumentKind.MINUTES, day=meeting.day,
            )  # fmt: skip
        except SameDocument as same:
            document = same.document
        Meeting.objects.filter(pk=meeting.pk).update(document=document, updated_at=clock.now())
        note_step(meeting, "read", actor=actor, data={"document": document.pk})
    meeting.document = document
    return document


def _check_held(meeting: Meeting) -> None:
    if meeting.state != MeetingStage.HELD:
        raise Refusal(_("The meeting was not held yet."), _("Enter it first."))


def _check_open(meeting: Meeting) -> None:
    _check_held(meeting)
    if meeting.number:
        raise Refusal(_("The minutes are signed already."), _("They stand as they are."))
