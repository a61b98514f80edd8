"""Whom a step of an account is about and nobody else; what the audit keeps; refusals word for word."""

from __future__ import annotations

from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.test import RequestFactory

from chuangwen.accounts.lockout import account_tried, clear_lockout, client_address
from chuangwen.accounts.models import BindingCode, Device, MatterLink, OldPassword, Throttle, User
from chuangwen.accounts.roles import Role
from chuangwen.accounts.services import people
from chuangwen.accounts.services.devices import (
    ADDRESS_TRIES,
    CODE_LIVES,
    SEEN_EVERY,
    TRY_SECONDS,
    issue_code,
    see_device,
)
from chuangwen.accounts.services.links import LIVES, make_link, use_link, withdraw_link
from chuangwen.accounts.services.me import choose_settings, withdraw_device
from chuangwen.accounts.services.passwords import initial_password, set_password
from chuangwen.accounts.services.throttling import forget_tries, sweep_tries, try_once
from chuangwen.audit.models import Entry
from chuangwen.core import clock
from tests.accounts.making import KIND, make_office, make_person, register
from tests.support.factories import make_root, make_user
from tests.support.refusals import said as refused

pytestmark = pytest.mark.django_db
ADDRESS = "10.0.0.7"


@pytest.fixture
def office():
    return make_office()


@pytest.fixture
def person(office):
    return make_person(office, username="somebody", name="周小满")


@pytest.fixture
def beside(office):
    return make_person(office, username="beside")


def told():
    """What the newest audit entry keeps."""
    entry = Entry.objects.select_related("chain").order_by("pk").last()
    return entry.action.removeprefix("accounts."), entry.object_id, entry.actor_id, entry.chain.region_code, entry.data


def row_of(action, row, actor, data=None):
    """What `told` gives for a row of the office's region."""
    region = (actor.region or row.region).code
    return action, str(row.pk), str(actor.pk), region, data or {}


def phone_of(user, number=1):
    return Device.objects.create(user=user, secret_hash=f"{user.pk}-{number}", label=f"手机{number}")


def failed(name, address=ADDRESS):
    return AccessAttempt.objects.create(username=name, ip_address=address, failures_since_start=5)


def test_new_person_is_kept_with_name_mobile_and_region(office):
    user, password = people.create_person(office.region, actor=office, username="new", name="新人", phone="139")
    stored = User.objects.get(username="new")
    assert (stored.name, stored.phone, stored.region, stored.must_change_password) == (
        "新人",
        "139",
        office.region,
        True,
    )
    assert stored.check_password(password)
    assert told() == row_of("password.set", user, office, {"must_change": True})
    entry = Entry.objects.get(action="accounts.person.create")
    assert (entry.object_id, entry.actor_id, entry.data) == (str(user.pk), str(office.pk), {"account": "new"})
    assert people.create_person(office.region, actor=office, username="plain", name="x")[0].phone == ""


def test_words_about_people(office, person):
    stranger = make_office(make_root())
    elsewhere = "这个账号属于别的地区。请找那个地区的管理员。"
    guarded = "管理员、审计员和创建办人员的账号由管理员维护。请找那个地区的管理员。"
    assert refused(people.create_person, office.region, actor=office, username="SOMEBODY", name="x") == (
        "账号“SOMEBODY”已经有人用了。请换一个。"
    )
    assert refused(people.create_person, stranger.region, actor=office, username="x", name="x") == (
        "这不是您管理的地区。请选您自己的地区。"
    )
    assert refused(people.close_person, office, actor=office) == "这是您自己的账号。请另一位管理员来停用。"
    acts = [people.reset_password, people.unlock_person, people.close_person, people.reopen_person]
    acts.append(people.remove_second_factor)
    assert [refused(act, person, actor=stranger) for act in acts] == [elsewhere] * 5
    assert {people.guard_person(user, office) for user in (person, office)} == {""}
    assert refused(people.reset_password, make_office(), actor=office) == elsewhere
    root = make_root()
    mate, auditor = make_office(root), make_user(Role.AUDITOR, root)
    assert [refused(people.reset_password, user, actor=make_office(root)) for user in (mate, auditor)] == [guarded] * 2
    assert {people.guard_person(user, make_user(Role.ADMINISTRATOR, root)) for user in (mate, auditor)} == {""}


def test_edit_of_one_person_leaves_the_others(office, person, beside):
    people.edit_person(person, actor=office, name="周小满", phone="139")
    assert told()[0] == "person.edit"
    assert dict(User.objects.filter(region=office.region).values_list("username", "phone"))["beside"] == ""
    assert User.objects.get(pk=beside.pk).name == beside.name


def test_new_password_forgets_the_tries_of_this_person_alone(office, person):
    failed("somebody")
    failed("somebody", "10.0.0.8")
    kept = failed("beside")
    password = people.reset_password(person, actor=office)
    stored = User.objects.get(pk=person.pk)
    assert (stored.check_password(password), stored.must_change_password) == (True, True)
    assert AccessAttempt.objects.get() == kept
    assert told() == row_of("password.set", person, office, {"must_change": True})


def test_unlocking_forgets_the_tries_of_this_person_alone(office, person, beside):
    failed("somebody")
    kept = failed("beside")
    for user in (person, beside):
        try_once("mfa", str(user.pk), limit=5, seconds=60)
    try_once("other", str(person.pk), limit=5, seconds=60)
    people.unlock_person(person, actor=office)
    assert AccessAttempt.objects.get() == kept
    assert Throttle.objects.count() == 2
    assert try_once("mfa", str(person.pk), limit=1, seconds=60)
    assert not try_once("mfa", str(beside.pk), limit=1, seconds=60)
    assert told() == row_of("person.unlock", person, office)


def test_closing_ends_what_is_this_persons_and_was_not_over(office, person, beside):
    register()
    for user in (person, beside):
        phone_of(user)
        make_link(user, KIND, 7, office.region, made_by=office)
        issue_code(user, actor=office)
    over = phone_of(person, 2)
    earlier = clock.now() - timedelta(days=1)
    Device.objects.filter(pk=over.pk).update(withdrawn_at=earlier)
    people.close_person(person, actor=office)
    assert told() == row_of("person.close", person, office)
    assert not person.is_active
    assert dict(User.objects.filter(pk__in=[person.pk, beside.pk]).values_list("pk", "is_active")) == {
        person.pk: False, beside.pk: True,
    }  # fmt: skip
    assert Device.objects.get(pk=over.pk).withdrawn_at == earlier
    for model in (Device, MatterLink):
        assert model.objects.get(withdrawn_at__isnull=True).user == beside
    assert BindingCode.objects.get(expires_at__gt=clock.now()).user == beside
    assert refused(issue_code, person, actor=office) == "账号已停用。请先启用。"
    people.reopen_person(person, actor=office)
    assert told() == row_of("person.reopen", person, office)
    assert person.is_active
    assert User.objects.get(pk=person.pk).is_active


def test_reopening_opens_nobody_else(office, person, beside):
    people.close_person(beside, actor=office)
    people.close_person(person, actor=office)
    people.reopen_person(person, actor=office)
    assert not User.objects.get(pk=beside.pk).is_active


def test_code_ends_the_earlier_ones_of_this_person_alone(office, person, beside):
    now = clock.now()
    issue_code(beside, actor=office)
    issue_code(person, actor=office)
    used = BindingCode.objects.get(user=person)
    BindingCode.objects.filter(pk=used.pk).update(used_at=now)
    issue_code(person, actor=office)
    last = BindingCode.objects.latest("pk")
    assert told() == row_of("device.code", person, office)
    assert (last.issued_by, last.user, last.attempts) == (office, person, 0)
    assert now + CODE_LIVES <= last.expires_at <= clock.now() + CODE_LIVES
    assert BindingCode.objects.filter(expires_at__gt=clock.now()).count() == 3  # of the used one nothing is changed
    assert len(set(BindingCode.objects.values_list("code_hash", flat=True))) == 3


def test_device_is_seen_and_withdrawn_alone(office, person):
    one, other = phone_of(person), phone_of(person, 2)
    see_device(one)
    seen = Device.objects.get(pk=one.pk)
    see_device(seen)
    assert Device.objects.get(pk=one.pk).last_seen_at == seen.last_seen_at
    seen.last_seen_at = clock.now() - SEEN_EVERY - timedelta(seconds=1)
    see_device(seen)
    assert Device.objects.get(pk=one.pk).last_seen_at > seen.last_seen_at + SEEN_EVERY
    withdraw_device(one, actor=office)
    assert told() == row_of("device.withdraw", one, office)
    other.refresh_from_db()
    assert (other.last_seen_at, other.withdrawn_at) == (None, None)


def test_link_keeps_matter_post_title_and_maker(office, person):
    register()
    now = clock.now()
    make_link(person, KIND, 7, office.region, "岗" * 121, made_by=office, title="题" * 201)
    link = MatterLink.objects.get()
    assert (link.user, link.kind, link.object_id, link.region, link.made_by) == (person, KIND, 7, office.region, office)
    assert (link.post, link.title) == ("岗" * 120, "题" * 200)
    assert now + LIVES <= link.expires_at <= clock.now() + LIVES
    facts = {"link": str(link.uid), "matter": f"{KIND} 7", "person": str(person.pk)}
    assert told() == row_of("link.make", link, office, facts)
    make_link(person, KIND, 8, office.region, expires_at=now)
    plain = MatterLink.objects.latest("pk")
    assert (plain.post, plain.title, plain.made_by, plain.expires_at) == ("", "", None, now)


def test_link_is_used_and_withdrawn_alone(office, person):
    register()
    for number in (7, 8):
        make_link(person, KIND, number, office.region, made_by=office)
    link, other = MatterLink.objects.order_by("pk")
    device = phone_of(person)
    facts = {"link": str(link.uid), "matter": f"{KIND} 7", "person": str(person.pk)}
    use_link(link, device)
    assert told() == row_of("link.open", link, person, facts | {"device": str(device.uid)})
    use_link(link, device, action="fix")
    assert told() == row_of("link.act", link, person, facts | {"device": str(device.uid), "action": "fix"})
    withdraw_link(link, actor=office)
    assert told() == row_of("link.withdraw", link, office, facts)
    kept = MatterLink.objects.get(pk=link.pk)
    assert (kept.uses, kept.last_used_at is None, kept.withdrawn_at is None) == (2, False, False)
    assert refused(withdraw_link, link, actor=office) == "早已撤销。"
    assert MatterLink.objects.get(pk=link.pk).withdrawn_at == kept.withdrawn_at
    other.refresh_from_db()
    assert (other.uses, other.last_used_at, other.withdrawn_at) == (0, None, None)


def test_settings_are_of_this_person_alone(person, beside):
    choose_settings(person, language="en", roomy=True, keys_off=True)
    stored = User.objects.get(pk=person.pk)
    for user in (person, stored):
        assert (user.language, user.roomy, user.keys_off) == ("en", True, True)
    other = User.objects.get(pk=beside.pk)
    assert (other.language, other.roomy, other.keys_off) == (beside.language, False, False)
    assert not Entry.objects.exists()


def test_old_passwords_of_others_stay(settings, office, person, beside):
    settings.PASSWORD_HISTORY = 1
    for user in (beside, person):
        for number in range(3):
            set_password(user, f"Mima-{number}-lange", actor=office)
    assert set(OldPassword.objects.values_list("user__username", flat=True)) == {"somebody", "beside"}
    assert OldPassword.objects.count() == 2
    stored = User.objects.get(pk=person.pk)
    assert (stored.check_password("Mima-2-lange"), stored.must_change_password) == (True, False)
    assert OldPassword.objects.get(user=person).set_at <= stored.password_changed_at
    assert told() == row_of("password.set", person, office, {"must_change": False})


def test_first_password_stands_in_three_groups_of_four_without_doubtful_letters():
    words = [initial_password() for _number in range(50)]
    assert {tuple(len(part) for part in word.split("-")) for word in words} == {(4, 4, 4)}
    assert not set("0O1lI") & set("".join(words))


def test_tries_are_counted_within_their_span_and_by_whom(monkeypatch):
    start = clock.now()
    monkeypatch.setattr("chuangwen.core.clock.now", lambda: start)
    assert [try_once("a", "x", limit=2, seconds=60) for _number in range(3)] == [True, True, False]
    assert [try_once("a", "y", limit=1, seconds=60), try_once("b", "x", limit=1, seconds=60)] == [True, True]
    assert set(Throttle.objects.values_list("until", flat=True)) == {start + timedelta(seconds=60)}
    monkeypatch.setattr("chuangwen.core.clock.now", lambda: start + timedelta(seconds=59))
    assert not try_once("a", "x", limit=2, seconds=60)
    assert sweep_tries() == 0
    monkeypatch.setattr("chuangwen.core.clock.now", lambda: start + timedelta(seconds=60))
    assert [try_once("a", "x", limit=2, seconds=60) for _number in range(3)] == [True, True, False]
    assert Throttle.objects.filter(until=start + timedelta(seconds=120), count=3).count() == 1
    assert sweep_tries() == 2
    try_once("a", "y", limit=1, seconds=60)
    forget_tries("a", "x")
    assert Throttle.objects.get().count == 1
    assert try_once("a", "x", limit=1, seconds=60)


def test_binding_allows_a_whole_office_and_not_more_in_an_hour(client):
    key = "bind-address"
    for _number in range(ADDRESS_TRIES):
        assert try_once(key, "127.0.0.1", limit=ADDRESS_TRIES, seconds=TRY_SECONDS)
    answer = client.post("/accounts/bind/", {"account": "x", "code": "12345678"})
    assert "短时间内试得太多。" in answer.content.decode()
    assert (ADDRESS_TRIES, TRY_SECONDS) == (60, 3600)


def test_address_and_account_that_are_counted(settings):
    request = RequestFactory().post("/", {"login": f" {'Zhou' * 80} "}, headers={"x-forwarded-for": "1.1.1.1, 2.2.2.2"})
    request.META["REMOTE_ADDR"] = ADDRESS
    settings.BEHIND_PROXY = False
    assert client_address(request) == ADDRESS
    settings.BEHIND_PROXY = True
    assert client_address(request) == "2.2.2.2"
    del request.META["HTTP_X_FORWARDED_FOR"]
    del request.META["REMOTE_ADDR"]
    assert client_address(RequestFactory().get("/")) == "127.0.0.1"
    assert account_tried(request) == ("zhou" * 80)[:255]
    assert account_tried(request, {"username": " ZHOU "}) == "zhou"
    assert account_tried(request, {}) == ("zhou" * 80)[:255]
    failed("zhou")
    assert [clear_lockout(" Zhou "), clear_lockout("zhou")] == [1, 0]
