"""The index of words: the database keeps it whoever writes, and a search finds with it just what it found without."""

from __future__ import annotations

import logging

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chuangwen.core import gram_index, search
from chuangwen.core.gram_index import holding, install, mend_all, register_grams, registered
from chuangwen.core.gram_triggers import PREFIX, names
from chuangwen.core.grams import grams_of
from chuangwen.core.models import Region, SearchGram
from chuangwen.core.search import matching, wanted
from chuangwen.places.models import Place
from chuangwen.rectification.models import Problem
from chuangwen.rectification.views.ledger import Ledger
from tests.support.factories import make_place, make_place_type, make_problem, make_problem_type, make_root, make_unit

pytestmark = [pytest.mark.django_db, pytest.mark.both]
LETTERS = st.text(st.sampled_from("东关市场门口aAzZ1- %_'\"\\\n。éÉß😀"), max_size=12)
WORDS = st.text(st.sampled_from("东关市场1aA%"), min_size=1, max_size=3)


@pytest.fixture
def street():
    return make_unit(make_root(), name="东关街道")


def kept(row):
    """The row's pairs as the database keeps them."""
    [kind] = [one.indexed.kind for one in registered() if one.model is type(row)]
    found = SearchGram.objects.filter(kind=kind, region=row.region_id, object_id=row.pk)
    return set(found.values_list("gram", flat=True))


def due(row):
    """The pairs that it should keep."""
    row.refresh_from_db()
    [fields] = [one.fields for one in registered() if one.model is type(row)]
    return grams_of("\n".join(getattr(row, name) for name in fields))


def test_every_way_of_writing_is_followed(street):
    kind = make_place_type(street.region)
    saved = make_place(street, place_type=kind, name="东关市场")
    values = {"region": street.region, "territory": street, "place_type": kind}
    [written] = Place.objects.bulk_create([Place(code="B-1", name="西关公园", address="西大街1号", **values)])
    assert (kept(saved), kept(written)) == (due(saved), due(written))
    assert {"西关", "关公", "公园", "西大", "b-"} <= kept(written)
    saved.name = "东门市场"
    saved.save(update_fields=["name"])
    Place._base_manager.filter(pk=written.pk).update(name="西门Park")
    assert (kept(saved), kept(written)) == (due(saved), due(written))
    assert "k\n" not in kept(written)
    saved.name, written.name = "北门", ""
    Place.objects.bulk_update([saved, written], ["name"])
    assert (kept(saved), kept(written)) == (due(saved), due(written))
    Place.objects.filter(pk=saved.pk).update(region=make_root().region)
    assert kept(saved) == set()
    saved.refresh_from_db()
    assert kept(saved) == due(saved) != set()
    key = written.pk
    written.delete()
    assert not SearchGram.objects.filter(kind=2, object_id=key).exists()


def test_what_leaves_the_words_alone_writes_nothing(street):
    place = make_place(street, name="东关市场")
    SearchGram.objects.filter(kind=2, object_id=place.pk).delete()
    Place.objects.filter(pk=place.pk).update(state="closed")
    place.refresh_from_db()
    place.save()
    assert kept(place) == set()


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(title=LETTERS, source_number=LETTERS)
def test_database_and_definition_agree_on_the_pairs(problem, title, source_number):
    Problem.objects.filter(pk=problem.pk).update(title=title, source_number=source_number)
    assert kept(problem) == due(problem)


@pytest.fixture
def problem(street):
    return make_problem(street)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.tuples(LETTERS, LETTERS, LETTERS), min_size=1, max_size=4), words=st.lists(WORDS, max_size=6))
def test_search_finds_with_the_index_what_it_finds_without(street, rows, words):
    Problem.objects.all().delete()
    Place.objects.all().delete()
    kind, problem_type = make_place_type(street.region), make_problem_type(street.region)
    for title, name, source_number in rows:
        place = make_place(street, place_type=kind, name=name)
        make_problem(street, problem_type=problem_type, title=title, place=place, source_number=source_number)
    for one in [*words, rows[0][0][1:4], rows[0][1][:3], "2026-"]:
        if one.strip():
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(gram_index, "VERY_FEW", len(one) % 2)
                with_index = found_for(one)
                patch.setattr(search, "words_of", lambda model: None)
                assert with_index == found_for(one)


def found_for(words):
    """What the ledger's search and Ctrl K find."""
    listed = Problem.objects.filter(wanted(Problem, Ledger.search, words)).order_by("pk")
    places = Place.objects.filter(wanted(Place, ["name__icontains", "code__icontains"], words)).order_by("pk")
    named = matching(Place.objects.order_by("pk"), words, begins=("code",), holds=("name", "address"))
    return [list(listed), list(places), sorted(row.pk for row in named)]


def test_ledger_asks_the_index_alone_where_every_field_is_in_it(problem):
    make_problem(problem.lead, title="东关市场积水", source_number="热线-7")
    for words in ("东关市场", "热线"):
        condition = wanted(Problem, Ledger.search, words)
        assert "core_searchgram" in str(Problem.objects.filter(condition).query)
        assert Problem.objects.get(condition).source_number == "热线-7"
    assert not Problem.objects.filter(wanted(Problem, Ledger.search, "西关")).exists()
    assert "core_searchgram" not in str(Problem.objects.filter(wanted(Problem, Ledger.search, "202")).query)


def test_search_by_two_fields_of_which_one_is_not_in_the_index_reads_all(problem):
    condition = wanted(Problem, ["title__icontains", "detail__icontains"], problem.title)
    assert "core_searchgram" not in str(Problem.objects.filter(condition).query)
    assert Problem.objects.get(condition) == problem
    assert Problem.objects.get(wanted(Problem, ["lead__name__icontains"], "东关")) == problem


def test_index_helps_with_a_rare_pair_only(street):
    places = [make_place(street, name=name) for name in ("东关市场", "东关公园")]
    assert holding(Place, "东") is None
    assert holding(Region, "东关") is None
    assert holding(Place, "东关", few=1) is None
    assert list(holding(Place, "东关公", few=1).values_list("object_id", flat=True)) == [places[1].pk]
    assert holding(Place, "东关桥").query.is_empty()
    with CaptureQueriesContext(connection) as asked:
        holding(Place, "东关市场和公园")
    assert len(asked) == 1


def test_night_finds_nothing_missing_and_mends_what_is(street, caplog, monkeypatch):
    monkeypatch.setattr(gram_index, "BATCH", 1)
    places = [make_place(street, name=name) for name in ("东关市场", "西关市场", "北关")]
    caplog.set_level(logging.WARNING)
    assert set(mend_all().values()) == {0}
    assert caplog.messages == []
    SearchGram.objects.filter(kind=2, gram__in=["关市", "北关"]).delete()
    assert mend_all()["places.place"] == 3
    assert [kept(place) for place in places] == [due(place) for place in places]
    assert caplog.messages == ["index of words: 3 pairs of places.place were missing and are entered"]


def test_triggers_that_were_lost_come_back_with_the_words(street):
    place = make_place(street, name="东关市场")
    [entry] = [one for one in registered() if one.model is Place]
    new, changed, deleted = names(entry.indexed, connection.vendor)
    connection.check_constraints()  # PostgreSQL takes no trigger from a table while its keys wait to be checked
    beside = "" if connection.vendor == "sqlite" else ' ON "places_place"'
    with connection.cursor() as cursor:
        for name in (new, changed, deleted):
            cursor.execute(f"DROP TRIGGER {name}{beside}")
    later = make_place(street, name="西关市场")
    Place.objects.filter(pk=place.pk).update(name="北关")
    assert kept(later) == set()
    install()
    assert (kept(place), kept(later)) == (due(place), due(later))
    with CaptureQueriesContext(connection) as asked:
        install()
    assert len(asked) == 1


def test_one_lost_trigger_comes_back_too(street):
    place = make_place(street, name="东关市场")
    [entry] = [one for one in registered() if one.model is Place]
    _new, changed, _deleted = names(entry.indexed, connection.vendor)
    connection.check_constraints()
    beside = "" if connection.vendor == "sqlite" else ' ON "places_place"'
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {changed}{beside}")
    Place.objects.filter(pk=place.pk).update(name="北关")
    install()
    assert kept(place) == due(place)
    Place.objects.filter(pk=place.pk).update(name="南门")
    assert kept(place) == due(place)
    with CaptureQueriesContext(connection) as asked:
        install()
    assert len(asked) == 1


def test_triggers_of_another_make_are_dropped(street, monkeypatch):
    place = make_place(street, name="东关市场", phone="0571-88")
    connection.check_constraints()
    register_grams(2, Place, ("name", "phone"))
    try:
        install()
        assert kept(place) == due(place) == grams_of("东关市场\n0571-88")
        with connection.cursor() as cursor:
            cursor.execute(gram_index._PRESENT[connection.vendor])
            assert len([name for (name,) in cursor.fetchall() if name.startswith(f"{PREFIX}2_")]) == 3
    finally:
        register_grams(2, Place, ("name", "address", "code"))
    install()
    assert kept(place) == due(place)


def test_two_models_never_share_a_kind():
    with pytest.raises(ValueError, match=r"core\.Region and places\.Place share kind 2"):
        register_grams(2, Region, ("name",))
