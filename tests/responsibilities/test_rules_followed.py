"""House rules of a unit that ended go on at its one successor; the check of a rule is reminded of in the digest."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from chuangwen.accounts.roles import Role
from chuangwen.core import clock
from chuangwen.core.panels import desk_items
from chuangwen.core.workdays import ZONE
from chuangwen.notifications.digest_lines import LATE, SOON
from chuangwen.notifications.models import Notice
from chuangwen.notifications.services.feeds import calendar_of, feed_of, make_feed
from chuangwen.notifications.services.reminding import reminders_of
from chuangwen.organizations.enums import PostKind, UnitKind
from chuangwen.organizations.models import Holding, Post
from chuangwen.organizations.services import name_post, succeed_units
from chuangwen.responsibilities.frequency import schedule_of
from chuangwen.responsibilities.jobs import follow_units
from chuangwen.responsibilities.models import HouseRule
from chuangwen.responsibilities.queries.house_rules import Charge
from chuangwen.responsibilities.services import HouseRuleFacts, enter_house_rule, note_house_check
from chuangwen.responsibilities.services.following import follow_house_rules
from chuangwen.workflow.queries import history_of
from tests.responsibilities.making import make_city
from tests.support.factories import DAY, NOON, make_unit, make_user

pytestmark = pytest.mark.django_db
CHANGE = DAY + timedelta(days=20)


def morning(day):
    return clock.at(datetime.combine(day, datetime.min.time(), ZONE).replace(hour=9))


@pytest.fixture
def city():
    """Two bureaus that become one; the new one and the first have an office and a post of the same names."""
    made = make_city()
    for name in ("城管局", "园林局", "城市管理和园林局"):
        made.unit(name)
    for name in ("城管局", "城市管理和园林局"):
        make_unit(made.units[name], name="办公室", kind=UnitKind.OFFICE)
        name_post(made.units[name], PostKind.OTHER, "纪检组长", actor=None)
    return made


def inside(unit, name="办公室"):
    return unit._meta.model.objects.get(path__startswith=unit.path, name=name)


def rule_of(city, name="城管局", title="首问负责制", **fields):
    unit = city.units[name]
    said = {"since": DAY, "answers": Charge(post=unit.posts.get(kind=PostKind.ACTING)), **fields}
    with clock.at(NOON):
        return enter_house_rule(unit, HouseRuleFacts(title, **said), actor=None)


def merge(city, olds=("城管局", "园林局"), news=("城市管理和园林局",), kind="merged"):
    units = city.units
    with clock.at(NOON):
        succeed_units([units[one] for one in olds], [units[one] for one in news], kind=kind, day=CHANGE, actor=None)


def test_rules_go_on_at_the_one_successor_with_office_checker_and_checks_found_again_by_name(city):
    old, heir = city.units["城管局"], city.units["城市管理和园林局"]
    post = old.posts.get(kind=PostKind.OTHER)
    kept = rule_of(city, answers=Charge(office=inside(old)), schedule=schedule_of("每季度"), checker=Charge(post=post))
    by_unit = rule_of(city, title="值班制度", schedule=schedule_of("每月25日前"), checker=Charge(office=old))
    with clock.at(NOON):
        note_house_check(kept, day=DAY, result="kept", actor=None)
    merge(city)
    with morning(CHANGE - timedelta(days=1)):
        assert follow_house_rules(clock.today()) == 0  # the old unit lasts until this day
    liaison = city.liaison(heir)
    with morning(CHANGE):
        follow_units()
        assert follow_house_rules(clock.today()) == 0
    for rule in (kept, by_unit):
        rule.refresh_from_db()
    assert (kept.unit, kept.office, kept.checker_post.unit) == (heir, inside(heir), heir)
    assert (by_unit.unit, by_unit.post.unit, by_unit.checker) == (heir, heir, heir)
    assert (kept.checks.get().checked_by, kept.state) == ("纪检组长", "holds")
    step = next(one for one in history_of(kept) if one.action == "follow")
    assert (step.data["before"], step.data["unit"], step.data["former"]) == ("城管局", str(heir), old.pk)
    told = Notice.objects.get(user=liaison)
    assert (told.title, told.url) == (
        "承接城管局的内部制度2项，请核对由谁负责、由谁检查", f"/house-rules/?unit={heir.pk}",
    )  # fmt: skip


def test_who_has_no_namesake_at_the_successor_is_named_anew_there(city, sign_in):
    heir = city.units["城市管理和园林局"]
    only = name_post(city.units["园林局"], PostKind.OTHER, "绿化总工", actor=None)
    rule = rule_of(city, "园林局", answers=Charge(post=only))
    merge(city)
    with morning(CHANGE):
        follow_units()
        rule.refresh_from_db()
        assert (rule.unit, rule.office, rule.post, rule.checker) == (heir, None, None, None)
        shown = sign_in(city.liaison(heir)).get(f"/house-rules/{rule.pk}/").content.decode()
    assert "承接自园林局" in shown


def test_of_two_rules_of_one_title_the_second_ends_and_says_why(city):
    heir = city.units["城市管理和园林局"]
    first, second = rule_of(city), rule_of(city, "园林局")
    merge(city)
    with morning(CHANGE):
        follow_units()
    for rule in (first, second):
        rule.refresh_from_db()
    assert (first.unit, first.state, second.state) == (heir, "holds", "ended")
    assert (second.until, second.next_check) == (CHANGE - timedelta(days=1), None)
    assert history_of(second).last().note == "承接单位城市管理和园林局已有同名的制度。"


def test_rule_of_a_split_unit_waits_for_the_office_and_is_asked_of_nobody(city, sign_in, rf):
    rule = rule_of(city, schedule=schedule_of("每月25日前"), checker=Charge(office=city.units["城管局"]))
    merge(city, ("城管局",), ("园林局", "城市管理和园林局"), "split")
    with morning(CHANGE + timedelta(days=70)):
        follow_units()
        rule = HouseRule.objects.select_related("unit").get(pk=rule.pk)
        assert (rule.unit, rule.state, rule.is_late) == (city.units["城管局"], "holds", False)
        request = rf.get("/")
        request.user, request.session = city.office, {}
        said = {one.title: one.url for one in desk_items(request) if "/house-rules/" in one.url}
        assert said == {"1项内部制度的单位已撤销": "/house-rules/?tab=ownerless"}
        client = sign_in(city.office)
        assert client.get("/house-rules/?tab=ownerless").context["listing"].total == 1
        assert client.get("/house-rules/?tab=late").context["listing"].total == 0
        client.post(f"/house-rules/{rule.pk}/end/", {"until": clock.today().isoformat(), "reason": "单位已拆分"})
        assert client.get("/house-rules/?tab=ownerless").context["listing"].total == 0


def test_office_inside_that_was_renamed_goes_on_answering_under_its_new_name(city):
    bureau = city.units["城管局"]
    new = make_unit(bureau, name="综合科", kind=UnitKind.OFFICE)
    rule = rule_of(city, answers=Charge(office=inside(bureau)))
    with clock.at(NOON):
        succeed_units([inside(bureau)], [new], kind="renamed", day=CHANGE, actor=None)
    with morning(CHANGE):
        follow_units()
        follow_units()
    rule.refresh_from_db()
    steps = [one.data["before"] for one in history_of(rule) if one.action == "charge"]
    assert (rule.unit, rule.office, steps) == (bureau, new, ["办公室"])


def test_check_stands_in_the_digest_of_who_makes_it_and_nobody_above_the_unit_hears_of_it(city):
    bureau = city.units["城管局"]
    post = bureau.posts.get(kind=PostKind.OTHER)
    checker, leader = make_user(Role.LIAISON, bureau), make_user(Role.LEADER, city.root)
    first = Post.objects.create(region=city.root.region, unit=city.root, kind=PostKind.FIRST, title="书记")
    for one, held in ((checker, post), (leader, first)):
        Holding.objects.create(region=held.region, post=held, user=one, starts=DAY)
    rule = rule_of(city, schedule=schedule_of("每月25日前"), checker=Charge(post=post))
    title = "检查落实情况：首问负责制"

    def told():
        found = reminders_of(city.root.region).items()
        return {user: [(one.section, one.title) for one in several if one.kind == "h"] for user, several in found}

    with morning(rule.next_check - timedelta(days=10)):
        assert told() == {}
    with morning(rule.next_check):
        assert told() == {checker.pk: [(SOON, title)]}
        calendar = calendar_of(feed_of(make_feed(checker)))
        assert title in calendar.decode().replace("\r\n ", "")
    with morning(rule.next_check + timedelta(days=60)):
        assert told() == {checker.pk: [(LATE, title)]}
