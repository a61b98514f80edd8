"""The engine against a second implementation that was written from the specification alone."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.scoring.engine.agreement import assert_rows_agree
from tests.scoring.engine.oracle import plain_score
from tests.scoring.engine.random_cases import random_case


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_engine_agrees_with_plain_implementation_on_random_standards(seed: int) -> None:
    case = random_case(seed)
    plain = plain_score(case.standard, case.tables, case.missing)
    scores = case.scored()
    assert_rows_agree(scores.subjects.to_dicts(), plain.subjects)
    assert_rows_agree(scores.nodes.to_dicts(), plain.nodes)
    assert_rows_agree(scores.losses.to_dicts(), plain.losses)
