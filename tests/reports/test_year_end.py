"""The year-end sheet: ranks within peer groups, what stands behind each figure, and how others take it over."""

import io
from datetime import date
from itertools import pairwise

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from chuangwen.campaigns.models import Title
from chuangwen.core import clock
from chuangwen.honors.models import Award
from chuangwen.organizations.models import Unit
from chuangwen.reports.enums import PaperKind
from chuangwen.reports.periods import year_of
from chuangwen.reports.sheet import from_json
from chuangwen.reports.year_end import COUNTED, UnitYear, ranks, year_sheet
from chuangwen.supervision.models import (
    Consequence,
    ConsequenceKind,
    Flag,
    Story,
    SupervisionNotice,
    VetoEvent,
    VetoKind,
)
from tests.reports.making import LATER, Office, unit_of_another_region
from tests.support.factories import DAY, NOON

YEAR = year_of(DAY)
scores = st.lists(
    st.tuples(st.sampled_from(["甲组", "乙组", ""]), st.one_of(st.none(), st.integers(0, 5))), max_size=12
)


@given(scores)
def test_rank_is_one_more_than_how_many_of_the_group_scored_higher(given_scores):
    units = [UnitYear(pk, str(pk), group, score) for pk, (group, score) in enumerate(given_scores)]
    found = ranks(units)
    for one in units:
        higher = [o for o in units if o.peer_group == one.peer_group and o.score is not None and one.score is not None
                  and o.score > one.score]  # fmt: skip
        expected = None if one.score is None or not one.peer_group else len(higher) + 1
        assert found.get(one.pk) == expected


@given(scores)
def test_sheet_keeps_groups_together_by_rank_and_leaves_out_of_whom_nothing_is_known(given_scores):
    units = [UnitYear(pk, str(pk), group, score) for pk, (group, score) in enumerate(given_scores)]
    rows = year_sheet(units).rows
    assert {row.unit for row in rows} == {one.pk for one in units if one.score is not None}
    groups = [row.values["peer_group"] for row in rows]
    assert [name for number, name in enumerate(groups) if number == 0 or groups[number - 1] != name] == list(
        dict.fromkeys(groups)
    )
    for first, second in pairwise(rows):
        if first.values["peer_group"] == second.values["peer_group"] != "":
            assert first.values["rank"] <= second.values["rank"]


def test_unit_known_by_a_title_alone_stands_in_the_sheet_without_a_rank():
    (row,) = year_sheet([UnitYear(1, "档案馆", titles={7: "市级文明单位"}), UnitYear(2, "无名")]).rows
    assert (row.name, row.values["rank"], row.values["titles"], row.refs["titles"]) == (
        "档案馆", None, "市级文明单位", (7,),
    )  # fmt: skip


@pytest.fixture
def office():
    with clock.at(LATER):
        made = Office()
        Unit.objects.filter(pk__in=[made.unit.pk, made.other.pk]).update(peer_group="市直")
        yield made


def notice(unit, colour="white", **fields):
    values = {"number": f"2026-9{SupervisionNotice.objects.count():03}", "day": DAY, "state": "sent", "signer": "clerk",
              "proposed_at": NOON, "signed_at": NOON, "signed_name": "创建办", "due_at": NOON}  # fmt: skip
    return SupervisionNotice.objects.create(region=unit.region, unit=unit, colour=colour, **values | fields)


def consequence(unit, name, *, is_reward=False, **fields):
    kind, _new = ConsequenceKind.objects.get_or_create(
        region=unit.region, name=name, defaults={"is_reward": is_reward, "source": "site"}
    )
    values = {"day": DAY, "year": 2026, "title": name, "issuer": "市创建办", "paper": "1号", "state": "confirmed"}
    return Consequence.objects.create(region=unit.region, unit=unit, kind=kind, **values | fields)


def everything(unit):
    """One of each that counts beside one that does not; returns what counts by column."""
    region = unit.region
    veto = VetoKind.objects.create(region=region, name="事故", source="site")
    event = {"region": region, "unit": unit, "kind": veto, "bars_until": DAY, "title": "事故", "source": "通报"}
    flag = {"region": region, "unit": unit, "ends": DAY, "score": 60, "peer_group": "市直"}
    story = {"region": region, "unit": unit, "text": "文", "outlet": "电视台", "proposed_on": DAY}
    found = {
        "white": notice(unit), "yellow": notice(unit, "yellow"), "red": notice(unit, "red"),
        "black_flag": Flag.objects.create(**flag, colour="black", starts=DAY, state="given", given_on=DAY),
        "red_flag": Flag.objects.create(**flag, colour="red", starts=DAY, state="back", given_on=DAY),
        "praise": Story.objects.create(**story, kind="praise", title="好", state="released", released_at=NOON),
        "exposure": Story.objects.create(**story, kind="exposure", title="占道", state="released", released_at=NOON),
        "veto": VetoEvent.objects.create(**event, day=DAY, state="confirmed"),
        "reward": consequence(unit, "表彰奖励", is_reward=True),
        "consequence": consequence(unit, "取消评优资格"),
    }  # fmt: skip
    notice(unit, state="withdrawn", day=date(2026, 11, 17))
    notice(unit, state="proposed", signed_at=None, signed_name="")
    notice(unit, day=date(2025, 12, 31))
    Flag.objects.create(**flag, colour="black", starts=date(2026, 1, 1), state="proposed")
    Story.objects.create(**story, kind="exposure", title="未发", state="told")
    VetoEvent.objects.create(**event, day=DAY, state="reported")
    for other in ({"state": "reported"}, {"state": "lifted"}, {"year": 2025}, {"day": date(2027, 1, 4)}):
        consequence(unit, "取消评优资格", **other)
    return found


def award(unit, name="市级文明单位", **fields):
    title = Title.objects.get_or_create(region=unit.region, name=name, defaults={"subject": "agency"})[0]
    values = {"granted_on": DAY, "held_since": DAY, "reverify_by": DAY}
    return Award.objects.create(region=unit.region, unit=unit, title=title, **values | fields)


@pytest.mark.django_db
@pytest.mark.once
def test_each_figure_counts_what_holds_and_opens_its_rows(sign_in, office):
    counted = everything(office.unit)
    held = award(office.unit)
    award(office.unit, "县级文明单位", ended_on=date(2026, 6, 1), state="lapsed")
    stranger = unit_of_another_region()
    award(stranger), notice(stranger)
    bulletin = office.draft(kind=PaperKind.YEAR, period=YEAR)
    rows = {row.name: row for row in from_json(bulletin.snapshot.sheet).rows}
    row = rows["市城管局"]
    assert {key: row.refs[key] for key in COUNTED} == {key: (one.pk,) for key, one in counted.items()}
    assert (row.values["titles"], row.refs["titles"]) == ("市级文明单位", (held.pk,))
    assert (row.values["rate"], rows["东关街道"].values["rate"]) == (1, 0)
    client = sign_in(office.office)
    shown = client.get(reverse("reports:bulletin", args=[bulletin.pk])).content.decode()
    number = 1 + [row.name for row in from_json(bulletin.snapshot.sheet).rows].index("市城管局")
    for key, words in (
        ("white", "白单"),
        ("black_flag", "黑牌"),
        ("exposure", "占道"),
        ("veto", "事故"),
        ("reward", "表彰奖励"),
        ("consequence", "取消评优资格"),
        ("titles", "市级文明单位"),
    ):
        url = reverse("reports:rows", args=[bulletin.pk, number, key])
        assert url in shown
        assert words in client.get(url).content.decode()


@pytest.mark.django_db
@pytest.mark.once
def test_year_end_sheet_goes_to_nobody_and_leaves_as_a_workbook_with_codes_and_true_numbers(sign_in, office):
    award(office.unit)
    bulletin = office.draft(kind=PaperKind.YEAR, period=YEAR)
    assert (bulletin.title, bulletin.addressee, bulletin.units.count()) == ("年终考评情况表（2026年度）", "", 0)
    data = sign_in(office.office).get(reverse("reports:excel", args=[bulletin.pk])).content
    cells = [[cell.value for cell in row] for row in load_workbook(io.BytesIO(data)).active]
    at = next(number for number, row in enumerate(cells) if row[0] == "单位")
    heads, first = cells[at], cells[at + 1]
    told = dict(zip(heads, first, strict=True))
    assert heads[:4] == ["单位", "单位代码", "考核组", "得分"]
    assert (told["单位代码"], told["按期率"], told["白单"], told["称号"]) == (office.unit.code, 1, 0, "市级文明单位")
    assert any("不涉及个人" in str(row[0]) for row in cells[at + 2 :])


@pytest.mark.django_db
@pytest.mark.once
def test_workbook_of_a_paper_prints_its_sum_and_is_for_who_sees_the_paper(sign_in, office):
    bulletin = office.draft()
    data = sign_in(office.office).get(reverse("reports:excel", args=[bulletin.pk])).content
    names = [row[0].value for row in load_workbook(io.BytesIO(data)).active]
    assert "合计" in names
    assert sign_in(office.liaison).get(reverse("reports:excel", args=[bulletin.pk])).status_code == 404
