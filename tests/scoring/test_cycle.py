"""The years of a campaign together, on the campaign's page."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from chuangwen.accounts.roles import Role
from chuangwen.campaigns.models import Campaign, CampaignStandard, CampaignYear, Round
from chuangwen.scoring.cycle import together, years_of, years_of_campaign, years_with
from chuangwen.scoring.models import OutsideResult, OutsideRow, Run
from tests.scoring.test_comparing import moved, pair  # noqa: F401 (fixtures)
from tests.scoring.test_glance import run  # noqa: F401 (a fixture)
from tests.scoring.test_runs import round_  # noqa: F401 (a fixture)
from tests.support.factories import make_campaign, make_round, make_user, make_version


def _run(year, total, kind="mock", month=6, pk=1):
    ends = date(year, month, 1)
    return Run(pk=pk, total=total, round=Round(name=f"{year}{kind}", kind=kind, year=year, ends=ends))


def _years(*weights):
    return [CampaignYear(year=2024 + n, weight=weight) for n, weight in enumerate(weights)]


def _told(rule, runs, target=None):
    campaign = Campaign(cycle_rule=rule, target=target)
    years = years_with(campaign, _years(0.15, 0.25, 0.6), runs)
    return [one.shown for one in years], *together(campaign, years)


SCORED = [_run(2024, 80.0), _run(2025, 84.0), _run(2026, 91.0)]


def test_years_add_up_by_their_weights():
    assert _told("weighted", SCORED) == (["80.00", "84.00", "91.00"], "87.60", None)
    assert _told("weighted", SCORED, 87.6) == (["80.00", "84.00", "91.00"], "87.60", True)


def test_year_without_a_score_is_no_zero():
    assert _told("weighted", SCORED[1:], 80) == (["", "84.00", "91.00"], "", None)


def test_only_the_last_year_counts_where_the_title_says_so():
    assert _told("last", SCORED[2:], 95) == (["", "", "91.00"], "91.00", False)


def test_every_year_must_reach_the_target():
    assert _told("all-pass", SCORED, 80) == (["80.00", "84.00", "91.00"], "80.00", True)
    assert _told("all-pass", SCORED, 80.01)[1:] == ("80.00", False)
    assert _told("all-pass", SCORED)[1:] == ("", None)


def test_official_round_counts_before_later_ones_and_the_newest_run_of_it():
    runs = [
        _run(2026, 70.0, "official", 6, pk=1), _run(2026, 71.0, "official", 6, pk=2),
        _run(2026, 99.0, "mock", 9, pk=3), _run(2025, 60.0, month=3, pk=4), _run(2025, 61.0, month=4, pk=5),
    ]  # fmt: skip
    assert _told("weighted", runs)[0] == ["", "61.00", "71.00"]


def test_what_the_authority_gave_goes_before_a_run_of_our_own():
    given = OutsideRow(total=82.5, result=OutsideResult(year=2024, kind="official"))
    runs = [*SCORED[:2], _run(2026, 91.0, "official")]
    years = years_with(Campaign(cycle_rule="last"), _years(0.1, 0.2, 0.3, 0.4), runs, [given])
    assert [(one.shown, one.is_official, one.counts) for one in years] == [
        ("82.50", True, False), ("84.00", False, False), ("91.00", True, False), ("", False, True),
    ]  # fmt: skip
    assert years_with(Campaign(), [], []) == []


def _sheet(run, kind, total):  # noqa: F811
    campaign = run.round.campaign
    sheet = OutsideResult.objects.create(
        region=run.region, campaign=campaign, year=run.round.ends.year - 1, kind=kind, name=kind, issued_by="省文明办",
        issued_on=date(2026, 1, 1),
    )  # fmt: skip
    return OutsideRow.objects.create(region=run.region, result=sheet, position=0, own=True, subject="本市", total=total)


@pytest.mark.django_db
def test_years_are_of_this_campaign_its_main_standard_and_official_sheets(run):  # noqa: F811
    campaign, last = run.round.campaign, run.round.ends.year
    campaign.years.all().delete()
    for year in (last, last - 1):
        CampaignYear.objects.create(region=campaign.region, campaign=campaign, year=year, weight=0.5)
    beside = make_round(make_campaign(campaign.subject, name="别的周期"))
    side = make_version(run.region)
    CampaignStandard.objects.create(region=run.region, campaign=campaign, version=side, is_main=False)
    files = dict.fromkeys(("observations", "places", "frames", "leads"), run.observations)
    for held, version, total in (
        (beside, run.version, 60.0), (run.round, side, 61.0), (run.round, run.version, None),
    ):  # fmt: skip
        Run.objects.create(region=run.region, round=held, version=version, total=total, **files)
    _sheet(run, "mock", 62.0)
    office = make_user(Role.OFFICE, campaign.subject)
    assert [(one.year, one.total) for one in years_of(campaign, office)] == [(last - 1, None), (last, 80.0)]
    given = _sheet(run, "official", 82.5)
    with CaptureQueriesContext(connection) as made:
        years = years_of(campaign, office)
        assert [(one.total, one.run, one.outside) for one in years] == [(82.5, None, given), (80.0, run, None)]
        assert [one.is_official for one in years] == [True, False]
    assert len(made) == 3


@pytest.mark.django_db
def test_panel_is_absent_without_a_campaign_with_one_year_or_without_any_score(run, rf):  # noqa: F811
    campaign = run.round.campaign
    request = rf.get("/")
    request.user = make_user(Role.OFFICE, campaign.subject)
    campaign.years.all().delete()
    last = run.round.ends.year
    CampaignYear.objects.create(region=campaign.region, campaign=campaign, year=last, weight=0.5)
    assert (years_of_campaign(request, None), years_of_campaign(request, campaign)) == (None, None)
    for year in (last + 1, last + 2):
        CampaignYear.objects.create(region=campaign.region, campaign=campaign, year=year, weight=0.5)
    panel = years_of_campaign(request, campaign)
    told = {name: panel.context[name] for name in ("campaign", "total", "reached", "missing", "weighted")}
    assert (panel.order, [one.shown for one in panel.context["years"]]) == (35, ["80.00", "", ""])
    assert told == {
        "campaign": campaign, "total": "", "reached": None, "missing": f"{last + 1}、{last + 2}", "weighted": True,
    }  # fmt: skip
    Run.objects.update(total=None)
    assert years_of_campaign(request, campaign) is None


def test_round_that_ends_after_new_year_counts_in_the_year_it_belongs_to():
    """A round is of the year in which it begins, wherever else it is counted (campaigns.services.rounds)."""
    over = _run(2025, 88.0, "official")
    over.round.ends = date(2026, 1, 4)
    assert _told("weighted", [over, SCORED[2]])[0] == ["", "88.00", "91.00"]


@pytest.mark.django_db
def test_years_under_an_earlier_version_of_the_main_standard_count_on(moved):  # noqa: F811
    """Standards change from year to year; what was scored under the old version stays that year's score."""
    earlier, later = moved
    campaign = earlier.round.campaign
    assert earlier.version_id != later.version_id
    campaign.standards.all().delete()
    campaign.standards.create(region=campaign.region, version=later.version, is_main=True)
    Round.objects.filter(pk=earlier.round_id).update(year=2025, starts=date(2025, 6, 1), ends=date(2025, 6, 5))
    campaign.years.all().delete()
    for year, weight in ((2025, 0.4), (2026, 0.6)):
        CampaignYear.objects.create(region=campaign.region, campaign=campaign, year=year, weight=weight)
    user = make_user(Role.LEADER, campaign.subject)
    assert [(one.year, one.run) for one in years_of(campaign, user)] == [(2025, earlier), (2026, later)]


@pytest.mark.django_db
def test_campaigns_page_shows_its_years_and_which_are_missing(sign_in, run):  # noqa: F811
    campaign = run.round.campaign
    campaign.years.all().delete()
    last = run.round.ends.year
    for year, weight in ((last - 1, 0.4), (last, 0.6)):
        CampaignYear.objects.create(region=campaign.region, campaign=campaign, year=year, weight=weight)
    page = sign_in(make_user(Role.LEADER, campaign.subject)).get(f"/campaigns/{campaign.pk}/").content.decode()
    assert ("周期得分" in page, "80.00" in page, f"还没有{last - 1}年的得分" in page) == (True, True, True)
    liaison = sign_in(make_user(Role.LIAISON, campaign.subject)).get(f"/campaigns/{campaign.pk}/").content.decode()
    assert "周期得分" not in liaison
