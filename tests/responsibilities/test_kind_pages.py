"""The pages of duties by kind of organization: templates, laying out, each kind's checks, who gets in, the workbook."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from chuangwen.accounts.roles import Role
from chuangwen.core import clock
from chuangwen.core.panels import desk_items
from chuangwen.organizations.enums import OrgKind, UnitKind
from chuangwen.organizations.models import Unit
from chuangwen.responsibilities.duty_templates import shipped
from chuangwen.responsibilities.models import Duty, DutyTemplate, KindLead
from chuangwen.responsibilities.services.kinds import lay_out, take_shipped
from tests.responsibilities import test_kinds
from tests.responsibilities.test_kinds import PARTY, laid_out, plan, reported, task_of, template
from tests.responsibilities.test_roads import bring_in
from tests.support.factories import NOON, make_root, make_task, make_unit, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]
city = test_kinds.city
LAY, TEMPLATES, CHECKS = "/duty-templates/lay-out/", "/duty-templates/", "/duty-checks/"


def test_unit_takes_the_programs_set_and_lays_it_out_seeing_first_what_each_unit_gets(city, sign_in):
    client = sign_in(city.own)
    page = client.get(LAY)
    assert "采用程序自带的模板" in page.content.decode()
    taken = client.post("/duty-templates/take/", {"unit": city.school.pk})
    assert taken.url == f"{LAY}?unit={city.school.pk}"
    page = client.get(taken.url)
    party = [one for one in shipped() if one.kind == PARTY]
    told = [(line["unit"].name, line["new"], line["there"], line["all"]) for line in page.context["lines"]]
    assert told == [("党委办公室", len(party), 0, len(party)), ("一年级党支部", len(party), 0, len(party))]
    assert page.context["lines"][0]["dates"] == sum(times for _box, _one, _often, times in page.context["boxes"])
    assert page.context["form"].initial["lead"] == str(city.units["党委办公室"].pk)
    first, second = DutyTemplate.objects.filter(org_kind=PARTY).order_by("pk")[:2]
    units = [city.units[name].pk for name in ("党委办公室", "一年级党支部")]
    sent = {"templates": [first.pk, second.pk], "units": units, "lead": units[0]}
    done = client.post(taken.url, sent)
    assert done.url == f"{CHECKS}{KindLead.objects.get().pk}/"
    assert Duty.objects.count() == 4
    page = client.get(taken.url)
    assert [(line["new"], line["there"]) for line in page.context["lines"]] == [(len(party) - 2, 2)] * 2
    assert "已有" in page.content.decode()


def test_laying_out_asks_for_units_and_duties_and_shows_what_runs_already(city, sign_in):
    one = template(city.school)
    client, branch = sign_in(city.own), city.units["一年级党支部"]
    refused = client.post(LAY, {"lead": branch.pk})
    assert refused.status_code == 422
    assert sorted(refused.context["form"].errors) == ["templates", "units"]
    make_task(branch, campaign=city.campaign, title="支部会议研究创建工作", state="accepted")
    sent = {"templates": [one.pk], "units": [branch.pk, city.units["党委办公室"].pk], "lead": branch.pk}
    asked = client.post(LAY, sent)
    assert asked.status_code == 422
    text = asked.content.decode()
    assert ("支部会议研究创建工作" in text, 'name="again"' in text) == (True, True)
    assert client.post(LAY, sent | {"leave_out": "1", "again": ""}).status_code == 302
    assert [duty.unit.name for duty in Duty.objects.all()] == ["党委办公室"]


def test_office_lays_out_for_any_unit_and_is_told_of_units_that_say_no_kind(city, sign_in):
    make_unit(city.school, name="图书馆", kind=UnitKind.OFFICE)
    template(city.root)
    client = sign_in(city.office)
    page = client.get(LAY, {"unit": city.school.pk, "kind": "party"})
    assert page.context["unsaid"] == 1
    assert f"/units/{city.school.pk}/kinds/" in page.content.decode()
    assert client.get(LAY, {"unit": "市一中", "kind": "mass"}).context["top"] == city.school
    for wrong in ("没有这个单位", "999999999", "9" * 30):
        assert client.get(LAY, {"unit": wrong}).status_code == 404
    assert client.get(LAY).context["top"] == city.root


def test_very_many_units_of_a_kind_are_laid_out_from_further_down(city, sign_in, monkeypatch):
    monkeypatch.setattr("chuangwen.responsibilities.queries.kinds.MOST_UNITS", 1)
    monkeypatch.setattr("chuangwen.responsibilities.views.duty_templates.MOST_UNITS", 1)
    template(city.school)
    page = sign_in(city.own).get(LAY)
    assert (page.context["many"], page.context["lines"]) == (True, [])
    assert "超过1个单位" in page.content.decode()


def test_each_kind_is_checked_by_its_own_and_reminded_in_one_press(city, sign_in):
    lead = laid_out(city)
    task = task_of(city, "一年级党支部")
    reported(task_of(city, "党委办公室"), city.lead)
    client = sign_in(city.lead)
    assert client.get(CHECKS).url == f"{CHECKS}{lead.pk}/"  # who has one alone is led to it
    with clock.at(NOON + timedelta(days=3)):
        page = client.get(f"{CHECKS}{lead.pk}/")
        text = page.content.decode()
        assert [(one["label"], one["value"]) for one in page.context["figures"]] == [
            ("已落实", 1), ("逾期", 0), ("从未上报", 1), ("未到期", 0),
        ]  # fmt: skip
        assert [line.unit.name for line in page.context["lines"]] == ["党委办公室", "一年级党支部"]
        assert [one["task"] for one in page.context["owed"]] == [task.pk]
        assert (f"/tasks/{task.pk}/" in text, "全部催办" in text) == (True, True)
        assert client.post(f"{CHECKS}{lead.pk}/remind/").url == f"{CHECKS}{lead.pk}/"
        assert "已就1项逾期职责催办" in client.get(f"{CHECKS}{lead.pk}/").content.decode()
        book = client.get(f"{CHECKS}{lead.pk}/?format=xlsx")
        assert book["Content-Type"].endswith("sheet")
        request = page.wsgi_request
        assert "督查的组织有1项职责逾期" in [str(item.title) for item in desk_items(request)]
        reported(task, city.branch)
        waiting = client.get(f"{CHECKS}{lead.pk}/").context["reported"]
        assert [one.unit.name for one in waiting] == ["党委办公室", "一年级党支部"]
    assert client.get(f"/tasks/{task.pk}/").status_code == 200
    assert client.post(f"/tasks/{task.pk}/confirm/", {"note": ""}).status_code == 302
    task.refresh_from_db()
    assert task.state == "confirmed"


def test_check_of_a_kind_opens_to_who_checks_the_unit_above_office_and_leaders_alone(city, sign_in):
    lead = laid_out(city)
    template(city.units["住建局"], title="别处的")
    page = f"{CHECKS}{lead.pk}/"
    leader = make_user(Role.LEADER, city.root)
    for who in (city.office, city.own, city.lead, leader):
        assert sign_in(who).get(page).status_code == 200
    stranger = make_user(Role.OFFICE, make_root())
    for who in (city.branch, city.other, make_user(Role.KEEPER, city.school), stranger):
        client = sign_in(who)
        assert client.get(page).status_code in {403, 404}
        assert client.post(f"{page}remind/").status_code in {403, 404}
        assert str(city.school) not in client.get(CHECKS).content.decode().split("<main")[-1]
    assert sign_in(leader).post(f"{page}remind/").status_code == 403
    assert "催办" not in sign_in(leader).get(page).content.decode().split("<main")[-1]
    client = sign_in(stranger)
    assert client.get(LAY, {"unit": city.school.pk}).status_code == 404
    assert client.get(f"{TEMPLATES}{DutyTemplate.objects.first().pk}/").status_code == 404
    assert "支部会议" not in client.get(TEMPLATES).content.decode()
    client = sign_in(city.other)
    assert client.get(LAY, {"unit": city.school.pk}).status_code == 404
    assert client.get(f"/tasks/{task_of(city, '一年级党支部').pk}/").status_code == 404
    assert client.post("/duty-templates/take/", {"unit": city.school.pk}).status_code == 404
    assert "支部会议" not in client.get(TEMPLATES).content.decode()


def test_templates_are_written_changed_and_ended_by_whose_they_are(city, sign_in):
    client = sign_in(city.own)
    sent = {"unit": "市一中", "org_kind": "mass", "title": "读书会", "schedule": "每月", "measure": "有记录"}
    assert client.post(f"{TEMPLATES}new/", sent).url == TEMPLATES
    again = client.post(f"{TEMPLATES}new/", sent)
    assert (again.status_code, "市一中的模板里已有“读书会”" in again.content.decode()) == (422, True)
    one = DutyTemplate.objects.get()
    changed = sent | {"schedule": "每季度", "source": "校发3号"}
    assert client.post(f"{TEMPLATES}{one.pk}/", changed).url == TEMPLATES
    one.refresh_from_db()
    assert (one.plan.step, one.source, one.unit) == (3, "site: 校发3号", city.school)
    office_one = template(city.root)
    read = client.get(f"{TEMPLATES}{office_one.pk}/")
    assert ("form" in read.context, "支部会议研究创建" in read.content.decode()) == (False, True)
    assert client.post(f"{TEMPLATES}{office_one.pk}/", changed).status_code == 403
    assert client.post(f"{TEMPLATES}{office_one.pk}/end/").status_code == 403
    assert client.post(f"{TEMPLATES}{one.pk}/end/").url == TEMPLATES
    shown = client.get(TEMPLATES).content.decode()
    assert ("支部会议研究创建" in shown, "读书会" in shown) == (True, False)
    assert "读书会" in client.get(f"{TEMPLATES}?tab=ended").content.decode()


def test_unit_ends_on_the_page_what_it_laid_out_and_one_below_only_reads_it(city, sign_in):
    laid_out(city)
    duty = Duty.objects.get(unit=city.units["一年级党支部"])
    page = f"/duties/{duty.pk}/"
    assert f"{page}end/" in sign_in(city.own).get(page).content.decode()
    below = sign_in(city.branch)
    assert f"{page}end/" not in below.get(page).content.decode()
    assert below.post(f"{page}end/", {"reason": "不想做"}).status_code == 404
    assert sign_in(city.own).post(f"{page}end/", {"reason": "合并召开"}).url == page
    duty.refresh_from_db()
    assert duty.state == "ended"


def test_pages_ask_no_more_for_many_units_than_for_one(city, sign_in):
    take_shipped(city.root, actor=city.office)
    lead = laid_out(city)
    client = sign_in(city.own)

    def cost():
        asked = []
        for page in (f"{LAY}?unit={city.school.pk}", f"{CHECKS}{lead.pk}/", CHECKS, f"/units/{city.school.pk}/kinds/"):
            client.get(page)
            with CaptureQueriesContext(connection) as captured:
                client.get(page)
            asked.append(len(captured))
        return asked

    few = cost()
    for number in range(3):
        name = f"第{number}党支部"
        city.units[name] = make_unit(city.school, name=name, kind=UnitKind.OFFICE, org_kind=PARTY)
    names = [f"第{number}党支部" for number in range(3)]
    lay_out(city.campaign, city.school, plan(city, *DutyTemplate.objects.filter(org_kind=PARTY), units=names),
            actor=city.own)  # fmt: skip
    assert cost() == few


def test_offices_workbook_of_templates_comes_in_and_again_changes_nothing(city, sign_in):
    header = ["组织类别", "工作职责", "频次", "工作标准", "依据"]
    rows = [["党组织", "主题党日", "每月", "有记录", "云办发5号"], ["群团", "读书会", "常年", "有记录", None],
            ["行政", "卫生检查", "每月35日前", "有记录", None]]  # fmt: skip
    client = sign_in(city.office)
    summary, faults = bring_in(client, city.office, "duty-templates", header, *rows)
    assert (summary.new, summary.changed) == (1, 0)
    assert [words for words in faults if "常年" in words and "没有说明何时" in words]
    assert [words for words in faults if "没有35日这一天，请写当月有的日期。" in words]
    one = DutyTemplate.objects.get()
    assert (one.unit, one.org_kind, one.title, one.source) == (city.root, OrgKind.PARTY, "主题党日", "site: 云办发5号")
    rows[0][4] = None
    summary, _faults = bring_in(client, city.office, "duty-templates", header, rows[0])
    assert (summary.new, summary.changed, summary.unchanged) == (0, 0, 1)
    rows[0][2] = "每季度"
    summary, _faults = bring_in(client, city.office, "duty-templates", header, rows[0])
    assert (summary.new, summary.changed, summary.unchanged) == (0, 1, 0)


def test_school_confirms_the_kinds_that_names_propose(city, sign_in):
    Unit.objects.filter(path__startswith=city.school.path).update(org_kind="")
    make_unit(city.school, name="图书馆", kind=UnitKind.OFFICE)
    client, page = sign_in(city.own), f"/units/{city.school.pk}/kinds/"
    form = client.get(page).context["form"]
    proposed = {unit.name: form[name].initial for name, unit in form.units.items()}
    assert proposed == dict(test_kinds.INSIDE) | {"图书馆": ""}
    assert client.post(page, {name: form[name].initial for name in form.fields}).url == page
    assert dict(Unit.objects.get_descendants(city.school).values_list("name", "org_kind")) == proposed
    for who in (city.other, city.lead, make_user(Role.OFFICE, make_root())):
        assert sign_in(who).get(page).status_code == 404


def test_units_of_no_kind_are_said_to_be_none_in_one_press_and_asked_about_no_more(city, sign_in):
    library = make_unit(city.school, name="图书馆", kind=UnitKind.OFFICE)
    template(city.school)
    client, page = sign_in(city.own), f"/units/{city.school.pk}/kinds/"
    assert (client.get(LAY).context["unsaid"], client.get(page).context["open"]) == (1, 1)
    form = client.get(page).context["form"]
    sent = {name: form[name].initial for name in form.units} | {f"kind_{city.units['党委办公室'].pk}": "none"}
    assert client.post(page, sent | {"rest": "on"}).url == page
    assert (client.get(LAY).context["unsaid"], client.get(page).context["open"]) == (0, 0)
    library.refresh_from_db()
    assert library.org_kind == "none"
    assert [line["unit"].name for line in client.get(LAY).context["lines"]] == ["一年级党支部"]
