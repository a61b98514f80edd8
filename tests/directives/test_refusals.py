"""What people read when an act on a document or a directive is refused: the fault and the way out, word for word."""

from __future__ import annotations

from datetime import date, datetime
from functools import partial

import pytest
from django.core.exceptions import PermissionDenied

from chuangwen.core import clock
from chuangwen.core.errors import BadUpload, Refusal
from chuangwen.core.workdays import ZONE
from chuangwen.directives import services
from chuangwen.directives.addressees import Party
from chuangwen.directives.models import Candidate
from chuangwen.directives.services import Wanted
from tests.directives.making import DAY, SPEECH, Desk, candidate
from tests.support import refusals
from tests.support.factories import NOON

pytestmark = pytest.mark.django_db
CLOSED_YEAR = "日期1989-12-31不对。请再看看年份。"

said = partial(refusals.said, error=Refusal, actor=None)


@pytest.fixture
def desk():
    with clock.at(NOON):
        yield Desk()


def test_words_about_a_document(desk):
    document = desk.document(day=date(1990, 1, 1))
    same = said(desk.document, error=services.SameDocument, title="又一次")
    assert same == "《在创建工作推进会上的讲话》已经上传过。请打开已有的那份继续；没有新增。"
    assert said(desk.document, SPEECH + "一", day=date(1989, 12, 31)) == CLOSED_YEAR
    assert said(desk.document, SPEECH + "一", day=date(2101, 1, 1)) == "日期2101-01-01不对。请再看看年份。"

    def refused(**changes):
        return said(services.change_document, document, **{"title": "讲话", "kind": "speech", "day": DAY} | changes)

    assert refused(title=" ").strip() == "标题不能空着。"
    assert refused(kind="poem") == "没有这种文种。请从列表里选。"
    assert refused(day=date(1989, 12, 31)) == CLOSED_YEAR
    services.change_document(document, actor=None, title="讲话", kind="speech", day=date(2100, 12, 31))
    with pytest.raises(BadUpload) as broken:
        services.add_document(desk.campaign, b"", actor=None)
    assert (broken.value.message[:7], broken.value.message[-1], broken.value.way_out[-1]) == (
        "《粘贴的正文》",
        "。",
        "。",
    )


def test_words_about_editing(desk):
    document = desk.document()
    row = candidate(document, "背街小巷")

    def refused(action="做", **changes):
        return said(services.edit_candidate, row, Wanted(action, **changes), revision=1)

    assert refused(" ") == "请写要办什么。一句话就行。"
    assert refused("长" * 301) == "“要做什么”最多300字。原句会随任务保留。"
    assert refused(due_on=date(2026, 11, 15)) == "时限早于会议日期。请再看看年月。"
    foreign = "有单位不属于本地区。请从列表里重新选。"
    stranger = Desk().city
    assert refused(lead=[Party("外地", (stranger.pk,))]) == foreign
    assert refused(lead=[Party("本地", (desk.city.pk,))], cooperate=[Party("外地", (stranger.pk,))]) == foreign
    services.edit_candidate(row, Wanted("长" * 300, due_on=DAY), revision=1, actor=None)
    stale = said(services.drop_candidate, row, revision=1, error=services.StaleCandidate)
    assert stale == "您打开期间，这一条被别人改过。两个版本都在下面，选一个；没有覆盖任何内容。"
    other = candidate(document, "飞线充电")
    Candidate.objects.filter(pk=other.pk).update(due_on=date(2026, 1, 1))
    other.refresh_from_db()
    services.edit_candidate(other, Wanted("做", due_on=date(2026, 1, 1)), revision=1, actor=None)  # it stood so before


def test_words_about_cutting_and_joining(desk):
    document = desk.document()
    first, second = candidate(document, "背街小巷"), candidate(document, "飞线充电")
    assert said(services.merge_into_previous, first, revision=1) == "这是第一条。请选要并入它的那一条。"
    assert said(services.split_candidate, first, first.start + 1, revision=1) == (
        "只能在标点处拆开。请在给出的位置里选一处。"
    )
    services.merge_into_previous(second, revision=1, actor=None)
    merged = said(services.edit_candidate, second, Wanted("做"), revision=2)
    assert merged == "这一条已并入另一条。先撤销合并。"

    def refused(quote, **more):
        return said(services.mark_by_hand, document, quote, **more)

    assert refused(" ") == "没有选中文字。请在左边选中句子，或抄到框里。"
    assert refused("长" * 1001) == "选中的文字超过1000字。一次只标一条。"
    assert refused("长" * 1000) == "原文里没有这段话。请从原文照抄。"
    assert refused("各街道") == f"这段话在原文里出现了{SPEECH.count('各街道')}次。请在原文里选中那一处。"
    first.refresh_from_db()
    assert refused("登记在册的46条") == f"这段文字已属于“{first}”。请修改或拆开那一条，或少选几个字。"
    nothing = said(services.undo_last, desk.document("别的\n没有事。\n")).strip()
    assert nothing == "这里没有您最近12小时内可以撤销的操作。"


def test_words_about_undoing(desk):
    document = desk.document()
    row = candidate(document, "背街小巷")
    services.accept_candidate(row, revision=1, actor=desk.office)
    services.reopen_candidate(row, revision=2, actor=desk.colleague)
    assert said(services.undo_last, document, actor=desk.office) == f"“{row}”后来被别人改过。请打开这一条，手工修改。"


def test_words_about_issuing(desk):
    document = desk.document()

    def accept(words):
        row = candidate(document, words)
        services.accept_candidate(row, revision=row.revision, actor=desk.office)
        return row

    def refused(**more):
        return said(services.issue_accepted, document, **more)

    assert refused(measure="完成") == "没有要下发的。先采纳几条。"
    wires = accept("飞线充电")
    assert refused(measure="完成") == f"没有指明牵头单位：“{wires.action[:20]}”。先指明单位。"
    document.candidates.update(becomes="task")
    weekly = accept("每周检查")
    assert refused(measure="完成") == "1条没有时限，或时限已过。请统一给个日期，或逐条补上。"
    assert refused(measure="完成", due_on=date(2026, 11, 17)) == "填的日期已经过了。请填晚一点的日期。"
    assert refused(measure=" ", due_on=date(2026, 12, 1)) == "1条没写成果。请统一写明怎样算完成，或逐条补上。"
    with clock.at(datetime(2026, 11, 20, 18, 0, tzinfo=ZONE)):  # the very moment at which it is due
        assert refused(measure="完成", due_on=date(2026, 11, 20)) == "填的日期已经过了。请填晚一点的日期。"
    services.issue_accepted(document, actor=None, measure="完成", due_on=date(2026, 11, 20))
    assert said(services.discard_document, document) == "其中1条已经下发。请先撤销已下发的，或保留这份文件。"
    number = weekly.tasks.get().number
    assert said(services.edit_candidate, weekly, Wanted("做"), revision=2).startswith(f"已下发为任务{number}。")


def test_the_file_is_named_whose_text_cannot_be_read(desk):
    with pytest.raises(BadUpload) as broken:
        desk.document("PK\x03\x04broken", name="a.docx")
    assert broken.value.message.startswith("《a.docx》")


def test_the_office_of_another_region_has_no_say(desk):
    document = desk.document()
    row, stranger = candidate(document, "背街小巷"), Desk().office
    for act, *given in (
        (services.edit_candidate, row, Wanted("做")),
        (services.split_candidate, row, row.start + 1),
        (services.merge_into_previous, row),
        (services.accept_candidate, row),
    ):
        with pytest.raises(PermissionDenied, match=r"^directives\.edit$"):
            act(*given, revision=1, actor=stranger)
    for act, *given in ((services.mark_by_hand, document, "应当肯定"), (services.undo_last, document)):
        with pytest.raises(PermissionDenied, match=r"^directives\.edit$"):
            act(*given, actor=stranger)
    with pytest.raises(PermissionDenied, match=r"^responsibilities\.edit$"):
        services.issue_accepted(document, actor=stranger)
