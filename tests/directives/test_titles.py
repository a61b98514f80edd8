"""What tasks are called: deeds without the words of their deadlines."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chuangwen.directives.titles import LEAST, undated


@pytest.mark.parametrize(
    ("deed", "deadline", "title"),
    [
        ("12月4日前，完成老旧小区楼道清理", "12月4日前", "完成老旧小区楼道清理"),
        ("12月4日前完成老旧小区楼道清理", "12月4日前", "完成老旧小区楼道清理"),
        ("各街道在本周五下班前报送责任清单", "本周五下班前", "各街道报送责任清单"),
        ("完成整改并报送照片，11月底前", "11月底前", "完成整改并报送照片"),
        ("对主次干道破损路面进行修补，于月底前完成", "月底前", "对主次干道破损路面进行修补"),
        ("11月20日至12月10日开展集中整治", "11月20日至12月10日", "11月20日至12月10日开展集中整治"),
        ("检查12月4日前的整改情况", "12月4日前", "检查12月4日前的整改情况"),
        ("月底前报送", "月底前", "月底前报送"),
        ("完成老旧小区楼道清理", "", "完成老旧小区楼道清理"),
        ("完成楼道清理工作", "12月4日前", "完成楼道清理工作"),
    ],
)
def test_title_leaves_out_what_the_deadline_beside_it_says(deed, deadline, title):
    assert undated(deed, deadline) == title


@given(st.text("完成整改在于，,；12月日前底至的", max_size=30), st.text("12月日前底至的，", max_size=8))
def test_title_says_something_and_nothing_that_the_deed_does_not(deed, deadline):
    title = undated(deed, deadline)
    assert title == deed or (len(title) >= LEAST and len(title) < len(deed))
    signs = iter(deed)
    assert all(sign in signs for sign in title)
