"""The pages of families: the whole way on screen, who sees what, and what is shown once a family has withdrawn."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from docx import Document

from chuangwen.accounts.roles import Role
from chuangwen.core import clock
from chuangwen.core.imports import Source
from chuangwen.core.imports import services as wizard
from chuangwen.core.models import StoredFile, WorkbookImport
from chuangwen.core.workbooks.rows import ImportRow
from chuangwen.honors.family_importer import FamilyImporter
from chuangwen.honors.models import Application, Award, Contest, Family, LadderStep, Objection
from chuangwen.honors.services import Told, award_titles, confirm_figures, enter_figures, withdraw_consent
from chuangwen.public.services import save_site
from tests.honors.families import (
    AGREED,
    DEED,
    family_title,
    give_family,
    make_call,
    make_family,
    make_family_reviewed,
    notice_families,
    settle_family,
)
from tests.honors.making import AWARDED, NOTICE, noon
from tests.support.factories import make_root, make_user


def page(name, *args, query=""):
    return reverse(f"honors:{name}", args=args) + query


def post(client, address, **answers):
    answer = client.post(address, answers)
    assert answer.status_code == 302, answer.content.decode()[:3000]
    return answer.url


def text(client, address):
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def words_of(answer):
    paper = Document(io.BytesIO(b"".join(answer.streaming_content) if answer.streaming else answer.content))
    cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(one.text for one in paper.paragraphs), *cells])


def test_way_of_a_family_on_screen(county, sign_in):
    programme = make_call(county)
    speaker = sign_in(county.speaker)
    here = post(
        speaker, page("family_new"), unit=f"#{county.village.pk}", name="李桂兰家庭", agreed_on="2026-11-03"
    )  # fmt: skip
    family = Family.objects.get()
    assert here == page("family", family.pk)
    assert "推荐家庭" in text(speaker, page("put_forward", programme.pk))
    assert "不符合：下一级称号" in text(speaker, page("put_forward", programme.pk))
    give_family(county, family, "village")
    write = post(speaker, page("put_forward", programme.pk), family=family.pk)
    made = Application.objects.get(family=family)
    assert write == page("application_act", made.pk, "write")
    assert "papers" not in text(speaker, write)
    refused = speaker.post(write, {"deed": "电话13812345678", "seen_on": "2026-11-18"})
    assert refused.status_code == 422
    post(speaker, write, deed=DEED, seen_on="2026-11-18")
    post(speaker, page("application_act", made.pk, "submit"), responsible="赵村", signed_on="2026-11-18")
    office = sign_in(county.office)
    rule = programme.rules.get(kind="by-hand")
    condition = page("condition", made.pk, rule.pk)
    assert condition in text(office, page("application", made.pk))
    post(office, condition, met="yes", asked="城关派出所", asked_on="2026-11-16")
    assert made.findings.get().source == "城关派出所 2026-11-16"
    shown = text(office, page("application", made.pk))
    assert "李桂兰家庭" in shown
    assert page("paper", made.pk, "review") not in shown
    assert office.get(page("paper", made.pk, "review")).status_code == 404
    told = words_of(office.get(page("paper", made.pk, "form")))
    assert all(one in told for one in ("李桂兰家庭", "柳林村", DEED, "星级文明户"))
    assert office.get(page("assessment", made.pk)).status_code == 302
    assert office.get(page("begin", programme.pk)).url == page("put_forward", programme.pk)
    assert office.get(page("check", programme.pk)).url == page("put_forward", programme.pk)


def test_selection_by_vote_and_by_sheets_gives_the_lowest_title(county, sign_in):
    families = [make_family(county, name) for name in ("李桂兰家庭", "陈守义家庭")]
    speaker = sign_in(county.speaker)
    keys = [one.pk for one in families]
    told = {"name": "星级文明户评议", "decide_on": "2026-11-20", "places": 1, "families": keys}
    here = post(speaker, page("family_contest_new"), **told, least=67, by_vote="yes")
    voted = Contest.objects.get()
    assert here == page("contest", voted.pk)
    post(speaker, page("contest_act", voted.pk, "judge"))
    first, second = voted.contestants.order_by("pk")
    assert (
        speaker.post(page("sheet", voted.pk, first.pk), {"ayes": 9, "votes": 8, "counted_by": "会"}).status_code == 422
    )
    post(speaker, page("sheet", voted.pk, first.pk), ayes=28, votes=30, counted_by="村民评议会")
    post(speaker, page("sheet", voted.pk, second.pk), ayes=15, votes=30, counted_by="村民评议会")
    assert "28/30" in text(speaker, here)
    post(speaker, page("contest_act", voted.pk, "decide"))
    award = Award.objects.get()
    assert (award.holder, award.title.name, str(award.contest)) == ("李桂兰家庭", "星级文明户", "星级文明户评议")
    here = post(speaker, page("family_contest_new"), **told | {"families": keys[1:]}, least=85, by_vote="")
    judged = Contest.objects.latest("pk")
    post(speaker, page("contest_act", judged.pk, "judge"))
    for judge in ("甲", "乙"):
        stars = {f"aspect_{code}": 90 for code in judged.weights}
        assert len(stars) == 10
        post(speaker, page("sheet", judged.pk, judged.contestants.get().pk), judge=judge, **stars)
    post(speaker, page("contest_act", judged.pk, "decide"))
    assert Award.objects.filter(family=families[1]).count() == 1
    assert speaker.get(page("family_contest_new")).status_code == 404  # nobody is left without a title
    assert "石桥村" not in text(sign_in(county.office), page("family_contest_new"))


def test_lists_and_pages_show_no_name_once_it_was_withdrawn(county, sign_in):
    programme, family = make_call(county), make_family(county)
    award = give_family(county, family, "village")
    made = make_family_reviewed(county, programme, family)
    office = sign_in(county.office)
    addresses = [
        page("families"), page("family", family.pk), page("titles"), page("award", award.pk),
        page("applications", query="?tab=all"), page("application", made.pk), page("programme", programme.pk),
        page("titles", query="?format=xlsx"), page("families", query="?format=xlsx"), "/find/?q=李桂兰",
        page("paper", made.pk, "form"), page("summary", programme.pk, query="?format=docx"),
    ]  # fmt: skip

    def seen(address):
        answer = office.get(address)
        if answer.status_code == 302 and "summary" in address:
            return ""  # nobody is left on it
        assert answer.status_code == 200, address
        data = b"".join(answer.streaming_content) if answer.streaming else answer.content
        if "xlsx" in address:
            rows = openpyxl.load_workbook(io.BytesIO(data)).active.iter_rows(values_only=True)
            return str(list(rows))
        return words_of(office.get(address)) if data.startswith(b"PK") else data.decode()

    named = [address for address in addresses if "李桂兰家庭" in seen(address)]
    assert named == addresses
    withdraw_consent(family, actor=county.office)
    assert [address for address in addresses if "李桂兰" in seen(address).replace('value="李桂兰"', "")] == [
        "/find/?q=李桂兰"
    ]
    assert "李桂兰家庭" not in seen("/find/?q=李桂兰")
    assert "家庭0001（已撤回同意）" in seen(page("titles"))


def test_public_pages_name_a_family_only_on_notice_or_titled_and_with_consent(county, sign_in, client):
    region = county.root.region
    save_site(region, actor=county.office, is_open=True, office_name="文明办", telephone="0999-1", address="",
              is_found=False)  # fmt: skip
    programme = make_call(county)
    families = [make_family(county, name) for name in ("李桂兰家庭", "陈守义家庭")]
    for family in families:
        give_family(county, family, "village")
    made = [make_family_reviewed(county, programme, family) for family in families]
    notice_families(county, programme, *made)
    notice = reverse("public:notice", args=[region.code, programme.pk])
    with clock.at(noon(NOTICE[0])):
        shown = text(client, notice)
        assert "李桂兰家庭" in shown
        assert "拟命名2户家庭" in shown
        told = words_of(sign_in(county.office).get(page("notice_word", programme.pk)))
        assert "陈守义家庭" in told
        assert "papers" not in text(client, reverse("public:object", args=[region.code, programme.pk]))
        withdraw_consent(families[1], actor=county.office)
        assert "陈守义" not in text(client, notice)
    register = reverse("public:titles", args=[region.code])
    with clock.at(noon(AWARDED)):
        award_titles(programme, granted_on=AWARDED, document="1号", actor=county.office)
        assert "李桂兰家庭" in text(client, register)
        withdraw_consent(families[0], actor=county.office)
        assert Award.objects.filter(state="valid").count() == 3  # the counts stay
        for address in (register, notice, reverse("public:start", args=[region.code])):
            assert "李桂兰" not in text(client, address)


def test_neighbour_and_stranger_find_no_door(county, sign_in):
    family, programme = make_family(county), make_call(county)
    for user in (make_user(Role.LIAISON, county.hamlet), make_user(Role.OFFICE, make_root(name="别市"))):
        client = sign_in(user)
        for address in (page("family", family.pk), page("family_act", family.pk, "withdraw")):
            assert client.get(address).status_code == 404
        assert "李桂兰" not in text(client, page("families"))
    neighbour = sign_in(make_user(Role.LIAISON, county.hamlet))
    assert neighbour.post(page("put_forward", programme.pk), {"family": family.pk}).status_code == 404
    speaker = sign_in(county.speaker)
    assert speaker.get(page("family_act", family.pk, "hand-over")).status_code == 404


def test_what_is_done_about_a_family_on_screen(county, sign_in):
    family = make_family(county, agreed=False)
    office = sign_in(county.office)
    for action, answers in (
        ("agree", {"agreed_on": "2026-11-10"}), ("rename", {"name": "李桂兰之家"}),
        ("title", {"title": family_title(county, "village").pk, "granted_on": "2025-06-01", "document": "1号"}),
        ("hand-over", {"to": f"#{county.hamlet.pk}"}), ("withdraw", {"day": "2026-11-18"}),
    ):  # fmt: skip
        assert text(office, page("family_act", family.pk, action))
        assert post(office, page("family_act", family.pk, action), **answers) == page("family", family.pk)
    family.refresh_from_db()
    assert (family.name, family.unit, family.withdrawn_on) == ("", county.hamlet, date(2026, 11, 18))
    assert "已撤回同意" in text(office, page("family", family.pk))


def test_ladder_is_made_from_the_empty_list(house, sign_in):
    office = sign_in(house.office)
    assert page("family_ladder") in text(office, page("families"))
    assert page("family_ladder") in text(office, page("settings"))
    assert page("family_ladder") not in text(sign_in(house.liaison), page("families"))
    office = sign_in(house.office)
    post(office, page("family_ladder"))
    assert LadderStep.objects.filter(title__subject="family").exists()
    assert "爱国守法星" in text(office, page("settings"))


def test_households_are_counted_with_their_share_where_the_number_is_known(county, sign_in):
    for name in ("李桂兰家庭", "陈守义家庭"):
        give_family(county, make_family(county, name), "village")
    make_family(county, "赵东家庭", unit=county.hamlet)
    told = Told(2026, 6, 2, Decimal(0), "村台账", households=80)
    confirm_figures(enter_figures(county.village, told, actor=county.office), actor=county.second)
    office = sign_in(county.office)
    answer = office.get(page("households", query="?format=xlsx"))
    data = b"".join(answer.streaming_content) if answer.streaming else answer.content
    rows = [row for row in openpyxl.load_workbook(io.BytesIO(data)).active.iter_rows(values_only=True) if row[0]]
    found = {row[0]: row[1:5] for row in rows if row[0] in {"柳林村", "石桥村"}}
    assert found == {"柳林村": (2, 2, 80, "2.5%"), "石桥村": (0, 1, None, None)}
    shown = text(sign_in(county.speaker), page("households"))
    assert "柳林村" in shown
    assert "石桥村" not in shown


@pytest.mark.parametrize("name", ["families", "households", "put_forward"])
def test_page_costs_the_same_for_one_family_and_for_three(county, sign_in, name):
    programme, client = make_call(county), sign_in(county.office)
    args = [programme.pk] if name == "put_forward" else []
    counts = []
    for names in (["甲一家庭"], ["乙二家庭", "丙三家庭"]):
        for one in names:
            give_family(county, make_family(county, one), "village")
        client.get(page(name, *args))
        with CaptureQueriesContext(connection) as queries:
            assert client.get(page(name, *args)).status_code == 200
        counts.append(len(queries))
    assert counts[1] <= counts[0]


def test_desk_calls_on_a_village_with_families(county, sign_in):
    programme = make_call(county)
    assert str(programme) not in text(sign_in(county.speaker), "/desk/")
    make_family(county)
    assert page("put_forward", programme.pk) in text(sign_in(county.speaker), "/desk/")


IMPORTER = FamilyImporter()


def row(county, number=2, **values):
    return ImportRow(number, {"unit": county.village.pk, "name": "李桂兰家庭"} | values)


def test_list_of_a_village_comes_in_and_again_changes_nothing(county):
    region = county.root.region
    title = family_title(county, "village").pk
    rows = [
        row(county, agreed_on=AGREED, title=title, granted_on=date(2025, 6, 1), document="3号"),
        row(county, 3, name="陈守义家庭"),
    ]  # fmt: skip
    assert list(IMPORTER.check(rows, region=region, context={})) == []
    answers = {"region": region, "actor": county.office, "context": {}, "source": Source("家庭.xlsx", "0" * 64)}
    first = IMPORTER.write(rows, **answers)
    assert (first.new, first.changed, first.unchanged) == (2, 0, 0)
    assert "桂兰" not in str(first.to_json())
    assert [(one.name, one.has_agreed) for one in Family.objects.order_by("pk")] == [
        ("李桂兰家庭", True), ("陈守义家庭", False)
    ]  # fmt: skip
    assert Award.objects.get().holder == "李桂兰家庭"
    again = IMPORTER.write([*rows[:1], row(county, 3, name="陈守义家庭", agreed_on=AGREED)], **answers)
    assert (again.new, again.changed, again.unchanged) == (0, 1, 1)


def test_rows_that_say_too_much_or_lack_consent_are_named_by_cell(county):
    region, title = county.root.region, family_title(county, "village").pk
    held = {"title": title, "granted_on": date(2025, 6, 1), "document": "3号"}
    rows = [
        row(county, 2, name="王家432301198802034567"), row(county, 3, unit=county.root.pk),
        row(county, 4, **held), row(county, 5, agreed_on=date(2027, 1, 1)),
        row(county, 6, agreed_on=AGREED, title=title), row(county, 7, agreed_on=AGREED, **held),
    ]  # fmt: skip
    found = [(one.row, one.field, one.code) for one in IMPORTER.check(rows, region=region, context={})]
    assert found == [
        (2, "name", "private"), (3, "unit", "unit"), (4, "agreed_on", "unasked"), (5, "agreed_on", "ahead"),
        (6, "granted_on", "incomplete"),
    ]  # fmt: skip


def test_workbook_of_families_is_not_kept(county):
    book = openpyxl.Workbook()
    book.active.append(["推荐单位", "家庭名称", "同意日期", "身份证号"])
    book.active.append(["柳林村", "李桂兰家庭", date(2026, 11, 3), "432301198802034567"])
    buffer = io.BytesIO()
    book.save(buffer)
    task = wizard.start_import(
        IMPORTER, buffer.getvalue(), "家庭.xlsx", region=county.root.region, actor=county.office, context={}
    )  # fmt: skip
    sent = task.file
    task = wizard.choose_columns(task, IMPORTER, {"unit": 0, "name": 1, "agreed_on": 2})
    wizard.import_rows(task, IMPORTER, actor=county.office, good_only=False)
    kept = WorkbookImport.objects.get(pk=task.pk)
    assert Family.objects.get().name == "李桂兰家庭"
    assert kept.file.sha256 != sent.sha256
    assert not WorkbookImport.objects.filter(file__sha256=sent.sha256).exists()
    assert StoredFile.objects.filter(pk=sent.pk).exists()  # swept once it is old: nothing points to it
    assert "桂兰" not in str(kept.summary)


def test_objection_about_a_family_is_answered_without_its_name(county, sign_in):
    programme, family = make_call(county), make_family(county)
    give_family(county, family, "village")
    made = make_family_reviewed(county, programme, family)
    settle_family(county, made)
    notice_families(county, programme, made)
    office = sign_in(county.office)
    with clock.at(noon(NOTICE[0])):
        post(office, page("application_act", made.pk, "objection"), text="有意见", received_on=str(NOTICE[0]))
        found = Objection.objects.get()
        address = page("objection", found.pk)
        assert office.post(address, {"ruling": "dismissed", "reply": "李桂兰查无此事"}).status_code == 422
        post(office, address, ruling="dismissed", reply="查无此事")
