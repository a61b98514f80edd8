"""The two rounds: drawn in the strict form, inspected in teams, one finished, one under way."""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta

from chuangwen.accounts.models import User
from chuangwen.campaigns.models import Round
from chuangwen.config.demo.calendar import moment
from chuangwen.config.demo.city import City
from chuangwen.config.demo.pictures import scene
from chuangwen.config.demo.texts import ProblemWords
from chuangwen.core import clock
from chuangwen.core.workdays import default_calendar
from chuangwen.inspections.enums import VisitKind, VisitState
from chuangwen.inspections.models import Draw, Visit
from chuangwen.inspections.sampling import Chain, dice_text
from chuangwen.inspections.services.answering import Given, checklist, save_answers, start_visit
from chuangwen.inspections.services.draws import commit_draw, draw_strictly, freeze_draw
from chuangwen.inspections.services.finishing import finish_visit
from chuangwen.inspections.services.photographing import add_answer_photo
from chuangwen.inspections.services.planning import assign_visits, plan_visit
from chuangwen.rectification.models import Problem
from chuangwen.standards.models import Check, PlaceType

TEAMS = (("第1组", "inspector1"), ("第2组", "inspector3"), ("第3组", "inspector5"))
SPACE = uuid.UUID("6d1f2f0e-6f0a-4d0e-9b0a-9a4c1d1f2026")  # the demo's answers have the same names at every run
OnProblem = Callable[[Problem], None]


def draw_round(city: City, round_: Round, dice: str) -> Draw:
    """Freeze and commit three days before, draw by dice one hour before departure."""
    quotas = {
        row.code: row.quota for row in PlaceType.objects.filter(region=city.root.region, ad_hoc=False) if row.quota
    }
    chain = Chain(f"demo secret of {round_.name}".encode())
    with clock.at(moment(round_.starts - timedelta(days=3), 17)):
        draw = freeze_draw(
            round_, quotas, actor=city.office, strict=True, source="市民代表和公证员在政务服务中心掷骰子12次",
            release_at=moment(round_.starts, 7.5),
        )  # fmt: skip
    with clock.at(moment(round_.starts - timedelta(days=3), 17.1)):
        commitment = chain.commitment()
        commit_draw(draw, commitment=commitment.digest, times=commitment.times, actor=city.office)
    with clock.at(moment(round_.starts, 7.52)):
        draw_strictly(draw, randomness=dice_text(dice), code=chain.code(), actor=city.office)
        _add_ad_hoc(city, round_)
        _share_out(city, round_)
    return draw


def _add_ad_hoc(city: City, round_: Round) -> None:
    """Two places of each of the six ad hoc kinds, as the inspectors came upon them."""
    rng = random.Random(round_.name)  # noqa: S311
    for row in PlaceType.objects.filter(region=city.root.region, ad_hoc=True):
        places = [place for place in city.places.values() if place.place_type_id == row.pk]
        for place in rng.sample(places, min(row.quota or 2, len(places))):
            plan_visit(round_, place, actor=city.office, kind=VisitKind.AD_HOC)


def _share_out(city: City, round_: Round) -> None:
    """Visits go to three teams over the round's days; who belongs to a place's unit is passed over."""
    days = list(_workdays(round_.starts, round_.ends))
    visits = list(Visit.objects.filter(round=round_).select_related("place").order_by("order"))
    random.Random(f"{round_.name} days").shuffle(visits)  # noqa: S311
    for number, visit in enumerate(visits):
        Visit.objects.filter(pk=visit.pk).update(planned_on=days[number * len(days) // len(visits)])
        for offset in range(len(TEAMS)):
            team, login = TEAMS[(number + offset) % len(TEAMS)]
            given = assign_visits([visit], city.people[login], team=team, actor=city.office)
            if given:
                break


def inspect(city: City, round_: Round, words: ProblemWords, *, until: date, share: float, found: OnProblem) -> int:
    """Carry out the visits planned up to `until`; `share` of the checks are not met. Returns how many visits."""
    rng = random.Random(f"{round_.name} visits")  # noqa: S311
    visits = Visit.objects.filter(round=round_, planned_on__lte=until, inspector__isnull=False)
    done = 0
    for visit in visits.select_related("place__place_type", "round__campaign", "region").order_by(
        "planned_on", "order"
    ):
        hour = 8.6 + (done * 0.37) % 8
        if visit.state == VisitState.PLANNED:
            _visit(city, visit, words, rng, moment(visit.planned_on, hour), share, found)
            done += 1
    return done


def _visit(
    city: City, visit: Visit, words: ProblemWords, rng: random.Random, when: datetime, share: float, found: OnProblem
) -> None:
    inspector = next(user for user in city.people.values() if user.pk == visit.inspector_id)
    with clock.at(when):
        start_visit(visit, actor=inspector, longitude=visit.place.longitude, latitude=visit.place.latitude)
        given = [_answer(visit, check, words, rng, share) for check in checklist(visit)]
        save_answers(visit, given, actor=inspector)
    later = when + timedelta(minutes=14)
    with clock.at(later):
        _photograph(visit, inspector)
        for problem in finish_visit(visit, actor=inspector):
            found(problem)


def _answer(visit: Visit, check: Check, words: ProblemWords, rng: random.Random, share: float) -> Given:
    uid = uuid.uuid5(SPACE, f"{visit.round_id} {visit.place.code} {check.code}")
    chance = rng.random()
    if chance < share and check.problem_type:
        note = words.pick(check.problem_type.code, visit.place.place_type.code, rng)
        count = 0.0 if check.quantity_at_least else None
        return Given(uid, check.pk, "not-met", note=note, count=count)
    if chance > 0.985:
        return Given(uid, check.pk, "not-observable", reason="当时下雨，没有看到")
    if chance > 0.96:
        return Given(uid, check.pk, "not-applicable")
    return Given(uid, check.pk, "met", count=check.quantity_at_least)


def _photograph(visit: Visit, inspector: User) -> None:
    for answer in visit.answers.select_related("checked", "region"):
        photo = answer.checked.photo
        if photo == "always" or (photo == "if-not-met" and answer.value == "not-met"):
            key = f"{visit.round_id}-{visit.place.code}-{answer.checked.code}"
            add_answer_photo(
                answer, scene(key, messy=answer.value == "not-met"), f"{visit.place.code}.jpg",
                uid=uuid.uuid5(SPACE, key), actor=inspector, taken_at=clock.now(),
                longitude=visit.place.longitude, latitude=visit.place.latitude,
            )  # fmt: skip


def _workdays(first: date, last: date) -> Iterator[date]:
    calendar = default_calendar()
    day = first
    while day <= last:
        if calendar.is_workday(day):
            yield day
        day += timedelta(days=1)
