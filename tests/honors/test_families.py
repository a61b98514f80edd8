"""Families: consent comes before everything, and nothing that is kept for good ever had their name."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied

from chuangwen.accounts.roles import Role
from chuangwen.audit.models import Entry
from chuangwen.core import clock
from chuangwen.core.errors import Conflict, Refusal
from chuangwen.core.files.services import Upload
from chuangwen.honors import services
from chuangwen.honors.models import Application, Award, EligibilityRule, Family
from chuangwen.honors.queries.family_facts import outcome_for
from chuangwen.honors.services import (
    Complaint,
    Score,
    award_titles,
    begin_family_application,
    confirm_consent,
    delist,
    enter_award,
    enter_objection,
    enter_review,
    hand_over_family,
    register_family,
    rename_family,
    save_rule,
    settle_condition,
    submit_application,
    withdraw_application,
    withdraw_consent,
    write_application,
    write_deed,
)
from chuangwen.notifications.models import Notice
from chuangwen.organizations.enums import SuccessionKind
from chuangwen.organizations.services import succeed_units
from chuangwen.supervision.models import VetoEvent, VetoKind
from chuangwen.workflow.models import Step
from tests.honors.families import (
    AGREED,
    DEED,
    give_family,
    make_call,
    make_family,
    make_family_reviewed,
    make_put_forward,
    notice_families,
)
from tests.honors.making import AWARDED, NOTICE, make_programme, noon, publish
from tests.support.factories import make_root, make_unit, make_user

SCAN = Upload("同意书.pdf", b"%PDF-1.4 ")


def said(act, *args, **kwargs):
    with pytest.raises(Refusal) as refusal:
        act(*args, **kwargs)
    return str(refusal.value)


def test_family_is_taken_in_by_the_unit_that_recommends_it(county):
    made = register_family(county.village, " 李桂兰家庭 ", agreed_on=AGREED, actor=county.speaker)
    assert (made.number, made.name, made.shown, made.has_agreed) == ("0001", "李桂兰家庭", "李桂兰家庭", True)
    assert str(made) == "Family 0001"
    with pytest.raises(PermissionDenied):
        register_family(county.hamlet, "王家", agreed_on=AGREED, actor=county.speaker)
    with pytest.raises(Conflict, match="already"):
        register_family(county.village, "李桂兰 家庭", actor=county.office)
    assert make_family(county, "李桂兰家庭", unit=county.hamlet).number == "0002"  # another family of that name


def test_name_that_says_more_than_a_plaque_is_refused(county):
    for name, words in (
        (" ", "no name"), ("王" * 31, "more than 30"), ("王家13812345678", "number"), ("王家138-1234-5678", "number"),
        ("王家432301198802034567", "number"), ("王家４３２３０１１９８８０２０３４５６７", "number"),
        ("王强1988年2月3日出生", "day of birth"), ("3单元王家", "address"), ("住址保密户", "address"),
    ):  # fmt: skip
        assert words in said(register_family, county.village, name, agreed_on=AGREED, actor=county.office), name
    assert not Family.objects.exists()


def test_plaque_may_bear_the_number_of_a_house(county):
    assert make_family(county, "星河里 12 号楼王家").shown == "星河里 12 号楼王家"


def test_region_and_offices_recommend_no_families(county):
    for unit in (county.root, county.offices[county.bureau.pk][0]):
        assert "recommends no families" in said(register_family, unit, "王家", actor=county.office)
    assert make_family(county, "周伟家庭", unit=county.bureau).unit == county.bureau
    assert "lies ahead" in said(
        register_family, county.village, "王家", agreed_on=date(2027, 1, 1), actor=county.office
    )


def test_without_consent_nothing_is_put_forward_selected_or_entered(county):
    family, programme = make_family(county, agreed=False), make_call(county)
    assert "has not agreed" in said(begin_family_application, programme, family, actor=county.office)
    assert "has not agreed" in said(give_family, county, family, "village")
    confirm_consent(family, agreed_on=AGREED, actor=county.speaker)
    assert "agreed already" in said(confirm_consent, family, agreed_on=AGREED, actor=county.office)
    assert begin_family_application(programme, family, actor=county.speaker).holder == "李桂兰家庭"
    with pytest.raises(Conflict):
        begin_family_application(programme, family, actor=county.speaker)


def test_text_has_to_be_short_plain_and_seen_by_the_family(county):
    family, programme = make_family(county), make_call(county)
    give_family(county, family, "village")
    made = begin_family_application(programme, family, actor=county.office)
    for deed, words in ((" ", "Nothing is said"), ("好" * 201, "more than 200"), ("电话07308888888", "number")):
        assert words in said(write_deed, made, deed=deed, seen_on=AGREED, actor=county.office)
    assert "assesses nothing" in said(write_application, made, self_report="x", actor=county.office)
    write_deed(made, deed=DEED, seen_on=None, actor=county.speaker)
    signed = {"responsible": "赵村", "signed_on": clock.today(), "actor": county.office}
    assert "1 conditions are missing" in said(submit_application, made, **signed)
    write_deed(made, deed=DEED, seen_on=clock.today(), actor=county.speaker)
    assert "No files" in said(submit_application, made, papers=[SCAN], **signed)
    made.refresh_from_db()
    submit_application(made, **signed)
    assert made.verdicts[-1]["kind"] == "consent"
    assert "handed in" in said(write_deed, made, deed="又写", seen_on=clock.today(), actor=county.office)


def test_unit_and_family_keep_to_their_own_titles(county):
    family = make_family(county)
    unit_call, family_call = make_programme(county), make_call(county)
    assert "is not for" in said(begin_family_application, unit_call, family, actor=county.office)
    assert "is not for" in said(services.begin_application, family_call, county.village, actor=county.office)
    day = {"granted_on": date(2026, 10, 1), "document": "1号", "actor": county.office}
    assert "is not for" in said(enter_award, county.village, family_call.title, **day)
    assert "no title for families" in said(services.enter_family_award, family, unit_call.title, **day)
    made = services.begin_application(unit_call, county.bureau, actor=county.office)
    assert "of a unit" in said(write_deed, made, deed=DEED, seen_on=AGREED, actor=county.office)
    with pytest.raises(ValueError, match="holds a family's title"):
        services.granting.grant(county.village, family_call.title, **day)


def test_each_unit_hands_in_no_more_families_than_its_quota(county):
    programme = make_call(county, unit_quota=1)
    families = [make_family(county, name) for name in ("李桂兰家庭", "陈守义家庭")]
    for family in families:
        give_family(county, family, "village")
    first = make_put_forward(county, programme, families[0])
    assert "1 families" in said(make_put_forward, county, programme, families[1])
    other = make_family(county, "赵东家庭", unit=county.hamlet)
    give_family(county, other, "village")
    make_put_forward(county, programme, other)  # another unit has its own
    withdraw_application(first, reason="家庭不再参加", actor=county.office)
    second = Application.objects.get(programme=programme, family=families[1])
    submit_application(second, responsible="赵村", signed_on=clock.today(), actor=county.office)
    assert second.state == "submitted"


def test_two_families_of_one_unit_are_judged_each_by_itself(county):
    programme = make_call(county)
    good, barred = make_family(county, "李桂兰家庭"), make_family(county, "陈守义家庭")
    for family in (good, barred):
        give_family(county, family, "village")
    made = [make_family_reviewed(county, programme, family) for family in (good, barred)]
    services.give_card(Award.objects.get(family=barred), reason="需整改", decided_by="村委会", actor=county.office)
    assert [outcome_for(one).may_be_granted for one in made] == [True, False]
    assert "陈守义家庭" in said(notice_families, county, programme, *made)


def test_lower_title_and_the_recommending_unit_are_conditions(county):
    family, programme = make_family(county), make_call(county)
    made = begin_family_application(programme, family, actor=county.office)
    write_deed(made, deed=DEED, seen_on=AGREED, actor=county.office)

    def barred():
        return [one.rule.kind for one in outcome_for(made).barred]

    assert barred() == ["held"]
    give_family(county, family, "village")
    assert barred() == []
    kind = VetoKind.objects.create(region=county.root.region, name="事故", source="customary: 一票否决")
    VetoEvent.objects.create(
        region=county.root.region, unit=county.village, kind=kind, day=AGREED, bars_until=date(2027, 12, 31),
        title="事故", source="通报", state="confirmed",
    )  # fmt: skip
    assert barred() == ["recommender"]


def test_families_conditions_are_those_that_ask_for_no_more(county):
    title = make_call(county).title
    rule = EligibilityRule(region=county.root.region, of_title=title, kind="no-veto", months=12, source="site: x")
    assert "no condition for" in said(save_rule, rule, actor=county.office)
    rule.kind, rule.of_title = "recommender", county.title("city")
    assert "no condition for" in said(save_rule, rule, actor=county.office)
    rule.of_title = title
    assert save_rule(rule, actor=county.office).pk


def test_whole_way_to_the_plaque(county):
    family, programme = make_family(county), make_call(county)
    give_family(county, family, "village")
    made = make_family_reviewed(county, programme, family)
    notice_families(county, programme, made)
    with clock.at(noon(AWARDED)):
        award_titles(programme, granted_on=AWARDED, document="镇〔2027〕1号", actor=county.office)
        award = Award.objects.get(application=made)
        assert (award.holder, award.unit, award.plaque) == ("李桂兰家庭", county.village, "2027-001")
        delist(award, reason="经查实不符合条件", decided_by="镇文明委", document="9号", actor=county.office)
        assert "barred until" in said(give_family, county, family, "county", day=AWARDED)


def test_finding_keeps_only_who_was_asked_and_when(county):
    family, programme = make_family(county), make_call(county)
    give_family(county, family, "village")
    made = make_put_forward(county, programme, family)
    rule = programme.rules.get(kind="by-hand")
    for source, words in (
        ("派出所答复李桂兰无违法", "name the family"), ("派出所，证号432301198802034567", "number"),
        ("问" * 61, "than is kept"),
    ):  # fmt: skip
        assert words in said(settle_condition, made, rule, met=True, source=source, actor=county.office)
    assert "No files" in said(
        settle_condition, made, rule, met=True, source="派出所", papers=[SCAN], actor=county.office
    )
    assert settle_condition(made, rule, met=True, source="派出所 11月16日", actor=county.office).met


def test_words_that_are_kept_for_good_do_not_name_the_family(county):
    family, programme = make_family(county), make_call(county)
    award = give_family(county, family, "village")
    made = make_put_forward(county, programme, family)
    naming = "李桂兰有意见"
    acts = [
        (services.return_application, made, {"reason": naming}), (withdraw_application, made, {"reason": naming}),
        (enter_review, made, {"score": Score("甲", Decimal(90), clock.today(), naming)}),
        (services.give_card, award, {"reason": naming, "decided_by": "村"}),
        (services.give_card, award, {"reason": "x", "decided_by": "李桂兰"}),
        (services.let_lapse, award, {"reason": naming}),
    ]  # fmt: skip
    for act, obj, answers in acts:
        assert "name the family" in said(act, obj, actor=county.office, **answers), act
    assert award.state == "valid"


def test_no_service_of_titles_steps_past_the_check_of_names():
    folder = Path(services.__file__).parent
    past = [
        one.name for one in folder.glob("*.py")
        if one.name != "stepping.py" and "from chuangwen.workflow.services import" in one.read_text()
    ]  # fmt: skip
    assert past == []


def test_withdrawal_wipes_name_and_texts_and_ends_what_runs(county):
    family, programme = make_family(county), make_call(county)
    held = give_family(county, family, "village")
    made = make_family_reviewed(county, programme, family)
    notice_families(county, programme, made)
    with clock.at(noon(NOTICE[0])):
        objection = enter_objection(made, Complaint("李桂兰家的事要再查", NOTICE[0]), actor=county.office)
        withdraw_consent(family, actor=county.speaker)
        assert "withdrawn already" in said(withdraw_consent, family, actor=county.office)
    for row in (family, made, held, objection):
        row.refresh_from_db()
    assert (family.name, made.state, made.self_report, held.state) == ("", "withdrawn", "", "valid")
    assert (held.holder, objection.text) == ("Family 0001 (name withdrawn)", "＊＊＊家的事要再查")
    assert "has not agreed" in said(give_family, county, family, "county")


def test_nothing_that_stays_ever_held_the_name(county):
    family, programme = make_family(county), make_call(county)
    give_family(county, family, "village")
    made = make_family_reviewed(county, programme, family)
    rename_family(family, name="李桂兰之家", actor=county.office)
    notice_families(county, programme, made)
    hand_over_family(make_family(county, "陈守义家庭"), to=county.hamlet, actor=county.office)
    kept = [
        *(f"{one.object_name} {one.data}" for one in Entry.objects.all()),
        *(f"{one.note} {one.data} {one.on_behalf}" for one in Step.objects.all()),
        *(f"{one.title} {one.body}" for one in Notice.objects.all()),
    ]
    assert len(kept) > 20
    assert [one for one in kept if "桂兰" in one or "守义" in one] == []


def test_family_that_agrees_again_comes_with_what_bars_it(county):
    family = make_family(county)
    award = give_family(county, family, "village")
    delist(award, reason="不符合条件", decided_by="村委会", document="9号", actor=county.office)
    withdraw_consent(family, actor=county.office)
    again = {"actor": county.office}
    assert "withdrew" in said(register_family, county.village, "李桂兰家庭", agreed_on=AGREED, **again)
    assert "withdrew" in said(confirm_consent, family, agreed_on=clock.today(), **again)
    assert "withdrew" in said(rename_family, family, name="李家", **again)
    back = register_family(county.village, "李桂兰家庭", agreed_on=clock.today(), **again)
    assert (back.pk, back.shown, back.has_agreed) == (family.pk, "李桂兰家庭", True)
    assert "barred until" in said(give_family, county, back, "village", day=clock.today())


def test_family_goes_to_the_successor_of_its_unit_with_its_titles(county):
    family = make_family(county)
    award = give_family(county, family, "village")
    new = make_unit(county.town, kind="village", branch="territory", name="新柳村")
    succeed_units([county.village], [new], kind=SuccessionKind.RENAMED, day=clock.today(), actor=None)
    assert "Hand the family over" in said(services.carry_on, award, to=new, reason="r", actor=county.office)
    with pytest.raises(PermissionDenied):
        hand_over_family(family, to=new, actor=county.speaker)
    hand_over_family(family, to=new, actor=county.office)
    award.refresh_from_db()
    assert (family.unit, award.unit) == (new, new)
    twin = make_family(county, unit=county.hamlet)
    with pytest.raises(Conflict):
        hand_over_family(twin, to=new, actor=county.office)


def test_stranger_and_neighbour_see_no_family(county):
    programme, family = make_call(county), make_family(county)
    give_family(county, family, "village")
    make_put_forward(county, programme, family)
    stranger = make_user(Role.OFFICE, make_root(name="别市"))
    neighbour = make_user(Role.LIAISON, county.hamlet)
    for model in (Family, Application, Award):
        seen = [model.objects.visible_to(user).count() for user in (county.office, county.speaker, neighbour, stranger)]
        assert seen == [1, 1, 0, 0], model


def test_units_own_titles_bars_and_figures_are_not_moved_by_their_families(county):
    from chuangwen.honors.queries.register import figures_of

    award = give_family(county, make_family(county, unit=county.bureau), "village")
    found = figures_of(county.root.region, 2026)
    assert (found.titled.part, found.levels, found.campaigning.part) == (0, [], 0)
    delist(award, reason="不符合条件", decided_by="局", document="9号", actor=county.office)
    assert county.give(county.bureau, "city", day=clock.today()).state == "valid"


def test_ladder_of_families_comes_by_its_own_button_alone(house):
    from chuangwen.honors.models import Aspect, LadderStep

    assert not LadderStep.objects.filter(title__subject="family").exists()
    assert services.ensure_family_ladder(house.root.region, house.office)
    assert not services.ensure_family_ladder(house.root.region, house.office)
    assert LadderStep.objects.filter(title__subject="family").count() == 6
    assert Aspect.objects.filter(subject="family").count() == 10
    assert Aspect.objects.filter(subject="office").count() == 6


def test_programme_for_families_follows_no_standard(county):
    version = publish(county)
    assert make_call(county).standard is None
    assert "by no standard" in said(make_call, county, level="county", standard=version)
    assert "Only families" in said(make_programme, county, unit_quota=2)
