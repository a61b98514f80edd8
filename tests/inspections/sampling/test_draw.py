"""The draw and its substitutes: fair, blind to order, and plain about what it cannot do."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chuangwen.inspections.sampling import (
    METHODS,
    Chain,
    Method,
    Record,
    SamplingError,
    Times,
    build_pool,
    draw_by_computer,
    run_draw,
    substitute,
    verify_record,
)
from tests.inspections.sampling.builders import (
    CHINA,
    LATER,
    SECRET,
    TIMES,
    document,
    full_record,
    random_record,
    small_pool,
)

QUOTAS = {"market": 2, "道路": 1}


def draw(**changes: Any) -> Record:
    return run_draw(small_pool(), QUOTAS, **{"randomness": "2.2./", "code": "", **changes})


@settings(max_examples=30)
@given(st.integers(0, 10**6), st.randoms())
def test_draw_is_a_function_of_the_set_of_places(seed: int, order: random.Random) -> None:
    record = random_record(seed)
    pairs = [(stratum.name, code) for stratum in record.pool.strata for code in stratum.codes]
    again = run_draw(
        build_pool(order.sample(pairs, len(pairs))),
        dict(order.sample(sorted(record.quotas.items()), len(record.quotas))),
        randomness=record.randomness,
        code=record.code,
        source=record.source,
        commitment=record.commitment,
        method=record.method,
        times=record.times,
    )
    assert again == replace(record, substitutes=())


@pytest.mark.parametrize("method", METHODS)
def test_every_place_is_drawn_equally_often(method: Method) -> None:
    """Chi-square over 3000 draws of 3 out of 8: 24.3 is passed by chance once in a thousand seeds."""
    source, count, drawn = random.Random(20261122), 3000, Counter[str]()  # noqa: S311 (a fixed seed is wanted)
    pool = build_pool(("", f"P{number}") for number in range(8))
    for _ in range(count):
        randomness = "".join(f"{source.randint(1, 6)}." for _ in range(12)) + "/"
        drawn.update(run_draw(pool, {"": 3}, randomness=randomness, code="00", method=method).drawn[""])
    expected = count * 3 / 8
    # Inclusions of one draw are not independent: without putting back, the statistic is scaled by
    # (N - 1) / (N - n) to be chi-square with N - 1 = 7 degrees of freedom.
    statistic = sum((drawn[place] - expected) ** 2 for place in pool.strata[0].codes) / expected * 7 / 5
    assert sum(drawn.values()) == count * 3
    assert statistic < 24.3


@pytest.mark.parametrize("method", METHODS)
def test_every_position_is_as_likely_for_every_place(method: Method) -> None:
    """The 24 orders of four places over 4800 draws; 49.7 is the thousandth of chi-square, 23 degrees."""
    pool = build_pool(("", code) for code in "abcd")
    orders = Counter(
        run_draw(pool, {"": 4}, randomness=f"{number}./", code="", method=method).drawn[""] for number in range(4800)
    )
    assert len(orders) == 24
    assert sum((found - 200) ** 2 / 200 for found in orders.values()) < 49.7


def test_smallest_tickets_of_each_stratum_are_drawn() -> None:
    record = draw()
    for stratum, quota in QUOTAS.items():
        order = record.orders[stratum]
        assert [ticket.proof for ticket in order] == sorted(ticket.proof for ticket in order)
        assert record.drawn[stratum] == tuple(ticket.code for ticket in order[:quota])
    assert record.drawn_count == 3


def test_quota_above_the_size_takes_all_and_says_so() -> None:
    record = run_draw(small_pool(), {"market": 6, "道路": 4}, randomness="2./", code="")
    assert sorted(record.drawn["道路"]) == ["人民路", "文化路", "新华路"]
    assert record.short_strata == {"道路": (4, 3)}
    assert record.quotas == {"market": 6, "道路": 4}


def test_stratum_without_quota_draws_nothing() -> None:
    record = run_draw(small_pool(), {"道路": 1}, randomness="2./", code="")
    assert record.drawn["market"] == ()
    assert len(record.orders["market"]) == 6


def test_code_must_belong_to_the_commitment() -> None:
    chain = Chain(SECRET, 10)
    assert draw(code=chain.code().upper(), commitment=chain.commitment()).code == chain.code()
    for wrong in (chain.code(2), chain.commitment().digest, ""):
        with pytest.raises(SamplingError, match="does not belong to the commitment"):
            draw(code=wrong, commitment=chain.commitment())


def test_second_draw_uses_the_link_before_and_verifies() -> None:
    chain = Chain(SECRET, 10)
    first = draw(code=chain.code(1), commitment=chain.commitment(1))
    second = draw(code=chain.code(2), commitment=chain.commitment(2))
    assert second.commitment is not None
    assert (second.commitment.digest, second.commitment.times) == (first.code, 9)
    assert second.orders != first.orders
    assert verify_record(document(second)) == ()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"method": "dice"}, "there is no method “dice”; use vrs or rfc3797"),
        ({"code": "xy"}, "the one-time code “xy” is not hexadecimal"),
        ({"randomness": " 2./"}, "spaces at its ends"),
        ({"randomness": ""}, "it is empty"),
        ({"times": TIMES}, "a time of commitment but no commitment"),
    ],
)
def test_draw_that_cannot_be_repeated_is_refused(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(SamplingError, match=words):
        draw(**changes)


def test_source_that_is_blank_is_not_stated() -> None:
    assert draw(source=" \n").source == draw().source == "not stated"
    assert draw(source=" 双色球\n第2026123期 ").source == "双色球 第2026123期"


def test_draw_before_the_release_time_is_refused() -> None:
    early = datetime(2026, 11, 16, 7, 29, tzinfo=CHINA)
    with pytest.raises(SamplingError) as caught:
        replace(TIMES, drawn=early)
    assert str(caught.value) == (
        "the draw at 2026-11-16T07:29:00+08:00 comes before the time “released”, "
        "2026-11-16T07:30:00+08:00; wait until then"
    )
    assert replace(TIMES, drawn=TIMES.released).drawn == TIMES.released


def test_time_without_zone_is_refused() -> None:
    with pytest.raises(SamplingError, match="the time “frozen” has no time zone"):
        Times(frozen=datetime(2026, 11, 13))  # noqa: DTZ001 (the fault under test)


def test_simple_form_records_the_system_randomness_and_verifies() -> None:
    record = draw_by_computer(small_pool(), QUOTAS, random_bytes=lambda size: bytes(range(size)))
    assert record.randomness == bytes(range(32)).hex()
    assert (record.source, record.code, record.method) == ("computer (system random)", "", "vrs")
    assert document(record)["commitment"] is None
    assert verify_record(document(record)) == ()


def test_simple_form_never_draws_twice_with_the_same_randomness() -> None:
    first, second = (draw_by_computer(small_pool(), QUOTAS) for _ in range(2))
    assert len(bytes.fromhex(first.randomness)) == 32
    assert first.randomness != second.randomness


def test_substitute_is_the_next_ticket_of_the_stratum() -> None:
    record = draw()
    order = [ticket.code for ticket in record.orders["market"]]
    once = substitute(record, stratum="market", skipped=order[0], reason=" 关门\n停业 ", at=LATER)
    twice = substitute(once, stratum="market", skipped=order[2], reason="gone", at=LATER)
    assert once.to_visit["market"] == (order[2], order[1])
    assert twice.to_visit["market"] == (order[3], order[1])
    assert twice.drawn == record.drawn
    assert [ticket.code for ticket in twice.reserve["market"]] == order[4:]
    assert twice.to_visit["道路"] == record.drawn["道路"]
    assert twice.substitutes[0].reason == "关门 停业"


def test_substitute_for_a_place_that_is_not_to_be_visited_is_refused() -> None:
    record = draw()
    waiting = record.reserve["market"][0].code
    gone = substitute(record, stratum="market", skipped=record.drawn["market"][0], reason="gone", at=LATER)
    for of, stratum, place in (
        (record, "market", waiting),
        (record, "road", waiting),
        (gone, "market", record.drawn["market"][0]),
    ):
        with pytest.raises(SamplingError, match=f"the place “{place}” is not to be visited"):
            substitute(of, stratum=stratum, skipped=place, reason="x", at=LATER)


def test_exhausted_stratum_says_so() -> None:
    record = run_draw(small_pool(), {"道路": 3}, randomness="2./", code="")
    place = record.drawn["道路"][0]
    with pytest.raises(SamplingError) as caught:
        substitute(record, stratum="道路", skipped=place, reason="gone", at=LATER)
    assert str(caught.value) == (
        f"the stratum “道路” is exhausted: its 3 places are all drawn or skipped, so “{place}” has no "
        "substitute; record it as not inspected"
    )


def test_substitute_without_reason_or_before_the_draw_is_refused() -> None:
    record = full_record()
    place = record.to_visit["道路"][0]
    drawn = record.times.drawn
    assert drawn is not None
    for reason, at, words in (
        ("\n", LATER, "say why the place"),
        ("gone", LATER.replace(tzinfo=None), "has no time zone"),
        ("gone", drawn - timedelta(seconds=1), "comes before the draw at"),
    ):
        with pytest.raises(SamplingError, match=words):
            substitute(record, stratum="道路", skipped=place, reason=reason, at=at)
    assert substitute(record, stratum="道路", skipped=place, reason="gone", at=drawn).substitutes[-1].at == drawn


def test_draw_by_computer_keeps_its_times() -> None:
    times = replace(TIMES, committed=None)
    assert draw_by_computer(small_pool(), QUOTAS, times=times).times == times
