"""Rows that hold a standard's code have room for the longest that a standard may have."""

from __future__ import annotations

import pytest

from chuangwen.inspections.models import Observation
from chuangwen.rectification.models import Problem
from chuangwen.scoring.models import Loss, NodeResult
from chuangwen.standards.models import Check, Node


@pytest.mark.parametrize(
    ("model", "field", "source"),
    [(Observation, "code", Node), (NodeResult, "code", Node), (Loss, "code", Node), (Problem, "check_code", Check)],
)
def test_code_of_a_standard_fits(model, field, source):
    assert model._meta.get_field(field).max_length >= source._meta.get_field("code").max_length
