"""A notice to the campaign office itself: answered by the office, judged by the deputy head or from a signed sheet."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from chuangwen.core.panels import counted
from chuangwen.notifications.models import Notice
from chuangwen.organizations.enums import GroupKind
from chuangwen.organizations.models import Group
from chuangwen.rectification.models import Problem
from chuangwen.supervision.desk import desk
from chuangwen.supervision.services import (
    answer_notice,
    propose_notices,
    return_answer,
    settle_notice,
    sign_notice,
)
from chuangwen.workflow.queries import history_of
from tests.supervision.making import SCAN
from tests.support.asking import asked_by
from tests.support.refusals import said

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def answered(world, noon):
    """Two answers: of the office itself, entered by one of its people, and of another unit."""
    Group.objects.create(region=world.region, kind=GroupKind.LEADING, name="领导小组", office=world.unit)
    world.problem()
    world.problem(lead=world.other)
    own, others = sorted(propose_notices(world.region), key=lambda one: one.unit_id)
    sign_notice(own, actor=world.leader)
    sign_notice(others, actor=world.colleague)
    for one in (own, others):
        answer_notice(one, text="已清理", actor=world.office)
    Problem.objects.update(state="fixed")
    return own, others


def waiting(user):
    return [(str(one.title), one.url) for one in counted(desk(asked_by(user)))]


def test_answer_of_the_office_is_judged_by_the_deputy_head(world, answered):
    own, others = answered
    line = [("1份督办答复待审", "/notices/?tab=judge")]
    assert [waiting(one) for one in (world.colleague, world.leader)] == [line, line]
    told = Notice.objects.filter(title__endswith="答复了督办单").values_list("user", "url")
    pages = [reverse("supervision:notice", args=[one.number]) for one in (own, others)]
    assert {url for user, url in told if user == world.leader.pk} == {pages[0]}
    assert {url for user, url in told if user == world.colleague.pk} == {pages[1]}
    words = "这是创建办自己的答复，由领导小组副组长审核。请填写谁作的审核，并附签字单扫描件。"
    assert said(settle_notice, own, actor=world.colleague) == words
    assert said(return_answer, own, reason="缺照片", actor=world.colleague) == words
    with pytest.raises(PermissionDenied):
        settle_notice(others, actor=world.leader)  # the office's to judge
    with pytest.raises(PermissionDenied):
        settle_notice(own, actor=world.liaison)
    settle_notice(others, actor=world.colleague)
    return_answer(own, reason="缺照片", actor=world.leader)
    assert (own.state, others.state, waiting(world.leader)) == ("acknowledged", "settled", [])
    answer_notice(own, text="照片见附件", actor=world.office)
    settle_notice(own, actor=world.leader)
    assert own.state == "settled"


def test_judgement_on_paper_is_entered_by_another_person_with_its_scan(world, answered):
    own, _others = answered
    told = {"judged_name": "副组长 李某", "scans": [SCAN]}
    assert said(settle_notice, own, actor=world.office, **told) == "这份答复是您录入的，请别人审核。"
    assert "扫描件" in said(settle_notice, own, actor=world.colleague, judged_name="副组长 李某")
    settle_notice(own, actor=world.colleague, **told)
    step = history_of(own).get(action="settle")
    assert (own.state, step.on_behalf, step.actor_id, len(step.data["scans"])) == (
        "settled", "副组长 李某", world.colleague.pk, 1,
    )  # fmt: skip


def test_pages_say_who_judges_and_offer_the_paper_path(world, answered, sign_in):
    own, others = answered
    page = reverse("supervision:notice", args=[own.number])
    act = {name: reverse("supervision:act", args=[own.number, name]) for name in ("settle", "return")}
    office = sign_in(world.colleague)
    shown = office.get(page).content.decode()
    assert "等待审核答复：领导小组副组长" in shown
    assert "按纸质录入：办结" in shown
    assert others.number in (shown := office.get("/notices/?tab=judge").content.decode())
    assert own.number not in shown
    form = office.get(act["settle"]).context["form"]
    assert list(form.fields) == ["judged_name", "at", "scans"]
    assert list(office.get(act["return"]).context["form"].fields) == ["judged_name", "reason", "at", "scans"]
    assert office.post(act["settle"], {"judged_name": "副组长"}).status_code == 422  # without the scan
    leader = sign_in(world.leader)
    shown = leader.get(page).content.decode()
    assert "按纸质录入" not in shown
    assert list(leader.get(act["settle"]).context["form"].fields) == []
    assert leader.post(act["settle"]).status_code == 302
    own.refresh_from_db()
    assert own.state == "settled"
