"""Addresses with what only looks like a number: ² is a digit to Python and no number."""

from __future__ import annotations

import pytest
from django.urls import reverse

from chuangwen.core import clock
from tests.responsibilities.making import make_city
from tests.support.factories import NOON

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("odd", ["²", "9" * 30, "٣", "a"])
@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("responsibilities:new_house_rule", "replaces"),
        ("responsibilities:levels", "unit"),
        ("responsibilities:lay_out", "unit"),
    ],
)
def test_what_only_looks_like_a_number_names_nothing(sign_in, name, key, odd):
    with clock.at(NOON):
        page = sign_in(make_city(leaves=1).office)
        assert page.get(reverse(name), {key: odd}).status_code in {200, 404}
