"""The server dies at any moment of a fix with its photo: nothing half done, nothing confirmed lost."""

from __future__ import annotations

import pytest

from chuangwen.core.files.services import read
from chuangwen.core.models import Attachment
from chuangwen.rectification.enums import PhotoRole, ProblemState
from chuangwen.rectification.models import Problem
from chuangwen.rectification.services import fix_problem
from chuangwen.workflow.queries import history_of
from tests.rectification.making import make_city, photo, photo_bytes
from tests.support.killing import kill_through

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_fix_is_reported_with_its_photo_or_not_at_all() -> None:
    city = make_city()
    problem = city.problem(photos=[])

    def fix() -> None:
        found = Problem.objects.select_related("region", "problem_type", "lead").get(pk=problem.pk)
        fix_problem(found, measure="清运两车", actor=city.liaison, photos=[photo(7)])

    def facts() -> tuple[object, ...]:
        now = Problem.objects.get(pk=problem.pk)
        shown = [read(one.attachment.file) for one in now.photos.filter(role=PhotoRole.AFTER)]
        steps = history_of(now).filter(action="fix").count()
        return now.state, shown, Attachment.objects.count(), now.measure_taken, now.fixed_at is not None, steps

    kill_through(fix, facts)
    assert facts() == (ProblemState.FIXED, [photo_bytes(7)], 1, "清运两车", True, 1)
