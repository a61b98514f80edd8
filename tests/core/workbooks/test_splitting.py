"""Several names in one cell."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chuangwen.core.workbooks.splitting import split_names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("城管局、各街道", ["城管局", "各街道"]),
        (
            "城管局,公安局，交通局;住建局；教育局/民政局／卫健局",
            ["城管局", "公安局", "交通局", "住建局", "教育局", "民政局", "卫健局"],
        ),
        (" 城管局\n公安局\r\n交通局\t住建局|水利局 ", ["城管局", "公安局", "交通局", "住建局", "水利局"]),
        ("城管局、、城管局、", ["城管局"]),
        ("公安局和交通局", ["公安局", "交通局"]),
        ("住建局及各街道", ["住建局", "各街道"]),
        ("公安局与交通局以及相关单位", ["公安局", "交通局", "相关单位"]),
        ("发展和改革局和公安局", ["发展和改革局", "公安局"]),
        ("自然资源和规划局", ["自然资源和规划局"]),
        ("人力资源和社会保障局", ["人力资源和社会保障局"]),
        ("农业农村和水利局", ["农业农村和水利局"]),
        ("城镇和乡村建设局", ["城镇和乡村建设局"]),
        ("和平街道、人和镇", ["和平街道", "人和镇"]),
        ("城管局和平时", ["城管局和平时"]),
        ("局和", ["局和"]),
        ("市场监管局（食品、药品科）、城管局", ["市场监管局（食品、药品科）", "城管局"]),
        ("城管局(执法、环卫）和公安局", ["城管局(执法、环卫）", "公安局"]),
        ("宣传部(文明办和网信办)", ["宣传部(文明办和网信办)"]),
        ("《甲、乙》、【丙,丁】", ["《甲、乙》", "【丙,丁】"]),
        ("城管局（执法、环卫", ["城管局（执法", "环卫"]),
        ("城管局）、环卫", ["城管局）", "环卫"]),
        ("[甲、(乙]、丙", ["[甲、(乙]", "丙"]),
        ("1-5号、7号", ["1-5号", "7号"]),
        ("A区至C区", ["A区至C区"]),
        ("2026/11/22", ["2026/11/22"]),
        ("1,200", ["1,200"]),
        ("13800138000/13900139000,8888888", ["13800138000", "13900139000", "8888888"]),
        ("甲/1", ["甲", "1"]),
        ("/", []),
        ("", []),
    ],
)
def test_a_cell_is_split_into(text, names):
    assert list(split_names(text)) == names


def test_a_known_name_is_not_split():
    known = {"教育局和体育局", "甲、乙联合办公室", "局和平街"}.__contains__
    assert split_names("教育局和体育局", known) == ("教育局和体育局",)
    assert split_names("教育局和体育局、公安局", known) == ("教育局和体育局", "公安局")
    assert split_names(" 甲、乙联合办公室 ", known) == ("甲、乙联合办公室",)
    assert split_names("公安局和三里店", {"三里店"}.__contains__) == ("公安局", "三里店")
    assert split_names("公安局和三里店", known) == ("公安局和三里店",)
    assert split_names("甲/乙中心、公安局/教育局", {"甲/乙中心"}.__contains__) == ("甲/乙中心", "公安局", "教育局")


def test_what_cannot_be_split_is_not_asked_for():
    asked = []
    assert split_names("公安局、教育局", lambda text: bool(asked.append(text))) == ("公安局", "教育局")
    assert asked == ["公安局、教育局"]


TEXTS = st.text(st.sampled_from("城管局公安街道和及与以各、，,；;/()（）《》【】 \n1-~"), max_size=30)


@given(TEXTS)
def test_splitting_loses_nothing_but_separators(text):
    separators = set("、，,；;/和及与以其 \n")
    names = split_names(text)
    assert all(name == name.strip() and name for name in names)
    assert set(text) - separators <= set("".join(names))
    assert len(set(names)) == len(names)


@given(TEXTS)
def test_splitting_a_part_again_changes_nothing(text):
    for name in split_names(text):
        assert split_names(name) == (name,)


@given(
    st.lists(st.sampled_from(["城管局", "和平街道", "自然资源和规划局", "公安局(交警、治安)"]), unique=True, max_size=4)
)
def test_names_joined_by_a_mark_come_apart_again(names):
    for mark in "、，；\n":
        assert split_names(mark.join(names)) == tuple(names)
