"""The tags and the base templates against the context that pages give them."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

import pytest
from django import forms
from django.template import engines
from django.template.loader import render_to_string
from django.utils import translation

from chuangwen.core.lists.columns import Cell
from chuangwen.core.templatetags import chuangwen as tags

NAV = [
    {"label": "", "items": [{"label": "工作台", "url": "/desk/", "icon": "layout-dashboard", "current": True}]},
    {
        "label": "整改", "key": "rectification", "is_folded": True, "waiting": 126,
        "items": [{"label": "问题整改", "url": "/problems/", "icon": "flag", "count": 126}],
    },
]  # fmt: skip
PAGE: dict[str, Any] = {
    "nav": NAV,
    "phone_tabs": [{"label": "问题", "url": "/problems/", "icon": "flag", "current": False}],
    "campaign": {"title": "清河市创建全国文明城市", "subtitle": "第三年", "switch_url": "/campaigns/"},
    "me": {"label": "创建办综合组", "initial": "综", "url": "/me/"},
    "unread": 5,
    "inbox_url": "/inbox/",
    "page_title": "工作台",
    "csrf_token": "token",
}


class Outline(HTMLParser):
    """Collects what the tests ask about: elements by name with their attributes, and the text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.texts.append(data.strip())

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


def page(base: str = "base.html", **context: Any) -> Outline:
    with translation.override("zh-hans"):
        return Outline(render_to_string(base, PAGE | context))


def part(name: str, **context: Any) -> str:
    with translation.override("zh-hans"):
        return render_to_string(f"core/parts/{name}.html", context)


def test_icon_is_decoration_from_the_sprite() -> None:
    html = tags.icon("flag", "cw-big")
    assert 'class="cw-icon cw-big" aria-hidden="true"' in html
    assert html.count("icons.svg#flag") == 1


def test_state_shape_with_a_label_is_a_picture_with_words() -> None:
    assert 'role="img" aria-label="市城管局牵头"' in tags.state_shape("lead", label="市城管局牵头")
    assert 'aria-hidden="true"' in tags.state_shape("lead")


def test_state_takes_the_value_of_an_enum() -> None:
    html = tags.state("long_term", "长期<整改")
    assert "shape-long-term" in html
    assert "cw-state--long-term" in html
    assert "长期&lt;整改" in html


def test_state_shape_of_an_unknown_name_is_refused() -> None:
    with pytest.raises(ValueError, match="no shape called 'blue'"):
        tags.state_shape("blue")


@pytest.mark.parametrize(
    ("value", "full", "width"), [(68, 100, "68.0"), (3, 4, "75.0"), (5, 4, "100.0"), (-1, 4, "0.0"), (1, 0, "0.0")]
)
def test_bar_stays_between_nothing_and_full(value: float, full: float, width: str) -> None:
    assert Outline(tags.bar(value, full)).all("rect") == [{"width": width, "height": "8"}]


def test_bar_shows_what_is_lost_behind_what_is_got() -> None:
    rects = Outline(tags.bar(60, 100, lost=25)).all("rect")
    assert [(rect.get("class"), rect["width"]) for rect in rects] == [("is-lost", "85.0"), (None, "60.0")]


def test_ring_says_its_figure() -> None:
    html = tags.ring(5, 8, "8项条件中已达标5项")
    assert 'stroke-dasharray="102.1 163.4"' in html
    assert Outline(html).texts == ["5/8"]


def test_columns_prints_values_and_marks_the_last_as_now() -> None:
    drawn = Outline(tags.columns([{"label": "10月", "value": 52}, {"label": "11月", "value": 26}], "次数"))
    assert drawn.texts == ["52", "10月", "26", "11月"]
    assert [(one.get("class"), one["height"]) for one in drawn.all("rect")] == [(None, "56.0"), ("is-now", "28.0")]


def test_columns_of_nothing_and_of_zeros_are_drawn() -> None:
    assert Outline(tags.columns([], "次数")).all("rect") == []
    assert Outline(tags.columns([{"label": "1月", "value": 0}], "次数")).all("rect")[0]["height"] == "0.0"


def test_back_link_is_the_nearest_crumb_that_leads_somewhere() -> None:
    crumbs = [
        {"label": "问题整改", "url": "/p/"},
        {"label": "待复核", "url": "/p/?tab=1"},
        {"label": "1187", "url": ""},
    ]
    assert tags.back_link(crumbs) == crumbs[1]
    assert tags.back_link(None) is None


def test_page_has_its_landmarks_and_one_heading() -> None:
    outline = page()
    assert [one["lang"] for one in outline.all("html")] == ["zh-CN"]
    assert [one["id"] for one in outline.all("main")] == ["main"]
    assert len(outline.all("h1")) == 1
    assert [one["aria-label"] for one in outline.all("nav")] == ["主导航", "常用"]
    assert [one["href"] for one in outline.all("a") if one.get("class") == "cw-skip"] == ["#main"]
    assert "创文" in outline.texts


def test_page_marks_the_current_area_once_in_the_side_bar() -> None:
    current = [one["href"] for one in page().all("a") if one.get("aria-current") == "page"]
    assert current == ["/desk/"]


def test_folded_group_of_the_side_bar_says_so_and_what_it_holds_back() -> None:
    folds = [one for one in page().all("button") if one.get("class") == "cw-side__fold"]
    assert [(one["aria-expanded"], one["aria-controls"]) for one in folds] == [("false", "cw-side-rectification")]
    assert page().texts.count("126") == 2  # beside the group and beside the entry that it hides


def test_bell_says_the_number_and_is_absent_without_an_inbox() -> None:
    outline = page()
    bells = [one for one in outline.all("a") if one.get("class") == "cw-bell"]
    assert (len(bells), outline.texts.count("5条新消息")) == (2, 2)
    assert [one for one in page(inbox_url="").all("a") if one.get("class") == "cw-bell"] == []


def test_page_below_another_one_leads_back_on_the_phone() -> None:
    outline = page(breadcrumbs=[{"label": "问题整改", "url": "/problems/"}, {"label": "1187", "url": ""}])
    taps = [one for one in outline.all("a") if one.get("class") == "cw-tap"]
    assert [(one["href"], one["aria-label"]) for one in taps] == [("/problems/", "返回问题整改")]


@pytest.mark.parametrize("base", ["base_public.html", "base_plain.html", "base_field.html"])
def test_other_bases_have_one_main_part(base: str) -> None:
    outline = page(base)
    assert len(outline.all("main")) == 1
    assert [one["src"] for one in outline.all("script")] == ["/static/chuangwen/main.js"]


def test_part_of_a_page_has_no_frame() -> None:
    outline = page("core/part.html")
    assert outline.all("html") == outline.all("main") == []
    assert len(outline.all("h1")) == 1


class Sheet(forms.Form):
    title = forms.CharField(label="要做什么", help_text="一句话")
    memo = forms.CharField(label="说明", required=False)
    kind = forms.ChoiceField(label="颜色", choices=[("w", "白单"), ("y", "黄单")], widget=forms.RadioSelect)
    agreed = forms.BooleanField(label="看过原文")


def test_field_ties_help_and_error_to_the_input() -> None:
    form = Sheet({})
    outline = Outline(part("field", field=form["title"]))
    (shown,) = outline.all("input")
    ids = {one["id"] for one in outline.all("div") if one.get("id")}
    assert set((shown["aria-describedby"] or "").split()) == ids == {"id_title_helptext", "id_title_error"}
    assert shown["aria-invalid"] == "true"


def test_field_that_may_stay_empty_says_so() -> None:
    assert "(可不填)" in part("field", field=Sheet()["memo"])
    assert "(可不填)" not in part("field", field=Sheet()["title"])


def test_field_of_choices_is_a_group_with_a_legend() -> None:
    outline = Outline(part("field", field=Sheet()["kind"]))
    assert len(outline.all("fieldset")) == len(outline.all("legend")) == 1


def test_form_lists_faults_on_top_from_three_up() -> None:
    assert "有3处要改" in part("form", form=Sheet({}))
    assert "要改" not in part("form", form=Sheet({"title": "x", "kind": "w"}))


def test_table_shows_rows_as_the_list_gives_them() -> None:
    cells = [Cell("问题", "飞线<充电", "cw-table__title"), Cell("来源", "热线", "")]
    heads = [{"label": "问题", "css": "", "sort_url": "?sort=x", "sorted": "ascending"}]
    row = {"pk": 7, "url": "/p/7/", "name": "", "cells": cells}
    outline = Outline(part("table", heads=heads, table=[row], selectable=True))
    assert [one.get("aria-sort") for one in outline.all("th")] == [None, "ascending"]
    assert [one.get("data-label") for one in outline.all("td")] == [None, "问题", "来源"]
    assert [one["value"] for one in outline.all("input") if "data-select" in one] == ["7"]
    assert "飞线<充电" in outline.texts


def test_next_step_posts_with_a_token_and_names_the_act() -> None:
    actions = [{"label": "通过，销号", "url": "/close/", "post": True, "primary": True}]
    html = render_to_string("core/parts/next_step.html", {"title": "下一步", "actions": actions, "csrf_token": "t0ken"})
    outline = Outline(html)
    assert [(one["method"], one["action"]) for one in outline.all("form")] == [("post", "/close/")]
    assert "t0ken" in html
    assert "通过，销号" in outline.texts


def test_messages_keep_faults_on_the_page_and_confirm_in_a_toast() -> None:
    given = [{"level_tag": "success", "extra_tags": "/undo/7/"}, {"level_tag": "error"}, {"level_tag": "info"}]
    outline = Outline(part("messages", messages=given))
    assert [one.get("data-undo") for one in outline.all("template")] == ["/undo/7/"]
    assert [one["class"] for one in outline.all("div") if "cw-note" in (one.get("class") or "").split()] == [
        "cw-note cw-note--bad",
        "cw-note",
    ]


def test_every_part_compiles() -> None:
    loader = engines["django"]
    names = ["bulk_bar", "confirm", "copy_button", "density", "empty", "facts", "file_drop", "filter_chips"]
    names += ["key_figures", "keys_help", "pager", "progress", "tabs", "timeline", "toasts", "autosave"]
    for name in names:
        assert loader.get_template(f"core/parts/{name}.html").render({"name": "photo"}) != ""


def test_many_actions_of_a_page_lie_behind_more_but_never_the_primary_one() -> None:
    def actions(number: int) -> list[dict[str, Any]]:
        return [*({"label": f"事{place}", "url": f"/{place}/"} for place in range(number)),
                {"label": "登记", "url": "/new/", "primary": True}]  # fmt: skip

    assert tags.folded_actions(actions(4)) == []
    assert [one["label"] for one in tags.folded_actions(actions(5))] == ["事3", "事4"]
    shown = Outline(part("page_head", title="会议", actions=actions(5))).all("a")
    beside = [one["href"] for one in shown if "cw-btn" in str(one.get("class")).split()]
    assert beside == ["/0/", "/1/", "/2/", "/new/"]
    menu = [(one["href"], one["class"]) for one in shown if "cw-menu__item" in str(one.get("class"))]
    assert menu == [
        *((f"/{place}/", "cw-menu__item cw-narrow") for place in range(3)),
        ("/3/", "cw-menu__item"), ("/4/", "cw-menu__item"),
    ]  # fmt: skip
