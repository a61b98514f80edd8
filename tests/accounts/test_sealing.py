"""Second factors at rest: the database alone tells nobody how to make a code."""

from __future__ import annotations

import json

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from django.core.cache import cache

from chuangwen.accounts.sealing import seal, unseal
from tests.support.factories import make_region, make_user

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture
def person(db):
    cache.clear()
    return make_user(region=make_region(), username="somebody")


def code(secret: str) -> str:
    now = list(totp.yield_hotp_counters_from_time())
    return totp.format_hotp_value(totp.hotp_value(secret, now[len(now) // 2]))


def test_sealed_text_opens_and_differs_each_time():
    assert unseal(seal(SECRET)) == SECRET
    assert seal(SECRET) != seal(SECRET)
    assert SECRET not in seal(SECRET)


def test_secret_of_an_authenticator_is_not_in_the_database(person):
    totp.TOTP.activate(person, SECRET)
    kept = json.dumps(Authenticator.objects.get(type="totp").data)
    assert SECRET not in kept
    assert totp.TOTP(Authenticator.objects.get(type="totp")).validate_code(code(SECRET))


def test_seed_of_recovery_codes_is_not_in_the_database(person):
    codes = RecoveryCodes.activate(person).get_unused_codes()
    row = Authenticator.objects.get(type="recovery_codes")
    assert len(row.data["seed"]) > 80  # a seed itself is 80 signs of hexadecimal
    assert not set(row.data["seed"]) <= set("0123456789abcdef")
    assert RecoveryCodes(row).validate_code(codes[0])


@pytest.mark.parametrize("sealed", ["", "gAAAAA", SECRET, "ä"])
def test_what_was_not_sealed_here_opens_to_a_secret_that_nobody_has(sealed, caplog):
    assert unseal(sealed) != unseal(sealed)
    assert "another SECRET_KEY" in caplog.text


def test_changed_seal_is_refused(person):
    totp.TOTP.activate(person, SECRET)
    row = Authenticator.objects.get(type="totp")
    row.data["secret"] = row.data["secret"][:-6] + "AAAAA="
    assert not totp.TOTP(row).validate_code(code(SECRET))


def test_key_may_change_while_the_old_one_is_named(settings):
    sealed = seal(SECRET)
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another key of the same site"
    assert unseal(sealed) == SECRET
    settings.SECRET_KEY_FALLBACKS = []
    assert unseal(sealed) != SECRET
