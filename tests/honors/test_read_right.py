"""What is read of titles and of other areas: each row that looks alike and is not the one that was asked for."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from chuangwen.accounts.roles import Role
from chuangwen.campaigns.models import Title
from chuangwen.core import clock
from chuangwen.core.files.services import store_bytes
from chuangwen.evidence.models import Dossier
from chuangwen.honors.customs import TITLES
from chuangwen.honors.eligibility import HeldTitle, Yearly
from chuangwen.honors.models import (
    Application,
    Award,
    Contest,
    HonorSetting,
    LadderStep,
    RuleFinding,
    YearlyFigures,
)
from chuangwen.honors.queries import elsewhere, families, register, subjects
from chuangwen.honors.queries.facts import gather, offices_of, outcomes, predecessors, rules_of
from chuangwen.honors.queries.family_facts import barred_units, outcomes_of_families
from chuangwen.honors.queries.freezing import Frozen, frozen, frozen_of, frozen_units
from chuangwen.honors.queries.register import Share, figures_of
from chuangwen.honors.queries.settings import has_defaults, setting
from chuangwen.honors.services import (
    begin_application,
    delist,
    give_card,
    raise_appeal,
    suspend_title,
)
from chuangwen.organizations.models import Unit, UnitSuccession
from chuangwen.scoring.models import Run
from chuangwen.supervision.models import VetoEvent, VetoKind
from tests.honors.families import family_title, give_family, make_call, make_family, with_families
from tests.honors.making import NOW, make_programme, noon
from tests.support.factories import make_campaign, make_root, make_round, make_unit, make_user

pytestmark = pytest.mark.once
TODAY = date(2026, 11, 18)
TOMORROW, YESTERDAY = TODAY + timedelta(days=1), TODAY - timedelta(days=1)
ENDED = {"reason": "r", "decided_by": "d", "document": "1"}


def follows(old, new, day=TODAY):
    UnitSuccession.objects.create(region=new.region, old=old, new=new, kind="renamed", day=day)


def event(unit, state, day=YESTERDAY, until=date(2027, 11, 17), **more):
    kind, _new = VetoKind.objects.get_or_create(region=unit.region, name="事故", defaults={"source": "customary: 否决"})
    return VetoEvent.objects.create(
        region=unit.region, unit=unit, kind=kind, day=day, bars_until=until, title="事故", source="通报", state=state,
        **more,
    )  # fmt: skip


def test_figures_count_whom_they_are_about(house):
    region, office = house.root.region, house.office
    third, village = make_unit(house.root, name="市档案局"), make_unit(house.root, kind="village", branch="territory")
    make_unit(house.root, valid_to=YESTERDAY)
    above = make_unit(house.root, name="省水利厅")
    Unit.objects.filter(pk=house.bureau.pk).update(line_authority=above, resident=True)
    foreign = make_unit(make_root(name="别市"))
    assert set(register.counted_units(region)) == {house.bureau, house.other, third}
    house.give(house.bureau, "province", date(2023, 11, 18))
    house.give(house.bureau, "county", date(2021, 5, 1))
    yellow = house.give(house.other, "city", date(2024, 11, 19))
    give_card(yellow, reason="r", decided_by="d", actor=office)
    stopped = house.give(third, "county", date(2020, 1, 1))
    delist(stopped, actor=office, **ENDED)
    odd = Title.objects.create(region=region, name="无阶梯", subject="unit")
    values = {"region": region, "title": odd, "granted_on": TODAY, "held_since": TODAY, "reverify_by": TODAY}
    Award.objects.create(unit=third, **values)
    title = house.title("city")
    Award.objects.create(**values | {"unit": village, "title": title})
    Award.objects.create(**values | {"unit": foreign, "region": foreign.region, "title": title})
    house.offices_civil(house.bureau, 2, model=1)
    suspend_title(house.give(house.offices[house.other.pk][0], "civil"), reason="r", decided_by="d", actor=office)
    found = figures_of(region, 2026)
    assert found.titled == Share(2, 3)
    assert [(one.title.level, one.highest, one.holders, one.offices) for one in found.levels] == [
        ("province", 1, 1, False), ("city", 1, 1, False), ("county", 0, 1, False),
    ]  # fmt: skip
    assert [(award.unit.name, years, since) for award, years, since in found.years] == [
        ("市水利局", 5, date(2021, 5, 1)), ("市财政局", 1, date(2024, 11, 19)),
    ]  # fmt: skip
    assert (found.civil, found.model, found.passed) == (Share(3, 20), 1, Share(0, 0))
    assert len(figures_of(region, 2026, most=1).years) == 1
    make_campaign(third, state="running")
    assert found.campaigning == Share(2, 3)
    assert figures_of(region, 2026).campaigning == Share(3, 3)
    give_card(Award.objects.get(unit=house.bureau, title__level="county"), reason="r", decided_by="d", actor=office)
    Award.objects.filter(pk=yellow.pk).update(held_since=TOMORROW)
    again = figures_of(region, 2026)
    assert (again.levels, [award.unit.name for award, *_rest in again.years]) == (found.levels, ["市水利局"])
    assert Share(1, 3).share == 1 / 3


def test_campaigning_and_passed_are_of_units_and_of_the_year(house):
    region = house.root.region
    this, last = make_programme(house), make_programme(house, "county", year=2025)
    units = [make_unit(house.root) for _ in range(6)]
    states = ("awarded", "refused", "passed-over", "withdrawn", "submitted", "draft")
    for unit, state in zip(units, states, strict=True):
        made = begin_application(this, unit, actor=None)
        Application.objects.filter(pk=made.pk).update(state=state)
    old = begin_application(last, units[0], actor=None)
    Application.objects.filter(pk=old.pk).update(state="awarded")
    make_campaign(units[3], state="closed")
    county = with_families(house)
    call = make_call(county)
    of_family = Application.objects.create(region=region, programme=call, unit=units[5], number="f",
                                           family=make_family(county), state="awarded")  # fmt: skip
    found = figures_of(region, 2026)
    assert (found.campaigning, found.passed) == (Share(4, 8), Share(1, 3))
    assert figures_of(region, 2025).passed == Share(1, 1)
    assert of_family.unit == units[5]


def test_register_tells_what_waits_up_to_its_last_day(house):
    office = house.office
    city = house.give(house.bureau, "city")
    county, other = house.give(house.bureau, "county"), house.give(house.other, "county")
    Award.objects.exclude(pk=county.pk).update(reverify_by=TODAY + timedelta(days=31))
    Award.objects.filter(pk=county.pk).update(reverify_by=TODAY + timedelta(days=30))

    def rows(condition):
        return list(Award.objects.filter(condition).order_by("pk"))

    assert rows(register.due_for_check()) == [county]
    give_card(city, reason="r", decided_by="d", until=TOMORROW, actor=office)
    with clock.at(noon(TOMORROW)):
        assert rows(register.open_cards_over()) == []
    with clock.at(noon(TOMORROW + timedelta(days=1))):
        assert rows(register.open_cards_over()) == [city]
    appeal = raise_appeal(city, text="t", actor=office)
    assert rows(register.open_appeals()) == [city]
    type(appeal).objects.update(ruled_on=TODAY)
    assert rows(register.open_appeals()) == []
    Unit.objects.filter(pk=house.other.pk).update(valid_to=TODAY)
    assert rows(register.lost_units()) == []
    Unit.objects.filter(pk=house.other.pk).update(valid_to=YESTERDAY)
    assert rows(register.lost_units()) == [other]
    delist(other, actor=office, **ENDED)
    assert rows(register.lost_units()) == []
    first, second, third = house.offices[house.bureau.pk][:3]
    for one in (first, second):
        house.give(one, "civil")
    give_card(Award.objects.get(unit=second), reason="r", decided_by="d", actor=office)
    house.give(first, "model")
    civil = house.title("civil")
    assert register.holding([first, second, third], civil) == {first.pk, second.pk}
    assert register.holding([second], civil) == {second.pk}
    assert register.holding([first, second], house.title("model")) == {first.pk}
    assert register.civil_among([first, second, third]) == {first.pk}


def test_other_areas_are_read_for_these_units_and_this_year_alone(house):
    region, units = house.root.region, [house.bureau.pk, house.other.pk]
    third, foreign = make_unit(house.root), make_unit(make_root(name="别市"))
    confirmed = event(house.bureau, "confirmed"), event(house.bureau, "confirmed", TODAY, TODAY)
    event(house.other, "lifted")
    event(third, "confirmed")
    wide = [*units, foreign.pk]
    event(foreign, "confirmed")
    assert elsewhere.veto_events(region, wide) == {
        house.bureau.pk: tuple((one.day, one.bars_until) for one in confirmed)
    }
    assert not elsewhere.anything_reported(region)
    event(foreign, "reported")
    assert not elsewhere.anything_reported(region)
    event(house.other, "reported", until=YESTERDAY)
    with clock.at(NOW):
        first = event(house.other, "reported", until=TODAY)
        event(house.other, "reported")
        event(third, "reported")
    assert elsewhere.reported_events(region, wide) == {house.other.pk: first}
    assert elsewhere.anything_reported(region)
    campaign = make_campaign(house.bureau)
    version = campaign.standards.get().version
    codes = list(version.nodes.filter(is_leaf=True))
    values = {"region": region, "campaign": campaign, "due_on": TODAY}
    for unit, node, year, missing in (
        (house.bureau, codes[0], 2026, None), (house.bureau, codes[1], 2026, YESTERDAY),
        (house.bureau, codes[0], 2025, None), (third, codes[0], 2026, None),
    ):  # fmt: skip
        Dossier.objects.create(unit=unit, node=node, year=year, missing_since=missing, **values)
    assert elsewhere.complete_dossiers(region, wide, 2026) == {house.bureau.pk: (1, 2)}
    long = Dossier.objects.create(unit=house.bureau, node=codes[0], year=2027, missing_since=TODAY, **values)
    short = Dossier.objects.create(unit=house.bureau, node=codes[1], year=2027, missing_since=YESTERDAY, **values)
    assert list(elsewhere.lacking_dossiers(house.bureau, 2027, house.liaison)) == [short, long]
    assert elsewhere.lacking_dossiers(house.bureau, 2026, house.liaison).get().node == codes[1]
    neighbour = make_user(Role.LIAISON, house.other)
    assert not elsewhere.lacking_dossiers(house.bureau, 2026, neighbour).exists()
    frozen_files = dict.fromkeys(("observations", "places", "frames", "leads"), store_bytes(b"frozen"))
    round_ = make_round(campaign)
    for total, moment in ((80.125, NOW), (91.236, NOW + timedelta(hours=1)), (None, NOW + timedelta(hours=2))):
        with clock.at(moment):
            made = Run.objects.create(region=region, round=round_, version=version, total=total, **frozen_files)
            Run.objects.filter(pk=made.pk).update(created_at=moment)
    assert elsewhere.last_scores(region, wide) == {house.bureau.pk: Decimal("91.24")}
    assert elsewhere.last_scores(region, [house.other.pk]) == {}


def test_facts_follow_the_matters_and_leave_the_neighbours_out(house):
    region, office = house.root.region, house.office
    new, old, older = (make_unit(house.root, name=name) for name in ("新局", "旧局", "老局"))
    follows(old, new)
    follows(older, old, YESTERDAY)
    follows(old, older)  # a circle, entered wrongly, ends
    follows(house.other, new, TOMORROW)  # not yet
    assert predecessors(region, [new.pk, old.pk, house.bureau.pk]) == {
        new.pk: {old.pk, older.pk}, old.pk: {older.pk}, house.bureau.pk: set(),
    }  # fmt: skip
    programme = make_programme(house)
    held, yellow, rested = house.give(new, "city"), house.give(old, "city"), house.give(older, "county")
    give_card(yellow, reason="r", decided_by="d", until=TOMORROW, actor=office)
    suspend_title(rested, reason="r", decided_by="d", actor=office)
    gone = house.give(older, "city")
    delist(gone, actor=office, **ENDED)
    house.give(house.other, "province")
    event(old, "confirmed", YESTERDAY, TOMORROW)
    event(house.other, "confirmed")
    found = gather(programme, [new, house.bureau])
    assert found.held[new.pk] == [HeldTitle(2, held.held_since, False)]
    assert found.held[house.bureau.pk] == []
    assert (found.cards, found.suspended) == ({new.pk: TOMORROW}, {new.pk})
    assert found.barred == {new.pk: date(2027, 12, 31)}
    assert found.events == {new.pk: ((YESTERDAY, TOMORROW),), house.bureau.pk: ()}
    assert found.consequences == {new.pk: None, house.bureau.pk: None}
    assert (found.offices[house.bureau.pk], found.offices[new.pk]) == (10, 0)
    assert barred_units(region, [new.pk, house.bureau.pk, house.other.pk]) == {
        new.pk: date(2027, 12, 31), house.other.pk: date(2027, 11, 17),
    }  # fmt: skip
    with clock.at(noon(date(2027, 11, 17))):
        assert barred_units(region, [house.other.pk]) == {house.other.pk: date(2027, 11, 17)}
    with clock.at(noon(date(2027, 12, 31))):
        assert barred_units(region, [new.pk, house.other.pk]) == {new.pk: date(2027, 12, 31)}
    with clock.at(noon(date(2028, 1, 1))):
        assert barred_units(region, [new.pk]) == {}


def test_facts_of_offices_contests_and_figures_are_the_units_own(house):
    inside = house.offices[house.bureau.pk]
    programme = make_programme(house)
    deep = make_unit(inside[0], kind="office")
    Unit.objects.filter(pk=inside[9].pk).update(valid_to=YESTERDAY)
    below = make_unit(house.bureau, name="下属站")
    for number, level in ((0, "civil"), (0, "model"), (1, "civil"), (2, "civil"), (3, "civil")):
        house.give(inside[number], level)
    give_card(Award.objects.get(unit=inside[1]), reason="r", decided_by="d", actor=house.office)
    suspend_title(Award.objects.get(unit=inside[2]), reason="r", decided_by="d", actor=house.office)
    delist(Award.objects.get(unit=inside[3]), actor=house.office, **ENDED)
    house.give(house.offices[house.other.pk][0], "civil")
    found = gather(programme, [house.bureau, below])
    assert (found.offices, found.civil, found.model) == (
        {house.bureau.pk: 9, below.pk: 0} if below.pk in found.offices else {house.bureau.pk: 9},
        {house.bureau.pk: 2}, {house.bureau.pk: 1},
    )  # fmt: skip
    assert deep.pk not in offices_of([house.bureau])
    assert set(offices_of([house.bureau, house.other]).values()) == {house.bureau.pk, house.other.pk}
    assert offices_of([]) == {}
    civil, model = house.title("civil"), house.title("model")
    values = {"region": house.root.region, "places": 1}
    for unit, title, day, state in (
        (house.bureau, civil, TODAY + timedelta(days=9), "planned"), (house.bureau, civil, TOMORROW, "judged"),
        (house.bureau, civil, YESTERDAY, "planned"), (house.bureau, civil, TODAY, "decided"),
        (house.bureau, model, TODAY, "planned"), (house.other, model, TOMORROW, "planned"),
    ):  # fmt: skip
        Contest.objects.create(unit=unit, title=title, decide_on=day, state=state, name="评", **values)
    assert gather(programme, [house.bureau]).contests == {
        (house.bureau.pk, "civil"): TOMORROW, (house.bureau.pk, "model"): TODAY,
    }  # fmt: skip
    figures = {"region": house.root.region, "volunteers": 1, "hours": 5, "source": "s"}
    for unit, year, state, staff in (
        (house.bureau, 2025, "confirmed", 11), (house.bureau, 2024, "confirmed", 12),
        (house.bureau, 2027, "confirmed", 13), (house.other, 2026, "confirmed", 14),
    ):  # fmt: skip
        YearlyFigures.objects.create(unit=unit, year=year, state=state, staff=staff, **figures)
    assert gather(programme, [house.bureau]).yearly == {house.bureau.pk: Yearly(11, 1, Decimal(5), True)}
    for state, staff in (("confirmed", 15), ("given", 16), ("returned", 17), ("replaced", 18)):
        YearlyFigures.objects.create(unit=house.bureau, year=2026, state=state, staff=staff, **figures)
    assert gather(programme, [house.bureau]).yearly == {house.bureau.pk: Yearly(16, 1, Decimal(5), False)}


def test_verdicts_take_the_findings_and_points_of_their_own_application(house):
    programme, other = make_programme(house), make_programme(house, "county")
    rules = {one.kind: one for one in rules_of(programme)}
    assert (rules["held"].rank, rules["held"].months, rules["self-score"].threshold) == (2, 24, Decimal(85))
    assert rules["self-score"].rank == 0
    rule = programme.rules.get(kind="dossiers")
    rows = [
        (programme, house.bureau, 90, True), (programme, house.other, 70, False), (other, house.bureau, 10, False),
    ]  # fmt: skip
    withdrawn = begin_application(programme, house.bureau, actor=None)
    Application.objects.filter(pk=withdrawn.pk).update(state="withdrawn", self_score=1)
    RuleFinding.objects.create(region=house.root.region, application=withdrawn, rule=rule, met=False, source="s",
                               found_at=NOW)  # fmt: skip
    for of, unit, points, met in rows:
        made = begin_application(of, unit, actor=None)
        Application.objects.filter(pk=made.pk).update(self_score=points)
        RuleFinding.objects.create(region=house.root.region, application=made, rule=rule, met=met, source="s",
                                   found_at=NOW)  # fmt: skip
    found = outcomes(programme, [house.bureau, house.other])
    told = {
        unit.pk: {one.rule.kind: (one.have, one.state) for one in found[unit.pk].verdicts}
        for unit in (house.bureau, house.other)
    }
    assert [told[unit.pk]["self-score"] for unit in (house.bureau, house.other)] == [(90, "met"), (70, "not-met")]
    assert [told[unit.pk]["dossiers"][1] for unit in (house.bureau, house.other)] == ["met", "not-met"]
    assert found[house.bureau.pk].deadline == programme.apply_until


def test_families_are_judged_by_their_own_titles_consent_and_findings(house):
    county = with_families(house)
    call, office = make_call(county), county.office
    good, barred, silent = (make_family(county, name) for name in ("甲家", "乙家", "丙家"))
    county.give(county.bureau, "city")
    give_family(county, good, "village")
    give_card(give_family(county, barred, "village"), reason="r", decided_by="d", until=TOMORROW, actor=office)
    delist(give_family(county, silent, "village"), actor=office, **ENDED)
    type(silent).objects.filter(pk=silent.pk).update(withdrawn_on=TODAY)
    rule = call.rules.get(kind="by-hand")
    for family, met in ((good, True), (barred, False)):
        made = Application.objects.create(region=county.root.region, programme=call, unit=family.unit, family=family,
                                          number=family.name, seen_on=TODAY)  # fmt: skip
        RuleFinding.objects.create(region=made.region, application=made, rule=rule, met=met, source="s", found_at=NOW)
    found = outcomes_of_families(call, [good, barred, silent])
    states = {
        family.name: {one.rule.kind: (one.state, one.have) for one in found[family.pk].verdicts}
        for family in (good, barred, silent)
    }
    assert [states[name]["by-hand"][0] for name in ("甲家", "乙家", "丙家")] == ["met", "not-met", "pending"]
    assert [states[name]["no-card"] for name in ("甲家", "乙家")] == [("met", None), ("not-met", TOMORROW)]
    assert [states[name]["not-barred"] for name in ("甲家", "丙家")] == [("met", None), ("not-met", date(2027, 12, 31))]
    assert [states[name]["held"][0] for name in ("甲家", "丙家")] == ["met", "not-met"]
    assert states["甲家"]["consent"][0] == "met"
    assert states["丙家"]["consent"][0] != "met"


def test_frozen_is_who_waits_for_an_event_and_why(house):
    region, bureau = house.root.region, house.bureau
    new, old = make_unit(house.root), make_unit(house.root)
    follows(old, new)
    first = event(old, "reported", date(2026, 11, 1))
    why = Frozen("事故", date(2026, 11, 1), TODAY, first.pk)
    assert frozen_units(region, [new.pk, bureau.pk]) == {new.pk: why}
    own = event(new, "reported")
    assert frozen_units(region, [new.pk])[new.pk].event == own.pk
    programme = make_programme(house)
    waits, free = (begin_application(programme, unit, actor=None) for unit in (new, bureau))
    assert (frozen(waits).event, frozen(free)) == (own.pk, None)
    assert list(frozen_of(house.office)) == [waits.pk]
    assert frozen_of(house.liaison) == {}
    assert frozen_of(make_user(Role.OFFICE, make_root(name="别市"))) == {}
    assert frozen_of(make_user()) == {}
    for state in ("submitted", "reviewed", "recommended", "reserve", "noticed", "awarded", "refused", "withdrawn"):
        Application.objects.filter(pk=waits.pk).update(state=state)
        waits.refresh_from_db()
        held = state not in {"awarded", "refused", "withdrawn"}
        assert (frozen(waits) is not None, list(frozen_of(house.office)) == [waits.pk]) == (held, held)
    county = with_families(house)
    call = make_call(county)
    family = Application.objects.create(region=region, programme=call, unit=new, family=make_family(county), number="f")
    assert (frozen(family), frozen_of(house.office)) == (None, {})


def test_titles_are_for_their_kind_of_unit_and_families_for_who_recommends_them(house):
    region = house.root.region
    assert {row[1] for row in subjects.usual_titles(region)} == {"office", "unit"}
    town = make_unit(house.root, kind="town", branch="territory")
    school, gone = make_unit(house.root, kind="school"), make_unit(house.root, valid_to=YESTERDAY)
    assert subjects.usual_titles(region) == list(TITLES)
    assert subjects.lacking_titles(region) == [row[0] for row in TITLES if row[1] in {"village", "school", "city"}]
    unit_call = make_programme(house)
    assert set(subjects.candidates(unit_call)) == {house.bureau, house.other, town, school}
    assert set(subjects.near_units(unit_call)) == {house.bureau, house.other, school}
    village = Title(subject="village")
    assert [subjects.fits(village, unit) for unit in (town, school, house.bureau)] == [True, False, False]
    assert not subjects.fits(Title(subject="nothing"), town)
    assert list(Unit.objects.filter(subjects.of_kind("school"))) == [school]
    assert set(families.recommenders(region)) == {house.bureau, house.other, town, school}
    recommends = [families.recommends(one) for one in (town, gone, house.root, house.offices[house.bureau.pk][0])]
    assert recommends == [True, False, False, False]
    assert families.recommends(Unit(kind="village", valid_to=TODAY))
    assert (families.has_ladder(region), families.lowest_title(region)) == (False, None)
    county = with_families(house)
    assert families.has_ladder(region)
    assert families.lowest_title(region) == family_title(county, "village")
    assert [one.ladder_step.rank for one in families.family_titles(region)] == [1, 2, 3, 4, 5, 6]
    HonorSetting.objects.filter(region=region, key="card-months").update(value=9)
    other = make_root(name="别市").region
    assert (setting(region, "card-months"), setting(other, "card-months")) == (9, 3)
    assert (has_defaults(region), has_defaults(other)) == (True, False)
    assert LadderStep.objects.filter(region=other).count() == 0


def test_households_are_counted_by_unit_with_the_newest_confirmed_figure(house):
    county = with_families(house)
    rows = [make_family(county, name) for name in ("甲家", "乙家", "丙家", "丁家")]
    for one in rows[:2]:
        give_family(county, one, "village")
    give_family(county, rows[0], "town")
    delist(give_family(county, rows[2], "village"), actor=county.office, **ENDED)
    make_family(county, unit=county.hamlet, agreed=False)
    figures = {"region": county.root.region, "unit": county.village, "staff": 1, "volunteers": 0, "hours": 0}
    for year, households, state in (
        (2024, 10, "confirmed"), (2025, 40, "confirmed"), (2026, 50, "given"), (2026, None, "confirmed"),
        (2027, 60, "confirmed"),
    ):  # fmt: skip
        YearlyFigures.objects.create(year=year, households=households, state=state, source="s", **figures)
    found = {row.pk: (row.known, row.titled, row.whole, row.year, row.share)
             for row in families.titled_households(county.office)}  # fmt: skip
    assert found == {county.village.pk: (4, 2, 40, 2025, 5.0), county.hamlet.pk: (1, 0, None, None, None)}
    assert families.titled_households(county.speaker).get() == county.village
    agreed = families.agreed_families(county.office, "honors.apply")
    type(rows[0]).objects.filter(pk=rows[3].pk).update(withdrawn_on=TODAY)
    assert set(agreed) == set(rows[:3])
