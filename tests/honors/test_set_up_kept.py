"""Programmes, conditions, yearly figures, templates and lines: what is kept, field by field, and each refusal."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from chuangwen.accounts.roles import Role
from chuangwen.core import clock
from chuangwen.core.errors import Conflict
from chuangwen.core.files.services import Upload
from chuangwen.honors import customs
from chuangwen.honors.models import (
    Aspect,
    EligibilityRule,
    HonorSetting,
    LadderStep,
    Programme,
    YearlyFigures,
)
from chuangwen.honors.services import (
    Told,
    begin_application,
    cancel_programme,
    confirm_figures,
    create_programme,
    drop_rule,
    edit_programme,
    ensure_defaults,
    ensure_family_ladder,
    enter_figures,
    open_programme,
    return_figures,
    save_aspect,
    save_rule,
    save_setting,
    withdraw_application,
)
from tests.honors.families import family_title, make_call, with_families
from tests.honors.making import NOW, publish
from tests.honors.seeing import files, make_insider, some, told
from tests.support.factories import make_root, make_unit, make_user
from tests.support.leaving import audited, fields, kept
from tests.support.refusals import said

pytestmark = pytest.mark.once
TODAY = date(2026, 11, 18)
SCAN = Upload("文件.pdf", b"%PDF-1.4 ")
DAYS = {
    "apply_from": date(2026, 11, 2), "apply_until": date(2026, 12, 18), "review_until": date(2026, 12, 25),
    "deliberate_on": date(2026, 12, 28), "notice_from": date(2027, 1, 4), "notice_until": date(2027, 1, 8),
    "award_on": date(2027, 1, 18),
}  # fmt: skip


def call(house, level="county", **change):
    title = house.title(level)
    values = {"title": title, "year": 2026, "name": f"{title}评选", "authority": "区文明委", "quota": 6, **DAYS}
    return Programme(region=house.root.region, **values | change)


def test_programme_is_kept_with_the_titles_conditions_and_is_told_to_who_can_apply(house):
    version, office = publish(house), house.office
    beside = create_programme(call(house, name="旁边的", reviewers=7), actor=office)
    untouched = fields(beside)
    made = create_programme(call(house), actor=office, papers=[SCAN])
    assert (made.reviewers, made.standard, files(made)) == (3, version, ["文件.pdf"])
    names = ("kind", "threshold", "months", "lower", "words", "source", "position", "region")
    defaults = list(made.title.default_rules.order_by("position").values_list(*names))
    assert list(made.rules.order_by("position").values_list(*names)) == defaults
    assert made.title.default_rules.count() == len(defaults) == made.rules.count()
    said_so = {
        "title": "区级文明单位", "quota": 6, "conditions": [str(rule) for rule in made.rules.all()],
        **{name: str(day) for name, day in DAYS.items()},
    }  # fmt: skip
    assert audited("honors.programme.create", made) == [(str(office.pk), str(made.pk), said_so)]
    made.quota, made.authority = 8, "区委"
    edit_programme(made, actor=office, papers=[SCAN])
    assert (some(made, "quota", "authority"), files(made)) == ((8, "区委"), ["文件.pdf"] * 2)
    assert audited("honors.programme.edit", made) == [(str(office.pk), str(made.pk), said_so | {"quota": 8})]
    make_user(Role.LIAISON, house.other)
    open_programme(made, actor=office)
    assert kept(made) == [("open", office.pk, NOW, "", "", said_so | {"quota": 8})]
    assert told(house.liaison) == [
        ("honors", "Open for applications: 区级文明单位评选", "See at once what you meet and what is missing.",
         f"/programmes/{made.pk}/check/"),
    ]  # fmt: skip
    assert told(office) == []
    running = begin_application(made, house.bureau, actor=house.liaison)
    over = begin_application(made, house.other, actor=office)
    withdraw_application(over, reason="不报", actor=office)
    open_programme(beside, actor=office)
    elsewhere = begin_application(beside, house.bureau, actor=office)
    cancel_programme(made, reason="上级调整", actor=office)
    assert kept(made)[-1] == ("cancel", office.pk, NOW, "上级调整", "", {})
    note = "The programme was cancelled: 上级调整"
    assert kept(running)[-1] == ("withdraw", None, NOW, note, "", {})
    assert told(house.liaison)[-1] == ("honors", note, "", f"/applications/{running.pk}/")
    assert [some(one, "state")[0] for one in (running, over, elsewhere)] == ["withdrawn", "withdrawn", "draft"]
    assert kept(over)[-1][3] == "不报"
    assert fields(beside) | {"state": 0, "updated_at": 0} == untouched | {"state": 0, "updated_at": 0}


def test_programme_is_refused_in_these_words(house):
    act = {"actor": house.office}
    made = create_programme(call(house, name="占着的"), **act)
    taken = "There is a programme called “占着的” already. Give it another name."
    ladder = "The title “全国文明单位” stands on no ladder. Give it a rank under the settings first."
    assert said(create_programme, call(house, name="占着的"), error=Conflict, **act) == taken
    other = create_programme(call(house, name="别的"), **act)
    other.name = "占着的"
    assert said(edit_programme, other, error=Conflict, **act) == taken
    with pytest.raises(PermissionDenied):
        edit_programme(other, actor=house.liaison)
    nation = house.title("nation")
    LadderStep.objects.filter(title=nation).delete()
    assert said(create_programme, call(house, title=nation), **act) == ladder
    labels = [Programme._meta.get_field(name).verbose_name for name in DAYS]
    for place, name in enumerate(DAYS):
        if place:
            before = list(DAYS.values())[place - 1] - timedelta(days=1)
            words = f"“{labels[place]}” lies before the step ahead of it. Put the days in their order."
            assert said(create_programme, call(house, **{name: before}), **act) == words
    same = dict.fromkeys(("apply_until", "review_until", "deliberate_on"), DAYS["apply_from"])
    assert create_programme(call(house, name="同日", **same), **act).pk
    assert said(create_programme, call(house, notice_until=date(2027, 1, 7)), **act) == (
        "A public notice lasts at least 5 working days. Let it end later."
    )
    assert said(create_programme, call(house, unit_quota=2), **act) == (
        "Only families have a quota of each unit. Leave it empty."
    )
    version = publish(house)
    with_families(house)
    assert said(create_programme, call(house, title=family_title(house, "town"), standard=version), **act) == (
        "A family assesses itself by no standard. Leave the standard of the self-assessment empty."
    )
    open_programme(made, **act)
    assert said(edit_programme, Programme.objects.get(pk=made.pk), **act) == (
        "“占着的” has been opened: its title, quota and days stand. "
        "Where something has to change, cancel it with the reason and begin another one."
    )
    rule = made.rules.first()
    stand = (
        "The conditions of “占着的” stand: units have been called on. "
        "Cancel it and begin another programme, or change the default for next time."
    )
    assert [said(change, rule, **act) for change in (save_rule, drop_rule)] == [stand, stand]
    families = make_call(house)
    speaker = told(house.speaker)[-1]
    assert speaker[1:] == ("Open for applications: town文明家庭", "See which of your families can be put forward.",
                           f"/programmes/{families.pk}/families/")  # fmt: skip


def test_conditions_and_numbers_are_kept_and_refused_in_these_words(house):
    title, office = house.title("city"), house.office
    act = {"actor": office}
    made = EligibilityRule(region=title.region, of_title=title, kind="no-veto", months=240, source="site: 试")
    save_rule(made, **act)
    said_so = {"kind": "no-veto", "threshold": "0", "months": 240, "lower": "", "words": "", "of": str(title)}
    assert audited("honors.rule.save", made) == [(str(office.pk), str(made.pk), said_so | {"new": True})]
    made.months = 1
    save_rule(made, **act)
    assert audited("honors.rule.save", made)[1][2] == said_so | {"months": 1, "new": False}
    length = "It does not say for how long. Give the number of months, at most 240."
    enough = "It does not say how much is needed. Give a number above nought."
    hundred = "More than a hundred cannot be reached. Give a number up to 100."
    shares = ("civil-share", "dossiers", "self-score", "last-score", "volunteers")
    for rule, words in (
        ({"kind": "held", "months": 12}, "It does not say which title has to be held. Choose the title."),
        ({"kind": "held", "months": 0, "lower": title}, length),
        *(({"kind": "no-veto", "months": months}, length) for months in (0, 241)),
        *(({"kind": kind}, enough) for kind in (*shares, "civil-count", "model-count", "volunteer-hours")),
        *(({"kind": kind, "threshold": Decimal("100.01")}, hundred) for kind in shares),
        ({"kind": "by-hand", "words": " "}, "The condition has no words. Write what has to be met."),
        ({"kind": "consent"},
         ("“The family agreed and has seen the text” is no condition for “市级文明单位”. "
         "Choose another kind of condition.")),
    ):  # fmt: skip
        assert said(save_rule, EligibilityRule(region=title.region, of_title=title, source="s", **rule), **act) == words
    for rule in (
        *({"kind": kind, "threshold": Decimal(100)} for kind in shares), {"kind": "by-hand", "words": "x"},
        *({"kind": kind, "threshold": Decimal(101)} for kind in ("civil-count", "model-count", "volunteer-hours")),
    ):  # fmt: skip
        assert save_rule(EligibilityRule(region=title.region, of_title=title, source="s", **rule), actor=None).pk
    number = made.pk
    drop_rule(made, **act)
    assert audited("honors.rule.drop")[-1] == (str(office.pk), str(number), said_so | {"months": 1})
    assert not EligibilityRule.objects.filter(pk=number).exists()


def test_numbers_and_aspects_are_kept_and_refused_in_these_words(house):
    act = {"actor": house.office}
    row, beside = HonorSetting.objects.order_by("pk")[:2]
    untouched, before = fields(beside), row.value
    with clock.at(NOW + timedelta(hours=1)):
        save_setting(row, value=9, **act)
    assert some(row, "value", "source", "updated_at") == (9, "site: set by the office", NOW + timedelta(hours=1))
    assert audited("honors.setting.save", row)[0][2] == {"before": before, "value": 9}
    aspect, other = Aspect.objects.filter(subject="office").order_by("pk")[:2]
    weight, kept_beside = aspect.weight, fields(other)
    for given in (Decimal(0), Decimal("-0.01"), Decimal("100.01")):
        words = said(save_aspect, aspect, name="新", weight=given, **act)
        assert words == "A weight lies between 0 and 100. Check the number."
    with clock.at(NOW + timedelta(hours=1)):
        save_aspect(aspect, name="新", weight=Decimal(100), **act)
    assert some(aspect, "name", "weight", "source", "updated_at") == (
        "新", Decimal(100), "site: set by the office", NOW + timedelta(hours=1),
    )  # fmt: skip
    found = audited("honors.aspect.save", aspect)[0][2]
    assert (found["name"], found["weight"], Decimal(found["before"])) == ("新", "100", weight)
    assert (fields(beside), fields(other)) == (untouched, kept_beside)
    for change in (
        lambda: save_setting(beside, value=1, actor=house.liaison),
        lambda: save_aspect(other, name="x", weight=Decimal(1), actor=house.liaison),
        lambda: ensure_family_ladder(house.root.region, house.liaison),
    ):
        with pytest.raises(PermissionDenied):
            change()


def test_region_begins_with_all_that_its_tables_say(house):
    region, other = house.root.region, make_root(name="别市").region
    school = make_unit(house.root, kind="school")
    for one in (region, other):
        ensure_defaults(one, None)
    for one, subjects in ((region, {"office", "unit", "school"}), (other, {"office", "unit"})):
        wanted = [row for row in customs.TITLES if row[1] in subjects]
        names = ("title__name", "title__subject", "title__level", "rank", "reverify_months", "source")
        found = LadderStep.objects.filter(region=one, title__region=one).order_by("title__pk").values_list(*names)
        assert sorted(found) == sorted((*row, customs.LADDER_SOURCE) for row in wanted)
        aspects = Aspect.objects.filter(region=one).order_by("position")
        assert list(aspects.values_list("code", "name", "weight", "position", "source")) == [
            (code, name, weight, position, customs.ASPECT_SOURCE)
            for position, (code, name, weight) in enumerate(customs.ASPECTS)
        ]
        numbers = HonorSetting.objects.filter(region=one).values_list("key", "value", "source")
        assert set(numbers) == {(key, *rest) for key, rest in customs.SETTINGS.items()}
    for (subject, level), rules in customs.RULES.items():
        if subject in {"unit", "school"}:
            rows = EligibilityRule.objects.filter(region=region, of_title__subject=subject, of_title__level=level)
            found = rows.order_by("position").values_list(
                "kind", "threshold", "months", "lower__level", "lower__subject", "words", "source", "position"
            )
            assert list(found) == [
                (one.kind, Decimal(one.threshold), one.months, one.lower or None, subject if one.lower else None,
                 one.words, one.source, place)
                for place, one in enumerate(rules)
            ]  # fmt: skip
    made = [entry[2]["made"] for entry in audited("honors.defaults")]
    begins = sum(row[1] in {"office", "unit"} for row in customs.TITLES) + len(customs.ASPECTS) + len(customs.SETTINGS)
    assert made == [begins, 4, begins]
    assert not ensure_defaults(region, house.office)
    LadderStep.objects.filter(title__subject="school", rank=4).delete()
    EligibilityRule.objects.filter(of_title__subject="school").delete()
    assert ensure_defaults(region, house.office)
    rules = EligibilityRule.objects.filter(of_title__subject="school").values_list("of_title__level", "lower__level")
    assert set(rules) == {("nation", None), ("nation", "province")}
    assert ensure_family_ladder(region, house.office)
    steps = LadderStep.objects.filter(title__subject="family").order_by("rank")
    assert list(steps.values_list("title__name", "title__subject", "title__level", "rank", "reverify_months",
                                  "source", "region")) == [
        (*row, customs.FAMILY_LADDER_SOURCE, region.pk) for row in customs.FAMILY_TITLES
    ]  # fmt: skip
    for level, rules in customs.FAMILY_RULES.items():
        rows = EligibilityRule.objects.filter(of_title__subject="family", of_title__level=level).order_by("position")
        found = rows.values_list("kind", "threshold", "months", "lower__level", "words", "source")
        assert list(found) == [
            (one.kind, Decimal(one.threshold), one.months, one.lower or None, one.words, one.source) for one in rules
        ]
    stars = Aspect.objects.filter(subject="family").order_by("position")
    assert list(stars.values_list("region", "code", "name", "weight", "position", "source")) == [
        (region.pk, code, name, Decimal(10), place, customs.STAR_SOURCE)
        for place, (code, name) in enumerate(customs.STARS)
    ]
    assert audited("honors.defaults")[-1][2] == {"made": 7, "for": "family"}
    assert school.kind == "school"


TOLD = Told(2026, 200, 60, Decimal(1500), " 名册 ", 90)


def test_yearly_figures_keep_every_column_and_replace_only_the_years_own(house):
    office, liaison, second = house.office, house.liaison, house.second
    earlier = enter_figures(house.bureau, replace(TOLD, year=2025, households=None), actor=liaison)
    beside = enter_figures(house.other, TOLD, actor=office)
    for one in (earlier, beside):
        confirm_figures(one, actor=second)
    untouched = [fields(earlier), fields(beside)]
    first = enter_figures(house.bureau, TOLD, actor=liaison, papers=[SCAN])
    names = ("region", "unit", "year", "staff", "volunteers", "hours", "households", "source", "entered_by", "state")
    base = (house.root.region_id, house.bureau.pk, 2026, 200, 60, Decimal(1500), 90, "名册", liaison.pk)
    assert (some(first, *names), files(first)) == ((*base, "given"), ["文件.pdf"])
    assert told(second)[-1] == ("honors", "Yearly figures to be confirmed: 市水利局 2026", "", told(second)[-1][3])
    assert str(first.pk) in told(second)[-1][3]
    url = told(second)[-1][3]
    with clock.at(NOW + timedelta(hours=1)):
        confirm_figures(first, actor=office)
    assert some(first, "state", "confirmed_by", "confirmed_at") == ("confirmed", office.pk, NOW + timedelta(hours=1))
    assert told(liaison)[-1] == ("honors", "Yearly figures confirmed: 市水利局 2026", "", url)
    third = enter_figures(house.bureau, replace(TOLD, staff=1, volunteers=0, hours=Decimal(0)), actor=office)
    fourth = enter_figures(house.bureau, TOLD, actor=office)
    return_figures(fourth, reason="缺名册", actor=second)
    assert told(liaison)[-1][1:3] == ("Yearly figures returned: 市水利局 2026", "缺名册")
    last = enter_figures(house.bureau, TOLD, actor=office)
    confirm_figures(last, actor=second)
    states = [some(one, "state")[0] for one in (first, third, fourth, last)]
    assert states == ["replaced", "replaced", "returned", "confirmed"]
    figures = {"staff": 200, "volunteers": 60, "hours": "1500", "households": 90}
    assert kept(first) == [
        ("enter", liaison.pk, NOW, "名册", "", figures), ("confirm", office.pk, NOW + timedelta(hours=1), "", "", {}),
        ("replace", second.pk, NOW, "", "", {}),
    ]  # fmt: skip
    assert kept(fourth) == [
        ("enter", office.pk, NOW, "名册", "市水利局", figures), ("return", second.pk, NOW, "缺名册", "", {}),
    ]  # fmt: skip
    assert kept(third)[-1][:2] == ("replace", office.pk)
    assert kept(earlier)[0][5] == {"staff": 200, "volunteers": 60, "hours": "1500"}
    assert [fields(earlier), fields(beside)] == untouched


def test_yearly_figures_are_refused_in_these_words(house):
    office = house.offices[house.bureau.pk][0]
    for change, words in (
        *(({"year": year}, "The year cannot be right. Give this year or an earlier one.") for year in (1999, 2027)),
        *(({"staff": staff}, "The number of staff cannot be right. Give a number above nought.")
          for staff in (0, 1_000_001)),
        *(({"volunteers": number},
           "There are more registered volunteers than staff. Count only the unit's own staff, each once.")
          for number in (-1, 201)),
        *(({"hours": hours}, "So many hours are not in a year of these volunteers. Check the number of hours.")
          for hours in (Decimal(-1), Decimal(60 * 8784 + 1))),
        *(({"households": number},
           "The number of households cannot be right. Give a number above nought, or leave it empty.")
          for number in (0, 1_000_001)),
        ({"source": " "}, "It does not say from which papers. Name the register with its day."),
    ):  # fmt: skip
        assert said(enter_figures, house.bureau, replace(TOLD, **change), actor=house.liaison) == words
    for unit in (office, house.root):
        assert said(enter_figures, unit, TOLD, actor=None) == (
            f"Yearly figures are of units, not of “{unit}”. Choose the unit itself."
        )
    for change in (
        {"year": 2000}, {"staff": 1_000_000, "households": 1_000_000}, {"volunteers": 200},
        {"hours": Decimal(60 * 8784)}, {"staff": 60, "households": 1},
    ):  # fmt: skip
        made = enter_figures(house.bureau, replace(TOLD, **change), actor=house.office)
    own = "You have entered these figures yourself. Another person of the office confirms them."
    assert said(confirm_figures, made, actor=house.office) == own
    assert said(return_figures, made, reason="x", actor=house.office) == own
    unit = "Nobody judges the own unit. Leave it to somebody else."
    assert said(confirm_figures, made, actor=make_insider(house)) == unit
    assert YearlyFigures.objects.filter(state="confirmed").count() == 0
