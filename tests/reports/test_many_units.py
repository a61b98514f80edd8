"""A sheet with a row for each of many units: the page shows the first ones, written safely, and links each figure."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from chuangwen.reports.enums import PaperKind
from chuangwen.reports.models import Bulletin, Snapshot
from chuangwen.reports.periods import year_of
from chuangwen.reports.services import draft_bulletin
from chuangwen.reports.views.page import ROWS_SHOWN
from tests.support.factories import DAY, make_campaign, make_root, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def paper(db):
    root = make_root()
    office = make_user("office", root)
    return draft_bulletin(make_campaign(root), PaperKind.YEAR, year_of(DAY), actor=office), office


def fill(paper, number):
    row = {"name": "<b>甲&乙</b>", "unit": None, "values": {"score": 88.5, "reward": 2}, "refs": {"reward": [7, 8]}}
    sheet = paper.snapshot.sheet | {"rows": [row | {"name": f"{row['name']}{place}"} for place in range(number)]}
    Snapshot.objects.filter(pk=paper.snapshot_id).update(sheet=sheet)


def test_page_of_many_rows_shows_the_first_and_says_how_many_are_hidden(paper, sign_in):
    found, office = paper
    client, page = sign_in(office), reverse("reports:bulletin", args=[found.pk])
    asked = []
    for number in (1, ROWS_SHOWN + 5):
        fill(found, number)
        client.get(page)
        with CaptureQueriesContext(connection) as queries:
            shown = client.get(page)
        asked.append(len(queries))
    text = shown.content.decode()
    assert asked[0] == asked[1]
    assert (shown.context["table"]["count"], shown.context["hidden"], len(shown.context["table"]["rows"])) == (
        65,
        5,
        60,
    )
    assert "<b>甲" not in text
    assert text.count("&lt;b&gt;甲&amp;乙&lt;/b&gt;") == ROWS_SHOWN
    assert f'<a href="{reverse("reports:rows", args=[found.pk, 60, "reward"])}">2</a>' in text
    assert Bulletin.objects.get(pk=found.pk).snapshot.sheet["rows"][64]["name"].endswith("64")


def test_figure_of_a_row_opens_where_something_was_counted_alone(paper, sign_in):
    found, office = paper
    fill(found, 3)
    client = sign_in(office)

    def answer(row, key):
        return client.get(reverse("reports:rows", args=[found.pk, row, key]))

    assert "&lt;b&gt;甲&amp;乙&lt;/b&gt;2" in answer(3, "reward").content.decode()
    missing = [(3, "score"), (3, "none"), (4, "reward"), (0, "reward"), (10**12, "reward")]
    assert {answer(*one).status_code for one in missing} == {404}
