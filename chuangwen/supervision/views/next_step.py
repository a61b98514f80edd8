"""What comes next for a notice, who does it, and the buttons that this person may press."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from chuangwen.core import clock
from chuangwen.core.access import may
from chuangwen.core.templatetags.wording import day, moment
from chuangwen.core.workdays import default_calendar
from chuangwen.supervision.enums import RUNNING_STATES, Colour, NoticeState, Signer
from chuangwen.supervision.models import SupervisionNotice
from chuangwen.supervision.words import paper_words
from chuangwen.supervision.workflow import (
    JUDGEMENTS,
    NOTICE_WORKFLOW,
    answers_for_unit,
    is_own_office,
    may_judge,
    may_sign,
)
from chuangwen.workflow.services import available

Button = dict[str, Any]
FIRST = {"sign": 1, "answer": 1, "settle": 1, "acknowledge": 2, "return": 2}
ANSWERS = {"acknowledge", "answer"}
POSTED = {"acknowledge"}


@dataclass
class NextStep:
    """The next-step card and the menu beside the title."""

    title: str
    text: str = ""
    after: str = ""
    buttons: list[Button] = field(default_factory=list)
    menu: list[Button] = field(default_factory=list)


def next_step(notice: SupervisionNotice, user: Any, pressing: int) -> NextStep:
    """The card for `user`: the buttons are the steps that the user could take now.

    `pressing`: how many of its matters are still open; while there are any it is not settled, and with none it does
    not go up.
    """
    own = answers_for_unit(user, notice)
    judges = notice.state == NoticeState.ANSWERED and may_judge(user, notice)
    card = NextStep(_waiting_title(notice))
    proposed = notice.state == NoticeState.PROPOSED
    unsigned = proposed and notice.bodies.filter(signed_at__isnull=True).exists()
    if unsigned:
        card.title = _("Waiting for the bodies that sign jointly")
    for step in available(notice, NOTICE_WORKFLOW, user):
        button = _button(notice, step.action, str(step.label), step.icon)
        if step.action == "escalate":  # comes of signing the next colour, never of a button
            continue
        if step.action == "sign" and unsigned:  # the office signs last
            continue
        if step.action == "settle" and pressing:
            continue
        if step.action == "sign" and not may_sign(user, notice):
            card.buttons.append({**button, "label": paper_words("sign", step.label), "rank": 3})
        elif step.action in JUDGEMENTS and not judges:
            label = paper_words(step.action, step.label)
            card.buttons.append({**button, "key": f"{step.action}_on_paper", "label": label, "rank": 3})
        elif step.action in ANSWERS and not own:
            card.menu.append({**button, "label": paper_words(step.action, step.label)})
        elif step.action in FIRST:
            post = step.action in POSTED
            card.buttons.append({**button, "rank": FIRST[step.action], "post": post})
        else:
            card.menu.append(button)
    card.buttons.sort(key=lambda button: button["rank"])
    if card.buttons:
        card.buttons[0]["primary"] = not card.buttons[0]["key"].startswith("return")  # waiting is as good
        card.title = _my_title(notice, card.buttons[0]["key"])
    card.text, card.after = _texts(notice, pressing)
    _add_other(card, notice, user, pressing)
    return card


def _button(notice: SupervisionNotice, action: str, label: str, icon: str) -> Button:
    url = reverse("supervision:act", args=[notice.number, action])
    return {"key": action, "label": label, "icon": icon, "url": url, "rank": 9, "post": False, "primary": False}


def _add_other(card: NextStep, notice: SupervisionNotice, user: Any, pressing: int) -> None:
    """What moves no state: links, talk, referral, the next colour by hand."""
    edits = may(user, "supervision.edit", notice)
    if notice.state == NoticeState.PROPOSED and edits:
        card.menu.append(_button(notice, "joint", _("Sign it jointly"), "users"))
    if notice.state in {NoticeState.PROPOSED, NoticeState.DROPPED}:
        return
    if edits and notice.state in {NoticeState.SENT, NoticeState.ACKNOWLEDGED}:
        link = _button(notice, "link", _("Links without password"), "link")
        card.menu.append({**link, "url": reverse("supervision:links", args=[notice.number]), "post": True})
    if edits and pressing and notice.state in RUNNING_STATES and notice.colour != Colour.RED:
        raised = _button(notice, "raise", _("Propose the next colour"), "trending-up")
        card.menu.append({**raised, "url": f"{reverse('supervision:propose')}?notice={notice.number}"})
    if edits:
        card.menu.append(_button(notice, "talk", _("Record a talk"), "users"))
    if may(user, "supervision.refer", notice):
        card.menu.append(_button(notice, "refer", _("Note that it was handed over"), "send"))


def _my_title(notice: SupervisionNotice, action: str) -> str:
    titles = {
        "sign": _("Next: it is signed"),
        "answer": _("Next: you answer it"),
        "acknowledge": _("Next: you confirm receipt"),
        "settle": _("Next: you judge the answer"),
        "return": _("Next: you judge the answer"),
    }
    return titles.get(action, _waiting_title(notice))


def _waiting_title(notice: SupervisionNotice) -> str:
    titles = {
        NoticeState.PROPOSED: _("Waiting for the signature: %s") % notice.get_signer_display(),
        NoticeState.SENT: _("Waiting for %s to confirm receipt") % notice.unit,
        NoticeState.ACKNOWLEDGED: _("Waiting for the answer of %s") % notice.unit,
        NoticeState.ANSWERED: _waiting_for_judge(notice),
        NoticeState.SETTLED: pgettext("notice", "Settled"),
        NoticeState.ESCALATED: pgettext("notice", "Escalated"),
        NoticeState.WITHDRAWN: pgettext("notice", "Withdrawn"),
        NoticeState.DROPPED: pgettext("notice", "Not sent"),
    }
    return titles[NoticeState(notice.state)]


def _waiting_for_judge(notice: SupervisionNotice) -> str:
    if notice.state == NoticeState.ANSWERED and is_own_office(notice.unit_id):
        return _("Waiting for the answer to be judged: %s") % Signer.DEPUTY.label
    return _("Waiting for the office to judge the answer")


def _texts(notice: SupervisionNotice, pressing: int) -> tuple[str, str]:
    """(what must be known before, what happens if nothing is done)."""
    state = NoticeState(notice.state)
    if state == NoticeState.PROPOSED:
        return _proposed_texts(notice)
    if state in {NoticeState.SENT, NoticeState.ACKNOWLEDGED}:
        over = notice.due_at < clock.now()
        words = _("The time to answer was over on %s.") if over else _("The answer is due by %s.")
        done = _("Its matters are all put right: it goes no further up, and is settled once answered.")
        return words % moment(notice.due_at), "" if pressing else done
    if state == NoticeState.ANSWERED:
        return _answered_texts(pressing)
    if notice.escalated_to:
        return _("It goes on in %s.") % notice.escalated_to, ""
    if notice.settled_at:
        return _("All its matters were done on %s.") % day(notice.settled_at), ""
    return _("Nothing follows from it. The reason stands in its history."), ""


def _answered_texts(pressing: int) -> tuple[str, str]:
    if not pressing:
        return _("All its matters are put right."), ""
    words = ngettext("%d matter is still open.", "%d matters are still open.", pressing) % pressing
    return words, _("It is settled once all its matters are put right. Until then the ladder goes on.")


def _proposed_texts(notice: SupervisionNotice) -> tuple[str, str]:
    text = _("It goes to %(to)s under the name of who signs it.") % {"to": notice.addressee}
    if not default_calendar().is_workday(clock.today()):
        return text, _("Today is a day off: no notice goes out. It waits for the next working day.")
    return text, _("Unsigned it stays in the house. What is put right meanwhile leaves the sheet.")
