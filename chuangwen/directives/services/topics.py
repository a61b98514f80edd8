"""The bank of topics for the leading group's study (班子专题研究): kept, taken up by a meeting, settled."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from chuangwen.campaigns.models import Campaign
from chuangwen.core.access import require_actor
from chuangwen.core.errors import Refusal
from chuangwen.directives.enums import TopicStage
from chuangwen.directives.models import StudyTopic
from chuangwen.directives.workflow import EDIT, TOPIC_WORKFLOW
from chuangwen.organizations.models import Unit
from chuangwen.workflow.services import advance, note_step


def keep_topic(
    campaign: Campaign, *, title: str, why: str, unit: Unit | None, actor: Any, topic: StudyTopic | None = None
) -> StudyTopic:
    """Put a topic into the bank, or change one that is still there."""
    require_actor(actor, EDIT, campaign)
    if not title.strip():
        raise Refusal(_("The topic has no words."), _("One short line is enough."))
    if topic is not None and topic.state != TopicStage.OPEN:
        raise Refusal(_("This topic is settled."), _("Put it back into the bank first."))
    with transaction.atomic():
        if topic is None:
            topic = StudyTopic(region=campaign.region, campaign=campaign, made_by=actor)
        topic.title, topic.why, topic.unit = title.strip(), why.strip(), unit
        topic.save()
        note_step(topic, "keep", actor=actor)
    return topic


def settle_topic(topic: StudyTopic, *, result: str, actor: Any) -> None:
    """What came of a study, where no signed minutes say it."""
    if not result.strip():
        raise Refusal(_("It does not say what came of it."), _("One sentence is enough."))
    advance(topic, TOPIC_WORKFLOW, "study", actor=actor, result=result.strip())


def drop_topic(topic: StudyTopic, *, reason: str, actor: Any) -> None:
    """The topic is not studied."""
    advance(topic, TOPIC_WORKFLOW, "drop", actor=actor, note=reason, result=reason.strip(), meeting=None)


def reopen_topic(topic: StudyTopic, *, actor: Any) -> None:
    """Back into the bank."""
    advance(topic, TOPIC_WORKFLOW, "reopen", actor=actor, meeting=None)
