"""The daily digest: made once, sent once, kept when it fails; channels that the site allows."""

from __future__ import annotations

import json
import threading
from datetime import date
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from chuangwen.core import clock
from chuangwen.core.errors import Refusal
from chuangwen.notifications import jobs
from chuangwen.notifications.addresses import filled_in, is_allowed
from chuangwen.notifications.jobs import run_daily
from chuangwen.notifications.models import Channel, Digest, Notice
from chuangwen.notifications.services import digests, notify
from chuangwen.notifications.services.channels import add_channel
from chuangwen.notifications.services.digests import make_digests, send_digests
from chuangwen.notifications.services.inbox import read_all
from tests.support.factories import NOON, make_region, make_user

pytestmark = pytest.mark.django_db
WEDNESDAY, THURSDAY, SATURDAY = date(2026, 11, 18), date(2026, 11, 19), date(2026, 11, 21)


@pytest.fixture
def person():
    return make_user(region=make_region(), phone="13800001234")


@pytest.fixture
def _today():
    with clock.at(NOON):
        yield


@pytest.fixture
def post_office():
    """A server on this machine that keeps what it is sent and refuses while `failing`."""
    got = []

    class Keeper(BaseHTTPRequestHandler):
        failing = False

        def do_POST(self):
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            got.append((self.path, body))
            self.send_response(500 if Keeper.failing else 200)
            self.end_headers()

        def log_message(self, *_args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Keeper)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_port, got, Keeper
    server.shutdown()
    thread.join()
    server.server_close()


def tell(person, title, **more):
    notify([person], more.pop("kind", "tests"), title, region=person.region, **more)


def test_digest_names_unread_lines_once_the_urgent_first(person):
    tell(person, "周报已经可以看")
    tell(person, "问题今天到期", urgent=True)
    assert make_digests(WEDNESDAY) == 1
    digest = Digest.objects.get()
    assert digest.text.splitlines()[:2] == ["【急】问题今天到期", "周报已经可以看"]
    assert digest.text.splitlines()[-1].endswith("/inbox/digest/")
    assert make_digests(WEDNESDAY) == 0
    assert make_digests(THURSDAY) == 0


def test_what_comes_later_waits_for_the_next_day(person):
    tell(person, "早上的事")
    make_digests(WEDNESDAY)
    tell(person, "下午的事")
    assert make_digests(WEDNESDAY) == 0
    assert make_digests(THURSDAY) == 1
    assert Digest.objects.get(day=THURSDAY).text.splitlines()[0] == "下午的事"


def test_nothing_is_made_on_a_day_off_or_for_what_was_read(person):
    tell(person, "一件事")
    assert make_digests(SATURDAY) == 0
    read_all(person)
    assert make_digests(WEDNESDAY) == 0


def test_nothing_is_made_for_a_closed_account(person):
    tell(person, "一件事")
    type(person).objects.update(is_active=False)
    assert make_digests(WEDNESDAY) == 0


def test_long_digest_ends_with_a_number(person):
    for number in range(33):
        tell(person, f"第{number}件")
    make_digests(WEDNESDAY)
    assert Digest.objects.get().text.splitlines()[-2] == "还有3件"


def test_same_matter_is_told_once(person):
    for _number in range(2):
        tell(person, "一件事", key="matter-1")
    assert Notice.objects.count() == 1


@pytest.mark.usefixtures("_today")
def test_digest_goes_to_the_persons_channel_once(person, settings, post_office):
    port, got, _keeper = post_office
    settings.NOTIFY_SCHEMES = ["json://127.0.0.1"]
    add_channel(person, label="电脑", address=f"json://127.0.0.1:{port}/mine")
    tell(person, "一件事")
    assert run_daily(WEDNESDAY) == (1, 1, 0)
    assert run_daily(WEDNESDAY) == (0, 0, 0)
    ((path, body),) = got
    assert (path, body["title"], body["message"].splitlines()[0]) == ("/mine", "创文：有1件事", "一件事")


@pytest.mark.usefixtures("_today")
def test_site_channel_is_filled_in_for_the_person(person, settings, post_office):
    port, got, _keeper = post_office
    settings.NOTIFY_CHANNELS = [f"json://127.0.0.1:{port}/sms/{{phone}}", f"json://127.0.0.1:{port}/all"]
    tell(person, "一件事")
    run_daily(WEDNESDAY)
    assert [path for path, _body in got] == ["/sms/13800001234"]


@pytest.mark.usefixtures("_today")
def test_failure_is_kept_and_tried_again_for_what_failed_alone(person, settings, post_office):
    port, got, keeper = post_office
    settings.NOTIFY_SCHEMES = ["json://127.0.0.1"]
    add_channel(person, label="好的", address=f"json://127.0.0.1:{port}/good")
    broken = Channel.objects.create(user=person, label="坏的", address="json://127.0.0.1:1/bad")
    tell(person, "一件事")
    assert run_daily(WEDNESDAY) == (1, 0, 1)
    digest = Digest.objects.get()
    assert (digest.failure, digest.sent_at) == ("坏的", None)
    Channel.objects.filter(pk=broken.pk).update(address=f"json://127.0.0.1:{port}/mended")
    assert send_digests() == (1, 0)
    assert [path for path, _body in got] == ["/good", "/mended"]
    assert Digest.objects.get().failure == ""
    keeper.failing = True
    tell(person, "又一件事")
    make_digests(THURSDAY)
    assert send_digests() == (0, 1)


@pytest.mark.usefixtures("_today")
def test_digest_that_another_worker_sends_is_left_to_it(person, settings, post_office):
    port, got, _keeper = post_office
    settings.NOTIFY_SCHEMES = ["json://127.0.0.1"]
    add_channel(person, label="电脑", address=f"json://127.0.0.1:{port}/mine")
    tell(person, "一件事")
    make_digests(WEDNESDAY)
    Digest.objects.update(claimed_at=clock.now())
    assert send_digests() == (0, 0)
    assert got == []


@pytest.mark.usefixtures("_today")
def test_channel_that_the_site_no_longer_allows_gets_nothing(person, settings, post_office):
    port, got, _keeper = post_office
    Channel.objects.create(user=person, label="旧的", address=f"json://127.0.0.1:{port}/old")
    settings.NOTIFY_SCHEMES = []
    tell(person, "一件事")
    assert run_daily(WEDNESDAY) == (1, 0, 0)
    assert got == []


@pytest.mark.parametrize(
    ("address", "allowed", "fits"),
    [
        ("json://127.0.0.1:8080/x", ["json://127.0.0.1"], True),
        ("json://169.254.169.254/x", ["json://127.0.0.1"], False),
        ("json://127.0.0.1@evil.example/x", ["json://127.0.0.1"], False),
        ("jsons://127.0.0.1/x", ["json://127.0.0.1"], False),
        ("json://evil.example/", ["json"], False),  # a kind that reaches any host is never allowed as a whole
        ("mailto://a:b@evil.example", ["mailto"], False),
        ("wecombot://abcdefghijklmnopq", ["wecombot"], True),
        ("wecombot://abcdefghijklmnopq", [], False),
        ("nothing://x", ["nothing"], False),
        ("", ["json"], False),
        ("json://[::1", ["json://[::1]"], False),
        ("json://127.0.0.1/" + "x" * 300, ["json://127.0.0.1"], False),
        ("json://127.0.0.1/\njson://evil", ["json://127.0.0.1"], False),
    ],
)
@pytest.mark.once
def test_only_addresses_on_the_sites_list_are_allowed(address, allowed, fits):
    assert is_allowed(address, allowed) is fits


@pytest.mark.parametrize(
    ("template", "phone", "address"),
    [
        ("json://gw/{phone}", "13800001234", "json://gw/13800001234"),
        ("json://gw/{phone}", "", ""),
        ("json://gw/all", "13800001234", ""),
        ("json://gw/{phone}", "1/../?x=2", "json://gw/1..x2"),
    ],
)
def test_site_address_names_the_person_or_nobody(template, phone, address):
    assert filled_in(template, account="a", phone=phone, email="") == address


def test_channels_are_few_and_allowed(person, settings):
    settings.NOTIFY_SCHEMES = ["json://127.0.0.1"]
    with pytest.raises(Refusal):
        add_channel(person, label="外面", address="json://evil.example/")
    for number in range(5):
        add_channel(person, label="x", address=f"json://127.0.0.1/{number}")
    with pytest.raises(Refusal):
        add_channel(person, label="x", address="json://127.0.0.1/6")


def test_digest_is_made_once_a_day_also_when_two_workers_make_it(person):
    assert digests._make(person, WEDNESDAY) == 0
    notify([person], "x", "第一条", region=person.region)
    assert digests._make(person, WEDNESDAY) == 1
    notify([person], "x", "第二条", region=person.region)
    assert digests._make(person, WEDNESDAY) == 0
    assert Digest.objects.get().text.count("第二条") == 0
    assert Notice.objects.filter(digested_at__isnull=True).count() == 1


@pytest.mark.usefixtures("_today")
def test_morning_makes_and_sends_and_each_hour_sends_again(person, settings, post_office, monkeypatch):
    sent = []
    monkeypatch.setattr(jobs, "send_digests", lambda: sent.append(Digest.objects.count()) or (0, 0))
    notify([person], "x", "一条", region=person.region)
    jobs.digest()
    jobs.hourly()
    assert sent == [1, 1]


def test_address_that_leads_nowhere_is_refused(person, settings):
    settings.NOTIFY_SCHEMES = ["dingtalk"]
    with pytest.raises(Refusal) as refused:
        add_channel(person, label="我的", address="dingtalk://")
    assert refused.value.way_out
    assert Channel.objects.count() == 0
