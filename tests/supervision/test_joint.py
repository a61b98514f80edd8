"""Joint notices: two or more bodies sign one sheet."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from chuangwen.accounts.roles import Role
from chuangwen.core import clock
from chuangwen.notifications.models import Notice
from chuangwen.supervision.models import SupervisionNotice
from chuangwen.supervision.services import (
    ask_body,
    drop_notice,
    propose_by_hand,
    propose_notices,
    sign_for_body,
    sign_notice,
    take_off_body,
)
from chuangwen.supervision.sheets import sheet_of
from tests.supervision.making import NOW, SCAN
from tests.support.factories import make_unit, make_user
from tests.support.refusals import said

pytestmark = pytest.mark.django_db


@pytest.fixture
def notice(world):
    world.problem()
    return world.proposed()[0]


@pytest.fixture
def body(world):
    return make_unit(world.root, name="市委督查室")


@pytest.fixture
def head(body):
    return make_user(Role.LEADER, body)


def test_sheet_goes_out_once_all_bodies_have_signed(world, notice, body, head, noon):
    first = ask_body(notice, unit=body, actor=world.office)
    second = ask_body(notice, unit=world.other, actor=world.office)
    assert [one.title for one in Notice.objects.filter(user=head)] == ["督办单待市委督查室会签"]
    assert said(sign_notice, notice, actor=world.office) == (
        f"这些单位还没有会签：市委督查室、{world.other}。请其会签或代录签字，之后才能发出。"
    )
    sign_for_body(first, actor=head)
    sign_for_body(second, actor=world.office, signed_name="主任 王某", scans=[SCAN])
    sign_notice(notice, actor=world.office)
    sheet = sheet_of(notice, "notice")
    assert sheet.title == "联合督办单（白单）"
    assert [value.split("：")[0] for label, value in sheet.facts if label == "会签"] == ["市委督查室", world.other.name]
    assert [one.signed_name for one in notice.bodies.all()] == ["市委督查室包联领导", "主任 王某"]


def test_sheet_that_a_body_has_signed_takes_no_more_matters(world, notice, body, head, noon):
    one = ask_body(notice, unit=body, actor=world.office)
    late = world.problem(title="积水")
    assert propose_notices(world.region) == [notice]
    sign_for_body(one, actor=head)
    more = world.problem(title="占道")
    assert propose_notices(world.region) == []
    words = said(propose_by_hand, world.unit, colour="white", problems=[more], reason="催", actor=world.office)
    assert words == "会签单位已经按现有内容签了这张单。先签发那一张。"
    sign_notice(notice, actor=world.office)
    assert notice.items.filter(problem=late).exists()
    assert not notice.items.filter(problem=more).exists()
    assert [one.items.get().problem for one in propose_notices(world.region)] == [more]


def test_body_sees_what_it_signs_and_nothing_else(world, notice, body, head, noon):
    assert list(SupervisionNotice.objects.visible_to(head)) == []
    ask_body(notice, unit=body, actor=world.office)
    assert list(SupervisionNotice.objects.visible_to(head)) == [notice]
    drop_notice(notice, reason="已电话催办", actor=world.office)
    assert list(SupervisionNotice.objects.visible_to(head)) == []


def test_asking_is_refused(world, notice, body, noon):
    def refused(unit):
        return said(ask_body, notice, unit=unit, actor=world.office)

    assert refused(world.unit) == "这张督办单就是发给该单位的。请选别的单位。"
    assert refused(make_unit()) == "这个单位属于别的地区。请从列表里选。"
    ask_body(notice, unit=body, actor=world.office)
    assert refused(body) == "“市委督查室”已经在会签单位里。请选别的单位。"
    with pytest.raises(PermissionDenied):
        ask_body(notice, unit=world.other, actor=world.liaison)
    for _number in range(7):
        ask_body(notice, unit=make_unit(world.root), actor=world.office)
    assert refused(world.other) == "已有8个单位会签。先去掉一个。"


def test_signing_for_a_body_is_refused(world, notice, body, head, noon):
    one = ask_body(notice, unit=body, actor=world.office)
    assert said(sign_for_body, one, actor=world.office) == "没有写明谁代表市委督查室签字。按督办单上的写职务和姓名。"
    assert said(sign_for_body, one, actor=world.office, signed_name="主任") == (
        "缺签发件的扫描件。请附上，没有扫描件就不算签发。"
    )
    for stranger in (world.liaison, make_user(Role.LIAISON, body)):
        with pytest.raises(PermissionDenied):
            sign_for_body(one, actor=stranger)
    with pytest.raises(PermissionDenied):
        sign_for_body(one, actor=world.leader)  # the region's leader signs red ones, not for others
    sign_for_body(one, actor=head)
    assert said(sign_for_body, one, actor=head) == "“市委督查室”已经会签。打开督办单查看。"
    assert said(take_off_body, one, actor=world.office) == "“市委督查室”已经会签。如果不发，请写明原因不予签发。"


def test_sent_notice_takes_no_body_and_loses_none(world, notice, body, noon):
    one = ask_body(notice, unit=body, actor=world.office)
    take_off_body(one, actor=world.office)
    sign_notice(notice, actor=world.office)
    words = said(ask_body, notice, unit=body, actor=world.office)
    assert words == "这张督办单现在不等签字。请重新打开，看看现在的情况。"


def test_joint_notice_through_the_pages(world, notice, body, head, sign_in):
    with clock.at(NOW):
        office, page = sign_in(world.office), reverse("supervision:notice", args=[notice.number])
        act = reverse("supervision:act", args=[notice.number, "joint"])
        assert act in office.get(page).content.decode()
        assert office.post(act, {"unit": body.pk}).status_code == 302
        one, gone = notice.bodies.get(), ask_body(notice, unit=world.other, actor=world.office)
        off = reverse("supervision:body_off", args=[notice.number, gone.pk])
        assert office.post(off).status_code == 302
        assert notice.number in office.get(reverse("supervision:register") + "?joint=1").content.decode()
        sign = reverse("supervision:body", args=[notice.number, one.pk])
        assert sign_in(world.liaison).get(sign).status_code == 403
        office = sign_in(world.office)
        assert office.post(sign, {"signed_name": "主任"}).status_code == 422
        theirs = sign_in(head)
        assert sign in theirs.get(page).content.decode()
        assert "市委督查室" in theirs.get(reverse("desk:desk")).content.decode()
        assert theirs.post(sign).status_code == 302
        assert theirs.post(off).status_code == 403
    one.refresh_from_db()
    assert one.signed_name == "市委督查室包联领导"
