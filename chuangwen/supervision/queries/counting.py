"""What of supervision a round counts: events, consequences and rewards, exposures, by the rules of its standard.

Four eyes were there: each was entered by one person and confirmed (released) by another, so nothing is confirmed again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from chuangwen.campaigns.models import Round, RoundState
from chuangwen.campaigns.result_sources import SourceRow
from chuangwen.core import clock
from chuangwen.core.workdays import ONE_DAY
from chuangwen.rectification.enums import OPEN_STATES
from chuangwen.standards.models import StandardVersion
from chuangwen.standards.queries import tree_of
from chuangwen.supervision.counting import likeliest
from chuangwen.supervision.enums import ConsequenceState, CountedFrom, StoryKind, StoryState, VetoState
from chuangwen.supervision.models import Consequence, ConsequenceKind, CountingRule, Story, VetoEvent, VetoKind

EXPOSURE = "exposure"  # the one thing that is no kind


@dataclass(frozen=True, slots=True)
class Countable:
    """A kind that may count, the lists of the standard it may stand for, and what is set or proposed.

    `key`: v and c with the kind's number, or exposure. `rule` None: nobody decided yet, `code` is only a proposal.
    """

    key: str
    name: str
    kind: Any
    listed: list[tuple[str, str]]
    rule: CountingRule | None
    code: str
    points: float | None
    since: str


def countables(version: StandardVersion) -> list[Countable]:
    """Every kind in use with what it counts as under the standard: three queries."""
    standard = tree_of(version)
    vetoes, bonuses, penalties = (
        [(one.code, str(one.title)) for one in rows] for rows in (standard.vetoes, standard.bonuses, standard.penalties)
    )
    caps = {one.code: one.cap for one in (*standard.bonuses, *standard.penalties)}
    rules = {_key(rule): rule for rule in CountingRule.objects.filter(version=version)}
    kinds: list[tuple[str, Any, list[tuple[str, str]]]] = [
        (f"v{kind.pk}", kind, [*vetoes, *penalties])
        for kind in VetoKind.objects.filter(region=version.region_id, is_on=True)
    ]
    kinds += [
        (f"c{kind.pk}", kind, bonuses if kind.is_reward else [*penalties, *vetoes])
        for kind in ConsequenceKind.objects.filter(region=version.region_id, is_on=True)
    ]
    found = [_countable(key, kind.name, kind, listed, rules.get(key), caps) for key, kind, listed in kinds]
    words = _("Exposed problem not put right")
    exposure = _countable(EXPOSURE, words, None, penalties, rules.get(EXPOSURE), caps, like="曝光的问题未整改")
    return [one for one in (*found, exposure) if one.listed]


def counted_since(round_: Round, since: str) -> date:
    """The first day that counts: of the round's year, or after the last day of the round before it in the campaign."""
    first = date(round_.year, 1, 1)
    if since == CountedFrom.YEAR:
        return first
    before = Round.objects.filter(campaign=round_.campaign_id, ends__lt=round_.starts)
    last = before.exclude(state=RoundState.CANCELLED).order_by("-ends").values_list("ends", flat=True).first()
    return last + ONE_DAY if last else first


def veto_rows(round_: Round, version: StandardVersion) -> list[SourceRow]:
    """Confirmed events of kinds that count; what was lifted or rejected is not among them."""
    rules = _rules(version, "veto_kind")
    rows = VetoEvent.objects.filter(
        region=round_.region_id, state=VetoState.CONFIRMED, kind__in=rules, day__lte=round_.ends
    ).select_related("unit", "kind", "entered_by", "confirmed_by")
    return [
        _row(str(one.pk), version, rules[one.kind_id], one.day, one.unit,
             _("%(kind)s: %(title)s (%(paper)s)") % {"kind": one.kind, "title": one.title, "paper": one.source},
             str(one.confirmed_by or ""), (one.entered_by, one.confirmed_by, one.confirmed_at))
        for one in _within(round_, rules, rows, lambda one: (one.kind_id, one.day))
    ]  # fmt: skip


def consequence_rows(round_: Round, version: StandardVersion) -> list[SourceRow]:
    """Confirmed consequences and rewards; one that comes from an event or exposure counted as the same code is told."""
    rules = _rules(version, "consequence_kind")
    others = {**_rules(version, "veto_kind"), EXPOSURE: _exposure_rule(version)}
    rows = Consequence.objects.filter(
        region=round_.region_id, state=ConsequenceState.CONFIRMED, kind__in=rules, day__lte=round_.ends
    ).select_related("unit", "kind", "entered_by", "confirmed_by", "event")
    found = []
    for one in _within(round_, rules, rows, lambda one: (one.kind_id, one.day)):
        rule = rules[one.kind_id]
        basis = others.get(one.event.kind_id) if one.event else others[EXPOSURE] if one.story_id else None
        why = _("It comes from what counts as the same code already.") if basis and basis.code == rule.code else ""
        words = {"kind": one.kind, "title": one.title, "paper": one.paper}
        found.append(
            _row(str(one.pk), version, rule, one.day, one.unit, _("%(kind)s: %(title)s (%(paper)s)") % words,
                 one.issuer, (one.entered_by, one.confirmed_by, one.confirmed_at), why)
        )  # fmt: skip
    return found


def exposure_rows(round_: Round, version: StandardVersion) -> list[SourceRow]:
    """Released exposures whose problem is still open: put right, they are brought no more."""
    rule = _exposure_rule(version)
    if rule is None:
        return []
    rows = Story.objects.filter(
        region=round_.region_id, kind=StoryKind.EXPOSURE, state=StoryState.RELEASED, released_at__isnull=False,
        problem__state__in=OPEN_STATES,
    ).select_related("unit", "proposed_by", "released_by")  # fmt: skip
    rules = {EXPOSURE: rule}
    return [
        _row(str(one.pk), version, rule, clock.local(one.released_at).date(), one.unit,
             _("Exposed and not put right: %(title)s (%(outlet)s)") % {"title": one.title, "outlet": one.outlet},
             one.outlet, (one.proposed_by, one.released_by, one.released_at))
        for one in _within(round_, rules, rows, lambda one: (EXPOSURE, clock.local(one.released_at).date()))
    ]  # fmt: skip


def _rules(version: StandardVersion, field: str) -> dict[Any, CountingRule]:
    rows = CountingRule.objects.filter(version=version).exclude(**{field: None}).exclude(code="")
    return {getattr(rule, f"{field}_id"): rule for rule in rows}


def _exposure_rule(version: StandardVersion) -> CountingRule | None:
    rows = CountingRule.objects.filter(version=version, veto_kind=None, consequence_kind=None)
    return rows.exclude(code="").first()


def _within(round_: Round, rules: dict[Any, CountingRule], rows: Any, of: Any) -> Iterator[Any]:
    """Those whose day lies in the period that their rule counts."""
    first = {since: counted_since(round_, since) for since in {rule.since for rule in rules.values()}}
    for one in rows.order_by("pk") if rules else ():
        kind, day = of(one)
        if first[rules[kind].since] <= day <= round_.ends:
            yield one


def _row(
    key: str, version: StandardVersion, rule: CountingRule, day: date, unit: Any, source: str, judged_by: str,
    people: tuple[Any, Any, Any], why: str = "",
) -> SourceRow:  # fmt: skip
    standard = tree_of(version)
    kinds = {one.code: "veto" for one in standard.vetoes} | {one.code: "bonus" for one in standard.bonuses}
    kind = kinds.get(rule.code, "penalty")
    value = 1.0 if kind == "veto" else rule.points
    return SourceRow(
        key, kind, rule.code, value, day, source, judged_by, unit=unit, entered_by=people[0], checked_by=people[1],
        checked_at=people[2], why=why,
    )  # fmt: skip


def _key(rule: CountingRule) -> str:
    if rule.veto_kind_id:
        return f"v{rule.veto_kind_id}"
    return f"c{rule.consequence_kind_id}" if rule.consequence_kind_id else EXPOSURE


def _countable(
    key: str, name: str, kind: Any, listed: list[tuple[str, str]], rule: CountingRule | None, caps: dict[str, float],
    *, like: str = "",
) -> Countable:  # fmt: skip
    if rule is not None:
        return Countable(key, name, kind, listed, rule, rule.code, rule.points, rule.since)
    code = likeliest(like or name, listed)
    return Countable(key, name, kind, listed, None, code, caps.get(code), CountedFrom.YEAR)
