"""The ladder's rules: defaults with their labels, changes that are tried before they hold."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from chuangwen.accounts.roles import Role
from chuangwen.audit.models import Entry
from chuangwen.supervision.models import NoticeRule, NoticeStep, SupervisionNotice, VetoKind
from chuangwen.supervision.services import ensure_defaults, save_rule, save_step, switch_off, switch_on
from tests.supervision.making import NOW
from tests.support.factories import make_user
from tests.support.refusals import said

pytestmark = pytest.mark.django_db


def rule(world, number=2, **fields):
    values = {"step": "white", "condition": "late", "source": "site: 试", "actor": world.office} | fields
    return save_rule(world.region, number=number, **values)


def test_ladder_is_written_once_with_its_labels(world):
    assert ensure_defaults(world.region, actor=world.office) == 0
    steps = {step.step: (step.addressee, step.copy_to, step.signer, step.answer_within, step.talk_within)
             for step in NoticeStep.objects.all()}  # fmt: skip
    assert steps == {
        "reminder": ("liaison", "", "", "", ""), "white": ("acting", "", "clerk", "2d", ""),
        "yellow": ("first", "charge", "director", "2d", ""), "red": ("head", "supervision", "deputy", "1d", "5d"),
    }  # fmt: skip
    rules = [(one.step, one.condition, one.number, one.is_on) for one in NoticeRule.objects.all()]
    assert rules == [
        ("reminder", "due-soon", 1, True), ("white", "late", 1, True), ("yellow", "after", 3, True),
        ("yellow", "returned", 2, True), ("yellow", "recurrence", 30, True), ("red", "after", 3, True),
        ("red", "falsified", 0, True),
    ]  # fmt: skip
    labels = {one.source.split(":")[0] for one in [*NoticeStep.objects.all(), *NoticeRule.objects.all()]}
    assert labels == {"proposed"}
    assert VetoKind.objects.filter(falsification=True).count() == 1
    with pytest.raises(PermissionDenied):
        ensure_defaults(world.region, actor=world.leader)


def test_new_rule_holds_only_once_it_is_switched_on(world, noon):
    former = NoticeRule.objects.get(step="white")
    kept = rule(world, replaces=former)
    world.problem()
    assert [one.items.get().rule for one in world.proposed()] == [former]
    switch_on(kept, actor=world.office)
    former.refresh_from_db()
    assert (kept.is_on, former.is_on, former.ends is None) == (True, False, False)
    SupervisionNotice.objects.all().delete()
    assert [one.items.get().rule for one in world.proposed()] == [kept]
    switch_off(kept, actor=world.office)
    SupervisionNotice.objects.all().delete()
    assert world.proposed() == []


def test_wrong_rules_are_refused(world, noon):
    def refused(**fields):
        return said(rule, world, **fields)

    assert refused(condition="after") == "这一级下面没有可以起算的督办单。选黄单或红单。"
    assert refused(condition="due-soon") == "提醒在到期前，督办单在到期后。换一个条件。"
    assert refused(number=91) == "数值不在1到90之间。请填这之间的数。"
    ended = NoticeRule.objects.get(step="white")
    kept = rule(world)
    assert said(switch_on, kept, actor=world.office).startswith("同一级、同一条件已有一条规则在执行。")
    switch_off(ended, actor=world.office)
    assert refused(replaces=ended) == "这条规则已停用。选一条现行的。"
    assert said(switch_on, ended, actor=world.office) == "这条规则已停用。另写一条。"
    switch_on(kept, actor=world.office)
    assert said(switch_on, kept, actor=world.office) == "这条规则已经在执行。"
    with pytest.raises(PermissionDenied):
        rule(world, actor=world.liaison)
    with pytest.raises(PermissionDenied):
        switch_off(kept, actor=make_user(Role.OFFICE))


def test_step_is_changed_for_notices_from_now_on(world, noon):
    step = NoticeStep.objects.get(step="white")
    values = {"addressee": "first", "copy_to": "", "signer": "clerk", "talk_within": "", "source": "site: 8号"}
    save_step(step, actor=world.office, answer_within="4h", **values)
    assert said(save_step, step, actor=world.office, answer_within="两天", **values) == (
        "“两天”不是时限。请写成“2个工作日”或“4个工作小时”。"
    )
    assert said(save_step, step, actor=world.office, answer_within="", **values) == (
        "督办单要有签发人和答复时限。两项都填。"
    )
    world.problem()
    (notice,) = world.proposed()
    assert notice.due_at == NOW + timedelta(hours=21)  # 14:30 to 18:00, and half an hour of the next day
    assert Entry.objects.filter(action="supervision.step.save").count() == 1


def test_office_writes_limits_and_sources_in_its_own_words(world, noon, sign_in):
    """No code words: 2个工作日 for 2d, and a source without its label, which stays where nobody changed it."""
    step = NoticeStep.objects.get(step="white")
    client, page = sign_in(world.office), reverse("supervision:step", args=["white"])
    shown = client.get(page).content.decode()
    assert 'value="2个工作日"' in shown
    assert f'value="{step.source.partition(": ")[2]}"' in shown
    assert "site:" not in shown
    form = {"addressee": "acting", "copy_to": "", "signer": "clerk", "talk_within": ""}
    for typed, kept in (
        ("4个工作小时", "4h"),
        (" 3 天内", "3d"),
        ("24小时", "24H"),
        ("2 working days", "2d"),
        ("1d", "1d"),
    ):
        answer = client.post(page, {**form, "answer_within": typed, "source": step.source.partition(": ")[2]})
        assert answer.status_code == 302
        assert NoticeStep.objects.get(pk=step.pk).answer_within == kept
    assert NoticeStep.objects.get(pk=step.pk).source == step.source
    client.post(page, {**form, "answer_within": "2d", "source": "市创建办〔2026〕8号"})
    assert NoticeStep.objects.get(pk=step.pk).source == "site: 市创建办〔2026〕8号"
    assert client.post(page, {**form, "answer_within": "两天", "source": "8号"}).status_code == 422
