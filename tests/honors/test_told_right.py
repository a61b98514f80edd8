"""What pages of titles say once a term has passed, a step is waiting or a paper is handed in."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse

from chuangwen.core import clock
from chuangwen.honors.services import delist, give_card, raise_appeal
from tests.honors.making import MET_ON, fit, make_programme, make_reviewed, make_submitted, noon

pytestmark = pytest.mark.once


def page(client, name, *args):
    return client.get(reverse(f"honors:{name}", args=args)).content.decode()


def test_appeal_is_offered_until_its_last_day_and_then_said_to_be_over(house, sign_in):
    award = house.give(house.bureau, "city")
    give_card(award, reason="投诉", decided_by="文明办", actor=house.office)
    assert "前可以申诉" in page(sign_in(house.office), "award", award.pk)
    with clock.at(clock.now() + timedelta(days=40)):
        text = page(sign_in(house.office), "award", award.pk)
    assert "申诉期已于" in text
    assert "前可以申诉" not in text


def test_plaque_is_not_the_button_to_press_while_an_appeal_is_open(house, sign_in):
    """Who delisted does not decide the appeal, which may give the title back."""
    award = house.give(house.bureau, "city")
    delist(award, reason="事故", decided_by="文明委", document="1号", actor=house.office)

    def plaque():
        actions = sign_in(house.office).get(reverse("honors:award", args=[award.pk])).context["next"]["actions"]
        return [one["primary"] for one in actions if one.get("action") == "plaque"]

    assert plaque() == [True]
    raise_appeal(award, text="事实不清", actor=house.office)
    assert plaque() == [False]


def test_history_writes_the_term_of_a_card_as_people_do(house, sign_in):
    award = house.give(house.bureau, "city")
    give_card(award, reason="投诉", decided_by="文明办", until=date(2027, 1, 26), actor=house.office)
    text = page(sign_in(house.office), "award", award.pk)
    assert "文明办，2027年1月26日" in text


def test_reverification_asks_what_to_do_and_not_what_was_done(house, sign_in):
    award = house.give(house.bureau, "city")
    text = page(sign_in(house.office), "award_act", award.pk, "reverify")
    assert "给黄牌" in text
    assert "已给黄牌" not in text


def test_check_page_of_an_application_that_was_handed_in_does_not_call_it_begun(house, sign_in):
    programme = make_programme(house)
    fit(house, house.bureau)
    made = make_submitted(house, programme, house.bureau)
    text = page(sign_in(house.liaison), "check", programme.pk)
    assert f"申报{made.number}已提交" in text
    assert "继续申报" not in text


def test_timetable_calls_nothing_late_once_applying_has_ended(house, sign_in):
    programme = make_programme(house)
    assert "还剩" in page(sign_in(house.office), "programme", programme.pk)
    with clock.at(noon(date(2026, 12, 21))):
        assert "逾期" not in page(sign_in(house.office), "programme", programme.pk)


def test_sheet_of_the_deliberation_says_that_reviews_are_waited_for(house, sign_in):
    programme = make_programme(house)
    fit(house, house.bureau)
    fit(house, house.other)
    make_reviewed(house, programme, house.bureau)
    make_submitted(house, programme, house.other)
    with clock.at(noon(MET_ON)):
        client = sign_in(house.office)
        assert "还有1件申报没有初审" in page(client, "deliberation", programme.pk)
        text = page(client, "programme", programme.pk)
    first = text.index("cw-btn--primary", text.index("cw-next"))
    assert "初审1件申报" in text[first : first + 300]
