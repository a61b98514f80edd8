"""The years of a campaign together, on the campaign's page."""

from __future__ import annotations

from datetime import date

import pytest

from chuangwen.accounts.roles import Role
from chuangwen.campaigns.models import Campaign, CampaignYear, Round
from chuangwen.scoring.cycle import together, years_with
from chuangwen.scoring.models import Run
from tests.scoring.test_glance import run  # noqa: F401 (a fixture)
from tests.support.factories import make_user


def _run(year, total, kind="mock", month=6, pk=1):
    return Run(pk=pk, total=total, round=Round(name=f"{year}{kind}", kind=kind, ends=date(year, month, 1)))


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
