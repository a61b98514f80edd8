"""Ten rounds of visits with answers and observations, and a scored one among them."""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator
from datetime import timedelta

from bench.city import City, keep
from bench.sizes import ANSWERS_A_VISIT, SEEN_BY_AN_ANSWER
from chuangwen.core import clock
from chuangwen.inspections.enums import AnswerValue, VisitState
from chuangwen.inspections.models import Answer, Observation, Visit
from chuangwen.scoring.services import run_scoring
from chuangwen.standards.models import Check, Node

ANSWERED = 2  # the last rounds, whose answers are kept as rows; of the older ones the observations are


def add_fieldwork(city: City) -> dict[str, int]:
    """Visits, answers and observations; then the last closed round is scored by the program itself."""
    visits = keep(Visit, _visits(city))
    answers = keep(Answer, _answers(city))
    observations = keep(Observation, _observations(city))
    run_scoring(city.rounds[-2], city.version, actor=city.office)
    return {"visits": visits, "answers": answers, "observations": observations}


def _first_visit(city: City, round_number: int) -> int:
    return round_number * city.sizes.visits_a_round + 1


def _place(city: City, visit: int) -> int:
    """The primary key of the visited place: no place twice in a round."""
    return visit * 7 % city.sizes.places + 1


def _visits(city: City) -> Iterator[Visit]:
    for turn, round_ in enumerate(city.rounds):
        for order in range(city.sizes.visits_a_round):
            pk = _first_visit(city, turn) + order
            finished = turn < len(city.rounds) - 1 or order % 4 != 0
            yield Visit(
                pk=pk, uid=uuid.UUID(int=pk), region=city.root.region, round=round_, place_id=_place(city, pk),
                inspector=city.inspectors[order % len(city.inspectors)], order=order,
                planned_on=round_.starts + timedelta(days=order % 5),
                finished_at=clock.now() if finished else None, answered=ANSWERS_A_VISIT if finished else 0,
                state=VisitState.FINISHED if finished else VisitState.PLANNED,
            )  # fmt: skip


def _is_met(visit: int, turn: int) -> bool:
    return (visit * 31 + turn * 17) % 8 != 0


def _answers(city: City) -> Iterator[Answer]:
    """Each that was not met hangs on a problem: on the open ones first, then on those closed last."""
    last = city.sizes.problems
    checks = list(Check.objects.filter(version=city.version).order_by("position").values_list("pk", flat=True))
    count = city.sizes.visits_a_round
    begins = _first_visit(city, len(city.rounds) - ANSWERED)
    for visit in range(begins, begins + ANSWERED * count):
        if (visit - begins) % count == 0:
            missed = 0  # a round begins; each finds the same problems anew
        for turn in range(ANSWERS_A_VISIT):
            pk, met = _answer(city, visit, turn), _is_met(visit, turn)
            missed += not met
            yield Answer(
                pk=pk, uid=uuid.UUID(int=pk), region=city.root.region, visit_id=visit,
                checked_id=checks[(visit * 3 + turn) % len(checks)],
                value=AnswerValue.MET if met else AnswerValue.NOT_MET,
                problem_id=None if met else max(1, last - missed + 1),
                answered_by=city.inspectors[visit % len(city.inspectors)],
            )  # fmt: skip


def _answer(city: City, visit: int, turn: int) -> int:
    return (visit - _first_visit(city, len(city.rounds) - ANSWERED)) * ANSWERS_A_VISIT + turn + 1


def _observations(city: City) -> Iterator[Observation]:
    """Twice as many as answers: one answer counts for criteria at two places of the tree."""
    nodes = Node.objects.filter(version=city.version, is_leaf=True, method="field").order_by("position")
    leaves = list(nodes.values_list("code", flat=True))
    rng = random.Random("observations")  # noqa: S311
    places = {place.pk: place for place in city.places}
    for number, round_ in enumerate(city.rounds):
        kept = number >= len(city.rounds) - ANSWERED
        for order in range(city.sizes.visits_a_round):
            visit = _first_visit(city, number) + order
            place = places[_place(city, visit)]
            for turn in range(ANSWERS_A_VISIT * SEEN_BY_AN_ANSWER):
                turns, second = divmod(turn, SEEN_BY_AN_ANSWER)
                yield Observation(
                    region=city.root.region, round=round_, version=city.version,
                    code=leaves[(visit * 3 + turns + second * 41) % len(leaves)], place=place,
                    unit_id=place.keeper_id if rng.random() < 0.9 else None,
                    value=1.0 if _is_met(visit, turns) else 0.0,
                    answer_id=_answer(city, visit, turns) if kept else None,
                )  # fmt: skip
