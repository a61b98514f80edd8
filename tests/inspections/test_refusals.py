"""What people read when a step of fieldwork is refused: what is wrong and the way out, word for word."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from chuangwen.accounts.models import User
from chuangwen.accounts.roles import Role
from chuangwen.campaigns.models import Round
from chuangwen.core import clock
from chuangwen.inspections.enums import AnswerValue
from chuangwen.inspections.models import Visit
from chuangwen.inspections.sampling import Chain
from chuangwen.inspections.services import draws, planning
from chuangwen.inspections.services.answering import save_answers, start_visit
from chuangwen.inspections.services.finishing import finish_visit, wants_photo
from chuangwen.inspections.services.photographing import (
    MOST_PHOTOS,
    add_answer_photo,
    add_original,
    remove_answer_photo,
)
from chuangwen.inspections.services.rounds import what_keeps_open
from chuangwen.inspections.services.substituting import substitute_place
from chuangwen.standards.models import Check
from tests.inspections.making import Field, given, make_checks, make_field, photo
from tests.support.factories import DAY, NOON, make_check, make_place_type, make_user
from tests.support.refusals import said

HOUR = timedelta(hours=1)
RELEASE = NOON + 20 * HOUR


@pytest.fixture
def field(db: None) -> Field:
    return make_field()


def fresh(visit: Visit) -> Visit:
    return Visit.objects.get(pk=visit.pk)


def test_words_about_a_visit(field: Field) -> None:
    plain, counted = (make_checks(field, 1, text_zh=text)[0] for text in ("台阶完好", "摊位整齐"))
    elsewhere = make_check(field.version, make_place_type(field.root.region))
    visit, other, inspector = field.visit(), field.visit(), field.inspector
    assert (
        said(save_answers, visit, [given(plain)], actor=inspector)
        == "这处已完成或还没有开始。请重新打开，看看现在的情况。"
    )
    Round.objects.update(state="planned")
    assert said(start_visit, fresh(visit), actor=inspector) == "“第二轮模拟测评”不在进行中。请创建办先开始这一轮。"
    Round.objects.update(state="running")
    keeper = make_user(Role.KEEPER, field.street)
    assert (
        said(start_visit, field.visit(inspector=keeper), actor=keeper)
        == "测评员不能测评本单位的点位。请回避，创建办会另派人。"
    )
    start_visit(visit, actor=inspector)
    wrong = [
        given(elsewhere), given(plain, "maybe" * 9), given(plain, "not-observable", reason=" "),
        given(plain, count=-0.5), given(plain, count=1_000_000.5),
    ]  # fmt: skip
    saved = save_answers(visit, [*wrong, given(counted, count=0.0)], actor=inspector)
    assert list(saved.refused.values()) == [
        "有一项不属于这处点位。请重新打开这处。",
        "“maybemaybemaybemaybemaybemaybemaybemaybe”不是可选的答案。",
        "请写明为什么看不到，例如下雨、关门。",
        "数量要在0到100万之间。",
        "数量要在0到100万之间。",
    ]
    start_visit(other, actor=inspector)
    assert list(save_answers(other, [given(plain, uid=saved.kept[0])], actor=inspector).refused.values()) == [
        "这个答案是另一处点位的。"
    ]
    assert said(finish_visit, visit, actor=inspector) == "还有1项没有作答。请作答，看不到的选“看不到”。"
    assert said(finish_visit, other, actor=inspector) == "还有2项没有作答。请作答，看不到的选“看不到”。"
    save_answers(visit, [given(plain, "not-met"), given(counted, "not-met", count=1_000_000.0)], actor=inspector)
    assert said(finish_visit, visit, actor=inspector) == "还有2项缺照片。第一项：台阶完好"
    answer, uid = visit.answers.get(checked=plain), uuid4()
    for _number in range(MOST_PHOTOS):
        add_answer_photo(answer, photo(), "a.jpg", uid=uid, actor=inspector)
        uid = uuid4()
    assert (
        said(add_answer_photo, answer, photo(), "a.jpg", uid=uid, actor=inspector)
        == "一项最多9张照片。请先删一张再加。"
    )
    assert said(finish_visit, visit, actor=inspector) == "还有1项缺照片。第一项：摊位整齐"
    save_answers(other, [given(plain)], actor=inspector)
    used = answer.photos.first().uid
    assert (
        said(add_answer_photo, other.answers.get(), photo(), "a.jpg", uid=used, actor=inspector)
        == "这张照片是另一处点位的。"
    )
    stranger = "这处点位派给了别的测评员。"
    assert said(finish_visit, visit, actor=field.office) == stranger
    assert said(save_answers, visit, [given(plain)], actor=field.office) == stranger
    assert said(add_answer_photo, answer, photo(), "a.jpg", uid=uuid4(), actor=field.office) == stranger
    assert said(add_original, answer.photos.first(), photo(), actor=field.office) == stranger
    assert said(remove_answer_photo, answer.photos.first(), actor=field.office) == stranger


def test_words_about_the_plan(field: Field) -> None:
    visit, office, inspector = field.visit(), field.office, field.inspector
    User.objects.filter(pk=inspector.pk).update(name="张三")
    inspector.refresh_from_db()
    keeper = make_user(Role.KEEPER, field.street)
    starts, ends = field.round.starts, field.round.campaign.ends
    assert (
        said(planning.plan_visit, field.round, field.place(), actor=office, inspector=keeper)
        == "测评员不能测评本单位的点位。请另选测评员。"
    )
    liaison = make_user(Role.LIAISON, field.street, name="王五")
    assert (
        said(planning.assign_visits, [visit], liaison, actor=office)
        == "王五在这里不是测评员。请先授予测评员角色，或另选一人。"
    )
    assert said(planning.move_visit, visit, DAY, reason=" ", actor=office) == "请简单写明原因。例如：下雨、封路。"
    assert (
        said(planning.move_visit, visit, starts - timedelta(days=1), reason="雨", actor=office)
        == "这一天本轮还没有开始。请选本轮之内的日子。"
    )
    assert (
        said(planning.move_visit, visit, ends + timedelta(days=1), reason="雨", actor=office)
        == "那天创建周期已经结束。请选本轮之内的日子。"
    )
    assert said(planning.skip_visit, visit, reason=" ", actor=office) == "请简单写明原因。对方会看到。"
    planning.recuse_inspector(fresh(visit), actor=inspector)
    assert said(planning.assign_one, fresh(visit), inspector, actor=office) == "要另派测评员。请另选测评员。"
    toilet = field.place(field.toilet, name="东关公厕")
    planning.add_ad_hoc_visit(field.round, toilet, actor=inspector)
    gone = field.place(field.toilet, state="gone", name="旧公厕")
    assert [
        said(planning.add_ad_hoc_visit, field.round, wrong, actor=inspector) for wrong in (field.place(), gone, toilet)
    ] == [
        "这类点位要抽签，不能当场选。请选随机查看的类型。",
        "“旧公厕”已不在名册里。请另选一处。",
        "“东关公厕”已在本轮名单里。请另选一处。",
    ]


def test_words_about_what_is_entered_from_paper_and_what_has_begun(field: Field) -> None:
    visit, office, inspector = field.visit(), field.office, field.inspector
    User.objects.filter(pk=inspector.pk).update(name="张三")
    inspector.refresh_from_db()
    planning.recuse_inspector(fresh(visit), actor=inspector)
    toilet = field.place(field.toilet, name="东关公厕")
    with clock.at(NOON):
        paper = {"scan": photo(), "scan_name": "a.jpg", "actor": office, "inspector": inspector}
        assert (
            said(planning.begin_paper_entry, visit, seen_at=NOON + HOUR, **paper)
            == "时间不能晚于现在。请填纸上写的时间。"
        )
        assert (
            said(planning.begin_paper_entry, visit, seen_at=NOON, **paper) == "张三不能测评这处点位。请选实际到场的人。"
        )
        start_visit(field.visit(), actor=inspector)
        Round.objects.update(state="closed")
        assert (
            said(planning.begin_paper_entry, fresh(visit), seen_at=NOON, **paper)
            == "“第二轮模拟测评”不在进行中。请创建办先开始这一轮。"
        )
        assert (
            said(planning.add_ad_hoc_visit, fresh(visit).round, toilet, actor=inspector)
            == "“第二轮模拟测评”不在进行中。请创建办先开始这一轮。"
        )
    begun = Visit.objects.get(state="started")
    assert (
        said(planning.move_visit, begun, DAY, reason="雨", actor=office)
        == "还没开始的才能改期。请重新打开，看看现在的情况。"
    )
    assert said(planning.recuse_inspector, begun, actor=inspector) == "自己的点位在开始之前可以回避。"
    assert (
        said(planning.assign_one, begun, make_user(Role.INSPECTOR, field.root), actor=office)
        == "已开始或已结束。请另选测评员。"
    )


def strictly(field: Field) -> dict[str, Any]:
    """What a strict draw is frozen with, over a register of three markets."""
    for index in range(3):
        field.place(code=f"M-{index}")
    return {"actor": field.office, "strict": True, "source": "掷骰子", "release_at": RELEASE}


def test_words_about_freezing(field: Field) -> None:
    office, form = field.office, strictly(field)
    with clock.at(NOON):
        assert [
            said(draws.freeze_draw, field.round, {"market": 1}, **form | change)
            for change in ({"source": " "}, {"release_at": None}, {"release_at": NOON}, {"method": "lots"})
        ] == [
            "请写明公开的随机来源。例如：见证人面前掷骰子12次。",
            "开抽时间要晚于现在。通常是测评员出发前一小时。",
            "开抽时间要晚于现在。通常是测评员出发前一小时。",
            "没有“lots”这种抽法。请选vrs或rfc3797。",
        ]
        assert [
            said(draws.freeze_draw, field.round, quotas, **form)
            for quotas in ({"market": 0}, {"hotel": 1}, {"market": -1})
        ] == [
            "一处也没有要抽的。请至少给一类填上数。",
            "名册里没有“hotel”这一类点位。请把它的数填成0，或先申报点位。",
            "“market”的配额是-1，应为0或正整数",
        ]
        draw = draws.freeze_draw(field.round, {"market": 1}, **form)
        assert what_keeps_open(None, field.round) == "本轮还有一次抽签没有做完。请先做完或撤回，再结束。"
        assert (
            said(draws.freeze_draw, field.round, {"market": 1}, **form)
            == "本轮已有一次抽签正在进行。请做完它，或者撤回。"
        )
        assert said(draws.draw_simply, draw, actor=office) == "这次抽签用的是严格方式。请输入公开的随机结果和一次性码。"


def test_words_about_a_strict_draw(field: Field) -> None:
    office, form = field.office, strictly(field)
    chain = Chain(b"a secret of the facilitator")
    made = chain.commitment()
    with clock.at(NOON):
        draw = draws.freeze_draw(field.round, {"market": 1}, **form)
        assert (
            said(draws.draw_strictly, draw, randomness="2.", code=chain.code(), actor=office)
            == "请先公布封签。封签要先于随机结果公布。"
        )
        assert (
            said(draws.commit_draw, draw, commitment="ab", times=9, actor=office)
            == "封签有2个字符，SHA-256应有64个，请重新复制"
        )
    with clock.at(RELEASE):
        assert (
            said(draws.commit_draw, draw, commitment=made.digest, times=made.times, actor=office)
            == "开抽时间已过，随机结果可能已经出来了。请撤回这次抽签，换个更晚的时间重新封存。"
        )
    with clock.at(NOON):
        draws.commit_draw(draw, commitment=made.digest, times=made.times, actor=office)
        assert (
            said(draws.draw_strictly, draw, randomness="2.", code=chain.code(), actor=office)
            == "2026-11-19 08:00才能抽签。在此之前谁都不能知道抽到哪里。"
        )
    with clock.at(RELEASE):
        assert (
            said(draws.draw_strictly, draw, randomness="2.", code="xyz", actor=office)
            == "一次性码“xyz”不是十六进制数(偶数个0-9、a-f)，请重新复制。请逐字核对一次性码和随机结果。"
        )
        draws.draw_strictly(draw, randomness="2.", code=chain.code(), actor=office)
        assert (
            said(draws.draw_now, field.round, {"market": 1}, actor=office, before=0)
            == "刚刚已有人给本轮抽过签。请先看结果，再决定要不要再抽。"
        )
        assert said(draws.close_draw, draw, secret="x", actor=office) == "密码要等测评结束后公布。请先结束这一轮。"


def test_words_about_a_draw_that_is_done(field: Field) -> None:
    office, form = field.office, strictly(field)
    chain = Chain(b"a secret of the facilitator")
    made = chain.commitment()
    with clock.at(NOON):
        draw = draws.freeze_draw(field.round, {"market": 1}, **form)
        draws.commit_draw(draw, commitment=made.digest, times=made.times, actor=office)
    with clock.at(RELEASE):
        draws.draw_strictly(draw, randomness="2.", code=chain.code(), actor=office)
        visit = Visit.objects.get(draw=draw)
        assert (
            said(substitute_place, field.visit(field.place(field.toilet)), reason="关门", actor=office)
            == "这处点位不是抽签抽中的。请跳过这处，另选一处随机查看。"
        )
        assert what_keeps_open(None, field.round) == "还有2处没有完成。请先完成，或者跳过并说明原因，再结束。"
        Visit.objects.update(state="finished")
        assert (
            said(substitute_place, fresh(visit), reason="关门", actor=office)
            == "这处已完成。已经测评过的点位不用候补。"
        )
        Round.objects.update(state="closed")
        draw.round.refresh_from_db()
        assert (
            said(draws.close_draw, draw, secret="another", actor=office)
            == "这个密码算不出已公布的封签。请用原来的密码文件。"
        )
        assert (
            said(draws.freeze_draw, draw.round, {"market": 1}, **form | {"release_at": RELEASE + HOUR})
            == "“第二轮模拟测评”已经结束。请另安排一轮。"
        )
        draws.close_draw(draw, secret="a secret of the facilitator", actor=office)
        Visit.objects.update(state="planned")
        assert (
            said(substitute_place, fresh(visit), reason="关门", actor=office)
            == "这次抽签已公布密码，不能再换。请把这处记为未测评。"
        )


@pytest.mark.parametrize(
    ("asked", "wanted"),
    [("never", []), ("always", ["met", "not-met"]), ("not-met", ["not-met"])],
)
def test_photo_is_wanted_as_the_standard_asks(asked: str, wanted: list[str]) -> None:
    assert [value for value in AnswerValue.values if wants_photo(Check(photo=asked), value)] == wanted
