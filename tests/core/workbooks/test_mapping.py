"""Which column holds which field."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chuangwen.core.workbooks.likeness import likeness, pairs, plain
from chuangwen.core.workbooks.mapping import Field, Mapping, Match, header_signature, suggest_mapping

CODE = Field("code", "编号", aliases=("序号", "点位编号"), required=True)
NAME = Field("name", "名称", aliases=("点位名称",), required=True, label_en="Name")
LEAD = Field("lead", "牵头单位", aliases=("牵头",))
PHONE = Field("phone", "联系电话", aliases=("电话", "手机"))
FIELDS = (CODE, NAME, LEAD, PHONE)


def found(headers, fields=FIELDS, remembered=None):
    mapping = suggest_mapping(headers, fields, remembered)
    return {match.field: (match.column, match.reason) for match in mapping.matches}


def test_each_field_finds_its_column_and_says_why():
    assert found(["序 号", "*名称", "责任/牵头", "联系电话号码", "备注"]) == {
        "code": (0, "alias"),
        "name": (1, "exact"),
        "lead": (2, "part"),
        "phone": (3, "alike"),
    }


def test_a_better_match_takes_the_column():
    assert found(["编号", "序号"]) == {
        "code": (0, "exact"),
        "name": (None, "none"),
        "lead": (None, "none"),
        "phone": (None, "none"),
    }
    assert found(["手机", "联系电话"])["phone"] == (1, "exact")
    assert found(["牵头/责任人", "责任/牵头"])["lead"] == (1, "part")
    assert found(["人名", "电话（手机）"])["phone"] == (1, "part")


def test_of_two_equal_columns_the_first_is_taken_and_none_twice():
    two = (Field("a", "单位"), Field("b", "单位"))
    assert found(["单位", "单位", "单位"], two) == {"a": (0, "exact"), "b": (1, "exact")}
    assert found(["单位"], two) == {"a": (0, "exact"), "b": (None, "none")}


def test_unlike_and_empty_headers_are_not_taken():
    assert set(found(["", "备注", "开放时间"]).values()) == {(None, "none")}


def test_english_labels_and_keys_count_as_aliases():
    assert found(["CODE", "name"])["code"] == (0, "alias")
    assert found(["CODE", "name"])["name"] == (1, "alias")


def test_likeness_says_how_much():
    (match,) = suggest_mapping(["单位牵头单位"], [LEAD]).matches
    assert match == Match("lead", 0, "alike", 0.857)
    assert suggest_mapping(["牵头部门单位"], [LEAD]).matches[0].likeness == 0.5
    assert suggest_mapping(["牵头责任部门单位"], [LEAD]).matches[0].reason == "none"


def test_what_was_remembered_for_the_same_headers_wins_whole():
    headers = ["编号", "名称", "说明", "手机"]
    kept = suggest_mapping(headers, FIELDS).choose("name", 2).choose("phone", None)
    again = found([" 编号", "名称*", "说明", "手机"], remembered=kept)
    assert again == {
        "code": (0, "remembered"),
        "name": (2, "remembered"),
        "lead": (None, "remembered"),
        "phone": (None, "remembered"),
    }


def test_what_was_remembered_for_other_headers_counts_by_the_header():
    kept = suggest_mapping(["编号", "名称", "说明"], FIELDS).choose("lead", 2)
    again = found(["类型", "说明", "编号", "电话"], remembered=kept)
    assert again == {
        "code": (2, "remembered"),
        "name": (None, "none"),
        "lead": (1, "remembered"),
        "phone": (3, "alias"),
    }
    assert found(["说明", "说明"], remembered=kept)["lead"] == (None, "none")


def test_two_remembered_fields_do_not_share_a_column():
    kept = Mapping("", ("说明", "说明"), (Match("code", 0, "chosen"), Match("name", 1, "chosen")))
    assert found(["说明"], remembered=kept)["code"] == (0, "remembered")
    assert found(["说明"], remembered=kept)["name"] == (None, "none")


def test_a_field_newer_than_what_was_kept_is_suggested():
    kept = suggest_mapping(["编号", "电话"], (CODE,))
    assert found(["编号", "电话"], remembered=kept)["phone"] == (1, "alias")


def test_choosing_a_column_takes_it_from_its_former_field():
    mapping = suggest_mapping(["编号", "名称"], FIELDS).choose("lead", 1)
    assert [(match.field, match.column, match.reason) for match in mapping.matches] == [
        ("code", 0, "exact"),
        ("name", None, "none"),
        ("lead", 1, "chosen"),
        ("phone", None, "none"),
    ]
    assert mapping.missing(FIELDS) == (NAME,)
    assert mapping.column_of("lead") == 1
    assert mapping.column_of("nothing") is None
    assert mapping.choose("code", None).matches[2] == Match("lead", 1, "chosen", 1.0)


@pytest.mark.parametrize(("key", "column"), [("other", 0), ("code", 2), ("code", -1)])
def test_a_choice_that_cannot_be_is_refused(key, column):
    with pytest.raises(ValueError, match="no "):
        suggest_mapping(["编号", "名称"], FIELDS).choose(key, column)


def test_a_mapping_survives_being_kept():
    mapping = suggest_mapping(["编号", "名称", "联系电话号码"], FIELDS).choose("lead", 1)
    assert Mapping.from_json(json.loads(json.dumps(mapping.to_json()))) == mapping


@pytest.mark.parametrize(
    "kept",
    [
        None,
        [],
        {},
        {"headers": ["a"]},
        {"headers": 1, "matches": []},
        {"headers": ["a"], "matches": [["code", 1, "exact", 1.0]]},
        {"headers": ["a"], "matches": [["code", True, "exact", 1.0]]},
        {"headers": ["a"], "matches": [["code", 0, "guessed", 1.0]]},
        {"headers": ["a"], "matches": [["code", 0, "exact", "1"]]},
        {"headers": ["a"], "matches": [[1, 0, "exact", 1.0]]},
        {"headers": ["a"], "matches": [["code", 0]]},
        {"headers": ["a"], "matches": ["code"]},
    ],
)
def test_what_is_no_kept_mapping_is_refused(kept):
    with pytest.raises(ValueError, match="not a kept"):
        Mapping.from_json(kept)


def test_the_signature_knows_headers_again_and_tells_others_apart():
    assert header_signature(["编 号", "Name*"]) == header_signature(["编号", "ｎａｍｅ"])
    assert len(header_signature([])) == 32
    assert (
        len({header_signature(h) for h in (["编号"], ["名称"], ["编号", "名称"], ["名称", "编号"], ["编号名称"])}) == 5
    )


def test_likeness_of_pairs():
    assert pairs("城管局") == {"城管", "管局"}
    assert (pairs("局"), pairs("")) == ({"局"}, frozenset())
    assert likeness(pairs("城管局"), pairs("市城管局")) == 0.8
    assert likeness(pairs(""), pairs("")) == 0.0
    assert plain(" （Ａ）、b_*") == "(a)b"


WORDS = st.sampled_from(
    ["编号", "序号", "名称", "点位名称", "牵头", "责任/牵头", "牵头单位", "电话", "联系电话", "备注", ""]
)


@given(st.lists(WORDS, max_size=8), st.lists(WORDS, max_size=8))
def test_a_suggestion_is_always_sound(headers, earlier):
    remembered = suggest_mapping(earlier, FIELDS)
    for mapping in (suggest_mapping(headers, FIELDS), suggest_mapping(headers, FIELDS, remembered)):
        columns = [match.column for match in mapping.matches if match.column is not None]
        assert [match.field for match in mapping.matches] == [field.key for field in FIELDS]
        assert len(set(columns)) == len(columns)
        assert all(0 <= column < len(headers) for column in columns)
        assert all((match.column is None) <= (match.reason in {"none", "remembered"}) for match in mapping.matches)
        assert Mapping.from_json(mapping.to_json()) == mapping
        again = suggest_mapping(headers, FIELDS, mapping)
        assert [match.column for match in again.matches] == [match.column for match in mapping.matches]
