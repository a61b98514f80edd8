"""Names in a workbook against known names."""

from __future__ import annotations

from chuangwen.core.workbooks.names import Candidate, Resolution, resolver_of

UNITS = [(1, "城市管理局"), (2, "公安局"), (3, "城东街道办事处"), (4, "城西街道办事处"), (5, "教育局"), (6, "教育局")]


def test_a_name_resolves_whatever_its_blanks_and_width():
    resolve = resolver_of([*UNITS, (7, "A局")])
    assert resolve(" 城市 管理局") == Resolution(1)
    assert resolve("ａ局").value == 7


def test_aliases_and_remembered_words_resolve():
    resolve = resolver_of(UNITS, aliases=[("城管", 1), ("教育局", 6)], remembered={"教育局": 5, "老城管": 1})
    assert [resolve(text).value for text in ("城管", "教育局", "老城管")] == [1, 5, 1]


def test_a_name_of_several_resolves_to_none_and_names_them():
    resolve = resolver_of(UNITS, aliases=[("街道", 4), ("街道", 3)])
    assert resolve("街道") == Resolution(
        None, (Candidate(3, "城东街道办事处", 1.0), Candidate(4, "城西街道办事处", 1.0))
    )
    assert resolve("街道").certain is False


def test_an_unknown_name_has_its_nearest_as_candidates():
    resolve = resolver_of(UNITS)
    assert [candidate.label for candidate in resolve("城管").candidates] == [
        "城市管理局",
        "城东街道办事处",
        "城西街道办事处",
    ]
    assert resolve("公安分局").candidates[0] == Candidate(2, "公安局", 0.4)
    assert resolve("水").candidates == ()
    assert resolve("").candidates == ()


def test_no_more_than_five_candidates_are_offered():
    resolve = resolver_of([(n, f"第{n}小学") for n in range(9)])
    assert len(resolve("小学").candidates) == 5


def test_an_alias_of_something_that_is_gone_is_no_candidate():
    resolve = resolver_of(UNITS, aliases=[("老公安处", 99)])
    assert resolve("老公安处").value == 99
    assert [candidate.value for candidate in resolve("老公安科").candidates] == [2]


def test_a_collective_name_is_certain():
    assert Resolution(None, (), (3, 4)).certain is True
    assert Resolution(0).certain is True
