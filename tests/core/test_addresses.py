"""Remembered addresses."""

from __future__ import annotations

import pytest
from django.urls import NoReverseMatch, reverse, set_script_prefix

from chuangwen.core.addresses import address, asked_key


def test_address_is_what_reverse_says_under_any_prefix():
    assert address("core:find") == reverse("core:find")
    assert address("rectification:problem", "2026-1187") == "/problems/2026-1187/"
    try:
        set_script_prefix("/创文/")
        assert address("core:find") == reverse("core:find") != "/find/"
    finally:
        set_script_prefix("/")


def test_an_unknown_name_is_refused_each_time():
    for _ in range(2):
        with pytest.raises(NoReverseMatch):
            address("core:nowhere")


@pytest.mark.parametrize(
    ("text", "key"),
    [("12", 12), ("0", 0), ("9" * 17, int("9" * 17)), ("9" * 18, None), ("²", None), ("٣", None), ("-1", None),
     ("1.0", None), (" 1", None), ("", None)],
)  # fmt: skip
def test_key_that_an_address_names_is_a_plain_number_and_none_too_long(text, key):
    assert asked_key(text) == key
