"""Marks from level to level: counted by the ledgers, frozen, judged by the unit above, confirmed or objected to."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile

from chuangwen.accounts.roles import Role
from chuangwen.core import clock
from chuangwen.core.errors import Refusal
from chuangwen.responsibilities import services
from chuangwen.responsibilities.levels import Period, period_from, period_of
from chuangwen.responsibilities.models import LevelMark, Task, WeekReport
from chuangwen.responsibilities.queries.levels import LevelRule, level_rule, own_counts
from chuangwen.workflow.services import StaleState
from tests.responsibilities.making import make_city
from tests.responsibilities.test_instructions import picture
from tests.support.factories import NOON, make_problem, make_task, make_unit, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.once]
TODAY = clock.local(NOON).date()
OVER = period_of(TODAY, 1).before
NOW = clock.midnight(OVER.end) + timedelta(days=4, hours=12)  # a few days after the period
DURING = clock.midnight(OVER.first) + timedelta(days=9)


@pytest.fixture(autouse=True)
def _noon():
    with clock.at(NOW):
        yield


@pytest.fixture
def city():
    """A bureau with a section below it, which has a team below it; and another bureau."""
    made = make_city()
    bureau = made.unit("城管局")
    made.units["市容科"] = make_unit(bureau, name="市容科")
    made.units["一中队"] = make_unit(made.units["市容科"], name="一中队")
    made.unit("住建局")
    return made


def done(city, unit, *, late=False, due=DURING, finished=True):
    made = make_task(city.units[unit], campaign=city.campaign)
    hours = timedelta(hours=5 if late else -5)
    Task.objects.filter(pk=made.pk).update(
        state="confirmed" if finished else "accepted", due_at=due, finished_at=due + hours if finished else None
    )
    return made


def marked(city):
    """The period frozen, with the bureau's mark and the section's."""
    done(city, "城管局")
    done(city, "一中队", late=True)
    services.freeze_period(city.campaign, OVER)
    return (LevelMark.objects.get(unit=city.units[name]) for name in ("城管局", "市容科"))


def test_periods_are_months_or_quarters_and_have_keys():
    assert [period_of(date(2026, 11, 18), months).key for months in (1, 3)] == ["2026-11", "2026Q4"]
    quarter = period_of(date(2026, 1, 31), 3)
    assert (quarter.last, quarter.before.key, quarter.after.key) == (date(2026, 3, 31), "2025Q4", "2026Q2")
    assert period_from("2026-10", 1) == Period(date(2026, 10, 1), 1)
    assert period_from("2026Q4", 3) == Period(date(2026, 10, 1), 3)
    assert [period_from(key, 1) for key in ("2026Q4", "2026-13", "0026-01", "", "x")] == [None] * 5


def test_ledgers_count_what_each_unit_did_and_sums_go_up_the_tree(city):
    done(city, "城管局")
    done(city, "一中队", late=True)
    done(city, "市容科", finished=False)
    done(city, "住建局", due=DURING - timedelta(days=40))
    WeekReport.objects.create(
        region=city.root.region, campaign=city.campaign, unit=city.units["市容科"],
        monday=OVER.first + timedelta(days=7 - OVER.first.weekday()), due_at=DURING,
    )  # fmt: skip
    problem = make_problem(city.units["一中队"])
    type(problem).objects.update(found_at=DURING, due_at=DURING + timedelta(days=2))
    own = own_counts(city.campaign, OVER)
    assert own[city.units["城管局"].pk] == {"in_time": 1}
    assert own[city.units["一中队"].pk] == {"late": 1, "problems": 1, "problems_late": 1}
    assert own[city.units["市容科"].pk] == {"late": 1, "weeks": 1}
    assert city.units["住建局"].pk not in own
    assert services.freeze_period(city.campaign, OVER) == 3
    assert services.freeze_period(city.campaign, OVER) == 0
    facts = {one.unit.name: (one.judge.name, one.facts) for one in LevelMark.objects.all()}
    assert facts["城管局"] == (
        "云溪市", {"in_time": 1, "late": 2, "problems": 1, "problems_late": 1, "weeks": 1},
    )  # fmt: skip
    assert facts["市容科"][0] == "城管局"
    done(city, "城管局", late=True)
    assert LevelMark.objects.get(unit=city.units["城管局"]).facts["late"] == 2


def test_daily_job_freezes_the_period_that_is_over_in_the_regions_rhythm(city):
    done(city, "城管局")
    city.campaign.starts = OVER.first
    city.campaign.save()
    assert services.freeze_periods(clock.today()) == 1
    assert services.freeze_periods(clock.today()) == 0
    rule = LevelRule(3, 5, 2, "site: 按季考核")
    services.set_level_rule(city.root.region, rule, actor=city.office)
    city.root.region.refresh_from_db()
    assert level_rule(city.root.region) == rule
    with pytest.raises(Refusal, match="数值超出范围"):
        services.set_level_rule(city.root.region, LevelRule(2), actor=city.office)


def test_last_month_of_a_campaign_is_frozen_although_the_campaign_is_over(city):
    done(city, "城管局")
    city.campaign.starts, city.campaign.ends = OVER.first, OVER.last
    city.campaign.save()
    assert services.freeze_periods(clock.today()) == 1
    city.campaign.ends = OVER.first - timedelta(days=1)
    city.campaign.save()
    LevelMark.objects.all().delete()
    assert services.freeze_periods(clock.today()) == 0


def test_unit_above_judges_and_the_unit_confirms_or_objects(city):
    bureau, section = marked(city)
    chief, below = city.liaison(city.units["城管局"]), city.liaison(city.units["市容科"])
    said = {"verdict": "fair", "points": 7, "reason": "一件超期"}
    for wrong in (below, city.office, city.liaison(city.units["住建局"])):
        with pytest.raises(PermissionDenied):
            services.judge_unit(section, **said, actor=wrong)
    with pytest.raises(Refusal, match="请选评定等次并给0到10分"):
        services.judge_unit(section, **said | {"points": 11}, actor=chief)
    services.judge_unit(section, **said, actor=chief)
    services.judge_unit(section, **said | {"points": 6}, actor=chief)
    with pytest.raises(PermissionDenied):
        services.agree_to_mark(section, actor=chief)
    services.object_to_mark(section, reason="已批准延期", actor=below)
    with pytest.raises(PermissionDenied):
        services.keep_mark(section, reason="不成立", actor=below)
    services.judge_unit(section, **said | {"points": 8}, actor=chief)
    services.agree_to_mark(section, actor=below)
    assert (section.state, section.points) == ("agreed", 8)
    with pytest.raises(StaleState):
        services.judge_unit(section, **said, actor=chief)
    services.judge_unit(bureau, **said, actor=city.office)
    with pytest.raises(Refusal, match="请写清是谁的答复"):
        services.agree_to_mark(bureau, actor=city.office)
    services.object_to_mark(bureau, reason="已报备", actor=city.office, on_behalf="城管局办公室",
                            paper=services.Scan("异议.png", picture()))  # fmt: skip
    services.keep_mark(bureau, reason="未经批准", actor=city.office)
    assert bureau.state == "stays"


def test_days_to_judge_and_to_object_end(city):
    bureau, section = marked(city)
    said = {"verdict": "good", "points": 9, "reason": "按期"}
    services.judge_unit(bureau, **said, actor=city.office)
    with clock.at(NOW + timedelta(days=30)):
        with pytest.raises(Refusal, match="本期评定期限已过"):
            services.judge_unit(section, **said, actor=city.liaison(city.units["城管局"]))
        with pytest.raises(Refusal, match="提异议的期限已过"):
            services.object_to_mark(bureau, reason="迟了", actor=city.liaison(city.units["城管局"]))


def test_each_level_reads_its_own_marks_and_of_others_only_sums(city, sign_in):
    bureau, section = marked(city)
    services.judge_unit(section, verdict="poor", points=3, reason="拖延", actor=city.liaison(city.units["城管局"]))
    office = sign_in(city.office)
    key = f"period={OVER.key}"
    text = office.get(f"/levels/?{key}").content.decode()
    assert "城管局" in text
    assert "市容科" not in text
    assert "差 1" in text
    below = office.get(f"/levels/?unit={city.units['城管局'].pk}&{key}").content.decode()
    assert "市容科" in below
    assert "拖延" not in below
    assert "3分" not in below
    assert office.get(f"/levels/marks/{section.pk}/").status_code == 404
    assert office.get(f"/levels/marks/{bureau.pk}/").status_code == 200
    chief = sign_in(city.liaison(city.units["城管局"]))
    assert "3分" in chief.get(f"/levels/?{key}").content.decode()
    assert chief.get(f"/levels/?unit={city.units['住建局'].pk}").status_code == 404
    rows = chief.get(f"/levels/{city.units['市容科'].pk}/late/?{key}")
    assert [str(unit) for unit, _line in rows.context["lines"]] == ["一中队"]
    assert chief.get(f"/levels/{city.units['市容科'].pk}/none/").status_code == 404
    assert chief.get(f"/levels/?{key}&format=xlsx")["Content-Type"].endswith("sheet")
    team = sign_in(city.liaison(city.units["一中队"]))
    assert team.get(f"/levels/marks/{section.pk}/").status_code == 404
    assert sign_in(make_user(Role.INSPECTOR, city.root)).get("/levels/").status_code == 403


def test_judging_and_answering_through_the_pages(city, sign_in):
    bureau, _section = marked(city)
    office, url = sign_in(city.office), f"/levels/marks/{bureau.pk}/"
    assert "1个单位待评定" in office.get("/desk/").content.decode()
    said = {"act": "judge", "verdict": "fair", "points": "7", "reason": "一件超期"}
    assert office.post(url, said | {"points": "70"}).status_code == 422
    assert office.post(url, said)["location"] == url
    assert "代录单位的纸质答复" in office.get(url).content.decode()
    assert "请说明异议理由" not in office.get(f"{url}?act=answer").content.decode()
    unit = sign_in(city.liaison(city.units["城管局"]))
    assert "已评定本单位本期工作" in unit.get("/desk/").content.decode()
    assert unit.post(url, {"act": "answer", "answer": "object"}).status_code == 422
    scan = SimpleUploadedFile("异议.png", picture(), "image/png")
    assert (
        unit.post(url, {"act": "answer", "answer": "object", "reason": "已批准延期", "paper": scan}).status_code == 302
    )
    office = sign_in(city.office)
    assert all(
        words in office.get(url).content.decode() for words in ("已批准延期", "重新评定", "维持原评定", "异议.png")
    )
    assert office.post(url, {"act": "stay", "reason": "未见批文"}).status_code == 302
    assert "本期评定已完成" in office.get(url).content.decode()
    typed = {"months": "3", "days": "8", "objection_days": "2", "source": "办法"}
    assert office.post("/levels/rule/", typed)["location"] == "/levels/"
    assert "季度" in office.get("/levels/").content.decode()


def test_unit_finds_its_own_judgement_above_those_that_it_gives(city, sign_in):
    bureau, section = marked(city)
    services.judge_unit(bureau, verdict="middling", points=6, reason="一件超期", actor=city.office)
    services.judge_unit(section, verdict="good", points=9, reason="按期", actor=city.liaison(city.units["城管局"]))
    chief = sign_in(city.liaison(city.units["城管局"]))
    page = chief.get(f"/levels/?period={OVER.key}")
    assert page.context["own"] == bureau
    assert f'href="/levels/marks/{bureau.pk}/"' in page.content.decode()
    assert "6分" in page.content.decode()
    assert sign_in(city.office).get(f"/levels/?period={OVER.key}").context["own"] is None


def test_judgements_below_are_summed_in_their_order_and_sentences_follow_without_a_blank(city, sign_in):
    bureau, section = marked(city)
    services.judge_unit(section, verdict="fair", points=8, reason="较好", actor=city.liaison(city.units["城管局"]))
    services.judge_unit(bureau, verdict="good", points=9, reason="好", actor=city.office)
    text = sign_in(city.office).get(f"/levels/?period={OVER.key}").content.decode()
    assert "各级评定合计：好 1，较好 1" in text
    assert "。 " not in text


def test_word_given_on_an_old_page_is_not_taken_for_an_answer_to_a_later_objection(city, sign_in):
    bureau, _section = marked(city)
    said = {"verdict": "fair", "points": 7, "reason": "一件超期"}
    services.judge_unit(bureau, **said, actor=city.office)
    office, url = sign_in(city.office), f"/levels/marks/{bureau.pk}/"
    services.object_to_mark(bureau, reason="已批准延期", actor=city.liaison(city.units["城管局"]))
    answer = office.post(url, {"act": "judge", **said, "points": "6"})
    assert answer.status_code == 409
    bureau.refresh_from_db()
    assert (bureau.state, bureau.points) == ("objected", 7)


def test_page_with_two_forms_names_each_field_once_and_history_names_who_has_no_account(city, sign_in):
    bureau, _section = marked(city)
    services.judge_unit(bureau, verdict="fair", points=7, reason="一件超期", actor=city.office)
    services.object_to_mark(bureau, reason="已批准延期", actor=None)
    text = sign_in(city.office).get(f"/levels/marks/{bureau.pk}/").content.decode()
    ids = re.findall(r' id="([^"]+)"', text)
    assert sorted(ids) == sorted(set(ids))
    assert "已提异议</b>，程序" in text


def test_file_of_a_wrong_kind_is_refused_and_nothing_is_kept(city, sign_in):
    bureau, _section = marked(city)
    office, url = sign_in(city.office), f"/levels/marks/{bureau.pk}/"
    wrong = SimpleUploadedFile("异议.png", b"MZ program", "image/png")
    said = {"act": "judge", "verdict": "fair", "points": "7", "reason": "一件超期", "paper": wrong}
    answer = office.post(url, said)
    assert answer.status_code == 422
    assert "未评定" in office.get("/levels/").content.decode()
    assert "待单位确认" not in answer.content.decode()
    with clock.at(NOW + timedelta(days=30)):
        later = sign_in(city.office).get(url).content.decode()
    assert "评定期限已过" in later
