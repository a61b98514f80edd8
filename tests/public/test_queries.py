"""What is public, and what is not although it lies beside it."""

from datetime import timedelta

import pytest

from chuangwen.core import clock
from chuangwen.honors.models import Appeal, Award
from chuangwen.inspections.models import Draw, Visit
from chuangwen.public.queries import (
    draws,
    notices,
    on_notice,
    public_record,
    released,
    titles_in_force,
    titles_taken_away,
)
from tests.public.making import Town, later
from tests.support.factories import make_unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def town():
    return Town()


def test_notice_is_public_from_its_first_day_on(town):
    running, over = town.programme("甲"), town.programme("乙", first=-9, last=-1)
    awarded = town.programme("丙", "awarded", -30, -20)
    town.programme("丁", first=1)  # begins tomorrow
    for state in ("preparing", "open", "deliberated", "cancelled"):
        town.programme(state, state)
    Town().programme("别处")
    assert list(notices(town.region)) == [running, over, awarded]


def test_only_units_that_are_still_on_notice_are_named(town):
    programme = town.programme()
    shown = town.application(programme)
    for state in ("draft", "submitted", "reviewed", "recommended", "reserve", "passed-over", "refused", "withdrawn"):
        town.application(programme, make_unit(town.root), state=state)
    moved_up = town.application(programme, make_unit(town.root), notice_from=clock.today(), notice_until=later(9))
    town.application(programme, make_unit(town.root), notice_from=later(1), notice_until=later(9))
    assert list(on_notice(programme)) == [shown, moved_up]


def test_register_holds_titles_in_force_a_card_or_not(town):
    valid, carded = town.award(), town.award(town.other, state="yellow")
    for state in ("suspended", "delisted", "lapsed", "carried"):
        town.award(make_unit(town.root), state=state)
    town.award(make_unit(town.root, valid_to=later(-1)))
    Town().award()
    assert set(titles_in_force(town.region)) == {valid, carded}


def test_delisting_is_told_once_nothing_can_be_said_against_it(town):
    long_ago, today = later(-90), clock.today()
    final = town.award(state="delisted", ended_on=long_ago)
    town.award(make_unit(town.root), state="delisted", ended_on=today)  # the days for an appeal run
    appealed = town.award(make_unit(town.root), state="delisted", ended_on=long_ago)
    Appeal.objects.create(region=town.region, award=appealed, against="delisted", text="不服", raised_on=long_ago)
    town.award(make_unit(town.root), state="delisted", ended_on=later(-900))
    assert titles_taken_away(town.region) == [final]
    Appeal.objects.update(ruling="dismissed", ruled_on=today)
    assert set(titles_taken_away(town.region)) == {final, appealed}


def test_only_what_is_released_and_in_force_is_shown(town):
    shown = town.release()
    for state in ("proposed", "taken-back", "dropped"):
        town.release(state, town.bulletin(state))
    town.release(bulletin=town.bulletin("撤回的", "withdrawn"))
    Town().release()
    assert list(released(town.region)) == [shown]


def test_simple_draw_is_unsaid_until_its_round_is_over(town):
    shown, _places = town.drawn()
    for state in ("planned", "running", "cancelled"):
        town.drawn(state)
    waiting, _places = town.drawn()
    Visit.objects.filter(pk=Visit.objects.filter(draw=waiting).first().pk).update(state="planned")
    assert [(one, one.is_over) for one in draws(town.region)] == [(shown, True)]


def test_strict_draw_is_announced_and_says_no_more_while_places_wait(town):
    drawn, _places = town.drawn("running", strict=True)
    frozen, _places = town.drawn("running", strict=True, state="frozen", record={}, drawn_at=None)
    withdrawn, _places = town.drawn("running", strict=True, state="withdrawn", record={}, drawn_at=None)
    assert {(one, one.is_over) for one in draws(town.region)} == {(drawn, False), (frozen, False), (withdrawn, False)}


def test_reasons_of_substitutes_name_nobody(town):
    draw, _places = town.drawn()
    draw.record["substitutes"] = [{"stratum": "x", "for": "a", "by": "b", "at": "", "reason": "办公室的梁志远说关了"}]
    assert public_record(draw)["substitutes"][0]["reason"] == "＊＊＊说关了"
    assert draw.record["substitutes"][0]["reason"] == "办公室的梁志远说关了"
    assert Draw.objects.get().record["substitutes"] == []


def test_day_after_the_last_day_of_appeal_tells_it(town):
    award = town.award(state="delisted", ended_on=clock.today())
    moment = clock.now()
    told = []
    for days in range(30):
        with clock.at(moment + timedelta(days=days)):
            told.append(bool(titles_taken_away(town.region)))
    assert told == sorted(told)
    assert not told[10]
    assert told[-1]
    assert Award.objects.get() == award
