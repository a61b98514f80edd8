"""What comes next for a problem, who does it, and the buttons that this person may press."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from chuangwen.core import clock
from chuangwen.core.access import may
from chuangwen.core.templatetags.wording import day, moment
from chuangwen.rectification.enums import ProblemState, Source
from chuangwen.rectification.models import Extension, Problem
from chuangwen.rectification.queries import extension_refused, open_extension
from chuangwen.rectification.workflow import OPEN, answers_for_lead, of_the_lead, steps_open_to
from chuangwen.workflow.transitions import Transition

Button = dict[str, Any]
RUNNING = {ProblemState.ASSIGNED, ProblemState.RETURNED}
# What stands first for whoever may do it, and what belongs beside it; the rest is in the menu.
FIRST = {"assign": 1, "receive": 3, "fix": 2, "rule": 1, "close": 1}
BESIDE = {"return": 2, "dispute": 4}
ANSWERS = {"receive", "fix", "dispute"}


@dataclass
class NextStep:
    """The next-step card and the menu beside the title."""

    title: str
    text: str = ""
    after: str = ""
    mine: bool = False
    buttons: list[Button] = field(default_factory=list)
    menu: list[Button] = field(default_factory=list)


def next_step(problem: Problem, user: Any) -> NextStep:
    """The card for `user`: the buttons are exactly the steps that the user could take now."""
    own = answers_for_lead(user, problem)
    card = NextStep(_waiting_title(problem))
    for step in steps_open_to(user, problem):
        if step.action in ANSWERS and not own:
            card.menu.append(_button(problem, step.action, _("Enter for the unit: %s") % step.label, step.icon))
        elif step.action in FIRST or step.action in BESIDE:
            card.buttons.append(_step_button(problem, step))
        else:
            card.menu.append(_button(problem, step.action, str(step.label), step.icon))
    _add_on_the_spot(card, problem)
    card.buttons.sort(key=lambda button: button["rank"])
    card.mine = bool(card.buttons)
    if card.mine:
        card.buttons[0]["primary"] = True
        card.title = _my_title(problem, own=own)
    card.text, card.after = _texts(problem)
    if problem.state in RUNNING:
        _add_extension(card, problem, user)
    _add_other(card, problem, user)
    return card


def _step_button(problem: Problem, step: Transition) -> Button:
    rank = FIRST.get(step.action) or BESIDE[step.action]
    button = _button(problem, step.action, str(step.label), step.icon)
    return {**button, "rank": rank, "post": step.action in {"close", "receive"}}


def _button(problem: Problem, action: str, label: str, icon: str) -> Button:
    url = reverse("rectification:act", args=[problem.number, action])
    return {"key": action, "label": label, "icon": icon, "url": url, "rank": 9, "post": False, "primary": False}


def _add_on_the_spot(card: NextStep, problem: Problem) -> None:
    """Whoever may close from the photo may also say that the spot was visited."""
    if any(button["key"] == "close" for button in card.buttons):
        button = _button(problem, "close_on_site", _("Seen on the spot"), "walk")
        card.buttons.append({**button, "rank": 3})


def _add_other(card: NextStep, problem: Problem, user: Any) -> None:
    """What moves no state: explanation, reminder, deadline, renewal."""
    if problem.merged_into is not None:
        page = reverse("rectification:problem", args=[problem.merged_into.number])
        label = _("Open %s") % problem.merged_into.number
        card.buttons.append({**_button(problem, "merged", label, "arrow-right"), "url": page, "primary": True})
    if problem.source == Source.SUPERIOR and may(user, "rectification.assign", problem):
        card.menu.append(_button(problem, "answer_number", _("Enter the number of the answer"), "mail"))
    if problem.state not in OPEN:
        return
    if may(user, "rectification.answer", problem):
        card.menu.insert(0, _button(problem, "explain", _("Add an explanation"), "messages"))
    if problem.state in RUNNING and may(user, "rectification.assign", problem):
        card.menu.insert(0, {**_button(problem, "remind", _("Remind"), "bell"), "post": True})
        link = _button(problem, "link", _("Links without password"), "link")
        card.menu.append({**link, "url": reverse("rectification:links", args=[problem.number]), "post": True})
        card.menu.append(_button(problem, "deadline", _("Change the deadline"), "calendar-time"))
    if problem.state == ProblemState.LONG_TERM and may(user, "rectification.renew", problem):
        button = _button(problem, "renew", _("Renew the plan"), "repeat")
        card.buttons.append({**button, "primary": not card.mine})
        card.mine = True


def _add_extension(card: NextStep, problem: Problem, user: Any) -> None:
    """More time: asked for by the lead, decided by the office, entered by the office for a lead on paper."""
    asked = open_extension(problem)
    if asked is not None and may(user, "rectification.assign", problem):
        grant = {**_button(problem, "grant_extension", _("Grant more time"), "check"), "primary": not card.mine}
        card.buttons = [grant, _button(problem, "refuse_extension", _("Grant no more time"), "x"), *card.buttons]
        card.mine, card.title = True, _("Next: you decide on more time")
    if asked is not None:
        card.text = extension_text(problem, asked)
    elif may(user, "rectification.answer", problem) and not extension_refused(problem, clock.now()):
        if answers_for_lead(user, problem):
            card.buttons.append(_button(problem, "ask_extension", _("Ask for more time"), "hourglass"))
        elif not of_the_lead(user, problem):
            words = _("Enter for the unit: %s") % _("Ask for more time")
            card.menu.append(_button(problem, "ask_extension", words, "hourglass"))


def extension_text(problem: Problem, asked: Extension | None = None) -> str:
    """Who asks for more time until when and why; "" where nobody waits for a decision."""
    asked = asked or open_extension(problem)
    if asked is None:
        return ""
    words = _("%(unit)s asks for time until %(day)s: %(reason)s") % {
        "unit": asked.by_unit, "day": day(asked.until), "reason": asked.reason.rstrip("。."),
    }  # fmt: skip
    return words + _("; ") + _("the decision is due by %s") % moment(asked.decide_by) + _(".")


def _my_title(problem: Problem, *, own: bool) -> str:
    titles = {
        ProblemState.FOUND: _("Next: you assign it"),
        ProblemState.ASSIGNED: _("Next: you put it right"),
        ProblemState.RETURNED: _("Next: you put it right again"),
        ProblemState.DISPUTED: _("Next: you rule whose it is"),
        ProblemState.FIXED: _("Next: you verify it"),
        ProblemState.LONG_TERM: _("Next: the steps of the plan"),
        ProblemState.CLOSED: pgettext("problem", "Closed"),
    }
    return titles.get(ProblemState(problem.state), _waiting_title(problem))


def _waiting_title(problem: Problem) -> str:
    titles = {
        ProblemState.FOUND: _("Waiting for the office to assign it"),
        ProblemState.ASSIGNED: _("Waiting for %s") % problem.lead,
        ProblemState.RETURNED: _("Waiting for %s") % problem.lead,
        ProblemState.DISPUTED: _("Waiting for the ruling"),
        ProblemState.FIXED: _("Waiting to be verified"),
        ProblemState.LONG_TERM: _("%s works to the plan") % problem.lead,
        ProblemState.CLOSED: pgettext("problem", "Closed"),
        ProblemState.MERGED: pgettext("problem", "Merged"),
        ProblemState.GONE: _("Object gone"),
    }
    return titles[ProblemState(problem.state)]


def _texts(problem: Problem) -> tuple[str, str]:
    """(what must be known before, what happens if nothing is done)."""
    texts: dict[ProblemState, Callable[[Problem], tuple[str, str]]] = {
        ProblemState.FOUND: lambda p: (_("No routing rule fits. Its clock starts when it is assigned."), ""),
        ProblemState.ASSIGNED: _running_texts,
        ProblemState.RETURNED: _running_texts,
        ProblemState.DISPUTED: _dispute_texts,
        ProblemState.FIXED: lambda p: (
            _("The verifier is not of the unit that put it right."),
            _("Time that verifying takes counts as the office's, never as the unit's."),
        ),
        ProblemState.LONG_TERM: _plan_texts,
        ProblemState.CLOSED: lambda p: (_closed_text(p), ""),
        ProblemState.MERGED: lambda p: (_("It goes on as %s.") % (p.merged_into and p.merged_into.number), ""),
        ProblemState.GONE: lambda p: (_("It is not counted."), ""),
    }
    return texts[ProblemState(problem.state)](problem)


def _plan_texts(problem: Problem) -> tuple[str, str]:
    if problem.due_at < clock.now():
        return _("The plan ended on %s. A leader renews it, or it is put right now.") % day(problem.due_at), ""
    return _("Plan until %s. A leader can renew it.") % day(problem.due_at), ""


def _running_texts(problem: Problem) -> tuple[str, str]:
    before = _("A photo of how it looks now belongs to it.")
    if problem.due_at < clock.now():
        return before, _("The deadline has passed; it counts as late.")
    return before, _("Not reported as fixed by %s, it counts as late.") % moment(problem.due_at)


def _dispute_texts(problem: Problem) -> tuple[str, str]:
    return dispute_text(problem), _("Until the ruling the territory acts, and the unit's clock stands.")


def dispute_text(problem: Problem) -> str:
    """What was objected and when the ruling is due; "" where nothing waits for a ruling."""
    dispute = problem.disputes.filter(ruled_at__isnull=True).select_related("by_unit", "proposed_lead").first()
    if dispute is None:
        return ""
    words = [_("%(unit)s objects: %(reason)s") % {"unit": dispute.by_unit, "reason": dispute.reason.rstrip("。.")}]
    if dispute.proposed_lead:
        words.append(_("it proposes %s") % dispute.proposed_lead)
    words.append(_("the ruling is due by %s") % moment(dispute.rule_by))
    return _("; ").join(words) + _(".")


def _closed_text(problem: Problem) -> str:
    how = _("Verified on the spot.") if problem.verified_on_site else _("Verified by the photo.")
    if problem.recurrence_of_id:
        return _("%(how)s A recurrence counts as late.") % {"how": how}
    if problem.closed_in_time:
        return _("%(how)s Closed in time.") % {"how": how}
    return _("%(how)s It counts as late.") % {"how": how}
