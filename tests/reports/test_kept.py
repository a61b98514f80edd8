"""What each step of a paper leaves behind: columns, history, audit, who is told, and nothing in the paper beside it."""

from datetime import date, timedelta

import pytest

from chuangwen.accounts.models import User
from chuangwen.accounts.roles import Role
from chuangwen.core import clock
from chuangwen.core.errors import Refusal
from chuangwen.core.files.services import read
from chuangwen.core.models import Attachment
from chuangwen.notifications.models import Notice
from chuangwen.organizations.services import grant_role
from chuangwen.reports.edition import from_json
from chuangwen.reports.enums import PaperKind
from chuangwen.reports.models import Bulletin, PaperForm, PhotoPair, Receipt, Release, SiteFont, Snapshot
from chuangwen.reports.periods import Period, month_of
from chuangwen.reports.services import (
    add_font,
    approve_bulletin,
    arranging,
    change_form,
    choose_photos,
    draft_bulletin,
    draft_round_papers,
    drop_release,
    drop_template,
    edit_bulletin,
    ensure_defaults,
    issue_bulletin,
    issuing,
    keep_pdf,
    propose_release,
    receive_bulletin,
    receive_own,
    refresh_figures,
    release_bulletin,
    remind_units,
    return_bulletin,
    set_template,
    submit_bulletin,
    take_back_bulletin,
    take_release_back,
    take_snapshot,
    withdraw_bulletin,
)
from chuangwen.reports.services.issuing import RETRIES, try_pdf, try_pdf_later
from chuangwen.reports.services.steps import PaperSignature
from tests.config.doors import picture
from tests.reports.making import LATER, WEEK, stranger
from tests.reports.test_own_fonts import FONT
from tests.reports.test_photos import closed
from tests.reports.test_placeholders import template
from tests.support.factories import DAY, NOON, make_problem, make_round, make_unit, make_user
from tests.support.leaving import columns, fields, kept

pytestmark = [pytest.mark.django_db, pytest.mark.once]
HOUR = timedelta(hours=1)


def told(person, *, read=False):
    rows = Notice.objects.filter(user=person, read_at__isnull=not read).order_by("pk")
    return list(rows.values_list("kind", "title", "body", "url", "region"))


def test_layouts_are_made_changed_given_a_template_and_back_again(office):
    region, elsewhere = office.root.region, stranger()
    ensure_defaults(elsewhere.region, actor=elsewhere)
    untouched = [fields(one) for one in PaperForm.objects.filter(region=elsewhere.region)]
    assert ensure_defaults(region, actor=office.office) == len(PaperKind.values)
    form = PaperForm.objects.get(region=region, kind=PaperKind.WORK)
    names = ("issuer", "letters", "copy_to", "source")
    assert columns(form, *names) == [
        "云溪市创建办",
        "",
        "",
        "proposed: GB/T 9704-2012",
    ]
    change_form(form, issuer=" 新机关 ", letters=" 云 ", copy_to=" 市委 ", actor=office.office)
    assert columns(form, *names) == ["新机关", "云", "市委", "site"]
    asked = set_template(form, template("{{ 标题 }}"), "周报.docx", actor=office.office)
    hung = Attachment.objects.get(pk=form.template_id)
    sha256 = hung.file.sha256
    assert (columns(form, "template_id", "placeholders"), asked) == ([hung.pk, ["标题"]], ["标题"])
    assert (hung.name, hung.owner_type, hung.owner_id, hung.region, hung.given_by_id) == (
        "周报.docx", "reports.paperform", form.pk, region, office.office.pk,
    )  # fmt: skip
    drop_template(form, actor=office.office)
    assert columns(form, "template_id", "placeholders") == [None, []]
    who, changed = (
        office.office.pk,
        {"issuer": ["云溪市创建办", "新机关"], "letters": ["", "云"], "copy_to": ["", "市委"]},
    )
    assert kept(form) == [
        ("create", who, LATER, "", "", {"kind": "work"}),
        ("change", who, LATER, "", "", changed),
        ("template", who, LATER, "", "", {"name": "周报.docx", "sha256": sha256}),
        ("no_template", who, LATER, "", "", {}),
    ]
    assert [fields(one) for one in PaperForm.objects.filter(region=elsewhere.region)] == untouched


def test_font_hangs_on_its_row_under_all_its_faces(office, monkeypatch):
    faces = frozenset({"乙体", "甲体", "体" * 80})
    monkeypatch.setattr(arranging, "FONT_LIMIT", len(FONT))
    monkeypatch.setattr(arranging, "families_in", lambda _folder: faces)
    made = add_font(office.root.region, FONT, "a.ttf", actor=office.office)
    (row,) = SiteFont.objects.all()
    assert (row.family, row.attachment) == ("、".join(sorted(faces))[:80], made.attachment)
    hung = row.attachment
    assert (hung.name, hung.owner_id, hung.given_by_id, hung.region) == (
        "a.ttf", row.pk, office.office.pk, office.root.region,
    )  # fmt: skip


def test_frozen_figures_and_the_draft_keep_every_column(office):
    today, leap = Period(LATER.date(), LATER.date()), Period(date(2024, 1, 1), date(2024, 12, 31))
    for period in (today, leap):  # today has begun; a leap year is no longer than a year
        made = take_snapshot(office.campaign, PaperKind.RECTIFICATION, period, actor=office.office)
        names = ("kind", "starts", "ends", "refers", "as_of", "taken_by_id", "round_id", "campaign_id", "region_id")
        assert columns(made, *names) == [
            "rectification", period.first, period.last, "rectification.problem", LATER, office.office.pk, None,
            office.campaign.pk, office.root.region_id,
        ]  # fmt: skip
    rows = {"sha256": made.sha256, "rows": len(made.sheet["rows"])}
    assert kept(made) == [("freeze", office.office.pk, LATER, "", "", rows)]
    make_problem(office.root, due_at=NOON)
    make_problem(office.other, due_at=NOON - timedelta(days=7))  # late in the week before, and still open
    make_problem(office.other, due_at=NOON - timedelta(days=7), state="closed", closed_in_time=True)
    paper = draft_bulletin(office.campaign, PaperKind.RECTIFICATION, WEEK, actor=office.office)
    assert columns(paper, "addressee", "drafted_by_id", "state", "revision", "number") == [
        "各责任单位", office.office.pk, "draft", 1, "",
    ]  # fmt: skip
    assert set(paper.units.all()) == {office.unit, office.other}  # the region itself gets none
    (change,) = [row["values"]["change"] for row in paper.snapshot.sheet["rows"] if row["unit"] == office.other.pk]
    assert change == -0.5  # one of two in time then, none of one now
    figures = {"snapshot": paper.snapshot_id, "sha256": paper.snapshot.sha256}
    assert kept(paper) == [("draft", office.office.pk, LATER, "", "", figures)]
    empty = draft_bulletin(office.campaign, PaperKind.HARD, WEEK, actor=office.office)
    assert (columns(empty, "addressee"), list(empty.units.all())) == ([""], [])


def test_papers_of_a_round_are_drafted_beside_those_of_another_and_refreshed_word_for_word(office):
    first, second = (make_round(office.campaign, state="closed", name=name) for name in ("甲轮", "乙轮"))
    alone = draft_round_papers(first, actor=office.office)[0]
    assert columns(alone, "addressee", "kind") == ["", "round"]  # nobody stands in it
    make_problem(office.unit, campaign=office.campaign, round=second)
    down, up = draft_round_papers(second, actor=office.office)
    names = ("kind", "drafted_by_id", "addressee", "snapshot_id")
    assert columns(down, *names) == ["round", office.office.pk, "各责任单位", down.snapshot_id]
    assert columns(up, *names) == ["upward", office.office.pk, "云溪市精神文明建设指导委员会", down.snapshot_id]
    assert columns(down.snapshot, "kind", "refers", "taken_by_id", "starts", "ends", "round_id") == [
        "round", "rectification.problem", office.office.pk, second.starts, second.ends, second.pk,
    ]  # fmt: skip
    figures = {"snapshot": down.snapshot_id, "sha256": down.snapshot.sha256}
    for one in (down, up):
        assert kept(one) == [("draft", office.office.pk, LATER, "", "", figures)]
    bodies, untouched, before = (down.body, up.body), fields(alone), down.snapshot.sha256
    refresh_figures(up, revision=1, anew=True, actor=office.office)
    fresh = Bulletin.objects.in_bulk([down.pk, up.pk])
    assert (fresh[down.pk].body, fresh[up.pk].body) == bodies  # drafted from the same facts they say the same
    assert fresh[down.pk].snapshot_id == fresh[up.pk].snapshot_id != down.snapshot_id
    told_ = {"before": before, "sha256": fresh[up.pk].snapshot.sha256, "anew": True}
    for one in (down, up):
        assert kept(one)[1:] == [("refresh", office.office.pk, LATER, "", "", told_)]
    assert fields(alone) == untouched


def test_edited_draft_keeps_what_was_written_and_says_what_changed(office):
    paper, beside = office.draft(), office.draft()
    untouched, body = fields(beside), "字" * 50_000
    names = {office.unit.pk: f" {'名' * 41} ", office.other.pk: "乙"}
    with clock.at(LATER + HOUR):
        edit_bulletin(
            paper, title=" 新题 ", addressee=paper.addressee, body=f"{body}", units=[office.unit], revision=1,
            checked=names, actor=office.office,
        )  # fmt: skip
    checked = {str(office.unit.pk): "名" * 40, str(office.other.pk): "乙"}
    assert columns(paper, "title", "addressee", "body", "checked", "revision", "updated_at") == [
        "新题", "各责任单位", body, checked, 2, LATER + HOUR,
    ]  # fmt: skip
    changed = {"changed": ["title", "body", "checked"], "units": 1}
    assert kept(paper)[-1] == ("edit", office.office.pk, LATER + HOUR, "", "", changed)
    assert fields(beside) == untouched
    Bulletin.objects.filter(pk=paper.pk).update(state="submitted")
    with pytest.raises(Refusal, match="别人办理"):
        edit_bulletin(paper, title="x", addressee="", body="", units=[], revision=2, actor=office.office)


def test_six_pairs_are_shown_in_the_order_chosen(office):
    problems = [closed(office, number) for number in range(1, 7)][::-1]
    paper, beside = office.draft(), office.draft()
    choose_photos(beside, [problems[0].pk], looked=True, revision=1, actor=office.office)
    keys = [one.pk for one in problems]
    choose_photos(paper, [*keys, keys[0]], looked=True, revision=1, actor=office.office)
    rows = PhotoPair.objects.filter(bulletin=paper).order_by("position")
    assert [(one.position, one.problem, one.before.role, one.after.role, one.region) for one in rows] == [
        (number, problem, "before", "after", office.root.region) for number, problem in enumerate(problems)
    ]
    shown = {"problems": [one.number for one in problems], "looked": True}
    assert kept(paper)[-1] == ("photos", office.office.pk, LATER, "", "", shown)
    assert PhotoPair.objects.filter(bulletin=beside).count() == 1


def test_paper_goes_its_way_and_everybody_hears_what_concerns_them(office, quick):
    paper, beside = office.submitted(), office.submitted()
    url, region = f"/bulletins/{paper.pk}/", office.root.region_id
    untouched, title = fields(beside), paper.title
    waiting = ("reports", f"待审批：{title}", "", url, region)
    assert [waiting in told(one) for one in (office.leader, office.colleague, office.office)] == [True, True, False]
    return_bulletin(paper, reason="核对", actor=office.leader)
    assert told(office.office)[-1] == ("reports", f"退回重改：{title}", "", url, region)
    submit_bulletin(paper, actor=office.office)
    with clock.at(LATER + HOUR):
        approve_bulletin(paper, actor=office.leader)
    names = ("state", "approved_by_id", "approved_at", "signatory")
    assert columns(paper, *names) == ["approved", office.leader.pk, LATER + HOUR, str(office.leader)]
    take_back_bulletin(paper, actor=office.office)
    assert columns(paper, *names) == ["draft", None, None, ""]
    submit_bulletin(paper, actor=office.office)
    approve_bulletin(paper, actor=None)
    assert columns(paper, "signatory", "approved_by_id", "approved_at") == ["", None, LATER]
    return_bulletin(paper, reason="再看", actor=office.leader)
    assert columns(paper, *names) == ["draft", None, None, ""]
    submit_bulletin(paper, actor=office.office)
    at = Bulletin.objects.get(pk=paper.pk).created_at.replace(second=0, microsecond=0)
    scan = PaperSignature(" 王市长 ", at, picture(), "签发.png")
    with clock.at(LATER + HOUR):
        approve_bulletin(paper, actor=office.office, signature=scan)
    assert columns(paper, *names) == ["approved", office.office.pk, at, "王市长"]
    hung = Attachment.objects.get(owner_type="reports.bulletin", owner_id=paper.pk)
    assert (hung.name, hung.given_by_id, hung.region_id) == ("签发.png", office.office.pk, region)
    with clock.at(LATER + HOUR):
        issue_bulletin(paper, actor=office.office)
    row = Bulletin.objects.get(pk=paper.pk)
    assert (row.state, row.number, row.issued_at) == ("issued", "2026年第1期", LATER + HOUR)
    assert (paper.state, paper.number, paper.issued_at, paper.word, paper.pdf) == (
        "issued", "2026年第1期", LATER + HOUR, row.word, row.pdf,
    )  # fmt: skip
    assert [(one.name, one.owner_id, one.given_by_id, read(one.file).decode()) for one in (row.word, row.pdf)] == [
        (f"2026年第1期 {title}.docx", paper.pk, office.office.pk, "%PDF-1.7 2026年第1期 signed"),
        (f"2026年第1期 {title}.pdf", paper.pk, office.office.pk, "%PDF-1.7 2026年第1期 signed"),
    ]
    assert told(office.liaison) == [("reports", f"请签收：{title}", "", url, region)]
    who, leader, later = office.office.pk, office.leader.pk, LATER + HOUR
    assert kept(paper)[1:] == [
        ("submit", who, LATER, "", "", {}), ("return", leader, LATER, "核对", "", {}),
        ("submit", who, LATER, "", "", {}), ("approve", leader, later, "", "", {}),
        ("take_back", who, LATER, "", "", {}), ("submit", who, LATER, "", "", {}),
        ("approve", None, LATER, "", "", {}), ("return", leader, LATER, "再看", "", {}),
        ("submit", who, LATER, "", "", {}), ("approve_on_paper", who, at, "", "王市长", {}),
        ("issue", who, later, "", "", {"number": "2026年第1期"}),
    ]  # fmt: skip
    assert fields(beside) == untouched
    own = draft_bulletin(office.campaign, PaperKind.RECTIFICATION, WEEK, actor=None)
    submit_bulletin(own, actor=None)  # the program's own: everybody who may approve hears of it, nobody of its return
    asked = ("reports", f"待审批：{title}", "", f"/bulletins/{own.pk}/", region)
    assert [asked in told(one) for one in (office.leader, office.colleague, office.office)] == [True] * 3
    return_bulletin(own, reason="x", actor=office.leader)
    assert not Notice.objects.filter(title__startswith="退回", url=asked[3]).exists()


def test_units_sign_are_reminded_and_hear_of_the_end(office, quick):
    paper, beside = office.issued(), office.issued()
    other_liaison, bystander = make_user(Role.LIAISON, office.other), make_user(Role.LIAISON, make_unit(office.root))
    url, region = f"/bulletins/{paper.pk}/", office.root.region_id
    own, other = paper.receipts.get(unit=office.unit), paper.receipts.get(unit=office.other)
    assert columns(own, "region_id", "received_at", "received_by_id") == [region, None, None]
    with clock.at(LATER + HOUR):
        assert receive_own(paper, actor=office.liaison) == [own]
    names = ("received_at", "received_by_id", "updated_at")
    assert columns(own, "received_at", "received_by_id", "updated_at") == [
        LATER + HOUR,
        office.liaison.pk,
        LATER + HOUR,
    ]
    Notice.objects.all().delete()
    assert remind_units(paper, actor=office.office) == 1
    assert (told(office.liaison), told(other_liaison)) == (
        [], [("reports", f"请签收：{paper.title}", "", url, region)],
    )  # fmt: skip
    with clock.at(LATER + 2 * HOUR):
        receive_bulletin(other, on_behalf="东关街道", at=LATER, actor=office.office)  # the moment of its issue
    assert columns(other, *names) == [LATER, office.office.pk, LATER + 2 * HOUR]
    assert other.received_at == LATER
    withdraw_bulletin(paper, reason="有误", actor=office.office)
    ended = ("reports", f"已撤回：{paper.title}", "", url, region)
    assert [told(one) for one in (office.liaison, other_liaison, bystander)] == [[ended], [ended], []]
    assert kept(paper)[-4:] == [
        ("receive", office.liaison.pk, LATER + HOUR, "", "", {"unit": str(office.unit)}),
        ("remind", office.office.pk, LATER, "", "", {"units": 1}),
        ("receive", office.office.pk, LATER, "", "东关街道", {"unit": str(office.other)}),
        ("withdraw", office.office.pk, LATER, "有误", "", {}),
    ]
    assert [row.received_at for row in Receipt.objects.filter(bulletin=beside)] == [None, None]
    receive_bulletin(beside.receipts.get(unit=office.other), actor=other_liaison)
    grant_role(office.liaison, Role.LIAISON, office.other, actor=None)
    both = User.objects.get(pk=office.liaison.pk)  # speaks for two units, one of which has signed
    assert [one.unit for one in receive_own(beside, actor=both)] == [office.unit]


def test_paper_for_everybody_is_kept_released_and_taken_back_by_name(office, quick):
    ensure_defaults(office.root.region, actor=office.office)
    form = PaperForm.objects.get(kind=PaperKind.RECTIFICATION)
    change_form(form, issuer="云溪市文明办", letters="", copy_to="", actor=office.office)
    paper, beside = office.issued(), office.issued()
    url, region = f"/bulletins/{paper.pk}/release/", office.root.region_id
    Notice.objects.all().delete()
    made = propose_release(paper, actor=office.office)
    waits = propose_release(beside, actor=office.office)
    row = Release.objects.get(pk=made.pk)
    assert columns(row, "region_id", "bulletin_id", "state", "proposed_by_id") == [
        region, paper.pk, "proposed", office.office.pk,
    ]  # fmt: skip
    assert (made.word, made.pdf) == (row.word, row.pdf)
    assert [(one.name, one.owner_type, one.owner_id, one.given_by_id) for one in (row.word, row.pdf)] == [
        (f"{paper.number} {paper.title}{ending}", "reports.release", made.pk, office.office.pk)
        for ending in (".docx", ".pdf")
    ]
    assert [read(one.file).decode()[-13:] for one in (row.word, row.pdf)] == ["for everybody"] * 2
    edition = from_json(row.edition)
    assert (edition.issuer, edition.title, edition.number) == ("云溪市文明办", paper.title, paper.number)
    assert str(office.leader) not in str(row.edition)
    proposed = ("reports", f"待公开：{paper.title}", "", url, region)
    assert [proposed in told(one) for one in (office.leader, office.colleague, office.office)] == [True, True, False]
    with clock.at(LATER + HOUR):
        release_bulletin(made, actor=office.leader)
    assert columns(made, "state", "released_by_id", "released_at") == ["released", office.leader.pk, LATER + HOUR]
    assert told(office.office) == [("reports", f"已向社会公开：{paper.title}", "", url, region)]
    assert told(office.leader)[-1][1] == f"待公开：{beside.title}"  # who released it knows
    take_release_back(made, reason="口径变了", actor=office.colleague)
    ended = ("reports", f"已从公开页面撤下：{paper.title}", "口径变了", url, region)
    for person in (office.office, office.leader):
        assert [one for one in told(person) if one[3] == url] == [ended]  # in place of what was told before
    drop_release(waits, reason="不必", actor=office.leader)
    line = ("reports", f"未予公开：{beside.title}", "不必", f"/bulletins/{beside.pk}/release/", region)
    assert told(office.office)[-1] == line
    number = {"number": paper.number}
    assert kept(made) == [
        ("propose", office.office.pk, LATER, "", "", number),
        ("release", office.leader.pk, LATER + HOUR, "", "", number),
        ("take_back", office.colleague.pk, LATER, "口径变了", "", {}),
    ]
    assert kept(waits)[-1] == ("drop", office.leader.pk, LATER, "不必", "", {})
    Notice.objects.all().delete()
    drop_release(propose_release(beside, actor=office.office), reason="我自己撤", actor=office.office)
    open_ = propose_release(beside, actor=office.office)
    release_bulletin(open_, actor=office.leader)
    take_release_back(open_, reason="我自己撤", actor=office.leader)
    assert [one.user for one in Notice.objects.filter(body="我自己撤")] == [
        office.office
    ]  # nobody hears of the own act
    stays, again = propose_release(beside, actor=office.office), propose_release(paper, actor=None)
    withdraw_bulletin(paper, reason="有误", actor=office.office)
    assert kept(again)[-1] == ("drop", None, LATER, "有误", "", {})
    assert (columns(waits, "state"), columns(stays, "state")) == (["dropped"], ["proposed"])


def test_bulletins_and_reports_are_counted_each_in_their_own_series(office, quick, settings):
    settings.SOFFICE = "/bin/sh"
    month = {"period": month_of(DAY)}
    numbers = [office.issued(kind=kind, **month).number for kind in (
        PaperKind.BULLETIN, PaperKind.RECTIFICATION, PaperKind.BULLETIN)]  # fmt: skip
    assert numbers == ["〔2026〕1号", "2026年第1期", "〔2026〕2号"]
    assert not Bulletin.objects.filter(pdf_next_at__isnull=False).exists()  # each has its PDF
    make_problem(office.unit, campaign=office.campaign, round=(held := make_round(office.campaign, state="closed")))
    down, _up = draft_round_papers(held, actor=office.office)
    Bulletin.objects.filter(pk=down.pk).update(body="一段")
    down.refresh_from_db()
    submit_bulletin(down, actor=office.office)
    approve_bulletin(down, actor=office.leader)
    issue_bulletin(down, actor=office.office)
    assert down.number == "〔2026〕3号"  # one series for all that bear the office's letters
    assert Snapshot.objects.count() == 4


def test_pdf_that_comes_later_is_kept_for_its_own_paper_alone(office, quick, settings, monkeypatch):
    settings.SOFFICE = "/bin/sh"
    ensure_defaults(office.root.region, actor=office.office)
    form = PaperForm.objects.get(kind=PaperKind.RECTIFICATION)
    set_template(form, template("{{ 标题 }}"), "周报.docx", actor=office.office)
    beside, paper = office.issued(), office.issued()
    assert columns(paper, "pdf_id", "pdf_next_at") == [None, LATER + RETRIES[0]]
    untouched = fields(beside)
    words = "没" * 301

    def fails(_bulletin, _word):
        raise Refusal(words)

    monkeypatch.setattr(issuing, "pdf_of_word", fails)
    with clock.at(LATER + HOUR), pytest.raises(Refusal):
        keep_pdf(paper, actor=office.office)
    assert columns(paper, "pdf_fault", "pdf_tried_at") == ["没" * 300, LATER + HOUR]
    assert kept(paper)[-1] == ("pdf-failed", office.office.pk, LATER + HOUR, "没" * 300, "", {})
    assert try_pdf_later(paper, 1)
    assert columns(paper, "pdf_next_at") == [LATER + RETRIES[1]]
    Notice.objects.all().delete()
    try_pdf.call(paper.pk, len(RETRIES) - 2)
    assert (columns(paper, "pdf_next_at"), told(office.office)) == ([LATER + RETRIES[-1]], [])
    try_pdf.call(paper.pk, len(RETRIES) - 1)
    assert columns(paper, "pdf_next_at") == [None]
    line = ("reports", f"PDF没能生成：{paper.title}", "", f"/bulletins/{paper.pk}/", office.root.region_id)
    assert [told(one) for one in (office.office, office.colleague, office.leader)] == [[line], [line], []]
    assert fields(beside) == untouched
    monkeypatch.setattr(issuing, "pdf_of_word", lambda _bulletin, word: b"%PDF-1.7 " + word)
    paper.refresh_from_db()
    with clock.at(LATER + HOUR):
        keep_pdf(paper, actor=office.office)
    assert fields(beside) == untouched
    row = Bulletin.objects.get(pk=paper.pk)
    assert (row.pdf, row.pdf_fault, row.updated_at) == (paper.pdf, "", LATER + HOUR)
    assert (row.pdf.name, row.pdf.owner_id, row.pdf.given_by_id) == (
        f"{paper.number} {paper.title}.pdf", paper.pk, office.office.pk,
    )  # fmt: skip
    assert kept(paper)[-1] == ("pdf", office.office.pk, LATER + HOUR, "", "", {"sha256": row.pdf.file.sha256})
    withdraw_bulletin(beside, reason="有误", actor=office.office)
    monkeypatch.setattr(issuing, "keep_pdf", lambda *_args, **_how: pytest.fail("nothing to be made"))
    for one in (paper, beside):  # there already, and withdrawn
        try_pdf.call(one.pk, 0)
