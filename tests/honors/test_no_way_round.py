"""No way through the services gives a title to a unit that a condition bars, whatever happens on the way."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from functools import partial

import pytest
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db import transaction
from django.utils import translation
from hypothesis import strategies as st

from chuangwen.core import clock
from chuangwen.core.errors import Refusal
from chuangwen.honors.eligibility import MET, OFFICE
from chuangwen.honors.models import Application, Award
from chuangwen.honors.queries.facts import outcomes
from chuangwen.honors.services import (
    Complaint,
    Meeting,
    Score,
    award_titles,
    begin_application,
    begin_notice,
    begin_supplementary_notice,
    carry_on,
    close_review,
    deliberate,
    delist,
    enter_award,
    enter_objection,
    enter_review,
    give_card,
    lift_card,
    promote_application,
    rule_objection,
    settle_condition,
    submit_application,
    suspend_title,
    write_application,
)
from chuangwen.organizations.enums import SuccessionKind
from chuangwen.organizations.models import Unit
from chuangwen.organizations.services import succeed_units
from chuangwen.supervision.models import VetoEvent, VetoKind
from tests.honors.making import AWARDED, MET_ON, NOTICE, NOW, fit, make_house, make_programme, noon
from tests.honors.stumbling import go_straight, stumble
from tests.support.factories import make_unit

pytestmark = [pytest.mark.django_db, pytest.mark.once]
MISHAPS = (
    "none", "veto", "card", "lift", "suspend", "delist", "office-delisted", "rename", "carry", "object", "by-hand",
    "found-wanting", "promote", "supplement",
)  # fmt: skip
mishaps = st.lists(st.sampled_from(MISHAPS), max_size=2)


class Story:
    """One programme and two units on their way through it, one of them fit from the start."""

    def __init__(self, house, fits):
        self.house, self.programme = house, make_programme(house)
        self.title = self.programme.title
        self.units = [house.bureau, house.other]
        for unit, one in zip(self.units, fits, strict=True):
            if one:
                fit(house, unit)

    def take(self, step):
        """Take a step for whoever it concerns; what is refused changes nothing."""
        for one in list(self.units):
            try:
                with transaction.atomic():
                    getattr(self, f"do_{step}".replace("-", "_"))(one, self.house.office)
            except (Refusal, PermissionDenied, ObjectDoesNotExist):
                pass
            self.programme.refresh_from_db()

    def mine(self, unit):
        found = Application.objects.filter(programme=self.programme, unit=unit).select_related("programme", "unit")
        return found.exclude(state="withdrawn").get()

    def do_apply(self, unit, office):
        made = begin_application(self.programme, unit, actor=office)
        write_application(made, self_score=Decimal(90), self_report="", actor=office)

    def do_submit(self, unit, office):
        submit_application(self.mine(unit), responsible="局长", signed_on=clock.today(), actor=office)

    def do_settle(self, unit, office, *, met=True):
        made = self.mine(unit)
        for one in outcomes(self.programme, [unit])[unit.pk].verdicts:
            if one.waits_for == OFFICE or one.by_person:
                rule = self.programme.rules.get(pk=one.rule.key)
                settle_condition(made, rule, met=met, source="函", actor=office)

    def do_review(self, unit, office):
        for name in "甲乙":
            enter_review(self.mine(unit), Score(name, Decimal(90), clock.today()), actor=office)
        close_review(self.mine(unit), actor=office)

    def do_deliberate(self, unit, office):
        rows = Application.objects.filter(programme=self.programme, state="reviewed")
        chosen = {row.pk: ("recommend" if row.unit_id == unit.pk else "reserve", "n") for row in rows}
        deliberate(self.programme, Meeting(MET_ON, "组长", "3号"), chosen, actor=office)

    def do_notice(self, unit, office):
        begin_notice(self.programme, first=NOTICE[0], last=NOTICE[1], actor=office)

    def do_award(self, unit, office):
        award_titles(self.programme, granted_on=AWARDED, document="1号", actor=office)

    def do_none(self, unit, office):
        """Nothing happens."""

    def do_veto(self, unit, office):
        region = self.house.root.region
        kind, _new = VetoKind.objects.get_or_create(
            region=region, name="事故", defaults={"source": "customary: 一票否决"}
        )
        VetoEvent.objects.create(
            region=region, unit=unit, kind=kind, day=clock.today(), bars_until=date(2027, 12, 31), title="事故",
            source="通报", state="confirmed",
        )  # fmt: skip

    def do_card(self, unit, office):
        give_card(self.lower(unit), reason="r", decided_by="d", actor=office)

    def do_lift(self, unit, office):
        lift_card(self.lower(unit), reason="r", actor=office)

    def do_suspend(self, unit, office):
        suspend_title(self.lower(unit), reason="r", decided_by="d", actor=office)

    def do_delist(self, unit, office):
        delist(self.lower(unit), reason="r", decided_by="d", document="2号", actor=office)

    def do_office_delisted(self, unit, office):
        award = Award.objects.filter(unit__path__startswith=unit.path, title__level="model", state="valid").first()
        if award:
            delist(award, reason="r", decided_by="d", document="2号", actor=office)

    def do_rename(self, unit, office):
        new = make_unit(self.house.root)
        succeed_units([unit], [new], kind=SuccessionKind.RENAMED, day=clock.today(), actor=None)
        self.units[self.units.index(unit)] = new

    def do_carry(self, unit, office):
        for award in Award.objects.filter(unit__valid_to__lt=clock.today(), state="valid").select_related("unit"):
            if not award.unit.name.endswith("科"):
                carry_on(award, to=unit, reason="r", actor=office)

    def do_object(self, unit, office):
        with clock.at(max(clock.now(), noon(NOTICE[0]))):
            made = enter_objection(self.mine(unit), Complaint("t", NOTICE[0]), actor=office)
        rule_objection(made, ruling="upheld", reply="r", actor=office)

    def do_by_hand(self, unit, office):
        enter_award(unit, self.title, granted_on=clock.today(), document="1号", actor=office)

    def do_found_wanting(self, unit, office):
        self.do_settle(unit, office, met=False)

    def do_promote(self, unit, office):
        promote_application(self.mine(unit), reason="r", actor=office)

    def do_supplement(self, unit, office):
        begin_supplementary_notice(self.programme, first=NOTICE[0], last=NOTICE[1], actor=office)

    def lower(self, unit):
        return Award.objects.select_related("unit").get(unit=unit, title__level="city", carried_to=None)

    def holders(self):
        return set(Award.objects.filter(title=self.title).values_list("unit", flat=True))


@pytest.fixture
def house():
    with translation.override("en"), clock.at(NOW):
        yield make_house()


def test_no_way_round_the_conditions(house):
    stumble(partial(Story, house), mishaps, watched)
    with transaction.atomic(), clock.at(NOW):
        story = Story(house, (True, False))
        go_straight(story, watched)
        assert story.holders() == {house.bureau.pk}  # the straight way is open
        transaction.set_rollback(True)


def watched(story, step):
    """Take the step; whoever holds the title after it met every condition before it."""
    everybody = list(Unit.objects.filter(region=story.house.root.region, depth=2))
    before, held = outcomes(story.programme, everybody), story.holders()
    story.take(step)
    for unit_id in story.holders() - held:
        assert {one.state for one in before[unit_id].verdicts} == {MET}, step
        award = Award.objects.get(unit=unit_id, title=story.title)
        assert award.application is not None
        assert award.application.verdicts
        assert award.application.notice_until < award.granted_on  # nobody is awarded who was not on notice
        assert not barred_by_hand(unit_id, clock.today())


def barred_by_hand(unit_id, today: date):
    """Counted anew, past the engine: a card, a delisting of this or last year, too few civil offices."""
    mine = Award.objects.filter(unit=unit_id)
    offices = Unit.objects.filter(path__startswith=Unit.objects.get(pk=unit_id).path, kind="office")
    civil = Award.objects.filter(unit__in=offices, title__level="civil", state__in=["valid", "yellow"])
    return (
        mine.filter(state__in=["yellow", "suspended"]).exists()
        or VetoEvent.objects.filter(unit=unit_id).exists()
        or mine.filter(state="delisted", ended_on__gte=today - timedelta(days=365)).exists()
        or civil.values("unit").distinct().count() * 2 < offices.count()
    )
