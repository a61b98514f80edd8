"""Every page, wide and on a phone, read by axe: nothing serious or critical of WCAG 2.0 to 2.2, A and AA.

The pages are the doors of doors.py, so that a new one is read the day it is added: each address once,
by the first role that may open it, and the start page by every role. None is wider than the window.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from chuangwen.accounts.roles import Role, permissions_of
from chuangwen.standards.fileformat import read_standard
from chuangwen.standards.services import publish_standard
from tests.config.doors import World, addresses, samples
from tests.support.closing import short_refusals
from tests.support.factories import make_problem, make_task

__all__ = ["short_refusals"]
playwright = pytest.importorskip("playwright.sync_api")
ROOT = Path(__file__).parents[2]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
BUILT = ROOT / "chuangwen/core/static/chuangwen/main.js"
AXE = ROOT / "frontend/node_modules/axe-core/axe.min.js"
pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore:No directory at"),  # no collected static files beside the sources
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium on this machine"),
    pytest.mark.skipif(not BUILT.exists(), reason="the front end is not built"),
    pytest.mark.skipif(not AXE.exists(), reason="the front end's packages are not installed"),
]

START = "desk:desk"
OWN_ACCOUNT = ("account_change_password", "mfa_index", "mfa_activate_totp")  # another package's views, our templates
WIDE, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# Rows and columns of a long table are alike: the first ones are read.
ALIKE = ["tbody > tr:nth-child(n+8)", "td:nth-child(n+16)", "li:nth-child(n+20)", "option"]
READ = """async ([rules, alike]) => {
  const options = {runOnly: rules, resultTypes: ['violations'], elementRef: false, preload: false}
  const found = await axe.run({include: [document], exclude: alike.map((one) => [one])}, options)
  const bad = found.violations.filter((one) => ['serious', 'critical'].includes(one.impact))
  const told = bad.map((one) => one.id + ': ' + one.nodes.map((node) => node.html.slice(0, 180)).slice(0, 3).join('; '))
  const over = document.documentElement.scrollWidth - window.innerWidth
  return over > 0 ? [...told, `${over} px wider than the window`] : told
}"""


@dataclass(frozen=True)
class Door:
    """One page and who opens it."""

    role: Role
    name: str
    address: str


def doors(world: World) -> list[Door]:
    """Every address that shows a page to GET, with the first role that may open it, in order of roles."""
    arguments, found, settled = samples(world), [], set()
    for role in Role:
        client = client_of(world, role)
        for name, _pattern, view in addresses():
            needed = view.required_permissions
            if (name in settled and name != START) or (needed and not permissions_of(role).intersection(needed)):
                continue
            address = reverse(name, kwargs=arguments.get(name, {}))
            answer = client.get(address)
            if answer.status_code != 403:  # somebody else's own page: the next role may be the one
                settled.add(name)
            if answer.status_code == 200 and b"<html" in answer.content[:500]:
                found.append(Door(role, name, address))
    return found + [Door(Role.OFFICE, name, reverse(name)) for name in OWN_ACCOUNT]


def client_of(world: World, role: Role) -> Client:
    client = Client()
    client.force_login(world.people[role], backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def furnish(world: World) -> None:
    """More than one of what lists and trees show, with photos and the shipped standards."""
    region, office = world.root.region, world.people[Role.OFFICE]
    office.set_password("Changed-2026-again")  # else the page to change it leads elsewhere
    office.save()
    for name in ("city-2026", "unit-2026"):
        data = files("chuangwen.standards").joinpath(f"data/{name}.yaml").read_bytes()
        publish_standard(read_standard(data, f"{name}.yaml"), region=region, actor=office)
    for _number in range(3):
        make_task(world.lead, campaign=world.campaign)
        make_problem(world.lead, place=world.place, territory=world.street, problem_type=world.problem_type)


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # the browser's own loop runs in this thread
    with playwright.sync_playwright() as started:
        one = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield one
        one.close()


def faults_of(page: Any, door: str, address: str) -> list[str]:
    """What axe says of one page, wide and on a phone."""
    page.set_viewport_size(WIDE)
    answer = page.goto(address)
    assert answer.status == 200, door
    wide = page.evaluate(READ, [RULES, ALIKE])
    page.set_viewport_size(PHONE)
    phone = page.evaluate(READ, [RULES, ALIKE])
    return [f"{door}, wide: {told}" for told in wide] + [f"{door}, phone: {told}" for told in phone]


@pytest.mark.usefixtures("short_refusals")
def test_every_page_is_free_of_serious_faults(browser: Any, live_server: Any) -> None:
    world = World()
    furnish(world)
    opened = doors(world)
    page = browser.new_context(locale="zh-CN", base_url=live_server.url).new_page()
    page.add_init_script(path=AXE)
    faults = faults_of(page, "account_login", reverse("account_login"))
    for role in Role:
        session = client_of(world, role).cookies["sessionid"].value
        page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        for door in (one for one in opened if one.role == role):
            faults += faults_of(page, f"{door.name} by {role}", door.address)
    assert faults == []
    assert len(opened) > 100


@pytest.mark.parametrize("size", [WIDE, PHONE])
def test_looked_up_choice_is_worked_by_keys_and_free_of_faults(browser: Any, live_server: Any, size: Any) -> None:
    """The open list of a field that looks up (pick.ts), in a form and in a list's filter, read by axe."""
    world = World()
    page = browser.new_context(locale="zh-CN", base_url=live_server.url, viewport=size).new_page()
    page.add_init_script(path=AXE)
    session = client_of(world, Role.OFFICE).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    faults, field = [], page.locator("#id_place")
    page.goto("/problems/new/")
    field.press_sequentially(world.place.name[:2])
    page.locator(".cw-pick__option").first.wait_for()
    field.press("ArrowDown")
    faults += page.evaluate(READ, [RULES, ALIKE])
    field.press("Enter")
    assert field.input_value() == world.place.name
    page.goto("/problems/")
    page.locator("[popovertarget=cw-filter-menu]").click()
    field = page.locator("#cw-filter-lead")
    field.press_sequentially(str(world.lead)[:2])
    page.locator(".cw-pick__option").first.wait_for()
    faults += page.evaluate(READ, [RULES, ALIKE])
    field.press("Escape")
    assert page.locator(".cw-pick__option").count() == 0
    field.fill(str(world.lead))
    field.press("Enter")
    page.locator(".cw-chip--on", has_text=str(world.lead)).wait_for()
    assert faults == []
