"""A time limit as an office writes it."""

from __future__ import annotations

import re
from typing import Any

from django import forms

from chuangwen.core.workdays import WITHIN
from chuangwen.rectification.words import within_words

# The longer words first: 工作小时 holds 小时
LIMITS = ((("工作小时", "working hour"), "h"), (("小时", "hour"), "H"), (("工作日", "天", "日", "day"), "d"))


class WithinField(forms.CharField):
    """A time limit such as 2个工作日; 2d, as it is kept, is taken too. Other words the service refuses."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=24, required=False, **options)

    def prepare_value(self, value: Any) -> Any:
        return within_words(value) if isinstance(value, str) and WITHIN.fullmatch(value) else value

    def clean(self, value: Any) -> str:
        text = str(super().clean(value))
        found = re.match(r"\s*([1-9][0-9]{0,2})\s*个?\s*", text)
        if not found or WITHIN.fullmatch(text):
            return text
        rest = text[found.end() :].lower()
        unit = next((unit for words, unit in LIMITS if any(word in rest for word in words)), "")
        return f"{found[1]}{unit}" if unit else text
