"""What contests and the doings with families leave behind, field by field, and in which words they are refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.test import override_settings

from chuangwen.accounts.roles import Role
from chuangwen.core import clock
from chuangwen.core.errors import Conflict, Refusal
from chuangwen.core.files.services import Upload
from chuangwen.honors.models import Aspect, Award, Family, JudgeSheet, Objection
from chuangwen.honors.services import (
    Complaint,
    ContestPlan,
    begin_family_application,
    begin_judging,
    cancel_contest,
    confirm_consent,
    decide_contest,
    delist,
    enter_objection,
    enter_sheet,
    enter_vote,
    hand_over_family,
    let_lapse,
    plan_contest,
    register_family,
    rename_family,
    rule_objection,
    withdraw_consent,
    write_deed,
)
from chuangwen.honors.services.families import digest_of
from chuangwen.organizations.enums import SuccessionKind
from chuangwen.organizations.services import succeed_units
from tests.honors.families import (
    AGREED,
    DEED,
    family_title,
    give_family,
    make_call,
    make_family,
    make_family_reviewed,
    notice_families,
)
from tests.honors.making import NOTICE, NOW, noon
from tests.honors.seeing import files, some
from tests.support.factories import make_root, make_unit, make_user
from tests.support.leaving import fields, kept
from tests.support.refusals import said

pytestmark = pytest.mark.once
TODAY = date(2026, 11, 18)
DAY = date(2026, 12, 8)
SCAN = Upload("评分表.pdf", b"%PDF-1.4 ")


def plan_of(house, **fields):
    offices = house.offices[house.bureau.pk][:3]
    return replace(ContestPlan(house.title("civil"), " 评比 ", DAY, 1, offices), **fields)


def sheets(contest, *points, judge="甲", actor=None):
    for one, given in zip(contest.contestants.order_by("pk"), points, strict=True):
        aspects = dict.fromkeys(contest.weight_of(), Decimal(given))
        enter_sheet(one, judge=judge, aspects=aspects, actor=actor)


def test_contest_of_offices_keeps_every_column(house):
    liaison, office = house.liaison, house.office
    Aspect.objects.filter(code=Aspect.objects.filter(subject="office").first().code).update(weight=0)
    beside = plan_contest(house.bureau, plan_of(house, name="另一场"), actor=office)
    begin_judging(beside, actor=office)
    sheets(beside, 90, 91, 92)
    untouched = [fields(beside), *(fields(one) for one in JudgeSheet.objects.order_by("pk"))]
    made = plan_contest(house.bureau, plan_of(house, least=Decimal(80), trimmed=False), actor=liaison)
    aspects = Aspect.objects.filter(subject="office", weight__gt=0)
    assert some(made, "region", "unit", "title", "name", "decide_on", "places", "least", "trimmed", "by_vote",
                "weights", "state") == (
        house.root.region_id, house.bureau.pk, house.title("civil").pk, "评比", DAY, 1, Decimal(80), False, False,
        {one.code: [one.name, str(one.weight)] for one in aspects}, "planned",
    )  # fmt: skip
    assert (len(made.weights), beside.least, beside.trimmed) == (5, Decimal(85), True)
    one, two, three = made.contestants.order_by("pk")
    assert some(one, "region", "office", "family", "points", "won") == (
        house.root.region_id, house.offices[house.bureau.pk][0].pk, None, None, None,
    )  # fmt: skip
    assert said(enter_sheet, one, judge="甲", aspects=dict.fromkeys(made.weights, Decimal(1)), actor=liaison) == (
        "“评比” is not being judged. Open it again to see its present state."
    )
    begin_judging(made, actor=office)
    given = {code: Decimal(60 + 10 * place) for place, code in enumerate(made.weights)}
    enter_sheet(one, judge=" 甲 ", aspects=dict.fromkeys(made.weights, Decimal(0)), actor=liaison)
    sheet = enter_sheet(one, judge="甲", aspects=given, actor=office)
    total = sum(given[one.code] * one.weight for one in aspects) / sum(one.weight for one in aspects)
    assert some(sheet, "region", "contestant", "judge", "aspects", "points", "entered_by") == (
        house.root.region_id, one.pk, "甲", {code: str(value) for code, value in given.items()},
        total.quantize(Decimal("0.01")), office.pk,
    )  # fmt: skip
    _refuses_a_sheet(one, given, liaison)
    assert said(decide_contest, made, actor=liaison) == (
        "Not all were judged by the same number of judges. Enter the sheets that lack."
    )
    JudgeSheet.objects.filter(contestant__contest=made).delete()
    sheets(made, 90, 90, 79, actor=liaison)
    assert said(decide_contest, made, actor=liaison) == (
        "Equal points leave open who is among the first 1. Let another judge score, or correct a sheet."
    )
    sheets(made, 90, 100, 79, judge=str(liaison), actor=liaison)
    (award,) = decide_contest(made, actor=office, papers=[SCAN])
    assert [some(row, "points", "won") for row in (one, two, three)] == [
        (Decimal(90), False), (Decimal(95), True), (Decimal(79), False),
    ]  # fmt: skip
    assert some(award, "unit", "title", "contest", "family", "granted_on", "document") == (
        two.office_id, made.title_id, made.pk, None, TODAY, "评比",
    )  # fmt: skip
    assert (files(made), some(made, "state")) == (["评分表.pdf"], ("decided",))
    _history_of_the_contest(house, made)
    assert [fields(beside), *(fields(one) for one in JudgeSheet.objects.filter(contestant__contest=beside).order_by(
        "pk"))] == untouched  # fmt: skip
    cancel_contest(beside, reason="不办", actor=office)
    assert kept(beside)[-1] == ("cancel", office.pk, NOW, "不办", "市水利局", {})


def _history_of_the_contest(house, made):
    liaison, office = house.liaison, house.office
    history = kept(made)
    offices = {"title": str(made.title), "offices": ["1科", "2科", "3科"]}
    sheet_of = {"office": "1科", "judge": "甲", "points": "0.00", "new": True}
    assert history[:3] == [
        ("plan", liaison.pk, NOW, "", "", offices), ("judge", office.pk, NOW, "", "市水利局", {}),
        ("sheet", liaison.pk, NOW, "", "甲", sheet_of),
    ]  # fmt: skip
    assert history[3][5]["new"] is False
    assert history[-2][4:] == ("", {"office": "3科", "judge": str(liaison), "points": "79.00", "new": True})
    assert history[-1] == ("decide", office.pk, NOW, "", "市水利局", {"winners": 1, "of": 3})


def _refuses_a_sheet(one, given, liaison):
    for change, words in (
        ({"judge": " "}, "It does not say who judged. Give the judge's name."),
        ({"aspects": {}}, "Not every aspect has points. Give points for each of them."),
        ({"aspects": given | {next(iter(given)): Decimal("100.01")}},
         "Points lie between 0 and 100. Check the number."),
        ({"aspects": given | {next(iter(given)): Decimal("-0.01")}},
         "Points lie between 0 and 100. Check the number."),
    ):  # fmt: skip
        assert said(enter_sheet, one, **{"judge": "甲", "aspects": given, "actor": liaison} | change) == words
    assert said(enter_vote, one, counted_by="甲", ayes=1, votes=1, actor=liaison) == (
        "“评比” is decided by judges' sheets. Enter a sheet for each judge."
    )


def test_what_bars_an_office_or_a_family_meanwhile_bars_the_decision(county):
    office, liaison, speaker = county.office, county.liaison, county.speaker
    family = make_family(county)
    plan = ContestPlan(family_title(county, "village"), "评议", TODAY, 1, [], families=[family], by_vote=True)
    made = plan_contest(county.bureau, plan_of(county, offices=county.offices[county.bureau.pk][:1]), actor=liaison)
    vote = plan_contest(county.village, plan, actor=speaker)
    for one, who in ((made, liaison), (vote, speaker)):
        begin_judging(one, actor=who)
    sheets(made, 90, actor=liaison)
    enter_vote(vote.contestants.get(), counted_by="会", ayes=1, votes=1, actor=speaker)
    first = county.give(made.contestants.get().office, "civil")
    second = give_family(county, family, "village")
    for award in (first, second):
        delist(award, reason="r", decided_by="d", document="1", actor=office)
    for one, who in ((made, liaison), (vote, speaker)):
        assert "is barred until" in said(decide_contest, one, actor=who)
        assert some(one, "state") == ("judged",)
    assert some(vote.contestants.get(), "points", "won") == (None, None)
    Award.objects.update(barred_until=None)
    for one in (made, vote):
        one.refresh_from_db()
    assert len(decide_contest(made, actor=liaison) + decide_contest(vote, actor=speaker)) == 2
    assert [kept(one)[-1][4] for one in (made, vote)] == ["", ""]


@override_settings(SECRET_KEY="一个不变的键")
def test_digest_by_which_a_family_is_known_again_never_changes():
    assert digest_of("李桂兰 家庭") == "7256b13d372e6a1dc3f59e3d7b6d2abcf04e05aa75d307c731e41bf3d7db0e79"


def test_plan_of_offices_is_refused_in_these_words(house):
    first = house.offices[house.bureau.pk][0]
    foreign = house.offices[house.other.pk][0]
    holder = house.give(house.offices[house.bureau.pk][5], "civil").unit
    gone = house.give(house.offices[house.bureau.pk][6], "civil")
    delist(gone, reason="r", decided_by="d", document="1", actor=house.office)
    for change, words in (
        ({"name": " "}, "The contest has no name. Give it one."),
        ({"title": house.title("city")},
         "“市级文明单位” is no title for offices. Choose a civil or model office title."),
        ({"by_vote": True}, "“文明处室” is no title for offices. Choose a civil or model office title."),
        ({"decide_on": TODAY - timedelta(days=1)}, "The day lies behind. Give today or a later day."),
        ({"offices": []}, "No office takes part. Choose the offices."),
        ({"places": 4}, "There are more winners than take part, or none. Check the number of winners."),
        ({"places": 0}, "There are more winners than take part, or none. Check the number of winners."),
        ({"offices": [first, foreign]},
         "“1科” is no office of “市水利局”. Choose among its own offices."),
        ({"offices": [holder]},
         "“6科” holds the title “文明处室” already. It is re-verified and takes no part."),
        ({"title": house.title("model")},
         "“1科”, “2科”, “3科” are no civil offices. Model offices come from among the civil offices."),
        ({"offices": [gone.unit]},
         ("“7科” was delisted and is barred until Fri 31 Dec 2027. The bar ends by itself; an appeal that is upheld "
         "ends it before.")),
    ):  # fmt: skip
        assert said(plan_contest, house.bureau, plan_of(house, **change), actor=house.liaison) == words
    assert plan_contest(house.bureau, plan_of(house, decide_on=TODAY, places=3), actor=None).places == 3
    Aspect.objects.update(weight=0)
    assert said(plan_contest, house.bureau, plan_of(house), actor=house.liaison) == (
        "There are no aspects to judge by. The office makes them under the settings of titles."
    )


def test_selection_of_families_keeps_every_column(county):
    office, speaker = county.office, county.speaker
    families = [make_family(county, name) for name in ("李桂兰家庭", "陈守义家庭")]
    title = family_title(county, "village")
    plan = ContestPlan(title, "评议", TODAY, 1, [], families=families, by_vote=True, least=Decimal(50))
    made = plan_contest(county.village, plan, actor=speaker)
    begin_judging(made, actor=speaker)
    one, two = made.contestants.order_by("pk")
    vote = {"counted_by": " 村民会 ", "ayes": 2, "votes": 3, "actor": speaker}
    for change, words in (
        ({"counted_by": " "}, "It does not say who counted. Give the meeting or the person."),
        ({"ayes": 4}, "There are more ayes than votes, or no votes. Check the numbers."),
        ({"ayes": -1}, "There are more ayes than votes, or no votes. Check the numbers."),
        ({"ayes": 0, "votes": 0}, "There are more ayes than votes, or no votes. Check the numbers."),
        ({"votes": 100_001}, "There are more ayes than votes, or no votes. Check the numbers."),
    ):
        assert said(enter_vote, one, **vote | change) == words
    assert said(enter_sheet, one, judge="甲", aspects={}, actor=speaker) == (
        "“评议” is decided by a vote. Enter the ayes."
    )
    enter_vote(one, **vote | {"ayes": 0, "votes": 1})
    other = enter_vote(two, **vote | {"ayes": 100_000, "votes": 100_000})
    untouched = fields(other)
    sheet = enter_vote(one, **vote | {"actor": office})
    assert some(sheet, "region", "contestant", "judge", "aspects", "points", "entered_by") == (
        county.root.region_id, one.pk, "村民会", {"ayes": 2, "votes": 3}, Decimal("66.67"), office.pk,
    )  # fmt: skip
    assert (JudgeSheet.objects.count(), fields(other)) == (2, untouched)
    assert kept(made)[-1] == (
        "sheet", office.pk, NOW, "", "村民会", {"office": "Family 0001", "judge": "村民会", "points": "66.67"}
    )  # fmt: skip
    (award,) = decide_contest(made, actor=speaker)
    assert some(award, "unit", "family", "contest") == (county.village.pk, families[1].pk, made.pk)
    assert said(enter_vote, one, **vote) == "“评议” is not being judged. Open it again to see its present state."
    _refuses_a_selection(county, plan, families)


def _refuses_a_selection(county, plan, families):
    office, speaker = county.office, county.speaker
    silent, foreign = make_family(county, "赵东家庭", agreed=False), make_family(county, unit=county.hamlet)
    barred = make_family(county, "钱西家庭")
    delist(give_family(county, barred, "village"), reason="r", decided_by="d", document="1", actor=office)
    again = replace(plan, families=[families[0]])
    for change, words in (
        ({"title": family_title(county, "town")},
         "“镇街文明家庭” is no title that a unit's own selection gives. Higher ones come from programmes."),
        ({"offices": county.offices[county.bureau.pk][:1]},
         "“星级文明户” is no title that a unit's own selection gives. Higher ones come from programmes."),
        ({"families": []}, "No family takes part. Choose among those that have agreed."),
        ({"families": [foreign]}, "“柳林村” does not recommend “李桂兰家庭”. Choose among its own families."),
        ({"families": [silent]},
         ("“赵东家庭” has not agreed, or has withdrawn its consent. "
         "The unit asks the family and enters the day on which it agreed.")),
        ({"families": [barred]},
         ("“钱西家庭” was delisted and is barred until Fri 31 Dec 2027. "
         "The bar ends by itself; an appeal that is upheld ends it before.")),
        ({"families": [families[1]]},
         "“陈守义家庭” holds the title “星级文明户” already. It is re-verified and takes no part."),
        ({"name": "李桂兰家庭评议"},
         ("The words name the family: they are kept for good, also when it withdraws its consent. "
         "Write “the family” in place of the name.")),
    ):  # fmt: skip
        assert said(plan_contest, county.village, replace(again, **change), actor=speaker) == words
    assert plan_contest(county.village, again, actor=speaker).weights != {}
    Aspect.objects.filter(subject="family").update(weight=0)
    assert plan_contest(county.village, again, actor=speaker).weights == {}


def test_neighbours_and_ended_titles_in_a_selection(county):
    speaker, neighbour = county.speaker, make_user(Role.LIAISON, county.hamlet)
    family = make_family(county)
    let_lapse(give_family(county, family, "village"), reason="r", actor=county.office)
    plan = ContestPlan(family_title(county, "village"), "评议", TODAY, 1, [], families=[family], by_vote=True)
    vote = plan_contest(county.village, plan, actor=speaker)  # its title has ended: it takes part again
    judged = plan_contest(county.village, replace(plan, by_vote=False), actor=speaker)
    for one in (vote, judged):
        begin_judging(one, actor=speaker)
    ayes = {"counted_by": str(speaker), "ayes": 1, "votes": 1}
    sheet = {"judge": "甲", "aspects": dict.fromkeys(judged.weights, Decimal(1))}
    for act in (
        lambda: plan_contest(county.village, plan, actor=neighbour),
        lambda: enter_vote(vote.contestants.get(), **ayes, actor=neighbour),
        lambda: enter_sheet(judged.contestants.get(), **sheet, actor=neighbour),
        lambda: begin_judging(vote, actor=neighbour), lambda: decide_contest(vote, actor=neighbour),
        lambda: cancel_contest(vote, reason="r", actor=neighbour),
        lambda: rename_family(family, name="王家", actor=neighbour),
        lambda: confirm_consent(family, agreed_on=TODAY, actor=neighbour),
        lambda: withdraw_consent(family, actor=neighbour),
        lambda: register_family(county.village, "王家", actor=neighbour),
    ):  # fmt: skip
        with pytest.raises((PermissionDenied, Refusal)):
            act()
    assert (family.name, JudgeSheet.objects.count(), some(vote, "state")) == ("李桂兰家庭", 0, ("judged",))
    enter_vote(vote.contestants.get(), **ayes, actor=speaker)
    enter_vote(vote.contestants.get(), **ayes, actor=None)
    assert [row[4] for row in kept(vote)[-2:]] == ["", ""]


def test_family_is_kept_with_every_column(county):
    office, speaker = county.office, county.speaker
    neighbour = make_family(county, "陈守义家庭")
    untouched = fields(neighbour)
    made = register_family(county.village, " 李桂兰家庭 ", agreed_on=None, actor=speaker)
    names = ("region", "unit", "number", "name", "digest", "agreed_on", "withdrawn_on")
    base = (county.root.region_id, county.village.pk, "0002", "李桂兰家庭", digest_of("李桂兰家庭"))
    assert some(made, *names) == (*base, None, None)
    assert digest_of("李桂兰 家庭") == digest_of("李桂兰家庭") != digest_of("李桂兰家")
    assert len(digest_of("x")) == 64
    later = NOW + timedelta(hours=1)
    with clock.at(later):
        confirm_consent(made, agreed_on=TODAY, actor=office)
    assert some(made, "agreed_on", "updated_at") == (TODAY, later)
    rename_family(made, name=" 桂兰之家 ", actor=speaker)
    assert (made.name, some(made, "name", "digest")) == ("桂兰之家", ("桂兰之家", digest_of("桂兰之家")))
    withdraw_consent(made, actor=speaker, day=AGREED)
    assert some(made, "name", "agreed_on", "withdrawn_on") == ("", TODAY, AGREED)
    assert said(register_family, county.village, "桂兰之家", agreed_on=AGREED - timedelta(days=1), actor=speaker) == (
        "This family withdrew its consent on 2026-11-03. Give the day on which it agreed again."
    )
    back = register_family(county.village, "桂兰之家", agreed_on=AGREED, actor=office)
    assert (back.pk, some(back, "name", "agreed_on", "withdrawn_on")) == (made.pk, ("桂兰之家", AGREED, None))
    asked, agreed = {"agreed_on": None, "withdrawn_on": None}, {"agreed_on": "2026-11-18", "withdrawn_on": None}
    assert kept(made) == [
        ("register", speaker.pk, NOW, "", "", asked), ("agree", office.pk, later, "", "柳林村", agreed),
        ("rename", speaker.pk, NOW, "", "", agreed),
        ("withdraw", speaker.pk, NOW, "", "", agreed | {"withdrawn_on": "2026-11-03"}),
        ("agree", office.pk, NOW, "", "柳林村", asked | {"agreed_on": "2026-11-03"}),
    ]  # fmt: skip
    assert fields(neighbour) == untouched


def test_families_are_refused_in_these_words(county):
    act = {"actor": county.office}
    tomorrow = TODAY + timedelta(days=1)
    family, silent = make_family(county), make_family(county, "赵东家庭", agreed=False)
    there = "“柳林村” recommends a family “李桂兰家庭” already. Open that one."
    recommends = "recommends no families. Choose a village, a community or another unit."
    assert said(register_family, county.village, "李桂兰家庭", error=Conflict, **act) == there
    assert said(rename_family, silent, name="李桂兰家庭", error=Conflict, **act) == there
    assert said(register_family, county.root, "王家", **act) == f"“云溪市” {recommends}"
    assert said(hand_over_family, family, to=county.root, **act) == f"“云溪市” {recommends}"
    stranger = make_unit(make_root(name="别市"), name="别村")
    assert said(hand_over_family, family, to=stranger, actor=None) == f"“别村” {recommends}"
    for name, words in (
        (" ", "The family has no name. Give the name as it stands on the plaque."),
        ("王" * 31, "The name has more than 30 characters. Give the name as it stands on the plaque."),
    ):
        assert said(register_family, county.village, name, **act) == words
        assert said(rename_family, family, name=name, **act) == words
    ahead = "The day lies ahead. Give today or an earlier day."
    assert said(register_family, county.village, "王家", agreed_on=tomorrow, **act) == ahead
    assert said(confirm_consent, silent, agreed_on=tomorrow, **act) == ahead
    assert said(withdraw_consent, family, day=tomorrow, **act) == ahead
    assert make_family(county, "王" * 30).number == "0003"
    assert said(confirm_consent, family, agreed_on=TODAY, **act) == (
        "The family has agreed already. Open it to see the day."
    )
    begin_family_application(make_call(county), family, **act)
    assert said(hand_over_family, family, to=county.hamlet, **act) == (
        "An application of the family is running. Hand it over afterwards, or withdraw the application."
    )
    twin = make_family(county, "赵东家庭", unit=county.hamlet)
    assert said(hand_over_family, twin, to=county.village, error=Conflict, **act) == (
        "“柳林村” recommends a family “赵东家庭” already. Open that one."
    )
    withdraw_consent(family, **act)
    gone = "This family withdrew its consent. Where it agrees again, enter it with its name."
    assert said(confirm_consent, family, agreed_on=TODAY, **act) == gone
    assert said(rename_family, family, name="王家", **act) == gone
    assert said(withdraw_consent, family, **act) == (
        "The consent has been withdrawn already. Nothing of the name is left."
    )
    assert family.withdrawn_on == TODAY


def test_withdrawal_wipes_what_is_of_this_family_alone(county):
    programme = make_call(county)
    families = [make_family(county, name) for name in ("李桂兰家庭", "陈守义家庭")]
    for one in families:
        give_family(county, one, "village")
    rows = [make_family_reviewed(county, programme, one) for one in families]
    notice_families(county, programme, *rows)
    with clock.at(noon(NOTICE[0])):
        said_of = Complaint("李桂兰家和陈守义家都要再查", NOTICE[0])
        one, two = (enter_objection(row, said_of, actor=county.office) for row in rows)
        assert "name the family" in said(
            rule_objection, one, ruling="dismissed", reply="李桂兰家无问题", actor=county.office
        )
        rule_objection(one, ruling="dismissed", reply="已核实，名下无问题", actor=county.office)
        Objection.objects.filter(pk=one.pk).update(reply="李桂兰无问题")
        untouched = [fields(families[1]), fields(rows[1]), fields(two)]
        withdraw_consent(families[0], actor=county.office)
    assert some(one, "text", "reply", "updated_at") == (
        "＊＊＊家和陈守义家都要再查", "＊＊＊无问题", noon(NOTICE[0]),
    )  # fmt: skip
    assert some(rows[0], "state", "self_report") == ("withdrawn", "")
    assert kept(rows[0])[-1] == (
        "withdraw", county.office.pk, noon(NOTICE[0]), "The consent was withdrawn.", "柳林村", {}
    )  # fmt: skip
    assert [fields(families[1]), fields(rows[1]), fields(two)] == untouched
    assert some(rows[1], "self_report") == (DEED,)


def test_handing_over_moves_this_familys_titles_and_applications_alone(county):
    family, neighbour = make_family(county), make_family(county, "陈守义家庭")
    awards = [give_family(county, one, "village") for one in (family, neighbour)]
    made = begin_family_application(make_call(county), family, actor=county.office)
    write_deed(made, deed=DEED, seen_on=TODAY, actor=county.office)
    untouched = [fields(neighbour), fields(awards[1])]
    new = make_unit(county.town, kind="village", branch="territory", name="新柳村")
    succeed_units([county.village], [new], kind=SuccessionKind.RENAMED, day=TODAY, actor=None)
    family = Family.objects.get(pk=family.pk)
    assert "is running" in said(hand_over_family, family, to=county.hamlet, actor=county.office)
    hand_over_family(family, to=new, actor=county.office)
    assert [some(one, "unit")[0] for one in (family, made, awards[0])] == [new.pk] * 3
    assert kept(family)[-1] == ("hand-over", county.office.pk, NOW, "", "", {"from": "柳林村", "to": "新柳村"})
    assert [fields(neighbour), fields(awards[1])] == untouched
    assert Award.objects.filter(unit=county.village).count() == 1
