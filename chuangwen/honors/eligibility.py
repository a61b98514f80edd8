"""Judges whether a unit may apply for a title, rule by rule. Pure: facts and rules in, verdicts out.

Sources: mechanisms.md rows 100-106, 110-112; docs/titles.md. What the program does not know is never
taken for met: such a condition is pending until a person has settled it from papers, and a title is
granted only where every condition is met.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal

HELD, CIVIL_SHARE, CIVIL_COUNT, MODEL_COUNT = "held", "civil-share", "civil-count", "model-count"
DOSSIERS = "dossiers"
SELF_SCORE, LAST_SCORE, NO_VETO, NO_CARD = "self-score", "last-score", "no-veto", "no-card"
NOT_BARRED, NOT_HELD, BY_HAND = "not-barred", "not-held", "by-hand"
NO_CONSEQUENCE = "no-consequence"
VOLUNTEERS, VOLUNTEER_HOURS = "volunteers", "volunteer-hours"
BY_FIGURES = (VOLUNTEERS, VOLUNTEER_HOURS)  # rest on the unit's yearly figures
CONSENT, RECOMMENDER = "consent", "recommender"  # of families alone
# What a title for families can ask for: nothing else is known of private people, and nothing else shall be.
FAMILY_KINDS = (HELD, NO_CARD, NOT_BARRED, NOT_HELD, CONSENT, RECOMMENDER, BY_HAND)
# No programme can do without these: a bar that may be left out is none.
ALWAYS = (NOT_HELD, NOT_BARRED)
ALWAYS_FAMILY = (*ALWAYS, CONSENT)

MET, NOT_MET, PENDING = "met", "not-met", "pending"
UNIT, OFFICE = "unit", "office"  # on whose side a pending condition lies


@dataclass(frozen=True, slots=True)
class Rule:
    """One condition. `threshold`: per cent, points or a number; `months`: for how long; `rank`: of the lower title."""

    key: int
    kind: str
    threshold: Decimal = Decimal(0)
    months: int = 0
    rank: int = 0


@dataclass(frozen=True, slots=True)
class HeldTitle:
    """A title of the applied-for kind that the unit holds: its place on the ladder, since when, and if it stands."""

    rank: int
    since: date
    suspended: bool = False


@dataclass(frozen=True, slots=True)
class Yearly:
    """A unit's figures of the programme's year; `confirmed`: the office has looked at the paper behind them."""

    staff: int
    volunteers: int
    hours: Decimal
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of one unit for one programme. None is "not known to the program", never nought.

    `today` is the day of judging, `deadline` the last day for applying, `year` the programme's. `events` are the
    veto events of the unit and of those whose matters it took over, and so are `barred_until` and the cards.
    """

    today: date
    deadline: date
    year: int
    rank: int  # of the title applied for
    held: tuple[HeldTitle, ...] = ()
    offices: int = 0
    civil: int = 0
    model: int = 0
    next_civil_contest: date | None = None
    next_model_contest: date | None = None
    dossiers: tuple[int, int] | None = None  # complete, expected
    self_score: Decimal | None = None
    last_score: Decimal | None = None
    events: tuple[date, ...] | None = None
    veto_until: date | None = None  # the last day on which an event bars by its own kind
    card_until: date | None = None
    suspended: bool = False
    barred_until: date | None = None
    consequence_until: date | None = None  # the last day on which a consequence in force bars
    yearly: Yearly | None = None
    is_family: bool = False
    agreed_on: date | None = None  # of a family: its consent in force, None where there is none
    seen_on: date | None = None  # when it saw what is said of it
    recommender_until: date | None = None  # the last day on which the recommending unit is barred itself
    findings: Mapping[int, bool] = field(default_factory=dict)  # rule key -> what a person found from papers


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one rule. `have` of `whole` is the present value, `need` the required one.

    `short`: how many more would do; `earliest`: the first day on which it can be met, None where no day can be
    named; `waits_for`: whose turn it is while pending; `by_person`: settled from papers.
    """

    rule: Rule
    state: str
    have: Decimal | int | date | None = None
    whole: int | None = None
    need: Decimal | int | None = None
    short: int = 0
    earliest: date | None = None
    waits_for: str = ""
    by_person: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """All verdicts of one unit for one programme."""

    verdicts: tuple[Verdict, ...]
    deadline: date

    @property
    def met(self) -> int:
        return sum(one.state == MET for one in self.verdicts)

    @property
    def barred(self) -> tuple[Verdict, ...]:
        return tuple(one for one in self.verdicts if one.state == NOT_MET)

    @property
    def waiting(self) -> tuple[Verdict, ...]:
        return tuple(one for one in self.verdicts if one.state == PENDING)

    @property
    def missing(self) -> tuple[Verdict, ...]:
        """What keeps the unit from submitting: what is not met, and what it has itself still to do."""
        return tuple(one for one in self.verdicts if one.state == NOT_MET or one.waits_for == UNIT)

    @property
    def may_submit(self) -> bool:
        return bool(self.verdicts) and not self.missing

    @property
    def may_be_granted(self) -> bool:
        return bool(self.verdicts) and self.met == len(self.verdicts)

    @property
    def earliest(self) -> date | None:
        """The first day on which all that is not met can be; None where nothing is barred or no day can be named."""
        days = [one.earliest for one in self.barred]
        return max(day for day in days if day) if days and all(days) else None

    @property
    def in_time(self) -> bool | None:
        """Whether `earliest` comes before applying ends; None where it cannot be said."""
        return self.earliest <= self.deadline if self.earliest else None


def judge(rules: Sequence[Rule], facts: Facts) -> Outcome:
    """The verdict on every rule, in their order; the conditions that hold always are added where they lack."""
    kinds = {rule.kind for rule in rules}
    always = ALWAYS_FAMILY if facts.is_family else ALWAYS
    whole = [*rules, *(Rule(0, kind) for kind in always if kind not in kinds)]
    return Outcome(tuple(_JUDGES[rule.kind](rule, facts) for rule in whole), facts.deadline)


def months_after(day: date, months: int) -> date:
    """The same day so many months later, the month's last where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _pending(rule: Rule, facts: Facts, waits_for: str, need: Decimal | int | None = None) -> Verdict:
    """Not known: what a person found from papers counts, else it waits."""
    found = facts.findings.get(rule.key)
    if found is None:
        return Verdict(rule, PENDING, need=need, waits_for=waits_for)
    return Verdict(rule, MET if found else NOT_MET, need=need, by_person=True)


def _held(rule: Rule, facts: Facts) -> Verdict:
    """A lower title held without a break up to the end of applying; while suspended it does not count."""
    since = min((one.since for one in facts.held if one.rank >= rule.rank and not one.suspended), default=None)
    if since is None:
        return Verdict(rule, NOT_MET, need=rule.months)
    full = months_after(since, rule.months)
    state = MET if full <= facts.deadline else NOT_MET
    return Verdict(rule, state, have=since, need=rule.months, earliest=None if state == MET else full)


def _civil_share(rule: Rule, facts: Facts) -> Verdict:
    """The civil offices among all offices of the unit (mechanisms.md 101, 102: the denominator is all offices)."""
    if not facts.offices:
        return _pending(rule, facts, OFFICE, rule.threshold)
    needed = int((rule.threshold * facts.offices / 100).to_integral_value(ROUND_CEILING))
    short = max(0, needed - facts.civil)
    share = Decimal(facts.civil * 100) / facts.offices
    return Verdict(
        rule, NOT_MET if short else MET, have=share, whole=facts.offices, need=rule.threshold, short=short,
        earliest=_ahead(facts.next_civil_contest, facts) if short else None,
    )  # fmt: skip


def _civil_count(rule: Rule, facts: Facts) -> Verdict:
    return _count(rule, facts.civil, facts.offices, _ahead(facts.next_civil_contest, facts))


def _model_count(rule: Rule, facts: Facts) -> Verdict:
    return _count(rule, facts.model, facts.civil, _ahead(facts.next_model_contest, facts))


def _count(rule: Rule, have: int, among: int, contest: date | None) -> Verdict:
    short = max(0, int(rule.threshold.to_integral_value(ROUND_CEILING)) - have)
    return Verdict(
        rule, NOT_MET if short else MET, have=have, whole=among, need=rule.threshold, short=short,
        earliest=contest if short else None,
    )  # fmt: skip


def _ahead(day: date | None, facts: Facts) -> date | None:
    return day if day and day >= facts.today else None


def _dossiers(rule: Rule, facts: Facts) -> Verdict:
    if facts.dossiers is None or not facts.dossiers[1]:
        return _pending(rule, facts, OFFICE, rule.threshold)
    complete, expected = facts.dossiers
    needed = int((rule.threshold * expected / 100).to_integral_value(ROUND_CEILING))
    short = max(0, needed - complete)
    share = Decimal(complete * 100) / expected
    return Verdict(
        rule, NOT_MET if short else MET, have=share, whole=expected, need=rule.threshold, short=short,
        earliest=facts.today if short else None,
    )  # fmt: skip


def _points(rule: Rule, value: Decimal | None, facts: Facts, waits_for: str) -> Verdict:
    if value is None:
        return _pending(rule, facts, waits_for, rule.threshold)
    return Verdict(rule, MET if value >= rule.threshold else NOT_MET, have=value, need=rule.threshold)


def _self_score(rule: Rule, facts: Facts) -> Verdict:
    if facts.self_score is None:  # only the unit can say it: no finding stands in for it
        return Verdict(rule, PENDING, need=rule.threshold, waits_for=UNIT)
    return _points(rule, facts.self_score, facts, UNIT)


def _last_score(rule: Rule, facts: Facts) -> Verdict:
    return _points(rule, facts.last_score, facts, OFFICE)


def _no_veto(rule: Rule, facts: Facts) -> Verdict:
    """Nothing in the months before today. A person's finding counts only while the program has no register."""
    if facts.events is None:
        return _pending(rule, facts, OFFICE, rule.months)
    last = max((day for day in facts.events if day <= facts.today), default=None)
    free = months_after(last, rule.months) if last else None
    if facts.veto_until and facts.veto_until >= facts.today:
        free = max(free or facts.today, facts.veto_until + timedelta(days=1))
    if free is None or free <= facts.today:
        return Verdict(rule, MET, have=last, need=rule.months)
    return Verdict(rule, NOT_MET, have=last, need=rule.months, earliest=free)


def _no_card(rule: Rule, facts: Facts) -> Verdict:
    if facts.suspended:
        return Verdict(rule, NOT_MET)
    if facts.card_until:
        return Verdict(rule, NOT_MET, have=facts.card_until, earliest=max(facts.card_until, facts.today))
    return Verdict(rule, MET)


def _not_barred(rule: Rule, facts: Facts) -> Verdict:
    """A delisting bars the programmes of that year and of the next (mechanisms.md 112); then it ends by itself."""
    until = facts.barred_until
    if until is None or (until < facts.today and until.year < facts.year):
        return Verdict(rule, MET)
    later = until.year >= facts.year
    return Verdict(rule, NOT_MET, have=until, earliest=None if later else until + timedelta(days=1))


def _no_consequence(rule: Rule, facts: Facts) -> Verdict:
    """A consequence of the unit that bars for a time, such as no assessment of the year (mechanisms.md 113)."""
    until = facts.consequence_until
    if until is None or until < facts.today:
        return Verdict(rule, MET)
    return Verdict(rule, NOT_MET, have=until, earliest=until + timedelta(days=1))


def _not_held(rule: Rule, facts: Facts) -> Verdict:
    """Who holds the title, or a higher one of its kind, is re-verified and does not apply."""
    since = min((one.since for one in facts.held if one.rank >= facts.rank), default=None)
    return Verdict(rule, NOT_MET if since else MET, have=since)


def _volunteers(rule: Rule, facts: Facts) -> Verdict:
    """The registered volunteers among the staff (mechanisms.md 129)."""
    figures = facts.yearly
    if figures is None:
        return Verdict(rule, PENDING, need=rule.threshold, waits_for=UNIT)
    needed = int((rule.threshold * figures.staff / 100).to_integral_value(ROUND_CEILING))
    share = Decimal(figures.volunteers * 100) / max(figures.staff, 1)
    return _yearly(rule, figures, share, figures.staff, max(0, needed - figures.volunteers))


def _volunteer_hours(rule: Rule, facts: Facts) -> Verdict:
    """The hours of the year divided by the registered volunteers."""
    figures = facts.yearly
    if figures is None:
        return Verdict(rule, PENDING, need=rule.threshold, waits_for=UNIT)
    each = figures.hours / max(figures.volunteers, 1)
    short = max(Decimal(0), rule.threshold * max(figures.volunteers, 1) - figures.hours)
    return _yearly(rule, figures, each, figures.volunteers, int(short.to_integral_value(ROUND_CEILING)))


def _yearly(rule: Rule, figures: Yearly, have: Decimal, whole: int, short: int) -> Verdict:
    """Too little is not met at once; enough counts once the office has confirmed it. No finding stands in for it."""
    state = NOT_MET if short else MET if figures.confirmed else PENDING
    waits = OFFICE if state == PENDING else ""
    return Verdict(rule, state, have=have, whole=whole, need=rule.threshold, short=short, waits_for=waits)


def _consent(rule: Rule, facts: Facts) -> Verdict:
    """The family agreed and has seen what is said of it. No finding stands in for it."""
    if facts.agreed_on is None or facts.seen_on is None:
        return Verdict(rule, PENDING, have=facts.agreed_on, waits_for=UNIT)
    return Verdict(rule, MET, have=facts.agreed_on)


def _recommender(rule: Rule, facts: Facts) -> Verdict:
    """The unit that recommends is not barred itself, by a delisting or a veto event."""
    until = facts.recommender_until
    if until is None or until < facts.today:
        return Verdict(rule, MET)
    return Verdict(rule, NOT_MET, have=until, earliest=until + timedelta(days=1))


def _by_hand(rule: Rule, facts: Facts) -> Verdict:
    return _pending(rule, facts, OFFICE)


_JUDGES = {
    HELD: _held, CIVIL_SHARE: _civil_share, CIVIL_COUNT: _civil_count,
    MODEL_COUNT: _model_count, DOSSIERS: _dossiers, SELF_SCORE: _self_score,
    LAST_SCORE: _last_score, NO_VETO: _no_veto, NO_CARD: _no_card, NOT_BARRED: _not_barred, NOT_HELD: _not_held,
    BY_HAND: _by_hand, VOLUNTEERS: _volunteers, VOLUNTEER_HOURS: _volunteer_hours, CONSENT: _consent,
    RECOMMENDER: _recommender, NO_CONSEQUENCE: _no_consequence,
}  # fmt: skip
