"""No way through the services gives a title to a family that a condition bars, nor to one without consent."""

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
from chuangwen.honors import services
from chuangwen.honors.eligibility import MET, OFFICE
from chuangwen.honors.models import Application, Award, Contest, Contestant, Family
from chuangwen.honors.queries.family_facts import outcomes_of_families
from chuangwen.supervision.models import VetoEvent, VetoKind
from tests.honors.families import DEED, family_title, give_family, make_call, make_family, with_families
from tests.honors.making import AWARDED, MET_ON, NOTICE, NOW, make_house, noon
from tests.honors.stumbling import go_straight, stumble

pytestmark = [pytest.mark.django_db, pytest.mark.once]
MISHAPS = (
    "none", "withdraw", "again", "card", "suspend", "delist", "unit-veto", "unit-lapses", "rename", "hand-over",
    "object", "by-hand", "found-wanting", "promote", "supplement", "unseen", "select",
)  # fmt: skip
mishaps = st.lists(st.sampled_from(MISHAPS), max_size=2)


class Story:
    """One programme and three families of one village: one fit, one without the lower title, one never asked."""

    def __init__(self, house, fits):
        self.house, self.programme = house, make_call(house)
        self.title = self.programme.title
        self.families = [
            make_family(house, name, agreed=name != "赵东家庭") for name in ("李桂兰家庭", "陈守义家庭", "赵东家庭")
        ]
        for family, fit in zip(self.families, fits, strict=False):
            if fit:
                give_family(house, family, "village")

    def take(self, step):
        """Take a step for every family; what is refused changes nothing."""
        for key in [one.pk for one in self.families]:
            try:
                with transaction.atomic():
                    family = Family.objects.select_related("unit__region", "region").get(pk=key)
                    getattr(self, f"do_{step}".replace("-", "_"))(family, self.house.office)
            except (Refusal, PermissionDenied, ObjectDoesNotExist):
                pass
            self.programme.refresh_from_db()

    def mine(self, family):
        rows = Application.objects.filter(programme=self.programme, family=family).exclude(state="withdrawn")
        return rows.select_related("programme__title", "unit", "family", "region").get()

    def lower(self, family):
        return Award.objects.select_related("unit", "family", "region").get(family=family, title__level="village")

    def do_none(self, family, office):
        """Nothing happens."""

    def do_apply(self, family, office):
        made = services.begin_family_application(self.programme, family, actor=office)
        services.write_deed(made, deed=DEED, seen_on=clock.today(), actor=office)

    def do_submit(self, family, office):
        services.submit_application(self.mine(family), responsible="村", signed_on=clock.today(), actor=office)

    def do_settle(self, family, office, *, met=True):
        made = self.mine(family)
        for one in outcomes_of_families(self.programme, [family])[family.pk].verdicts:
            if one.waits_for == OFFICE or one.by_person:
                rule = self.programme.rules.get(pk=one.rule.key)
                services.settle_condition(made, rule, met=met, source="派出所", actor=office)

    def do_review(self, family, office):
        for name in "甲乙":
            score = services.Score(name, Decimal(90), clock.today())
            services.enter_review(self.mine(family), score, actor=office)
        services.close_review(self.mine(family), actor=office)

    def do_deliberate(self, family, office):
        rows = Application.objects.filter(programme=self.programme, state="reviewed")
        chosen = {row.pk: ("recommend" if row.family_id == family.pk else "reserve", "n") for row in rows}
        services.deliberate(self.programme, services.Meeting(MET_ON, "组长", "3号"), chosen, actor=office)

    def do_notice(self, family, office):
        services.begin_notice(self.programme, first=NOTICE[0], last=NOTICE[1], actor=office)

    def do_award(self, family, office):
        services.award_titles(self.programme, granted_on=AWARDED, document="1号", actor=office)

    def do_withdraw(self, family, office):
        services.withdraw_consent(family, actor=office)

    def do_again(self, family, office):
        names = dict(zip([one.pk for one in self.families], ("李桂兰家庭", "陈守义家庭", "赵东家庭"), strict=True))
        services.register_family(family.unit, names[family.pk], agreed_on=clock.today(), actor=office)

    def do_card(self, family, office):
        services.give_card(self.lower(family), reason="r", decided_by="d", actor=office)

    def do_suspend(self, family, office):
        services.suspend_title(self.lower(family), reason="r", decided_by="d", actor=office)

    def do_delist(self, family, office):
        services.delist(self.lower(family), reason="r", decided_by="d", document="2号", actor=office)

    def do_unit_veto(self, family, office):
        region = self.house.root.region
        kind, _new = VetoKind.objects.get_or_create(region=region, name="事故", defaults={"source": "customary: x"})
        VetoEvent.objects.create(
            region=region, unit=family.unit, kind=kind, day=clock.today(), bars_until=date(2027, 12, 31), title="事故",
            source="通报", state="confirmed",
        )  # fmt: skip

    def do_unit_lapses(self, family, office):
        VetoEvent.objects.filter(unit=family.unit).update(bars_until=clock.today() - timedelta(days=1))

    def do_rename(self, family, office):
        services.rename_family(family, name=f"{family.name[:2]}之家{family.number}", actor=office)

    def do_hand_over(self, family, office):
        services.hand_over_family(family, to=self.house.hamlet, actor=office)

    def do_object(self, family, office):
        with clock.at(max(clock.now(), noon(NOTICE[0]))):
            made = services.enter_objection(self.mine(family), services.Complaint("t", NOTICE[0]), actor=office)
        services.rule_objection(made, ruling="upheld", reply="r", actor=office)

    def do_by_hand(self, family, office):
        services.enter_family_award(family, self.title, granted_on=clock.today(), document="1号", actor=office)

    def do_found_wanting(self, family, office):
        self.do_settle(family, office, met=False)

    def do_promote(self, family, office):
        services.promote_application(self.mine(family), reason="r", actor=office)

    def do_supplement(self, family, office):
        services.begin_supplementary_notice(self.programme, first=NOTICE[0], last=NOTICE[1], actor=office)

    def do_unseen(self, family, office):
        services.write_deed(self.mine(family), deed="另一段文字", seen_on=None, actor=office)

    def do_select(self, family, office):
        """The village's own selection: planned, judged by vote and decided in one go."""
        lowest = family_title(self.house, "village")
        plan = services.ContestPlan(lowest, "评议", clock.today(), 1, [], families=[family], by_vote=True)
        contest = services.plan_contest(family.unit, plan, actor=office)
        services.begin_judging(contest, actor=office)
        one = Contestant.objects.select_related("contest__unit", "contest__region", "family").get(contest=contest)
        services.enter_vote(one, counted_by="评议会", ayes=28, votes=30, actor=office)
        services.decide_contest(Contest.objects.select_related("unit", "region", "title").get(pk=contest.pk),
                                actor=office)  # fmt: skip

    def holders(self):
        return set(Award.objects.filter(title=self.title).values_list("family", flat=True))


@pytest.fixture
def county():
    with translation.override("en"), clock.at(NOW):
        yield with_families(make_house())


def test_no_way_round_conditions_and_consent(county):
    stumble(partial(Story, county), mishaps, watched)
    with transaction.atomic(), clock.at(NOW):
        story = Story(county, (True, False))
        go_straight(story, watched)
        assert story.holders() == {story.families[0].pk}  # the straight way is open
        transaction.set_rollback(True)


def watched(story, step):
    """Take the step; every family that holds a title after it had agreed, and met every condition before it."""
    before, held = outcomes_of_families(story.programme, story.families), story.holders()
    had = set(Award.objects.values_list("pk", flat=True))
    consent = {one.pk for one in Family.objects.filter(agreed_on__isnull=False, withdrawn_on__isnull=True)}
    story.take(step)
    for award in Award.objects.exclude(pk__in=had):
        assert award.family_id in consent, step
        assert award.unit.kind == "village"
    for family_id in story.holders() - held:
        assert {one.state for one in before[family_id].verdicts} == {MET}, step
        award = Award.objects.get(family=family_id, title=story.title)
        assert award.application is not None
        assert award.application.notice_until < award.granted_on
        assert award.application.seen_on is not None
        assert not barred_by_hand(award.family, clock.today())


def barred_by_hand(family, today: date):
    """Counted anew, past the engine: no consent, a card, a delisting, a year of the lower title, the unit's veto."""
    mine = Award.objects.filter(family=family)
    lower = mine.filter(title__level="village", held_since__lte=today - timedelta(days=365))
    return (
        family.name == "" or family.agreed_on is None or family.withdrawn_on is not None
        or mine.filter(state__in=["yellow", "suspended"]).exists()
        or VetoEvent.objects.filter(unit=family.unit, bars_until__gte=today).exists()
        or mine.filter(state="delisted", ended_on__gte=today - timedelta(days=365)).exists()
        or not lower.exclude(state__in=["delisted", "lapsed"]).exists()
    )  # fmt: skip
