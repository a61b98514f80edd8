"""The leader's weekly sheet: late, points, instructions, next week, on one page of A4 whatever the names."""

from __future__ import annotations

import io
import re
import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader

from chuangwen.accounts.roles import Role
from chuangwen.campaigns.models import Milestone
from chuangwen.core import clock
from chuangwen.core.models import StoredFile
from chuangwen.desk.weekly import shortened
from chuangwen.organizations.enums import PostKind
from chuangwen.organizations.services import name_post
from chuangwen.responsibilities.models import Medium
from chuangwen.responsibilities.services import Errand, write_instruction
from chuangwen.responsibilities.services.repeating import Again
from chuangwen.scoring.models import Loss, Run
from tests.config.test_unit_campaign import OTHER_SHAPE
from tests.support.factories import (
    NOON,
    make_campaign,
    make_problem,
    make_root,
    make_round,
    make_task,
    make_unit,
    make_user,
)

ADDRESS = "/desk/weekly/"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
BUILT = Path(__file__).parents[2] / "chuangwen/core/static/chuangwen/main.js"
LONG = "云溪高新技术产业开发区城市综合管理和生态环境保护执法监督局"
pytestmark = pytest.mark.django_db


@pytest.fixture
def city():
    return make_campaign(make_root())


@pytest.fixture
def office(city):
    return make_user(Role.OFFICE, city.subject)


def fill(city, office, number=1, name="城管局", title="路灯"):
    """`number` units with a late problem and task, an open instruction, points lost and something due next week."""
    stored, _new = StoredFile.objects.get_or_create(sha256="0" * 64, defaults={"size": 1, "media_type": "x"})
    round_ = city.rounds.first() or make_round(city)
    tables = dict.fromkeys(("observations", "places", "frames", "leads"), stored)
    run = Run.objects.create(region=city.region, round=round_, version=round_.versions.get(), total=80.5, **tables)
    post = name_post(city.subject, PostKind.FIRST, "市长", actor=None)
    now = clock.now()
    soon, monday = now + timedelta(days=7), clock.local(clock.end_of_week()).date()
    for turn in range(number):
        unit = make_unit(city.subject, name=f"{name}{turn}", short_name="")
        make_problem(unit, title=title, due_at=now - timedelta(days=turn + 1))
        make_task(unit, campaign=city, title=title, due_at=now - timedelta(days=turn + 1))
        make_task(unit, campaign=city, title=title, due_at=soon)
        Loss.objects.create(region=city.region, run=run, unit=unit, code="1.1", points=turn + 1)
        Milestone.objects.create(region=city.region, campaign=city, name=title[:60], due_on=monday)
        errand = Errand([unit], soon, "结果", again=Again("领导另有批示"))
        write_instruction(city, post, about=title, content="请办。", medium=Medium.SPOKEN, errand=errand, actor=office)


def page(sign_in, user):
    with clock.at(NOON):
        return sign_in(user).get(ADDRESS)


def test_sheet_says_what_is_late_where_points_go_what_is_instructed_and_what_comes(city, office, sign_in):
    with clock.at(NOON):
        fill(city, office)
    sheet = page(sign_in, office).context["sheet"]
    assert [(one.unit, one.problems, one.tasks) for one in sheet.late.lines] == [("城管局0", 1, 1)]
    assert [(one.what, one.whose) for one in sheet.matters] == [("路灯", "城管局0")] * 2
    assert [(one.what, one.when) for one in sheet.points] == [("城管局0", 1.0)]
    assert [(one.what, one.whose) for one in sheet.instructions.lines] == [("路灯", "城管局0")]
    assert [(one.what, one.whose) for one in sheet.ahead.lines] == [
        ("路灯", ""),
        ("路灯", "城管局0"),
        ("路灯", "城管局0"),
    ]
    assert (sheet.ahead_problems, sheet.ahead_tasks) == (0, 2)
    assert (sheet.monday, sheet.sunday) == (date(2026, 11, 16), date(2026, 11, 22))


def test_sheet_counts_what_does_not_fit(city, office, sign_in):
    with clock.at(NOON):
        fill(city, office, 9)
    answer = page(sign_in, office)
    sheet = answer.context["sheet"]
    assert (len(sheet.late.lines), sheet.late.more) == (6, 3)
    assert (len(sheet.instructions.lines), sheet.instructions.more) == (5, 4)
    assert (len(sheet.matters), len(sheet.points), len(sheet.ahead.lines)) == (3, 5, 6)
    assert "另有3个单位" in answer.content.decode()


def test_sheet_costs_the_same_for_one_unit_and_for_three(city, office, sign_in):
    counted = []
    for more in (1, 2):
        with clock.at(NOON):
            fill(city, office, more)
        page(sign_in, office)
        with CaptureQueriesContext(connection) as seen:
            assert page(sign_in, office).status_code == 200
        counted.append(len(seen))
    assert counted[0] == counted[1]


def test_empty_campaign_says_so_in_each_part(city, office, sign_in):
    text = page(sign_in, office).content.decode()
    for words in ("没有逾期事项。", "还没有测评得分。", "没有未办结的批示。"):
        assert words in text


def test_sheet_is_for_who_answers_for_the_whole(city, office, sign_in):
    liaison = make_user(Role.LIAISON, make_unit(city.subject))
    assert page(sign_in, liaison).status_code == 403
    assert page(sign_in, make_user(Role.LEADER, city.subject)).status_code == 200
    with clock.at(NOON):
        assert ADDRESS not in sign_in(liaison).get("/desk/").content.decode()
        assert ADDRESS in sign_in(office).get("/desk/").content.decode()


def test_sheet_of_a_units_own_campaign_talks_of_no_places(sign_in):
    root = make_root()
    bureau = make_unit(root, name="市档案局")
    campaign = make_campaign(bureau, subject_kind="unit", name="市档案局创建文明单位")
    with clock.at(NOON):
        fill(campaign, make_user(Role.OFFICE, root))
    answer = page(sign_in, make_user(Role.LEADER, bureau))
    assert (answer.status_code, re.findall(OTHER_SHAPE, answer.content.decode())) == (200, [])


def test_names_are_cut():
    assert (shortened("城管局", 3), shortened("城市管理局", 3)) == ("城管局", "城市…")


@pytest.mark.browser
@pytest.mark.once
@pytest.mark.django_db(transaction=True)
@pytest.mark.filterwarnings("ignore:No directory at")
@pytest.mark.skipif(not CHROMIUM or not BUILT.exists(), reason="no Chromium, or the front end is not built")
def test_sheet_fits_one_page_with_the_longest_names(city, office, live_server, sign_in, monkeypatch):
    playwright = pytest.importorskip("playwright.sync_api")
    fill(city, office, 9, name=LONG, title=LONG * 2)
    session = sign_in(office).cookies["sessionid"].value
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # the browser's own loop runs in this thread
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        context = browser.new_context(locale="zh-CN", base_url=live_server.url)
        context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        sheet = context.new_page()
        sheet.goto(ADDRESS)
        paper = sheet.pdf(prefer_css_page_size=True)
        browser.close()
    assert len(PdfReader(io.BytesIO(paper)).pages) == 1
