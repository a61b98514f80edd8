"""What moves in the city that is measured: problems with photos and history, tasks."""

from __future__ import annotations

import hashlib
import random
import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from bench.city import City, keep
from chuangwen.core import clock
from chuangwen.core.models import Attachment, StoredFile, label_of
from chuangwen.rectification.enums import PhotoRole, ProblemState, Source
from chuangwen.rectification.models import Problem, ProblemPhoto
from chuangwen.rectification.photo_checks import bands_of
from chuangwen.responsibilities.models import Task, TaskState
from chuangwen.standards.models import ProblemType
from chuangwen.workflow.models import Step

OPEN = {
    ProblemState.ASSIGNED: 60, ProblemState.FIXED: 20, ProblemState.FOUND: 8, ProblemState.RETURNED: 6,
    ProblemState.LONG_TERM: 4, ProblemState.DISPUTED: 2,
}  # fmt: skip
OVER = {ProblemState.CLOSED: 94, ProblemState.MERGED: 4, ProblemState.GONE: 2}
SOURCES = {
    Source.INSPECTION: 42, Source.HOTLINE: 22, Source.SELF: 14, Source.CITIZEN: 12, Source.SUPERIOR: 7, Source.MEDIA: 3
}  # fmt: skip
TASKS = {
    TaskState.ISSUED: 30, TaskState.ACCEPTED: 25, TaskState.OBJECTED: 3, TaskState.REPORTED: 12, TaskState.CONFIRMED: 30
}  # fmt: skip
DAYS = 1000  # over which the problems were found
HISTORY = 40_000  # problems with their steps: all open ones are among them


def _drawn(rng: random.Random, weights: dict[Any, int]) -> Any:
    return rng.choices(list(weights), list(weights.values()))[0]


def add_problems(city: City) -> int:
    """All problems; the open ones have the highest numbers, as they would be the youngest."""
    return keep(Problem, _problems(city))


def _problems(city: City) -> Iterator[Problem]:
    rng, now = random.Random("problems"), clock.now()  # noqa: S311
    types = list(ProblemType.objects.filter(region=city.root.region))
    sizes = city.sizes
    for number in range(1, sizes.problems + 1):
        place, kind = rng.choice(city.places), rng.choice(types)
        is_open = number > sizes.problems - sizes.open_problems
        age = 14 * rng.random() if is_open else 10 + DAYS * (1 - number / sizes.problems)
        found = now - timedelta(days=age)
        problem = Problem(
            pk=number, region=city.root.region, campaign=city.campaign, number=f"{found.year}-{number:06d}",
            title=f"{kind.name_zh}:{place.name}门前", place=place, problem_type=kind, longitude=place.longitude,
            latitude=place.latitude, problem_class=kind.problem_class, source=_drawn(rng, SOURCES),
            lead=rng.choice(city.lines) if number % 3 else place.territory, territory=place.territory,
            found_by=city.office, found_at=found, due_at=found + timedelta(days=rng.choice((1, 3, 7, 15))),
        )  # fmt: skip
        _settle(problem, rng, is_open=is_open)
        yield problem


def _settle(problem: Problem, rng: random.Random, *, is_open: bool) -> None:
    """Give the row a state (a new row has its initial state set, not reached) and the moments that go with it."""
    found = problem.found_at
    values: dict[str, Any] = {"state": _drawn(rng, OPEN if is_open else OVER)}
    if values["state"] != ProblemState.FOUND:
        values["assigned_at"] = found + timedelta(hours=1)
    if values["state"] in {ProblemState.FIXED, ProblemState.CLOSED}:
        values["fixed_at"] = found + timedelta(days=rng.random() * 5)
        values["measure_taken"] = "已清理,已安排专人巡查。"
    if values["state"] == ProblemState.CLOSED:
        values["closed_at"] = values["fixed_at"] + timedelta(days=1)
        values["closed_in_time"] = values["fixed_at"] <= problem.due_at
    for name, value in values.items():
        setattr(problem, name, value)


def add_photos(city: City) -> int:
    """Two photos for each of the youngest problems, as rows: there are no bytes behind them."""
    count, last = city.sizes.photos, city.sizes.problems
    rows = list(_photo_facts(count, last))
    keep(StoredFile, (_stored(number, likeness) for number, _problem, likeness in rows))
    keep(Attachment, (_attachment(city, number, problem) for number, problem, _likeness in rows))
    return keep(ProblemPhoto, (_photo(city, *row) for row in rows))


def _photo_facts(count: int, last: int) -> Iterator[tuple[int, int, str]]:
    rng = random.Random("photos")  # noqa: S311
    for number in range(1, count + 1):
        yield number, max(1, last - (number - 1) // 2), f"{rng.getrandbits(64):016x}"


def _stored(number: int, likeness: str) -> StoredFile:
    sha256 = hashlib.sha256(f"photo {number}".encode()).hexdigest()
    return StoredFile(
        pk=number, sha256=sha256, size=400_000, media_type="image/jpeg", width=1600, height=1200, likeness=likeness
    )


def _attachment(city: City, number: int, problem: int) -> Attachment:
    return Attachment(
        pk=number, uid=uuid.UUID(int=number), region=city.root.region, file_id=number, name="photo.jpg",
        owner_type=label_of(Problem), owner_id=problem,  # type: ignore[arg-type]
    )  # fmt: skip


def _photo(city: City, number: int, problem: int, likeness: str) -> ProblemPhoto:
    one, two, three, four = bands_of(likeness)
    return ProblemPhoto(
        pk=number, region=city.root.region, problem_id=problem, attachment_id=number,
        role=PhotoRole.AFTER if number % 2 == 0 else PhotoRole.BEFORE, taken_at=clock.now(),
        band_0=one, band_1=two, band_2=three, band_3=four,
    )  # fmt: skip


def add_history(city: City) -> int:
    """Three steps of each of the youngest problems."""
    youngest = Problem.objects.order_by("-pk").values_list("pk", "found_at")[:HISTORY]
    return keep(Step, _steps(city, list(youngest)))


def _steps(city: City, problems: list[tuple[int, datetime]]) -> Iterator[Step]:
    path = (("report", "", "found", 0), ("assign", "found", "assigned", 1), ("fix", "assigned", "fixed", 20))
    for pk, found in problems:
        for action, source, target, hours in path:
            yield Step(
                region=city.root.region, object_type=label_of(Problem), object_id=pk, action=action,  # type: ignore[arg-type]
                source=source, target=target, actor_name="创城办", at=found + timedelta(hours=hours),
            )  # fmt: skip


def add_tasks(city: City) -> int:
    """Tasks of all lines and streets, some of them late."""
    rng, now = random.Random("tasks"), clock.now()  # noqa: S311
    holders = [*city.lines, *city.streets]
    rows = []
    for number in range(1, city.sizes.tasks + 1):
        state = _drawn(rng, TASKS)
        due = now + timedelta(days=rng.uniform(-5, 60) if state != TaskState.CONFIRMED else -rng.uniform(1, 300))
        rows.append(
            Task(
                pk=number, region=city.root.region, campaign=city.campaign, number=f"R{number:05d}",
                title=f"第{number}项任务:完成责任区域环境整治", unit=holders[number % len(holders)], due_at=due,
                state=state, issued_at=now - timedelta(days=30), made_by=city.office,
            )
        )  # fmt: skip
    return keep(Task, rows)
