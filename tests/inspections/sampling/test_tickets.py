"""The two methods against their published examples."""

from __future__ import annotations

import hashlib

import pytest

from chuangwen.inspections.sampling import SamplingError, build_pool, run_draw
from chuangwen.inspections.sampling.tickets import (
    order_pool,
    rfc3797_key,
    rfc3797_order,
    vrs_order,
    vrs_prk,
    vrs_ticket,
)

CODE = "5346f2efb5397a6788fc1f1d9c05c6d3f2abe9b7d16d8592a3695b6dbe9f2456"
RANDOMNESS = "1.2.3.4.5.6./1.2.3.4.5.6./1.2.3.4.5.6./"
RFC3797 = "9319./2.5.8.10.12./9.18.26.34.41.45./"


@pytest.mark.parametrize(
    ("code", "start"),
    [
        ("lavenderblush", "002ed527ae0a44a86c205d1cdba"),
        ("blue", "03f710be2b61a6f9c3f89aa5ab5"),
        ("darkgoldenrod", "08bab81380d7f0769cecf9969a8"),
    ],
)
def test_vrs_ticket_is_the_published_one(code: str, start: str) -> None:
    ticket = vrs_ticket(vrs_prk(CODE, RANDOMNESS), code)
    assert (len(ticket), ticket.hex()[: len(start)]) == (32, start)


def test_vrs_order_puts_the_smallest_ticket_first() -> None:
    order = vrs_order(("blue", "darkgoldenrod", "lavenderblush"), prk=vrs_prk(CODE, RANDOMNESS))
    assert [ticket.code for ticket in order] == ["lavenderblush", "blue", "darkgoldenrod"]


def test_vrs_ticket_of_a_place_does_not_depend_on_the_others() -> None:
    prk = vrs_prk(CODE, RANDOMNESS)
    few, many = vrs_order(("a", "b"), prk=prk), vrs_order(("a", "b", "c", "d"), prk=prk)
    assert set(few) < set(many)


def test_rfc3797_order_is_the_published_one() -> None:
    order = rfc3797_order(tuple(f"{number:02}" for number in range(1, 26)), key=RFC3797.encode())
    assert [int(ticket.code) for ticket in order[:10]] == [17, 7, 2, 16, 25, 23, 8, 24, 19, 13]
    assert sorted(int(ticket.code) for ticket in order) == list(range(1, 26))


def test_rfc3797_draw_of_one_stratum_without_name_uses_the_randomness_itself() -> None:
    pool = build_pool(("", f"{number:02}") for number in range(25, 0, -1))
    record = run_draw(pool, {"": 10}, randomness=RFC3797, code="", method="rfc3797")
    assert record.drawn == {"": ("17", "07", "02", "16", "25", "23", "08", "24", "19", "13")}


@pytest.mark.parametrize(
    ("stratum", "only", "key"), [("", True, "r"), ("", False, "r/"), ("a", True, "ra/"), ("a", False, "ra/")]
)
def test_rfc3797_key_names_the_stratum(stratum: str, only: bool, key: str) -> None:
    assert rfc3797_key("r", stratum, only=only) == key.encode()


def test_rfc3797_refuses_more_places_than_it_can_number() -> None:
    codes = tuple(f"{number:05}" for number in range(65_537))
    with pytest.raises(SamplingError, match="can order 65536 places of one stratum, not 65537"):
        rfc3797_order(codes, key=b"r")


def test_rfc3797_orders_as_many_as_its_steps_have_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chuangwen.inspections.sampling.tickets.RFC3797_LIMIT", 3)
    assert len(rfc3797_order(("a", "b", "c"), key=b"k")) == 3
    with pytest.raises(SamplingError, match="can order 3 places"):
        rfc3797_order(("a", "b", "c", "d"), key=b"k")


def test_rfc3797_names_the_digest_of_every_step_under_the_key_of_its_stratum() -> None:
    orders = order_pool(
        build_pool([("a", "A1"), ("b", "B1"), ("b", "B2")]), method="rfc3797", randomness="1./", code=""
    )
    steps = {
        name: [hashlib.md5(n + key + n).hexdigest() for n in (b"\0\0", b"\0\1")[:size]]  # noqa: S324
        for name, key, size in (("a", b"1./a/", 1), ("b", b"1./b/", 2))
    }
    assert {name: [ticket.proof for ticket in order] for name, order in orders.items()} == steps
