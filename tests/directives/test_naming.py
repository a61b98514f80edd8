"""A name that fits no unit is explained once: for the document, for later ones, and for workbooks."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from chuangwen.core import clock
from chuangwen.core.errors import Refusal
from chuangwen.directives.addressees import Party
from chuangwen.directives.queries.documents import review_of
from chuangwen.directives.services import (
    Wanted,
    accept_candidate,
    edit_candidate,
    issue_accepted,
    learn_names,
    undo_last,
)
from chuangwen.organizations.models import UnitAlias
from chuangwen.responsibilities.models import Collective
from tests.directives.making import Desk, candidate
from tests.support.factories import NOON, make_user

pytestmark = pytest.mark.django_db
TEXT = """工作安排

（2026年11月16日）

市环卫中心要在11月27日前清理楼道。市城管局要会同市环卫中心，12月4日前冲洗道路。市环卫中心要在12月8日前更换果皮箱。
相关单位要在12月10日前拿出方案。窗口单位要在12月11日前公布电话。
"""


@pytest.fixture
def desk():
    with clock.at(NOON):
        yield Desk()


def test_choosing_once_names_the_rest_and_later_documents(desk):
    document = desk.document(TEXT)
    assert review_of(document).unknown == ["市环卫中心", "窗口单位"]
    first = candidate(document, "清理楼道")
    wanted = Wanted("清理楼道", [Party("市城管局", (desk.city.pk,))], due_on=date(2026, 11, 27), remember=True)
    bins, wash = candidate(document, "果皮箱"), candidate(document, "冲洗道路")
    changed = edit_candidate(first, wanted, revision=1, actor=desk.office, accept=True)
    assert changed == [first.pk, wash.pk, bins.pk]
    for row in (bins, wash):
        row.refresh_from_db()
    assert (bins.lead, bins.needs_unit, bins.state, bins.revision) == (
        [{"name": "市环卫中心", "units": [desk.city.pk]}], False, "open", 2,
    )  # fmt: skip
    assert wash.cooperate == []  # who leads does not also cooperate
    assert UnitAlias.objects.get().name == "市环卫中心"
    later = desk.document("通知\n（2026年11月16日）\n市环卫中心要在12月1日前检修车辆。\n")
    assert not later.candidates.get().needs_unit
    assert undo_last(document, actor=desk.office)[1] == [first.pk, wash.pk, bins.pk]
    bins.refresh_from_db()
    assert (bins.needs_unit, bins.revision) == (True, 3)
    assert not UnitAlias.objects.exists()  # what the act taught is taken back with it
    assert desk.document("通知\n（2026年11月17日）\n市环卫中心要在12月1日前检修车辆。\n").candidates.get().needs_unit


def test_taking_back_leaves_what_the_name_meant_before_or_means_by_now(desk):
    document = desk.document(TEXT)
    names = {"市环卫中心": [desk.city], "窗口单位": [desk.east, desk.west]}
    learn_names(document, names, actor=desk.office)
    again = {"市环卫中心": [desk.schools], "窗口单位": [desk.city, desk.east]}
    learn_names(document, again, actor=desk.office)  # nothing stands alone any more: no act of review, nothing to undo
    undo_last(document, actor=desk.office)
    assert UnitAlias.objects.get().unit == desk.schools
    assert set(Collective.objects.get().units.all()) == {desk.city, desk.east}
    other = desk.document(TEXT.replace("16日", "17日"))
    assert review_of(other).unknown == []
    UnitAlias.objects.all().delete()
    Collective.objects.get().delete()
    fresh = desk.document(TEXT.replace("16日", "18日"))
    learn_names(fresh, names, actor=desk.office)
    undo_last(fresh, actor=desk.office)
    assert (UnitAlias.objects.count(), Collective.objects.count()) == (0, 0)


@pytest.mark.once
def test_remembering_is_ticked_only_for_what_reads_like_a_units_name(desk, sign_in):
    text = (
        "安排\n（2026年11月16日）\n\n"
        "市环卫中心要在11月27日前清理楼道。社区要在12月4日前张贴海报。学生要在12月8日前写信。\n"
    )
    document, page = desk.document(text), sign_in(desk.office)
    found = {}
    for row in document.candidates.all():
        shown = page.get(reverse("directives:edit", args=[row.pk]), headers={"HX-Request": "true"}).content.decode()
        found[row.lead[0]["name"]] = re.findall(r'name="remember"( checked)?', shown)
    assert found == {"市环卫中心": [" checked"], "社区": [""], "学生": [""]}


def test_nothing_is_learnt_of_vague_names_or_where_it_is_not_clear(desk):
    document = desk.document(TEXT)
    vague = candidate(document, "拿出方案")
    wanted = Wanted("拿出方案", [Party("市城管局", (desk.city.pk,))], due_on=date(2026, 12, 10), remember=True)
    assert edit_candidate(vague, wanted, revision=1, actor=desk.office) == [vague.pk]
    first = candidate(document, "清理楼道")
    unasked = Wanted("清理楼道", [Party("市城管局", (desk.city.pk,))], due_on=date(2026, 11, 27))
    assert edit_candidate(first, unasked, revision=1, actor=desk.office) == [first.pk]
    assert not UnitAlias.objects.exists()
    for name, units in (("相关单位", [desk.city]), ("", [desk.city]), ("市环卫中心", [])):
        with pytest.raises(Refusal):
            learn_names(document, {name: units}, actor=desk.office)
    with pytest.raises(PermissionDenied):
        learn_names(document, {"市环卫中心": [desk.city]}, actor=make_user("leader", desk.root))


@pytest.mark.once
def test_page_asks_for_all_names_at_once(desk, sign_in):
    document = desk.document(TEXT)
    accept_candidate(candidate(document, "冲洗道路"), revision=1, actor=desk.office)
    issue_accepted(document, actor=desk.office, measure="完成")
    page = sign_in(desk.office)
    names = reverse("directives:names", args=[document.pk])
    assert names in page.get(reverse("directives:review", args=[document.pk])).content.decode()
    html = page.get(names).content.decode()
    assert "“市环卫中心”是" in html
    assert "“相关单位”是" not in html
    assert page.post(names, {"name0_typed": "没有这家"}).status_code == 422
    both = {"name0": f"u{desk.city.pk}", "name1": [f"u{desk.east.pk}", f"u{desk.west.pk}"]}
    assert page.post(names, both).status_code == 302
    assert Collective.objects.get().name == "窗口单位"
    rows = {words: candidate(document, words) for words in ("果皮箱", "公布电话", "冲洗道路")}
    assert [rows["果皮箱"].needs_unit, rows["公布电话"].lead[0]["units"]] == [False, [desk.east.pk, desk.west.pk]]
    assert rows["冲洗道路"].revision == 2  # it is out: what was issued is not rewritten
    assert "名称都对得上" in page.get(names).content.decode()
    later = desk.document("通知\n（2026年11月16日）\n窗口单位要在12月1日前检修设备。\n")
    assert later.candidates.get().lead == [{"name": "窗口单位", "units": [desk.east.pk, desk.west.pk]}]
    edit = reverse("directives:edit", args=[candidate(document, "拿出方案").pk])
    assert 'name="remember"' not in page.get(edit, headers={"HX-Request": "true"}).content.decode()
