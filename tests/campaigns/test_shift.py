"""Moving the assessment date: the preview tells exactly what then happens, all of it or nothing."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from chuangwen.accounts.roles import Role
from chuangwen.audit.models import Entry
from chuangwen.campaigns import services, shifting
from chuangwen.campaigns.models import Campaign, Milestone, Round
from chuangwen.campaigns.queries import preview_shift
from chuangwen.campaigns.shifting import Move, Shifter, register_shifter
from chuangwen.campaigns.views import plan
from chuangwen.core import clock
from chuangwen.core.errors import Conflict, Refusal
from chuangwen.core.models import Job
from chuangwen.core.workbooks.reading import read_workbook
from chuangwen.notifications.models import Notice
from tests.campaigns.making import ASSESSMENT, running_campaign
from tests.support.factories import NOON, make_root, make_user

pytestmark = pytest.mark.django_db
LATER = date(2026, 12, 28)  # a week, five working days


@pytest.fixture(autouse=True)
def _noon():
    with clock.at(NOON):
        yield


@pytest.fixture
def campaign():
    return running_campaign()


@pytest.fixture
def shifter(monkeypatch):
    """A higher area with one thing that moves; `fail` makes it fail while it does so."""
    monkeypatch.setattr(shifting, "_shifters", {})
    state = {"day": date(2026, 12, 1), "fail": False}

    def preview(campaign, old, new):
        return [Move("任务", "材料报送", state["day"], state["day"] + (new - old))]

    def apply(campaign, old, new, *, actor):
        if state["fail"]:
            raise RuntimeError
        state["day"] += new - old
        state["campaign"] = campaign

    register_shifter(Shifter("tasks", preview, apply))
    return state


def dates(campaign):
    return dict(Milestone.objects.filter(campaign=campaign).values_list("name", "due_on"))


def test_preview_changes_nothing(campaign):
    before = dates(campaign)
    preview_shift(campaign, LATER)
    assert dates(campaign) == before
    assert Campaign.objects.get().assessment_on == ASSESSMENT


def test_what_the_preview_says_happens(campaign):
    services.plan_round(campaign, name="冲刺轮", starts=date(2026, 12, 1), ends=date(2026, 12, 3), actor=None)
    shown = preview_shift(campaign, LATER)
    done = services.shift_assessment(campaign, LATER, expected=ASSESSMENT, actor=None)
    assert done == shown
    now = dates(campaign)
    assert {m.name: m.new for m in shown.moves if m.name in now} == now
    assert now["材料封卷"] == date(2026, 12, 18)
    round_ = Round.objects.get()
    assert (round_.starts, round_.ends) == (date(2026, 12, 8), date(2026, 12, 10))
    assert campaign.assessment_on == LATER


def test_done_and_fixed_milestones_and_begun_rounds_stay(campaign):
    done = campaign.milestones.first()
    services.finish_milestone(done, actor=None)
    services.add_milestone(campaign, name="大会", due_on=date(2026, 12, 1), actor=None)
    round_ = services.plan_round(campaign, name="一轮", starts=date(2026, 11, 16), ends=date(2026, 11, 20), actor=None)
    services.start_round(round_, actor=None)
    before = dates(campaign)
    shift = services.shift_assessment(campaign, LATER, expected=ASSESSMENT, actor=None)
    after = dates(campaign)
    assert {one.name for one in shift.stays} == {done.name, "大会", "一轮"}
    assert (after[done.name], after["大会"]) == (before[done.name], before["大会"])
    assert Round.objects.get().starts == date(2026, 11, 16)


def test_moving_there_and_back_leaves_everything_where_it_was(campaign):
    services.plan_round(campaign, name="冲刺轮", starts=date(2026, 12, 1), ends=date(2026, 12, 3), actor=None)
    before = dates(campaign), Round.objects.values_list("starts", "ends").get()
    services.shift_assessment(campaign, LATER, expected=ASSESSMENT, actor=None)
    services.shift_assessment(campaign, ASSESSMENT, expected=LATER, actor=None)
    assert (dates(campaign), Round.objects.values_list("starts", "ends").get()) == before


def test_later_than_the_campaign_takes_its_end_along(campaign):
    day = date(2027, 1, 11)
    shift = services.shift_assessment(campaign, day, expected=ASSESSMENT, actor=None)
    assert Campaign.objects.get().ends == day
    assert ("周期结束", date(2026, 12, 31), day) in [(str(m.kind), m.old, m.new) for m in shift.moves]


def test_what_would_lie_in_the_past_is_told(campaign):
    shift = preview_shift(campaign, date(2026, 11, 20))
    assert "第二轮模拟测评" in [move.name for move in shift.past(clock.today())]
    earliest = min(move.new for move in shift.moves)
    assert shift.past(earliest) == ()
    assert {move.new for move in shift.past(earliest + timedelta(days=1))} == {earliest}


@pytest.mark.parametrize(
    ("day", "words"),
    [(ASSESSMENT, "本来就是"), (date(2026, 11, 17), "已经过了"), (date(2040, 1, 1), "十年以上")],
)
def test_days_that_cannot_be_are_refused(campaign, day, words):
    with pytest.raises(Refusal, match=words):
        preview_shift(campaign, day)
    with pytest.raises(Refusal, match=words):
        services.shift_assessment(campaign, day, expected=ASSESSMENT, actor=None)


def test_day_before_the_campaign_is_refused():
    campaign = running_campaign(starts=date(2026, 12, 1), years={2026: 1.0})
    with pytest.raises(Refusal, match="早于创建周期"):
        preview_shift(campaign, date(2026, 11, 30))


def test_two_people_moving_it_at_once_do_not_both_succeed(campaign):
    services.shift_assessment(Campaign.objects.get(), LATER, expected=ASSESSMENT, actor=None)
    before = dates(campaign)
    with pytest.raises(Conflict, match="刚调整过"):
        services.shift_assessment(campaign, date(2026, 12, 25), expected=ASSESSMENT, actor=None)
    assert dates(campaign) == before


def test_higher_areas_move_along(campaign, shifter):
    shift = preview_shift(campaign, LATER)
    assert ("材料报送", date(2026, 12, 8)) in [(move.name, move.new) for move in shift.moves]
    services.shift_assessment(campaign, LATER, expected=ASSESSMENT, actor=None)
    assert (shifter["day"], shifter["campaign"]) == (date(2026, 12, 8), campaign)


def test_failure_of_a_higher_area_leaves_everything_as_it_was(campaign, shifter):
    shifter["fail"] = True
    before = dates(campaign)
    with pytest.raises(RuntimeError):
        services.shift_assessment(campaign, LATER, expected=ASSESSMENT, actor=None)
    assert dates(campaign) == before
    assert Campaign.objects.get().assessment_on == ASSESSMENT
    assert Notice.objects.count() == 0


def test_office_is_told_and_audit_keeps_it():
    root = make_root()
    campaign = running_campaign(root)
    actor, colleague = make_user(Role.OFFICE, root), make_user(Role.OFFICE, root)
    make_user(Role.OFFICE, make_root())
    services.shift_assessment(campaign, LATER, expected=ASSESSMENT, actor=actor, note="上级通知")
    assert list(Notice.objects.values_list("user", flat=True)) == [colleague.pk]
    entry = Entry.objects.get(action="campaigns.campaign.shift")
    assert (entry.data["old"], entry.data["new"], entry.data["note"]) == ("2026-12-21", "2026-12-28", "上级通知")


@pytest.fixture
def office(campaign, sign_in):
    return sign_in(make_user(Role.OFFICE, campaign.subject))


def test_preview_shows_the_first_and_gives_the_whole_as_a_workbook(campaign, office, shifter, monkeypatch):
    monkeypatch.setattr(plan, "SHOWN_MOVES", 2)
    whole = preview_shift(campaign, LATER)
    page = office.get(f"/campaigns/{campaign.pk}/plan/", {"to": LATER.isoformat()})
    groups = page.context["groups"]
    assert [(one["kind"], one["moving"], one["staying"]) for one in groups] == [
        (one.kind, len(one.moves), len(one.stays)) for one in whole.groups
    ]
    assert all(len(one["moves"]) == min(one["moving"], 2) for one in groups)
    assert [one["is_cut"] for one in groups] == [max(one["moving"], one["staying"]) > 2 for one in groups]
    assert any(one["is_cut"] for one in groups)
    assert "format=xlsx" in page.content.decode()
    book = office.get(f"/campaigns/{campaign.pk}/plan/", {"to": LATER.isoformat(), "format": "xlsx"}).content
    rows = read_workbook("a.xlsx", book).sheets[0].rows
    assert {row[1] for row in rows} >= {one.name for one in (*whole.moves, *whole.stays)}


def test_many_moves_run_as_a_job_with_progress(
    campaign, office, shifter, monkeypatch, run_jobs, django_capture_on_commit_callbacks
):
    monkeypatch.setattr(plan, "DIRECT_MOVES", 1)
    number = len(preview_shift(campaign, LATER).moves)
    data = {"to": LATER.isoformat(), "expected": ASSESSMENT.isoformat(), "note": "上级通知"}
    with django_capture_on_commit_callbacks(execute=True):
        answer = office.post(f"/campaigns/{campaign.pk}/plan/", data)
    assert Campaign.objects.get().assessment_on == ASSESSMENT
    run_jobs()
    job = Job.objects.get()
    assert answer.url == f"/jobs/{job.uid}/"
    assert (job.status, job.done, job.total) == ("done", 2 * number, 2 * number)
    assert Campaign.objects.get().assessment_on == LATER
    assert str(number) in job.message


def test_job_that_another_overtook_moves_nothing_and_says_so(
    campaign, office, shifter, monkeypatch, run_jobs, django_capture_on_commit_callbacks
):
    monkeypatch.setattr(plan, "DIRECT_MOVES", 1)
    data = {"to": LATER.isoformat(), "expected": ASSESSMENT.isoformat()}
    with django_capture_on_commit_callbacks(execute=True):
        office.post(f"/campaigns/{campaign.pk}/plan/", data)
    services.shift_assessment(campaign, LATER + timedelta(days=7), expected=ASSESSMENT, actor=None)
    run_jobs()
    assert Campaign.objects.get().assessment_on == LATER + timedelta(days=7)
    assert Job.objects.get().status == "failed"
