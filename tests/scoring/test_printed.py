"""Rows of others' sheets: totals against their parts, and which row is ours."""

from __future__ import annotations

import pytest

from chuangwen.scoring.printed import bare, followed_total, own_place, unlike

JINING = [
    (96.76, 96.72, 96.75), (97.60, 91.26, 96.65), (95.94, 96.41, 96.01), (96.15, 95.15, 96.00), (96.02, 87.54, 94.75),
    (92.03, 98.31, 92.97), (91.24, 94.41, 91.72), (97.96, 96.65, 97.76), (96.34, 98.53, 96.67), (87.94, 85.98, 87.65),
]  # fmt: skip
WEIGHTS = {"field": 0.85, "survey": 0.15}


@pytest.mark.parametrize(("field", "survey", "total"), JINING)
def test_totals_of_the_published_sheet_follow_from_their_parts(field, survey, total):
    assert unlike(total, {"field": field, "survey": survey}, WEIGHTS) is None


def test_total_that_does_not_follow_is_told_with_what_its_parts_come_to():
    assert unlike(96.65, {"field": 96.76, "survey": 96.72}, WEIGHTS) == pytest.approx(96.754)
    assert unlike(96.77, {"field": 96.76, "survey": 96.72}, WEIGHTS) == pytest.approx(96.754)


def test_a_hundredth_is_rounding_and_a_little_more_is_not():
    assert unlike(90.01, {"field": 90.0}, {"field": 1}) is None
    assert unlike(90.0101, {"field": 90.0}, {"field": 1}) == 90.0


def test_nothing_is_said_without_weights_or_without_a_weighed_part():
    assert (followed_total({"field": 90}, {}), followed_total({"field": 90}, WEIGHTS)) == (None, None)


def test_names_lose_their_province_and_what_they_are():
    assert [bare(one) for one in ("江南省云溪市", "云 溪 市", "云溪", "蒙自县", "沙市", "岷江新区")] == [
        "云溪", "云溪", "云溪", "蒙自", "沙市", "岷江",
    ]  # fmt: skip


def test_own_row_is_found_in_full_before_bare_and_never_guessed_between_two():
    names = ["云溪市", "云溪"]
    assert own_place(["岳阳市", "江南省云溪市"], names) == 1
    assert own_place(["云溪县", "云溪市"], names) == 1
    assert own_place(["云溪县", "云溪区"], names) is None
    assert own_place(["岳阳市"], names) is None
