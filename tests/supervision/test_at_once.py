"""Two at the same rule, a region whose morning fails, several matters of one unit reminded of, shares from checks."""

from __future__ import annotations

import logging
import uuid
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from chuangwen.accounts.roles import Role
from chuangwen.audit.models import Entry
from chuangwen.core import clock
from chuangwen.core.daily import one_by_one
from chuangwen.inspections.models import Answer, Observation
from chuangwen.notifications.models import Notice
from chuangwen.organizations.models import Unit
from chuangwen.rectification.models import Problem
from chuangwen.supervision.jobs import CODE
from chuangwen.supervision.models import NoticeRule, SupervisionNotice
from chuangwen.supervision.peers import Part, Share
from chuangwen.supervision.queries.standings import unit_scores
from chuangwen.supervision.services import (
    answer_notice,
    ask_body,
    ensure_defaults,
    propose_notices,
    settle_notice,
    sign_for_body,
    switch_off,
    switch_on,
)
from tests.inspections.making import make_checks, make_field
from tests.supervision.making import NOW, days_later
from tests.support.factories import make_root, make_unit, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def test_region_that_fails_in_the_morning_does_not_keep_the_others_waiting(caplog):
    regions = [make_root().region for _number in range(3)]
    looked = []

    def look(region):
        looked.append(region)
        if region == regions[1]:
            raise ValueError("broken")

    with caplog.at_level(logging.CRITICAL), pytest.raises(RuntimeError, match=f"for: {regions[1].code}$"):
        one_by_one(regions, look, "notices", CODE)
    assert looked == regions
    assert one_by_one(regions[:1], look, "notices", CODE) == [None]


def test_two_matters_that_are_due_soon_are_told_each_to_the_same_people(world):
    for title in ("占道", "积水"):
        world.problem(title=title, due_at=NOW + timedelta(hours=5))
    with clock.at(NOW):
        assert propose_notices(world.region) == []
    titles = Notice.objects.filter(user=world.liaison).order_by("pk").values_list("title", flat=True)
    assert list(titles) == ["快到期：占道", "快到期：积水"]


def test_rule_that_somebody_ended_meanwhile_is_neither_switched_on_nor_off_again(world, noon):
    rule = NoticeRule.objects.get(region=world.region, step="white", condition="late")
    seen = NoticeRule.objects.get(pk=rule.pk)
    switch_off(rule, actor=world.office)
    acts = Entry.objects.filter(action__startswith="supervision.rule").count()
    switch_off(seen, actor=world.colleague)
    assert (seen.is_on, seen.ends) == (False, NOW.date())
    NoticeRule.objects.filter(pk=rule.pk).update(ends=None)
    waiting = NoticeRule.objects.get(pk=rule.pk)
    NoticeRule.objects.filter(pk=rule.pk).update(ends=NOW.date())
    switch_on(waiting, actor=world.colleague)
    assert (waiting.is_on, Entry.objects.filter(action__startswith="supervision.rule").count()) == (False, acts)


def test_stranger_signs_for_no_body(world, noon):
    world.problem()
    (notice,) = propose_notices(world.region)
    body = ask_body(notice, unit=make_unit(world.root, name="市委督查室"), actor=world.office)
    for person in (world.liaison, make_user(Role.OFFICE, make_root())):
        with pytest.raises(PermissionDenied):
            sign_for_body(body, actor=person)
    body.refresh_from_db()
    assert body.signed_at is None


def test_program_settles_by_itself_what_was_answered_and_put_right(world):
    notice = world.sent()
    with days_later(1):
        answer_notice(notice, text="已清理", actor=world.liaison)
        Problem.objects.update(state="closed")
        settle_notice(notice, actor=None)
    assert SupervisionNotice.objects.get().state == "settled"


def test_score_of_a_territory_takes_what_checks_saw_in_it_and_below(db):
    with clock.at(NOW):
        field = make_field()
        region, (check, *_more) = field.round.region, make_checks(field)
        ensure_defaults(region, actor=None)
        block = make_unit(field.street, name="东关社区", branch="territory")
        bureau = make_unit(field.root, name="市水务局")
        Unit.objects.filter(region=region, depth__gt=1).update(peer_group="一组")
        seen = {"region": region, "round": field.round, "version": field.version, "code": "1.1"}
        for unit, value, weight, fields in (
            (field.street, 1, 2, {}), (block, 0, 1, {}), (bureau, 0, 1, {}), (block, 0, 1, {"withdrawn_at": NOW}),
        ):  # fmt: skip
            answer = Answer.objects.create(
                region=region, uid=uuid.uuid4(), visit=field.visit(), checked=check, value="met",
                answered_by=field.office,
            )  # fmt: skip
            Observation.objects.create(unit=unit, value=value, weight=weight, answer=answer, **seen, **fields)
        Observation.objects.create(unit=block, value=0, **seen)  # entered as a result, not seen at a place
        Observation.objects.update(created_at=datetime(2026, 10, 14, 4, tzinfo=UTC))
        found = {one.unit.name: one.shares for one in unit_scores(region, date(2026, 10, 1), date(2026, 10, 31))}
    assert found[field.street.name] == {Part.FIELD: Share(2, 3)}
    assert found["东关社区"] == {Part.FIELD: Share(0, 1)}
    assert Part.FIELD not in found.get("市水务局", {})
