"""What befalls a title: each measure with every column, its history, its notice, and the title beside untouched."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from chuangwen.accounts.roles import Role
from chuangwen.core import clock
from chuangwen.core.errors import Conflict
from chuangwen.core.files.services import Upload
from chuangwen.honors.models import Award, Card, LadderStep
from chuangwen.honors.services import (
    CheckResult,
    carry_on,
    delist,
    give_card,
    let_lapse,
    lift_card,
    raise_appeal,
    restore_title,
    reverify,
    rule_appeal,
    suspend_title,
    take_plaque_back,
)
from chuangwen.honors.services.holding import measure_of
from chuangwen.organizations.enums import SuccessionKind
from chuangwen.organizations.services import succeed_units
from tests.honors.families import give_family, make_family, with_families
from tests.honors.making import NOW, noon
from tests.honors.seeing import files, make_insider, some, told
from tests.support.factories import make_root, make_unit, make_user
from tests.support.leaving import fields, kept
from tests.support.refusals import said

pytestmark = pytest.mark.once
TODAY = date(2026, 11, 18)
TOMORROW = TODAY + timedelta(days=1)
SCAN = Upload("决定.pdf", b"%PDF-1.4 ")
OWN = "Nobody judges the own unit. Leave it to somebody else."
CHECKED = CheckResult("kept", TODAY, " 复查组 ", Decimal(90), " 问题在窗口 ", " 9号 ")


@pytest.fixture
def two(house):
    """The bureau's title, and another unit's with a card that nobody touches."""
    award, beside = (house.give(unit, "city") for unit in (house.bureau, house.other))
    card = give_card(beside, reason="旁", decided_by="办", actor=house.office)
    return award, beside, card


def test_measures_keep_every_column_and_leave_the_title_beside(house, two):
    award, beside, other = two
    untouched = [fields(beside), fields(other)]
    office, liaison, url = house.office, house.liaison, f"/titles/{award.pk}/"
    act = {"actor": office}
    card = give_card(award, reason=" 窗口投诉 ", decided_by=" 文明办 ", until=TOMORROW, papers=[SCAN], **act)
    names = ("region", "award", "reason", "decided_by", "issued_on", "until", "outcome", "settled_on")
    base = (house.root.region_id, award.pk, "窗口投诉", "文明办", TODAY, TOMORROW)
    assert some(card, *names) == (*base, "", None)
    assert told(liaison)[-1] == ("honors", "Yellow card: 市水利局 市级文明单位", " 窗口投诉 ", url)
    later = NOW + timedelta(hours=1)
    with clock.at(later):
        lift_card(award, reason="整改到位", **act)
    assert some(card, *names, "updated_at") == (*base, "lifted", TODAY, later)
    assert told(liaison)[-1] == ("honors", "Yellow card lifted: 市水利局 市级文明单位", "", url)
    second = give_card(award, reason="再", decided_by="办", **act)
    assert (second.until, kept(award)[-1][5]) == (date(2027, 2, 18), {"until": "2027-02-18", "decided_by": "办"})
    suspend_title(award, reason="无效", decided_by=" 文明委 ", papers=[SCAN], **act)
    assert told(liaison)[-1] == ("honors", "Suspended: 市水利局 市级文明单位", "无效", url)
    restore_title(award, reason="已整改", **act)
    assert told(liaison)[-1] == ("honors", "Suspension ended: 市水利局 市级文明单位", "", url)
    third = give_card(award, reason="三", decided_by="办", **act)
    delist(award, reason="严重", decided_by=" 文明委 ", document=" 9号 ", papers=[SCAN], **act)
    assert some(award, "state", "ended_on", "barred_until") == ("delisted", TODAY, date(2027, 12, 31))
    assert told(liaison)[-1] == ("honors", "Delisted: 市水利局 市级文明单位", "严重", url)
    assert [some(one, "outcome")[0] for one in (card, second, third)] == ["lifted", "ended", "delisted"]
    assert files(award) == ["决定.pdf"] * 3
    with clock.at(later):
        take_plaque_back(award, day=TODAY, **act)
    assert (award.plaque_back_on, some(award, "plaque_back_on", "updated_at")) == (TODAY, (TODAY, later))
    assert kept(award)[1:] == [
        ("warn", office.pk, NOW, " 窗口投诉 ", "", {"until": "2026-11-19", "decided_by": "文明办"}),
        ("lift", office.pk, later, "整改到位", "", {}),
        ("warn", office.pk, NOW, "再", "", {"until": "2027-02-18", "decided_by": "办"}),
        ("suspend", office.pk, NOW, "无效", "", {"decided_by": "文明委"}),
        ("restore", office.pk, NOW, "已整改", "", {}),
        ("warn", office.pk, NOW, "三", "", {"until": "2027-02-18", "decided_by": "办"}),
        ("delist", office.pk, NOW, "严重", "",
         {"decided_by": "文明委", "document": "9号", "barred_until": "2027-12-31"}),
        ("plaque-back", office.pk, later, "", "", {"day": "2026-11-18", "plaque": "2020-001"}),
    ]  # fmt: skip
    county = house.give(house.bureau, "county")
    last = give_card(county, reason="四", decided_by="办", **act)
    let_lapse(county, reason="撤销", **act)
    assert some(county, "state", "ended_on", "barred_until") == ("lapsed", TODAY, None)
    assert some(last, "outcome", "settled_on") == ("ended", TODAY)
    assert told(liaison)[-1] == ("honors", "Lapsed: 市水利局 区级文明单位", "撤销", f"/titles/{county.pk}/")
    assert [fields(beside), fields(other)] == untouched


def test_measures_are_refused_in_these_words(house, two):
    award, beside, _card = two
    act, insider = {"actor": house.office}, {"actor": make_insider(house)}
    decided = {"reason": "r", "decided_by": "d"}
    nobody = "It does not say who decided. Give the body or the person."
    assert said(give_card, award, **decided | {"decided_by": " "}, **act) == nobody
    assert said(suspend_title, award, **decided | {"decided_by": " "}, **act) == nobody
    assert said(delist, award, document="1", **decided | {"decided_by": " "}, **act) == nobody
    assert said(delist, award, document=" ", **decided, **act) == (
        "The number of the decision is missing. Give the number of the document."
    )
    assert said(give_card, award, until=TODAY, **decided, **act) == (
        "The term is over before it begins. Give a later day."
    )
    assert said(take_plaque_back, award, day=TODAY, **act) == (
        "The title is in force: its plaque stays. Only of an ended title the plaque comes back."
    )
    assert said(give_card, award, **decided, **insider) == OWN
    assert said(reverify, award, CHECKED, **insider) == OWN
    assert said(let_lapse, award, reason="r", **insider) == OWN
    assert said(suspend_title, award, **decided, **insider) == OWN
    assert said(delist, award, document="1", **decided, **insider) == OWN
    assert said(carry_on, award, to=None, reason="r", **insider) == OWN
    give_card(award, **decided, **act)
    assert said(lift_card, award, reason="r", **insider) == OWN
    suspend_title(award, **decided, **act)
    assert said(restore_title, award, reason="r", **insider) == OWN
    appeal = raise_appeal(award, text="不服", actor=house.liaison)
    assert said(rule_appeal, appeal, ruling="upheld", reply="r", **insider) == OWN
    assert said(rule_appeal, appeal, ruling="upheld", reply="r", **act) == (
        "You took the measure yourself. Another person of the office decides the appeal."
    )
    assert said(rule_appeal, appeal, ruling="upheld", reply=" ", actor=house.second) == (
        "There is no reply. Write why it is decided so."
    )
    assert said(raise_appeal, award, text="又", actor=house.liaison, error=Conflict) == (
        "An appeal is being decided already. Wait for its ruling."
    )
    rule_appeal(appeal, ruling="dismissed", reply="r", actor=house.second)
    assert said(rule_appeal, appeal, ruling="upheld", reply="r", actor=house.second) == (
        "The appeal has been decided already. Open it again to see the ruling."
    )
    delist(award, document="1", **decided, **act)
    for day in (TODAY - timedelta(days=1), TOMORROW):
        assert said(take_plaque_back, award, day=day, **act) == (
            "The day lies ahead or before the end of the title. Check the day."
        )
    take_plaque_back(award, day=TODAY, **act)
    assert said(take_plaque_back, award, day=TODAY, **act) == (
        "The plaque is back already. Open the title again to see it."
    )
    assert said(reverify, award, CHECKED, **act) == (
        "“市水利局 市级文明单位” is not in force. Only titles in force are re-verified."
    )
    _refuses_a_check(house, beside)


def _refuses_a_check(house, beside):
    for change, words in (
        ({"checked_on": TOMORROW}, "The day lies ahead. Give today or an earlier day."),
        ({"points": Decimal("110.01")}, "Points lie between 0 and 110. Check the number."),
        ({"points": Decimal("-0.01")}, "Points lie between 0 and 110. Check the number."),
        ({"checked_by": " "}, "It does not say who checked. Give the name."),
        ({"outcome": "warned", "remarks": " "},
         "Please give the reason in a few words. It is shown to the other side."),
    ):  # fmt: skip
        assert said(reverify, beside, replace(CHECKED, **change), actor=house.office) == words


def test_reverification_keeps_every_column(house, two):
    award, beside, card = two
    untouched = [fields(beside), fields(card)]
    office, later = house.office, NOW + timedelta(hours=1)
    names = ("region", "award", "due_on", "checked_on", "points", "outcome", "remarks", "checked_by", "entered_by")
    with clock.at(later):
        made = reverify(award, CHECKED, actor=office, papers=[SCAN])
    assert some(made, *names) == (
        house.root.region_id, award.pk, date(2027, 1, 8), TODAY, Decimal(90), "kept", "问题在窗口", "复查组", office.pk,
    )  # fmt: skip
    assert (files(made), award.reverify_by) == (["决定.pdf"], date(2028, 1, 8))
    assert some(award, "reverify_by", "updated_at") == (date(2028, 1, 8), later)
    assert kept(award)[1:] == [("reverify", office.pk, later, " 问题在窗口 ", "", {"outcome": "kept"})]
    stale = Award.objects.get(pk=award.pk)
    stale.reverify_by = date(2027, 1, 8)
    assert said(reverify, stale, CHECKED, actor=office, error=Conflict) == (
        "“市水利局 市级文明单位” has been re-verified already. Open it again to see it."
    )
    LadderStep.objects.filter(title=award.title).update(reverify_months=24)
    silent = replace(CHECKED, points=None, remarks=" ")
    assert reverify(award, silent, actor=None).points is None
    assert award.reverify_by == date(2030, 1, 8)
    LadderStep.objects.filter(title=award.title).delete()
    for points in (Decimal(0), Decimal(110)):
        assert reverify(award, replace(CHECKED, points=points), actor=office).points == points
    assert award.reverify_by == date(2032, 1, 8)
    reverify(award, replace(CHECKED, outcome="warned"), actor=office)
    assert some(Card.objects.get(award=award), "reason", "decided_by") == ("问题在窗口", "复查组")
    reverify(award, replace(CHECKED, outcome="lost"), actor=office)
    assert some(award, "state", "reverify_by") == ("delisted", date(2034, 1, 8))
    told_so = {"decided_by": "复查组", "document": "9号", "barred_until": "2027-12-31"}
    assert (kept(award)[-1][0], kept(award)[-1][3:]) == ("delist", (" 问题在窗口 ", "", told_so))
    assert [fields(beside), fields(card)] == untouched


def test_appeal_keeps_every_column_and_takes_only_its_own_measure_back(house, two):
    award, beside, card = two
    untouched = [fields(beside), fields(card)]
    other = raise_appeal(beside, text="旁", actor=house.office)
    office, second, liaison, url = house.office, house.second, house.liaison, f"/titles/{award.pk}/"
    assert measure_of(award) is None
    own = give_card(award, reason="r", decided_by="d", actor=office)
    with clock.at(NOW + timedelta(hours=1)):
        made = raise_appeal(award, text=" 事实不清 ", actor=liaison, papers=[SCAN])
    names = ("region", "award", "against", "text", "raised_on", "raised_by", "ruling", "reply", "ruled_on", "ruled_by")
    base = (house.root.region_id, award.pk, "yellow", "事实不清", TODAY, liaison.pk)
    assert some(made, *names) == (*base, "", "", None, None)
    assert (files(made), measure_of(award).action) == (["决定.pdf"], "warn")
    assert told(second)[-1] == ("honors", "Appeal to be decided: 市水利局 市级文明单位", "", url)
    later = noon(TOMORROW)
    with clock.at(later):
        rule_appeal(made, ruling="upheld", reply=" 撤销 ", actor=second)
    assert some(made, *names, "updated_at") == (*base, "upheld", "撤销", TOMORROW, second.pk, later)
    assert told(liaison)[-1] == ("honors", "Appeal decided: 市水利局 市级文明单位", "撤销", url)
    assert some(own, "outcome", "settled_on") == ("lifted", TOMORROW)
    assert kept(award)[-3:] == [
        ("appeal", liaison.pk, NOW + timedelta(hours=1), "事实不清", "", {}),
        ("appeal-ruled", second.pk, later, "撤销", "", {"ruling": "upheld"}),
        ("lift", second.pk, later, "撤销", "", {}),
    ]
    assert some(other, "ruling", "ruled_on") == ("", None)
    assert [fields(beside), fields(card)] == untouched
    assert kept(beside)[-1][:5] == ("appeal", office.pk, NOW, "旁", "市财政局")
    suspend_title(award, reason="r", decided_by="d", actor=office)
    again = raise_appeal(award, text="又", actor=office, raised_on=TODAY)
    assert again.against == "suspended"
    let_lapse(award, reason="r", actor=office)
    rule_appeal(again, ruling="upheld", reply="晚了", actor=second)
    assert some(award, "state", "ended_on") == ("lapsed", TODAY)  # what ended meanwhile stays ended
    county = house.give(house.bureau, "county")
    delist(county, reason="r", decided_by="d", document="1", actor=office)
    third = raise_appeal(county, text="又", actor=office)
    house.give(house.bureau, "county", date(2026, 11, 17))
    assert said(rule_appeal, third, ruling="upheld", reply="撤", actor=second, error=Conflict) == (
        "The unit holds the title again already. Open the register."
    )


def test_appeal_is_refused_in_these_words(house, two):
    award, _beside, _card = two
    assert said(raise_appeal, award, text="t", actor=house.liaison) == (
        "There is nothing to appeal against. The title is in full force."
    )
    give_card(award, reason="r", decided_by="d", actor=house.office)
    neighbour, stranger = make_user(Role.LIAISON, house.other), make_user(Role.OFFICE, make_root(name="别市"))
    for act in (
        lambda: raise_appeal(award, text="t", actor=neighbour), lambda: reverify(award, CHECKED, actor=stranger),
        lambda: carry_on(award, to=None, reason="r", actor=stranger),
        lambda: take_plaque_back(award, day=TODAY, actor=stranger),
    ):  # fmt: skip
        with pytest.raises(PermissionDenied):
            act()
    assert said(raise_appeal, award, text="t", raised_on=TODAY, actor=house.liaison) == (
        "Another time is entered by the office, from paper. Leave the time empty: it counts from now."
    )
    assert said(raise_appeal, award, text=" ", actor=house.liaison) == (
        "The appeal has no text. Write what the unit objects to and why."
    )
    late = "Appeals could be raised until Wed 2 Dec. What came in time on paper: give its day."
    for day in (TODAY - timedelta(days=1), TOMORROW):
        assert said(raise_appeal, award, text="t", raised_on=day, actor=house.office) == late
    with clock.at(noon(date(2026, 12, 10))):
        assert said(raise_appeal, award, text="t", raised_on=date(2026, 12, 3), actor=house.office) == late
        assert raise_appeal(award, text="t", raised_on=date(2026, 12, 2), actor=house.office).raised_by == house.office


def test_title_carried_on_keeps_years_plaque_and_document(house, two):
    award, beside, card = two
    untouched = [fields(beside), fields(card)]
    act = {"reason": "更名", "actor": house.office}
    assert said(carry_on, award, to=None, **act) == (
        "“市水利局” still exists: its title stays with it. There is nothing to decide."
    )
    new = make_unit(house.root, name="市水务局")
    house.bureau.valid_to = award.unit.valid_to = TODAY
    assert "still exists" in said(carry_on, award, to=new, **act)  # until the evening of its last day
    succeed_units([house.bureau], [new], kind=SuccessionKind.RENAMED, day=TODAY, actor=None)
    award = Award.objects.get(pk=award.pk)
    assert said(carry_on, award, to=house.other, **act) == (
        "“市财政局” did not follow “市水利局”. Choose a successor of the unit."
    )
    made = carry_on(award, to=new, **act)
    names = ("unit", "title", "granted_on", "held_since", "document", "plaque", "carried_from", "state", "barred_until")
    assert some(made, *names) == (
        new.pk, award.title_id, TODAY, date(2020, 1, 8), "文明委〔2020〕1号", "2020-001", award.pk, "valid", None,
    )  # fmt: skip
    assert some(award, "state", "ended_on") == ("carried", TODAY - timedelta(days=1))
    assert kept(award)[-1] == ("carry", house.office.pk, NOW, "更名", "", {"to": "市水务局"})
    assert [fields(beside), fields(card)] == untouched
    county = house.give(new, "county", date(2026, 11, 18))
    house.give(new, "province", date(2026, 11, 18))
    give_card(county, reason="r", decided_by="d", actor=house.office)
    last = make_unit(house.root, name="市水司")
    succeed_units([new], [last], kind=SuccessionKind.RENAMED, day=TOMORROW, actor=None)
    with clock.at(noon(TOMORROW)):
        county, province = (Award.objects.get(unit=new, title__level=level) for level in ("county", "province"))
        assert said(carry_on, county, to=last, **act) == (
            "The title is not in full force. Settle the card or the suspension first."
        )
        delist(county, reason="r", decided_by="d", document="1", actor=house.office)
        assert "is barred until" in said(carry_on, province, to=last, **act)
        assert carry_on(province, to=None, **act) is None
    assert kept(province)[-1][:4] == ("lapse", house.office.pk, noon(TOMORROW), "更名")
    family = give_family(with_families(house), make_family(house), "village")
    assert said(carry_on, family, to=house.other, **act) == (
        "A family keeps its title, whoever recommends it. Hand the family over to another unit."
    )
