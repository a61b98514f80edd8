"""What lies one step beside the public: the day before, another region, another state; refusals word for word."""

from datetime import date, timedelta

import pytest

from chuangwen.accounts.models import Throttle
from chuangwen.campaigns.models import Title
from chuangwen.core import clock
from chuangwen.core.errors import Refusal
from chuangwen.core.files.services import Upload
from chuangwen.honors.models import Award, HonorSetting, Objection, Programme
from chuangwen.inspections.models import Draw
from chuangwen.public.models import PublicSite
from chuangwen.public.queries import (
    draws,
    finished_draws,
    is_running,
    narrowed,
    notices,
    objection_of,
    on_notice,
    open_sites,
    public_record,
    released,
    running_notices,
    site_or_404,
    titles_in_force,
    titles_taken_away,
    titles_to_choose,
)
from chuangwen.public.services import look_up, objecting, raise_objection, save_site
from chuangwen.public.services.objecting import LONGEST, MOST_A_DAY, MOST_LOOKUPS, SHORTEST, Said
from chuangwen.public.slips import digest_of, new_slip
from chuangwen.workflow.models import Step
from tests.public.making import Town, later
from tests.public.test_papers import PDF
from tests.support.factories import make_unit
from tests.support.refusals import said

pytestmark = [pytest.mark.django_db, pytest.mark.once]
TEXT = "十月三日该单位窗口无人值守，群众等了两个小时。"
WHERE = "192.0.2.7"


@pytest.fixture
def town():
    return Town()


@pytest.fixture
def application(town):
    return town.application(town.programme())


def test_only_a_region_that_draws_places_says_so(town):
    Town().drawn()
    assert [one.draws_places for one in open_sites().filter(region=town.region)] == [False]
    town.drawn()
    assert [one.draws_places for one in open_sites().filter(region=town.region)] == [True]
    assert site_or_404(f"{town.region.code}\x00") == town.site


@pytest.mark.parametrize(
    ("state", "first", "last", "runs"),
    [("noticed", 0, 5, True), ("noticed", -5, 0, True), ("noticed", 1, 5, False), ("noticed", -5, -1, False),
     ("awarded", -5, 5, False), ("preparing", -5, 5, False)],
)  # fmt: skip
def test_objections_are_taken_on_the_first_and_the_last_day_of_a_notice(town, state, first, last, runs):
    programme = town.programme(state=state, first=first, last=last)
    assert is_running(programme) is runs
    shown = notices(town.region).filter(running_notices())
    assert list(shown) == ([programme] if runs else [])


def test_programmes_and_units_stand_in_an_order_that_never_changes(town):
    made = [town.programme(f"第{number}个") for number in range(3)]
    assert list(notices(town.region)) == made[::-1]
    rows = [town.application(made[0], unit) for unit in (town.other, town.unit)]
    assert list(on_notice(made[0])) == sorted(rows, key=lambda one: (one.unit.position, one.pk))


def test_offices_inside_units_are_in_no_public_list(town):
    civil = Title.objects.create(region=town.region, name="文明处室", subject="office", level="civil")
    office = make_unit(town.unit, name="办公室")
    town.award(office, title=civil)
    gone = town.award(make_unit(town.unit), title=civil, state="delisted", ended_on=later(-90))
    assert (list(titles_in_force(town.region)), titles_taken_away(town.region)) == ([], [])
    assert titles_to_choose(town.region) == []
    Award.objects.filter(pk=gone.pk).update(title=town.title)
    assert titles_taken_away(town.region) == [gone]


def test_titles_to_choose_are_those_that_somebody_here_holds_by_name(town):
    names = ["甲", "乙", "丙"]
    titles = [Title.objects.create(region=town.region, name=one, subject="unit", level="city") for one in names]
    for title in titles[:2]:
        town.award(make_unit(town.root), title=title)
    Town().award()
    assert [one.name for one in titles_to_choose(town.region)] == sorted(names[:2])


def test_register_is_narrowed_by_name_short_name_and_title(town):
    other = Title.objects.create(region=town.region, name="文明校园", subject="campus", level="city")
    first = town.award()
    second = town.award(make_unit(town.root, name="第一中学", short_name="市一"), title=other)
    rows = titles_in_force(town.region)

    def shown(words="", title=""):
        return set(narrowed(rows, words, title))

    assert (shown("水利"), shown("市一"), shown("没有")) == ({first}, {second}, set())
    assert (shown(title=str(other.pk)), shown(title="9" * 17)) == ({second}, set())
    for nonsense in ("9" * 18, "x", "²", ""):
        assert shown(title=nonsense) == {first, second}


def delisted(town, day, **fields):
    return town.award(make_unit(town.root), state="delisted", ended_on=day, **fields)


def test_delistings_are_told_from_the_first_of_the_month_a_year_ago(town):
    with clock.at(clock.now().replace(year=2026, month=11, day=18, hour=4)):
        kept = delisted(town, date(2025, 11, 1))
        delisted(town, date(2025, 10, 31))
        later_one = delisted(town, date(2025, 11, 20))
        town.award(make_unit(town.root), state="lapsed", ended_on=date(2026, 3, 1))
        elsewhere = Town()
        delisted(elsewhere, date(2026, 3, 1))
        assert titles_taken_away(town.region) == [later_one, kept]


def entered(award, at, action="delist", kind="honors.award", pk=None):
    Step.objects.create(
        region=award.region, object_type=kind, object_id=pk or award.pk, action=action, at=at, actor_name="办"
    )


def test_days_for_an_appeal_run_from_the_entry_in_the_citys_day(town):
    """Ended on paper in September, entered on Monday 16 November: ten working days end on the 30th."""
    now = clock.now().replace(year=2026, month=11, day=16, hour=17, minute=0)  # 01:00 of the 17th in the city
    award = delisted(town, date(2026, 9, 1))
    other = delisted(town, date(2026, 9, 2))
    entered(award, now)
    entered(award, now + timedelta(days=90), action="note")
    entered(award, now + timedelta(days=90), kind="honors.application", pk=award.pk)
    seen = {}
    for day in range(17, 31):
        with clock.at(now.replace(day=day, hour=4)):
            seen[day] = award in titles_taken_away(town.region)
            assert other in titles_taken_away(town.region)
    with clock.at(now.replace(month=12, day=1, hour=4)):
        assert award not in titles_taken_away(town.region)  # the last day itself
    with clock.at(now.replace(month=12, day=2, hour=4)):
        assert award in titles_taken_away(town.region)
    assert not any(seen.values())


def test_days_for_an_appeal_are_those_that_the_region_has_set(town):
    award = delisted(town, later(-21))
    assert titles_taken_away(town.region) == [award]
    HonorSetting.objects.create(region=town.region, key="appeal-workdays", value=60, source="site")
    assert titles_taken_away(town.region) == []


def test_bulletins_and_draws_stand_the_last_first(town):
    with clock.at(clock.now()):
        made = [town.release(bulletin=town.bulletin(f"第{number}期")) for number in range(3)]
        drawn = [town.drawn()[0] for _number in range(3)]
    assert list(released(town.region)) == made[::-1]
    assert list(draws(town.region)) == drawn[::-1]


def test_draw_of_a_cancelled_round_and_a_withdrawn_one_are_unsaid(town):
    cancelled, _places = town.drawn("cancelled", strict=True)
    withdrawn, _places = town.drawn("closed", state="withdrawn", record={}, drawn_at=None)
    assert list(draws(town.region)) == []
    assert not Draw.objects.filter(finished_draws()).exists()
    assert {cancelled.pk, withdrawn.pk} == set(Draw.objects.values_list("pk", flat=True))


def test_record_without_substitutes_asks_for_no_names(town, django_assert_num_queries):
    draw = Draw.objects.select_related("region").get(pk=town.drawn()[0].pk)
    with django_assert_num_queries(0):
        assert public_record(draw)["substitutes"] == []


def test_number_of_an_objection_belongs_to_its_region(town, application):
    slip = raise_objection(application, Said(TEXT), address=WHERE)
    assert objection_of(town.region, slip) == Objection.objects.get()
    elsewhere = Town()
    Programme.objects.filter(pk=application.programme_id).update(region=elsewhere.region)
    assert objection_of(elsewhere.region, slip) is None
    kept = "d2d116789e9f441e7f0245f8ee4dad792bbaeafbcd21a7c1297d99615176cbb8"  # as on sites
    assert {digest_of("a", one) for one in ("Y2026-1-AB", " y2026 1ab ", "Y2026－1—AB")} == {kept}
    assert digest_of("a", "Y1") != digest_of("b", "Y1")
    assert len({new_slip("Y2026-001") for _number in range(20)}) == 20


def test_site_is_kept_as_given_and_only_changes_are_in_its_history(town):
    values = {"is_open": True, "office_name": " 市创建办 ", "telephone": "0571-1", "address": "人民路1号"}
    values["is_found"] = False
    save_site(town.region, actor=town.office, **values)
    row = PublicSite.objects.get(region=town.region)
    assert (row.office_name, row.telephone, row.address, row.is_open) == ("市创建办", "0571-1", "人民路1号", True)
    step = Step.objects.get(object_type="public.publicsite")
    assert (step.action, step.data) == ("arrange", {"telephone": "0571-1"})
    save_site(town.region, actor=town.office, **values)
    assert Step.objects.filter(object_type="public.publicsite").count() == 1
    closed = values | {"is_open": False, "office_name": "", "telephone": ""}
    save_site(town.region, actor=town.office, **closed)
    assert Step.objects.filter(object_type="public.publicsite").last().data == {
        "is_open": False, "office_name": "", "telephone": "",
    }  # fmt: skip
    assert said(save_site, town.region, actor=town.office, **closed | {"is_open": True}) == (
        "要让来访者知道该找谁。请填写办公室名称，以及电话或地址。"
    )
    new = Town()
    PublicSite.objects.filter(region=new.region).delete()
    made = save_site(new.region, actor=new.office, **values)
    assert (PublicSite.objects.get(pk=made.pk).office_name, Step.objects.filter(region=new.region).count()) == (
        "市创建办", 1,
    )  # fmt: skip


def test_text_is_taken_at_its_shortest_its_longest_and_with_two_links(application):
    texts = ["短" * SHORTEST, "长" * LONGEST, "网上有两处写着：http://a.example 和 www.b.example"]
    for number, text in enumerate(texts):
        raise_objection(application, Said(text), address=f"192.0.2.{number}")
    assert set(Objection.objects.values_list("text", flat=True)) == set(texts)


def test_same_words_about_another_unit_are_another_objection(town, application):
    raise_objection(application, Said(TEXT), address=WHERE)
    other = town.application(application.programme, town.other)
    raise_objection(other, Said(TEXT), address=WHERE)
    assert Objection.objects.count() == 2


def test_refusals_say_what_is_wrong_and_what_can_be_done(town, application, monkeypatch):
    def refused(text=TEXT, address=WHERE, papers=()):
        return said(raise_objection, application, Said(text, papers=papers), address=address)

    assert refused("短") == "异议太短，无法调查核实。请写明时间、地点和事情经过。"
    assert refused("长" * (LONGEST + 1)) == "异议超过2000字。请缩短，或把材料送交办公室。"
    assert refused("http://a http://b http://c 都写着") == "异议里有多个网址。请用文字说明；材料可以送交办公室。"
    raise_objection(application, Said(TEXT), address="192.0.2.9")
    assert refused() == "同样的内容已经收到过。请用当时得到的编号查询答复。"
    for number in range(MOST_A_DAY):
        raise_objection(application, Said(f"{TEXT}{number}"), address=WHERE)
    assert refused(f"{TEXT}又") == "今天从您的网络已收到多件异议。请致信或致电办公室，或明天再提交。"
    monkeypatch.setattr(objecting, "MOST_WITH_PAPERS", 0)
    assert refused(f"{TEXT}又", "192.0.2.8", (Upload("a.pdf", PDF),)) == (
        "今天网上收到的材料太多，暂不再接收材料。可先不附材料提交异议，材料送到办公室；或明天再试。"
    )
    assert said(look_up, town.region, "Y1", address=WHERE) == "没有这个编号的异议。请照当时显示的字母和数字填写。"
    for _number in range(MOST_LOOKUPS):
        with pytest.raises(Refusal):
            look_up(town.region, "Y1", address="192.0.2.10")
    assert (
        said(look_up, town.region, "Y1", address="192.0.2.10")
        == "从您的网络查询次数过多。请一小时后再查，或致电办公室。"
    )


def test_tries_are_counted_apart_for_objections_papers_and_look_ups(town, application):
    raise_objection(application, Said(TEXT, papers=(Upload("a.pdf", PDF),)), address=WHERE)
    with pytest.raises(Refusal):
        look_up(town.region, "Y1", address=WHERE)
    assert Throttle.objects.count() == 3
    elsewhere = Town()
    one = elsewhere.application(elsewhere.programme())
    raise_objection(one, Said(TEXT, papers=(Upload("a.pdf", PDF),)), address=WHERE)
    assert Throttle.objects.count() == 4  # the other region's papers are counted by themselves
