"""Contests of the offices inside one unit: planned, judged by several, decided; winners hold the title at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from chuangwen.campaigns.models import Title
from chuangwen.core import clock
from chuangwen.core.access import require
from chuangwen.core.errors import Refusal
from chuangwen.core.files.services import Upload
from chuangwen.core.models import as_json
from chuangwen.honors.customs import FAMILY, MODEL
from chuangwen.honors.enums import STANDING_AWARDS, ContestState
from chuangwen.honors.models import Aspect, Award, Contest, Contestant, Family, JudgeSheet
from chuangwen.honors.queries.facts import offices_of
from chuangwen.honors.queries.families import lowest_title
from chuangwen.honors.queries.settings import setting
from chuangwen.honors.services.granting import (
    grant,
    refuse_bar,
    refuse_family_bar,
    refuse_holders,
    refuse_unasked,
    refuse_uncivil,
)
from chuangwen.honors.services.papers import behalf_of, keep_papers, need
from chuangwen.honors.services.stepping import advance, note_step, refuse_naming
from chuangwen.honors.tally import mean, ranked, weighed, winners
from chuangwen.honors.workflow import CONTEST, CONTESTS
from chuangwen.organizations.models import Unit

MOST_VOTES = 100_000


@dataclass(frozen=True, slots=True)
class ContestPlan:
    """What a unit says when it plans a contest. `least` None: the office's setting.

    `offices` or, for the lowest title of families, `families`; these can be decided by a meeting's vote.
    """

    title: Title
    name: str
    decide_on: date
    places: int
    offices: Sequence[Unit]
    least: Decimal | None = None
    trimmed: bool = True
    families: Sequence[Family] = ()
    by_vote: bool = False


def plan_contest(unit: Unit, plan: ContestPlan, *, actor: Any) -> Contest:
    """Plan a contest among offices of `unit`, by the aspects and weights that hold today."""
    if actor is not None:
        require(actor, CONTEST, Contest(region=unit.region, unit=unit))
    _refuse_plan(unit, plan)
    aspects = list(Aspect.objects.filter(region=unit.region, subject=plan.title.subject, weight__gt=0))
    if not aspects and not plan.by_vote:
        raise Refusal(_("There are no aspects to judge by."), _("The office makes them under the settings of titles."))
    least = Decimal(setting(unit.region, "contest-pass")) if plan.least is None else plan.least
    with transaction.atomic():
        contest: Contest = Contest.objects.create(
            region=unit.region, unit=unit, title=plan.title, name=plan.name.strip(), decide_on=plan.decide_on,
            places=plan.places, least=least, trimmed=plan.trimmed, by_vote=plan.by_vote,
            weights={one.code: [one.name, str(one.weight)] for one in aspects},
        )  # fmt: skip
        Contestant.objects.bulk_create(
            [Contestant(region=unit.region, contest=contest, office=office) for office in plan.offices]
            + [Contestant(region=unit.region, contest=contest, family=family) for family in plan.families]
        )
        told = {"title": str(plan.title), "offices": [str(one) for one in (*plan.offices, *plan.families)]}
        note_step(contest, "plan", actor=actor, on_behalf=behalf_of(unit, actor, CONTEST), data=told)
    return contest


def _refuse_plan(unit: Unit, plan: ContestPlan) -> None:
    need(plan.name, _("The contest has no name."), _("Give it one."))
    if plan.title.subject == FAMILY:
        _refuse_families_plan(unit, plan)
        return
    if plan.families or plan.by_vote or plan.title.subject != "office" or plan.title.region_id != unit.region_id:
        raise Refusal(_("“%s” is no title for offices.") % plan.title, _("Choose a civil or model office title."))
    _refuse_size(plan, Refusal(_("No office takes part."), _("Choose the offices.")))
    inside = offices_of([unit])
    for office in plan.offices:
        if office.pk not in inside:
            raise Refusal(_("“%(office)s” is no office of “%(unit)s”.") % {"office": office, "unit": unit},
                          _("Choose among its own offices."))  # fmt: skip
    _refuse_offices(plan.title, plan.offices)


def _refuse_size(plan: ContestPlan, nobody: Refusal) -> None:
    number = len(plan.offices) + len(plan.families)
    if plan.decide_on < clock.today():
        raise Refusal(_("The day lies behind."), _("Give today or a later day."))
    if not number:
        raise nobody
    if not 0 < plan.places <= number:
        raise Refusal(_("There are more winners than take part, or none."), _("Check the number of winners."))


def _refuse_families_plan(unit: Unit, plan: ContestPlan) -> None:
    """A unit selects among its own families, for the lowest title of their ladder alone."""
    if plan.offices or plan.title != lowest_title(unit.region):
        raise Refusal(_("“%s” is no title that a unit's own selection gives.") % plan.title,
                      _("Higher ones come from programmes."))  # fmt: skip
    _refuse_size(plan, Refusal(_("No family takes part."), _("Choose among those that have agreed.")))
    for family in plan.families:
        if family.unit_id != unit.pk:
            raise Refusal(_("“%(unit)s” does not recommend “%(family)s”.") % {"unit": unit, "family": family.shown},
                          _("Choose among its own families."))  # fmt: skip
    for family in plan.families:
        refuse_naming(family, plan.name)
    _refuse_families(plan.title, plan.families)


def _refuse_families(title: Title, families: Sequence[Family]) -> None:
    """Consent comes first; who holds a title of the ladder is re-verified; a bar keeps out."""
    holders = Award.objects.filter(family__in=families, title__subject=FAMILY, state__in=STANDING_AWARDS)
    held = set(holders.values_list("family", flat=True))
    for family in families:
        refuse_unasked(family)
        refuse_family_bar(family, clock.today())
        if family.pk in held:
            raise Refusal(
                _("“%(unit)s” holds the title “%(title)s” already.") % {"unit": family.shown, "title": title},
                _("It is re-verified and takes no part."),
            )


def _refuse_offices(title: Title, offices: Sequence[Unit]) -> None:
    """Who holds the title is re-verified; model offices come from among the civil ones; a bar keeps out."""
    refuse_holders(offices, title)
    if title.level == MODEL:
        refuse_uncivil(offices)
    for office in offices:
        refuse_bar(office, clock.today())


def begin_judging(contest: Contest, *, actor: Any) -> None:
    """From now on judges' sheets are taken."""
    advance(contest, CONTESTS, "judge", actor=actor, on_behalf=behalf_of(contest.unit, actor, CONTEST))


def enter_sheet(contestant: Contestant, *, judge: str, aspects: Mapping[str, Decimal], actor: Any) -> JudgeSheet:
    """Keep one judge's points of 0 to 100 for each aspect; the same judge's earlier sheet is replaced."""
    contest = contestant.contest
    if actor is not None:
        require(actor, CONTEST, contest)
    name = need(judge, _("It does not say who judged."), _("Give the judge's name."))
    if contest.by_vote:
        raise Refusal(_("“%s” is decided by a vote.") % contest, _("Enter the ayes."))
    weights = contest.weight_of()
    if set(aspects) != set(weights):
        raise Refusal(_("Not every aspect has points."), _("Give points for each of them."))
    if not all(0 <= points <= 100 for points in aspects.values()):
        raise Refusal(_("Points lie between 0 and 100."), _("Check the number."))
    total = weighed(aspects, weights)
    with transaction.atomic():
        if _state_now(contest) != ContestState.JUDGED:
            raise Refusal(_("“%s” is not being judged.") % contest, _("Open it again to see its present state."))
        sheet, new = JudgeSheet.objects.update_or_create(
            contestant=contestant, judge=name,
            defaults={
                "region": contest.region, "aspects": as_json(dict(aspects)), "points": total, "entered_by": actor,
            },
        )  # fmt: skip
        note_step(contest, "sheet", actor=actor, on_behalf="" if actor is None or str(actor) == name else name,
                  data={"office": str(contestant), "judge": name, "points": total, "new": new})  # fmt: skip
    return sheet


def enter_vote(contestant: Contestant, *, counted_by: str, ayes: int, votes: int, actor: Any) -> JudgeSheet:
    """Keep what a meeting voted on paper about one contestant: so many ayes of so many votes. The last entry counts."""
    contest = contestant.contest
    if actor is not None:
        require(actor, CONTEST, contest)
    name = need(counted_by, _("It does not say who counted."), _("Give the meeting or the person."))
    if not contest.by_vote:
        raise Refusal(_("“%s” is decided by judges' sheets.") % contest, _("Enter a sheet for each judge."))
    if not 0 <= ayes <= votes or not 0 < votes <= MOST_VOTES:
        raise Refusal(_("There are more ayes than votes, or no votes."), _("Check the numbers."))
    points = (Decimal(ayes * 100) / votes).quantize(Decimal("0.01"))
    with transaction.atomic():
        if _state_now(contest) != ContestState.JUDGED:
            raise Refusal(_("“%s” is not being judged.") % contest, _("Open it again to see its present state."))
        JudgeSheet.objects.filter(contestant=contestant).delete()
        sheet: JudgeSheet = JudgeSheet.objects.create(
            region=contest.region, contestant=contestant, judge=name, aspects={"ayes": ayes, "votes": votes},
            points=points, entered_by=actor,
        )  # fmt: skip
        note_step(contest, "sheet", actor=actor, on_behalf="" if actor is None or str(actor) == name else name,
                  data={"office": str(contestant), "judge": name, "points": points})  # fmt: skip
    return sheet


def decide_contest(contest: Contest, *, actor: Any, papers: Iterable[Upload] = ()) -> list[Award]:
    """Count the sheets and give the title to the winners.

    Refused where an office was judged by fewer judges than another, or where equal points leave open who is last.
    """
    with transaction.atomic():
        _state_now(contest)
        rows = list(
            contest.contestants.prefetch_related("sheets").select_related(
                "office__region", "family__unit__region", "region"
            )
        )
        scores = _scores(contest, rows)
        won = winners(scores, places=contest.places, least=contest.least)
        _refuse_tie(contest, scores, won)
        advance(contest, CONTESTS, "decide", actor=actor, on_behalf=behalf_of(contest.unit, actor, CONTEST),
                data={"winners": len(won), "of": len(rows)})  # fmt: skip
        keep_papers(papers, contest, region=contest.region, actor=actor)
        awards = []
        for row in rows:
            row.points, row.won = scores[row.pk], row.pk in won
            row.save(update_fields=["points", "won", "updated_at"])
            if row.won:
                if row.family is not None:
                    _refuse_families(contest.title, [row.family])
                elif row.office is not None:
                    _refuse_offices(contest.title, [row.office])
                awards.append(
                    grant(row.office or contest.unit, contest.title, granted_on=clock.today(), document=contest.name,
                          actor=actor, contest=contest, family=row.family)
                )  # fmt: skip
    return awards


def _state_now(contest: Contest) -> str:
    """Locks the contest until the transaction ends: what is counted are the sheets there are, and no more come in."""
    return Contest.objects.select_for_update().values_list("state", flat=True).get(pk=contest.pk)


def _scores(contest: Contest, rows: Sequence[Contestant]) -> dict[int, Decimal | None]:
    judged = {len(row.sheets.all()) for row in rows}
    if 0 in judged or len(judged) != 1:
        raise Refusal(_("Not all were judged by the same number of judges."), _("Enter the sheets that lack."))
    return {row.pk: mean([sheet.points for sheet in row.sheets.all()], trimmed=contest.trimmed) for row in rows}


def _refuse_tie(contest: Contest, scores: Mapping[int, Decimal | None], won: set[int]) -> None:
    reached = {key: value for key, value in scores.items() if value is not None and value >= contest.least}
    order = ranked(reached)
    if any(place <= contest.places and key not in won for key, place in order.items()):
        raise Refusal(
            _("Equal points leave open who is among the first %d.") % contest.places,
            _("Let another judge score, or correct a sheet."),
        )


def cancel_contest(contest: Contest, *, reason: str, actor: Any) -> None:
    """Call it off; nobody wins."""
    advance(contest, CONTESTS, "cancel", actor=actor, note=reason, on_behalf=behalf_of(contest.unit, actor, CONTEST))
