"""What every template must be: it compiles, holds no inline style or script, loads nothing from elsewhere."""

from __future__ import annotations

import re

import pytest
from django.template import engines

from tests.rules.ladder import PACKAGE, ROOT, place

TEMPLATES = sorted(PACKAGE.glob("*/templates/**/*.html"))
COMMENT = re.compile(r"\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}|<!--.*?-->", re.DOTALL)
TAGS = re.compile(r"\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
CHINESE = re.compile(r"[\u3400-\u9fff]")
NAME_OF_LANGUAGE = re.compile(r"lang=\"zh-CN\">[^<]*<")  # a language is named in itself
FAULTS = {
    "inline style": re.compile(r"<style\b|\sstyle=", re.IGNORECASE),
    "inline script": re.compile(r"<script\b(?![^>]*\b(?:src=|type=\"application/json\"))", re.IGNORECASE),
    "event attribute": re.compile(r"<[^>]*\son[a-z]+=", re.IGNORECASE),
    "javascript address": re.compile(r"javascript:", re.IGNORECASE),
    "something loaded from elsewhere": re.compile(
        r"(?:src|href|action)=\"(?:https?:)?//(?!www\.w3\.org)", re.IGNORECASE
    ),
    "link that leads nowhere": re.compile(r"href=\"#?\""),
    "picture without words": re.compile(r"<img\b(?![^>]*\balt=)", re.IGNORECASE),
    "positive tabindex": re.compile(r"tabindex=\"[1-9]"),
}


def faults(text: str) -> list[str]:
    """What is wrong with a template, comments left out."""
    plain = COMMENT.sub("", text)
    found = [name for name, pattern in FAULTS.items() if pattern.search(plain)]
    forms = re.findall(r"<form\b[^>]*method=\"post\".*?</form>", plain, re.DOTALL | re.IGNORECASE)
    found += ["form without csrf_token" for form in forms if "csrf_token" not in form and "hx-post" not in form]
    if CHINESE.search(NAME_OF_LANGUAGE.sub("", TAGS.sub("", plain))):
        found.append("Chinese text that is no msgid")
    return found


@pytest.mark.parametrize("path", TEMPLATES, ids=place)
def test_template_is_clean(path):
    assert faults(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", TEMPLATES, ids=place)
def test_template_compiles(path):
    name = path.as_posix().split("/templates/", 1)[1]
    assert engines["django"].get_template(name).template.nodelist is not None


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('<p style="color:red">', "inline style"),
        ("<script>alert(1)</script>", "inline script"),
        ('<a onclick="x()">', "event attribute"),
        ('<img src="https://example.org/a.png" alt="">', "something loaded from elsewhere"),
        ('<a href="#">', "link that leads nowhere"),
        ('<img src="a.png">', "picture without words"),
        ('<form method="post"><input></form>', "form without csrf_token"),
        ("<p>中文</p>", "Chinese text that is no msgid"),
    ],
)
def test_fault_would_be_found(text, fault):
    assert faults(text) == [fault]


@pytest.mark.parametrize(
    "text",
    [
        '<script type="module" src="a.js"></script>',
        '<script type="application/json" id="a">{}</script>',
        '{# 中文 #}{% translate "x" %}<img alt="" src="/a.png">',
        '<form method="post">{% csrf_token %}</form>',
        '<a href="#main">{{ x|default:"中" }}</a>',
    ],
)
def test_clean_text_is_left_alone(text):
    assert faults(text) == []


def test_every_icon_is_in_the_sprite():
    known = set((ROOT / "frontend" / "src" / "icons.txt").read_text(encoding="utf-8").split("\n"))
    used = {}
    for path in TEMPLATES:
        for name in re.findall(r"\{% icon \"([^\"]+)\"", path.read_text(encoding="utf-8")):
            used.setdefault(name, place(path))
    for path in sorted(PACKAGE.rglob("*.py")):
        for name in re.findall(r"\bicon(?:\"\s*:|=)\s*\"([a-z][a-z0-9-]*)\"", path.read_text(encoding="utf-8")):
            used.setdefault(name, place(path))
    assert {name: where for name, where in used.items() if name not in known} == {}
