"""Dossiers on the ladder: late ones are pressed like late problems and tasks."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse

from chuangwen.campaigns.models import Campaign
from chuangwen.core import clock
from chuangwen.evidence.models import Dossier
from chuangwen.notifications.models import Notice
from chuangwen.standards.fileformat.reader import read_standard
from chuangwen.standards.models import Node
from chuangwen.standards.services import publish_standard
from chuangwen.supervision.models import NoticeItem
from chuangwen.supervision.queries.matters import running_matters, units_with_matters
from chuangwen.supervision.services import propose_by_hand, propose_notices, settle_notice, sign_notice
from chuangwen.supervision.services.answering import answer_notice
from chuangwen.workflow.services import note_step
from tests.evidence.making import STANDARD
from tests.supervision.making import NOW, days_later
from tests.support.factories import make_campaign
from tests.support.refusals import said

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 11, 16)


@pytest.fixture
def campaign(world):
    read = read_standard(STANDARD.encode(), "s.yaml")
    version, _new = publish_standard(read, region=world.region, actor=None)
    return make_campaign(world.root, version=version, subject_kind="unit")


def make(campaign, unit, code="1.1", **fields):
    node = Node.objects.get(version__in=campaign.standards.values("version"), code=code)
    values = {"year": 2026, "due_on": MONDAY, "slots_needed": 3} | fields
    return Dossier.objects.create(region=unit.region, campaign=campaign, node=node, unit=unit, **values)


def test_late_dossier_is_listed_with_the_late_problem_and_the_office_sees_why(world, campaign, sign_in):
    world.problem(title="占道")
    dossier = make(campaign, world.unit)
    make(campaign, world.unit, "1.2", state="submitted")
    (notice,) = world.proposed()
    item = notice.items.get(dossier=dossier)
    assert (notice.items.count(), item.ground, item.found) == (2, "late", 2)
    assert clock.local(item.due_at).date() == MONDAY
    with clock.at(NOW):
        page = sign_in(world.office).get(reverse("supervision:notice", args=[notice.number])).content.decode()
        assert "志愿服务常态开展" in page
        assert reverse("evidence:dossier", args=[dossier.pk]) in page
        for kind in ("notice", "assignment", "feedback"):
            paper = sign_in(world.office).get(reverse("supervision:paper", args=[notice.number, kind]))
            assert "志愿服务常态开展" in paper.content.decode()


def test_dossier_climbs_and_its_notice_settles_once_it_is_handed_in(world, campaign):
    dossier = make(campaign, world.unit)
    (white,) = world.proposed()
    with clock.at(NOW):
        sign_notice(white, actor=world.office)
        answer_notice(white, text="本周补齐", actor=world.liaison)
        assert said(settle_notice, white, actor=world.colleague).startswith("还有1件没有办结")
        Dossier.objects.filter(pk=dossier.pk).update(state="submitted")
        settle_notice(white, actor=world.colleague)
    with days_later(5):
        assert propose_notices(world.region) == []
    Dossier.objects.filter(pk=dossier.pk).update(state="returned")
    with days_later(5):
        (yellow,) = propose_notices(world.region)
    assert (yellow.colour, yellow.items.get().dossier) == ("yellow", dossier)


def test_dossier_returned_twice_is_answered_with_yellow(world, campaign):
    dossier = make(campaign, world.unit, state="returned")
    for _twice in range(2):
        note_step(dossier, "return", actor=None)
    (notice,) = world.proposed()
    assert (notice.colour, notice.items.get().ground, notice.items.get().found) == ("yellow", "returned", 2)


def test_day_is_kept_to_its_end_and_an_ended_campaign_presses_nobody(world, campaign):
    today = make(campaign, world.unit, due_on=date(2026, 11, 18))
    assert world.proposed() == []
    with days_later(1):
        (notice,) = propose_notices(world.region)
    assert notice.items.get().dossier == today
    make(campaign, world.other)
    Campaign.objects.filter(pk=campaign.pk).update(state="ended")
    assert world.proposed() == []


def test_dossiers_of_one_day_are_reminded_of_in_one_line(world, campaign):
    for code in ("1.1", "1.2"):
        make(campaign, world.unit, code, due_on=date(2026, 11, 19))
    for _twice in range(2):
        assert world.proposed() == []
    lines = Notice.objects.filter(user=world.liaison)
    assert [(one.title, one.url) for one in lines] == [("快到期：2个台账", "/dossiers/")]


def test_matter_that_had_its_red_notice_is_not_read_again(world, campaign):
    make(campaign, world.unit)
    problem, task = world.problem(), world.task()
    assert units_with_matters(world.region, NOW) == [world.unit.pk]
    assert len(running_matters(world.region, NOW, units=[world.unit.pk])) == 3
    with clock.at(NOW):
        notice = propose_by_hand(
            world.unit, colour="red", problems=[problem], tasks=[task], reason="急", actor=world.office
        )
        left = running_matters(world.region, NOW, units=[world.unit.pk])
        assert [one.matter.key[0] for one in left] == ["d"]
    type(problem).objects.filter(pk=problem.pk).update(lead=world.other)  # another unit begins anew
    assert len(running_matters(world.region, NOW, units=[world.other.pk])) == 1
    assert notice.items.count() == 2


def test_dossier_is_proposed_by_hand_from_its_page(world, campaign, sign_in):
    dossier = make(campaign, world.unit, due_on=date(2026, 12, 20))
    form = {"unit": world.unit.pk, "colour": "white", "matters": "1.1", "reason": "材料空缺"}
    with clock.at(NOW):
        page = sign_in(world.office).get(reverse("evidence:dossier", args=[dossier.pk])).content.decode()
        url = f"{reverse('supervision:propose')}?dossier={dossier.pk}"
        assert url in page
        assert "白单" in page  # what comes next, and when
        assert ">\n1.1</textarea>" in sign_in(world.office).get(url).content.decode()
        answer = sign_in(world.office).post(reverse("supervision:propose"), form | {"matters": "9.9"})
        assert "没有" in answer.content.decode()
        assert sign_in(world.office).post(reverse("supervision:propose"), form).status_code == 302
    assert NoticeItem.objects.get().dossier == dossier
    Dossier.objects.filter(pk=dossier.pk).update(state="approved")
    with clock.at(NOW + timedelta(hours=1)):
        assert (
            said(propose_by_hand, world.unit, colour="red", dossiers=[dossier], reason="催", actor=world.office)
            == f"“{dossier}”已经办结。选还没办结的事项。"
        )
