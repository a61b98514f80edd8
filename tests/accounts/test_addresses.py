"""Every address of accounts, notifications and audit says who may open it, and keeps to it."""

from __future__ import annotations

import pytest
from django.urls import get_resolver
from django.urls.resolvers import URLPattern, URLResolver

from tests.support.factories import make_user

pytestmark = pytest.mark.django_db
MODULES = ("chuangwen.accounts", "chuangwen.notifications", "chuangwen.audit", "chuangwen.core")
SAMPLES = {"pk": "1", "act": "close", "token": "x" * 43, "action": "fix", "size": "small"}
UUID = "00000000-0000-0000-0000-000000000000"


def patterns(resolver, prefix=""):
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            name = entry.urlconf_name if isinstance(entry.urlconf_name, str) else entry.urlconf_module.__name__
            if not isinstance(entry.urlconf_name, list) and name.startswith(MODULES):
                yield from patterns(entry, prefix + str(entry.pattern))
        elif isinstance(entry, URLPattern):
            yield prefix, entry


def address(prefix, entry):
    """An address that fits the pattern."""
    if "\\d" in str(entry.pattern):
        return "/inbox/channels/1/remove/"
    path = prefix + str(entry.pattern)
    for name, converter in entry.pattern.converters.items():
        kind = type(converter).__name__
        value = UUID if kind == "UUIDConverter" else SAMPLES.get(name, "x")
        path = "/".join(
            value if part.endswith(f":{name}>") else part.replace(f"<slug:{name}>", value) for part in path.split("/")
        )
    return "/" + path


FOUND = list(patterns(get_resolver()))


def test_there_are_addresses_to_look_at():
    assert len(FOUND) > 40


@pytest.mark.parametrize(("prefix", "entry"), FOUND, ids=[str(entry.name) for _prefix, entry in FOUND])
@pytest.mark.once
def test_address_declares_who_may_open_it_and_refuses_strangers(client, prefix, entry):
    assert hasattr(entry.callback, "required_permissions"), f"{entry.name} declares nobody"
    if entry.callback.required_permissions is None:
        return
    path = address(prefix, entry)
    answers = [answer for answer in (client.get(path), client.post(path)) if answer.status_code != 405]
    assert answers, path
    for answer in answers:
        assert (answer.status_code, answer.url.split("?")[0]) == (302, "/account/login/"), path


@pytest.mark.parametrize(("prefix", "entry"), FOUND, ids=[str(entry.name) for _prefix, entry in FOUND])
@pytest.mark.once
def test_address_that_asks_for_a_role_refuses_who_has_none(sign_in, prefix, entry):
    if not entry.callback.required_permissions:
        return
    path = address(prefix, entry)
    client = sign_in(make_user())
    assert {client.get(path).status_code, client.post(path).status_code} - {405} == {403}, path
