"""A person's calendar: what is hers and no more, the same bytes for the same matters, gone when it is ended."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest
from icalendar import Calendar

from chuangwen.accounts.roles import Role
from chuangwen.audit.models import Entry as AuditEntry
from chuangwen.core import clock
from chuangwen.core.errors import Refusal
from chuangwen.directives.models import Meeting, Seat
from chuangwen.evidence.models import Dossier
from chuangwen.notifications.calendars import Entry, calendar_bytes
from chuangwen.notifications.models import CalendarFeed
from chuangwen.notifications.services.feeds import make_feed
from chuangwen.notifications.services.reminding import reminders_of
from chuangwen.organizations.enums import PostKind
from chuangwen.organizations.models import Unit
from chuangwen.organizations.services import hold_post, name_post
from tests.support.factories import NOON, make_campaign, make_root, make_task, make_unit, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_noon")]


@pytest.fixture
def _noon(settings):
    settings.SITE_URL = "https://cw.example.gov.cn"
    with clock.at(NOON):
        yield


@pytest.fixture
def unit():
    return make_unit(make_root())


def events(answer):
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    return {str(event["summary"]): event for event in Calendar.from_ical(answer.content).events}


def test_feed_holds_titles_and_deadlines_of_what_is_ones_own(unit, client):
    liaison, campaign = make_user(Role.LIAISON, unit), make_campaign(Unit.objects.get_root(unit))
    due = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
    values = {"campaign": campaign, "state": "accepted", "due_at": due}
    task = make_task(unit, title="清理\n卫生死角", measure="秘密措施", **values)
    make_task(unit, title="已报完成", **values | {"state": "reported"})
    make_task(unit, title="两年后", **values | {"due_at": datetime(2028, 11, 20, tzinfo=UTC)})
    make_task(make_unit(Unit.objects.get_root(unit)), title="别的单位", **values)
    make_task(make_unit(), title="别的地区", state="accepted", due_at=due)
    node = campaign.standards.get().version.nodes.get(code="1.1")
    Dossier.objects.create(
        region=unit.region, campaign=campaign, node=node, unit=unit, year=2026, due_on=date(2026, 11, 25)
    )
    address = f"/calendar/{make_feed(liaison)}.ics"
    answer = client.get(address)
    found = events(answer)
    assert set(found) == {"清理 卫生死角", "1.1 标准1"}
    of_task, of_dossier = found["清理 卫生死角"], found["1.1 标准1"]
    assert (of_task["uid"], of_task["dtend"].dt) == (f"t{task.pk}@cw.example.gov.cn", due)
    assert str(of_task["url"]) == f"https://cw.example.gov.cn/tasks/{task.pk}/"
    assert (of_dossier["dtstart"].dt, of_dossier["dtend"].dt) == (date(2026, 11, 25), date(2026, 11, 26))
    assert "秘密措施" not in answer.content.decode()
    assert "sessionid" not in answer.cookies
    assert client.get(f"/tasks/{task.pk}/").status_code == 302  # what it links to asks for the sign-in
    # the same an hour later, word for word; what changed has another stamp and the same name
    with clock.at(NOON.replace(hour=6)):
        again = client.get(address, headers={"If-None-Match": answer.headers["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
        type(task).objects.filter(pk=task.pk).update(title="改了", updated_at=clock.now())
        changed = client.get(address, headers={"If-None-Match": answer.headers["ETag"]})
        event = events(changed)["改了"]
        assert (event["uid"], event["dtstamp"].dt) == (of_task["uid"], NOON.replace(hour=6))
    assert CalendarFeed.objects.get().last_used_at == NOON.replace(hour=6)


def test_address_ends_with_a_new_one_with_the_account_with_the_role_and_with_the_site(unit, client, settings):
    liaison, campaign = make_user(Role.LIAISON, unit), make_campaign(Unit.objects.get_root(unit))
    make_task(unit, title="任务", campaign=campaign, state="accepted", due_at=NOON)
    first = make_feed(liaison)
    second = make_feed(liaison)
    assert first not in str(list(CalendarFeed.objects.values()))  # only its hash is kept

    def status(token):
        return client.get(f"/calendar/{token}.ics").status_code

    assert (status(first), status(second), status("x" * 43)) == (404, 200, 404)
    settings.CALENDAR_FEEDS = False
    assert status(second) == 404
    with pytest.raises(Refusal):
        make_feed(liaison)
    settings.CALENDAR_FEEDS = True
    liaison.role_grants.update(ends=date(2026, 11, 17))
    assert events(client.get(f"/calendar/{second}.ics")) == {}
    type(liaison).objects.filter(pk=liaison.pk).update(is_active=False)
    assert status(second) == 404
    assert client.post(f"/calendar/{second}.ics").status_code == 405


def test_person_makes_sees_once_and_ends_the_own_address(unit, sign_in):
    liaison = make_user(Role.LIAISON, unit)
    client = sign_in(liaison)
    assert "还没有" in client.get("/inbox/calendar/").content.decode()
    made = client.post("/inbox/calendar/")
    address = made.context["address"]
    assert address in made.content.decode()
    assert made.context["subscribing"].startswith("webcal://cw.example.gov.cn/calendar/")
    assert "no-store" in made.headers["Cache-Control"]
    page = client.get("/inbox/calendar/").content.decode()
    assert address.rsplit("/", 1)[1] not in page
    assert "iPhone" in page
    path = address.removeprefix("https://cw.example.gov.cn")
    other = sign_in(make_user(Role.LIAISON, unit))
    other.post("/inbox/calendar/end/")
    assert other.get(path).status_code == 200
    sign_in(liaison).post("/inbox/calendar/end/")
    assert client.get(path).status_code == 404
    actions = list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))
    assert actions == ["notifications.feed.make", "notifications.feed.revoke"]
    assert path.removeprefix("/calendar/")[:20] not in str(list(AuditEntry.objects.values()))


def test_feeds_and_tries_are_counted(unit, client, monkeypatch):
    monkeypatch.setattr("chuangwen.notifications.views.calendar.FETCHES", 2)
    monkeypatch.setattr("chuangwen.notifications.views.calendar.TRIES", 1)
    address = f"/calendar/{make_feed(make_user(Role.LIAISON, unit))}.ics"
    answers = [client.get(address) for _time in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[-1].headers["Retry-After"] == "3600"
    assert [client.get("/calendar/none.ics").status_code for _time in range(2)] == [404, 429]


@pytest.mark.once
def test_calendar_is_folded_escaped_and_the_same_bytes_each_time():
    entry = Entry("t1@x", "题；,;\\" + "长" * 60, NOON, "https://x/1/", NOON)
    data = calendar_bytes("创文", "-//C//", [entry])
    assert data == calendar_bytes("创文", "-//C//", [entry])
    assert max(len(line) for line in data.split(b"\r\n")) <= 75
    (event,) = Calendar.from_ical(data).events
    assert str(event["summary"]) == entry.title
    assert event["dtstart"].dt == datetime(2026, 11, 18, 3, 30, tzinfo=UTC)


def summaries(client, user):
    return sorted(events(client.get(f"/calendar/{make_feed(user)}.ics")))


def test_cooperating_unit_has_its_tasks_marked_and_is_never_called_late(unit, client):
    root = Unit.objects.get_root(unit)
    helper, campaign = make_unit(root), make_campaign(root)
    due = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
    task = make_task(unit, title="清理占道", campaign=campaign, state="accepted", due_at=due)
    task.cooperating.set([helper, make_unit(root)])
    late = make_task(
        unit, title="早该完成", campaign=campaign, state="accepted", due_at=datetime(2026, 11, 9, tzinfo=UTC)
    )
    late.cooperating.set([helper])
    liaison = make_user(Role.LIAISON, helper)
    assert summaries(client, liaison) == ["配合：早该完成", "配合：清理占道"]
    told = reminders_of(unit.region)[liaison.pk]
    assert [(one.title, one.section, one.url) for one in told] == [("配合：清理占道", "soon", f"/tasks/{task.pk}/")]


def test_leader_and_office_have_a_calendar_too(unit, client):
    root = Unit.objects.get_root(unit)
    campaign, leader, office = make_campaign(root), make_user(Role.LEADER, root), make_user(Role.OFFICE, root)
    post = name_post(root, PostKind.CHARGE, "副市长", actor=None)
    hold_post(post, leader, actor=None)
    due = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
    values = {"campaign": campaign, "state": "accepted", "due_at": due}
    seen = make_task(unit, title="清运积存垃圾", supervisor=post, **values)
    make_task(unit, title="别人监督的", **values)
    assert summaries(client, leader) == [f"您监督，{unit}办：清运积存垃圾"]
    assert len(summaries(client, office)) == 2
    for number in range(3):
        make_task(unit, title=f"任务{number}", supervisor=post, **values)
    assert summaries(client, leader) == ["您监督的任务有4项到期"]
    type(seen).objects.filter(supervisor=post).update(supervisor=None)
    assert summaries(client, leader) == []


def test_called_meeting_stands_with_those_called_and_with_who_chairs(unit, client):
    root = Unit.objects.get_root(unit)
    campaign, leader = make_campaign(root), make_user(Role.LEADER, root)
    hold_post(name_post(root, PostKind.CHARGE, "副市长", actor=None), leader, actor=None)
    liaison, other = make_user(Role.LIAISON, unit), make_user(Role.LIAISON, make_unit(root))
    meeting = Meeting.objects.create(
        region=root.region, campaign=campaign, kind="regular", name="月例会", day=date(2026, 11, 20), at=time(9),
        planned_day=date(2026, 11, 20), place="301", chair="副市长", state="planned",
    )  # fmt: skip
    Seat.objects.create(region=root.region, meeting=meeting, unit=unit)
    Seat.objects.create(region=root.region, meeting=meeting, unit=make_unit(root))
    assert (summaries(client, liaison), summaries(client, leader)) == ([], [])
    Meeting.objects.update(state="called")
    line = "会议：月例会（301）"
    assert [summaries(client, one) for one in (liaison, leader, other)] == [[line], [line], []]
    told = reminders_of(root.region)
    assert {user: [one.title for one in lines] for user, lines in told.items()} == {
        liaison.pk: [line], leader.pk: [line],
    }  # fmt: skip
    with clock.at(datetime(2026, 11, 27, 2, 0, tzinfo=UTC)):  # nobody is late with a meeting that was not entered
        assert reminders_of(root.region) == {}
