"""Every refusal of a paper's way word for word, each with its way out, and that nothing is written by it."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from chuangwen.core.errors import BadUpload, Conflict, Refusal
from chuangwen.notifications.models import Notice
from chuangwen.reports.enums import PaperKind
from chuangwen.reports.models import Bulletin, PaperForm, PhotoPair, Receipt, Release, SiteFont, Snapshot
from chuangwen.reports.periods import Period
from chuangwen.reports.services import (
    MOST_PAIRS,
    add_font,
    approve_bulletin,
    arranging,
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
from chuangwen.reports.services.steps import PaperSignature
from chuangwen.workflow.models import Step
from tests.config.doors import picture
from tests.reports.making import LATER, WEEK, stranger, unit_of_another_region
from tests.reports.test_own_fonts import FONT
from tests.reports.test_photos import closed
from tests.support.factories import make_problem, make_round, make_user
from tests.support.refusals import said

pytestmark = [pytest.mark.django_db, pytest.mark.once]
SECOND = timedelta(seconds=1)
TAKEN = "“%s”刚才已经被别人办理了。请重新打开看现在的状态；您填的内容还在。"
NOT_IN_FORCE = "这份文件没有生效。"
DRAFTS_ALONE = "只有草稿能改。请先撤回修改。"


def rows():
    """Everything that a refused act could have touched."""
    models = (Bulletin, Snapshot, Receipt, Release, PhotoPair, PaperForm, SiteFont, Step, Notice)
    return [list(model.objects.order_by("pk").values()) for model in models]


def test_what_makes_no_draft_is_refused_in_these_words(office):
    running, closed_round = make_round(office.campaign), make_round(office.campaign, state="closed", name="十月检查")
    make_problem(office.unit, campaign=office.campaign, round=closed_round)
    down, up = draft_round_papers(closed_round, actor=office.office)
    paper, hard = office.draft(), office.draft(kind=PaperKind.HARD)
    shown = closed(office)
    up.title = "汇报"
    up.save()
    submit_bulletin(up, actor=office.office)
    before, actor, seen = rows(), {"actor": office.office}, {"revision": 1, "actor": office.office}
    kind, tomorrow = PaperKind.RECTIFICATION, LATER.date() + timedelta(days=1)
    long = Period(date(2024, 1, 1), date(2025, 1, 1))
    words = {"title": "题", "addressee": "", "body": "", "units": [], **seen}
    for act, refused in (
        (lambda: take_snapshot(office.campaign, kind, Period(tomorrow, tomorrow), **actor),
         "这段时间还没开始。请选已经开始的时段，或过后再做。"),
        (lambda: take_snapshot(office.campaign, kind, long, **actor), "时段超过一年。请选短一些的。"),
        (lambda: draft_round_papers(running, **actor), f"“{running}”还没结束。请先结束本轮，检查结果还会变动。"),
        (lambda: edit_bulletin(paper, **words | {"title": " "}), "没有标题。请写上标题。"),
        (lambda: edit_bulletin(paper, **words | {"body": "字" * 50_001}), "正文超过50000字。其余内容请放进附件。"),
        (lambda: edit_bulletin(paper, **words | {"units": [unit_of_another_region()]}),
         "这个单位属于别的地区。请从列表里选。"),
        (lambda: edit_bulletin(paper, **words, checked={0: "甲"}), "表中没有这个单位。单位名称请与表中一致。"),
        (lambda: edit_bulletin(paper, **words | {"revision": 2}), TAKEN % paper),
        (lambda: edit_bulletin(up, **words), DRAFTS_ALONE),
        (lambda: refresh_figures(up, **seen), DRAFTS_ALONE),
        (lambda: refresh_figures(down, **seen), "“汇报”用的是同一份数字，已不是草稿。请先撤回修改。"),
        (lambda: choose_photos(up, [], looked=True, **seen), DRAFTS_ALONE),
        (lambda: choose_photos(hard, [], looked=True, **seen),
         "这一类文件不放照片。请在通报、整改周报或上级反馈整改台账里放照片。"),
        (lambda: choose_photos(paper, range(MOST_PAIRS + 1), looked=True, **seen),
         "一份文件最多放6组照片。请挑最能说明问题的。"),
        (lambda: choose_photos(paper, [shown.pk], looked=False, **seen),
         "还没有人确认照片上看不清人脸和车牌。请逐张看过，去掉看得清人脸或车牌的，再在下面勾选确认。"),
        (lambda: choose_photos(paper, [shown.pk, office.late.pk], looked=True, **seen),
         "有的问题不是在本期销号的，或缺整改前、整改后照片。请从列表中选。"),
    ):  # fmt: skip
        assert said(act) == refused
    assert said(draft_round_papers, closed_round, **actor, error=Conflict) == (
        f"“十月检查”的通报和汇报已经有了。请打开“{down.title}”。"
    )
    assert rows() == before


def test_who_may_not_does_nothing_to_a_paper_or_its_layout(office):
    """Who drafts for another region drafts nothing here: the permission is asked for over this paper."""
    ensure_defaults(office.root.region, actor=office.office)
    held, paper = make_round(office.campaign, state="closed"), office.draft()
    form, before = PaperForm.objects.get(kind=PaperKind.WORK), rows()
    for actor in (stranger(), office.liaison):
        for act in (
            lambda **who: take_snapshot(office.campaign, PaperKind.WORK, WEEK, **who),
            lambda **who: draft_bulletin(office.campaign, PaperKind.WORK, WEEK, **who),
            lambda **who: draft_round_papers(held, **who),
            lambda **who: edit_bulletin(paper, title="x", addressee="", body="", units=[], revision=1, **who),
            lambda **who: refresh_figures(paper, revision=1, **who),
            lambda **who: choose_photos(paper, [], looked=True, revision=1, **who),
            lambda **who: issue_bulletin(paper, **who),
            lambda **who: keep_pdf(paper, **who),
            lambda **who: remind_units(paper, **who),
            lambda **who: propose_release(paper, **who),
            lambda **who: ensure_defaults(office.root.region, **who),
            lambda **who: set_template(form, b"", "a.docx", **who),
            lambda **who: drop_template(form, **who),
            lambda **who: add_font(office.root.region, FONT, "a.ttf", **who),
        ):
            with pytest.raises(PermissionDenied, match=r"^reports\."):
                act(actor=actor)
    assert rows() == before


def test_fonts_are_refused_in_these_words(office, monkeypatch):
    monkeypatch.setattr(arranging, "FONT_LIMIT", 2 * 1024 * 1024)
    region, who = office.root.region, {"actor": office.office}
    for data, words in (
        (b"text", "这不是字体文件。请上传.ttf、.otf或.ttc文件。"),
        (FONT + bytes(2 * 1024 * 1024), "字体文件超过2 MB。请换一个。"),
        (FONT[:40], "字体文件读不出来。请换一个。"),
    ):
        assert said(add_font, region, data, "a.ttf", **who, error=BadUpload) == words
    add_font(region, FONT, "a.ttf", **who)
    assert said(add_font, region, FONT, "a.ttf", **who, error=Conflict) == "“Aileron”已经有了。请先移除旧的。"


def test_signatures_and_steps_are_refused_in_these_words(office):
    paper, waiting, draft = office.submitted(), office.submitted(), office.draft()
    approve_bulletin(paper, actor=office.leader)
    begun = Bulletin.objects.get(pk=waiting.pk).created_at.replace(second=0, microsecond=0)
    before = rows()
    good = {"name": "王市长", "at": begun, "scan": picture(), "scan_name": "a.png"}
    ahead_or_before = "时间早于起草时间，或者在将来。请填实际发生的时间。"
    for changes, words in (
        ({"name": " "}, "没有写谁签字。请填落款签名人。"),
        ({"name": f" {office.office} "}, "起草人不能审批自己起草的文件。请填实际签发人。"),
        ({"scan": b""}, "缺扫描件。请附上签发件的照片或扫描件。"),
        ({"at": LATER + SECOND}, ahead_or_before),
        ({"at": begun - SECOND}, ahead_or_before),
    ):
        act = {"actor": office.office, "signature": PaperSignature(**good | changes)}
        assert said(approve_bulletin, waiting, **act, error=Refusal) == words
    act = {"actor": office.office, "signature": PaperSignature(**good | {"scan": b"PK text"})}
    said(approve_bulletin, waiting, **act, error=BadUpload)
    waiting.refresh_from_db()
    assert said(approve_bulletin, waiting, actor=office.office) == "这是您起草的，要由他人审批，或在纸上签发。"
    for act, words in (
        (lambda: return_bulletin(waiting, reason=" ", actor=office.leader), "请简单写明原因。对方会看到。"),
        (lambda: issue_bulletin(waiting, actor=office.office), TAKEN % waiting),
        (lambda: take_back_bulletin(draft, actor=office.office), TAKEN % draft),
        (lambda: withdraw_bulletin(paper, reason="x", actor=office.office), TAKEN % paper),
        (lambda: remind_units(paper, actor=office.office), f"{NOT_IN_FORCE}签发之后才能签收。"),
        (lambda: keep_pdf(paper, actor=office.office), f"{NOT_IN_FORCE}签发后才留存PDF。"),
        (lambda: propose_release(paper, actor=office.office), f"{NOT_IN_FORCE}签发后的才能公开。"),
    ):
        assert said(act) == words
    for person in (office.liaison, stranger()):
        for refused in (submit_bulletin, take_back_bulletin, approve_bulletin):
            with pytest.raises(PermissionDenied):
                refused({submit_bulletin: draft, take_back_bulletin: paper}.get(refused, waiting), actor=person)
    assert rows() == before
    Bulletin.objects.filter(pk=draft.pk).update(title=" ")
    draft.refresh_from_db()
    assert said(submit_bulletin, draft, actor=office.office) == "没有标题。"
    Bulletin.objects.filter(pk=draft.pk).update(title="题", body="【请填写】")
    draft.refresh_from_db()
    assert said(submit_bulletin, draft, actor=office.office) == "正文里还有一处没填：【请填写】。"
    waiting.body = "【请填写】"
    for given in ({"actor": office.leader}, {"actor": office.office, "signature": PaperSignature(**good)}):
        assert said(approve_bulletin, waiting, **given) == "正文里还有一处没填：【请填写】。"


def test_what_is_issued_signed_and_shown_is_refused_in_these_words(office, quick, monkeypatch):
    paper = office.issued()
    own, other = paper.receipts.get(unit=office.unit), paper.receipts.get(unit=office.other)
    wrong_time = "时间早于签发时间，或者在将来。请填实际发生的时间。"
    before = rows()
    for at in (LATER + SECOND, LATER - SECOND):
        assert said(receive_bulletin, own, actor=office.office, at=at) == wrong_time
    assert said(keep_pdf, paper, actor=office.office, error=Conflict) == "PDF已经有了。"
    for person in (stranger(), office.leader):
        for refused in (lambda who: receive_bulletin(own, actor=who), lambda who: remind_units(paper, actor=who)):
            with pytest.raises(PermissionDenied):
                refused(person)
    assert rows() == before
    receive_own(paper, actor=office.liaison)
    signed = "已经签收过了。"
    assert said(receive_own, paper, actor=office.liaison, error=Conflict) == signed
    assert said(receive_bulletin, own, actor=office.office, error=Conflict) == signed
    receive_bulletin(other, actor=office.office)
    assert said(remind_units, paper, actor=office.office) == "各单位都已签收。"
    made = propose_release(paper, actor=office.office)
    open_once = "它正在等待公开，或已经公开。请重新打开。"
    assert said(propose_release, paper, actor=office.colleague, error=Conflict) == open_once
    assert said(release_bulletin, made, actor=office.office) == "由您提请，要由另一人看过后公开。"
    assert said(drop_release, made, reason=" ", actor=office.leader) == "请简单写明原因。对方会看到。"
    make_user("liaison", office.unit, name="欧阳明月")
    made.edition = made.edition | {"title": "欧阳明月，13800001234"}
    named = "其中有人名或个人号码：13800001234、欧阳明月。请撤回这份文件，去掉后重新签发。"
    assert said(release_bulletin, made, actor=office.leader) == named
    made.refresh_from_db()
    release_bulletin(made, actor=office.leader)
    assert said(take_release_back, made, reason=" ", actor=office.leader) == "请简单写明原因。对方会看到。"
    withdraw_bulletin(paper, reason="有误", actor=office.office)
    sign = f"{NOT_IN_FORCE}签发之后才能签收。"
    assert said(receive_bulletin, own, actor=office.office) == said(remind_units, paper, actor=office.office) == sign
    stopped = office.submitted()
    approve_bulletin(stopped, actor=office.leader)
    monkeypatch.setattr(issuing, "coming_number", lambda _region, _name: 99)
    assert said(issue_bulletin, stopped, actor=office.office, error=Conflict) == (
        "同一时间签发了多份同类文件。请再签发一次。"
    )


def test_kinds_that_stay_inside_say_why(office, quick):
    inside = office.issued(kind=PaperKind.YEAR)
    assert said(propose_release, inside, actor=office.office) == (
        "这一类文件不对外：领导批示和年终考评数字只在内部用。可公开通报或整改周报。"
    )
    paper = office.issued()
    row = {"name": "任务", "unit": None, "values": {"people": "某人"}, "refs": {}}
    columns = [{"key": key, "kind": "text", "width": 6} for key in ("people", "checked")]
    Snapshot.objects.filter(pk=paper.snapshot_id).update(sheet={"columns": columns, "rows": [row], "total": None})
    paper = Bulletin.objects.select_related("snapshot", "region").get(pk=paper.pk)
    assert said(propose_release, paper, actor=office.office) == (
        "这类文件写有个人（人员），不能公开。可公开通报或整改周报。"
    )
