"""The base of every form: characters that cannot be seen and days of no calendar are refused beside their field."""

from __future__ import annotations

from datetime import date

import pytest
from django import forms

from chuangwen.core.forms import HouseForm


class Asked(HouseForm):
    line = forms.CharField(required=False)
    lines = forms.CharField(required=False, widget=forms.Textarea)
    day = forms.DateField(required=False)
    at = forms.DateTimeField(required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["late"] = forms.CharField(required=False)


def faults(**data):
    form = Asked(data)
    form.is_valid()
    return dict(form.errors)


@pytest.mark.parametrize("name", ["line", "lines", "late"])
@pytest.mark.parametrize("odd", ["\x00", "\x07", "\x1b", "\x7f", "\x85", "\u202e", "\u2066"])
def test_character_that_cannot_be_seen_is_refused_in_every_text(name, odd):
    assert list(faults(**{name: f"城管{odd}局"})) == [name]


def test_fault_says_where_and_what_to_do():
    assert faults(line="东关农贸市场南门\x07外") == {"line": ["“农贸市场南门”后面有一个看不见的字符，请删掉重新输入。"]}


def test_lines_and_tabs_stay_where_there_are_lines():
    assert faults(lines="一\r\n二\t三\n") == {}
    assert list(faults(line="一\n二")) == ["line"]


@pytest.mark.parametrize("text", ["汉字 ａｂｃ 𠮷 é", "👩‍🌾", "—“”…〔2026〕8号", " 前后 "])
def test_what_people_write_is_taken(text):
    assert faults(line=text, lines=text) == {}


@pytest.mark.parametrize("day", ["0001-01-01", "1899-12-31", "2100-01-01", "9999-12-31", "275760-09-12"])
def test_far_day_is_refused_with_the_years_it_may_have(day):
    words = ["年份不对。请选1900年到2099年之间的日期。"]
    assert faults(day=day, at=f"{day}T23:59") == {"day": words, "at": words}


@pytest.mark.parametrize("day", ["1900-01-01", "2026-11-22", "2099-12-31"])
def test_near_day_is_taken(day):
    assert faults(day=day, at=f"{day} 08:00") == {}


def test_what_is_no_day_keeps_its_own_words():
    assert list(faults(day="昨天")) == ["day"]
    assert "1900" not in faults(day="昨天")["day"][0]


def test_days_of_a_form_of_the_house_are_dates():
    form = Asked({"day": "2026-11-22"})
    assert form.is_valid()
    assert form.cleaned_data["day"] == date(2026, 11, 22)
