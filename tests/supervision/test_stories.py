"""Exposure and praise: the unit is told and heard, another person releases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from chuangwen.core import clock
from chuangwen.notifications.models import Notice
from chuangwen.supervision.models import Story
from chuangwen.supervision.queries.stories import released_stories
from chuangwen.supervision.services import (
    Told,
    drop_story,
    note_outcome,
    propose_notices,
    propose_story,
    release_story,
    reply_to_story,
    sign_notice,
    take_down_story,
    tell_story,
)
from chuangwen.workflow.services import StaleState
from tests.supervision.making import NOW, days_later
from tests.support.refusals import said

pytestmark = pytest.mark.django_db


def told(world, **fields):
    values = {"kind": "exposure", "unit": world.unit, "title": "占道经营", "text": "南门外占道", "outlet": "电视台"}
    return Told(**values | fields)


def planned(world, **fields):
    return propose_story(told(world, **fields), actor=world.office)


def test_exposure_waits_for_the_reply_or_its_time(world, noon):
    story = planned(world, problem=world.problem())
    assert said(release_story, story, actor=world.colleague) == "还没有告知单位。"
    assert list(Story.objects.visible_to(world.liaison)) == []
    tell_story(story, actor=world.office)
    assert story.reply_by == datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
    assert list(Story.objects.visible_to(world.liaison)) == [story]
    assert Notice.objects.get(user=world.liaison).urgent is True
    assert said(release_story, story, actor=world.colleague) == "单位还可以答复。"
    reply = reply_to_story(story, text="今天清理", actor=world.liaison)
    assert (reply.before_release, reply.on_behalf) == (True, "")
    assert said(release_story, story, actor=world.office) == "这是您自己提出的，请别人发布。"
    release_story(story, actor=world.colleague)
    after = reply_to_story(story, text="已清理", actor=world.liaison)
    assert (story.state, after.before_release) == ("released", False)
    assert [one.pk for one in released_stories(world.region)] == [story.pk]


def test_exposure_is_released_without_reply_once_its_time_is_over(world):
    with clock.at(NOW):
        story = planned(world)
        tell_story(story, actor=world.office)
    with days_later(2):
        assert said(release_story, story, actor=world.colleague) == "单位还可以答复。"
    with days_later(3):
        release_story(story, actor=world.colleague)
        note_outcome(story, outcome="三天后整改完成", actor=world.office)
        take_down_story(story, reason="已整改", actor=world.office)
    story.refresh_from_db()
    assert (story.state, story.outcome) == ("taken-down", "三天后整改完成")
    assert list(released_stories(world.region)) == []
    assert list(Story.objects.visible_to(world.liaison)) == [story]


def test_praise_needs_no_reply_but_a_second_person(world, noon):
    story = planned(world, kind="praise")
    assert said(tell_story, story, actor=world.office) == "点赞直接发布。"
    assert said(release_story, story, actor=world.office) == "这是您自己提出的，请别人发布。"
    release_story(story, actor=world.colleague)
    assert Notice.objects.get(user=world.liaison).title == "点赞：占道经营"


def test_reply_on_paper_is_entered_by_the_office(world, noon, sign_in):
    story = planned(world)
    tell_story(story, actor=world.office)
    with clock.at(NOW + timedelta(hours=2)):
        reply = reply_to_story(story, text="已清理", actor=world.office, at=NOW + timedelta(hours=1))
    assert (reply.on_behalf, reply.at) == ("城管局", NOW + timedelta(hours=1))
    history = sign_in(world.office).get(reverse("supervision:story", args=[story.pk])).context["entries"]
    assert history[0]["what"] == "提出"
    assert history[-1]["who"].endswith("代城管局录入")


def test_wrong_stories_and_replies_are_refused(world, noon):
    assert said(propose_story, told(world, text=" "), actor=world.office).startswith("标题、正文和媒体都要填。")
    other = world.problem(lead=world.other)
    assert said(propose_story, told(world, problem=other), actor=world.office).startswith("这件问题不是该单位的。")
    with pytest.raises(PermissionDenied):
        propose_story(told(world), actor=world.leader)
    story = planned(world)
    assert said(reply_to_story, story, text="好", actor=world.liaison).startswith("现在不用答复。")
    tell_story(story, actor=world.office)
    assert said(reply_to_story, story, text=" ", actor=world.liaison).startswith("还没有写内容。")
    ahead = NOW + timedelta(hours=1)
    assert said(reply_to_story, story, text="好", actor=world.liaison, at=ahead).startswith("时间还没到。")
    with pytest.raises(PermissionDenied):
        reply_to_story(story, text="好", actor=world.leader)
    assert said(note_outcome, story, outcome="", actor=world.office).startswith("还没有写内容。")
    drop_story(story, reason="已当天整改", actor=world.office)
    with pytest.raises(StaleState):
        release_story(story, actor=world.colleague)


def test_exposure_through_the_pages(world, noon, sign_in):
    problem = world.problem(title="占道")
    client = sign_in(world.office)
    page = reverse("supervision:story_new")
    assert problem.number in client.get(f"{page}?problem={problem.number}").content.decode()
    form = {"kind": "exposure", "unit": world.unit.name, "problem": problem.number, "title": "<b>占道</b>",
            "text": "占道", "outlet": "电视台"}  # fmt: skip
    assert client.post(page, form | {"problem": "9"}).status_code == 422
    assert client.post(page, form).status_code == 302
    story = Story.objects.get()
    assert "&lt;b&gt;占道&lt;/b&gt;" in client.get(reverse("supervision:story", args=[story.pk])).content.decode()
    assert sign_in(world.liaison).get(reverse("supervision:story", args=[story.pk])).status_code == 404

    def act(action, **data):
        return client.post(reverse("supervision:story_act", args=[story.pk, action]), data).status_code

    client = sign_in(world.office)
    assert act("release") == 422
    assert act("tell") == 302
    client = sign_in(world.liaison)
    assert act("reply", text="今天清理") == 302
    client = sign_in(world.colleague)
    assert act("release") == 302
    assert act("outcome", outcome="已整改") == 302
    assert act("other") == 404
    seen = sign_in(world.liaison).get(reverse("supervision:stories")).content.decode()
    assert ("占道" in seen, "已整改" in seen) == (True, True)


def test_what_ends_it_is_never_the_button_to_press(world, noon, sign_in):
    """Who proposed the praise may only drop it; releasing it is another person's."""
    page = reverse("supervision:story", args=[planned(world, kind="praise").pk])
    assert pressed(sign_in(world.office).get(page)) == []
    assert pressed(sign_in(world.colleague).get(page)) == ["发布"]


def pressed(response):
    """The labels of the blue buttons of the next-step card."""
    return [button["label"] for button in response.context["buttons"] if button["primary"]]


def test_exposure_is_proposed_from_the_problem_once_a_notice_lists_it(world, sign_in):
    problem = world.problem()
    page, ask = reverse("rectification:problem", args=[problem.number]), f"/exposures/new/?problem={problem.number}"
    with clock.at(NOW):
        client = sign_in(world.office)
        assert ask not in client.get(page).content.decode()
        sign_notice(propose_notices(world.region)[0], actor=world.office)
        assert ask in client.get(page).content.decode()
        assert problem.title in client.get(ask).content.decode()
        planned(world, title="占道问题", problem=problem)
        assert "占道问题" in client.get(page).content.decode()
        assert "占道问题" not in sign_in(world.liaison).get(page).content.decode()
