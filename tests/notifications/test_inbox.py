"""The inbox: one's own lines, read by opening."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from chuangwen.audit.models import Entry
from chuangwen.notifications.models import Channel, Notice
from chuangwen.notifications.services import notify
from tests.support.factories import make_region, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    return make_user(region=make_region())


def tell(person, title, **more):
    notify([person], "tests", title, region=person.region, **more)
    return Notice.objects.latest("pk")


def test_inbox_shows_ones_own_unread_lines_first(sign_in, person):
    tell(person, "未读的事")
    read = tell(person, "读过的事")
    Notice.objects.filter(pk=read.pk).update(read_at=read.created_at)
    tell(make_user(region=person.region), "别人的事")
    client = sign_in(person)
    page, whole = (client.get(f"/inbox/{query}").content.decode() for query in ("", "?tab=all"))
    assert "未读的事" in page
    assert "读过的事" not in page
    assert "读过的事" in whole
    assert "别人的事" not in page + whole


def test_newest_line_of_a_matter_takes_the_place_of_older_unread_ones_of_the_same_person(person):
    other = make_user(region=person.region)
    tell(other, "别人的", url="/problems/1/", matter=True)
    tell(person, "交办", url="/problems/1/", matter=True)
    tell(person, "另一件", url="/problems/2/", matter=True)
    tell(person, "退回", url="/problems/1/", matter=True)
    unread = Notice.objects.filter(read_at__isnull=True).values_list("title", flat=True)
    assert set(unread) == {"别人的", "另一件", "退回"}


def test_lines_that_only_share_a_page_stay(person):
    for title in ("甲单位认领", "乙单位认领"):
        tell(person, title, url="/breakdown/")
    assert Notice.objects.filter(read_at__isnull=True).count() == 2


def test_key_that_was_told_already_wipes_out_nothing_newer(person):
    tell(person, "交办", url="/problems/1/", key="once", matter=True)
    tell(person, "退回", url="/problems/1/", matter=True)
    tell(person, "交办", url="/problems/1/", key="once", matter=True)
    assert list(Notice.objects.filter(read_at__isnull=True).values_list("title", flat=True)) == ["退回"]


def test_bell_counts_what_is_unread(sign_in, person):
    tell(person, "一件事")
    page = sign_in(person).get("/accounts/me/").content.decode()
    assert 'class="cw-bell" href="/inbox/"' in page
    assert 'cw-bell__count" aria-hidden="true">1<' in page


def test_opening_marks_read_and_leads_to_the_matter(sign_in, person):
    line = tell(person, "一件事", url="/problems/2026-0001/")
    assert sign_in(person).get(f"/inbox/{line.pk}/").url == "/problems/2026-0001/"
    line.refresh_from_db()
    assert line.read_at is not None


@pytest.mark.parametrize("url", ["https://evil.example/", "//evil.example", ""])
def test_line_without_a_matter_inside_shows_its_text(sign_in, person, url):
    line = tell(person, "一件事", url=url, body="<script>1</script>\n第二行")
    answer = sign_in(person).get(f"/inbox/{line.pk}/")
    assert answer.status_code == 200
    assert "&lt;script&gt;1&lt;/script&gt;<br>第二行" in answer.content.decode()


def test_line_of_somebody_else_is_not_there(sign_in, person):
    line = tell(person, "一件事")
    assert sign_in(make_user(region=person.region)).get(f"/inbox/{line.pk}/").status_code == 404
    line.refresh_from_db()
    assert line.read_at is None


def test_all_and_chosen_lines_are_marked_read_for_oneself_alone(sign_in, person):
    mine, theirs = [tell(person, f"事{n}") for n in range(3)], tell(make_user(region=person.region), "别人的事")
    client = sign_in(person)
    client.post("/inbox/", {"bulk": "read", "id": [mine[0].pk, theirs.pk]})
    assert Notice.objects.filter(read_at__isnull=False).get() == mine[0]
    client.post("/inbox/read/")
    assert Notice.objects.filter(read_at__isnull=True).get() == theirs
    assert not Entry.objects.exists()


def test_inbox_costs_the_same_for_one_and_three(sign_in, person):
    client = sign_in(person)
    tell(person, "一件事")
    client.get("/inbox/")
    with CaptureQueriesContext(connection) as one:
        client.get("/inbox/")
    tell(person, "又一件")
    tell(person, "再一件")
    with CaptureQueriesContext(connection) as three:
        client.get("/inbox/")
    assert len(three) == len(one)


def test_channel_is_added_switched_and_removed_by_its_owner(sign_in, person, settings):
    settings.NOTIFY_SCHEMES = ["json://127.0.0.1"]
    client = sign_in(person)
    client.post("/inbox/channels/", {"label": "电脑", "address": "json://127.0.0.1/x"})
    channel = Channel.objects.get()
    client.post(f"/inbox/channels/{channel.pk}/switch/")
    channel.refresh_from_db()
    assert not channel.is_on
    assert "json://" not in client.get("/inbox/channels/").content.decode().split("<form")[0]
    stranger = sign_in(make_user())
    assert stranger.post(f"/inbox/channels/{channel.pk}/remove/").status_code == 404
    sign_in(person).post(f"/inbox/channels/{channel.pk}/remove/")
    assert not Channel.objects.exists()


@pytest.mark.parametrize("address", ["", "json://evil.example/", "javascript:1", "x" * 400])
def test_strange_address_is_refused_and_the_name_stays(sign_in, person, settings, address):
    settings.NOTIFY_SCHEMES = ["json://127.0.0.1"]
    answer = sign_in(person).post("/inbox/channels/", {"label": "我的电脑", "address": address})
    assert answer.status_code == 400
    assert "我的电脑" in answer.content.decode()
    assert not Channel.objects.exists()


def test_page_says_when_the_site_sends_nothing(sign_in, person):
    assert "不向外部服务发送消息" in sign_in(person).get("/inbox/channels/").content.decode()


@pytest.mark.parametrize("path", ["/inbox/", "/inbox/1/", "/inbox/channels/"])
def test_stranger_is_led_to_the_sign_in_page(client, path):
    assert client.get(path).url.startswith("/account/login/")
