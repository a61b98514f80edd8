"""Selects look as Django's own template makes them, whatever their choices hold; and so do the cells of a list."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates

from chuangwen.core.lists.columns import Cell
from chuangwen.core.rendering import QuickForms
from chuangwen.core.templatetags.tables import table_rows

CHOICES = [
    ("", "请选择"),
    (1, "东门"),
    ('"><script>', "<b>西门</b> & 'x'"),
    ("街道", [("s1", "城关街道"), (7, "南门")]),
    ('a"b', [("z", 'q"')]),
]


class Choosing(forms.Form):
    one = forms.ChoiceField(choices=CHOICES)
    several = forms.MultipleChoiceField(
        choices=CHOICES, required=False, help_text="…", widget=forms.SelectMultiple({"size": 4, "data-x": "<"})
    )


def shown(renderer, data):
    form = Choosing(data, renderer=renderer())
    text = f"{form['one']}{form['several']}"
    return re.sub(r">\s+<", "><", text)


@pytest.mark.parametrize(
    "data",
    [None, {}, {"one": "1"}, {"one": '"><script>', "several": ["s1", "7"]}, {"one": "no such", "several": ["z"]}],
)
def test_select_is_what_the_template_shows(data):
    assert shown(QuickForms, data) == shown(DjangoTemplates, data)


def test_select_escapes_values_labels_and_groups():
    text = shown(QuickForms, {"one": '"><script>'})
    assert "<script>" not in text
    assert "<b>" not in text
    assert '<optgroup label="a&quot;b">' in text


def test_site_renders_with_it():
    assert isinstance(Choosing().renderer, QuickForms)


@pytest.mark.parametrize(
    ("content", "words"),
    [(date(2025, 12, 27), "2025年12月27日"), (Decimal("0.50"), "0.50"), (12, "12"), ("<b>", "&lt;b&gt;")],
)
def test_cell_of_a_list_is_written_as_people_write_it(content, words):
    row = {"pk": 1, "url": "", "name": "", "cells": [Cell("", content, "")]}
    assert f"<td>{words}</td>" in table_rows([row])
