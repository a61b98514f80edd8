"""A title that was taken away leads to the form for what followed, and shows it afterwards."""

from __future__ import annotations

import re
from datetime import date
from html import unescape

import pytest
from django.urls import reverse

from chuangwen.campaigns.models import Title
from chuangwen.core.errors import Refusal
from chuangwen.honors.services import delist, let_lapse
from chuangwen.supervision.models import Consequence, ConsequenceKind
from chuangwen.supervision.services import Decided, ensure_defaults, enter_consequence
from tests.support.factories import make_root

pytestmark = [pytest.mark.django_db, pytest.mark.once]
FORM = reverse("supervision:consequence_new")


def way(client, award):
    """Where the button of the award's page leads, "" where there is none."""
    text = client.get(reverse("honors:award", args=[award.pk])).content.decode()
    found = re.search(rf'href="({FORM}[^"]*)"', text)
    return unescape(found[1]) if found else ""


def take_away(house, award):
    delist(award, reason="严重问题", decided_by="市文明委", document="〔2026〕9号", actor=house.office)


def test_office_enters_what_followed_from_the_page_of_a_lost_title(house, sign_in):
    ensure_defaults(house.root.region, actor=None)
    award, lapsed = house.give(house.bureau, "city"), house.give(house.bureau, "county")
    client = sign_in(house.office)
    assert way(client, award) == ""  # it is in force
    take_away(house, award)
    let_lapse(lapsed, reason="未参加复查", actor=house.office)
    assert [way(client, lapsed), way(sign_in(house.liaison), award)] == ["", ""]
    client = sign_in(house.office)
    form = client.get(way(client, award)).context["form"]
    assert (form.initial["unit"], form.initial["basis"]) == (house.bureau, f"title:{award.title_id}")
    assert str(award.title) in form.initial["title"]
    data = {
        "unit": house.bureau.pk, "kind": ConsequenceKind.objects.first().pk, "title": form.initial["title"],
        "issuer": "市文明委", "paper": "〔2026〕9号", "day": "2026-11-18", "year": "2026",
        "basis": form.initial["basis"],
    }  # fmt: skip
    assert client.post(FORM, data | {"basis": "title:x"}).status_code == 422
    assert client.post(FORM, data | {"basis": "title:999999"}).status_code == 422
    assert client.post(FORM, data).status_code == 302
    made = Consequence.objects.get()
    assert (made.unit, made.award, made.state) == (house.bureau, award.title, "reported")
    page = reverse("supervision:consequence", args=[made.pk])
    assert str(award.title) in client.get(page).content.decode()
    shown = reverse("honors:award", args=[award.pk])
    assert f'href="{page}"' in client.get(shown).content.decode()
    assert f'href="{page}"' not in client.get(reverse("honors:award", args=[lapsed.pk])).content.decode()
    assert f'href="{page}"' not in sign_in(house.liaison).get(shown).content.decode()  # not confirmed yet


def test_title_of_another_region_is_no_basis(house):
    ensure_defaults(house.root.region, actor=None)
    strange = Title.objects.create(region=make_root().region, name="外地称号", subject="unit")
    told = Decided(day=date(2026, 11, 18), year=2026, title="摘牌", issuer="市文明委", paper="9号")
    with pytest.raises(Refusal):
        enter_consequence(house.bureau, ConsequenceKind.objects.filter(region=house.root.region).first(), told,
                          basis=strange, actor=house.office)  # fmt: skip
    assert not Consequence.objects.exists()
