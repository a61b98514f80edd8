"""Every form on every page, filled with what nobody should type: refused with the place, never an error page.

Forms are taken from the pages themselves, so that a new one is tested the day it is added.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import lxml.html
import pytest
from django.db import connection, transaction
from django.urls import resolve, reverse

from chuangwen.accounts.roles import Role
from chuangwen.inspections.models import Draw, Visit
from tests.config.doors import World, addresses, samples
from tests.support.closing import short_refusals, uncounted_menu

__all__ = ["short_refusals", "uncounted_menu"]
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.both,
    pytest.mark.usefixtures("short_refusals", "uncounted_menu"),
]

SCRIPT = "\"'><script>alert(1)</script>"
TYPED = {"text", "textarea", "input", "search", "tel", "email", "url"}
USUAL = {"date": "2026-12-01", "number": "1", "datetime-local": "2026-11-20T09:00", "checkbox": "on"}
HUGE_TEXT = "长" * 10_000
HUGE_NUMBER = "9" * 23  # beyond any column
# What a form may answer: done, refused beside the fields, not found, not now, already moved on.
ANSWERS = {200, 302, 400, 404, 405, 409, 422}


@dataclass(frozen=True)
class Form:
    """Where it goes, and its fields as name -> (kind, what stands in it)."""

    action: str
    fields: dict[str, tuple[str, str]]

    @property
    def view_name(self) -> str:
        return resolve(self.action.split("?")[0]).view_name

    def filled(self, text: str, other: str | None = None) -> dict[str, str]:
        """`text` in what is typed; the other fields hold `other`, or something usual."""
        return {
            name: text if kind in TYPED else stands or USUAL.get(kind, "") if other is None else other
            for name, (kind, stands) in self.fields.items()
            if kind != "file"
        }


def forms_on(page: bytes, url: str) -> Iterator[Form]:
    if not page.strip():
        return
    for form in lxml.html.fromstring(page.decode()).iter("form"):
        if (form.get("method") or "get").lower() != "post" and not form.get("hx-post"):
            continue
        fields: dict[str, tuple[str, str]] = {}
        for field in form.iter("input", "textarea", "select"):
            name = field.get("name")
            if name and name != "csrfmiddlewaretoken":
                fields.setdefault(name, (field.get("type") or field.tag, _stands_in(field)))
        action = form.get("hx-post") or form.get("action") or url
        yield Form(url + action if action.startswith("?") else action, fields)


def _stands_in(field: Any) -> str:
    if field.tag == "select":
        return next((value for option in field.iter("option") if (value := option.get("value"))), "")
    return (field.text_content() if field.tag == "textarea" else field.get("value")) or ""


class Walk:
    """One person at every form that her pages show; what a form does is taken back."""

    def __init__(self, client: Any, world: World) -> None:
        self.client, self.forms = client, {}
        arguments = samples(world)
        for name, _pattern, view in addresses():
            if view.required_permissions is None:
                continue
            url = reverse(name, kwargs=arguments.get(name, {}))
            page = self._undone(lambda url=url: client.get(url))
            if page.status_code == 200 and "html" in page.headers.get("Content-Type", ""):
                for form in forms_on(page.content, url):
                    self.forms.setdefault((form.view_name, tuple(sorted(form.fields))), form)

    def post(self, form: Form, values: dict[str, str]) -> Any:
        return self._undone(lambda: self.client.post(form.action, values))

    @staticmethod
    def _undone(act: Any) -> Any:
        with transaction.atomic():
            answer = act()
            transaction.set_rollback(True)
        return answer


def walk(sign_in: Any, world: World, role: Role) -> Walk:
    Draw.objects.update(pool={world.place_type.code: [world.place.code]}, quotas={world.place_type.code: 1})
    if role == Role.INSPECTOR:
        Visit.objects.update(state="started")
    client = sign_in(world.people[role])
    client.raise_request_exception = False
    return Walk(client, world)


@pytest.mark.parametrize(
    ("role", "least"),
    [(Role.OFFICE, 60), (Role.INSPECTOR, 5), pytest.param(Role.ADMINISTRATOR, 25, marks=pytest.mark.once)],
)
def test_no_form_falls_over_what_is_typed_into_it(sign_in: Any, world: World, role: Role, least: int) -> None:
    person = walk(sign_in, world, role)
    assert len(person.forms) >= least
    wrong = []
    for (name, _fields), form in person.forms.items():
        for kind, values in _hostile(form):
            answer = person.post(form, values)
            page = "" if answer.streaming else answer.content.decode()
            if answer.status_code not in ANSWERS or "<script>alert(1)" in page:
                wrong.append((name, kind, answer.status_code))
            if kind == "huge" and answer.status_code == 422:
                wrong += [(name, fault) for fault in _silent_or_forgetful(form, page)]
    assert wrong == []


def _hostile(form: Form) -> Iterator[tuple[str, dict[str, str]]]:
    """What is typed; on the second database only what a database may do or trip over."""
    yield "numbers", form.filled(SCRIPT, HUGE_NUMBER)
    yield "nul", form.filled("a\x00b", "\x00")
    yield "huge", form.filled(HUGE_TEXT)
    if connection.vendor == "sqlite":
        yield "usual", form.filled("测试内容")  # what it does is looked at by tests/support/posting.py
        yield "nothing", form.filled("", "")
        yield "script", form.filled(SCRIPT)


def _silent_or_forgetful(form: Form, page: str) -> Iterator[str]:
    """What a refused form lacks: words on what is wrong, or what was typed."""
    if not any(mark in page for mark in ("cw-field__error", "cw-errors", 'role="alert"')):
        yield "says nothing"
    if any(kind in {"text", "textarea"} for kind, _stands in form.fields.values()) and HUGE_TEXT not in page:
        yield "forgets what was typed"
