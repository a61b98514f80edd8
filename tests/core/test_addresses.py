"""Remembered addresses."""

from __future__ import annotations

import pytest
from django.urls import NoReverseMatch, reverse, set_script_prefix

from chuangwen.core.addresses import address


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
