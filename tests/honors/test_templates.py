"""The authority's own Word forms: taken after a check, filled with real applications, replaced, dropped."""

from __future__ import annotations

import io
import subprocess
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import translation
from docx import Document

from chuangwen.core import clock
from chuangwen.core.errors import BadUpload, Conflict
from chuangwen.core.word_templates.placeholders import check, known
from chuangwen.honors.enums import Paper
from chuangwen.honors.models import FormTemplate
from chuangwen.honors.placeholders import VOCABULARIES
from chuangwen.honors.queries.templates import template_of
from chuangwen.honors.services import (
    begin_application,
    drop_template,
    submit_application,
    take_template,
    write_application,
)
from tests.core.test_word_templates import form, saved
from tests.honors.making import fit, make_dossier, make_programme, make_reviewed, publish
from tests.honors.test_assessing import told
from tests.reports.test_word_schema import SOFFICE

pytestmark = pytest.mark.once
CONDITIONS = [("{%tr for 行 in 条件 %}", ""), ("{{ 行.名称 }}", "{{ 行.结论 }}"), ("{%tr endfor %}", "")]


@pytest.fixture
def programme(house):
    return make_programme(house)


def whole(paper):
    """A form that asks for everything that its paper knows."""
    words = VOCABULARIES[paper]
    document = Document()
    for name in words.single:
        document.add_paragraph(f"{name}={{{{ {name} }}}}")
    for name in words.lists:
        for line in (f"{{%p for 段 in {name} %}}", "{{ 段 }}", "{%p endfor %}"):
            document.add_paragraph(line)
    for one in words.tables:
        document.add_paragraph("")  # tables that touch each other are one
        table = document.add_table(rows=0, cols=len(one.words))
        for texts in (
            one.words, [f"{{%tr for 行 in {one.name} %}}"], [f"{{{{ 行.{word} }}}}" for word in one.words],
            ["{%tr endfor %}"],
        ):  # fmt: skip
            for cell, text in zip(table.add_row().cells, texts, strict=False):
                cell.text = text
    return saved(document)


def take(house, of, data, paper="form", name="上级表样.docx"):
    return take_template(of, paper, data, name, actor=house.office)


def texts_of(data):
    """Paragraphs and cells of a Word file."""
    document = Document(io.BytesIO(data))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return [one.text for one in document.paragraphs if one.text] + cells


def paper(client, application, which="form"):
    return texts_of(client.get(reverse("honors:paper", args=[application.pk, which])).content)


@pytest.fixture
def submitted(house):
    version = publish(house)
    make_dossier(version, house.bureau, "1.1", 2, 2)
    programme = make_programme(house)
    fit(house, house.bureau)
    made = begin_application(programme, house.bureau, actor=house.liaison)
    write_application(made, self_report="讲堂每季一次。\n\n人人<参加>&志愿。", lines=told(), actor=house.liaison)
    submit_application(made, responsible="王局", signed_on=clock.today(), actor=house.liaison)
    return made


def test_application_form_comes_in_the_authoritys_form_with_the_words_of_the_application(house, submitted, sign_in):
    take(house, submitted.programme, whole(Paper.FORM))
    told_ = paper(sign_in(house.liaison), submitted)
    for words in (
        "单位=市水利局", "自评得分=97.5", "处室=10", "文明处室=5", "标兵处室=1", "在职人数=200", "志愿服务时长=1,500",
        "签字人=王局", "已获称号=市级文明单位", "讲堂每季一次。", "人人<参加>&志愿。", "(Ⅰ-1)", "逾期一件",
    ):  # fmt: skip
        assert words in told_
    assert len([one for one in told_ if one in {"达标", "不达标", "待定"}]) == submitted.programme.rules.count()


def test_form_is_chinese_whatever_the_screen_speaks(house, submitted, sign_in):
    take(house, submitted.programme, form("{{ 状态 }}", "{{ 标题 }}"))
    with translation.override("en"):
        client = sign_in(house.office)
        client.cookies["django_language"] = "en"
        assert paper(client, submitted) == ["已提交", "2026年度省级文明单位申报表"]


def test_review_form_and_summary_know_reviewers_and_places(house, sign_in):
    programme = make_programme(house)
    fit(house, house.bureau)
    made = make_reviewed(house, programme, house.bureau)
    take(house, programme, whole(Paper.REVIEW), Paper.REVIEW)
    take(house, programme, whole(Paper.SUMMARY), Paper.SUMMARY)
    client = sign_in(house.office)
    told_ = paper(client, made, "review")
    assert {"评0", "92", "征求意见函", "评审得分=91"} <= set(told_)
    summary = texts_of(client.get(reverse("honors:summary", args=[programme.pk]) + "?format=docx").content)
    assert {"申报数=1", "名额=6", made.number, "市水利局"} <= set(summary)


def test_form_of_the_unit_knows_no_reviewers(house, programme):
    with pytest.raises(BadUpload):
        take(house, programme, form("{{ 评审得分 }}"))
    assert not FormTemplate.objects.exists()


@pytest.mark.parametrize("which", Paper.values)
def test_everything_that_the_page_lists_is_taken(which):
    lines = [line for name, written in known(VOCABULARIES[which]) if "." not in name and "tr" not in written
             for line in written.splitlines()]  # fmt: skip
    assert check(form(*lines), VOCABULARIES[which]).faults == ()


def test_programmes_form_goes_before_the_titles_and_the_built_in_one_holds_where_none_is(house, submitted, sign_in):
    client, programme = sign_in(house.liaison), submitted.programme
    built_in = paper(client, submitted)
    take(house, programme.title, form("称号的"))
    assert paper(client, submitted) == ["称号的"]
    own = take(house, programme, form("评选的"))
    assert paper(client, submitted) == ["评选的"]
    drop_template(own, actor=house.office)
    assert paper(client, submitted) == ["称号的"]
    drop_template(template_of(programme, "form"), actor=house.office)
    assert paper(client, submitted) == built_in
    with pytest.raises(Conflict):
        drop_template(own, actor=house.office)


def test_replaced_form_stays_as_history_and_can_still_be_opened(house, programme, sign_in):
    take(house, programme, form("旧"), name="旧表.docx")
    take(house, programme, form("新"), name="新表.docx")
    assert [bool(one.ended_at) for one in FormTemplate.objects.all()] == [False, True]
    client = sign_in(house.office)
    page = client.get(reverse("honors:programme_template", args=[programme.pk, "form"])).content.decode()
    old = FormTemplate.objects.get(ended_at__isnull=False).attachment
    assert reverse("core:file", args=[old.uid]) in page
    assert texts_of(client.get(reverse("core:file", args=[old.uid])).content) == ["旧"]


def upload(data, name="表.docx"):
    return {"file": SimpleUploadedFile(name, data)}


def test_office_uploads_reads_the_faults_with_their_place_and_keeps_what_it_had(house, programme, sign_in):
    client, here = sign_in(house.office), reverse("honors:programme_template", args=[programme.pk, "form"])
    assert client.post(here, upload(form("{{ 单位 }}"))).status_code == 302
    answer = client.post(here, upload(form(cells=[[("报送", "{{ 行长 }}")]])))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "行长" in page
    assert "第1个表格第1行" in page or "table 1, row 1" in page
    assert FormTemplate.objects.get().placeholders == ["单位"]
    assert client.post(here, {}).status_code == 422


def test_preview_is_filled_with_a_real_application(house, submitted, sign_in):
    made = take(house, submitted.programme, form("{{ 单位 }}", cells=[CONDITIONS]))
    client = sign_in(house.office)
    page = client.get(reverse("honors:programme_template", args=[submitted.programme_id, "form"])).content.decode()
    assert f'value="{submitted.pk}"' in page
    here = reverse("honors:template_preview", args=[made.pk])
    assert texts_of(client.get(f"{here}?application={submitted.pk}").content)[0] == "市水利局"
    assert client.get(here).status_code == 404
    assert client.get(f"{here}?application=0").status_code == 404
    summary = take(house, submitted.programme, form("{{ 申报数 }}"), "summary")
    here = reverse("honors:template_preview", args=[summary.pk])
    assert texts_of(client.get(f"{here}?application={submitted.pk}").content) == ["1"]


def test_only_the_office_arranges_forms(house, programme, sign_in):
    made = take(house, programme, form("甲"))
    for user in (house.liaison, house.leader):
        client = sign_in(user)
        assert client.get(reverse("honors:programme_template", args=[programme.pk, "form"])).status_code == 403
        assert client.post(reverse("honors:template_drop", args=[made.pk])).status_code == 403
        with pytest.raises(PermissionDenied):
            take_template(programme, "form", form("乙"), "乙.docx", actor=user)
        with pytest.raises(PermissionDenied):
            drop_template(made, actor=user)
    assert sign_in(house.office).get(
        reverse("honors:programme_template", args=[programme.pk, "other"])
    ).status_code == 404  # fmt: skip


def test_title_page_takes_and_drops(house, programme, sign_in):
    client, here = sign_in(house.office), reverse("honors:title_template", args=[programme.title_id, "review"])
    client.post(here, upload(form("{{ 评审得分 }}")))
    made = FormTemplate.objects.get()
    assert (made.title, made.programme) == (programme.title, None)
    inherited = client.get(reverse("honors:programme_template", args=[programme.pk, "review"])).content.decode()
    assert here in inherited
    assert client.post(reverse("honors:template_drop", args=[made.pk])).url == here
    assert template_of(programme, "review") is None


@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not on this machine")
def test_another_program_reads_the_filled_form(house, submitted, sign_in, tmp_path):
    take(house, submitted.programme, whole(Paper.FORM))
    data = sign_in(house.liaison).get(reverse("honors:paper", args=[submitted.pk, "form"])).content
    (tmp_path / "form.docx").write_bytes(data)
    command = [
        SOFFICE, f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", "docx", "--outdir",
        tmp_path / "out", tmp_path / "form.docx",
    ]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    assert texts_of((tmp_path / "out" / "form.docx").read_bytes()) == texts_of(data)


def test_points_of_a_form_are_written_as_people_write_them(house, submitted, sign_in):
    submitted.self_score = Decimal("90.00")
    submitted.save()
    take(house, submitted.programme, form("{{ 自评得分 }}"))
    assert paper(sign_in(house.liaison), submitted) == ["90"]
