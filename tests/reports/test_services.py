"""A paper's way, step by step, with every refusal."""

import io
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from docx import Document
from typst import Fonts

from chuangwen.accounts.roles import Role
from chuangwen.core import clock
from chuangwen.core.errors import BadUpload, Conflict, Refusal
from chuangwen.core.files.services import read
from chuangwen.notifications.models import Notice
from chuangwen.rectification.models import Problem
from chuangwen.rectification.queries import closing_rate
from chuangwen.reports import pdf
from chuangwen.reports.enums import BulletinState, PaperKind
from chuangwen.reports.models import Bulletin, PaperForm, Receipt
from chuangwen.reports.paper import TO_FILL
from chuangwen.reports.periods import Period, month_of
from chuangwen.reports.queries import span_of
from chuangwen.reports.services import (
    PaperSignature,
    approve_bulletin,
    arranging,
    change_form,
    edit_bulletin,
    ensure_defaults,
    issue_bulletin,
    receive_bulletin,
    receive_own,
    refresh_figures,
    remind_units,
    return_bulletin,
    set_template,
    submit_bulletin,
    take_back_bulletin,
    take_snapshot,
    withdraw_bulletin,
)
from chuangwen.reports.sheet import as_json, digest, from_json
from chuangwen.workflow.services import StaleState
from tests.config.doors import picture
from tests.reports.making import LATER, WEEK, Office, unit_of_another_region
from tests.reports.test_placeholders import ROWS, template
from tests.support.factories import DAY, NOON, make_problem, make_task, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    return Office()


def test_frozen_rate_is_the_one_that_the_ledger_counts(office):
    make_problem(office.unit, state="disputed")
    make_problem(office.unit, state="closed", closed_in_time=True, source="self")
    make_problem(office.unit, state="closed", closed_in_time=False, recurrence_of=office.good)
    make_problem(office.unit, state="fixed", fixed_at=NOON)
    make_problem(office.unit, state="closed", closed_in_time=True, problem_class="long-term")
    bulletin = office.draft()
    total = from_json(bulletin.snapshot.sheet).total
    with clock.at(LATER):
        span = span_of(WEEK, LATER)
        rate = closing_rate(office.root.region, span.start, span.end)
    assert (total.values["in_time"], total.values["due"]) == (rate.numerator, rate.denominator) == (1, 3)
    assert total.values["self_found"] == rate.self_found == 1


def test_snapshot_keeps_its_figures_when_the_ledger_moves_on(office):
    bulletin = office.draft()
    before = bulletin.snapshot.sheet
    Problem.objects.update(state="gone")
    bulletin.snapshot.refresh_from_db()
    assert bulletin.snapshot.sheet == before
    assert bulletin.snapshot.sha256 == digest(before) == digest(as_json(from_json(before)))


def test_draft_says_the_figures_and_is_addressed_to_the_units_in_it(office):
    bulletin = office.draft()
    assert bulletin.title == "问题整改周报（2026年11月16日至22日）"
    assert "新交办问题2件；应办结2件，其中按期办结1件，逾期办结0件，逾期未结1件，按期整改率50%" in bulletin.body
    assert set(bulletin.units.all()) == {office.unit, office.other}


def test_bulletin_names_the_best_and_the_weakest_and_leaves_the_demands_to_the_office(office):
    bulletin = office.draft(kind=PaperKind.BULLETIN, period=month_of(DAY))
    assert bulletin.title == "关于2026年11月问题整改情况的通报"
    assert "市城管局（100%）" in bulletin.body
    assert "按期整改率较低的单位：东关街道（0%）" in bulletin.body
    with pytest.raises(Refusal, match="请填写"):
        submit_bulletin(bulletin, actor=office.office)
    assert TO_FILL in bulletin.body


@pytest.mark.parametrize("kind", [PaperKind.SUPERIOR, PaperKind.HARD, PaperKind.TASKS, PaperKind.WORK])
def test_every_ledger_lists_its_matters_and_nobody_elses(office, kind):
    make_problem(office.unit, source="superior", title="占道", source_number="7", state="long-term", cause="缺经费")
    task = make_task(office.unit, campaign=office.campaign, due_at=NOON, state="accepted", progress=40)
    stranger = unit_of_another_region()
    make_problem(stranger, source="superior", title="别处", state="long-term")
    make_task(stranger, title="别处")
    rows = from_json(office.draft(kind=kind).snapshot.sheet).rows
    found = {PaperKind.TASKS: [task.title], PaperKind.WORK: ["市城管局", "东关街道"]}.get(kind, ["占道"])
    assert [row.name for row in rows] == found
    told = {PaperKind.SUPERIOR: ("source_number", "7"), PaperKind.HARD: ("cause", "缺经费"),
            PaperKind.TASKS: ("progress", 0.4),
            PaperKind.WORK: ("difficulty", f"逾期：{task.title}")}[kind]  # fmt: skip
    assert rows[0].values[told[0]] == told[1]


def test_period_ahead_or_beyond_a_year_is_refused(office):
    with clock.at(LATER):
        ahead, long = Period(date(2027, 1, 1), date(2027, 1, 2)), Period(date(2025, 1, 1), date(2026, 2, 1))
        with pytest.raises(Refusal, match="还没开始"):
            take_snapshot(office.campaign, PaperKind.BULLETIN, ahead, actor=office.office)
        with pytest.raises(Refusal, match="超过一年"):
            take_snapshot(office.campaign, PaperKind.BULLETIN, long, actor=office.office)
        with pytest.raises(PermissionDenied):
            take_snapshot(office.campaign, PaperKind.BULLETIN, WEEK, actor=office.leader)


def words(bulletin, **changes):
    given = {"title": bulletin.title, "addressee": "", "body": "一段", "units": [], "revision": bulletin.revision}
    return given | changes


def test_draft_is_changed_and_an_overtaken_change_is_refused(office):
    bulletin = office.draft()
    first = words(bulletin, title="新标题")
    edit_bulletin(bulletin, actor=office.office, **first)
    bulletin.refresh_from_db()
    assert (bulletin.title, bulletin.body, bulletin.revision, bulletin.units.count()) == ("新标题", "一段", 2, 0)
    with pytest.raises(StaleState):
        edit_bulletin(bulletin, actor=office.colleague, **first)


@pytest.mark.parametrize(
    ("changes", "why"),
    [({"title": " "}, "没有标题"), ({"body": "字" * 50_001}, "超过50000字"), ({"units": None}, "别的地区")],
)
def test_change_that_makes_no_paper_is_refused(office, changes, why):
    bulletin = office.draft()
    if "units" in changes:
        changes = {"units": [unit_of_another_region()]}
    with pytest.raises(Refusal, match=why):
        edit_bulletin(bulletin, actor=office.office, **words(bulletin, **changes))
    with pytest.raises(PermissionDenied):
        edit_bulletin(bulletin, actor=office.leader, **words(bulletin))


def test_figures_are_frozen_anew_and_the_text_stays_unless_asked(office):
    bulletin = office.draft()
    old, body = bulletin.snapshot, bulletin.body
    make_problem(office.unit, state="closed", closed_in_time=True)
    with clock.at(LATER + timedelta(hours=1)):
        refresh_figures(bulletin, revision=1, actor=office.office)
        assert (bulletin.snapshot.pk != old.pk, bulletin.body, bulletin.revision) == (True, body, 2)
        refresh_figures(bulletin, revision=2, anew=True, actor=office.office)
        assert "应办结3件" in bulletin.body
        with pytest.raises(StaleState):
            refresh_figures(bulletin, revision=2, actor=office.office)
    submit_bulletin(bulletin, actor=office.office)
    with pytest.raises(Refusal, match="只有草稿"):
        refresh_figures(bulletin, revision=3, actor=office.office)
    with pytest.raises(Refusal, match="只有草稿"):
        edit_bulletin(bulletin, actor=office.office, **words(bulletin))


def test_who_drafted_it_does_not_approve_it_but_a_colleague_or_a_leader_does(office):
    bulletin = office.submitted()
    with pytest.raises(Refusal, match="您起草的"):
        approve_bulletin(bulletin, actor=office.office)
    with pytest.raises(PermissionDenied):
        approve_bulletin(bulletin, actor=office.liaison)
    approve_bulletin(bulletin, actor=office.colleague)
    assert (bulletin.state, bulletin.signatory) == (BulletinState.APPROVED, str(office.colleague))
    with pytest.raises(StaleState):
        submit_bulletin(bulletin, actor=office.office)


def signature(**fields):
    return PaperSignature(**{"name": "王市长", "at": LATER, "scan": picture(), "scan_name": "签发.png"} | fields)


def test_signature_on_paper_is_entered_by_the_office_with_scan_and_true_time(office):
    with clock.at(LATER):
        bulletin = office.submitted()
    at = bulletin.created_at + timedelta(minutes=1)
    with clock.at(at + timedelta(hours=1)):
        approve_bulletin(bulletin, actor=office.office, signature=signature(at=at))
    assert (bulletin.signatory, bulletin.approved_at, bulletin.approved_by) == ("王市长", at, office.office)


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"name": " "}, "谁签字"), ({"scan": b""}, "缺扫描件"), ({"name": None}, "不能审批"),
        ({"at": LATER + timedelta(days=9)}, "在将来"), ({"at": NOON - timedelta(days=9)}, "早于起草"),
    ],
)  # fmt: skip
def test_signature_that_shows_nothing_is_refused(office, fields, why):
    with clock.at(LATER):
        bulletin = office.submitted()
        if "name" in fields and fields["name"] is None:
            fields = {"name": str(office.office)}
        with pytest.raises(Refusal, match=why):
            approve_bulletin(bulletin, actor=office.office, signature=signature(**fields))
    assert Bulletin.objects.get(pk=bulletin.pk).state == BulletinState.SUBMITTED


def test_returned_and_taken_back_papers_lose_their_approval(office):
    bulletin = office.submitted()
    with pytest.raises(Refusal, match=r"理由|原因"):
        return_bulletin(bulletin, reason=" ", actor=office.leader)
    return_bulletin(bulletin, reason="数字核对", actor=office.leader)
    assert Notice.objects.filter(user=office.office, title__contains=bulletin.title).exists()
    submit_bulletin(bulletin, actor=office.office)
    approve_bulletin(bulletin, actor=office.leader)
    take_back_bulletin(bulletin, actor=office.office)
    bulletin.refresh_from_db()
    assert (bulletin.state, bulletin.approved_by, bulletin.signatory) == (BulletinState.DRAFT, None, "")


def test_issued_paper_has_its_number_its_files_and_waits_for_its_units(office):
    first, second = office.issued(), office.issued()
    assert [first.number, second.number] == ["2026年第1期", "2026年第2期"]
    lines = [one.text for one in Document(io.BytesIO(read(first.word.file))).paragraphs]
    assert "2026年第1期" in lines
    assert "（草稿，未签发）" not in lines
    assert read(first.pdf.file)[:5] == b"%PDF-"
    assert set(first.receipts.values_list("unit", "received_at")) == {(office.unit.pk, None), (office.other.pk, None)}
    assert Notice.objects.filter(user=office.liaison, title__startswith="请签收").count() == 2


def test_bulletin_is_numbered_by_year_behind_the_letters_of_the_office(office):
    ensure_defaults(office.root.region, actor=office.office)
    form = PaperForm.objects.get(kind=PaperKind.BULLETIN)
    change_form(form, issuer="云溪市创建办", letters="云创建办", copy_to="", actor=office.office)
    with clock.at(LATER):
        bulletin = office.submitted(kind=PaperKind.BULLETIN, period=month_of(DAY))
        approve_bulletin(bulletin, actor=office.leader)
        issue_bulletin(bulletin, actor=office.office)
    assert bulletin.number == "云创建办〔2026〕1号"


def test_nothing_is_issued_that_was_not_approved(office):
    bulletin = office.submitted()
    with pytest.raises(StaleState):
        issue_bulletin(bulletin, actor=office.office)
    approve_bulletin(bulletin, actor=office.leader)
    with pytest.raises(PermissionDenied):
        issue_bulletin(bulletin, actor=office.leader)
    assert Receipt.objects.count() == 0


def test_unit_signs_once_for_itself_alone(office):
    bulletin = office.issued()
    own, other = bulletin.receipts.get(unit=office.unit), bulletin.receipts.get(unit=office.other)
    with clock.at(LATER):
        assert [one.pk for one in receive_own(bulletin, actor=office.liaison)] == [own.pk]
        with pytest.raises(PermissionDenied):
            receive_bulletin(other, actor=office.liaison)
        with pytest.raises(Conflict):
            receive_own(bulletin, actor=office.liaison)
        with pytest.raises(Conflict):
            receive_bulletin(own, actor=office.office, on_behalf="市城管局")
        with pytest.raises(Refusal, match="在将来"):
            receive_bulletin(other, actor=office.office, at=LATER + timedelta(days=1))
        receive_bulletin(other, actor=office.office, on_behalf="东关街道", at=LATER)
        with pytest.raises(Refusal, match="都已签收"):
            remind_units(bulletin, actor=office.office)


def test_units_that_have_not_signed_are_reminded(office):
    bulletin = office.issued()
    Notice.objects.all().delete()
    assert remind_units(bulletin, actor=office.office) == 2
    assert list(Notice.objects.values_list("user", flat=True)) == [office.liaison.pk]
    with pytest.raises(PermissionDenied):
        remind_units(bulletin, actor=office.leader)


def test_withdrawn_paper_stays_readable_and_is_not_signed_for_any_more(office):
    bulletin = office.issued()
    withdraw_bulletin(bulletin, reason="数字有误", actor=office.office)
    assert Bulletin.objects.visible_to(office.liaison).get() == bulletin
    with pytest.raises(Refusal, match="没有生效"):
        remind_units(bulletin, actor=office.office)
    with pytest.raises(Refusal, match="没有生效"):
        receive_own(bulletin, actor=office.liaison)


def test_defaults_are_made_once_and_a_change_makes_them_the_sites_own(office):
    region = office.root.region
    assert (ensure_defaults(region, actor=office.office), ensure_defaults(region, actor=office.office)) == (10, 0)
    form = PaperForm.objects.get(kind=PaperKind.WORK)
    assert form.source == "proposed: GB/T 9704-2012"
    change_form(form, issuer=form.issuer, letters="", copy_to="", actor=office.office)
    assert form.source == "proposed: GB/T 9704-2012"
    change_form(form, issuer="新机关", letters="", copy_to="", actor=office.office)
    assert form.source == "site"
    with pytest.raises(PermissionDenied):
        change_form(form, issuer="x", letters="", copy_to="", actor=make_user(Role.LIAISON, office.unit))


def test_template_of_the_office_makes_the_word_file_and_a_wrong_one_is_refused_with_its_place(office):
    ensure_defaults(office.root.region, actor=office.office)
    form = PaperForm.objects.get(kind=PaperKind.RECTIFICATION)
    with pytest.raises(BadUpload, match=r"秘密.*报送"):
        set_template(form, template("报送{{ 秘密 }}"), "a.docx", actor=office.office)
    with pytest.raises(BadUpload, match="不是Word"):
        set_template(form, b"text", "a.docx", actor=office.office)
    asked = set_template(form, template("{{ 标题 }}", table=ROWS), "周报.docx", actor=office.office)
    assert asked == ["标题", "表", "表.单位", "表.应办结", "合计.应办结"]
    made = Document(io.BytesIO(read(office.issued().word.file)))
    assert made.paragraphs[0].text == "问题整改周报（2026年11月16日至22日）"
    assert [row.cells[0].text for row in made.tables[0].rows] == ["单位", "市城管局", "东关街道", "合计"]


def test_template_that_fits_no_more_is_refused_by_name_and_nothing_is_issued(office, monkeypatch):
    ensure_defaults(office.root.region, actor=office.office)
    form = PaperForm.objects.get(kind=PaperKind.RECTIFICATION)
    monkeypatch.setattr(arranging, "placeholders_in", lambda data, words: [])  # as an older program took it
    set_template(form, template("{{ 行.单位 }}"), "旧模板.docx", actor=office.office)
    made = office.submitted()
    approve_bulletin(made, actor=office.leader)
    with pytest.raises(Refusal, match="“旧模板"):
        issue_bulletin(made, actor=office.office)
    made.refresh_from_db()
    assert (made.state, made.number, made.receipts.count()) == ("approved", "", 0)


def test_paper_is_not_issued_with_a_blank_pdf(office, monkeypatch):
    made = office.submitted()
    monkeypatch.setattr(pdf, "_fonts", lambda folders: Fonts(include_system_fonts=False, include_embedded_fonts=False))
    approve_bulletin(made, actor=office.leader)
    with pytest.raises(Refusal, match="没有中文字体"):
        issue_bulletin(made, actor=office.office)
    made.refresh_from_db()
    assert (made.state, made.number, made.word, made.pdf) == ("approved", "", None, None)
