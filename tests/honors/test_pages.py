"""The screens of titles: the whole way from the call to the award by posts, and who may not."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from chuangwen.core import clock
from chuangwen.evidence.models import Dossier
from chuangwen.honors.models import (
    Application,
    Award,
    Contest,
    EligibilityRule,
    HonorSetting,
    Objection,
    Programme,
    YearlyFigures,
)
from chuangwen.honors.queries.facts import outcome_of
from chuangwen.honors.services import (
    Complaint,
    ContestPlan,
    Told,
    begin_application,
    enter_figures,
    enter_objection,
    give_card,
    plan_contest,
)
from tests.honors.making import (
    AWARDED,
    MET_ON,
    NOTICE,
    fit,
    make_noticed,
    make_programme,
    make_submitted,
    noon,
    settle_all,
)
from tests.support.factories import make_campaign, make_version

pytestmark = pytest.mark.once

PROGRAMME = {
    "year": "2026", "name": "2026年度省级文明单位", "authority": "省文明委", "basis": "评选办法", "quota": "6",
    "reviewers": "1", "trimmed": "on", "apply_from": "2026-11-02", "apply_until": "2026-12-18",
    "review_until": "2026-12-25", "deliberate_on": "2026-12-28", "notice_from": "2027-01-04",
    "notice_until": "2027-01-10", "award_on": "2027-01-18",
}  # fmt: skip


def page(name, *args, query=""):
    return reverse(f"honors:{name}", args=args) + query


def post(client, address, **data):
    """What the page answers to the post: it leads on, or it says what is wrong."""
    answer = client.post(address, data)
    assert answer.status_code == 302, answer.content.decode()[:3000]
    return answer.url


def test_programme_goes_its_way_from_the_call_to_the_award_on_screen(house, sign_in):
    office = sign_in(house.office)
    fit(house, house.bureau)
    title = house.title("province")
    here = post(office, page("programme_new"), title=title.pk, **PROGRAMME)
    found = Programme.objects.get()
    rule = found.rules.get(kind="dossiers")
    label, _mark, words = rule.source.partition(": ")
    shown = office.get(page("rule", rule.pk)).content.decode()
    assert f'value="{words}"' in shown  # people write what stands behind the label
    for typed, kept in ((words, f"{label}: {words}"), ("市文明办〔2026〕3号", "site: 市文明办〔2026〕3号")):
        assert post(office, page("rule", rule.pk), kind=rule.kind, threshold="90", source=typed) == here
        assert found.rules.get(pk=rule.pk).source == kept
    assert post(office, page("rule_drop", rule.pk)) == here
    assert post(office, page("rule_new", found.pk), kind="by-hand", words="领导班子好", source="site: 文") == here
    post(office, page("programme_act", found.pk, "open"))

    liaison = sign_in(house.liaison)
    check = liaison.get(page("check", found.pk))
    assert "8/10" in check.content.decode()
    post(liaison, page("begin", found.pk), unit=f"#{house.bureau.pk}")
    made = Application.objects.get()
    post(liaison, page("application_act", made.pk, "write"), self_score="91.5", self_report="一年来")
    refused = liaison.post(page("application_act", made.pk, "submit"), {"responsible": "", "signed_on": "2026-11-18"})
    assert refused.status_code == 422
    post(liaison, page("application_act", made.pk, "submit"), responsible="王局", signed_on="2026-11-18")
    assert liaison.get(page("application", made.pk)).status_code == 200

    office = sign_in(house.office)
    for one in outcome_of(found, house.bureau).waiting:
        post(office, page("condition", made.pk, one.rule.key), met="yes", source="函〔2026〕1号")
    post(office, page("application_act", made.pk, "score"), reviewer="李评", points="92", reviewed_on="2026-11-18")
    post(office, page("application_act", made.pk, "review"))
    assert "李评" in office.get(page("application", made.pk)).content.decode()
    shown = sign_in(house.liaison).get(page("application", made.pk)).content.decode()
    assert "李评" not in shown  # who reviewed is not told to the unit
    with clock.at(noon(MET_ON)):
        leader = sign_in(house.leader)
        sheet = leader.get(page("deliberation", found.pk)).content.decode()
        assert 'value="recommend" selected' in sheet
        answers = {f"choice_{made.pk}": "recommend", f"note_{made.pk}": "", "held_on": "2026-12-28"}
        post(leader, page("deliberation", found.pk), **answers, chair=str(house.leader), minutes="")
        office = sign_in(house.office)
        post(office, page("programme_act", found.pk, "notice"), first=str(NOTICE[0]), last=str(NOTICE[1]))
    with clock.at(noon(NOTICE[0])):
        post(office, page("application_act", made.pk, "objection"), text="有意见", received_on=str(NOTICE[0]))
        objection = Objection.objects.get()
        post(office, page("objection", objection.pk), ruling="dismissed", reply="查无此事")
    with clock.at(noon(AWARDED)):
        post(office, page("programme_act", found.pk, "award"), granted_on=str(AWARDED), document="〔2027〕1号")
        award = Award.objects.get(title=title)
        assert "2027-001" in office.get(page("award", award.pk)).content.decode()
        for name, args in (("programme", [found.pk]), ("application", [made.pk]), ("objection", [objection.pk])):
            assert office.get(page(name, *args)).status_code == 200


def test_what_befalls_a_title_on_screen(house, sign_in):
    award = house.give(house.bureau, "city")
    office = sign_in(house.office)
    Award.objects.update(reverify_by=date(2025, 1, 8))
    shown = office.get(page("award", award.pk)).content.decode()
    warn, delist = (page("award_act", award.pk, action) for action in ("warn", "delist"))
    assert "请尽快复查" in shown
    assert page("award_act", award.pk, "carry") not in shown  # the unit is there
    assert shown.index(warn) < shown.index(delist)
    assert 'class="cw-btn cw-btn--primary"' in office.get(warn).content.decode()
    ends = office.get(delist).content.decode()
    assert ('class="cw-btn cw-btn--danger"' in ends, "cw-btn--primary" in ends) == (True, False)
    post(office, page("award_act", award.pk, "warn"), reason="窗口投诉", decided_by="文明办")
    liaison = sign_in(house.liaison)
    assert "award_act" not in liaison.get(page("award", award.pk)).content.decode()
    assert liaison.get(page("award_act", award.pk, "lift")).status_code == 404
    post(liaison, page("award_act", award.pk, "appeal"), text="事实不清")
    second = sign_in(house.second)
    assert "事实不清" in second.get(page("award_act", award.pk, "rule")).content.decode()
    post(second, page("award_act", award.pk, "rule"), ruling="upheld", reply="撤销")
    post(second, page("award_act", award.pk, "reverify"), outcome="kept", checked_on="2026-11-18", checked_by="复查组")
    post(second, page("award_act", award.pk, "delist"), reason="严重问题", decided_by="文明委", document="9号")
    post(second, page("award_act", award.pk, "plaque"), day="2026-11-18")
    shown = second.get(page("award", award.pk)).content.decode()
    assert shown.count("cw-timeline__head") == 8
    for address in (page("titles", query="?tab=ended"), page("figures"), page("titles", query="?tab=plaques")):
        assert second.get(address).status_code == 200


def test_contest_on_screen(house, sign_in):
    liaison = sign_in(house.liaison)
    offices = [one.pk for one in house.offices[house.bureau.pk][:2]]
    here = post(
        liaison, page("contest_new"), title=house.title("civil").pk, name="评比", decide_on="2026-12-08", places="1",
        least="85", offices=offices,
    )  # fmt: skip
    found = Contest.objects.get()
    assert here == page("contest", found.pk)
    post(liaison, page("contest_act", found.pk, "judge"))
    for contestant, points in zip(found.contestants.all(), ("90", "95"), strict=True):
        sheet = {f"aspect_{code}": points for code in found.weights}
        post(liaison, page("sheet", found.pk, contestant.pk), judge="甲", **sheet)
    post(liaison, page("contest_act", found.pk, "decide"))
    assert Award.objects.get().unit.name == "2科"
    assert "95" in liaison.get(here).content.decode()
    office = sign_in(house.office)
    assert "市水利局" in office.get(page("contest_new")).content.decode()


def test_office_changes_numbers_aspects_and_conditions(house, sign_in):
    office = sign_in(house.office)
    row = HonorSetting.objects.get(key="card-months")
    assert post(office, page("setting", row.pk), value="6") == page("settings")
    title = house.title("county")
    post(office, page("title_rule_new", title.pk), kind="last-score", threshold="80", months="", source="site: 文")
    assert EligibilityRule.objects.filter(of_title=title, kind="last-score").exists()
    refused = office.post(page("title_rule_new", title.pk), {"kind": "held", "source": "site: 文", "months": "3"})
    assert refused.status_code == 422
    shown = office.get(page("settings")).content.decode()
    assert "创建办设定" in shown
    post(office, page("make_defaults"))
    assert office.get(page("programme_new")).status_code == 200


def test_who_may_not(house, sign_in):
    programme = make_programme(house)
    made = begin_application(programme, house.other, actor=house.office)
    award = house.give(house.other, "city")
    liaison = sign_in(house.liaison)
    for address in (
        page("application", made.pk), page("award", award.pk),
        page("check", programme.pk, query=f"?unit={house.other.pk}"),
        page("application_act", made.pk, "write"), page("contest_new", query=f"?unit={house.other.pk}"),
    ):  # fmt: skip
        assert liaison.get(address).status_code == 404, address
    for address in (page("programme_new"), page("title_new"), page("settings"), page("objections"), page("figures")):
        assert liaison.get(address).status_code == 403, address
    assert liaison.get(page("check", programme.pk, query="?unit=x")).status_code == 404


def test_programme_in_preparation_is_seen_by_the_office_alone(house, sign_in):
    programme = make_programme(house)
    Programme.objects.filter(pk=programme.pk).update(state="preparing")
    assert sign_in(house.liaison).get(page("programme", programme.pk)).status_code == 404
    assert sign_in(house.office).get(page("programme", programme.pk)).status_code == 200


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("applications", "application"), ("titles", "award"), ("programmes", "programme"), ("contests", "contest"),
        ("objections", "objection"),
    ],
)  # fmt: skip
def test_list_costs_the_same_for_one_row_and_for_several(house, sign_in, name, make):
    client = sign_in(house.office)
    counts = []
    for number in range(2):
        _more(house, make, number)
        client.get(page(name, query="?tab=all"))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            answer = client.get(page(name, query="?tab=all"))
        assert answer.status_code == 200
        counts.append(len(queries))
        assert client.get(page(name, query="?tab=all&format=xlsx")).status_code == 200
    assert counts[0] == counts[1]


def test_register_says_whose_office_holds_a_title(house, sign_in):
    house.give(house.bureau, "city")
    house.offices_civil(house.other, 1)
    found = sign_in(house.office).get(page("titles")).content.decode()
    assert f"市财政局 · {house.title('civil')} · " in found
    assert "市水利局 · " not in found


def _more(house, make, number):
    """One row more, the second time two."""
    unit = (house.bureau, house.other)[number]
    if make == "award":
        house.give(unit, "city")
    elif make == "programme":
        make_programme(house, name=f"第{number}届")
    elif make == "contest":
        plan = ContestPlan(house.title("civil"), f"评比{number}", date(2026, 12, 8), 1, house.offices[unit.pk][:2])
        plan_contest(unit, plan, actor=house.office)
    elif make == "application":
        programme = Programme.objects.first() or make_programme(house)
        begin_application(programme, unit, actor=house.office)
    else:
        made = Application.objects.first()
        if made is None:
            fit(house, unit)
            made = make_noticed(house, make_programme(house), unit)
        with clock.at(noon(NOTICE[0])):
            enter_objection(made, Complaint(f"意见{number}", NOTICE[0]), actor=house.office)


@pytest.mark.parametrize(
    ("query", "title", "ticked"),
    [("", "civil", slice(2, None)), ("?level=civil", "civil", slice(2, None)), ("?level=model", "model", slice(1, 2)),
     ("?level=x", "civil", slice(2, None))],
)  # fmt: skip
def test_contest_begins_with_the_offices_that_can_compete(house, sign_in, query, title, ticked):
    house.offices_civil(house.bureau, 2, model=1)
    form = sign_in(house.liaison).get(page("contest_new", query=query)).context["form"]
    assert form.initial["title"] == house.title(title)
    assert form.initial["offices"] == [one.pk for one in house.offices[house.bureau.pk][ticked]]


def test_desk_panel_and_search_show_what_waits(house, sign_in):
    programme = make_programme(house)
    fit(house, house.other)
    make_submitted(house, programme, house.other)
    card = give_card(Award.objects.get(unit=house.other), reason="r", decided_by="d", actor=house.office)
    assert str(programme) in sign_in(house.liaison).get("/desk/").content.decode()
    with clock.at(noon(date(2027, 3, 1))):
        office = sign_in(house.office)
        shown = office.get("/desk/").content.decode()
        for words in ("1件申报待初审", "1张黄牌已到期", "待审议"):
            assert words in shown, words
        assert "2020-001" in office.get("/find/?q=2020-001").content.decode()
        assert "市级文明单位" in office.get(f"/units/{house.other.pk}/").content.decode()
        assert page("programme", programme.pk) in office.get("/find/?q=度省级文").content.decode()
    assert card.until < date(2027, 3, 1)


def test_yearly_figures_go_their_way_on_screen(house, sign_in):
    programme = make_programme(house)
    liaison = sign_in(house.liaison)
    check = liaison.get(page("check", programme.pk)).content.decode()
    entry = page("yearly_new", query=f"?unit={house.bureau.pk}&year=2026")
    assert entry.replace("&", "&amp;") in check
    form = liaison.get(entry).context["form"]
    assert (form.initial["unit"], form.initial["year"]) == (house.bureau, 2026)
    told = {"unit": f"#{house.bureau.pk}", "year": 2026, "staff": 200, "volunteers": 60, "source": "注册名册"}
    assert liaison.post(page("yearly_new"), told | {"volunteers": 201}).status_code == 422
    assert post(liaison, page("yearly_new"), **told) == page("yearly")
    made = YearlyFigures.objects.get()
    assert liaison.get(page("yearly_one", made.pk)).status_code == 200
    assert liaison.get(page("yearly_act", made.pk, "confirm")).status_code == 403
    office = sign_in(house.office)
    assert "1家单位的年度数据待核实" in office.get("/desk/").content.decode()
    assert "注册名册" in office.get(page("yearly", query="?tab=given")).content.decode()
    assert post(office, page("yearly_act", made.pk, "confirm")) == page("yearly_one", made.pk)
    shown = sign_in(house.liaison).get(page("check", programme.pk)).content.decode()
    assert "依据：注册名册" in shown
    first = sign_in(house.liaison).get(page("yearly_new")).context["form"].initial
    assert (first["staff"], first["volunteers"]) == (200, 60)  # what was said last stands there already


def test_list_of_yearly_figures_costs_no_more_for_three_than_for_one(house, sign_in):
    office = sign_in(house.office)
    enter_figures(house.bureau, Told(2026, 9, 3, Decimal(0), "名册"), actor=house.liaison)
    with CaptureQueriesContext(connection) as one:
        office.get(page("yearly"))
    for year in (2024, 2025):
        enter_figures(house.bureau, Told(year, 9, 3, Decimal(0), "名册"), actor=house.liaison)
    with CaptureQueriesContext(connection) as three:
        assert office.get(page("yearly")).status_code == 200
    assert len(three) <= len(one)


def test_who_moves_up_after_the_notice_is_put_on_notice_from_the_programmes_page(house, sign_in):
    programme = make_programme(house)
    fit(house, house.bureau)
    made = make_noticed(house, programme, house.bureau)
    Application.objects.filter(pk=made.pk).update(state="recommended")  # as one that moved up
    with clock.at(noon(date(2027, 1, 6))):
        office = sign_in(house.office)
        here = page("programme_act", programme.pk, "supplement")
        assert here in office.get(page("programme", programme.pk)).content.decode()
        first = office.get(here).context["form"].initial
        assert (first["first"], first["last"]) == (date(2027, 1, 7), date(2027, 1, 13))
        post(office, here, first="2027-01-07", last="2027-01-13")
        assert here not in office.get(page("programme", programme.pk)).content.decode()
    made.refresh_from_db()
    assert (made.state, made.notice_until) == ("noticed", date(2027, 1, 13))


def test_desk_calls_on_no_unit_to_apply_for_what_it_holds(house, sign_in):
    higher, lower = make_programme(house), make_programme(house, "city", name="2026年度市级文明单位")
    house.give(house.bureau, "city")
    shown = sign_in(house.liaison).get("/desk/").content.decode()
    assert [str(one) in shown for one in (higher, lower)] == [True, False]


def test_desk_shows_a_notice_that_is_over_behind_five_that_still_run(house, sign_in):
    programmes = [make_programme(house, name=f"评选{number}") for number in range(6)]
    for programme in programmes:
        last = NOTICE[1] if programme == programmes[-1] else date(2027, 3, 1)
        Programme.objects.filter(pk=programme.pk).update(state="noticed", notice_until=last)
    with clock.at(noon(AWARDED)):
        shown = sign_in(house.office).get("/desk/").content.decode()
    assert [f"命名：{one}" in shown for one in programmes] == [False] * 5 + [True]


def test_settled_conditions_are_shown(house, sign_in):
    programme = make_programme(house)
    fit(house, house.bureau)
    made = make_submitted(house, programme, house.bureau)
    settle_all(house, made)
    assert "征求意见函" in sign_in(house.liaison).get(page("application", made.pk)).content.decode()


def test_dossiers_that_lack_something_stand_beside_the_verdict(house, sign_in):
    version = make_version(house.root.region, subject="unit")
    campaign = make_campaign(house.root, version=version)
    programme = make_programme(house)
    nodes = list(version.nodes.filter(is_leaf=True))
    for node, missing in zip(nodes, (date(2026, 3, 1), None), strict=True):
        Dossier.objects.create(
            region=house.root.region, campaign=campaign, node=node, unit=house.bureau, year=2026,
            due_on=date(2026, 12, 1),
            slots_needed=3, slots_filled=1 if missing else 3, missing_since=missing,
        )  # fmt: skip
    shown = sign_in(house.liaison).get(page("check", programme.pk)).content.decode()
    assert "50%" in shown
    assert "2个档案中有1个齐全" in shown
    assert f"/dossiers/?unit={house.bureau.pk}&amp;year=2026&amp;tab=missing" in shown
    assert shown.count("已齐1项，共3项") == 1
