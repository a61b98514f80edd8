"""The self-assessment of an application: proposed by the ledger, written line by line, summed, read by reviewers."""

from __future__ import annotations

import io
from decimal import Decimal

import pytest
from django.urls import reverse
from docx import Document
from python_calamine import CalamineWorkbook

from chuangwen.core import clock
from chuangwen.core.errors import Refusal
from chuangwen.honors.models import Application, SelfLine
from chuangwen.honors.queries.assessing import assessment_of
from chuangwen.honors.services import LineTold, begin_application, submit_application, write_application
from tests.honors.making import STANDARD, fit, make_dossier, make_programme, publish

ALL = {"1.1": ("60", "档案齐全"), "2.1": ("36.5", "自查"), "P1": ("2", "市级表彰"), "N1": ("1", "逾期一件")}


def told(**other):
    return {code: LineTold(Decimal(points), basis) for code, (points, basis) in {**ALL, **other}.items()}


@pytest.fixture
def draft(house):
    version = publish(house)
    make_dossier(version, house.bureau, "1.1", 2, 2)
    programme = make_programme(house)
    return begin_application(programme, house.bureau, actor=house.liaison)


def lines_of(application):
    return {line.asked.code: line for line in assessment_of(Application.objects.get(pk=application.pk)).lines}


def test_new_programme_follows_the_newest_standard_for_its_kind_of_title(house):
    publish(house)
    second = publish(house, STANDARD.replace('version: "1"', 'version: "2"').replace("窗口", "窗口服务"))
    assert make_programme(house).standard == second


def test_ledger_fills_in_what_it_knows_and_leaves_the_rest_to_the_unit(draft):
    found = lines_of(draft)
    shown = {code: (line.points, line.basis) for code, line in found.items()}
    assert shown == {
        "1.1": (Decimal("60.00"), "Dossier complete, 2 of 2"), "2.1": (None, ""), "P1": (Decimal(0), ""),
        "N1": (Decimal(0), ""),
    }  # fmt: skip
    assert draft.self_score is None


def test_reviewed_grade_is_what_the_ledger_gives_and_more_is_pointed_out(house, draft):
    dossier = draft.unit.dossiers.get()
    dossier.grade, dossier.value, dossier.accepted_at = "B", 0.75, clock.now()
    dossier.save()
    line = lines_of(draft)["1.1"]
    assert (line.points, line.basis, line.above) == (Decimal("45.00"), "Dossier reviewed: B", False)
    write_application(draft, self_report="", lines=told(), actor=house.liaison)
    assert lines_of(draft)["1.1"].above


def test_sum_of_the_lines_is_the_self_score(house, draft):
    write_application(draft, self_report="做了", lines=told(), actor=house.liaison)
    draft.refresh_from_db()
    assert (draft.self_score, draft.self_report) == (Decimal("97.50"), "做了")  # 60 + 36.5 + 2 - 1
    assert {line.code: bool(line.node_id) for line in draft.lines.all()} == {
        "1.1": True, "2.1": True, "P1": False, "N1": False
    }  # fmt: skip


def test_sum_waits_for_every_line_and_the_cap_holds(house, draft):
    half = {"1.1": LineTold(Decimal(60)), "2.1": LineTold(None)}
    write_application(draft, self_report="", lines=half, actor=house.liaison)
    draft.refresh_from_db()
    assert draft.self_score is None
    rest = told(**{"2.1": ("40", ""), "P1": ("5", ""), "N1": ("0", "")})
    write_application(draft, self_report="", lines=rest, actor=house.liaison)
    draft.refresh_from_db()
    assert (draft.self_score, SelfLine.objects.count()) == (Decimal("105.00"), 4)


@pytest.mark.parametrize("wrong", [{"1.1": ("60.5", "")}, {"N1": ("-1", "")}, {"9.9": ("1", "")}])
def test_points_beyond_a_line_are_refused_and_nothing_is_kept(house, draft, wrong):
    with pytest.raises(Refusal, match="points of"):
        write_application(draft, self_report="x", lines=told(**wrong), actor=house.liaison)
    draft.refresh_from_db()
    assert (draft.self_report, SelfLine.objects.count()) == ("", 0)


def test_one_number_does_where_there_is_no_standard_and_nowhere_else(house, draft):
    with pytest.raises(Refusal, match="criterion by criterion"):
        write_application(draft, self_score=Decimal(90), self_report="", actor=house.liaison)
    draft.programme.standard = None
    with pytest.raises(Refusal, match="one number"):
        write_application(draft, self_report="", lines=told(), actor=house.liaison)
    write_application(draft, self_score=Decimal(90), self_report="", actor=house.liaison)
    assert draft.self_score == Decimal(90)


def test_what_is_handed_in_is_written_no_more(house, draft):
    fit(house, house.bureau)
    write_application(draft, self_report="", lines=told(), actor=house.liaison)
    submit_application(draft, responsible="王局", signed_on=clock.today(), actor=house.liaison)
    with pytest.raises(Refusal):
        write_application(draft, self_report="", lines=told(), actor=house.liaison)


def address(draft, query=""):
    return reverse("honors:assessment", args=[draft.pk]) + query


def posted(**other):
    values = {f"points_{n}": points for n, (points, _basis) in enumerate(ALL.values())}
    return values | {f"basis_{n}": basis for n, (_points, basis) in enumerate(ALL.values())} | other


def test_unit_writes_its_lines_on_screen_and_is_led_on_to_submitting(house, draft, sign_in):
    client = sign_in(house.liaison)
    assert 'value="60"' in client.get(address(draft)).content.decode()
    stays = client.post(address(draft), posted(points_1="", stay="1"))
    assert stays.url == address(draft)
    assert client.post(address(draft), posted()).url == reverse("honors:application", args=[draft.pk])  # not yet fit
    fit(house, house.bureau)
    assert client.post(address(draft), posted()).url == reverse("honors:application_act", args=[draft.pk, "submit"])
    page = client.get(reverse("honors:application", args=[draft.pk])).content.decode()
    assert "97.5" in page


def test_wrong_points_stay_in_their_field(house, draft, sign_in):
    answer = sign_in(house.liaison).post(address(draft), posted(points_0="61"))
    assert answer.status_code == 422
    assert 'value="61"' in answer.content.decode()
    assert SelfLine.objects.count() == 0


def test_reviewers_read_and_do_not_write(house, draft, sign_in):
    write_application(draft, self_report="", lines=told(), actor=house.liaison)
    client = sign_in(house.leader)
    page = client.get(address(draft)).content.decode()
    assert "市级表彰" in page
    assert "points_0" not in page
    assert client.post(address(draft), posted()).status_code in {403, 404}


def test_self_assessment_is_a_workbook_and_a_word_file(house, draft, sign_in):
    write_application(draft, self_report="", lines=told(), actor=house.liaison)
    client = sign_in(house.liaison)
    rows = CalamineWorkbook.from_filelike(io.BytesIO(client.get(address(draft, "?format=xlsx")).content))
    cells = [cell for row in rows.get_sheet_by_index(0).to_python() for cell in row]
    assert "(Ⅰ-1)" in cells
    assert 36.5 in cells
    table = Document(io.BytesIO(client.get(address(draft, "?format=docx")).content)).tables[0]
    assert [cell.text for cell in table.rows[1].cells][:4] == ["(Ⅰ-1)", "有方案", "60", "60"]


def test_lines_of_many_criteria_cost_no_more_queries(house, draft, django_assert_num_queries):
    found = Application.objects.select_related("programme__standard", "unit").get(pk=draft.pk)
    assessment_of(found)  # the standard itself is read once a process
    with django_assert_num_queries(2):
        assessment_of(found)


@pytest.mark.parametrize("paper", ["form", "review"])
def test_papers_of_an_application_say_what_the_program_knows_and_leave_opinions_empty(house, draft, sign_in, paper):
    fit(house, house.bureau)
    write_application(draft, self_report="道德讲堂每季一次。", lines=told(), actor=house.liaison)
    submit_application(draft, responsible="王局", signed_on=clock.today(), actor=house.liaison)
    answer = sign_in(house.office).get(reverse("honors:paper", args=[draft.pk, paper]))
    texts = [cell.text for row in Document(io.BytesIO(answer.content)).tables[0].rows for cell in row.cells]
    assert house.bureau.name in texts
    assert "97.5" in texts
    assert ("道德讲堂每季一次。" in texts) == (paper == "form")
    opinions = [text for text in texts if text.startswith("负责人签字")]
    assert len({text for text in opinions if "王局" in text}) == (paper == "form")


def test_review_form_and_summary_are_not_for_the_unit(house, draft, sign_in):
    client = sign_in(house.liaison)
    assert client.get(reverse("honors:paper", args=[draft.pk, "review"])).status_code == 403
    assert client.get(reverse("honors:paper", args=[draft.pk, "other"])).status_code == 404
    assert client.get(reverse("honors:summary", args=[draft.programme_id])).status_code == 403


def test_summary_names_every_application_that_was_handed_in(house, draft, sign_in):
    office, here = sign_in(house.office), reverse("honors:summary", args=[draft.programme_id])
    assert office.get(here).status_code == 302  # nothing handed in yet
    fit(house, house.bureau)
    write_application(draft, self_report="", lines=told(), actor=house.liaison)
    submit_application(draft, responsible="王局", signed_on=clock.today(), actor=house.liaison)
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(office.get(here).content)).get_sheet_by_index(0).to_python()
    (row,) = [row for row in sheet if draft.number in row]
    assert row[2:5] == [house.bureau.name, "市级文明单位", 97.5]
    table = Document(io.BytesIO(office.get(f"{here}?format=docx").content)).tables[0]
    assert [cell.text for cell in table.rows[1].cells][:5] == ["1", draft.number, *row[2:4], "97.5"]
