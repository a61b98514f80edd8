"""Every refusal of the ledger word for word, each with its way out, and that nothing is written by it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from chuangwen.core.errors import BadUpload, Conflict, Refusal
from chuangwen.core.files.services import Upload
from chuangwen.evidence.models import Dossier, Link, Piece
from chuangwen.evidence.services import (
    Facts,
    accept_dossier,
    approve_dossier,
    carry_dossiers,
    drop_piece,
    edit_piece,
    give_files,
    move_due,
    open_dossiers,
    remind_unit,
    reopen_dossier,
    return_dossier,
    send_back_dossier,
    set_passage,
    submit_dossier,
    take_back_dossier,
    unlink_piece,
    use_piece,
    write_piece,
)
from chuangwen.evidence.services.giving import LONGEST_TEXT, MOST_FILES
from chuangwen.evidence.services.reviewing import LONGEST_CONCLUSION
from chuangwen.notifications.models import Notice
from chuangwen.standards.models import Node
from chuangwen.workflow.models import Step
from tests.evidence.making import DUE, PDF, Ledger, photo
from tests.support.factories import NOON, make_root, make_unit, make_user, make_version
from tests.support.refusals import said

pytestmark = [pytest.mark.django_db, pytest.mark.once]
TODAY, DAY = NOON.date(), timedelta(days=1)
SCAN = Upload("签字页.jpg", photo(7))
MOVED = "“%s”刚才已经被别人办理了。请重新打开看现在的状态；您填的内容还在。"
HELD = "档案已经提交，里面的材料不能再动。请撤回，或请创建办退回。"


def rows() -> tuple[list[Any], ...]:
    """Everything that a refused act could have touched."""
    return tuple(list(model.objects.order_by("pk").values()) for model in (Dossier, Piece, Link, Step, Notice))


def test_what_cannot_be_given_is_refused_in_these_words(ledger: Ledger) -> None:
    dossier, foreign = ledger.dossier("1.1"), ledger.dossier("1.1", unit=ledger.other)
    theirs = write_piece(foreign, ["成效"], Facts(text="别家"), actor=ledger.stranger)
    (paper,) = give_files(dossier, "文", [Upload("方案.pdf", PDF)], actor=ledger.liaison)
    assert paper.piece is not None
    before, actor = rows(), {"actor": ledger.liaison}
    one = [Upload("a.jpg", photo())]
    for act, words in (
        (lambda: give_files(dossier, "没" * 31, one, **actor),
         f"这条标准没有叫“{'没' * 30}”的一栏。请选这条标准自己的栏目。"),
        (lambda: give_files(dossier, "图", [], **actor), "没有选文件。请选一个或几个文件。"),
        (lambda: give_files(dossier, "图", one * (MOST_FILES + 1), **actor), "一次超过60个文件。请分几次上交。"),
        (lambda: write_piece(dossier, [], Facts(text="x"), **actor), "没有说明文字填在哪一栏。请选择栏目。"),
        (lambda: write_piece(dossier, ["成效"], Facts(title="只有名称"), **actor),
         "还没有写内容。请写文字，或改交文件。"),
        (lambda: write_piece(dossier, ["成效"], Facts(text="长" * 21), **actor),
         "“成效”最多20个字，现有21个。请精简文字。"),
        (lambda: write_piece(dossier, ["成效", "图"], Facts(text="x"), **actor),
         "“图”要的是：照片；这份是：说明。请交到对应的栏目。"),
        (lambda: write_piece(dossier, ["成效"], Facts(text="x", happened_on=TODAY + DAY), **actor),
         "材料的日期还没到。请填今天或以前的日期。"),
        (lambda: write_piece(dossier, ["成效"], Facts(text="x", dated_on=TODAY + DAY), **actor),
         "材料的日期还没到。请填今天或以前的日期。"),
        (lambda: write_piece(dossier, ["成效"], Facts(text="x", person="x" * (LONGEST_TEXT + 1)), **actor),
         "文字超过20000个字。请作为文件上交。"),
        (lambda: use_piece(dossier, "图", paper.piece, **actor), "“图”要的是：照片；这份是：文件。请交到对应的栏目。"),
        (lambda: use_piece(dossier, "成效", theirs, **actor),
         f"“{theirs}”是别的单位的。请向该单位要材料，或交本单位自己的。"),
        (lambda: edit_piece(paper.piece, Facts(title=" "), **actor), "材料没有名称。请用几个字写明是什么。"),
        (lambda: drop_piece(paper.piece, **actor), "“方案”还在档案里。请先从每个档案中移出。"),
    ):  # fmt: skip
        assert said(act, error=Refusal) == words
    assert said(use_piece, dossier, "文", paper.piece, actor=ledger.liaison, error=Conflict) == "“方案”已在这一栏。"
    assert rows() == before


def test_what_a_file_is_refused_for_is_told_beside_its_name(ledger: Ledger) -> None:
    dossier = ledger.dossier("1.1")
    given = [Upload("方案.pdf", PDF), Upload("空.jpg", b""), Upload("图.jpg", photo(1)), Upload("再.jpg", photo(1))]
    outcomes = give_files(dossier, "图", given, actor=ledger.liaison)
    assert [(one.name, one.refused, one.known, one.piece is None) for one in outcomes] == [
        ("方案.pdf", "“图”要的是：照片；这份是：文件。请交到对应的栏目。", False, True),
        ("空.jpg", "文件是空的。请换一个文件。", False, True),
        ("图.jpg", "", False, False),
        ("再.jpg", "“图”已在这一栏。", False, True),
    ]
    limit = [Upload("空.jpg", b"")] * MOST_FILES
    assert len(give_files(dossier, "图", limit, actor=ledger.liaison)) == MOST_FILES
    (known,) = give_files(dossier, "文", [Upload("图.jpg", photo(1))], actor=ledger.liaison)
    assert known.refused == "“文”要的是：文件；这份是：照片。请交到对应的栏目。"


def test_what_a_review_has_before_it_stays_in_these_words(ledger: Ledger) -> None:
    dossier = ledger.submitted("1.1")
    other = ledger.dossier("1.4")
    link = dossier.links.get(slot="文")
    use_piece(other, "记录", link.piece, actor=ledger.liaison)
    before, actor = rows(), {"actor": ledger.liaison}
    for act in (
        lambda: give_files(dossier, "图", [Upload("a.jpg", photo(5))], **actor),
        lambda: write_piece(dossier, ["成效"], Facts(text="x"), **actor),
        lambda: use_piece(dossier, "文", link.piece, **actor),
        lambda: unlink_piece(link, **actor),
        lambda: set_passage(link, "x", **actor),
    ):
        assert said(act, error=Refusal) == HELD
    assert said(edit_piece, link.piece, Facts(title="改"), **actor) == (
        "“志愿服务方案2026-01-05”在1.1 志愿服务常态开展里，那份档案已经提交。等那份档案退回单位后再改。"
    )
    assert rows() == before


def test_what_is_not_ready_to_be_handed_in_is_refused_in_these_words(ledger: Ledger) -> None:
    empty, part = ledger.dossier("1.1"), ledger.dossier("1.2")
    write_piece(part, ["人"], Facts(person="张兰"), actor=ledger.liaison)
    before, ahead = rows(), NOON + timedelta(seconds=1)
    for dossier, given, words in (
        (part, {"actor": ledger.office}, "您在替“市档案局”代录：请写明是谁提交的。请写单位和职务。"),
        (part, {"actor": ledger.office, "on_behalf": " "}, "您在替“市档案局”代录：请写明是谁提交的。请写单位和职务。"),
        (part, {"at": ahead}, "填的时间还没有到。请填实际答复的时间。"),
        (part, {"conclusion": " "}, "缺少结论说明。请用一两句话说明材料证明了什么。"),
        (part, {"conclusion": "长" * (LONGEST_CONCLUSION + 1)}, "结论说明超过2000个字。请精简。"),
        (empty, {}, "档案是空的。请至少先交一份材料。"),
        (part, {"note": " "}, "3栏中还差2栏。请补齐，或写明缺什么、为什么。"),
    ):  # fmt: skip
        assert said(submit_dossier, dossier, **{"conclusion": "x", "actor": ledger.liaison, **given}) == words
    with pytest.raises(PermissionDenied):
        submit_dossier(part, conclusion="x", note="y", on_behalf="联络员", actor=ledger.stranger)
    text = {"note": "y", "scan": Upload("签字页.txt", "签字".encode()), "actor": ledger.liaison}
    said(submit_dossier, part, conclusion="x", **text, error=BadUpload)
    assert rows() == before


def test_strangers_give_use_mark_and_take_out_nothing(ledger: Ledger) -> None:
    dossier = ledger.filled("1.1")
    link, before = dossier.links.get(slot="成效"), rows()
    for actor in (ledger.stranger, ledger.leader, make_user("office", make_root())):
        for act in (
            lambda actor: give_files(dossier, "图", [Upload("a.jpg", photo(5))], actor=actor),
            lambda actor: write_piece(dossier, ["成效"], Facts(text="x"), actor=actor),
            lambda actor: use_piece(dossier, "成效", link.piece, actor=actor),
            lambda actor: set_passage(link, "x", actor=actor),
            lambda actor: unlink_piece(link, actor=actor),
            lambda actor: edit_piece(link.piece, Facts(title="x"), actor=actor),
            lambda actor: drop_piece(link.piece, actor=actor),
        ):
            with pytest.raises(PermissionDenied):
                act(actor)
    assert rows() == before


def test_what_cannot_be_reviewed_is_refused_in_these_words(ledger: Ledger) -> None:
    graded, counted = ledger.submitted("1.1"), ledger.dossier("1.4")
    write_piece(counted, ["记录"], Facts(text="第一讲", happened_on=TODAY), actor=ledger.liaison)
    submit_dossier(counted, conclusion="一讲", note="其余待补", actor=ledger.liaison)
    accepted = ledger.accepted("1.2")
    office, leader = {"actor": ledger.office, "revision": 2}, {"actor": ledger.leader, "revision": 2}
    colleague, ahead = {"actor": ledger.office_too, "revision": 2}, NOON + timedelta(seconds=1)
    before = rows()
    for act, words in (
        (lambda: accept_dossier(graded, result="E", **office), "这条标准没有这个等次。请填A、B、C、D，或者填数。"),
        (lambda: accept_dossier(graded, result="120%", **office), "这条标准没有这个等次。比率在0到100%之间。"),
        (lambda: accept_dossier(counted, result="A", **office), "这条标准没有这个等次。请填数。"),
        (lambda: accept_dossier(counted, result="1.5", **office), "这条标准没有这个等次。次数是0以上的整数。"),
        (lambda: return_dossier(graded, reason=" ", **office), "请简单写明原因。对方会看到。"),
        (lambda: send_back_dossier(accepted, reason=" ", **leader), "请简单写明原因。对方会看到。"),
        (lambda: reopen_dossier(accepted, reason=" ", actor=ledger.office), "请简单写明原因。对方会看到。"),
        (lambda: approve_dossier(accepted, at=ahead, **leader), "填的时间还没有到。请填实际答复的时间。"),
        (lambda: approve_dossier(accepted, on_behalf=" ", scan=SCAN, **colleague),
         "第二次审核由组长做。请写明是谁签的字。"),
        (lambda: approve_dossier(accepted, on_behalf="组长", **colleague),
         "缺少签字页扫描件。请附上扫描件或照片。"),
        (lambda: approve_dossier(accepted, on_behalf="组长", scan=SCAN, **office),
         "第一次审核是您做的，第二次由另一人做。"),
        (lambda: submit_dossier(graded, conclusion="x", actor=ledger.liaison), MOVED % graded),
        (lambda: approve_dossier(accepted, revision=1, actor=ledger.leader), MOVED % accepted),
    ):  # fmt: skip
        assert said(act) == words
    assert rows() == before
    approve_dossier(accepted, at=NOON, **leader)
    assert said(send_back_dossier, accepted, reason="x", **leader) == MOVED % accepted
    seen_before = {"revision": 1, "actor": ledger.leader}
    assert said(send_back_dossier, ledger.accepted("1.2", year=2025), reason="x", **seen_before) == MOVED % accepted
    for strange in (take_back_dossier, lambda one, actor: return_dossier(one, reason="x", revision=2, actor=actor)):
        with pytest.raises(PermissionDenied):
            strange(graded, actor=ledger.stranger)
    graded.node = Node.objects.get(version=ledger.version, code="1")
    assert said(accept_dossier, graded, result="A", **office) == (
        "测评体系里已没有这条标准。请以此为由退回。"
    )  # fmt: skip
    assert Dossier.objects.get(pk=graded.pk).state == "submitted"


def test_what_cannot_be_opened_moved_or_reminded_is_refused_in_these_words(ledger: Ledger) -> None:
    dossier, nobody = ledger.dossier("1.1"), ledger.dossier("1.1", unit=make_unit(ledger.root, name="市地震局"))
    handed_in = ledger.submitted("1.2")
    node, unit = ledger.node("1.1").pk, ledger.unit.pk
    elsewhere, top = make_unit(make_root()).pk, ledger.node("1").pk
    alien = Node.objects.filter(version=make_version(ledger.root.region), is_leaf=True).first()
    before = rows()

    def opened(year: int, pair: tuple[int, int], due_on: date = DUE) -> str:
        return said(open_dossiers, ledger.campaign, year, [(node, unit), pair], due_on=due_on, actor=ledger.office)

    assert alien is not None
    wrong_year = "%d年不在这个创建周期内。请选2024到2026之间的年度。"
    assert [opened(year, (node, unit)) for year in (2023, 2027)] == [wrong_year % 2023, wrong_year % 2027]
    assert opened(2026, (node, unit), TODAY - DAY) == "期限已经过了。请选今天或以后的日期。"
    wrong = "有一条标准不在这个创建周期里。请在本周期的标准里选。"
    assert [opened(2025, (one, unit)) for one in (top, alien.pk)] == [wrong, wrong]
    assert opened(2025, (node, elsewhere)) == "有单位不属于本地区。请选本地区的单位。"
    assert said(move_due, dossier, due_on=TODAY - DAY, reason="x", actor=ledger.office) == (
        "新的期限已经过了。请选今天或以后的日期。"
    )
    assert said(move_due, dossier, due_on=DUE, reason=" ", actor=ledger.office) == "请简单写明原因。对方会看到。"
    assert said(remind_unit, handed_in, actor=ledger.office) == "现在是“待第一次审核”，不用催办。"
    assert said(remind_unit, nobody, actor=ledger.office) == (
        "市地震局还没有联络员，没法催办。请先在“单位与职务”里指定联络员。"
    )
    for person in (ledger.liaison, ledger.leader):
        for act in (
            lambda actor: move_due(dossier, due_on=DUE, reason="x", actor=actor),
            lambda actor: remind_unit(dossier, actor=actor),
            lambda actor: open_dossiers(ledger.campaign, 2025, [], due_on=DUE, actor=actor),
            lambda actor: carry_dossiers(ledger.campaign, {}, actor=actor),
        ):
            with pytest.raises(PermissionDenied):
                act(person)
    assert rows() == before
