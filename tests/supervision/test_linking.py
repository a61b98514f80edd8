"""Linking rules: what is reached in a year, and that they only propose."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from chuangwen.core import clock
from chuangwen.supervision.linking import RUNNING, Figure, Happening, Link, reached
from chuangwen.supervision.models import Consequence, ConsequenceKind, LinkRule, SupervisionNotice
from chuangwen.supervision.queries.linking import trial_of_link
from chuangwen.supervision.services import (
    drop_consequence,
    look_at_periods,
    propose_consequences,
    save_link,
    switch_link,
)
from tests.supervision.making import NOW
from tests.support.refusals import said

DAY = date(2026, 11, 18)
RED = Link(1, Figure.RED_YEAR, 2)


def test_counted_figure_is_reached_on_the_day_of_its_last_one():
    days = [date(2026, 3, 1), date(2025, 12, 31), date(2026, 5, 2), date(2026, 8, 1)]
    happened = [Happening(Figure.RED_YEAR, 7, day) for day in days]
    told = [(one.unit, one.day, one.found) for one in reached([RED], happened, {}, 2026, DAY)]
    assert told == [(7, date(2026, 5, 2), 2)]
    assert reached([RED], happened, {}, 2026, date(2026, 5, 1)) == []


def test_running_figure_is_reached_by_what_the_flag_says():
    link = Link(2, Figure.BLACK_RUNNING, 2)
    happened = [Happening(Figure.BLACK_RUNNING, 7, date(2026, month, 3), month - 2) for month in (3, 4, 5)]
    told = [(one.day.month, one.found) for one in reached([link], happened, {}, 2026, DAY)]
    assert told == [(4, 2)]


def test_clean_year_counts_once_it_is_over():
    link = Link(3, Figure.CLEAN_YEAR, 10)
    assert reached([link], [], {7: 10, 8: 9}, 2026, date(2026, 12, 31)) == []
    told = [(one.unit, one.day, one.found) for one in reached([link], [], {7: 10, 8: 9}, 2026, date(2027, 1, 1))]
    assert told == [(7, date(2027, 1, 1), 10)]


happenings = st.lists(
    st.builds(
        Happening, st.sampled_from([one for one in Figure if one != Figure.CLEAN_YEAR]), st.integers(1, 2),
        st.integers(0, 60).map(lambda number: date(2026, 1, 1) + timedelta(days=number)), st.integers(1, 4),
    ),
    max_size=14,
)  # fmt: skip
links = st.lists(
    st.builds(Link, st.integers(1, 9), st.sampled_from(Figure), st.integers(1, 4)), max_size=4,
    unique_by=lambda one: one.key,
)  # fmt: skip


@given(links, happenings)
@settings(max_examples=60)
def test_trial_of_a_year_is_what_every_day_would_have_proposed(several, happened):
    clean, last = {1: 12}, date(2027, 1, 2)
    proposed = {}
    for number in range((last - date(2026, 1, 1)).days + 1):
        today = date(2026, 1, 1) + timedelta(days=number)
        known = [one for one in happened if one.day <= today]
        for one in reached(several, known, clean, 2026, today):
            proposed.setdefault((one.link.key, one.unit), one)
    found = reached(several, happened, clean, 2026, last)
    assert {(one.link.key, one.unit): one for one in found} == proposed
    for one in found:
        if one.link.figure not in RUNNING and one.link.figure != Figure.CLEAN_YEAR:
            assert one.found == one.link.number


@pytest.fixture
def pressed(world, db):
    """Three red notices of this year and one that was withdrawn."""
    for at, state in enumerate(("settled", "settled", "sent", "withdrawn")):
        day = DAY - timedelta(days=20 - at)
        SupervisionNotice.objects.create(
            region=world.region, unit=world.unit, number=f"2026-9{at}", colour="red", day=day, state=state,
            signer="deputy", proposed_at=NOW, due_at=NOW, signed_at=NOW, signed_name="副组长",
        )  # fmt: skip
    return world


@pytest.mark.django_db
@pytest.mark.once
@pytest.mark.usefixtures("noon")
def test_rule_proposes_once_for_unit_and_year_and_a_person_decides(pressed):
    (made,) = propose_consequences(pressed.region)
    assert (made.unit, made.state, made.year, made.found) == (pressed.unit, "proposed", 2026, 3)
    assert made.title == "2026年：一年内红单3次"
    assert propose_consequences(pressed.region) == []
    drop_consequence(made, reason="已约谈", actor=pressed.office)
    look_at_periods(pressed.region)
    assert Consequence.objects.count() == 1
    with pytest.raises(PermissionDenied):
        propose_consequences(pressed.region, actor=pressed.liaison)


@pytest.mark.django_db
@pytest.mark.once
@pytest.mark.usefixtures("noon")
def test_trial_says_what_the_rule_proposes_and_changes_nothing(pressed):
    rule = LinkRule.objects.select_related("region", "kind").get(figure="red-year")
    with CaptureQueriesContext(connection) as queries:
        found = trial_of_link(rule, 2026)
    assert [(one.unit, one.day, one.found) for one in found.reached] == [(pressed.unit.pk, DAY - timedelta(days=18), 3)]
    assert not [one for one in queries if not one["sql"].startswith("SELECT")]
    assert len(queries) <= 6
    assert trial_of_link(rule, 2025).reached == []
    made = propose_consequences(pressed.region)
    assert [(one.unit_id, one.day, one.found) for one in made] == [
        (one.unit, one.day, one.found) for one in found.reached
    ]


@pytest.mark.django_db
@pytest.mark.once
def test_year_without_anything_late_is_praised_once_it_is_over(world):
    rule = LinkRule.objects.select_related("region", "kind").get(figure="clean-year")
    LinkRule.objects.filter(pk=rule.pk).update(number=2)
    rule.refresh_from_db()
    for _number in range(2):
        world.task(state="confirmed", finished_at=NOW - timedelta(days=9))
    world.problem(lead=world.other, closed_in_time=False, state="closed", closed_at=NOW)
    with clock.at(NOW + timedelta(days=30)):
        assert trial_of_link(rule, 2026).reached == []
    with clock.at(NOW + timedelta(days=50)):
        assert [one.unit for one in trial_of_link(rule, 2026).reached] == [world.unit.pk]
        (made,) = propose_consequences(world.region)
        assert (made.kind.name, made.year) == ("通报表扬", 2026)
    with clock.at(NOW + timedelta(days=150)):
        assert propose_consequences(world.region) == []


@pytest.mark.django_db
@pytest.mark.once
@pytest.mark.usefixtures("noon")
def test_rules_are_kept_tried_and_switched_through_the_pages(pressed, sign_in):
    client = sign_in(pressed.office)
    kind = ConsequenceKind.objects.get(name="通报批评")
    data = {"figure": "yellow-year", "number": "2", "kind": kind.pk, "source": "云创〔2026〕1号"}
    assert client.post(reverse("supervision:link_new"), data | {"number": "0"}).status_code == 422
    answer = client.post(reverse("supervision:link_new"), data)
    rule = LinkRule.objects.get(figure="yellow-year")
    assert answer.url == reverse("supervision:link_trial", args=[rule.pk])
    assert (rule.is_on, rule.source) == (False, "site: 云创〔2026〕1号")
    client.post(reverse("supervision:link_switch", args=[rule.pk, "on"]))
    rule.refresh_from_db()
    assert rule.is_on
    red = LinkRule.objects.get(figure="red-year")
    assert "城管局" in client.get(reverse("supervision:link_trial", args=[red.pk]), {"year": "2026"}).content.decode()
    client.post(reverse("supervision:links_look"))
    assert Consequence.objects.count() == 1
    assert "规则建议" in client.get(reverse("supervision:consequences"), {"tab": "proposed"}).content.decode()
    for name in ("links_rules", "consequence_kinds"):
        assert client.get(reverse(f"supervision:{name}")).status_code == 200
    fields = {"name": "绩效考核扣分", "months": "0", "source": "x", "is_on": "on"}
    assert client.post(reverse("supervision:consequence_kind_new"), fields).status_code == 302
    assert ConsequenceKind.objects.filter(name="绩效考核扣分", source="site: x").exists()
    assert said(save_link, pressed.region, figure="red-year", number=0, kind=kind, source="", actor=pressed.office)
    assert said(save_link, pressed.region, figure="x", number=1, kind=kind, source="", actor=pressed.office)
    with pytest.raises(PermissionDenied):
        switch_link(red, on=False, actor=pressed.liaison)
    with pytest.raises(PermissionDenied):
        save_link(pressed.region, figure="red-year", number=1, kind=kind, source="", actor=pressed.leader)
