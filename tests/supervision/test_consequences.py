"""Consequences and rewards of units: entered by one, confirmed by another, answered by the unit."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from chuangwen.accounts.roles import Role
from chuangwen.core import clock
from chuangwen.notifications.models import Notice
from chuangwen.supervision.models import Consequence, ConsequenceKind, LinkRule
from chuangwen.supervision.queries.consequences import barred_by_consequence, holds
from chuangwen.supervision.services import (
    Decided,
    confirm_consequence,
    decide_appeal,
    drop_consequence,
    enter_consequence,
    lift_consequence,
    reject_consequence,
    reply_to_consequence,
    save_consequence_kind,
    take_up,
)
from tests.supervision.making import NOW
from tests.support.factories import make_user
from tests.support.refusals import said

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon"), pytest.mark.once]
DAY = date(2026, 11, 18)


def kind(name="取消年终评优评先资格"):
    return ConsequenceKind.objects.get(name=name)


def paper(**fields):
    values = {"day": DAY, "year": 2026, "title": "红单三次未整改", "issuer": "市创建办", "paper": "云创〔2026〕9号"}
    return Decided(**values | fields)


def entered(world, name="取消年终评优评先资格", **fields):
    return enter_consequence(world.unit, kind(name), paper(**fields), actor=world.office)


def confirmed(world, name="取消年终评优评先资格", **fields):
    made = entered(world, name, **fields)
    confirm_consequence(made, actor=world.leader)
    return made


def test_kinds_and_rules_are_written_with_their_labels(world):
    kinds = [(one.name, one.is_reward, one.months, one.of_year, one.bars) for one in ConsequenceKind.objects.all()]
    assert kinds == [
        ("通报表扬", True, 0, False, False), ("表彰奖励", True, 0, False, False), ("通报批评", False, 0, False, False),
        ("责令整改", False, 3, False, False), ("取消年终评优评先资格", False, 0, True, True),
    ]  # fmt: skip
    rules = [(one.figure, one.number, one.kind.name, one.is_on) for one in LinkRule.objects.select_related("kind")]
    assert rules == [
        ("red-year", 3, "取消年终评优评先资格", True), ("black-running", 2, "通报批评", True),
        ("list-running", 2, "通报批评", True), ("exposed-year", 2, "责令整改", True),
        ("red-flags-year", 2, "通报表扬", True), ("clean-year", 10, "通报表扬", True),
        ("lagged-year", 3, "通报批评", True),
    ]  # fmt: skip
    labels = {one.source.split(":")[0] for one in [*ConsequenceKind.objects.all(), *LinkRule.objects.all()]}
    assert labels == {"customary", "proposed"}


def test_it_holds_once_a_second_person_confirmed_it_and_the_unit_is_told(world):
    made = entered(world)
    assert (made.state, made.until) == ("reported", date(2026, 12, 31))
    assert not Consequence.objects.filter(holds()).exists()
    assert not Consequence.objects.visible_to(world.liaison).exists()
    assert "第二人" in said(confirm_consequence, made, actor=world.office)
    of_unit = make_user(Role.LEADER, world.unit)
    with pytest.raises(PermissionDenied):
        confirm_consequence(made, actor=world.liaison)
    assert said(confirm_consequence, made, actor=of_unit)
    confirm_consequence(made, actor=world.leader)
    assert (made.state, made.confirmed_by) == ("confirmed", world.leader)
    assert Consequence.objects.visible_to(world.liaison).get() == made
    assert Notice.objects.filter(user=world.liaison, title="取消年终评优评先资格").exists()
    assert barred_by_consequence(world.region, [world.unit.pk, world.other.pk]) == {world.unit.pk: date(2026, 12, 31)}
    with clock.at(NOW + timedelta(days=60)):
        assert not Consequence.objects.filter(holds()).exists()
        assert barred_by_consequence(world.region, [world.unit.pk]) == {}


def test_what_was_not_confirmed_or_was_lifted_bars_nothing(world):
    one, other = entered(world), confirmed(world, paper="云创〔2026〕10号")
    reject_consequence(one, reason="文件没有写", actor=world.leader)
    lift_consequence(other, reason="申诉成立", actor=world.leader)
    assert (one.state, other.state) == ("rejected", "lifted")
    assert barred_by_consequence(world.region, [world.unit.pk]) == {}
    with pytest.raises(PermissionDenied):
        lift_consequence(confirmed(world, paper="3"), reason="x", actor=world.liaison)


def test_lifting_is_offered_but_not_suggested(world, sign_in):
    made = entered(world)
    page = reverse("supervision:consequence", args=[made.pk])

    def buttons():
        shown = sign_in(world.leader).get(page).context["buttons"]
        return [(one["action"], one["primary"]) for one in shown]

    assert buttons()[0] == ("confirm", True)
    confirm_consequence(made, actor=world.leader)
    assert buttons() == [("lift", False)]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"day": DAY + timedelta(days=1)}, "文件印发后再录"),
        ({"title": " "}, "请写明事由"), ({"issuer": ""}, "请写明事由"), ({"paper": ""}, "请写明事由"),
        ({"until": DAY - timedelta(days=1)}, "截止日早于文件日期"), ({"year": 2019}, "年度与文件日期不符"),
    ],
)  # fmt: skip
def test_paper_that_cannot_be_is_refused(world, fields, words):
    assert words in said(enter_consequence, world.unit, kind(), paper(**fields), actor=world.office)


def test_kind_and_basis_are_the_units(world):
    old = kind("责令整改")
    save_consequence_kind(world.region, name="责令整改", months=3, source="site: 9", is_on=False, actor=world.office,
                          kind=old)  # fmt: skip
    assert said(enter_consequence, world.unit, old, paper(), actor=world.office)
    problem = world.problem(lead=world.other)
    refused = said(enter_consequence, world.unit, kind(), paper(), basis=problem, actor=world.office)
    assert problem.title in refused
    made = enter_consequence(world.other, kind(), paper(), basis=problem, actor=world.office)
    assert made.basis == ("problem", problem)
    with pytest.raises(PermissionDenied):
        enter_consequence(world.unit, kind(), paper(), actor=world.liaison)


def test_kind_that_bars_has_a_term(world):
    keep = {"source": "site: 9", "actor": world.office}
    assert said(save_consequence_kind, world.region, name="新", months=0, bars=True, **keep)
    assert said(save_consequence_kind, world.region, name="新", months=121, **keep)
    assert said(save_consequence_kind, world.region, name="通报批评", months=0, **keep)
    assert save_consequence_kind(world.region, name="新", months=6, bars=True, **keep).bars
    with pytest.raises(PermissionDenied):
        save_consequence_kind(world.region, name="又", months=0, source="", actor=world.leader)


def test_unit_replies_and_appeals_and_somebody_else_decides(world):
    made = confirmed(world)
    reply_to_consequence(made, text="已整改", actor=world.liaison)
    appeal = reply_to_consequence(made, text="一张红单有误", is_appeal=True, actor=world.liaison)
    assert "申诉在等" in said(reply_to_consequence, made, text="再诉", is_appeal=True, actor=world.liaison)
    assert said(reply_to_consequence, made, text=" ", actor=world.liaison)
    assert said(decide_appeal, appeal, decision="维持", lifts=False, actor=world.office)  # who entered it
    with pytest.raises(PermissionDenied):
        decide_appeal(appeal, decision="维持", lifts=False, actor=world.liaison)
    assert said(decide_appeal, appeal, decision=" ", lifts=False, actor=world.leader)
    decide_appeal(appeal, decision="维持", lifts=False, actor=world.leader)
    made.refresh_from_db()
    assert made.state == "confirmed"
    assert said(decide_appeal, appeal, decision="改了", lifts=True, actor=world.leader)
    second = reply_to_consequence(made, text="有新证据", is_appeal=True, actor=world.colleague)
    assert second.on_behalf == str(world.unit)
    decide_appeal(second, decision="证据成立", lifts=True, actor=world.leader)
    made.refresh_from_db()
    assert made.state == "lifted"
    assert said(reply_to_consequence, made, text="谢谢", actor=world.liaison)
    praise = confirmed(world, "通报表扬", title="走在前列", paper="2")
    assert said(reply_to_consequence, praise, text="x", is_appeal=True, actor=world.liaison)


def test_proposal_is_taken_up_with_its_paper_or_dropped(world):
    rule = LinkRule.objects.get(figure="red-year")
    values = {"region": world.region, "kind": rule.kind, "day": DAY, "title": "红单3次", "rule": rule, "found": 3,
              "state": "proposed"}  # fmt: skip
    one = Consequence.objects.create(unit=world.unit, year=2026, **values)
    other = Consequence.objects.create(unit=world.other, year=2026, **values)
    take_up(one, paper(year=2025), actor=world.office)
    assert (one.state, one.year, one.paper) == ("reported", 2026, "云创〔2026〕9号")
    confirm_consequence(one, actor=world.leader)
    drop_consequence(other, reason="已约谈", actor=world.office)
    assert other.state == "rejected"


def test_consequence_through_the_pages(world, sign_in):
    client = sign_in(world.office)
    notice = world.sent()
    address = reverse("supervision:consequence_new") + f"?basis=notice:{notice.number}"
    first = client.get(address)
    assert first.context["form"].initial["unit"] == world.unit
    data = {"unit": world.unit.pk, "kind": kind().pk, "title": "红单", "issuer": "市创建办", "paper": "9号",
            "day": "2026-11-18", "year": "2026", "basis": f"notice:{notice.number}"}  # fmt: skip
    assert client.post(address, data | {"paper": ""}).status_code == 422
    assert client.post(address, data | {"basis": "notice:x"}).status_code == 422
    answer = client.post(address, data)
    made = Consequence.objects.get()
    assert (answer.status_code, made.notice) == (302, notice)
    page = reverse("supervision:consequence", args=[made.pk])
    assert [one["action"] for one in client.get(page).context["buttons"]] == []
    act = lambda action: reverse("supervision:consequence_act", args=[made.pk, action])  # noqa: E731
    leader = sign_in(world.leader)
    assert "1项奖惩待确认" in leader.get("/desk/").content.decode()
    assert leader.post(act("confirm")).status_code == 302
    liaison = sign_in(world.liaison)
    assert liaison.get(act("lift")).status_code == 404
    assert liaison.post(act("reply"), {"text": "有误", "is_appeal": "on"}).status_code == 302
    shown = liaison.get(page).content.decode()
    assert "有误" in shown
    assert "裁定申诉" not in shown
    reply = made.replies.get()
    decide = reverse("supervision:appeal", args=[made.pk, reply.pk])
    leader = sign_in(world.leader)
    assert "裁定申诉" in leader.get(page).content.decode()
    assert leader.post(decide, {"decision": "维持", "lifts": "stay"}).status_code == 302
    assert "维持" in sign_in(world.liaison).get(page).content.decode()
    assert sign_in(make_user(Role.LIAISON, world.other)).get(page).status_code == 404


def test_register_is_filtered_and_exported_and_the_units_page_shows_it(world, sign_in, django_assert_num_queries):
    made = confirmed(world)
    client = sign_in(world.office)
    register = reverse("supervision:consequences")
    assert "红单三次未整改" in client.get(register).content.decode()
    assert "红单三次未整改" not in client.get(register, {"tab": "all", "year": "2025"}).content.decode()
    assert client.get(register, {"tab": "all", "year": "x"}).status_code == 200
    assert client.get(register, {"format": "xlsx"}).status_code == 200
    page = sign_in(world.liaison).get(reverse("organizations:unit", args=[world.unit.pk])).content.decode()
    assert reverse("supervision:consequence", args=[made.pk]) in page


def test_anybody_who_sees_one_finds_it_by_its_words_its_paper_or_its_unit(world, sign_in):
    shown, hidden = confirmed(world), entered(world, "通报批评", title="红单两次未整改", paper="云创〔2026〕10号")
    address = reverse("core:find")

    def found(person, words):
        answer = sign_in(person).get(address, {"q": words}).content.decode()
        return [one for one in (shown, hidden) if reverse("supervision:consequence", args=[one.pk]) in answer]

    assert found(world.office, "次未整改") == [shown, hidden]
    assert found(world.office, "2026〕9号") == [shown]
    assert found(world.office, world.unit.short_name or world.unit.name) == [shown, hidden]
    assert found(world.liaison, "次未整改") == [shown]
    assert found(make_user(Role.LIAISON, world.other), "次未整改") == []
