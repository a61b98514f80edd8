"""Whom a step of the inbox is about and nobody else; what the audit keeps; refusals word for word."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from chuangwen.audit.models import Entry
from chuangwen.core import clock
from chuangwen.notifications.addresses import LONGEST, filled_in, is_allowed, scheme_of
from chuangwen.notifications.models import Channel, Digest, Notice
from chuangwen.notifications.services import digests, notify, read_all
from chuangwen.notifications.services.channels import MOST, add_channel, remove_channel, switch_channel
from chuangwen.notifications.services.digests import make_digests, send_digests
from chuangwen.notifications.services.inbox import read_notice
from tests.support.factories import NOON, make_region, make_user
from tests.support.refusals import said as refused

WEDNESDAY = date(2026, 11, 18)


@pytest.fixture
def person():
    return make_user(region=make_region())


@pytest.fixture
def beside(person):
    """Somebody else of the same region."""
    return make_user(region=person.region)


@pytest.fixture
def _allowed(settings):
    settings.NOTIFY_SCHEMES = ["json://127.0.0.1", "dingtalk"]


def add(user, number=1):
    return add_channel(user, label=f"电脑{number}", address=f"json://127.0.0.1/{number}")


def tell(user, title="一件事", **more):
    notify([user], "tests", title, region=user.region, **more)
    return Notice.objects.latest("pk")


def told():
    entry = Entry.objects.select_related("chain").order_by("pk").last()
    return entry.action.removeprefix("notifications.channel."), entry.object_id, entry.chain.region_code, entry.data


@pytest.mark.django_db
@pytest.mark.usefixtures("_allowed")
def test_channel_is_kept_and_audited_in_the_persons_region(person):
    one, other = add(person), add(person, 2)
    assert (one.label, one.address, one.user, one.is_on) == ("电脑1", "json://127.0.0.1/1", person, True)
    code = person.region.code
    assert told() == ("add", str(other.pk), code, {})
    switch_channel(one, actor=person)
    assert told() == ("switch", str(one.pk), code, {"on": False})
    switch_channel(Channel.objects.get(pk=one.pk), actor=person)
    assert told() == ("switch", str(one.pk), code, {"on": True})
    remove_channel(one, actor=person)
    assert told() == ("remove", str(one.pk), code, {})
    assert Channel.objects.get() == other


@pytest.mark.django_db
@pytest.mark.usefixtures("_allowed")
def test_step_of_one_channel_touches_no_other_and_none_of_somebody_else(person, beside):
    one, other, theirs = add(person), add(person, 2), add(beside, 3)
    switch_channel(one, actor=person)
    switch_channel(theirs, actor=person)
    remove_channel(theirs, actor=person)
    assert dict(Channel.objects.values_list("pk", "is_on")) == {one.pk: False, other.pk: True, theirs.pk: True}


@pytest.mark.django_db
@pytest.mark.usefixtures("_allowed")
def test_person_without_a_region_has_channels_too():
    add(make_user())
    assert told()[2] == "-"


@pytest.mark.django_db
@pytest.mark.usefixtures("_allowed")
def test_words_about_a_channel(person, beside):
    assert refused(add_channel, person, label="x", address="mailto://a@b.cn") == (
        "本站不允许这个地址。允许的种类写在输入框上方。"
    )
    assert refused(add_channel, person, label="x", address="dingtalk://") == ("地址不完整。请从服务页面重新复制。")
    for number in range(MOST):
        add(person, number)
    assert refused(add, person) == "最多5个渠道。请先删除一个。"
    assert add(beside).user == beside


@pytest.mark.django_db
def test_reading_is_of_ones_own_line_and_keeps_its_first_moment(person, beside):
    mine, more, theirs = tell(person), tell(person, "又一件"), tell(beside)
    read_notice(theirs, actor=person)
    read_notice(mine, actor=person)
    first = Notice.objects.get(pk=mine.pk).read_at
    read_notice(mine, actor=person)
    assert dict(Notice.objects.values_list("pk", "read_at")) == {mine.pk: first, more.pk: None, theirs.pk: None}
    assert read_all(person) == 1
    assert Notice.objects.get(pk=mine.pk).read_at == first
    assert Notice.objects.get(read_at__isnull=True) == theirs


@pytest.mark.django_db
def test_line_keeps_what_it_was_told_with(person, beside):
    more = {"url": "/problems/1/", "body": "看一看", "key": "once", "urgent": True}
    assert notify([person, beside, person], "tests", "题" * 201, region=person.region, **more) == 2
    line = Notice.objects.get(user=person)
    assert (line.kind, line.title, line.region) == ("tests", "题" * 200, person.region)
    assert (line.url, line.body, line.key, line.urgent) == ("/problems/1/", "看一看", "once", True)
    tell(person, "又一件")
    plain = Notice.objects.get(title="又一件")
    assert (plain.url, plain.body, plain.key, plain.urgent) == ("", "", "", False)
    assert notify([person], "tests", "题", region=None, key="once") == 1
    assert Notice.objects.filter(user=person).count() == 2


@pytest.mark.django_db
def test_digest_holds_the_persons_own_new_unread_lines_like_with_like_the_newest_first(person, beside):
    told = [("b", "乙一"), ("a", "甲一"), ("b", "乙二")]
    for kind, title in told:
        notify([person], kind, title, region=person.region)
    read, digested = tell(person, "读过"), tell(person, "说过")
    Notice.objects.filter(pk=read.pk).update(read_at=clock.now())
    Notice.objects.filter(pk=digested.pk).update(digested_at=read.created_at)
    theirs = tell(beside, "别人的")
    Notice.objects.filter(pk=theirs.pk).update(read_at=clock.now())
    assert make_digests(WEDNESDAY) == 1
    digest = Digest.objects.get()
    assert (digest.user, digest.day, digest.count) == (person, WEDNESDAY, 3)
    assert digest.text.split("\n")[:-1] == ["甲一", "乙二", "乙一"]
    kept = dict(Notice.objects.values_list("pk", "digested_at"))
    assert (kept[read.pk], kept[theirs.pk], kept[digested.pk]) == (None, None, read.created_at)
    assert make_digests(WEDNESDAY) == 0


@pytest.mark.django_db
@pytest.mark.usefixtures("_allowed")
def test_digest_goes_to_channels_of_its_person_that_are_on_while_the_account_is_open(person, beside, monkeypatch):
    sent = []
    monkeypatch.setattr(digests, "_deliver", lambda address, user, several: sent.append((address, user)) or True)
    monkeypatch.setattr("chuangwen.core.clock.now", lambda: NOON)
    closed, claimed = make_user(region=person.region), make_user(region=person.region)
    everybody = [person, beside, closed, claimed]
    for number, user in enumerate(everybody):
        add(user, number)
        Digest.objects.create(user=user, day=WEDNESDAY, text="一件事", count=1)
    switch_channel(add(person, 7), actor=person)
    switch_channel(beside.channels.get(), actor=beside)
    type(closed).objects.filter(pk=closed.pk).update(is_active=False)
    moment = clock.now()
    Digest.objects.filter(user=claimed).update(claimed_at=moment)
    assert send_digests() == (1, 0)
    assert sent == [("json://127.0.0.1/0", person)]
    assert Digest.objects.get(sent_at__isnull=False).user == person
    assert [Digest.objects.get(user=user).claimed_at for user in everybody] == [None, None, None, moment]
    assert send_digests() == (0, 0)
    Digest.objects.filter(user=claimed).update(claimed_at=moment - digests.CLAIM - timedelta(seconds=1))
    assert send_digests() == (1, 0)
    assert sent[1:] == [("json://127.0.0.1/3", claimed)]


@pytest.mark.django_db
def test_digests_of_two_people_hold_each_ones_own_lines(person, beside):
    tell(person, "我的事")
    tell(beside, "别人的事")
    assert make_digests(WEDNESDAY) == 2
    lines = {digest.user: digest.text.split("\n")[0] for digest in Digest.objects.select_related("user")}
    assert lines == {person: "我的事", beside: "别人的事"}


@pytest.mark.django_db
def test_newer_line_of_a_matter_leaves_the_moment_at_which_an_older_one_was_read(person):
    older = tell(person, url="/problems/1/", matter=True)
    moment = older.created_at
    Notice.objects.filter(pk=older.pk).update(read_at=moment)
    tell(person, "又一件", url="/problems/1/", matter=True)
    assert Notice.objects.get(pk=older.pk).read_at == moment


@pytest.mark.parametrize(
    ("address", "scheme"), [("JSON://gw/a://b", "json"), (" json://a", "json"), ("json:gw", ""), ("", "")]
)
def test_scheme_is_what_stands_before_the_first_colon_and_slashes(address, scheme):
    assert scheme_of(address) == scheme


def test_host_is_the_same_in_any_case_and_an_address_of_a_line_is_long_enough():
    assert is_allowed("json://GW.local/x", ["json://gw.LOCAL"])
    assert not is_allowed("json:///x", ["json://"])
    whole = "json://gw/".ljust(LONGEST, "x")
    assert [is_allowed(address, ["json://gw"]) for address in (whole, whole + "x")] == [True, False]
    strange = ["json://gw/a b", "json://gw/a\x07b", "json://gw/a\tb", "json://gw/a\u3000b"]
    assert [is_allowed(address, ["json://gw"]) for address in strange] == [False] * 4


def test_site_address_takes_account_mobile_and_mail():
    values = {"account": "zhou", "phone": "138", "email": "a+b.c-d_e@X.cn"}
    assert filled_in("json://gw/{account}/{phone}/{email}", **values) == "json://gw/zhou/138/a+b.c-d_e@X.cn"
    assert filled_in("json://gw/{account}", **values | {"account": "aXb!"}) == "json://gw/aXb"
