"""Titles, applications and programmes are found through the index of words: in their lists and by Ctrl K."""

from __future__ import annotations

import pytest
from django.urls import reverse

from chuangwen.campaigns.models import Title
from chuangwen.core import gram_index, search
from chuangwen.core.search import matching, wanted
from chuangwen.honors.models import Application, Award, Family, Programme
from chuangwen.honors.services import begin_application, edit_programme
from chuangwen.honors.views.lists import APPLICATIONS, PROGRAMMES, TITLES
from chuangwen.organizations.models import Unit
from tests.core.test_gram_index import due, kept
from tests.honors.making import make_programme

HOLDS = {
    Award: ("unit__name", "unit__short_name", "title__name", "family__name"),
    Application: ("unit__name", "unit__short_name", "family__name"),
    Programme: ("name", "authority"),
}  # fmt: skip
WORDS = [
    "水利",
    "市水利局",
    "财政局",
    "文明",
    "级文",
    "省文明委",
    "2026",
    "001",
    "〔2020〕",
    "委〔",
    "局",
    "没有的",
    "Z-1",
    "%",
]


@pytest.fixture
def full(house):
    """A title of one bureau, an application of the other, a programme."""
    house.give(house.other, "city")
    begin_application(make_programme(house), house.bureau, actor=house.liaison)
    return house


def pages():
    return ((Award, TITLES), (Application, APPLICATIONS), (Programme, PROGRAMMES))


def found_for(words):
    listed = [
        sorted(model.objects.filter(wanted(model, page.search, words)).values_list("pk", flat=True))
        for model, page in pages()
    ]
    picked = [
        sorted(row.pk for row in matching(model.objects.order_by("pk"), words, holds=holds))
        for model, holds in HOLDS.items()
    ]
    return listed, picked


def test_rows_that_services_made_are_in_the_index(full):
    for model in (Award, Application, Programme, Title, Unit):
        for row in model.objects.all():
            assert kept(row) == due(row) != set()


def test_pairs_of_a_familys_name_go_when_the_name_is_wiped(full):
    family = Family.objects.create(region=full.root.region, unit=full.bureau, number="J-1", name="王家", digest="x")
    assert kept(family) == {"王家"}
    Family.objects.filter(pk=family.pk).update(name="")
    assert kept(family) == set()


def test_changed_words_are_followed(full):
    unit, programme = full.bureau, Programme.objects.get()
    unit.name = "市水务局"
    unit.save()
    Programme.objects.filter(pk=programme.pk).update(state="preparing", name="评选")
    programme.refresh_from_db()
    programme.name = "年度评选"
    edit_programme(programme, actor=full.office)
    assert (kept(unit), kept(programme)) == (due(unit), due(programme))
    assert found_for("水务")[0] == [[], [Application.objects.get().pk], []]
    assert found_for("水利")[0] == [[], [], []]


@pytest.mark.parametrize("words", WORDS)
@pytest.mark.parametrize("very_few", [0, 300])
def test_index_finds_what_reading_every_text_finds(full, monkeypatch, words, very_few):
    monkeypatch.setattr(gram_index, "VERY_FEW", very_few)
    with_index = found_for(words)
    monkeypatch.setattr(search, "words_of", lambda model: None)
    assert with_index == found_for(words)


def test_lists_ask_the_index_alone(full):
    for (model, page), words in zip(pages(), ("财政局", "水利局", "文明单位"), strict=True):
        query = str(model.objects.filter(wanted(model, page.search, words)).query)
        assert "core_searchgram" in query


@pytest.mark.parametrize("model", HOLDS)
def test_ctrl_k_asks_the_index_alone(full, model, django_assert_max_num_queries):
    with django_assert_max_num_queries(5) as asked:
        matching(model.objects.all(), "水利局", holds=HOLDS[model])
    assert "core_searchgram" in asked.captured_queries[-1]["sql"]


def test_list_box_and_ctrl_k_lead_to_the_application_by_its_unit(full, sign_in):
    client, made = sign_in(full.office), Application.objects.get()
    page = reverse("honors:application", args=[made.pk])
    listed = client.get(reverse("honors:applications") + "?tab=all&q=水利").content.decode()
    assert page in listed
    assert page not in client.get(reverse("honors:applications") + "?tab=all&q=财政").content.decode()
    assert page in client.get(reverse("core:find") + "?q=水利").content.decode()
