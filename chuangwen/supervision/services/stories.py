"""Exposure and praise: proposed by one person, the unit told and heard, released by another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from chuangwen.audit.services import record
from chuangwen.core import clock
from chuangwen.core.access import may, require_actor, require_region
from chuangwen.core.errors import Refusal
from chuangwen.core.soundness import true_time
from chuangwen.core.workdays import default_calendar
from chuangwen.inspections.services.sources import lapse_origin
from chuangwen.notifications.services import notify
from chuangwen.organizations.models import Unit
from chuangwen.organizations.queries import office_people, people_to_tell
from chuangwen.rectification.models import Problem
from chuangwen.supervision.enums import NumberKey, StoryKind, StoryState
from chuangwen.supervision.models import Story, StoryReply
from chuangwen.supervision.queries.standings import numbers_of
from chuangwen.supervision.workflow import ANSWER, EDIT, STORY_WORKFLOW, answers_for_unit
from chuangwen.workflow.services import advance, note_step

ANSWERABLE = (StoryState.TOLD, StoryState.RELEASED)


@dataclass(frozen=True, slots=True)
class Told:
    """What is told: of which unit, under which title, in which column. No names of persons."""

    kind: str
    unit: Unit
    title: str
    text: str
    outlet: str
    issue: str = ""
    spot: str = ""
    problem: Problem | None = None


def propose_story(told: Told, *, actor: Any) -> Story:
    """Recommend an exposure or a praise. Nobody outside the office sees it yet."""
    require_region(actor, EDIT, told.unit.region_id)
    if not (told.title.strip() and told.text.strip() and told.outlet.strip()):
        raise Refusal(_("Title, text and outlet are needed."), _("Fill in what is missing."))
    if told.problem is not None and told.unit.pk not in {told.problem.lead_id, told.problem.territory_id}:
        raise Refusal(_("The problem is not one of this unit."), _("Choose another problem, or none."))
    with transaction.atomic():
        story: Story = Story.objects.create(
            region=told.unit.region, kind=told.kind, unit=told.unit, problem=told.problem, title=told.title,
            text=told.text, spot=told.spot, outlet=told.outlet, issue=told.issue, proposed_by=actor,
            proposed_on=clock.today(),
        )  # fmt: skip
        note_step(story, "propose", actor=actor, note=told.title)
    return story


def tell_story(story: Story, *, actor: Any) -> None:
    """The unit reads the exposure before it is released, and can reply in so many working days."""
    days = numbers_of(story.region).get(NumberKey.REPLY_DAYS, 2)
    until = default_calendar().deadline(clock.now(), f"{max(days, 1)}d")
    with transaction.atomic():
        advance(story, STORY_WORKFLOW, "tell", actor=actor, reply_by=until, data={"until": until})
        _tell(people_to_tell(story.unit, ANSWER), story, _("An exposure of your unit is planned; you can reply"))


def reply_to_story(
    story: Story, *, text: str, actor: Any, on_behalf: str = "", at: datetime | None = None
) -> StoryReply:
    """The unit says its word, before or after release; the office enters it from paper (代录)."""
    if actor is not None and not may(actor, ANSWER, story):
        raise PermissionDenied(ANSWER)
    if story.state not in ANSWERABLE:
        raise Refusal(_("There is nothing to reply to now."), _("Open it again to see its present state."))
    if not text.strip():
        raise Refusal(_("There is no text."), _("Write what readers should know."))
    moment = true_time(at)
    behalf = on_behalf if actor is None or answers_for_unit(actor, story) else str(story.unit)
    with transaction.atomic():
        reply: StoryReply = StoryReply.objects.create(
            region=story.region, story=story, text=text, at=moment, on_behalf=behalf,
            before_release=story.state == StoryState.TOLD,
        )  # fmt: skip
        note_step(story, "reply", actor=actor, note=text, at=moment, on_behalf=behalf)
        _tell(office_people(story.region, EDIT), story, _("%s replied") % story.unit)
    return reply


def release_story(story: Story, *, actor: Any) -> None:
    """Shown to the region and, where public pages are open, to everybody; the unit is told."""
    with transaction.atomic():
        advance(story, STORY_WORKFLOW, "release", actor=actor, released_by=actor, released_at=clock.now())
        title = _("Praised: %s") if story.kind == StoryKind.PRAISE else _("Exposed: %s")
        _tell(people_to_tell(story.unit, ANSWER), story, title % story.title)


def drop_story(story: Story, *, reason: str, actor: Any) -> None:
    """It is not released, with the reason."""
    with transaction.atomic():
        advance(story, STORY_WORKFLOW, "drop", actor=actor, note=reason)


def take_down_story(story: Story, *, reason: str, actor: Any) -> None:
    """It is no longer shown, with the reason; the unit still sees it with the reason."""
    with transaction.atomic():
        advance(story, STORY_WORKFLOW, "take_down", actor=actor, note=reason)
        lapse_origin(f"exposure/{story.pk}", reason=reason, actor=actor)
        _tell(people_to_tell(story.unit, ANSWER), story, _("No longer shown: %s") % story.title)


def note_outcome(story: Story, *, outcome: str, actor: Any) -> None:
    """What became of the matter (整改结果), shown with the story."""
    require_actor(actor, EDIT, story)
    if not outcome.strip():
        raise Refusal(_("There is no text."), _("Say what became of it."))
    with transaction.atomic():
        Story.objects.filter(pk=story.pk).update(outcome=outcome, updated_at=clock.now())
        record("supervision.story.outcome", story, actor=actor, data={"outcome": outcome})
    story.outcome = outcome


def _tell(people: Any, story: Story, title: str) -> None:
    url = reverse("supervision:story", args=[story.pk])
    urgent = story.state == StoryState.TOLD
    notify(people, "supervision", title, region=story.region, url=url, body=story.title, urgent=urgent, matter=True)
