"""The legal steps of a paper: who drafts it does not approve it (四眼), and what is issued has its number."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangwen.reports.enums import BulletinState, ReleaseState
from chuangwen.reports.paper import TO_FILL
from chuangwen.workflow.transitions import Guard, Transition, Words, Workflow

DRAFT, APPROVE, ISSUE = "reports.draft", "reports.approve", "reports.issue"
RELEASE = "reports.release"


def is_another_person(actor: Any, bulletin: Any) -> Words:
    """Who drafted a paper does not approve it."""
    if actor is None or bulletin.drafted_by_id != actor.pk:
        return ""
    return _("You drafted it yourself. Another person approves it, or signs it on paper.")


def is_filled_in(_actor: Any, bulletin: Any) -> Words:
    """Nothing is handed on in which a place still waits to be filled in."""
    return (
        _("A place in the text still waits to be filled in; it is marked with brackets.")
        if TO_FILL in bulletin.body
        else ""
    )


def has_text(_actor: Any, bulletin: Any) -> Words:
    """A paper without a title says nothing."""
    return "" if bulletin.title.strip() else _("The paper has no title.")


BULLETIN_WORKFLOW = Workflow(
    [
        Transition(
            "submit", (BulletinState.DRAFT,), BulletinState.SUBMITTED, _("Hand in for approval"),
            _("Handed in for approval"), permission=DRAFT, guards=(is_filled_in, has_text), icon="send",
        ),
        Transition(
            "approve", (BulletinState.SUBMITTED,), BulletinState.APPROVED, _("Approve the paper"),
            pgettext_lazy("paper", "Approved"), permission=APPROVE, guards=(is_filled_in, is_another_person),
            icon="check",
        ),
        Transition(
            "approve_on_paper", (BulletinState.SUBMITTED,), BulletinState.APPROVED, _("Enter the signature on paper"),
            _("Approved on paper"), permission=ISSUE, guards=(is_filled_in,), icon="signature",
        ),
        Transition(
            "return", (BulletinState.SUBMITTED, BulletinState.APPROVED), BulletinState.DRAFT, _("Return the paper"),
            _("Returned with a reason"), permission=APPROVE, icon="arrow-back-up", needs_note=True,
        ),
        Transition(
            "take_back", (BulletinState.SUBMITTED, BulletinState.APPROVED), BulletinState.DRAFT,
            _("Take it back to the draft"), _("Taken back to the draft"), permission=DRAFT, icon="edit",
        ),
        Transition(
            "issue", (BulletinState.APPROVED,), BulletinState.ISSUED, _("Issue the paper"),
            pgettext_lazy("paper", "Issued"), permission=ISSUE, icon="speakerphone",
        ),
        Transition(
            "withdraw", (BulletinState.ISSUED,), BulletinState.WITHDRAWN, _("Withdraw the paper"),
            pgettext_lazy("paper", "Withdrawn"), permission=ISSUE, icon="archive", needs_note=True,
        ),
    ]
)  # fmt: skip


def is_second_person(actor: Any, release: Any) -> Words:
    """Who proposed that everybody may read a paper does not release it."""
    if actor is None or release.proposed_by_id != actor.pk:
        return ""
    return _("You proposed it yourself. Another person looks at it and releases it.")


def is_in_force(_actor: Any, release: Any) -> Words:
    """A paper that was withdrawn is shown to nobody."""
    return "" if release.bulletin.state == BulletinState.ISSUED else _("The paper is not in force any more.")


def release_workflow(may_be_shown: Guard) -> Workflow:
    """The legal steps of what is shown to everybody: who proposed it does not release it (四眼), and only while
    `may_be_shown` says nothing against it."""
    return Workflow(
        [
            Transition(
                "release", (ReleaseState.PROPOSED,), ReleaseState.RELEASED, _("Release to everybody"),
                _("Released to everybody"), permission=RELEASE, guards=(is_second_person, may_be_shown), icon="world",
            ),
            Transition(
                "drop", (ReleaseState.PROPOSED,), ReleaseState.DROPPED, _("Do not release it"),
                _("Not released"), permission=RELEASE, icon="x", needs_note=True,
            ),
            Transition(
                "take_back", (ReleaseState.RELEASED,), ReleaseState.TAKEN_BACK, _("Take it off the public pages"),
                _("Taken off the public pages"), permission=RELEASE, icon="archive", needs_note=True,
            ),
        ]
    )  # fmt: skip


RELEASE_WORKFLOW = release_workflow(is_in_force)
