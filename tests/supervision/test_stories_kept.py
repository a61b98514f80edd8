"""What is kept and told of exposures, veto events and consequences, field by field; the row beside stays as it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from chuangwen.accounts.roles import Role
from chuangwen.audit.models import Entry
from chuangwen.core import clock
from chuangwen.supervision.models import Consequence, ConsequenceKind, PeerNumber, Story, VetoEvent, VetoKind
from chuangwen.supervision.queries.consequences import (
    appeals_open,
    barred_by_consequence,
    holds,
    lately,
    to_confirm,
)
from chuangwen.supervision.queries.stories import released_stories
from chuangwen.supervision.queries.veto import barred_until, veto_events
from chuangwen.supervision.services import (
    Event,
    confirm_consequence,
    confirm_event,
    decide_appeal,
    drop_consequence,
    drop_story,
    enter_consequence,
    lift_consequence,
    lift_event,
    note_outcome,
    propose_story,
    reject_consequence,
    reject_event,
    release_story,
    reply_to_consequence,
    reply_to_story,
    report_event,
    save_consequence_kind,
    save_kind,
    take_down_story,
    take_up,
    tell_story,
)
from chuangwen.supervision.services.consequences import term_of
from tests.supervision.kept import facts, papers, told
from tests.supervision.making import NOW, SCAN, make_world
from tests.supervision.test_consequences import DAY, kind, paper
from tests.supervision.test_stories import told as exposure
from tests.support.factories import make_unit, make_user
from tests.support.leaving import audited, fields, kept
from tests.support.refusals import said

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon"), pytest.mark.once]
HOUR = timedelta(hours=1)
UNREADABLE = "还没有写内容。"
REASON, WAITS = "请简单写明原因。对方会看到。", "已有一项申诉在等答复。要补充请写说明。"
DECIDED, NOTHING = (f"{words}请重新打开，看看现在的情况。" for words in ("这项申诉已处理。", "现在不用答复。"))
REWARD = "奖励不需要申诉。请写说明。"


def test_exposure_from_the_proposal_to_taking_it_down(world):
    office, colleague, liaison, other = world.office, world.colleague, world.liaison, world.other
    problem = world.problem(lead=other, territory=world.unit)
    told(office)
    story = propose_story(exposure(world, issue="第三期", spot="南门外", problem=problem, title="占道"), actor=office)
    beside = propose_story(exposure(world), actor=office)
    row = fields(beside)
    assert facts(story) == {
        "region_id": world.region.pk, "kind": "exposure", "unit_id": world.unit.pk, "problem_id": problem.pk,
        "title": "占道", "text": "南门外占道", "spot": "南门外", "outlet": "电视台", "issue": "第三期",
        "state": "proposed", "proposed_by_id": office.pk, "proposed_on": date(2026, 11, 18), "reply_by": None,
        "released_by_id": None, "released_at": None, "outcome": "",
    }  # fmt: skip
    url = f"/exposures/{story.pk}/"
    tell_story(story, actor=office)
    assert told(liaison) == [("拟曝光贵单位一件问题，可先答复", "占道", url, True)]
    before = reply_to_story(story, text="今天清理", actor=liaison)
    assert told(office) == told(colleague) == [("城管局已答复", "占道", url, True)]
    release_story(story, actor=colleague)
    assert told(liaison) == [("曝光：占道", "占道", url, False)]
    with clock.at(NOW + 2 * HOUR):
        after = reply_to_story(story, text="已清理", actor=office, at=NOW + HOUR, on_behalf="别人")
        note_outcome(story, outcome="已整改", actor=colleague)
        assert said(note_outcome, story, outcome=" ", actor=office) == f"{UNREADABLE}写明整改结果。"
        take_down_story(story, reason="已满一月", actor=colleague)
    assert told(office) == [("城管局已答复", "占道", url, False)]
    assert told(liaison) == [("已撤下：占道", "占道", url, False)]
    assert kept(story) == [
        ("propose", office.pk, NOW, "占道", "", {}),
        ("tell", office.pk, NOW, "", "", {"until": "2026-11-20T18:00:00+08:00"}),
        ("reply", liaison.pk, NOW, "今天清理", "", {}),
        ("release", colleague.pk, NOW, "", "", {}),
        ("reply", office.pk, NOW + HOUR, "已清理", "城管局", {}),
        ("take_down", colleague.pk, NOW + 2 * HOUR, "已满一月", "", {}),
    ]
    replies = story.replies.values_list("region", "text", "at", "before_release", "on_behalf")
    assert list(replies) == [
        (world.region.pk, before.text, NOW, True, ""), (world.region.pk, after.text, NOW + HOUR, False, "城管局"),
    ]  # fmt: skip
    done = fields(story)
    assert (done["released_by_id"], done["released_at"], done["outcome"], story.outcome) == (
        colleague.pk, NOW, "已整改", "已整改",
    )  # fmt: skip
    assert done["updated_at"] >= NOW + 2 * HOUR
    assert audited("supervision.story.outcome") == [(str(colleague.pk), str(story.pk), {"outcome": "已整改"})]
    assert fields(beside) == row


def test_who_replies_and_how_long_an_exposure_waits(world):
    story, late = (propose_story(exposure(world, title=title), actor=world.office) for title in "甲乙")
    PeerNumber.objects.filter(key="reply-days").update(value=0)
    tell_story(story, actor=world.office)
    PeerNumber.objects.filter(key="reply-days").delete()
    tell_story(late, actor=world.office)
    assert [(clock.local(one.reply_by).day, clock.local(one.reply_by).hour) for one in (story, late)] == [
        (19, 18),
        (20, 18),
    ]
    answer = reply_to_story(story, text="由接口送来", actor=None, on_behalf="某局")
    assert (answer.on_behalf, kept(story)[-1][4]) == ("某局", "某局")
    assert reply_to_story(story, text="自己写的", actor=world.liaison, on_behalf="别人").on_behalf == "别人"
    drop_story(late, reason="已当天整改", actor=world.colleague)
    assert kept(late)[-1][:4] == ("drop", world.colleague.pk, NOW, "已当天整改")
    assert said(reply_to_story, late, text="好", actor=world.liaison) == "现在不用答复。请重新打开，看看现在的情况。"
    assert said(reply_to_story, story, text=" ", actor=world.liaison) == f"{UNREADABLE}写下您要让大家知道的。"
    for nothing in ("title", "text", "outlet"):
        wrong = exposure(world, **{nothing: " "})
        assert said(propose_story, wrong, actor=world.office) == "标题、正文和媒体都要填。请补齐。"
    stranger = make_world()
    for person in (world.liaison, stranger.office):
        with pytest.raises(PermissionDenied):
            note_outcome(story, outcome="好", actor=person)
    for person in (stranger.liaison, stranger.office, make_user(Role.LIAISON, world.other)):
        with pytest.raises(PermissionDenied):
            reply_to_story(story, text="好", actor=person)
    words = said(propose_story, exposure(world, problem=world.problem(lead=world.other)), actor=world.office)
    assert words == "这件问题不是该单位的。换一件问题，或者不填。"
    release_story(story, actor=world.colleague)
    theirs = stranger
    for title in "丙丁":
        other = propose_story(replace(exposure(world), title=title, kind="praise"), actor=world.office)
        release_story(other, actor=world.colleague)
    foreign = propose_story(exposure(theirs, kind="praise"), actor=theirs.office)
    release_story(foreign, actor=theirs.colleague)
    assert [one.title for one in released_stories(world.region)] == ["丁", "丙", "甲"]
    assert list(released_stories(theirs.region)) == [foreign]


def test_veto_event_from_its_report_to_lifting_it(world):
    office, leader = world.office, world.leader
    falsified = VetoKind.objects.get(region=world.region, falsification=True)
    problem = world.problem()
    given = Event(world.unit, falsified, date(2026, 10, 31), "虚报整改", "督查通报", problem)
    event, beside = report_event(given, actor=office), report_event(replace(given, title="另一件"), actor=office)
    row = fields(beside)
    confirm_event(event, actor=leader)
    assert told(world.liaison) == [("一件负面清单事项已确认", "虚报整改", "", True)]
    lift_event(event, reason="申诉成立", actor=world.colleague)
    assert facts(event) == {
        "region_id": world.region.pk, "unit_id": world.unit.pk, "kind_id": falsified.pk, "day": date(2026, 10, 31),
        "bars_until": date(2027, 10, 31), "title": "虚报整改", "source": "督查通报", "problem_id": problem.pk,
        "state": "lifted", "entered_by_id": office.pk, "confirmed_by_id": leader.pk, "confirmed_at": NOW,
    }  # fmt: skip
    assert kept(event) == [
        ("report", office.pk, NOW, "虚报整改", "", {"kind": falsified.name, "source": "督查通报"}),
        ("confirm", leader.pk, NOW, "", "", {}), ("lift", world.colleague.pk, NOW, "申诉成立", "", {}),
    ]  # fmt: skip
    assert fields(beside) == row
    reject_event(beside, reason="不是该单位", actor=leader)
    assert kept(beside)[-1][:4] == ("reject", leader.pk, NOW, "不是该单位")
    foreign = VetoKind.objects.filter(region=make_world().region, falsification=False).first()
    words = said(report_event, replace(given, kind=foreign, problem=None), actor=office)
    assert words == "这个种类没有启用。请换一个。"
    today = replace(given, day=date(2026, 11, 18), title="今天")
    assert report_event(today, actor=office).day == date(2026, 11, 18)


def test_events_bar_their_unit_on_their_days_the_longest_first(world):
    plain = VetoKind.objects.filter(region=world.region, falsification=False).first()
    short = save_kind(world.region, name="短", months=1, source="site: 试", actor=world.office)

    def confirmed(unit, sort, day):
        event = report_event(Event(unit, sort, day, "事故", "通报"), actor=world.office)
        confirm_event(event, actor=world.leader)
        return event

    long, brief = confirmed(world.unit, plain, date(2026, 11, 2)), confirmed(world.unit, short, date(2026, 11, 5))
    same = confirmed(world.unit, short, date(2026, 11, 5))
    confirmed(world.other, plain, date(2026, 11, 9))
    report_event(Event(world.unit, plain, date(2026, 11, 8), "未确认", "通报"), actor=world.office)
    assert list(veto_events(world.unit)) == [same, brief, long]
    assert list(veto_events(world.unit, until=date(2026, 11, 4))) == [long]
    assert barred_until(world.unit) == barred_until(world.unit, date(2026, 11, 2)) == date(2027, 11, 2)
    assert (barred_until(world.unit, date(2027, 11, 2)), barred_until(world.unit, date(2027, 11, 3))) == (
        date(2027, 11, 2), None,
    )  # fmt: skip


def test_kinds_of_events_and_of_consequences_are_kept_apart_by_region_and_name(world):
    theirs, office = make_world(), world.office
    values = {"source": "site: 试", "actor": office}
    at = VetoKind.objects.filter(region=world.region).count()
    made = save_kind(world.region, name="新", months=120, falsification=True, **values)
    assert facts(made) == {
        "region_id": world.region.pk, "name": "新", "months": 120,
        "falsification": True, "source": "site: 试", "is_on": True, "position": at,
    }  # fmt: skip
    assert save_kind(theirs.region, name="新", months=1, source="x", actor=theirs.office).months == 1
    changed = save_kind(world.region, name="新", months=1, kind=made, is_on=False, source="site: 改", actor=office)
    assert (changed.pk, changed.position, changed.falsification, changed.source) == (made.pk, at, False, "site: 改")
    data = {"name": "新", "months": 1, "is_on": False, "falsification": False}
    assert audited("supervision.veto-kind.save")[-1] == (str(office.pk), str(made.pk), data)
    for months in (0, 121):
        refused = said(save_kind, world.region, name="又", months=months, **values)
        assert refused == "数值不在1到120之间。请填这之间的月数。"
    assert save_consequence_kind(world.region, name="零", months=0, **values).bars is False
    at = ConsequenceKind.objects.filter(region=world.region).count()
    new = save_consequence_kind(world.region, name="新", months=120, bars=True, **values)
    assert facts(new) == {
        "region_id": world.region.pk, "name": "新", "months": 120,
        "is_reward": False, "of_year": False, "bars": True, "source": "site: 试", "is_on": True, "position": at,
    }  # fmt: skip
    again = save_consequence_kind(
        world.region, name="新", months=0, kind=new, is_reward=True, of_year=True, is_on=False, **values
    )
    assert (again.pk, again.position) == (new.pk, at)
    data = {"name": "新", "months": 0, "source": "site: 试", "is_reward": True, "of_year": True, "bars": False,
            "is_on": False}  # fmt: skip
    assert audited("supervision.consequence-kind.save")[-1] == (str(office.pk), str(new.pk), data)
    save_consequence_kind(theirs.region, name="新", months=0, source="x", actor=theirs.office)

    def refused(**fields):
        return said(save_consequence_kind, world.region, **{"name": "又", "months": 0} | values | fields)

    assert refused(months=-1) == refused(months=121) == "月数应在0到120之间。请填这之间的月数。"
    assert refused(name="新") == "已有同名的种类。换一个名称。"
    bars = "有期限的才能限制申报。请填月数，或选只管一个年度。"
    assert refused(bars=True) == refused(bars=True, is_reward=True, months=3) == bars
    assert save_consequence_kind(world.region, name="按年", months=0, bars=True, of_year=True, **values).bars


def test_consequence_from_its_paper_to_lifting_it(world):
    office, leader, liaison = world.office, world.leader, world.liaison
    sort, notice = kind(), world.sent()
    told(liaison)
    words = paper(title=" 红单 ", issuer=" 市创建办 ", paper=" 9号 ", year=2027)
    made = enter_consequence(world.unit, sort, words, basis=notice, scans=[SCAN], actor=office)
    beside = enter_consequence(world.unit, sort, paper(until=date(2026, 11, 18)), actor=office)
    row = fields(beside)
    (scan,) = papers(made)
    assert (scan[0], beside.until) == (SCAN.name, date(2026, 11, 18))
    confirm_consequence(made, actor=leader)
    url = f"/consequences/{made.pk}/"
    assert told(liaison) == [(sort.name, "红单", url, True)]
    lift_consequence(made, reason="申诉成立", actor=leader)
    assert told(liaison) == [(f"已解除：{sort.name}", "红单", url, True)]
    assert {name: value for name, value in facts(made).items() if value is not None} == {
        "region_id": world.region.pk, "unit_id": world.unit.pk, "kind_id": sort.pk, "day": DAY, "year": 2027,
        "title": "红单", "issuer": "市创建办", "paper": "9号", "until": date(2027, 12, 31), "state": "lifted",
        "entered_by_id": office.pk, "confirmed_by_id": leader.pk, "confirmed_at": NOW, "notice_id": notice.pk,
        "found": 0,
    }  # fmt: skip
    assert kept(made) == [
        ("report", office.pk, NOW, " 红单 ", "", {"kind": sort.name, "paper": " 9号 ", "scans": [scan[1]]}),
        ("confirm", leader.pk, NOW, "", "", {}), ("lift", leader.pk, NOW, "申诉成立", "", {}),
    ]  # fmt: skip
    assert fields(beside) == row
    reject_consequence(beside, reason="文件没有写", actor=leader)
    assert kept(beside)[-1][:4] == ("reject", leader.pk, NOW, "文件没有写")
    praise = enter_consequence(world.unit, kind("通报表扬"), paper(), actor=office)
    confirm_consequence(praise, actor=leader)
    assert (praise.until, told(liaison)[0][3]) == (None, False)
    terms = [term_of(kind(name), DAY, 2025) for name in ("取消年终评优评先资格", "责令整改", "通报批评")]
    assert terms == [DAY, date(2027, 2, 18), None]
    foreign = ConsequenceKind.objects.filter(region=make_world().region).first()
    assert said(enter_consequence, world.unit, foreign, paper(), actor=office) == "这个种类没有启用。请换一个。"
    for year in (2024, 2027):
        assert enter_consequence(world.unit, sort, paper(year=year), actor=office).year == year
    for year in (2023, 2028):
        assert said(enter_consequence, world.unit, sort, paper(year=year), actor=office) == (
            "年度与文件日期不符。请填所属考评年度。"
        )


def test_what_a_rule_proposed_is_taken_up_or_not(world):
    office, rewarded = world.office, kind("通报表扬")
    values = {"region": world.region, "kind": rewarded, "day": DAY, "title": "建议", "state": "proposed", "year": 2025}
    one = Consequence.objects.create(unit=world.unit, **values)
    other = Consequence.objects.create(unit=world.other, **values)
    row = fields(other)
    assert said(take_up, one, paper(title=""), actor=office).startswith("请写明")
    take_up(one, paper(title="走在前列"), scans=[SCAN], actor=office)
    (scan,) = papers(one)
    data = {"paper": "云创〔2026〕9号", "scans": [scan[1]]}
    assert kept(one) == [("enter", office.pk, NOW, "走在前列", "", data)]
    assert (one.year, one.entered_by, one.title, one.issuer) == (2026, office, "走在前列", "市创建办")
    assert fields(other) == row
    drop_consequence(other, reason="已约谈", actor=office)
    assert kept(other) == [("drop", office.pk, NOW, "已约谈", "", {})]
    save_consequence_kind(world.region, name="通报表扬", months=0, source="x", is_on=False, kind=rewarded, actor=office)
    third = Consequence.objects.create(unit=make_unit(world.root), **values | {"kind": rewarded})
    assert said(take_up, third, paper(), actor=office) == "这个种类没有启用。请换一个。"


def test_replies_and_appeals_are_kept_with_whose_they_are(world):
    office, leader, liaison = world.office, world.leader, world.liaison
    made = enter_consequence(world.unit, kind(), paper(title="红单"), actor=office)
    beside = enter_consequence(world.unit, kind(), paper(paper="10号"), actor=office)
    for one in (made, beside):
        confirm_consequence(one, actor=leader)
    praise = enter_consequence(world.unit, kind("通报表扬"), paper(), actor=office)
    waiting = reply_to_consequence(beside, text="另一份", is_appeal=True, actor=liaison)
    row = fields(waiting)
    told(liaison), told(office), told(world.colleague)
    url = f"/consequences/{made.pk}/"
    with clock.at(NOW + 2 * HOUR):
        reply = reply_to_consequence(made, text="已整改", actor=world.colleague, at=NOW + HOUR, on_behalf="别人")
        assert told(office) == told(world.colleague) == [("城管局已答复", "红单", url, True)]
        appeal = reply_to_consequence(made, text="有误", is_appeal=True, actor=liaison)
        assert told(office) == [("城管局提出申诉", "红单", url, True)]
        assert list(appeals_open(leader).order_by("pk")) == [waiting, appeal]
        assert said(decide_appeal, reply, decision="好", lifts=True, actor=leader).startswith("这项申诉已处理。")
        decide_appeal(appeal, decision="维持", lifts=False, actor=leader)
        assert told(liaison) == [("申诉已处理：维持原决定", "红单", url, True)]
    assert [(one.region_id, one.text, one.is_appeal, one.at, one.on_behalf) for one in (reply, appeal)] == [
        (world.region.pk, "已整改", False, NOW + HOUR, "城管局"), (world.region.pk, "有误", True, NOW + 2 * HOUR, ""),
    ]  # fmt: skip
    assert kept(made)[2:] == [
        ("reply", world.colleague.pk, NOW + HOUR, "已整改", "城管局", {}),
        ("appeal", liaison.pk, NOW + 2 * HOUR, "有误", "", {}),
        ("decide", leader.pk, NOW + 2 * HOUR, "维持", "", {"lifts": False}),
    ]
    appeal.refresh_from_db()
    assert (appeal.decision, appeal.decided_by, appeal.decided_at) == ("维持", leader, NOW + 2 * HOUR)
    assert (fields(waiting), fields(reply)["decision"]) == (row, "")
    assert reply_to_consequence(made, text="接口", actor=None, on_behalf="某局").on_behalf == "某局"
    second = reply_to_consequence(made, text="再诉", is_appeal=True, actor=liaison)
    own = make_user(Role.LEADER, world.unit)
    assert said(decide_appeal, second, decision="好", lifts=True, actor=own) == "您属于这个单位，请别人来定。"
    entered = "这条是您录入的。请由其他人处理申诉。"
    assert said(decide_appeal, second, decision="好", lifts=True, actor=office) == entered
    assert said(decide_appeal, second, decision=" ", lifts=True, actor=leader) == REASON
    assert said(reply_to_consequence, made, text="又", is_appeal=True, actor=liaison) == WAITS
    assert said(reply_to_consequence, made, text=" ", actor=liaison) == f"{UNREADABLE}写下您要让大家知道的。"
    for person in (make_user(Role.LIAISON, world.other), make_world().office):
        with pytest.raises(PermissionDenied):
            reply_to_consequence(made, text="好", actor=person)
    decide_appeal(second, decision="证据成立", lifts=True, actor=leader)
    assert [one[:4] for one in kept(made)[-2:]] == [
        ("decide", leader.pk, NOW, "证据成立"), ("lift", leader.pk, NOW, "证据成立"),
    ]  # fmt: skip
    assert Entry.objects.filter(action__endswith=".decide").last().data["lifts"] is True
    assert said(decide_appeal, second, decision="好", lifts=True, actor=leader) == DECIDED
    assert said(reply_to_consequence, made, text="谢谢", actor=liaison) == NOTHING
    confirm_consequence(praise, actor=leader)
    assert said(reply_to_consequence, praise, text="x", is_appeal=True, actor=liaison) == REWARD


def test_what_holds_what_waits_and_what_was_lately(world):
    office, leader = world.office, world.leader

    def confirmed(unit, name, **fields):
        made = enter_consequence(unit, kind(name), paper(**fields), actor=office)
        confirm_consequence(made, actor=leader)
        return made

    said_once = confirmed(world.unit, "通报批评")
    over = confirmed(world.unit, "责令整改", day=date(2026, 1, 5), year=2026)
    old = confirmed(world.unit, "通报批评", day=date(2025, 11, 18), year=2025)
    older = confirmed(world.unit, "通报批评", day=date(2025, 11, 17), year=2025)
    long = confirmed(world.unit, "取消年终评优评先资格", day=date(2025, 10, 1), year=2026)
    longer = confirmed(world.unit, "取消年终评优评先资格", until=date(2027, 6, 1))
    beside = confirmed(world.other, "取消年终评优评先资格")
    assert set(Consequence.objects.filter(holds())) == {said_once, old, older, long, longer, beside}
    assert [over in Consequence.objects.filter(holds(date(2026, 4, day))) for day in (5, 6)] == [True, False]
    assert list(lately(world.unit.pk)) == [longer, said_once, over, old, long]
    assert list(lately(world.unit.pk, days=366)) == [longer, said_once, over, old, older, long]
    units = [world.unit.pk, world.other.pk]
    assert barred_by_consequence(world.region, units) == {
        world.unit.pk: date(2027, 6, 1), world.other.pk: date(2026, 12, 31),
    }  # fmt: skip
    assert barred_by_consequence(world.region, units, date(2026, 11, 17)) == {world.unit.pk: date(2026, 12, 31)}
    assert barred_by_consequence(world.region, [world.other.pk], date(2026, 12, 31)) == {
        world.other.pk: date(2026, 12, 31)
    }
    mine, theirs = (enter_consequence(world.unit, kind(), paper(), actor=one) for one in (office, world.colleague))
    assert list(to_confirm(leader).order_by("pk")) == [mine, theirs]
    assert list(to_confirm(office)) == [theirs]
    assert Story.objects.count() == VetoEvent.objects.count() == 0
