"""From signing in to a submitted application for the provincial title in a real browser: how many clicks it takes.

A bulletin and an agency's application in at most forty clicks together; of these the application has fifteen.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from importlib.resources import files

import pytest

from chuangwen.core import clock
from chuangwen.evidence.queries.dossiers import slots_for
from chuangwen.honors.models import Application
from chuangwen.organizations.models import Holding, Post
from tests.honors.making import fit, make_dossier, make_house, make_programme, publish
from tests.support.browsing import IN_A_BROWSER, context_in, playwright, started
from tests.support.factories import DAY, make_user

pytestmark = [*IN_A_BROWSER, pytest.mark.once, pytest.mark.filterwarnings("ignore:No directory at")]
PASSWORD = "Shui-li-2026-demo"
COUNT = """addEventListener('pointerdown', () =>
  localStorage.setItem('presses', 1 + Number(localStorage.getItem('presses'))), true)"""
MOST = 15


@pytest.fixture
def page(live_server) -> Iterator[object]:
    with started() as browser:
        context = context_in(browser, live_server.url)
        context.add_init_script(COUNT)
        yield context.new_page()


STEPS = ("apply_from", "apply_until", "review_until", "deliberate_on", "notice_from", "notice_until", "award_on")


@pytest.fixture
def agency(db):
    """A bureau that may apply: titles, offices, figures, a whole ledger; its liaison has not signed in yet."""
    house = make_house()
    version = publish(house, files("chuangwen.standards").joinpath("data/unit-2026.yaml").read_text("utf-8"))
    fit(house, house.bureau)
    for node in version.nodes.filter(is_leaf=True):
        if number := len(slots_for(node)):
            make_dossier(version, house.bureau, node.code, number, number)
    today = clock.today()
    days = {name: today + timedelta(days=20 * place - 5) for place, name in enumerate(STEPS)}
    house.programme = make_programme(house, year=today.year, **days)
    house.liaison.set_password(PASSWORD)
    house.liaison.save()
    head = make_user(name="梁志远", region=house.root.region)
    post = Post.objects.create(region=house.root.region, unit=house.bureau, kind="first", title="局长")
    Holding.objects.create(region=house.root.region, post=post, user=head, starts=DAY)
    return house


def test_agency_applies_for_the_provincial_title_in_few_clicks(page, agency):
    def field(place, text):
        place.click()
        place.fill(text)

    page.goto("/")
    field(page.locator("[name=login]").first, agency.liaison.username)
    field(page.locator("[name=password]").first, PASSWORD)
    page.get_by_role("button", name="登录", exact=True).first.click()
    page.get_by_role("link", name=re.compile(agency.programme.name)).first.click()
    page.get_by_role("button", name="开始申报").click()
    points = page.locator("input[name^=points_]")
    playwright.expect(points).to_have_count(48)  # 43 criteria, three bonuses, two penalties
    for place in points.all():
        if place.input_value() == "":  # what no dossier speaks of: the unit says it
            field(place, "4")
    page.get_by_role("button", name="保存并继续").click()
    page.get_by_role("button", name="提交申报").click()
    playwright.expect(page.locator("h1")).to_contain_text("省级文明单位")
    made = Application.objects.get()
    assert (made.state, made.responsible, made.signed_on) == ("submitted", "梁志远", clock.today())
    assert made.self_score == 94  # 70 by the ledger, four for each of six lines seen on the spot or asked for
    presses = page.evaluate("() => Number(localStorage.getItem('presses'))")
    assert presses == 13
    assert presses <= MOST
