"""Reminders: ahead to the post, late up the line, once a step, one message a day, nothing at night, nothing unseen."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest

from chuangwen.accounts.roles import Role
from chuangwen.audit.models import Entry
from chuangwen.core import clock
from chuangwen.core.errors import Refusal
from chuangwen.core.models import Region
from chuangwen.core.workdays import ZONE, default_calendar
from chuangwen.notifications import jobs
from chuangwen.notifications.digest_lines import Told, due_lines
from chuangwen.notifications.models import Channel, Digest, Reminded
from chuangwen.notifications.quiet import Quiet
from chuangwen.notifications.services import notify
from chuangwen.notifications.services.digests import make_digests, send_digests
from chuangwen.notifications.services.reminding import reminders_of
from chuangwen.notifications.services.rules import choose_quiet, save_reminder_step, set_region_quiet
from chuangwen.notifications.stages import StepRule, horizon, reached
from chuangwen.organizations.models import ContractedArea, Holding, Post
from tests.support.factories import make_campaign, make_root, make_task, make_unit, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_wednesday")]
WEDNESDAY, THURSDAY, FRIDAY, SATURDAY = (date(2026, 11, day) for day in (18, 19, 20, 21))


def moment(day, hour=18, minute=0):
    return datetime.combine(day, time(hour, minute), ZONE)


@pytest.fixture
def _wednesday():
    with clock.at(moment(WEDNESDAY, 9)):
        yield


class City:
    """A city with a department, its four posts, an office, and a tax bureau that is managed from above."""

    def __init__(self):
        self.root = make_root()
        self.region = self.root.region
        self.campaign = make_campaign(self.root)
        self.office = make_user(Role.OFFICE, self.root)
        self.leader = make_user(Role.LEADER, self.root)
        self.unit = make_unit(self.root, name="市城管局")
        self.people = {}
        for kind in ("liaison", "acting", "first"):
            post = self.post(self.unit, kind)
            self.people[kind] = self.hold(post, make_user(Role.LIAISON, self.unit))
        self.colleague = make_user(Role.LIAISON, self.unit)
        self.stand_in = self.hold(self.liaison, make_user(Role.LIAISON, self.unit), slot="B")

    def post(self, unit, kind):
        post = Post.objects.create(region=self.region, unit=unit, kind=kind, title=kind)
        if kind == "liaison" and unit == self.unit:
            self.liaison = post
        return post

    def hold(self, post, user, **more):
        Holding.objects.create(region=self.region, post=post, user=user, starts=date(2026, 1, 1), **more)
        return user

    def task(self, due, unit=None, **more):
        values = {"campaign": self.campaign, "due_at": moment(due), "state": "accepted", "title": "清理卫生死角"}
        return make_task(unit or self.unit, **values | more)

    def told(self):
        """Who hears of what today, by person."""
        names = {user.pk: name for name, user in {**self.people, "office": self.office, "leader": self.leader,
                                                  "stand-in": self.stand_in}.items()}  # fmt: skip
        return {names.get(pk, pk): sorted(one.key for one in told) for pk, told in reminders_of(self.region).items()}


@pytest.fixture
def city():
    return City()


def test_what_is_due_in_the_next_days_goes_to_the_acting_holder_and_then_up_the_line(city):
    soon = city.task(FRIDAY)
    city.task(date(2026, 11, 24))
    edge = city.task(date(2026, 11, 23))  # three working days ahead
    city.task(FRIDAY, state="reported")
    city.task(FRIDAY, state="draft")
    key = f"t{soon.pk}-ahead-2026-11-20"
    assert city.told() == {"liaison": sorted([key, f"t{edge.pk}-ahead-2026-11-23"])}
    Holding.objects.filter(user=city.people["liaison"]).update(ends=date(2026, 11, 17))  # left: the B person acts
    assert list(city.told()) == ["stand-in"]
    type(city.stand_in).objects.filter(pk=city.stand_in.pk).update(is_active=False)
    assert city.told() == {city.colleague.pk: sorted([key, f"t{edge.pk}-ahead-2026-11-23"])}  # by role, no post held
    Holding.objects.filter(user=city.people["liaison"]).update(ends=None)
    with clock.at(moment(date(2026, 11, 25), 9)):  # one is three working days late, one two, one a day
        told = city.told()
        assert told["liaison"] == told["acting"]
        assert {key.split("-")[1] for key in told["liaison"]} == {"late"}
        assert len(told["liaison"]) == 3
        assert "first" not in told
    with clock.at(moment(date(2026, 11, 26), 9)):
        assert city.told()["first"] == [f"t{soon.pk}-first-2026-11-20"]
    with clock.at(moment(date(2026, 12, 1), 9)):
        told = city.told()
        assert told["office"] == [f"t{soon.pk}-above-2026-11-20"]  # nobody stands above: the office hears of it


def test_up_the_line_is_the_leader_in_charge_or_the_line_authority_or_who_contracted_the_area(city):
    late = FRIDAY
    charge = city.hold(city.post(city.unit, "charge"), city.leader)
    own = city.task(late)
    authority = make_unit(city.root, name="省税务局")
    city.hold(city.post(authority, "first"), make_user(Role.LEADER, city.root))
    tax = make_unit(city.root, name="市税务局", kind="vertical", line_authority=authority)
    of_tax = city.task(late, tax)
    station = make_unit(city.root, name="火车站", resident=True)
    mayor = city.hold(city.post(city.root, "charge"), make_user(Role.LEADER, city.root))
    area = {"region": city.region, "unit": station, "name": "站前", "starts": date(2026, 1, 1)}
    ContractedArea.objects.create(leader=Post.objects.get(unit=city.root, kind="charge"), **area)
    at_station = city.task(late, station)
    blind = make_unit(city.root, name="供电公司", resident=True, line_authority=make_unit(city.root, name="省电力公司"))
    city.hold(city.post(blind.line_authority, "first"), make_user())  # may see nothing of the city
    of_blind = city.task(late, blind)
    with clock.at(moment(date(2026, 12, 1), 9)):
        found = reminders_of(city.region)
        above = {pk: [one.key.split("-")[0] for one in told if "-above-" in one.key] for pk, told in found.items()}
        head = Holding.objects.get(post__unit=authority).user_id
        assert {pk: keys for pk, keys in above.items() if keys} == {
            charge.pk: [f"t{own.pk}"], head: [f"t{of_tax.pk}"], mayor.pk: [f"t{at_station.pk}"],
            city.office.pk: [f"t{of_blind.pk}"],
        }  # fmt: skip
        make_digests(clock.today())
        assert "市税务局：清理卫生死角" in Digest.objects.get(user=head).text


def test_nobody_is_told_twice_and_a_moved_deadline_is_told_anew(city):
    task = city.task(FRIDAY)
    news = {"region": city.region, "url": f"/tasks/{task.pk}/"}
    notify([city.people["liaison"]], "x", "新任务：清理卫生死角", **news)
    notify([city.people["acting"]], "x", "别的消息", region=city.region)
    assert make_digests(WEDNESDAY) == 2
    assert make_digests(WEDNESDAY) == 0
    digest = Digest.objects.get(user=city.people["liaison"])
    # its news and its deadline are one line
    assert digest.text.splitlines()[0] == "新任务：清理卫生死角，还剩2天"
    assert (digest.count, len(digest.lines)) == (1, 1)
    with clock.at(moment(THURSDAY, 9)):
        assert make_digests(THURSDAY) == 0
        city.task(THURSDAY, title="今天要交的材料")
        type(task).objects.filter(pk=task.pk).update(due_at=moment(date(2026, 11, 23)))
        assert make_digests(THURSDAY) == 1
        lines = Digest.objects.get(day=THURSDAY).text.splitlines()
        assert lines[:3] == ["快到期：", "今天要交的材料，今天18:00", "清理卫生死角，还剩2天"]
    assert Reminded.objects.filter(user=city.people["liaison"]).count() == 3


def test_nothing_is_told_of_other_regions_or_to_who_may_not_see_it(city):
    stranger = City()
    stranger.task(FRIDAY)
    city.task(FRIDAY)
    assert list(city.told()) == ["liaison"]
    city.people["liaison"].role_grants.all().delete()  # the post stays, the right to look has gone
    assert city.told() == {}
    assert list(stranger.told()) == ["liaison"]


@pytest.fixture
def sent(monkeypatch, settings):
    """What goes out: (user name, moment, text)."""
    found = []

    def deliver(address, user, several):
        found.append((user.pk, clock.local(clock.now()), [digest.day for digest in several]))
        return True

    settings.NOTIFY_SCHEMES = ["json://127.0.0.1"]
    monkeypatch.setattr("chuangwen.notifications.services.digests._deliver", deliver)
    return found


def hours(first, days):
    """Each hour of some days, as the worker lives through them."""
    start = moment(first, 0, 45)
    return (start + timedelta(hours=number) for number in range(24 * days))


def live(days, first=WEDNESDAY, each=lambda _now: None):
    for now in hours(first, days):
        with clock.at(now):
            each(now)
            if now.hour == 8:
                jobs.run_daily(now.date())
            jobs.hourly()


def test_nobody_gets_two_a_day_and_nothing_comes_at_night_or_on_days_off(city, sent):
    people = [city.people["liaison"], city.people["acting"]]
    for user in people:
        Channel.objects.create(user=user, label="手机", address="json://127.0.0.1/x")
    choose_quiet(people[1], starts=time(18), ends=time(10), days_off=False)

    def busy(now):
        notify(people, "x", f"{now:%d %H}", region=city.region, urgent=now.hour % 2 == 0)

    live(7, each=busy)
    by_day = [(user, at.date()) for user, at, _days in sent]
    assert len(by_day) == len(set(by_day))
    assert {at.hour for user, at, _days in sent if user == people[0].pk} == {8}
    assert {at.hour for user, at, _days in sent if user == people[1].pk} == {10}
    off = {SATURDAY, date(2026, 11, 22)}
    assert not off & {at.date() for user, at, _days in sent if user == people[0].pk}
    assert off <= {at.date() for user, at, _days in sent if user == people[1].pk}  # who wants it on Saturdays


def test_urgent_matters_break_the_quiet_only_where_the_region_says_so_and_still_once_a_day(city, sent):
    user = city.people["liaison"]
    Channel.objects.create(user=user, label="手机", address="json://127.0.0.1/x")
    rule = {"starts": time(21), "ends": time(8), "days_off": True, "source": "site: 本局通知", "actor": city.office}
    set_region_quiet(city.region, urgent=True, **rule)

    def once(now):
        if now == moment(SATURDAY, 3, 45):
            notify([user], "x", "平常的事", region=city.region)
        if now.date() == SATURDAY and now.hour in {12, 15}:
            notify([user], "x", f"急事{now.hour}", region=city.region, urgent=True)

    live(2, SATURDAY, each=once)
    assert [(at.date().day, at.hour) for _user, at, _days in sent] == [(21, 12), (22, 0)]
    assert Digest.objects.get(day=SATURDAY).text.splitlines()[:-1] == ["【急】急事12", "平常的事"]
    set_region_quiet(Region.objects.get(pk=city.region.pk), urgent=False, **rule)
    sent.clear()
    live(2, date(2026, 11, 28), each=lambda now: notify([user], "x", "急", region=city.region, urgent=True))
    assert sent == []


def test_what_is_left_of_yesterday_goes_out_with_today(city, sent, monkeypatch):
    user = city.people["liaison"]
    Channel.objects.create(user=user, label="手机", address="json://127.0.0.1/x")
    notify([user], "x", "昨天", region=city.region)
    make_digests(WEDNESDAY)
    with clock.at(moment(THURSDAY, 9)):
        notify([user], "x", "今天", region=city.region)
        make_digests(THURSDAY)
        assert send_digests() == (1, 0)
    assert [days for _user, _at, days in sent] == [[WEDNESDAY, THURSDAY]]
    assert not Digest.objects.filter(sent_at=None).exists()


def test_rules_are_the_offices_in_order_and_audited(city, sign_in):
    assert sign_in(city.people["liaison"]).get("/inbox/rules/").status_code == 403
    client = sign_in(city.office)
    page = client.get("/inbox/rules/").content.decode()
    assert "提前3天" in page
    assert "逾期7天" in page
    assert page.count("建议") >= 4
    values = {"days": 2, "is_on": "on", "source": "创建办〔2026〕5号"}
    assert client.post("/inbox/rules/ahead/", values).url == "/inbox/rules/"
    assert client.post("/inbox/rules/nothing/", values).status_code == 404
    assert "site: 创建办〔2026〕5号" in str(Entry.objects.get(action="notifications.step.set").data)
    city.task(date(2026, 11, 23))
    assert city.told() == {}
    city.task(FRIDAY)
    assert list(city.told()) == ["liaison"]
    refused = client.post("/inbox/rules/first/", {"days": 8, "is_on": "on", "source": "x"})
    assert "各步先后就乱了" in refused.content.decode()
    with pytest.raises(Refusal):
        save_reminder_step(city.region, "late", days=0, is_on=True, source="", actor=city.office)
    client.post("/inbox/rules/ahead/", {"days": 2, "source": "x"})  # switched off
    assert city.told() == {}
    quiet = {"starts": "20:00", "ends": "07:30", "days_off": "on", "source": "本地作息"}
    client.post("/inbox/rules/", quiet)
    assert Region.objects.get(pk=city.region.pk).settings["quiet"]["starts"] == "20:00"


def test_own_quiet_hours_and_the_digest_page_are_ones_own(city, sign_in):
    for number in range(5):
        city.task(FRIDAY, title=f"任务{number}")
    city.task(date(2026, 11, 17), title="早该办的")
    make_digests(WEDNESDAY)
    liaison, acting = city.people["liaison"], city.people["acting"]
    client = sign_in(liaison)
    page = client.get("/inbox/digest/").content.decode()
    assert ("逾期" in page, "早该办的" in page, "任务5项" in page, "任务3" in page) == (True, True, True, False)
    client.post("/inbox/quiet/", {"starts": "19:00", "ends": "09:30"})
    assert "19:00–09:30" in client.get("/inbox/channels/").content.decode()
    client.post("/inbox/quiet/usual/")
    assert "21:00–08:00" in client.get("/inbox/channels/").content.decode()
    pk = Digest.objects.get(user=liaison).pk
    client = sign_in(acting)
    assert client.get(f"/inbox/digest/{pk}/").status_code == 404
    assert "任务0" not in client.get("/inbox/digest/").content.decode()
    assert "还没有汇总" in sign_in(city.leader).get("/inbox/digest/").content.decode()


CALENDAR = default_calendar()
RULES = [StepRule("ahead", 2, ahead=True), StepRule("late", 1), StepRule("first", 3)]


@pytest.mark.once
@pytest.mark.parametrize(
    ("due", "stages"),
    [
        (date(2026, 11, 20), ["ahead"]),  # Friday, two working days ahead of Wednesday
        (date(2026, 11, 23), []),
        (date(2026, 11, 18), ["ahead"]),  # today, until the day ends
        (moment(WEDNESDAY, 8), []),  # an hour late: no day yet
        (date(2026, 11, 17), ["late"]),
        (date(2026, 11, 14), ["late", "first"]),  # Saturday: three working days since
        (date(2026, 11, 15), ["late", "first"]),
        (date(2026, 11, 16), ["late"]),
    ],
)
def test_stages_count_working_days(due, stages):
    assert reached(due, moment(WEDNESDAY, 9), RULES, CALENDAR) == stages
    assert horizon(WEDNESDAY, RULES, CALENDAR) == FRIDAY


@pytest.mark.once
@pytest.mark.parametrize(
    ("starts", "ends", "at", "holds"),
    [
        ("21:00", "08:00", "20:59", False), ("21:00", "08:00", "21:00", True), ("21:00", "08:00", "07:59", True),
        ("21:00", "08:00", "08:00", False), ("12:00", "14:00", "13:00", True), ("12:00", "14:00", "14:00", False),
        ("09:00", "09:00", "09:00", False),
    ],
)  # fmt: skip
def test_quiet_goes_over_midnight_and_takes_days_off(starts, ends, at, holds):
    now = datetime.combine(WEDNESDAY, time.fromisoformat(at))
    quiet = Quiet(time.fromisoformat(starts), time.fromisoformat(ends))
    assert quiet.holds(now, workday=True) is holds
    assert quiet.holds(now, workday=False)
    assert Quiet(quiet.starts, quiet.ends, days_off=False).holds(now, workday=False) is holds


@pytest.mark.once
def test_more_than_three_of_a_kind_are_one_line_the_earliest_first():
    def told(number, day, kind="t", unit=""):
        return Told(kind, "soon", f"k{number}", f"事{number}", f"/t/{number}/", date(2026, 11, day), unit)

    counted = lambda kind, n: (f"{n}{kind}", f"/{kind}/")  # noqa: E731
    lines = due_lines([told(1, 21), told(2, 19), told(3, 20), *[told(n, 30 - n, "d") for n in range(4, 8)]], counted)
    assert [(line.title, line.url, line.due[-2:], line.count) for line in lines] == [
        ("事2", "/t/2/", "19", 1), ("事3", "/t/3/", "20", 1), ("事1", "/t/1/", "21", 1), ("4d", "/d/", "23", 4),
    ]  # fmt: skip
