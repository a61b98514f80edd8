"""Title, kind and date as a reader would take them from the page."""

from __future__ import annotations

from datetime import date

import pytest

from chuangwen.directives.guessing import guess_day, guess_kind, guess_title

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("text", "name", "title"),
    [
        ("在全市推进会上的讲话\n\n同志们：", "a.txt", "在全市推进会上的讲话"),
        ("\ufeff\u3000\u3000关于集中整治的通知\n", "", "关于集中整治的通知"),
        ("（2026年10月19日）\n在推进会上的讲话\n", "", "在推进会上的讲话"),
        ("云溪市人民政府关于\n加强市容管理的意见\n", "", "云溪市人民政府关于加强市容管理的意见"),
        ("同志们：\n今天开会。", "10月推进会.docx", "10月推进会"),
        ("这是一句很长的正文，" * 10, "讲话稿.wps", "讲话稿"),
        ("", "", ""),
    ],
)
def test_title(text, name, title):
    assert guess_title(text, name) == title


@pytest.mark.parametrize(
    ("title", "text", "kind"),
    [
        ("在推进会上的讲话", "", "speech"),
        ("领导小组第五次例会纪要", "", "minutes"),
        ("关于商请支持创建工作的函", "", "letter"),
        ("关于印发实施方案的通知", "", "notice"),
        ("创建工作推进会", "创建工作推进会\n\n同志们：\n今天", "speech"),
        ("无题", "正文", "other"),
    ],
)
def test_kind(title, text, kind):
    assert guess_kind(title, text) == kind


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("讲话\n（2026年10月19日）\n同志们：", date(2026, 10, 19)),
        ("讲话\n（二〇二六年十月十九日）\n", date(2026, 10, 19)),
        ("讲话\n二〇二六年十一月三十日\n", date(2026, 11, 30)),
        ("讲话\n二〇二六年三月二日\n", date(2026, 3, 2)),
        ("通知\n\n各单位：\n11月30日前完成。\n\n创建办\n2026年11月4日\n", date(2026, 11, 4)),
        ("纪要\n〔2025〕第5号\n\n10月30日上午，领导小组召开例会。", date(2025, 10, 30)),
        ("纪要\n\n10月30日上午，领导小组召开例会。", date(2026, 10, 30)),
        ("通知\n时间：2026-11-05\n", date(2026, 11, 5)),
        ("通知\n2026.11.5\n", date(2026, 11, 5)),
        ("通知\n\n11月30日前完成整治。\n", None),
        ("通知\n2026年12月1日前报名。\n\n2026年11月4日\n", date(2026, 11, 4)),
        ("讲话\n二〇二六年二十五月三十日\n", None),
        ("讲话\n二〇二六年十月二十\n二〇二六年十月二十一日\n", date(2026, 10, 21)),
        ("通知\n2026年2月30日\n", None),
        ("通知\n二〇二六年十十月一日\n", None),
        ("通知\n9999年1月1日\n", None),
        ("各街道要清理楼道。", None),
        ("", None),
    ],
)
def test_day(text, day):
    assert guess_day(text, TODAY) == day
