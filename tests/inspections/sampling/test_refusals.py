"""What a refusal of the draw says, word by word: a witness reads it aloud, a screen looks it up in its catalogue."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from chuangwen.inspections.sampling import (
    Chain,
    Commitment,
    SamplingError,
    Times,
    build_pool,
    dice_text,
    lottery_text,
    make_commitment,
    opens,
    run_draw,
    substitute,
)
from chuangwen.inspections.sampling.chain import check_code
from chuangwen.inspections.sampling.randomness import check_randomness, read_numbers
from chuangwen.inspections.sampling.tickets import RFC3797_LIMIT, rfc3797_order
from tests.inspections.sampling.builders import LATER, SECRET, TIMES, full_record, small_pool

H10 = Chain(SECRET, 10).commitment().digest


def draw(**changes: object) -> object:
    given = {"randomness": "2.2.6.4./", "code": "", **changes}
    return run_draw(small_pool(), {"market": 2}, **given)  # type: ignore[arg-type]


def replaced(**changes: object) -> object:
    record = full_record()
    given = {"stratum": "market", "skipped": record.to_visit["market"][0], "reason": "闭店", "at": LATER, **changes}
    return substitute(record, **given)  # type: ignore[arg-type]


def exhausted() -> object:
    record = run_draw(build_pool([("market", "M-01")]), {"market": 1}, randomness="1./", code="", times=TIMES_SIMPLE)
    return substitute(record, stratum="market", skipped="M-01", reason="闭店", at=LATER)


TIMES_SIMPLE = Times(drawn=TIMES.drawn)
VISITED = full_record().to_visit["market"][0]


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (lambda: Chain(b"", 3), "the secret is empty; write a long random text into its file"),
        (lambda: Chain(SECRET, 0), "the secret must be hashed at least once, not 0 times"),
        (
            lambda: Chain(SECRET, 2).code(3),
            "the secret was hashed 2 times, so there is no draw number 3; commit to a new secret",
        ),
        (
            lambda: make_commitment("xyz", 1),
            "the commitment “xyz” is not hexadecimal: an even number of 0-9 and a-f; copy it again",
        ),
        (
            lambda: make_commitment("ab", 1),
            "the commitment has 2 characters; a SHA-256 has 64: copy it again",
        ),
        (lambda: make_commitment(H10, 0), "the number of hashes is 0; it must be 1 or more"),
        (
            lambda: check_code(Commitment(H10, 10), "00"),
            (
                f"the one-time code 00 does not belong to the commitment {H10}: its SHA-256 is another number; "
                "use the code that the facilitator committed to"
            ),
        ),
        (lambda: dice_text([3, 7]), "7 is not on a die with 6 faces; look at the dice again"),
        (lambda: lottery_text([4, 9, 4]), "the lottery number 4 occurs twice; look again"),
        (lambda: lottery_text([-1, 4]), "a source of randomness needs whole numbers from 0 on"),
        (lambda: read_numbers("3 x 4"), "“x” is not a whole number; write the numbers with spaces between them"),
        (lambda: read_numbers(" , "), "there is no number; write the numbers with spaces between them"),
        (
            lambda: check_randomness(""),
            "the randomness “” cannot be used: it is empty; write it as it was announced",
        ),
        (
            lambda: rfc3797_order(("x",) * (RFC3797_LIMIT + 1), key=b""),
            "RFC 3797 can order 65536 places of one stratum, not 65537; use the method vrs",
        ),
        (lambda: draw(method="coin"), "there is no method “coin”; use vrs or rfc3797"),
        (lambda: draw(times=TIMES), "there is a time of commitment but no commitment; give both or neither"),
        (
            lambda: draw(code="xyz"),
            "the one-time code “xyz” is not hexadecimal: an even number of 0-9 and a-f; copy it again",
        ),
        (
            lambda: replaced(skipped="M-99"),
            (
                "the place “M-99” is not to be visited in the stratum “market”; only a drawn place or its "
                "substitute can be replaced"
            ),
        ),
        (
            lambda: replaced(stratum="医院"),
            (
                f"the place “{VISITED}” is not to be visited in the stratum “医院”; only a drawn place or its "
                "substitute can be replaced"
            ),
        ),
        (lambda: replaced(reason=" "), f"say why the place “{VISITED}” cannot be inspected"),
        (
            lambda: replaced(at=LATER.replace(tzinfo=None)),
            "the time of the substitution has no time zone; give it one",
        ),
        (
            lambda: replaced(at=TIMES.drawn - timedelta(seconds=1)),
            (
                "the substitution at 2026-11-16T07:30:59+08:00 comes before the draw at 2026-11-16T07:31:00+08:00; "
                "correct the time"
            ),
        ),
        (
            exhausted,
            (
                "the stratum “market” is exhausted: its 1 places are all drawn or skipped, so “M-01” has no "
                "substitute; record it as not inspected"
            ),
        ),
    ],
)
def test_refusal_tells_fault_place_and_way_out(act: Callable[[], object], words: str) -> None:
    with pytest.raises(SamplingError) as refused:
        act()
    assert str(refused.value) == words


def test_secret_opens_a_commitment_of_as_many_hashes_as_it_says() -> None:
    chain = Chain(SECRET, 3)
    assert opens(chain.commitment(), SECRET)


def test_substitution_at_the_very_moment_of_the_draw_is_taken() -> None:
    assert replaced(at=TIMES.drawn).substitutes[-1].at == TIMES.drawn  # type: ignore[attr-defined]
