"""How notices, rules and what comes next are put in words and shapes, the same on every page and paper."""

from __future__ import annotations

from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from chuangwen.core import clock
from chuangwen.core.templatetags.chuangwen import state as state_tag
from chuangwen.core.templatetags.wording import day, deadline
from chuangwen.core.wording import figure_words, percent_words
from chuangwen.rectification.words import within_words
from chuangwen.supervision.enums import (
    ConsequenceState,
    FlagColour,
    FlagState,
    LadderStep,
    LinkFigure,
    NoticeState,
    RuleCondition,
    Side,
    VetoState,
)
from chuangwen.supervision.ladder import Finding
from chuangwen.supervision.models import (
    Consequence,
    Flag,
    LinkRule,
    ListLine,
    NoticeItem,
    NoticeRule,
    NoticeStep,
    SupervisionNotice,
    VetoEvent,
)
from chuangwen.supervision.peers import Share
from chuangwen.supervision.workflow import JUDGEMENTS

SHAPES = {
    NoticeState.PROPOSED: "found",
    NoticeState.SENT: "assigned",
    NoticeState.ACKNOWLEDGED: "assigned",
    NoticeState.ANSWERED: "fixed",
    NoticeState.SETTLED: "closed",
    NoticeState.ESCALATED: "not-applicable",
    NoticeState.WITHDRAWN: "not-applicable",
    NoticeState.DROPPED: "not-applicable",
}
VETO_SHAPES = {
    VetoState.REPORTED: "found",
    VetoState.CONFIRMED: "not-met",
    VetoState.REJECTED: "not-applicable",
    VetoState.LIFTED: "not-applicable",
}


def colour_cell(notice: SupervisionNotice) -> SafeString:
    return state_tag(notice.colour, notice.get_colour_display())


def state_of(notice: SupervisionNotice) -> tuple[str, str]:
    """(shape, word)."""
    state = NoticeState(notice.state)
    if state == NoticeState.ACKNOWLEDGED and notice.returned_times:
        return "returned", _("Answer returned")
    return SHAPES[state], str(state.label)


def state_cell(notice: SupervisionNotice) -> SafeString:
    return state_tag(*state_of(notice))


def due_cell(notice: SupervisionNotice) -> str | SafeString:
    """The time to answer as long as it runs, else what stands in its place."""
    if notice.state in {NoticeState.SENT, NoticeState.ACKNOWLEDGED}:
        return deadline(notice.due_at)
    if notice.state == NoticeState.ANSWERED and notice.answered_at:
        return _("Answered in time") if notice.answered_at <= notice.due_at else _("Answered late")
    return "—"


def sheet_number(notice: SupervisionNotice) -> str:
    """The sheet's own number, 督白〔2026〕3号; the register's where it was not signed."""
    if notice.serial is None:
        return notice.number
    words = {
        "white": _("White [%(year)d] No. %(n)d"),
        "yellow": _("Yellow [%(year)d] No. %(n)d"),
        "red": _("Red [%(year)d] No. %(n)d"),
    }
    return words[notice.colour] % {"year": notice.day.year, "n": notice.serial}


def ground_words(condition: str, found: int) -> str:
    """Why a matter is listed: 逾期3天."""
    words = {
        RuleCondition.DUE_SOON: ngettext("due in %d working day", "due in %d working days", found),
        RuleCondition.LATE: ngettext("%d working day late", "%d working days late", found),
        RuleCondition.AFTER: ngettext(
            "still late %d working day after the last notice", "still late %d working days after the last notice", found
        ),
        RuleCondition.RETURNED: ngettext("returned %d time", "returned %d times", found),
        RuleCondition.RECURRENCE: ngettext("back %d day after closing", "back %d days after closing", found),
    }
    if condition == RuleCondition.FALSIFIED:
        return _("falsification confirmed")
    return words[RuleCondition(condition)] % found if condition else pgettext("ground", "by hand")


def item_words(item: NoticeItem) -> str:
    return ground_words(item.ground, item.found)


def condition_words(rule: NoticeRule) -> str:
    """When a rule holds, as a sentence."""
    n = rule.number
    words = {
        RuleCondition.DUE_SOON: ngettext(
            "%d working day before the deadline", "%d working days before the deadline", n
        ),
        RuleCondition.LATE: ngettext("%d working day late", "%d working days late", n),
        RuleCondition.AFTER: ngettext(
            "%d working day after the colour below, still late", "%d working days after the colour below, still late", n
        ),
        RuleCondition.RETURNED: ngettext("returned %d time", "returned %d times", n),
        RuleCondition.RECURRENCE: ngettext("back within %d day of closing", "back within %d days of closing", n),
    }
    if rule.condition == RuleCondition.FALSIFIED:
        return _("falsification confirmed")
    return words[RuleCondition(rule.condition)] % n


def to_words(step: NoticeStep) -> str:
    """To whom a step goes, with its copy."""
    to = str(step.get_addressee_display())
    return _("%(to)s, copy to %(copy)s") % {"to": to, "copy": step.get_copy_to_display()} if step.copy_to else to


def answer_words(step: NoticeStep) -> str:
    """Within how long a step is answered, and whether a talk belongs to it."""
    if not step.answer_within:
        return "—"
    words = within_words(step.answer_within)
    if not step.talk_within:
        return words
    return _("%(answer)s, talk within %(talk)s") % {"answer": words, "talk": within_words(step.talk_within)}


def paper_words(action: str, label: Any) -> str:
    """What a step is called for who enters it from paper: the signature, judgement or receipt itself is another's."""
    if action == "sign":
        return _("Enter the signature from paper")
    return (_("Enter from paper: %s") if action in JUDGEMENTS else _("Enter for the unit: %s")) % label


def next_line(found: Finding) -> dict[str, Any]:
    """One step of what comes next: shape, words, day, why."""
    step = LadderStep(found.step)
    shape = "open" if step == LadderStep.REMINDER else str(step)
    return {
        "shape": shape,
        "word": str(step.label),
        "day": day(found.day),
        "why": ground_words(found.rule.condition, found.found),
    }


def event_cell(event: VetoEvent) -> SafeString:
    state = VetoState(event.state)
    return state_tag(VETO_SHAPES[state], str(state.label))


def bar_words(event: VetoEvent) -> str:
    """Until when a confirmed event bars."""
    if event.state != VetoState.CONFIRMED:
        return "—"
    if event.bars_until < clock.today():
        return _("over since %s") % day(event.bars_until)
    return _("until %s") % day(event.bars_until)


def flag_cell(flag: Flag) -> SafeString:
    """The flag's state; who holds a black one is marked."""
    shapes = {
        FlagState.PROPOSED: "found", FlagState.GIVEN: "not-met" if flag.colour == FlagColour.BLACK else "met",
        FlagState.BACK: "closed", FlagState.DROPPED: "not-applicable",
    }  # fmt: skip
    state = FlagState(flag.state)
    return state_tag(shapes[state], str(state.label))


def side_cell(line: ListLine) -> str | SafeString:
    """On which list a unit stands."""
    if not line.side:
        return "—"
    tone = "cw-tag--bad" if line.side == Side.BLACK else "cw-tag--good"
    return format_html('<span class="cw-tag {}">{}</span>', tone, line.get_side_display())


def share_words(share: Share) -> str:
    """18/20 (90%), since a rate never stands alone."""
    if share.value is None:
        return "—"
    return f"{figure_words(share.got)}/{figure_words(share.of)} ({percent_words(share.value)})"


def consequence_cell(consequence: Consequence) -> SafeString:
    """Its state; what holds no longer is marked as over."""
    state = ConsequenceState(consequence.state)
    shapes = {
        ConsequenceState.PROPOSED: "open", ConsequenceState.REPORTED: "found",
        ConsequenceState.CONFIRMED: "met" if consequence.kind.is_reward else "not-met",
        ConsequenceState.REJECTED: "not-applicable", ConsequenceState.LIFTED: "not-applicable",
    }  # fmt: skip
    if state == ConsequenceState.CONFIRMED and consequence.until and consequence.until < clock.today():
        return state_tag("closed", pgettext("consequence", "Over"))
    return state_tag(shapes[state], str(state.label))


def term_words(consequence: Consequence) -> str:
    """Until when it holds."""
    if consequence.until is None:
        return "—"
    return _("until %s") % day(consequence.until)


def link_words(rule: LinkRule) -> str:
    """When a linking rule holds, as a sentence."""
    return link_ground(rule.figure, rule.number)


def link_ground(figure: str, n: int, year: int | None = None) -> str:
    """A figure as it was reached, with its year where one is named."""
    words = {
        LinkFigure.RED_YEAR: ngettext("%d red notice in a year", "%d red notices in a year", n),
        LinkFigure.YELLOW_YEAR: ngettext("%d yellow notice in a year", "%d yellow notices in a year", n),
        LinkFigure.EXPOSED_YEAR: ngettext("%d exposure in a year", "%d exposures in a year", n),
        LinkFigure.BLACK_RUNNING: ngettext("black flag %d time running", "black flag %d times running", n),
        LinkFigure.LIST_RUNNING: ngettext("on the black list %d time running", "on the black list %d times running", n),
        LinkFigure.RED_FLAGS_YEAR: ngettext("%d red flag in a year", "%d red flags in a year", n),
        LinkFigure.LAGGED_YEAR: ngettext(
            "%d matter still lagging after a look-back in a year",
            "%d matters still lagging after a look-back in a year", n,
        ),
        LinkFigure.CLEAN_YEAR: ngettext(
            "a whole year without anything late and without a notice, %d matter due",
            "a whole year without anything late and without a notice, %d matters due", n,
        ),
    }  # fmt: skip
    said = words[LinkFigure(figure)] % n
    return _("%(year)d: %(what)s") % {"year": year, "what": said} if year else said
