"""Many counts, one query."""

from __future__ import annotations

import pytest

from chuangwen.core.counting import counts, limited_words
from chuangwen.core.models import Region

pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.fixture
def regions():
    for number in range(5):
        Region.objects.create(code=f"X{number}", name=f"区{number}")
    return Region.objects.filter(code__startswith="X")


def test_counts_stand_in_the_order_asked_for_and_cost_one_query(regions, django_assert_num_queries):
    several = [regions.filter(code="X1"), regions, regions.exclude(code="X1"), regions.filter(code="Y")]
    with django_assert_num_queries(1):
        assert counts(several) == [1, 5, 4, 0]


def test_counting_ends_at_the_limit_and_is_exact_below(regions):
    assert counts([regions, regions.filter(code__lt="X2")], 3) == [3, 2]


def test_what_is_known_to_be_empty_is_not_asked(regions, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert counts([]) == []
        assert counts([Region.objects.none(), regions.filter(pk__in=[])]) == [0, 0]
    with django_assert_num_queries(1):
        assert counts([Region.objects.none(), regions]) == [0, 5]


def test_order_parameters_and_percent_signs_do_no_harm(regions):
    Region.objects.filter(code="X1").update(name="100% '区")
    several = [regions.order_by("-name").filter(name="100% '区"), regions.filter(name__contains="%")]
    assert counts(several) == [1, 1]


def test_distinct_rows_and_annotations_count_as_the_queryset_says(regions):
    from django.db.models import Count

    twice = regions.annotate(n=Count("pk")).filter(n=1).distinct()
    assert counts([twice, regions.values_list("name", "code")]) == [5, 5]


def test_the_queryset_itself_is_left_as_it_was(regions):
    ordered = regions.order_by("-code")
    counts([ordered], 2)
    assert [one.code for one in ordered] == ["X4", "X3", "X2", "X1", "X0"]


def test_number_beside_a_tab_is_told_exactly_below_the_limit_and_with_a_plus_there():
    assert [limited_words(number) for number in (0, 9_999, 10_000)] == ["0", "9,999", "10,000+"]
    assert [limited_words(number, 3) for number in (2, 3, 4)] == ["2", "3+", "4+"]
