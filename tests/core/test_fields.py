"""The house's own form fields."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from chuangwen.core.fields import RowsField
from chuangwen.organizations.models import Unit
from tests.support.factories import make_unit

pytestmark = pytest.mark.django_db


def test_rows_are_chosen_by_their_keys():
    one, two = make_unit(), make_unit()
    field = RowsField(Unit.objects.filter(depth__gt=1))
    assert set(field.clean([str(one.pk), str(two.pk)])) == {one, two}


@pytest.mark.parametrize("key", ["9223372036854775808", "9" * 30, "-" + "9" * 30, "0", "x"])
def test_a_key_that_no_row_has_is_no_choice(key):
    make_unit()
    with pytest.raises(ValidationError) as error:
        RowsField(Unit.objects.all()).clean([key])
    assert error.value.error_list[0].code in {"invalid_choice", "invalid_pk_value"}
    assert key[:20] in str(error.value)
