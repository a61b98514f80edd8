"""What Django itself says beside a field, in the house's words."""

from __future__ import annotations

import re
from pathlib import Path

import django
import pytest
from babel.messages.pofile import read_po
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile

from chuangwen.core import django_words
from chuangwen.core.forms import HouseForm

DJANGO = Path(django.__file__).parent / "conf/locale/zh_Hans/LC_MESSAGES/django.po"


class AnyForm(HouseForm):
    title = forms.CharField(max_length=4)
    number = forms.IntegerField(min_value=1, max_value=9, required=False)
    day = forms.DateField(required=False)
    kind = forms.ChoiceField(choices=[("a", "甲")], required=False)
    file = forms.FileField(required=False)


@pytest.mark.parametrize(
    ("said", "field", "words"),
    [
        ({"title": ""}, "title", "这一项还空着。请填写或选择。"),
        ({"title": "一二三四五"}, "title", "最多4字，现在5字。请删减。"),
        ({"title": "甲\x00"}, "title", "“甲”后面有一个看不见的字符，请删掉重新输入。"),
        ({"number": "x"}, "number", "这里要填整数，如12。请改填。"),
        ({"number": "0"}, "number", "不能小于1。请改大。"),
        ({"number": "10"}, "number", "不能大于9。请改小。"),
        ({"day": "2026-02-30"}, "day", "没有这一天，或写法不对。请按“2026-03-05”的样子填写。"),
        ({"kind": "b"}, "kind", "“b”不在可选的范围里。请从列表中重新选择。"),
    ],
)
def test_fault_names_the_way_out_in_the_house_words(said, field, words):
    assert AnyForm({"title": "好"} | said).errors == {field: [words]}


def test_empty_file_is_said_to_be_empty():
    form = AnyForm({"title": "好"}, {"file": SimpleUploadedFile("通知.docx", b"")})
    assert form.errors == {"file": ["这个文件是空的。请看看是否传错、是否已保存，再重新选择。"]}


def test_every_word_is_one_that_django_says():
    """A new version of Django that words something else would bring its own Chinese back."""
    source = Path(django_words.__file__).read_text("utf-8")
    with DJANGO.open("rb") as file:
        ids = [message.id for message in read_po(file)]
    known = {one for each in ids for one in (each if isinstance(each, tuple) else (each,))}
    said = re.findall(r'^\s+(?:gettext_noop\()?"(.+)"\)?,$', source, re.MULTILINE)
    assert len(said) > 20
    assert [one for one in said if one not in known | {"limit_value", "max"}] == []
