"""Running numbers: each region's counters apart, no gap, no double, only inside a transaction."""

from __future__ import annotations

import pytest
from django.db import transaction

from chuangwen.core.models import Sequence
from chuangwen.core.numbering import next_number
from tests.support.factories import make_region

pytestmark = pytest.mark.both


@pytest.mark.django_db
def test_numbers_follow_one_another_from_one():
    region = make_region()
    assert [next_number(region, "problem") for _ in range(3)] == [1, 2, 3]


@pytest.mark.django_db
def test_first_of_many_is_told_and_the_next_comes_after_the_last():
    region = make_region()
    assert [next_number(region, "task", count=5), next_number(region, "task", count=2)] == [1, 6]
    assert (next_number(region, "task"), Sequence.objects.get(region=region, name="task").value) == (8, 8)


@pytest.mark.django_db
def test_every_region_and_every_name_counts_by_itself():
    first, second = make_region(), make_region()
    taken = [next_number(first, "problem", count=4), next_number(first, "task"), next_number(second, "problem")]
    assert taken == [1, 1, 1]
    assert (next_number(first, "problem"), next_number(second, "problem")) == (5, 2)


@pytest.mark.django_db(transaction=True)
def test_number_outside_a_transaction_is_refused_and_none_is_used():
    region = make_region()
    with pytest.raises(RuntimeError, match=r"^next_number outside a transaction$"):
        next_number(region, "problem")
    with transaction.atomic():
        assert next_number(region, "problem") == 1


@pytest.mark.django_db(transaction=True)
def test_number_of_work_that_failed_is_given_again():
    region = make_region()

    def fails():
        with transaction.atomic():
            next_number(region, "problem", count=3)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fails()
    with transaction.atomic():
        assert next_number(region, "problem") == 1
