"""The engine against a second implementation that was written from the specification alone."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.scoring.engine.agreement import NEAR, assert_rows_agree
from tests.scoring.engine.oracle import plain_score
from tests.scoring.engine.random_cases import Case, random_case

STANDARDS, SUBJECTS = 40, 50  # 2,000 results in each run of the tests, besides hypothesis's own


def assert_agree(case: Case) -> None:
    plain = plain_score(case.standard, case.tables, case.missing)
    scores = case.scored()
    assert_rows_agree(scores.subjects.to_dicts(), plain.subjects)
    assert_rows_agree(scores.nodes.to_dicts(), plain.nodes)
    assert_rows_agree(scores.losses.to_dicts(), plain.losses)


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_engine_agrees_with_plain_implementation_on_random_standards(seed: int) -> None:
    assert_agree(random_case(seed))


@pytest.mark.parametrize("seed", range(STANDARDS))
def test_engine_agrees_with_plain_implementation_on_many_subjects(seed: int) -> None:
    case = random_case(seed, subjects=SUBJECTS)
    assert len({row["subject"] for row in case.tables.observations}) == SUBJECTS
    assert_agree(case)


def main() -> None:
    """As many standards as wanted, each drawn anew: `python -m tests.scoring.engine.test_oracle 2000`."""
    wanted = int(sys.argv[1])
    for seed in range(wanted):
        assert_agree(random_case(seed))
    sys.stdout.write(f"{wanted} random standards: engine and plain implementation agree within {NEAR}\n")


if __name__ == "__main__":
    main()
