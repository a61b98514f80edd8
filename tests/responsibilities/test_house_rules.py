"""A unit's own rules: what services keep and refuse, when the next check is due, pages, import, who sees what."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from chuangwen.accounts.roles import Role
from chuangwen.audit.models import Entry
from chuangwen.core import clock
from chuangwen.core.errors import Refusal
from chuangwen.core.models import Attachment
from chuangwen.core.panels import desk_items
from chuangwen.core.workdays import default_calendar
from chuangwen.organizations.enums import PostKind, UnitKind
from chuangwen.organizations.models import Post
from chuangwen.responsibilities.frequency import schedule_of
from chuangwen.responsibilities.keeping import next_check
from chuangwen.responsibilities.models import HouseRule, HouseRuleCheck
from chuangwen.responsibilities.queries.house_rules import Charge
from chuangwen.responsibilities.services import (
    HouseRuleFacts,
    change_house_rule,
    end_house_rule,
    enter_house_rule,
    note_house_check,
    withdraw_house_check,
)
from tests.responsibilities.making import make_city
from tests.responsibilities.test_instructions import picture
from tests.responsibilities.test_roads import bring_in
from tests.support.factories import DAY, NOON, make_root, make_unit, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]
MONTHLY, QUARTERLY = schedule_of("每月25日前"), schedule_of("每季度")


@pytest.fixture
def city():
    """A bureau with an office inside it and a post, its liaison, and another bureau's."""
    made = make_city()
    made.bureau = made.unit("城管局")
    made.inside = make_unit(made.bureau, name="办公室", kind=UnitKind.OFFICE)
    made.post = Post.objects.create(region=made.root.region, unit=made.bureau, kind=PostKind.OTHER, title="纪检组长")
    made.own = made.liaison(made.bureau)
    made.other = made.liaison(made.unit("住建局"))
    return made


def facts(city, title="首问负责制", **fields):
    said = {"since": DAY, "answers": Charge(office=city.inside), "schedule": QUARTERLY,
            "checker": Charge(post=city.post)}  # fmt: skip
    return HouseRuleFacts(title, **said | fields)


def enter(city, title="首问负责制", previous=None, actor=None, **fields):
    said = facts(city, title, **fields)
    return enter_house_rule(city.bureau, said, actor=actor or city.own, previous=previous)


@pytest.mark.parametrize(
    ("checks", "due"),
    [
        ([], date(2026, 3, 31)),
        ([date(2026, 1, 20)], date(2026, 6, 30)),
        ([date(2026, 1, 20), date(2026, 3, 2)], date(2026, 6, 30)),
        ([date(2026, 4, 9)], date(2026, 6, 30)),
        ([date(2026, 5, 8), date(2026, 1, 20)], date(2026, 9, 30)),
        ([date(2025, 12, 30)], date(2026, 3, 31)),
    ],
)
def test_check_answers_for_one_date_of_the_rhythm(checks, due):
    assert next_check(QUARTERLY, date(2026, 1, 5), checks, default_calendar()) == due


def test_rule_is_entered_checked_and_the_check_taken_back(city):
    rule = enter(city, schedule=MONTHLY)
    due = rule.next_check
    assert due >= DAY
    check = note_house_check(rule, day=DAY, result="partly", remark="缺登记", actor=city.own)
    assert check.checked_by == "纪检组长"
    rule.refresh_from_db()
    assert rule.next_check > due
    withdraw_house_check(check, reason="日期写错", actor=city.own)
    rule.refresh_from_db()
    assert rule.next_check == due
    with pytest.raises(Refusal, match="这次检查已经撤回。"):
        withdraw_house_check(check, reason="日期写错", actor=city.own)
    note_house_check(rule, day=DAY, result="kept", actor=city.own)
    actions = Entry.objects.filter(action__startswith="responsibilities.houserule.").values_list("action", flat=True)
    assert sorted(actions) == [
        f"responsibilities.houserule.{one}" for one in ("check", "check", "enter", "uncheck")
    ]  # fmt: skip


def test_catalogue_refuses_what_it_cannot_say(city):
    told = {
        "请写制度名称。": {"title": " "},
        "请写明由谁负责。请选择本单位的内设机构或职务。": {"answers": Charge()},
        "城管局不是城管局的内设机构。请选择本单位的内设机构或职务。": {"answers": Charge(office=city.bureau)},
        "住建局不检查城管局的制度。请选择本单位、内设机构或上级单位。": {
            "checker": Charge(office=city.units["住建局"])
        },
        "请写明由谁检查落实。或者不写检查频次。": {"checker": Charge()},
        "负责的人不能自己检查落实。请另选检查的机构或职务。": {"checker": Charge(office=city.inside)},
        "结束日期早于起始日期。请选更晚的日期。": {"until": DAY - timedelta(days=1)},
    }
    for words, fields in told.items():
        with pytest.raises(Refusal) as refused:
            enter(city, **{"title": "首问负责制"} | fields)
        assert str(refused.value) == words
    enter(city)
    with pytest.raises(Refusal) as refused:
        enter(city)
    assert str(refused.value) == ("城管局已有施行中的制度“首问负责制”。请打开那一项；新制度替代它的，用“替代”。")
    assert HouseRule.objects.count() == 1


def test_checks_refuse_other_days_a_second_one_and_silence_about_what_is_not_kept(city):
    rule = enter(city)
    told = {
        "时间还没到。请填实际发生的时间。": {"day": DAY + timedelta(days=1)},
        "那时制度还没有施行。请选晚一点的日期。": {"day": DAY - timedelta(days=1)},
        "请写明哪里没有落实。一句话就行。": {"result": "not"},
    }
    for words, fields in told.items():
        with pytest.raises(Refusal) as refused:
            note_house_check(rule, actor=city.own, **{"day": DAY, "result": "kept"} | fields)
        assert str(refused.value) == words
    note_house_check(rule, day=DAY, result="kept", actor=city.own)
    with pytest.raises(Refusal, match="这一天的检查已经记过。记错了的，请先撤回那一次。"):
        note_house_check(rule, day=DAY, result="kept", actor=city.own)
    end_house_rule(rule, until=DAY, reason="并入新制度", actor=city.own)
    for act in (
        lambda: note_house_check(rule, day=DAY, result="kept", actor=city.own),
        lambda: change_house_rule(rule, facts(city), actor=city.own),
    ):
        with pytest.raises(Refusal, match="这项制度已不再施行。请登记现在施行的制度。"):
            act()


def test_changed_rhythm_asks_for_nothing_that_lies_behind(city):
    rule = enter(city, schedule=schedule_of("每年1月10日"))
    with clock.at(NOON + timedelta(days=80)):
        change_house_rule(rule, facts(city, schedule=MONTHLY), actor=city.own)
        assert rule.next_check >= clock.today()


def test_replaced_rule_keeps_its_checks_holds_until_the_day_before_and_points_on(city):
    old = enter(city, "考勤办法", since=DAY - timedelta(days=400))
    note_house_check(old, day=DAY, result="kept", actor=city.own)
    with pytest.raises(Refusal, match="新制度的施行日期请往后定。"):
        enter(city, "考勤制度", previous=old, since=DAY - timedelta(days=400))
    old.refresh_from_db()
    assert old.state == "holds"
    new = enter(city, "考勤办法", previous=old, since=DAY + timedelta(days=10))
    old.refresh_from_db()
    assert (old.state, old.until, old.successor, old.next_check) == ("replaced", DAY + timedelta(days=9), new, None)
    assert not old.is_over
    assert old.checks.count() == 1
    with clock.at(NOON + timedelta(days=10)):
        assert old.is_over


def test_rule_that_is_to_be_replaced_is_checked_as_long_as_it_holds(city):
    old = enter(city, schedule=MONTHLY)
    assert old.next_check == date(2026, 11, 25)
    enter(city, "首问负责办法", previous=old, since=date(2026, 12, 1))
    old.refresh_from_db()
    assert (old.state, old.next_check) == ("replaced", date(2026, 11, 25))
    with clock.at(NOON + timedelta(days=7)):
        note_house_check(old, day=clock.today(), result="kept", actor=city.own)
        assert old.next_check is None


def test_rule_entered_again_takes_the_place_of_the_one_that_ran_out(city, sign_in):
    trial = enter(city, until=DAY + timedelta(days=30))
    with pytest.raises(Refusal, match="城管局已有施行中的制度“首问负责制”"):
        enter(city)
    with clock.at(NOON + timedelta(days=31)):
        page = f"/house-rules/{trial.pk}/"
        text = sign_in(city.own).get(page).content.decode()
        offered = [name for name in (f"?replaces={trial.pk}", f"{page}end/", f"{page}change/") if name in text]
        assert offered == [f"?replaces={trial.pk}"]
        row = ["城管局", "首问负责制", "城管发〔2026〕9号", None, "办公室", "每季度", "纪检组长"]
        summary, _faults = bring_in(sign_in(city.office), city.office, "house-rules", HEADER, row)
        assert (summary.new, summary.changed, summary.unchanged) == (1, 0, 0)
        trial.refresh_from_db()
        until = DAY + timedelta(days=30)
        assert (trial.state, trial.until, trial.successor.number) == ("replaced", until, "城管发〔2026〕9号")


def test_unit_keeps_its_own_the_checker_notes_and_nobody_else_acts(city):
    checker = city.liaison(city.inside)
    rule = enter(city, answers=Charge(post=city.post), checker=Charge(office=city.inside))
    for user in (city.other, checker):
        with pytest.raises(PermissionDenied):
            enter(city, "别的", actor=user)
        with pytest.raises(PermissionDenied):
            change_house_rule(rule, facts(city), actor=user)
    with pytest.raises(PermissionDenied):
        note_house_check(rule, day=DAY, result="kept", actor=city.other)
    with pytest.raises(Refusal, match="制度目录由城管局自己管理。"):
        end_house_rule(rule, until=DAY, reason="不要了", actor=checker)
    note_house_check(rule, day=DAY, result="kept", actor=checker)
    stranger = make_user(Role.OFFICE, make_root())
    seen = {user: HouseRule.objects.visible_to(user).count() for user in (city.office, checker, city.other, stranger)}
    assert list(seen.values()) == [1, 1, 0, 0]


def form_of(city, **fields):
    return {
        "title": "值班制度", "since": DAY.isoformat(), "answers": f"u{city.inside.pk}", "schedule": "每月25日前",
        "checker": f"p{city.post.pk}",
    } | fields  # fmt: skip


def test_unit_keeps_its_catalogue_through_the_pages(city, sign_in):
    client = sign_in(city.own)
    assert "这里没有内部制度" in client.get("/house-rules/").content.decode()
    sent = client.post("/house-rules/new/", form_of(city, checker=f"u{city.inside.pk}"))
    assert sent.status_code == 422
    assert "负责的人不能自己检查落实。" in sent.content.decode()
    paper = SimpleUploadedFile("制度.png", picture())
    sent = client.post("/house-rules/new/", form_of(city, papers=paper))
    rule = HouseRule.objects.get()
    page = f"/house-rules/{rule.pk}/"
    assert sent["Location"] == page
    assert Attachment.objects.get(owner_id=rule.pk, owner_type="responsibilities.houserule").name == "制度.png"
    client.post(f"{page}check/", {"day": DAY.isoformat(), "result": "not", "remark": "无人值班"})
    shown = client.get(page).content.decode()
    assert "无人值班" in shown
    assert "未落实" in shown
    client.post(f"/house-rules/checks/{HouseRuleCheck.objects.get().pk}/withdraw/", {"reason": "记错"})
    assert "还没有检查记录。" in client.get(page).content.decode()
    client.post(f"{page}change/", form_of(city, number="城管发〔2026〕3号"))
    assert HouseRule.objects.get().number == "城管发〔2026〕3号"
    later = (DAY + timedelta(days=1)).isoformat()
    client.post(f"/house-rules/new/?replaces={rule.pk}", form_of(city, title="值班值守制度", since=later))
    new = HouseRule.objects.get(title="值班值守制度")
    assert "值班值守制度" in client.get(page).content.decode()
    assert "值班制度" in client.get(f"/house-rules/{new.pk}/").content.decode()
    with clock.at(NOON + timedelta(days=2)):
        client.post(f"/house-rules/{new.pk}/end/", {"until": later, "reason": "机构调整"})
        assert client.get("/house-rules/?tab=over").context["listing"].total == 2
    assert client.get("/house-rules/?tab=all&format=xlsx").status_code == 200
    assert sign_in(city.other).get(page).status_code == 404


def test_forms_of_a_rule_that_is_over_say_so_instead_of_opening(city, sign_in):
    rule = enter(city)
    end_house_rule(rule, until=DAY, reason="废止", actor=city.own)
    client = sign_in(city.own)
    for act in ("change", "end", "check"):
        answer = client.get(f"/house-rules/{rule.pk}/{act}/")
        assert (answer.status_code, "这项制度已不再施行。" in answer.content.decode()) == (400, True)


def test_office_says_first_whose_rule_it_is(city, sign_in):
    client = sign_in(city.office)
    assert "是哪个单位的制度？" in client.get("/house-rules/new/").content.decode()
    assert client.get("/house-rules/new/?unit=nobody").status_code == 422
    client.post(f"/house-rules/new/?unit=%23{city.bureau.pk}", form_of(city))
    assert HouseRule.objects.get().unit == city.bureau


def test_overdue_check_stands_on_the_start_page_and_the_units_page(city, sign_in, rf):
    enter(city, schedule=MONTHLY)
    enter(city, "无频次", schedule=None)

    def lines(user):
        request = rf.get("/")
        request.user, request.session = user, {}
        return [one.title for one in desk_items(request) if "/house-rules/" in one.url]

    assert lines(city.own) == []
    with clock.at(NOON + timedelta(days=70)):
        assert lines(city.own) == lines(city.office) == ["1项内部制度未按时检查"]
        assert lines(city.other) == []
        client = sign_in(city.own)
        assert client.get("/house-rules/?tab=late").context["listing"].total == 1
        assert client.get("/house-rules/?tab=check&result=none").context["listing"].total == 1
        assert "2项施行中" in client.get(f"/units/{city.bureau.pk}/").content.decode()


def test_list_costs_the_same_for_one_row_and_three(city, sign_in):
    client, costs = sign_in(city.office), set()
    client.get("/house-rules/")
    for n in range(3):
        note_house_check(enter(city, f"制度{n}"), day=DAY, result="kept", actor=city.own)
        with CaptureQueriesContext(connection) as asked:
            assert client.get("/house-rules/").context["listing"].total == n + 1
        costs.add(len(asked))
    assert len(costs) == 1


HEADER = ("单位", "制度名称", "文号", "施行日期", "责任科室", "检查频次", "检查部门")


def test_catalogue_comes_in_by_workbook_and_again_changes_nothing(city, sign_in):
    client = sign_in(city.office)
    rows = [
        ["城管局", "首问负责制", "城管发〔2026〕1号", "2026-03-01", "办公室", "每季度", "纪检组长"],
        ["城管局", "公车管理制度", None, None, "车队", "每季度", "纪检组长"],
        ["城管局", "用印制度", None, None, "办公室", "经常", "纪检组长"],
        ["城管局", "档案制度", None, None, "办公室", "每季度", "办公室"],
        ["城管局", "年检制度", None, None, "办公室", "每年2月30日", "纪检组长"],
    ]
    summary, faults = bring_in(client, city.office, "house-rules", HEADER, *rows)
    assert (summary.new, summary.changed) == (1, 0)
    assert [words for words in faults if "车队" in words and "不是城管局的内设机构或职务" in words]
    assert [words for words in faults if "经常" in words and "没有说明何时" in words]
    assert [words for words in faults if "负责的人不能自己检查落实。" in words]
    assert [words for words in faults if "没有2月30日这一天，请写当月有的日期。" in words]
    rule = HouseRule.objects.get()
    assert (rule.office, rule.checker_post, rule.number) == (city.inside, city.post, "城管发〔2026〕1号")
    summary, _faults = bring_in(client, city.office, "house-rules", HEADER, rows[0])
    assert (summary.new, summary.changed, summary.unchanged) == (0, 0, 1)
    rows[0][5] = "每月"
    summary, _faults = bring_in(client, city.office, "house-rules", HEADER, rows[0])
    assert (summary.new, summary.changed, summary.unchanged) == (0, 1, 0)
    assert Entry.objects.filter(action="responsibilities.houserules.import").count() == 3
