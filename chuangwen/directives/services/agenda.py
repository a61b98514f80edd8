"""An agenda: assembled from what the areas find open and late, changed by hand until the meeting is held."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from chuangwen.core import clock
from chuangwen.core.access import require_actor
from chuangwen.core.errors import Refusal
from chuangwen.core.panels import AgendaAsk, AgendaPoint, AgendaSource, agenda_sources
from chuangwen.directives.enums import AHEAD, TopicStage
from chuangwen.directives.models import AgendaItem, Meeting, StudyTopic
from chuangwen.directives.queries.meetings import held_before
from chuangwen.directives.workflow import EDIT
from chuangwen.workflow.services import note_step

LONGEST = 200


def assemble_agenda(meeting: Meeting, *, actor: Any) -> int:
    """Ask all sources for the kind of meeting; returns how many points they have.

    What a source found before is brought up to date in its place, what was dropped stays dropped, what is no longer
    open and has no note is taken out. Points by hand stay. Once the meeting is held nothing changes any more.
    """
    require_actor(actor, EDIT, meeting)
    _check_open(meeting)
    before = held_before(meeting)
    ask = AgendaAsk(meeting.campaign, meeting.kind, meeting.day, before.day if before else None, meeting)
    with transaction.atomic():
        Meeting.objects.select_for_update().get(pk=meeting.pk)
        known = {item.source: item for item in meeting.agenda.exclude(source="")}
        found: list[tuple[AgendaSource, AgendaPoint]] = [
            (source, point) for source in agenda_sources(meeting.kind) if (point := source.found(ask)) is not None
        ]
        place = _last_place(meeting)
        for source, point in found:
            item = known.pop(source.key, None)
            if item is None:
                place += 1
                item = AgendaItem(meeting=meeting, source=source.key, position=place)
            item.title, item.count, item.url = str(point.title)[:LONGEST], point.count, point.url
            item.lines = [[str(line.text), str(line.sub), str(line.end), line.url] for line in point.lines]
            item.save()
        gone = [item.pk for item in known.values() if not item.note and not item.decisions.exists()]
        AgendaItem.objects.filter(pk__in=gone).delete()
        now = clock.now()
        Meeting.objects.filter(pk=meeting.pk).update(agenda_at=now, updated_at=now)
        meeting.agenda_at = now
        note_step(meeting, "assemble", actor=actor, data={"points": len(found)})
    return len(found)


def add_item(
    meeting: Meeting, *, title: str, actor: Any, note: str = "", reporter: str = "", topic: StudyTopic | None = None
) -> AgendaItem:
    """A point by hand, or a topic out of the bank, at the end of the agenda."""
    require_actor(actor, EDIT, meeting)
    _check_open(meeting)
    if not title.strip():
        raise Refusal(_("The point has no words."), _("One short line is enough."))
    if topic is not None and (topic.state != TopicStage.OPEN or topic.campaign_id != meeting.campaign_id):
        raise Refusal(_("This topic is not in the bank any more."), _("Choose another one."))
    with transaction.atomic():
        item = AgendaItem.objects.create(
            meeting=meeting, topic=topic, position=_last_place(meeting) + 1, title=title.strip()[:LONGEST],
            note=note.strip(), reporter=reporter.strip(),
        )  # fmt: skip
        if topic is not None:
            StudyTopic.objects.filter(pk=topic.pk).update(meeting=meeting, updated_at=clock.now())
        note_step(meeting, "add-item", actor=actor, data={"title": item.title})
    return item


def change_item(item: AgendaItem, *, title: str, note: str, reporter: str, actor: Any) -> None:
    """Other words for a point, what is to be said of it, who introduces it. A source keeps its own words."""
    require_actor(actor, EDIT, item.meeting)
    _check_open(item.meeting)
    if not title.strip():
        raise Refusal(_("The point has no words."), _("One short line is enough."))
    with transaction.atomic():
        item.title = item.title if item.source else title.strip()[:LONGEST]
        item.note, item.reporter = note.strip(), reporter.strip()
        item.save(update_fields=["title", "note", "reporter", "updated_at"])
        note_step(item.meeting, "change-item", actor=actor, data={"title": item.title})


def drop_item(item: AgendaItem, *, actor: Any) -> None:
    """Leave a point out; what a source brings can be taken back in, what was added by hand is gone."""
    require_actor(actor, EDIT, item.meeting)
    _check_open(item.meeting)
    with transaction.atomic():
        note_step(item.meeting, "drop-item", actor=actor, data={"title": item.title})
        if item.source:
            AgendaItem.objects.filter(pk=item.pk).update(dropped=True, updated_at=clock.now())
            return
        if item.topic_id:
            StudyTopic.objects.filter(pk=item.topic_id, meeting=item.meeting).update(meeting=None)
        item.delete()


def take_item_back(item: AgendaItem, *, actor: Any) -> None:
    """A point that was left out stands on the agenda again."""
    require_actor(actor, EDIT, item.meeting)
    _check_open(item.meeting)
    with transaction.atomic():
        AgendaItem.objects.filter(pk=item.pk).update(dropped=False, updated_at=clock.now())
        note_step(item.meeting, "take-back-item", actor=actor, data={"title": item.title})


def move_item(item: AgendaItem, *, up: bool, actor: Any) -> None:
    """A point one place up or down among those that are not left out."""
    require_actor(actor, EDIT, item.meeting)
    _check_open(item.meeting)
    with transaction.atomic():
        Meeting.objects.select_for_update().get(pk=item.meeting_id)
        items = list(item.meeting.agenda.filter(dropped=False))
        order = [one.pk for one in items]
        here = order.index(item.pk) if item.pk in order else -1
        there = here - 1 if up else here + 1
        if here < 0 or not 0 <= there < len(items):
            return
        items[here], items[there] = items[there], items[here]
        for place, one in enumerate(items, 1):
            one.position = place
        AgendaItem.objects.bulk_update(items, ["position"])
        note_step(item.meeting, "move-item", actor=actor, data={"title": item.title, "to": there + 1})


def _last_place(meeting: Meeting) -> int:
    return meeting.agenda.aggregate(last=Max("position"))["last"] or 0


def _check_open(meeting: Meeting) -> None:
    if meeting.state not in AHEAD:
        raise Refusal(_("The agenda of this meeting stands as it is."), _("It is changed before the meeting is held."))
