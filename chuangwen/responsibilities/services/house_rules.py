"""Keeps a unit's catalogue of its own rules (内部制度): made, changed, replaced, ended, and checked (落实检查)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from chuangwen.core import clock
from chuangwen.core.errors import Refusal
from chuangwen.core.files.services import Upload, attach
from chuangwen.core.templatetags.wording import day as day_words
from chuangwen.core.workdays import default_calendar
from chuangwen.organizations.models import Unit
from chuangwen.responsibilities.keeping import next_check
from chuangwen.responsibilities.models import HouseRule, HouseRuleCheck, HouseRuleState, Keeping
from chuangwen.responsibilities.queries.house_rules import (
    ANSWER,
    NOBODY,
    Charge,
    charge_of,
    checker_of,
    may_check,
    may_keep,
)
from chuangwen.responsibilities.schedule import Schedule, phrase_of
from chuangwen.responsibilities.services.papers import PAPERS
from chuangwen.responsibilities.workflow import HOUSE_RULE_WORKFLOW
from chuangwen.workflow.services import advance, note_step

LONGEST_TITLE = 120


@dataclass(frozen=True, slots=True)
class HouseRuleFacts:
    """What the catalogue says of a rule. Without `schedule` it is checked by no rhythm."""

    title: str
    since: date
    answers: Charge
    number: str = ""
    until: date | None = None
    schedule: Schedule | None = None
    checker: Charge = NOBODY


def enter_house_rule(
    unit: Unit, facts: HouseRuleFacts, *, actor: Any, papers: Iterable[Upload] = (), previous: HouseRule | None = None
) -> HouseRule:
    """Put a rule into the unit's catalogue; `papers` are its text.

    Checks are asked for from today on, or from the day it holds. `previous` is the rule whose place it takes: that
    one holds up to the day before and points to it. Where none is named, it takes that of the same title that ran
    out, if there is one. Raises Refusal.
    """
    _require_keeper(unit, actor)
    check_house_rule(unit, facts)
    previous = previous or _ran_out(unit, facts.title)
    if previous is not None and previous.unit_id != unit.pk:
        raise Refusal(_("A rule of another unit cannot be replaced here."), _("Choose a rule of the unit itself."))
    rule = HouseRule(region=unit.region, unit=unit, counts_from=max(facts.since, clock.today()))
    _fill(rule, facts)
    with transaction.atomic():
        if previous is not None:
            _give_way(previous, facts.since, actor)
        _save(rule)
        if previous is not None:
            HouseRule.objects.filter(pk=previous.pk).update(successor=rule)
            previous.successor = rule
        note_step(rule, "enter", actor=actor, data=_told(facts) | ({"before": previous.title} if previous else {}))
        _keep_papers(rule, papers, actor)
    return rule


def change_house_rule(rule: HouseRule, facts: HouseRuleFacts, *, actor: Any, papers: Iterable[Upload] = ()) -> None:
    """Put right what the catalogue says, or add its text. A new wording of the rule itself replaces it instead."""
    _require_keeper(rule.unit, actor)
    check_house_rule(rule.unit, facts)
    with transaction.atomic():
        row = HouseRule.objects.select_for_update(of=("self",)).select_related("unit", "region").get(pk=rule.pk)
        require_changeable(row)
        before = _told(facts_of(row))
        if facts.schedule != row.plan:
            row.counts_from = max(facts.since, clock.today())
        _fill(row, facts)
        _save(row)
        note_step(row, "change", actor=actor, data={"before": before, "after": _told(facts)})
        _keep_papers(row, papers, actor)
    rule.refresh_from_db()


def require_changeable(rule: HouseRule) -> None:
    """Raises Refusal for a rule that is over, or whose place another takes."""
    if rule.is_over or rule.state != HouseRuleState.HOLDS:
        raise Refusal(_("This rule holds no more."), _("Enter the one that holds now."))


def require_checkable(rule: HouseRule) -> None:
    """Raises Refusal for a rule that is over: one that is to be replaced is checked as long as it holds."""
    if rule.is_over:
        raise Refusal(_("This rule holds no more."), _("Enter the one that holds now."))


def end_house_rule(rule: HouseRule, *, until: date, reason: str, actor: Any) -> None:
    """The rule holds up to and including `until`, and nothing takes its place."""
    if until < rule.since:
        raise Refusal(_("The rule had not begun by then."), _("Choose a later day."))
    if until > clock.today():
        raise Refusal(_("This day is still to come."), _("Write the last day with “Change it”."))
    advance(rule, HOUSE_RULE_WORKFLOW, "end", actor=actor, note=reason, until=until, next_check=None)


def note_house_check(rule: HouseRule, *, day: date, result: str, remark: str = "", actor: Any) -> HouseRuleCheck:
    """Keep that somebody looked on `day` whether the rule is kept; the next date follows. Raises Refusal."""
    if actor is not None and not may_check(actor, rule):
        raise PermissionDenied(ANSWER)
    if day > clock.today():
        raise Refusal(_("The time lies in the future."), _("Enter when it really happened."))
    if Keeping(result) != Keeping.KEPT and not remark.strip():
        raise Refusal(_("Say what is not kept."), _("One short sentence is enough."))
    with transaction.atomic():
        row = HouseRule.objects.select_for_update(of=("self",)).get(pk=rule.pk)
        require_checkable(row)
        if day < row.since:
            raise Refusal(_("The rule had not begun by then."), _("Choose a later day."))
        if row.checks.filter(day=day, withdrawn_at__isnull=True).exists():
            raise Refusal(_("A check of this day is noted already."), _("Take that one back first if it is wrong."))
        who = str(checker_of(rule) or rule.unit)
        check: HouseRuleCheck = HouseRuleCheck.objects.create(
            region=rule.region, rule=rule, day=day, result=result, remark=remark.strip(), checked_by=who[:160],
            made_by=actor,
        )  # fmt: skip
        _replan(row)
        said = {"day": day, "result": str(result), "remark": remark.strip(), "next": row.next_check}
        note_step(rule, "check", actor=actor, data=said)
    rule.next_check = row.next_check
    return check


def withdraw_house_check(check: HouseRuleCheck, *, reason: str, actor: Any) -> None:
    """A check that was entered by mistake counts no longer; the next date is found anew."""
    if actor is not None and not may_check(actor, check.rule):
        raise PermissionDenied(ANSWER)
    if not reason.strip():
        raise Refusal(_("Please give the reason in a few words."), _("It stays in the history."))
    with transaction.atomic():
        row = HouseRule.objects.select_for_update(of=("self",)).select_related("region").get(pk=check.rule_id)
        rows = HouseRuleCheck.objects.filter(pk=check.pk, withdrawn_at__isnull=True)
        if rows.update(withdrawn_at=clock.now(), updated_at=clock.now()) != 1:
            raise Refusal(_("This check is taken back already."))
        if not row.is_over:
            _replan(row)
        note_step(row, "uncheck", actor=actor, note=reason, data={"day": check.day})


def check_house_rule(unit: Unit, facts: HouseRuleFacts) -> None:
    """Raises Refusal for what the catalogue cannot say of a rule of `unit`."""
    if not facts.title.strip():
        raise Refusal(_("Give the rule its title."))
    if len(facts.title.strip()) > LONGEST_TITLE:
        raise Refusal(_("The title is longer than %d characters.") % LONGEST_TITLE, _("Shorten it."))
    if facts.until is not None and facts.until < facts.since:
        raise Refusal(_("The end lies before the beginning."), _("Choose a later date."))
    if not facts.answers:
        raise Refusal(_("Say who answers for the rule."), _("Choose an office inside the unit, or one of its posts."))
    office = facts.answers.office
    if office is not None and (office.pk == unit.pk or not _is_below(office, unit)):
        raise Refusal(_("%(office)s is no office of %(unit)s.") % {"office": office, "unit": unit},
                      _("Choose an office inside the unit, or one of its posts."))  # fmt: skip
    checker = facts.checker.office
    if checker is not None and not _is_below(checker, unit) and not _is_below(unit, checker):
        raise Refusal(_("%(office)s does not check rules of %(unit)s.") % {"office": checker, "unit": unit},
                      _("Choose the unit, one inside it or one above it."))  # fmt: skip
    for post in (facts.answers.post, facts.checker.post):
        if post is not None and post.unit_id != unit.pk:
            raise Refusal(_("This post belongs to another unit."), _("Choose a post of the unit itself."))
    if facts.schedule is not None and not facts.checker:
        raise Refusal(_("Say who checks whether the rule is kept."), _("Or leave open how often."))
    if facts.checker and facts.checker == facts.answers:  # mechanism 29: 监督人不得与实施人相同
        raise Refusal(_("Who answers for a rule does not check it."), _("Choose another office or post to check."))


def _is_below(unit: Unit, above: Unit) -> bool:
    """Whether `unit` is `above` or lies in its subtree."""
    return unit.region_id == above.region_id and str(unit.path).startswith(above.path)


def _ran_out(unit: Unit, title: str) -> HouseRule | None:
    """The unit's rule of this title whose last day is over and that nothing has replaced yet."""
    rows = HouseRule.objects.filter(unit=unit, title=title.strip(), state=HouseRuleState.HOLDS)
    found: HouseRule | None = rows.filter(until__lt=clock.today()).select_related("unit", "region").first()
    return found


def _give_way(previous: HouseRule, since: date, actor: Any) -> None:
    """The rule before holds up to the day before `since`, and is checked as long."""
    if previous.since >= since:
        raise Refusal(
            _("The rule that is replaced holds only from %s on.") % day_words(previous.since),
            _("Let the new one begin later."),
        )
    until = since - timedelta(days=1)
    if previous.until is not None and previous.until < until:
        until = previous.until
    previous.until = until
    due = None if previous.is_over else _next(previous)
    advance(previous, HOUSE_RULE_WORKFLOW, "replace", actor=actor, until=until, next_check=due)


def _fill(rule: HouseRule, facts: HouseRuleFacts) -> None:
    rule.title, rule.number = facts.title.strip(), facts.number.strip()
    rule.since, rule.until = facts.since, facts.until
    rule.office, rule.post = facts.answers.office, facts.answers.post
    rule.checker, rule.checker_post = facts.checker.office, facts.checker.post
    rule.schedule = facts.schedule.as_data() if facts.schedule else None
    rule.next_check = _next(rule)


def _next(rule: HouseRule) -> date | None:
    """The next date of a check; none without a rhythm, nor after the rule's last day."""
    if rule.plan is None:
        return None
    rows = rule.checks.filter(withdrawn_at__isnull=True) if rule.pk else HouseRuleCheck.objects.none()
    found = next_check(rule.plan, rule.counts_from, rows.values_list("day", flat=True), default_calendar())
    return None if found is None or (rule.until is not None and found > rule.until) else found


def _replan(rule: HouseRule) -> None:
    rule.next_check = _next(rule)
    HouseRule.objects.filter(pk=rule.pk).update(next_check=rule.next_check, updated_at=clock.now())


def _save(rule: HouseRule) -> None:
    try:
        with transaction.atomic():
            rule.save()
    except IntegrityError as error:
        words = _("%(unit)s has a rule “%(title)s” in force already.") % {"unit": rule.unit, "title": rule.title}
        raise Refusal(words, _("Open that one, and replace it where the new one takes its place.")) from error


def _keep_papers(rule: HouseRule, papers: Iterable[Upload], actor: Any) -> None:
    for paper in papers:
        kept = attach(paper.data, paper.name, owner=rule, region=rule.region, actor=actor, accept=PAPERS)
        note_step(rule, "paper", actor=actor, data={"name": kept.name, "sha256": kept.file.sha256})


def facts_of(rule: HouseRule) -> HouseRuleFacts:
    """What the catalogue says of the rule now."""
    return HouseRuleFacts(
        rule.title, rule.since, charge_of(rule), rule.number, rule.until, rule.plan, checker_of(rule),
    )  # fmt: skip


def _told(facts: HouseRuleFacts) -> dict[str, Any]:
    return {
        "title": facts.title, "number": facts.number, "since": facts.since, "until": facts.until,
        "answers": str(facts.answers), "often": phrase_of(facts.schedule) if facts.schedule else "",
        "checker": str(facts.checker),
    }  # fmt: skip


def _require_keeper(unit: Unit, actor: Any) -> None:
    if actor is not None and not may_keep(actor, unit):
        raise PermissionDenied(ANSWER)
