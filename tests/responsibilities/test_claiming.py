"""Claims in a pool and objections to shares: who gets what, what is refused, what is told, what is kept."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile

from chuangwen.core import clock
from chuangwen.core.errors import Refusal
from chuangwen.core.workdays import default_calendar
from chuangwen.notifications.models import Notice
from chuangwen.responsibilities.models import Assignment, Claim, Objection, Share
from chuangwen.responsibilities.queries import counts_of
from chuangwen.responsibilities.queries.objections import ObjectionRule, objection_rule
from chuangwen.responsibilities.services import claim_criterion, set_share
from chuangwen.responsibilities.services.claims import decide_claim, open_pool, settle_due_pools, withdraw_claim
from chuangwen.responsibilities.services.objections import (
    object_to_share,
    rule_on_objection,
    set_objection_rule,
)
from tests.config.doors import picture
from tests.responsibilities.making import make_city
from tests.support.factories import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def city():
    city = make_city()
    city.unit("甲局"), city.unit("乙局")
    return city


def claim(city, unit, code, **more):
    one = city.units[unit]
    return claim_criterion(city.campaign, city.node(code), one, actor=city.liaison(one), **more)


def test_pool_gives_sole_claims_leaves_contested_ones_to_the_office_and_tells_what_nobody_claimed(city, sign_in):
    people = [city.liaison(unit) for unit in city.units.values()]
    with clock.at(NOON):
        pool = open_pool(city.campaign, closes_on=NOON.date(), actor=city.office)
        assert Notice.objects.filter(user__in=people).count() == 2
        with pytest.raises(Refusal, match="已经在认领"):
            open_pool(city.campaign, closes_on=NOON.date(), actor=city.office)
        with pytest.raises(PermissionDenied):
            open_pool(city.campaign, closes_on=NOON.date(), actor=people[0])
        sole = claim(city, "甲局", "1.1")
        ours, theirs = claim(city, "甲局", "1.2", reason="有职责"), claim(city, "乙局", "1.2")
        with pytest.raises(Refusal, match="认领过"):
            claim(city, "甲局", "1.1")
        withdraw_claim(sole, actor=people[0])
        sole = claim(city, "甲局", "1.1")
        assert city.cells() == {}
        assert settle_due_pools() == 0
        page = sign_in(people[0]).get("/desk/").content.decode()
        assert "没人牵头" in page
    with clock.at(NOON + timedelta(days=1)):
        assert settle_due_pools() == 1
        assert settle_due_pools() == 0
        assert city.cells() == {("1.1", "甲局"): "lead"}
        desk = sign_in(city.office).get("/desk/").content.decode()
        assert "1条标准有多个单位认领" in desk
        assert "1条标准到期无人认领" in desk
        with pytest.raises(Refusal, match="多个单位认领"):
            decide_claim(theirs, reason=" ", actor=city.office)
        client = sign_in(city.office)
        assert client.post(f"/breakdown/claims/{ours.node_id}/", {"claim": theirs.pk, "reason": ""}).status_code == 422
        sent = {"claim": theirs.pk, "reason": "法定职责"}
        assert client.post(f"/breakdown/claims/{ours.node_id}/", sent).status_code == 302
        assert city.cells() == {("1.1", "甲局"): "lead", ("1.2", "乙局"): "lead"}
        assert dict(Claim.objects.values_list("pk", "state")) == {sole.pk: "given", ours.pk: "down", theirs.pk: "given"}
        page = client.get(f"/breakdown/claims/{ours.node_id}/").content.decode()
        assert "法定职责" in page
        assert "有职责" in page
        assert client.get("/breakdown/claims/?tab=all").context["listing"].total == 3
    pool.refresh_from_db()
    assert pool.settled_at == NOON + timedelta(days=1)


def test_claims_through_the_pages_by_the_unit_and_by_the_office_for_it(city, sign_in):
    own = city.units["甲局"]
    client = sign_in(city.office)
    day = default_calendar().add_workdays(clock.today(), 3)
    assert client.post("/breakdown/claims/pool/", {"closes_on": "2020-01-01"}).status_code == 422
    assert client.post("/breakdown/claims/pool/", {"closes_on": day.isoformat()}).status_code == 302
    answer = client.post("/breakdown/claims/pool/", {"closes_on": day.isoformat()}, follow=True)
    assert [one.level_tag for one in answer.context["messages"]][-1:] == ["error"]
    assert client.post(f"/breakdown/units/{own.pk}/claim/", {"node": city.node("1.1").pk}).status_code == 302
    kept = Claim.objects.get()
    page = client.get(f"/breakdown/claims/{kept.node_id}/")
    assert page.context["entries"][0]["who"] == "甲局"
    client = sign_in(city.liaison(own))
    assert client.get(f"/breakdown/units/{own.pk}/").context["claimed"] == {kept.node_id}
    assert client.post(f"/breakdown/claims/{kept.node_id}/", {"claim": kept.pk}).status_code == 403
    assert client.post(f"/breakdown/claims/{kept.node_id}/", {"claim": kept.pk, "withdraw": "1"}).status_code == 302
    kept.refresh_from_db()
    assert kept.state == "withdrawn"
    assert client.post("/breakdown/claims/pool/settle/").status_code == 403
    client = sign_in(city.office)
    assert [node.code for node in client.get("/breakdown/claims/pool/").context["bare"]] == ["1.1", "1.2", "1.3"]
    assert client.post("/breakdown/claims/pool/settle/").status_code == 302
    assert client.post("/breakdown/claims/pool/settle/").status_code == 404
    assert city.cells() == {}


def share_of(city, unit, code="1.1"):
    set_share(city.campaign, city.node(code), city.units[unit], Share.LEAD, actor=city.office)
    return Assignment.objects.get(unit=city.units[unit], node=city.node(code))


def test_unit_objects_within_its_days_and_the_ruling_moves_the_share(city):
    with clock.at(NOON):
        share = share_of(city, "甲局")
        speaker = city.liaison(city.units["甲局"])
        for reason, actor, words in ((" ", speaker, "为什么"), ("不是", city.office, "甲局")):
            with pytest.raises(Refusal, match=words):
                object_to_share(share, reason=reason, actor=actor)
        with pytest.raises(PermissionDenied):
            object_to_share(share, reason="不是", actor=city.liaison(city.units["乙局"]))
        made = object_to_share(share, reason="归乙局", actor=speaker, proposed=city.units["乙局"])
        with pytest.raises(Refusal, match="等裁定"):
            object_to_share(share, reason="再说", actor=speaker)
        assert made.due_at == default_calendar().deadline(NOON, "2d")
        assert counts_of(city.campaign).objected == {share.node_id}
        with pytest.raises(PermissionDenied):
            rule_on_objection(made, stays=False, reason="不", actor=speaker)
        with pytest.raises(Refusal, match="正是"):
            rule_on_objection(made, stays=False, reason="不", unit=city.units["甲局"], actor=city.office)
        made.refresh_from_db()
        assert made.state == "open"
        rule_on_objection(made, stays=False, reason="职责在乙局", unit=city.units["乙局"], actor=city.office)
        assert city.cells() == {("1.1", "乙局"): "lead"}
        other = share_of(city, "乙局", "1.2")
        late = clock.now() + timedelta(days=8)
    with clock.at(late):
        with pytest.raises(Refusal, match="异议期"):
            object_to_share(other, reason="不是", actor=city.liaison(city.units["乙局"]))
        # A paper that came in time is entered afterwards, with its true time.
        kept = object_to_share(other, reason="不是", actor=city.office, on_behalf="乙局办公室", at=NOON)
        rule_on_objection(kept, stays=True, reason="三定方案写明", actor=city.office)
    assert list(Objection.objects.order_by("pk").values_list("state", flat=True)) == ["moved", "stays"]
    assert city.cells() == {("1.1", "乙局"): "lead", ("1.2", "乙局"): "lead"}


def test_objection_through_the_pages_with_its_paper_and_the_rule_that_the_office_keeps(city, sign_in):
    share, unit = share_of(city, "甲局"), city.units["甲局"]
    client = sign_in(city.office)
    rule = {"days": 5, "ruling_days": 1, "source": "云创办〔2026〕3号"}
    assert client.post("/breakdown/objections/rule/", {**rule, "days": 0}).status_code == 422
    assert client.post("/breakdown/objections/rule/", rule).status_code == 302
    city.campaign.region.refresh_from_db()
    assert objection_rule(city.campaign.region) == ObjectionRule(5, 1, "site: 云创办〔2026〕3号")
    with pytest.raises(Refusal):
        set_objection_rule(city.campaign.region, ObjectionRule(0), actor=city.office)
    with pytest.raises(PermissionDenied):
        set_objection_rule(city.campaign.region, ObjectionRule(), actor=city.liaison(unit))
    page = f"/breakdown/shares/{share.pk}/object/"
    assert "on_behalf" in client.get(page).context["form"].fields
    client = sign_in(city.liaison(unit))
    assert page in client.get(f"/breakdown/units/{unit.pk}/").content.decode()
    paper = SimpleUploadedFile("函.png", picture())
    answer = client.post(page, {"reason": "去年已划转", "proposed": "乙局", "paper": paper})
    made = Objection.objects.get()
    assert answer.url == f"/breakdown/objections/{made.pk}/"
    assert client.post(answer.url, {"stays": "stays", "reason": "不"}).status_code == 403
    client = sign_in(city.office)
    assert "分工有异议" in client.get("/desk/").content.decode()
    assert client.get("/breakdown/objections/").context["listing"].total == 1
    shown = client.get(answer.url).content.decode()
    assert "去年已划转" in shown
    assert "函.png" in shown
    assert client.post(answer.url, {"stays": "moves", "unit": "乙局", "reason": ""}).status_code == 422
    assert client.post(answer.url, {"stays": "moves", "unit": "乙局", "reason": "属实"}).status_code == 302
    assert city.cells() == {("1.1", "乙局"): "lead"}
    assert "属实" in client.get(answer.url).content.decode()
