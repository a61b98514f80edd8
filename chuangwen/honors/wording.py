"""Says verdicts, states and rules in words for people. Short, spoken, exact (ui.md, Words)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from chuangwen.core.templatetags.wording import between, day
from chuangwen.core.wording import figure_words
from chuangwen.honors import eligibility as e
from chuangwen.honors.enums import ApplicationState, AwardState, ContestState, FiguresState, ProgrammeState
from chuangwen.honors.models import EligibilityRule

APPLICATION_SHAPES = {
    ApplicationState.DRAFT: "found", ApplicationState.SUBMITTED: "assigned", ApplicationState.REVIEWED: "fixed",
    ApplicationState.RECOMMENDED: "fixed", ApplicationState.RESERVE: "long-term", ApplicationState.NOTICED: "fixed",
    ApplicationState.PASSED_OVER: "not-applicable", ApplicationState.AWARDED: "closed",
    ApplicationState.REFUSED: "not-met", ApplicationState.WITHDRAWN: "not-applicable",
}  # fmt: skip
AWARD_SHAPES = {
    AwardState.VALID: "met", AwardState.YELLOW: "yellow", AwardState.SUSPENDED: "disputed", AwardState.DELISTED: "red",
    AwardState.LAPSED: "not-applicable", AwardState.CARRIED: "not-applicable",
}  # fmt: skip
PROGRAMME_SHAPES = {
    ProgrammeState.PREPARING: "found", ProgrammeState.OPEN: "assigned", ProgrammeState.DELIBERATED: "fixed",
    ProgrammeState.NOTICED: "fixed", ProgrammeState.AWARDED: "closed", ProgrammeState.CANCELLED: "not-applicable",
}  # fmt: skip
CONTEST_SHAPES = {
    ContestState.PLANNED: "found", ContestState.JUDGED: "assigned", ContestState.DECIDED: "closed",
    ContestState.CANCELLED: "not-applicable",
}  # fmt: skip
FIGURES_SHAPES = {
    FiguresState.GIVEN: "found", FiguresState.CONFIRMED: "met", FiguresState.RETURNED: "returned",
    FiguresState.REPLACED: "not-applicable",
}  # fmt: skip
VERDICT_SHAPES = {e.MET: "met", e.NOT_MET: "not-met", e.PENDING: "open"}
MONTHS = 12


@dataclass(frozen=True, slots=True)
class Condition:
    """One line of the list of conditions: verdict, what it is, the present and the required value."""

    key: int
    kind: str
    shape: str
    word: str
    title: str
    second: str
    have: str
    need: str
    state: str
    waits_for: str
    source: str = ""


def verdict_word(state: str) -> str:
    return {e.MET: _("Met"), e.NOT_MET: _("Not met"), e.PENDING: pgettext("verdict", "Open")}[state]


def span_of(months: int) -> str:
    """24 -> 2 years, 6 -> 6 months."""
    years, rest = divmod(months, MONTHS)
    if months and not rest:
        return ngettext("%d year", "%d years", years) % years
    return ngettext("%d month", "%d months", months) % months


def number(value: Decimal | float | None) -> str:
    """A figure without needless noughts."""
    return "—" if value is None else figure_words(Decimal(value).quantize(Decimal("0.01")).normalize())


def title_of(rule: EligibilityRule | None, kind: str) -> str:
    """What the condition is about."""
    if rule is not None and rule.words:
        return rule.words
    if rule is not None and kind == e.HELD:
        return _("Holds “%(title)s” for %(time)s") % {"title": rule.lower, "time": span_of(rule.months)}
    return {
        e.HELD: _("Lower title held"), e.CIVIL_SHARE: _("Share of civil offices"), e.MODEL_COUNT: _("Model offices"),
        e.CIVIL_COUNT: _("Civil offices"),
        e.DOSSIERS: _("Complete dossiers"), e.SELF_SCORE: _("Self-assessment"), e.LAST_SCORE: _("Last assessment"),
        e.NO_VETO: _("Veto events"), e.NO_CARD: _("Yellow card, suspension"), e.NOT_BARRED: _("Delisting"),
        e.NO_CONSEQUENCE: _("Consequences in force"),
        e.NOT_HELD: _("Not held yet"), e.BY_HAND: _("Another condition"),
        e.VOLUNTEERS: _("Registered volunteers among the staff"),
        e.VOLUNTEER_HOURS: _("Volunteer hours for each volunteer"),
        e.CONSENT: _("Agreed, and has seen the text"), e.RECOMMENDER: _("The recommending unit"),
    }[kind]  # fmt: skip


def need_of(kind: str, threshold: Decimal, months: int) -> str:
    """The required value."""
    least = {
        **dict.fromkeys((e.CIVIL_SHARE, e.DOSSIERS, e.VOLUNTEERS), _("at least %s%%")),
        **dict.fromkeys((e.SELF_SCORE, e.LAST_SCORE), _("at least %s points")),
        **dict.fromkeys((e.MODEL_COUNT, e.CIVIL_COUNT), _("at least %s")),
        e.VOLUNTEER_HOURS: _("at least %s hours"),
    }
    if kind in least:
        return least[kind] % number(threshold)
    if kind == e.HELD:
        return span_of(months)
    if kind == e.NO_VETO:
        return _("none in %s") % span_of(months)
    return {
        e.NO_CARD: pgettext("condition", "none"), e.NOT_BARRED: _("not barred"), e.NOT_HELD: _("not held"),
        e.CONSENT: _("agreed"), e.NO_CONSEQUENCE: pgettext("condition", "none"), e.RECOMMENDER: _("not barred"),
    }.get(kind, _("found in order"))  # fmt: skip


def condition_of(verdict: e.Verdict, rule: EligibilityRule | None, deadline: date) -> Condition:
    """One verdict as the list shows it."""
    kind = verdict.rule.kind
    have, second = _present(verdict, deadline)
    if verdict.by_person:
        second = _("A person found so from papers.")
    elif kind in e.BY_FIGURES and verdict.waits_for == e.UNIT:
        second = _("The unit enters its yearly figures.")
    elif kind in e.BY_FIGURES and verdict.waits_for == e.OFFICE:
        second += between() + _("The office has still to confirm the figures.")
    elif kind == e.CONSENT and verdict.waits_for:
        second = _("The unit asks the family, shows it the text and enters the day.")
    elif verdict.waits_for == e.OFFICE:
        second = _not_known(kind)
    return Condition(
        key=verdict.rule.key, kind=kind, shape=VERDICT_SHAPES[verdict.state], word=verdict_word(verdict.state),
        title=title_of(rule, kind), second=second, have=have,
        need=need_of(kind, verdict.rule.threshold, verdict.rule.months), state=verdict.state,
        waits_for=verdict.waits_for, source=rule.source if rule else "",
    )  # fmt: skip


def _not_known(kind: str) -> str:
    """Honest words for what the program does not know: the office settles it from papers once it is submitted."""
    if kind == e.NO_VETO:
        return _("Not known to the program yet: there is no register of veto events. The office asks and settles it.")
    if kind == e.DOSSIERS:
        return _("Not known to the program yet: there are no dossiers of the year. The office settles it from papers.")
    if kind == e.CIVIL_SHARE:
        return _("No office of this unit is in the list of units. Enter them, or the office settles it from papers.")
    if kind == e.LAST_SCORE:
        return _("The unit's own campaign has no score yet. The office settles it from papers.")
    return _("The office settles it from papers once the application is submitted.")


def _present(verdict: e.Verdict, deadline: date) -> tuple[str, str]:
    """(present value, quieter line) by kind."""
    figures = verdict.rule.kind in e.BY_FIGURES and verdict.have is not None
    if (verdict.state == e.PENDING or verdict.by_person) and not figures:
        if verdict.rule.kind in e.BY_FIGURES:
            return pgettext("figures", "to be entered"), ""
        waits = {e.UNIT: _("to be done"), e.OFFICE: _("to be settled")}.get(verdict.waits_for)
        return waits or verdict_word(verdict.state), _("Takes some ten minutes.") if verdict.waits_for == e.UNIT else ""
    return _PRESENT.get(verdict.rule.kind, _plain)(verdict, deadline)


def _plain(verdict: e.Verdict, _deadline: date) -> tuple[str, str]:
    return verdict_word(verdict.state), ""


def _held(verdict: e.Verdict, deadline: date) -> tuple[str, str]:
    if not isinstance(verdict.have, date):
        return pgettext("condition", "none"), _("The lower title comes first.")
    months = (deadline.year - verdict.have.year) * MONTHS + deadline.month - verdict.have.month
    months = max(0, months - (deadline.day < verdict.have.day))
    whole = months - months % MONTHS if months > MONTHS else months
    have = _("%s on the last day") % span_of(whole)
    second = _("Held since %s.") % day(verdict.have)
    if verdict.earliest:
        second += between() + _("Long enough from %s on.") % day(verdict.earliest)
    return have, second


def _share(verdict: e.Verdict, _deadline: date) -> tuple[str, str]:
    whole = verdict.whole or 0
    part = round(Decimal(str(verdict.have)) * whole / 100)
    words = (
        _("%(part)d of %(whole)d offices")
        if verdict.rule.kind == e.CIVIL_SHARE
        else _("%(part)d of %(whole)d dossiers")
    )
    second = words % {"part": part, "whole": whole}
    if verdict.short:
        second += _(", %d more will do") % verdict.short
    return f"{number(verdict.have)}%", second + _by_contest(verdict)  # type: ignore[arg-type]


def _model(verdict: e.Verdict, _deadline: date) -> tuple[str, str]:
    second = _("chosen from among %d civil offices") % (verdict.whole or 0) if verdict.short else ""
    return number(verdict.have), second + _by_contest(verdict)  # type: ignore[arg-type]


def _civil(verdict: e.Verdict, _deadline: date) -> tuple[str, str]:
    second = _("%(part)d of %(whole)d offices") % {"part": verdict.have, "whole": verdict.whole or 0}
    return number(verdict.have), second + _by_contest(verdict)  # type: ignore[arg-type]


def _by_contest(verdict: e.Verdict) -> str:
    if verdict.rule.kind == e.DOSSIERS or not verdict.earliest:
        return ""
    return _("; a contest is decided on %s") % day(verdict.earliest)


def _score(verdict: e.Verdict, _deadline: date) -> tuple[str, str]:
    return _("%s points") % number(verdict.have), ""  # type: ignore[arg-type]


def _volunteers(verdict: e.Verdict, _deadline: date) -> tuple[str, str]:
    whole = verdict.whole or 0
    part = round(Decimal(str(verdict.have)) * whole / 100)
    second = _("%(part)d of %(whole)d staff are registered") % {"part": part, "whole": whole}
    second += (_(", %d more will do") % verdict.short if verdict.short else "") + _(".")
    return f"{number(verdict.have)}%", second  # type: ignore[arg-type]


def _hours(verdict: e.Verdict, _deadline: date) -> tuple[str, str]:
    second = _("%d registered volunteers") % (verdict.whole or 0)
    second += (_(", %d hours more will do") % verdict.short if verdict.short else "") + _(".")
    return _("%s hours") % number(verdict.have), second  # type: ignore[arg-type]


def _veto(verdict: e.Verdict, _deadline: date) -> tuple[str, str]:
    second = _("The last one was on %s.") % day(verdict.have) if isinstance(verdict.have, date) else ""
    if verdict.earliest:
        until = _("It counts until %s.") % day(verdict.earliest - timedelta(days=1))
        second = f"{second}{between()}{until}".strip()
    return (pgettext("condition", "none") if verdict.state == e.MET else _("there is one")), second


def _card(verdict: e.Verdict, _deadline: date) -> tuple[str, str]:
    if verdict.state == e.MET:
        return pgettext("condition", "none"), ""
    if isinstance(verdict.have, date):
        return _("yellow card"), _("To be put right by %s; then the office lifts it.") % day(verdict.have)
    return _("suspended"), _("The office ends the suspension.")


def _barred(verdict: e.Verdict, _deadline: date) -> tuple[str, str]:
    if verdict.state == e.MET:
        return pgettext("condition", "none"), ""
    return _("barred"), _("After a delisting, until %s; then it ends by itself.") % day(verdict.have)  # type: ignore[arg-type]


def _consequence(verdict: e.Verdict, _deadline: date) -> tuple[str, str]:
    if verdict.state == e.MET:
        return pgettext("condition", "none"), ""
    return _("barred"), _("By a consequence in force, until %s; then it ends by itself.") % day(verdict.have)  # type: ignore[arg-type]


def _not_held(verdict: e.Verdict, _deadline: date) -> tuple[str, str]:
    if not isinstance(verdict.have, date):
        return _("not held"), ""
    return _("held"), _("Since %s; it is re-verified, not applied for.") % day(verdict.have)


def _consent(verdict: e.Verdict, _deadline: date) -> tuple[str, str]:
    return (_("agreed %s") % day(verdict.have) if isinstance(verdict.have, date) else _("not yet")), ""


def _recommender(verdict: e.Verdict, _deadline: date) -> tuple[str, str]:
    if verdict.state == e.MET:
        return _("not barred"), ""
    return _("barred"), _("Until %s; then it ends by itself.") % day(verdict.have)  # type: ignore[arg-type]


_PRESENT: dict[str, Any] = {
    e.HELD: _held, e.CIVIL_SHARE: _share, e.DOSSIERS: _share, e.MODEL_COUNT: _model, e.CIVIL_COUNT: _civil,
    e.SELF_SCORE: _score, e.VOLUNTEERS: _volunteers, e.VOLUNTEER_HOURS: _hours,
    e.LAST_SCORE: _score, e.NO_VETO: _veto, e.NO_CARD: _card, e.NOT_BARRED: _barred, e.NOT_HELD: _not_held,
    e.CONSENT: _consent, e.RECOMMENDER: _recommender, e.NO_CONSEQUENCE: _consequence,
}  # fmt: skip


def submitted_title(outcome: e.Outcome) -> str:
    """The one sentence of the page once the application is submitted: how its conditions stand today."""
    barred, waiting = len(outcome.barred), len(outcome.waiting)
    if barred:
        return ngettext("%d condition is not met today", "%d conditions are not met today", barred) % barred
    if waiting:
        return ngettext("%d condition has to be settled", "%d conditions have to be settled", waiting) % waiting
    return _("Every condition is met")


def verdict_title(outcome: e.Outcome) -> str:
    """The one sentence of the page."""
    missing = len(outcome.missing)
    if missing:
        return (
            ngettext(
                "Cannot be submitted yet, %d condition is missing",
                "Cannot be submitted yet, %d conditions are missing",
                missing,
            )
            % missing
        )
    if outcome.waiting:
        return _("Can be submitted; the office has still to settle some conditions")
    return _("Can be submitted, every condition is met")


def verdict_text(outcome: e.Outcome, today: date) -> str:
    """Whether there is still time."""
    barred = outcome.barred
    if not barred and not outcome.missing:
        return ""
    if not barred:
        return _("Only what the unit does itself is missing.")
    if outcome.earliest is None:
        return _("For one of them no day can be named; the list says why.")
    left = (outcome.deadline - outcome.earliest).days
    if left < 0:
        return _("They can be met on %s at the earliest: after the last day for applying.") % day(outcome.earliest)
    if outcome.earliest <= today:
        return _("All of it can be put right at once.")
    return ngettext(
        "There is time. They can be met on %(day)s at the earliest, %(n)d day before the last.",
        "There is time. They can be met on %(day)s at the earliest, %(n)d days before the last.", left,
    ) % {"day": day(outcome.earliest), "n": left}  # fmt: skip
