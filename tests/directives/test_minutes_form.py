"""Minutes of a series in the authority's own Word form."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from docx import Document as Word

from chuangwen.core import clock
from chuangwen.core.errors import BadUpload, Refusal
from chuangwen.core.models import Attachment
from chuangwen.directives.minutes_form import OWN_MINUTES, minutes_of, minutes_values
from chuangwen.directives.models import MeetingSeries
from chuangwen.directives.services import minutes
from chuangwen.directives.services.minutes import Resolved, give_to_review
from chuangwen.directives.services.series import drop_minutes_form, take_minutes_form
from chuangwen.workflow.queries import history_of
from tests.directives.making import Desk
from tests.directives.test_minutes import MONDAY, held, paragraphs
from tests.support.factories import NOON, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    with clock.at(NOON):
        yield Desk()


@pytest.fixture
def meeting(desk):
    made = held(desk)
    made.series = MeetingSeries.objects.create(
        region=desk.root.region, campaign=desk.campaign, kind="regular", name="创建工作月例会", schedule={}
    )
    made.save(update_fields=["series"])
    minutes.write_minutes(made, summary="副组长讲话\n\n市城管局汇报", recorder="创建办", actor=desk.office)
    minutes.write_decision(
        made,
        Resolved("清运东关市场周边垃圾", units=[desk.city], due_on=MONDAY.replace(day=27), measure="照片"),
        actor=desk.office,
    )
    return made


def form(*lines: str, cells: tuple[str, ...] = ()) -> bytes:
    paper, kept = Word(), io.BytesIO()
    for line in lines:
        paper.add_paragraph(line)
    if cells:
        grid = paper.add_table(rows=3, cols=len(cells))
        grid.rows[0].cells[0].text, grid.rows[2].cells[0].text = "{%tr for 行 in 决定 %}", "{%tr endfor %}"
        for cell, text in zip(grid.rows[1].cells, cells, strict=True):
            cell.text = text
    paper.save(kept)
    return kept.getvalue()


def test_minutes_of_the_series_are_made_in_its_own_form(desk, meeting):
    built_in = paragraphs(minutes_of(meeting))
    own = form(
        "{{ 会议 }}纪要 {{ 编号 }}", "{%p for 段 in 会议内容 %}", "{{ 段 }}", "{%p endfor %}", "签发：{{ 签发人 }}",
        cells=("{{ 行.序号 }}", "{{ 行.事项 }}", "{{ 行.牵头 }}", "{{ 行.完成标准 }}"),
    )  # fmt: skip
    asked = take_minutes_form(meeting.series, own, "纪要.docx", actor=desk.office)
    assert asked == [
        "会议", "编号", "会议内容", "签发人", "决定", "决定.序号", "决定.事项", "决定.牵头", "决定.完成标准",
    ]  # fmt: skip
    data = minutes_of(meeting)
    assert paragraphs(data) == ["十一月例会纪要 ", "副组长讲话", "市城管局汇报", "签发："]
    (table,) = Word(io.BytesIO(data)).tables
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["1", "清运东关市场周边垃圾", "市城管局", "照片"]
    ]
    assert [step.action for step in history_of(meeting.series)] == ["form"]
    drop_minutes_form(meeting.series, actor=desk.office)
    assert paragraphs(minutes_of(meeting)) == built_in
    with pytest.raises(Refusal):
        drop_minutes_form(meeting.series, actor=desk.office)


def test_form_knows_every_word_that_it_lists(meeting):
    values = minutes_values(meeting)
    assert values.keys() == OWN_MINUTES.whole
    for table in OWN_MINUTES.tables:
        assert all(tuple(row) == table.words for row in values[table.name])
    assert (len(values["参会"]), values["到会情况"][:2]) == (3, "未登")


def test_form_that_asks_for_more_is_refused_with_the_place_and_the_one_before_stays(desk, meeting):
    take_minutes_form(meeting.series, form("{{ 会议 }}"), "纪要.docx", actor=desk.office)
    with pytest.raises(BadUpload) as told:
        take_minutes_form(meeting.series, form("工资：{{ 工资 }}"), "错.docx", actor=desk.office)
    assert ("“工资”" in str(told.value), "“工资：{{ 工资 }}”" in str(told.value)) == (True, True)
    with pytest.raises(BadUpload):
        take_minutes_form(meeting.series, form("{{ 会议.__class__ }}"), "恶.docx", actor=desk.office)
    meeting.series.refresh_from_db()
    assert (meeting.series.form.name, Attachment.objects.count()) == ("纪要.docx", 1)


def test_review_reads_what_was_decided_whatever_the_form_leaves_out(desk, meeting):
    take_minutes_form(meeting.series, form("只有标题"), "纪要.docx", actor=desk.office)
    assert "清运东关市场周边垃圾" in give_to_review(meeting, actor=desk.office).text


def test_page_takes_a_form_shows_it_with_a_real_meeting_and_drops_it(desk, meeting, sign_in):
    client, url = sign_in(desk.office), reverse("directives:minutes_form", args=[meeting.series_id])
    assert "{{ 行.牵头 }}" in client.get(url).content.decode()
    bad = client.post(url, {"file": SimpleUploadedFile("错.docx", form("{{ 工资 }}"))})
    assert (bad.status_code, "工资" in bad.content.decode()) == (422, True)
    assert client.post(url, {"file": SimpleUploadedFile("纪要.docx", form("{{ 会议 }}"))}).status_code == 302
    page = client.get(url).content.decode()
    word = reverse("directives:minutes_word", args=[meeting.pk])
    assert ("纪要.docx" in page, word in page) == (True, True)
    assert paragraphs(b"".join(client.get(word))) == ["十一月例会"]
    assert (
        "本系列纪要的自有格式"
        in client.get(reverse("directives:meeting_rule", args=[meeting.series_id])).content.decode()
    )
    client.post(reverse("directives:minutes_form_drop", args=[meeting.series_id]))
    meeting.series.refresh_from_db()
    assert meeting.series.form is None


def test_only_the_office_changes_the_form(desk, meeting, sign_in):
    url = reverse("directives:minutes_form", args=[meeting.series_id])
    for role, unit in (("liaison", desk.city), ("leader", desk.root)):
        assert sign_in(make_user(role, unit)).get(url).status_code in {403, 404}
