"""The legal steps of a notice and of a veto event, and who may take them."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangwen.core import clock
from chuangwen.core.access import may, scope_of
from chuangwen.organizations.enums import GroupKind
from chuangwen.organizations.models import Group
from chuangwen.organizations.scopes import units_of_user
from chuangwen.supervision.enums import (
    JUDGED,
    ConsequenceState,
    FlagState,
    LagState,
    ListState,
    LookBackState,
    MeetingState,
    NoticeState,
    Signer,
    StoryKind,
    StoryState,
    VetoState,
)
from chuangwen.workflow.queries import history_of
from chuangwen.workflow.transitions import Transition, Words, Workflow

ANSWER, EDIT = "supervision.answer", "supervision.edit"
# Who signs what. Clerk and director are both of the campaign office, which is one role: the house does not tell
# its people apart by rank.
SIGNING = {
    Signer.CLERK: "supervision.sign",
    Signer.DIRECTOR: "supervision.sign",
    Signer.DEPUTY: "supervision.sign_red",
}


def answers_for_unit(actor: Any, notice: Any) -> bool:
    """Whether `actor` answers as the unit itself; the office answers on its behalf (代录)."""
    return notice.unit_id in scope_of(actor, ANSWER).unit_ids


def of_the_unit(actor: Any, matter: Any) -> bool:
    """Whether `actor` belongs to the unit or answers for it."""
    return matter.unit_id in units_of_user(actor) or answers_for_unit(actor, matter)


def may_sign(actor: Any, notice: Any) -> bool:
    """Whether `actor` signs such a notice in person."""
    return may(actor, SIGNING.get(notice.signer, "supervision.sign_red"), notice)


def signs_for(actor: Any, body: Any) -> bool:
    """Whether `actor` signs a joint notice for the body in person: a leader of its own, not of the whole region."""
    return actor is not None and body.unit_id in scope_of(actor, SIGNING[Signer.DEPUTY]).unit_ids


def signs_or_enters(actor: Any, notice: Any) -> Words:
    """The signer signs; the office may enter the signature from the signed sheet."""
    if actor is not None and not may_sign(actor, notice) and not may(actor, EDIT, notice):
        return _("This colour is signed by: %s.") % notice.get_signer_display()
    return ""


JUDGEMENTS = frozenset({"settle", "return"})  # the steps by which an answer is judged


def own_offices() -> QuerySet[Any]:
    """The units that are a leading group's office, by key: sheets to them are signed and judged above the office."""
    return Group.objects.filter(kind=GroupKind.LEADING, office__isnull=False).order_by().values("office")


def is_own_office(unit_id: int) -> bool:
    """Whether the unit is a leading group's office: nobody presses or lets off the own office."""
    return own_offices().filter(office=unit_id).exists()


def may_judge(actor: Any, notice: Any) -> bool:
    """Whether `actor` judges the answer in person: the office, or its own answer the deputy head who signs for it."""
    return may(actor, SIGNING[Signer.DEPUTY] if is_own_office(notice.unit_id) else EDIT, notice)


def judges_or_enters(actor: Any, notice: Any) -> Words:
    """Who judges; the office may enter from paper what the deputy head decided about the office's own answer."""
    if actor is None or may(actor, EDIT, notice) or may_judge(actor, notice):
        return ""
    return _("The campaign office judges the answer.")


def not_the_own_unit(actor: Any, notice: Any) -> Words:
    """Nobody presses or lets off the own unit."""
    if actor is not None and of_the_unit(actor, notice):
        return _("You belong to this unit; somebody else decides here.")
    return ""


def not_who_answered(actor: Any, notice: Any) -> Words:
    """Whoever entered the answer does not judge it."""
    if actor is None:
        return ""
    last = history_of(notice).filter(action="answer").order_by("-at", "-pk").first()
    return _("You entered this answer; somebody else judges it.") if last and last.actor_id == actor.pk else ""


def another_confirms(actor: Any, event: Any) -> Words:
    """A veto event is confirmed by a second person, who is not of the unit."""
    if actor is None:
        return ""
    if event.entered_by_id == actor.pk:
        return _("You entered this yourself; a second person confirms it.")
    return not_the_own_unit(actor, event)


RUNNING = (NoticeState.SENT, NoticeState.ACKNOWLEDGED, NoticeState.ANSWERED)
NOTICE_WORKFLOW = Workflow(
    [
        Transition(
            "sign", (NoticeState.PROPOSED,), NoticeState.SENT, _("Sign and send"), _("Signed and sent"),
            guards=(signs_or_enters, not_the_own_unit), icon="signature",
        ),
        Transition(
            "drop", (NoticeState.PROPOSED,), NoticeState.DROPPED, _("Do not send"), pgettext_lazy("notice", "Not sent"),
            permission=EDIT, guards=(not_the_own_unit,), icon="x", needs_note=True,
        ),
        Transition(
            "acknowledge", (NoticeState.SENT,), NoticeState.ACKNOWLEDGED, _("Confirm receipt"), _("Receipt confirmed"),
            permission=ANSWER, icon="check",
        ),
        Transition(
            "answer", (NoticeState.SENT, NoticeState.ACKNOWLEDGED), NoticeState.ANSWERED, _("Answer"), _("Answered"),
            permission=ANSWER, icon="messages", needs_note=True,
        ),
        Transition(
            "settle", (NoticeState.ANSWERED,), NoticeState.SETTLED, _("Settle"), pgettext_lazy("notice", "Settled"),
            guards=(judges_or_enters, not_the_own_unit, not_who_answered), icon="circle-check",
        ),
        Transition(
            "return", (NoticeState.ANSWERED,), NoticeState.ACKNOWLEDGED, _("Return the answer"), _("Answer returned"),
            guards=(judges_or_enters, not_the_own_unit, not_who_answered), icon="arrow-back-up", needs_note=True,
        ),
        Transition(
            "escalate", RUNNING, NoticeState.ESCALATED, _("Escalate"), pgettext_lazy("notice", "Escalated"),
            icon="trending-up",
        ),
        Transition(
            "withdraw", RUNNING, NoticeState.WITHDRAWN, _("Withdraw the notice"), pgettext_lazy("notice", "Withdrawn"),
            permission=EDIT, guards=(signs_or_enters, not_the_own_unit), icon="trash", needs_note=True,
        ),
    ]
)  # fmt: skip

VETO_WORKFLOW = Workflow(
    [
        Transition(
            "confirm", (VetoState.REPORTED,), VetoState.CONFIRMED, _("Confirm the event"), _("Event confirmed"),
            permission="supervision.veto", guards=(another_confirms,), icon="check",
        ),
        Transition(
            "reject", (VetoState.REPORTED,), VetoState.REJECTED, _("Not confirmed"),
            pgettext_lazy("veto", "Not confirmed"), permission="supervision.veto", guards=(another_confirms,),
            icon="x", needs_note=True,
        ),
        Transition(
            "lift", (VetoState.CONFIRMED,), VetoState.LIFTED, _("Lift"), pgettext_lazy("veto", "Lifted"),
            permission="supervision.veto", guards=(not_the_own_unit,), icon="arrow-back-up", needs_note=True,
        ),
    ]
)  # fmt: skip

FLAG_WORKFLOW = Workflow(
    [
        Transition(
            "give", (FlagState.PROPOSED,), FlagState.GIVEN, _("Give the flag"), _("Flag given"),
            permission=EDIT, guards=(not_the_own_unit,), icon="flag",
        ),
        Transition(
            "drop", (FlagState.PROPOSED,), FlagState.DROPPED, _("Do not give"), pgettext_lazy("flag", "Not given"),
            permission=EDIT, guards=(not_the_own_unit,), icon="x", needs_note=True,
        ),
        Transition(
            "back", (FlagState.GIVEN,), FlagState.BACK, _("Hand back"), pgettext_lazy("flag", "Handed back"),
            permission=EDIT, guards=(not_the_own_unit,), icon="arrow-back-up",
        ),
    ]
)  # fmt: skip

LIST_WORKFLOW = Workflow(
    [
        Transition(
            "release", (ListState.DRAFT,), ListState.RELEASED, pgettext_lazy("list", "Release"),
            pgettext_lazy("list", "Released"), permission=EDIT, icon="send",
        ),
    ]
)  # fmt: skip


MEETING_WORKFLOW = Workflow(
    [
        Transition(
            "hold", (MeetingState.DRAFT,), MeetingState.HELD, _("Enter the meeting"),
            pgettext_lazy("meeting", "Held"), permission=EDIT, icon="check",
        ),
    ]
)  # fmt: skip


def another_releases(actor: Any, story: Any) -> Words:
    """Proposed by one person, released by another, who is not of the unit."""
    if actor is not None and story.proposed_by_id == actor.pk:
        return _("You proposed this yourself; somebody else releases it.")
    return not_the_own_unit(actor, story)


def could_reply(actor: Any, story: Any) -> Words:
    """An exposure waits for the unit's reply, or until its time to reply is over (design.md, protection 4)."""
    if story.kind == StoryKind.PRAISE or story.replies.exists():
        return ""
    if story.reply_by is None:
        return _("The unit was not told yet.")
    return _("The unit can still reply.") if story.reply_by > clock.now() else ""


def is_exposure(actor: Any, story: Any) -> Words:
    """Praise needs no reply."""
    return "" if story.kind == StoryKind.EXPOSURE else _("Praise is released at once.")


STORY_WORKFLOW = Workflow(
    [
        Transition(
            "tell", (StoryState.PROPOSED,), StoryState.TOLD, _("Tell the unit"), _("Unit told"),
            permission=EDIT, guards=(is_exposure, not_the_own_unit), icon="messages",
        ),
        Transition(
            "release", (StoryState.PROPOSED, StoryState.TOLD), StoryState.RELEASED, pgettext_lazy("story", "Release"),
            pgettext_lazy("story", "Released"), permission=EDIT, guards=(another_releases, could_reply),
            icon="speakerphone",
        ),
        Transition(
            "drop", (StoryState.PROPOSED, StoryState.TOLD), StoryState.DROPPED, _("Do not release"),
            pgettext_lazy("story", "Not released"), permission=EDIT, icon="x", needs_note=True,
        ),
        Transition(
            "take_down", (StoryState.RELEASED,), StoryState.TAKEN_DOWN, _("Take down"),
            pgettext_lazy("story", "Taken down"), permission=EDIT, icon="eye-off", needs_note=True,
        ),
    ]
)  # fmt: skip


CONSEQUENCE_WORKFLOW = Workflow(
    [
        Transition(
            "enter", (ConsequenceState.PROPOSED,), ConsequenceState.REPORTED, _("Enter the paper"),
            _("Entered with its paper"), permission=EDIT, guards=(not_the_own_unit,), icon="edit",
        ),
        Transition(
            "confirm", (ConsequenceState.REPORTED,), ConsequenceState.CONFIRMED, _("Confirm the decision"),
            pgettext_lazy("consequence", "Confirmed"), permission="supervision.veto", guards=(another_confirms,),
            icon="check",
        ),
        Transition(
            "reject", (ConsequenceState.REPORTED,), ConsequenceState.REJECTED, _("Not confirmed"),
            pgettext_lazy("consequence", "Not confirmed"), permission="supervision.veto", guards=(another_confirms,),
            icon="x", needs_note=True,
        ),
        Transition(
            "drop", (ConsequenceState.PROPOSED,), ConsequenceState.REJECTED, _("Do not take it up"),
            pgettext_lazy("consequence", "Not taken up"), permission=EDIT, guards=(not_the_own_unit,), icon="x",
            needs_note=True,
        ),
        Transition(
            "lift", (ConsequenceState.CONFIRMED,), ConsequenceState.LIFTED, _("Lift it"),
            pgettext_lazy("consequence", "Lifted"), permission="supervision.veto", guards=(not_the_own_unit,),
            icon="arrow-back-up", needs_note=True,
        ),
    ]
)  # fmt: skip

OPEN_LINES = (LagState.LISTED, LagState.ANSWERED)


def has_lines(actor: Any, look_back: Any) -> Words:
    """An empty list is given to nobody."""
    if look_back.lines.filter(state=LagState.LISTED).exists():
        return ""
    return _("Nothing stands on the list. With nothing lagging no look-back is given out.")


def all_judged(actor: Any, look_back: Any) -> Words:
    """A look-back is closed once every line on it is judged."""
    if look_back.lines.filter(state__in=OPEN_LINES).exists():
        return _("Some lines are not judged yet. Judge them first; the ledger's own state can be taken over.")
    return ""


def is_draft(actor: Any, line: Any) -> Words:
    """The list is trimmed before units have it."""
    return "" if line.look_back.state == LookBackState.DRAFT else _("The list is with the units; it stands.")


def is_given(actor: Any, line: Any) -> Words:
    """Units answer, and the office judges, between giving out and closing."""
    return "" if line.look_back.state == LookBackState.GIVEN else _("The list is not with the units now.")


def is_not_own(actor: Any, line: Any) -> Words:
    """Nobody judges the own unit's matters."""
    return _("Somebody outside the unit judges it.") if actor is not None and of_the_unit(actor, line) else ""


LOOK_BACK_WORKFLOW = Workflow(
    [
        Transition("give", (LookBackState.DRAFT,), LookBackState.GIVEN, pgettext_lazy("look-back", "Give it to units"),
                   pgettext_lazy("look-back", "Given to units"), permission=EDIT, guards=(has_lines,), icon="send"),
        Transition("close", (LookBackState.GIVEN,), LookBackState.CLOSED, pgettext_lazy("look-back", "Close it"),
                   pgettext_lazy("look-back", "Closed"), permission=EDIT, guards=(all_judged,), icon="check"),
    ]
)  # fmt: skip
_JUDGED_FROM = (LagState.LISTED, LagState.ANSWERED, *JUDGED)
# who judges: services.look_backs asks, since the deputy head judges the office's own
LAG_WORKFLOW = Workflow(
    [
        Transition("drop", (LagState.LISTED,), LagState.DROPPED, pgettext_lazy("look-back", "Leave out"),
                   pgettext_lazy("look-back", "Left out"), permission=EDIT, guards=(is_draft,), icon="x",
                   needs_note=True),
        Transition("take-back", (LagState.DROPPED,), LagState.LISTED, pgettext_lazy("look-back", "Take in again"),
                   pgettext_lazy("look-back", "Taken in again"), permission=EDIT, guards=(is_draft,),
                   icon="arrow-back-up"),
        Transition("answer", OPEN_LINES, LagState.ANSWERED, pgettext_lazy("look-back", "Answer"),
                   pgettext_lazy("look-back", "Answered"), permission=ANSWER, guards=(is_given,), icon="messages"),
        *(
            Transition(str(target), tuple(one for one in _JUDGED_FROM if one != target), target, target.label,
                       target.label, guards=(is_given, is_not_own), icon=icon)
            for target, icon in ((LagState.DONE, "check"), (LagState.STILL, "x"), (LagState.GONE, "circle-x"))
        ),
    ]
)  # fmt: skip
