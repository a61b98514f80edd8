"""The sentence that explains a criterion's points: its equations hold, and they end at the engine's figure."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from chuangwen.scoring.cells import parts_of
from chuangwen.scoring.engine import show
from chuangwen.scoring.why import Result, Sums, equation, number, percent, reasons
from chuangwen.scoring.why_words import sentence
from chuangwen.standards.tree import Band, Map, Standard
from tests.scoring.engine.builders import frame, inner, leaf, seen, standard
from tests.scoring.engine.oracle import Tables
from tests.scoring.engine.random_cases import random_case, scored

EQUATION = re.compile(r"([0-9.%×÷＋−()]+)＝(−?[0-9.]+)(%?)")
NO_PLACE = ("seen_at", "place_type", "district", "problem")


def told(measured: Standard, tables: Tables, subject: str, missing: str) -> dict[str, tuple[str, Any]]:
    """Code -> (the sentence in Chinese, the engine's row) of a subject."""
    scores = scored(measured, tables, missing)
    nodes = {row["code"]: row for row in scores.nodes.filter(subject=subject).iter_rows(named=True)}
    observations = frame("observations", [row for row in tables.observations if row["subject"] == subject])
    for name in NO_PLACE:
        observations = observations.with_columns(**{name: observations["place"]})
    parts = parts_of(
        measured, scores.nodes.filter(subject=subject), observations,
        *(frame(name, getattr(tables, name)).filter(subject=subject) for name in ("places", "leads")),
    )  # fmt: skip
    sums = {row["code"]: row for row in parts.sums.iter_rows(named=True)}
    results = {
        code: Result(row["points"], row["effective"], row["share"], row["attained"]) for code, row in nodes.items()
    }  # fmt: skip
    with translation.override("zh-hans"):
        return {
            code: (sentence(reasons(measured, code, results, _held(sums.get(code)))), row)
            for code, row in nodes.items()
        }


def _held(row: dict[str, Any] | None) -> Sums:
    return Sums(**{name: value for name, value in row.items() if name != "code"}) if row else Sums()


def value_of(text: str) -> float:
    """What an expression of a sentence comes to."""
    plain = re.sub(r"([0-9.]+)%", r"(\1/100)", text).translate(str.maketrans({"×": "*", "÷": "/", "＋": "+", "−": "-"}))
    assert re.fullmatch(r"[0-9.+\-*/()]+", plain), text
    return float(eval(plain))  # noqa: S307 (digits and signs alone)


def assert_equations_hold(words: str) -> list[str]:
    """Every equation of the sentence; the right sides in the order they are read."""
    rights = []
    for left, right, mark in EQUATION.findall(words):
        digits = len(right.partition(".")[2]) + (2 if mark else 0)
        given = float(right.replace("−", "-")) / (100 if mark else 1)
        shown = max(digits, 3 if mark else 2)
        assert abs(value_of(left) - given) <= 0.5 * 10**-shown + 1e-7, words
        rights.append(right + mark)
    return rights


@settings(max_examples=40)
@given(st.integers(0, 10**6))
def test_sentences_of_random_standards_end_at_the_engines_points(seed: int) -> None:
    case = random_case(seed)
    for subject in {row["subject"] for row in case.tables.observations}:
        for words, row in told(case.standard, case.tables, subject, case.missing).values():
            assert words.endswith("。")
            rights = assert_equations_hold(words)
            if row["attained"] is not None:
                assert rights[-1] == show(row["attained"]), words
                assert words.endswith(f"＝{show(row['attained'])}分。"), words
            elif row["share"] is None:
                assert rights == []
                assert "不计分" in words


def of_rows(whole: Standard, rows: list[dict[str, Any]]) -> dict[str, str]:
    found = told(whole, Tables(observations=rows, places=[], leads=[], frames=[]), "S", "exclude")
    return {code: words for code, (words, _row) in found.items()}


def one(measured: Any, values: list[float | None], *, missing: str = "exclude", **more: Any) -> str:
    """The sentence of leaf 1 in a standard of it and a leaf 2 that got everything."""
    points = measured.points
    whole = standard(measured, leaf("2", 100 - points), scale=100.0)
    tables = Tables(observations=[*seen("1", *values, **more), *seen("2", 1.0)], places=[], leads=[], frames=[])
    return told(whole, tables, "S", missing)["1"][0]


@pytest.mark.parametrize(
    ("measured", "values", "words"),
    [
        (leaf("1", 3.0), [1.0] * 12 + [0.0] * 5,
         "看了17项，达标12项，达标率12÷17＝70.6%，按比例得3.00×70.6%＝2.12分。"),
        (leaf("1", 60.0), [1.0, 1.0, 0.0], "看了3项，达标2项，达标率2÷3＝66.7%，按比例得60.00×66.67%＝40.00分。"),
        (leaf("1", 4.0), [0.66], "一条记录，得分率66%，按比例得4.00×66%＝2.64分。"),
        (leaf("1", 4.0), [0.5, 0.25], "2条记录加权平均，达标率0.75÷2＝37.5%，按比例得4.00×37.5%＝1.50分。"),
        (leaf("1", 4.0), [None, None], "看了2次，都不适用或看不到，不计分。"),
        (leaf("1", 4.0), [], "没有任何记录，本条未测评，不计分。"),
        (
            leaf("1", 4.0, "rate", Map("bands", bands=(Band(0.85, 1.0), Band(0.7, 0.66), Band(None, 0.0)))),
            [1.0, 1.0, 1.0, 0.0],
            "看了4项，达标3项，达标率3÷4＝75%，达到70%这一档，得分率66%，按比例得4.00×66%＝2.64分。",
        ),
        (
            leaf("1", 10.0, "mean", Map("linear", start=60, stop=95)), [88.0],
            "一条记录，数值88，按60到95折算，得分率(88−60)÷(95−60)＝80%，按比例得10.00×80%＝8.00分。",
        ),
        (
            leaf("1", 5.0, "count", Map("required", n=12)), [1.0] * 9,
            "9条记录，其中查到9条，要求12，得分率9÷12＝75%，按比例得5.00×75%＝3.75分。",
        ),
        (
            leaf("1", 5.0, "sum", Map("deduct", each=0.5)), [1.0, 2.0],
            "2条记录，合计3，每个扣0.5分，得分率1−0.5×3÷5＝70%，按比例得5.00×70%＝3.50分。",
        ),
        (
            leaf("1", 5.0, "sum", Map("deduct", each=0.5)), [30.0],
            "1条记录，合计30，每个扣0.5分，得分率1−0.5×30÷5＝−200%，限在0到100%之间，按0%计，按比例得5.00×0%＝0.00分。",
        ),
        (
            leaf("1", 5.0, "count", Map("required", n=2)), [1.0] * 3,
            "3条记录，其中查到3条，要求2，得分率3÷2＝150%，限在0到100%之间，按100%计，按比例得5.00×100%＝5.00分。",
        ),
        (leaf("1", 4.0, "mean"), [0.5], "一条记录，数值0.5，按得分率50%计，按比例得4.00×50%＝2.00分。"),
        (
            leaf("1", 4.0, "mean"), [1.0, 2.0],
            "2条记录加权平均，3÷2＝1.5，限在0到100%之间，按100%计，按比例得4.00×100%＝4.00分。",
        ),
        (
            leaf("1", 4.0, "rate", Map("bands", bands=(Band(0.8, 1.0), Band(None, 0.25)))), [1.0] * 4 + [0.0],
            "看了5项，达标4项，达标率4÷5＝80%，达到80%这一档，得分率100%，按比例得4.00×100%＝4.00分。",
        ),
        (
            leaf("1", 4.0, "rate", Map("bands", bands=(Band(0.8, 1.0), Band(None, 0.25)))), [1.0, 0.0],
            "看了2项，达标1项，达标率1÷2＝50%，没有达到上面各档，按末档得分率25%，按比例得4.00×25%＝1.00分。",
        ),
        (
            leaf("1", 4.0, "mean", Map("bands", bands=(Band(79.125, 1.0), Band(None, 0.25)))), [70.0, 90.0],
            "2条记录加权平均，160÷2＝80，达到79.125这一档，得分率100%，按比例得4.00×100%＝4.00分。",
        ),
        (
            leaf("1", 10.0, "mean", Map("linear", start=60, stop=95)), [61.0, 61.0, 62.0],
            "3条记录加权平均，184÷3＝61.33，按60到95折算，得分率(61.33−60)÷(95−60)＝3.8%，按比例得10.00×3.8%＝0.38分。",
        ),
        (
            leaf("1", 10.0, "mean", Map("linear", start=0.001, stop=0.005)), [0.002],
            "一条记录，数值0，按0.001到0.005折算，得分率(0.002−0.001)÷(0.005−0.001)＝25%，按比例得10.00×25%＝2.50分。",
        ),
        (
            leaf("1", 5.0, "sum", Map("deduct", each=0.125)), [3.0],
            "1条记录，合计3，每个扣0.125分，得分率1−0.125×3÷5＝92.5%，按比例得5.00×92.5%＝4.63分。",
        ),
        (
            leaf("1", 5.0, "sum", Map("deduct", each=0.5)), [4 / 3],
            "1条记录，合计1.33，每个扣0.5分，得分率1−0.5×1.33÷5＝86.7%，按比例得5.00×86.67%＝4.33分。",
        ),
        (
            leaf("1", 4.375, "sum", Map("deduct", each=2.0)), [2.0],
            "1条记录，合计2，每个扣2分，得分率1−2×2÷4.375＝8.6%，按比例得4.38×8.6%＝0.38分。",
        ),
        (
            leaf("1", 0.004, "sum", Map("deduct", each=0.001)), [3.0],
            "1条记录，合计3，每个扣0.001分，得分率1−0.001×3÷0.004＝25%，按比例得0.00×25%＝0.00分。",
        ),
    ],
)  # fmt: skip
def test_sentence_of_each_measure_and_map(measured: Any, values: list[float | None], words: str) -> None:
    assert one(measured, values) == words


@pytest.mark.parametrize(
    ("weight", "words"),
    [
        (0.125, "3条记录加权平均，达标率0.25÷0.375＝66.7%，按比例得4.00×66.7%＝2.67分。"),
        (0.0, "记录的权重合计为0，不计分。"),
    ],
)
def test_rows_that_do_not_weigh_one_say_what_they_weigh(weight: float, words: str) -> None:
    assert one(leaf("1", 4.0), [1.0, 0.0, 1.0], weight=weight) == words


def test_places_stand_in_the_sentence_and_nought_by_the_policy() -> None:
    facts = {"": Result(100, 100.0, 0.5, 50.0), "1": Result(100, 100.0, 0.5, 50.0)}
    held = Sums(rows=4, n=4, met=2, unmet=2, positive=2, weight=4.0, total=2.0, places=4)
    whole = standard(leaf("1", 100.0))
    with translation.override("zh-hans"):
        assert sentence(reasons(whole, "1", facts, held)).startswith("4处看了，达标2处，达标率2÷4＝50%，")
        several = sentence(reasons(whole, "1", facts, replace(held, places=2)))
        assert several.startswith("在2处看了4项，达标2项，达标率2÷4＝50%，")
        nought = {code: Result(100, 100.0, 0.0, 0.0) for code in facts}
        assert sentence(reasons(whole, "1", nought, Sums())) == "没有任何记录，按零分计，按比例得100.00×0%＝0.00分。"
        assert sentence(reasons(whole, "1", facts, None)) == "按比例得100.00×50%＝50.00分。"


def test_what_was_not_assessed_beside_it_is_why_it_counts_more() -> None:
    whole = standard(inner("1", leaf("1.1", 60.0)), inner("2", leaf("2.1", 20.0), leaf("2.2", 20.0)), scale=100.0)
    rows = [*seen("1.1", 1.0, 0.0), *seen("2.1", 1.0)]
    words = of_rows(whole, rows)
    assert words["2.1"].endswith(
        "按比例得20.00×100%＝20.00分；因第2部分有1条未测评，折算为满分40.00分，得40.00×100%＝40.00分。"
    )
    assert words["2"] == "已测评的1条按分值合计，得分率(20.00)÷20＝100%，另有1条未测评，按比例得40.00×100%＝40.00分。"
    assert words["2.2"] == "没有任何记录，本条未测评，不计分。"


def test_inner_nodes_that_do_not_add_up_say_how_they_count() -> None:
    whole = standard(
        inner("1", leaf("1.1", 1.0), leaf("1.2", 1.0), points=40.0, aggregate="min"),
        inner("2", leaf("2.1", 1.0), leaf("2.2", 1.0), points=60.0, aggregate="met", threshold=0.8,
              table=((2, 1.0), (1, 0.5))), scale=100.0,
    )  # fmt: skip
    rows = [*seen("1.1", 1.0, 0.0), *seen("1.2", 1.0), *seen("2.1", 1.0), *seen("2.2", 0.0)]
    words = of_rows(whole, rows)
    assert words["1"] == "2条中取最低的一条（1.1），得分率50%，按比例得40.00×50%＝20.00分。"
    assert words["2"] == "2条中有1条达到80%，按表得分率50%，按比例得60.00×50%＝30.00分。"
    assert words["1.1"].endswith("50%，第1部分不逐条相加，本条不单独计分。")


def test_least_of_all_and_what_nobody_saw_below_a_table() -> None:
    whole = standard(
        inner("1", leaf("1.1", 1.0), leaf("1.2", 1.0), points=40.0, aggregate="min"),
        inner("2", leaf("2.1"), leaf("2.2"), leaf("2.3"), points=60.0, aggregate="met", threshold=0.8,
              table=((3, 1.0), (1, 0.5))), scale=100.0,
    )  # fmt: skip
    rows = [*seen("1.1", 1.0), *seen("1.2", 0.0), *seen("2.1", 0.0), *seen("2.3", 1.0, 1.0, 1.0, 1.0, 0.0)]
    words = of_rows(whole, rows)
    assert words["1"] == "2条中取最低的一条（1.2），得分率0%，按比例得40.00×0%＝0.00分。"
    assert words["2"] == "3条中有2条达到80%，按表得分率50%，未测评的1条按达到算，按比例得60.00×50%＝30.00分。"
    assert words["2.3"].endswith("80%，第2部分不逐条相加，本条不单独计分。")
    assert words[""] == "已测评的2条按分值合计，得分率(30.00＋0.00)÷100＝30%，按比例得100.00×30%＝30.00分。"


def test_mean_of_shares_says_why_its_criteria_count_otherwise() -> None:
    whole = standard(inner("1", leaf("1.1", 10.0), leaf("1.2", 30.0), points=40.0, aggregate="mean"), leaf("2", 60.0))
    words = of_rows(whole, [*seen("1.1", 1.0, 0.0), *seen("1.2", 1.0), *seen("2", 1.0)])
    assert words["1"] == "2条得分率的平均：(1.00＋0.50)÷2＝75%，按比例得40.00×75%＝30.00分。"
    assert words["1.1"].endswith(
        "按比例得10.00×50%＝5.00分；因第1部分各条分量相同，折算为满分20.00分，得20.00×50%＝10.00分。"
    )


@pytest.mark.parametrize(
    ("children", "addition"),
    [
        (6, "(2.00＋1.67＋1.00＋0.67＋0.33＋0.00)÷7＝81%"),
        (8, "(2.33＋2.00＋1.67＋1.00＋0.67＋0.33＋0.00)÷12＝66.7%"),  # the smallest two are one addend
    ],
)
def test_of_many_addends_the_greatest_stand_by_themselves(children: int, addition: str) -> None:
    leaves = [leaf(f"1.{n}", n / 3) for n in range(1, children + 1)]
    rows = [row for n in range(1, children + 1) for row in seen(f"1.{n}", float(n % 4 > 0))]
    whole = standard(inner("1", *leaves), leaf("2", 100 - sum(one.points or 0 for one in leaves)))
    assert f"得分率{addition}，" in of_rows(whole, rows)["1"]


def test_nought_by_the_policy_is_rescaled_with_the_whole() -> None:
    tables = Tables(observations=seen("2", 1.0, 0.0), places=[], leads=[], frames=[])
    words, _row = told(standard(leaf("1", 20.0), leaf("2", 30.0)), tables, "S", "zero")["1"]
    assert words == (
        "没有任何记录，按零分计，按比例得20.00×0%＝0.00分；因各条分值合计与满分不同，折算为满分40.00分，得40.00×0%＝0.00分。"
    )


def test_criterion_in_a_section_without_points_does_not_count() -> None:
    words = of_rows(standard(inner("1", leaf("1.1", 0.0)), leaf("2", 100.0)), [*seen("1.1", 1.0, 0.0), *seen("2", 1.0)])
    assert words["1.1"] == "看了2项，达标1项，达标率1÷2＝50%，第1部分整体未测评，不计分。"


def test_equation_takes_as_many_digits_as_it_needs() -> None:
    assert (
        equation(lambda d: (number(1 / 3, d), float(number(1 / 3, d)) * 300), 100.0, lambda v: f"{v:.1f}")
        == "0.3333=100.0"
    )
    assert (number(-0.0), number(2.50), number(2.5, 2, least=2), number(-1.25, 1)) == ("0", "2.5", "2.50", "−1.2")
    assert percent(0.7058823) == "70.6%"
