"""The legal steps of programmes, applications, awards and contests."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangwen.core import clock
from chuangwen.honors.enums import ApplicationState as A
from chuangwen.honors.enums import AwardState, ContestState, FiguresState, ProgrammeState
from chuangwen.workflow.transitions import Transition, Words, Workflow

VIEW, EDIT, APPLY, REVIEW = "honors.view", "honors.edit", "honors.apply", "honors.review"
DELIBERATE, AWARD, CONTEST = "honors.deliberate", "honors.award", "honors.contest"


def has_rules(_actor: Any, programme: Any) -> Words:
    return "" if programme.rules.exists() else _("A programme without conditions cannot be opened. Add one first.")


def applying_has_ended(_actor: Any, programme: Any) -> Words:
    return "" if clock.today() > programme.apply_until else _("Units can still apply. Deliberate after the last day.")


def notice_has_ended(_actor: Any, programme: Any) -> Words:
    return (
        "" if clock.today() > programme.notice_until else _("The public notice still runs. Award after its last day.")
    )


PROGRAMME = Workflow(
    [
        Transition(
            "open", (ProgrammeState.PREPARING,), ProgrammeState.OPEN, _("Open for applications"),
            _("Opened for applications"), permission=EDIT, guards=(has_rules,), icon="send",
        ),
        Transition(
            "deliberate", (ProgrammeState.OPEN,), ProgrammeState.DELIBERATED, _("Enter the deliberation"),
            _("Deliberated"), permission=DELIBERATE, guards=(applying_has_ended,), icon="gavel",
        ),
        Transition(
            "notice", (ProgrammeState.DELIBERATED,), ProgrammeState.NOTICED, _("Begin the public notice"),
            _("On public notice"), permission=AWARD, icon="speakerphone",
        ),
        Transition(
            "award", (ProgrammeState.NOTICED,), ProgrammeState.AWARDED, _("Award the titles"), _("Titles awarded"),
            permission=AWARD, guards=(notice_has_ended,), icon="award",
        ),
        Transition(
            "cancel", (ProgrammeState.PREPARING, ProgrammeState.OPEN), ProgrammeState.CANCELLED,
            _("Cancel the programme"), pgettext_lazy("programme", "Cancelled"), permission=EDIT, icon="x",
            needs_note=True,
        ),
    ]
)  # fmt: skip

APPLICATION = Workflow(
    [
        Transition(
            "submit", (A.DRAFT,), A.SUBMITTED, _("Submit the application"), pgettext_lazy("application", "Submitted"),
            permission=APPLY, icon="send",
        ),
        Transition(
            "return", (A.SUBMITTED,), A.DRAFT, _("Return for completion"), _("Returned for completion"),
            permission=REVIEW, icon="arrow-back-up", needs_note=True,
        ),
        Transition(
            "review", (A.SUBMITTED,), A.REVIEWED, _("Close the review"), pgettext_lazy("application", "Reviewed"),
            permission=REVIEW, icon="check",
        ),
        Transition(
            "recommend", (A.REVIEWED,), A.RECOMMENDED, _("Recommend"), _("Recommended"), permission=DELIBERATE,
            icon="check",
        ),
        Transition(
            "reserve", (A.REVIEWED,), A.RESERVE, _("Put in reserve"), _("Put in reserve"), permission=DELIBERATE,
            icon="hourglass",
        ),
        Transition(
            "pass_over", (A.REVIEWED,), A.PASSED_OVER, _("Do not recommend"), _("Not recommended"),
            permission=DELIBERATE, icon="x", needs_note=True,
        ),
        Transition(
            "promote", (A.RESERVE,), A.RECOMMENDED, _("Move up from the reserve"), _("Moved up from the reserve"),
            permission=DELIBERATE, icon="arrow-up", needs_note=True,
        ),
        Transition(
            "expire", (A.RESERVE,), A.PASSED_OVER, _("Close the reserve"), _("Reserve closed"), permission=AWARD,
            icon="archive",
        ),
        Transition(
            "notice", (A.RECOMMENDED,), A.NOTICED, _("Put on public notice"), _("On public notice"), permission=AWARD,
            icon="speakerphone",
        ),
        Transition(
            "award", (A.NOTICED,), A.AWARDED, _("Award the title"), pgettext_lazy("application", "Awarded"),
            permission=AWARD, icon="award",
        ),
        Transition(
            "refuse", (A.SUBMITTED, A.REVIEWED, A.RECOMMENDED, A.RESERVE, A.NOTICED), A.REFUSED,
            _("Refuse the application"), pgettext_lazy("application", "Refused"), permission=AWARD, icon="x",
            needs_note=True,
        ),
        Transition(
            "withdraw", (A.DRAFT, A.SUBMITTED, A.REVIEWED, A.RECOMMENDED, A.RESERVE, A.NOTICED), A.WITHDRAWN,
            _("Withdraw the application"), pgettext_lazy("application", "Withdrawn"), permission=APPLY, icon="trash",
            needs_note=True,
        ),
    ]
)  # fmt: skip

GIVEN, CONFIRMED = FiguresState.GIVEN, FiguresState.CONFIRMED
FIGURES = Workflow(
    [
        Transition("confirm", (GIVEN,), CONFIRMED, _("Confirm the figures"), pgettext_lazy("figures", "Confirmed"),
                   permission=REVIEW, icon="check"),
        Transition("return", (GIVEN,), FiguresState.RETURNED, _("Return the figures"),
                   pgettext_lazy("figures", "Returned"), permission=REVIEW, icon="arrow-back-up", needs_note=True),
        Transition("replace", (GIVEN, CONFIRMED), FiguresState.REPLACED, _("Replace the figures"),
                   _("Replaced by later ones"), permission=VIEW, icon="refresh"),
    ]
)  # fmt: skip

VALID, YELLOW, SUSPENDED = AwardState.VALID, AwardState.YELLOW, AwardState.SUSPENDED
AWARDED = Workflow(
    [
        Transition("warn", (VALID,), YELLOW, _("Give a yellow card"), _("Yellow card given"), permission=AWARD,
                   icon="alert-triangle", needs_note=True),
        Transition("lift", (YELLOW,), VALID, _("Lift the yellow card"), _("Yellow card lifted"), permission=AWARD,
                   icon="check", needs_note=True),
        Transition("suspend", (VALID, YELLOW), SUSPENDED, _("Suspend the title"), pgettext_lazy("award", "Suspended"),
                   permission=AWARD, icon="hand-stop", needs_note=True),
        Transition("restore", (SUSPENDED,), VALID, _("End the suspension"), _("Suspension ended"), permission=AWARD,
                   icon="check", needs_note=True),
        Transition("delist", (VALID, YELLOW, SUSPENDED), AwardState.DELISTED, _("Delist"), _("Delisted"),
                   permission=AWARD, icon="alert-octagon", needs_note=True),
        Transition("lapse", (VALID, YELLOW, SUSPENDED), AwardState.LAPSED, _("Let the title lapse"), _("Lapsed"),
                   permission=AWARD, icon="archive", needs_note=True),
        Transition("carry", (VALID, YELLOW, SUSPENDED), AwardState.CARRIED, _("Carry the title on"),
                   _("Carried on by the successor"), permission=AWARD, icon="arrow-right", needs_note=True),
        Transition("reinstate", (AwardState.DELISTED,), VALID, _("Give the title back"), _("Title given back"),
                   permission=AWARD, icon="arrow-back-up", needs_note=True),
    ]
)  # fmt: skip

CONTESTS = Workflow(
    [
        Transition("judge", (ContestState.PLANNED,), ContestState.JUDGED, _("Begin judging"), _("Judging begun"),
                   permission=CONTEST, icon="player-play"),
        Transition("decide", (ContestState.JUDGED,), ContestState.DECIDED, _("Decide the contest"), _("Decided"),
                   permission=CONTEST, icon="award"),
        Transition("cancel", (ContestState.PLANNED, ContestState.JUDGED), ContestState.CANCELLED,
                   _("Cancel the contest"), pgettext_lazy("contest", "Cancelled"), permission=CONTEST, icon="x",
                   needs_note=True),
    ]
)  # fmt: skip
