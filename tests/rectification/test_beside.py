"""What problems show on pages of lower areas."""

from __future__ import annotations

import pytest

from chuangwen.rectification.models import Problem
from tests.rectification.making import make_city
from tests.support.factories import make_campaign, make_place

pytestmark = pytest.mark.django_db


def test_campaigns_page_leads_to_the_problems_that_it_counts(sign_in):
    city = make_city()
    mine, another = make_campaign(city.root), make_campaign(city.root, name="另一个周期")
    for campaign in (mine, mine, another, None):
        problem = city.problem(place=make_place(city.street))  # a second one at the same place would be the first
        Problem.objects.filter(pk=problem.pk).update(campaign=campaign)
    client = sign_in(city.office)
    page = client.get(f"/campaigns/{mine.pk}/").content.decode()
    link = f"/problems/?campaign={mine.pk}&amp;tab=open"
    assert link in page
    assert client.get(link.replace("&amp;", "&")).context["listing"].total == 2
