"""Commitments and one-time codes, against the published example."""

from __future__ import annotations

import hashlib

import pytest

from chuangwen.inspections.sampling import (
    Chain,
    Commitment,
    SamplingError,
    make_commitment,
    new_secret,
    opens,
    read_secret,
)
from chuangwen.inspections.sampling.chain import canonical_hex, check_code
from tests.inspections.sampling.builders import SECRET

H10 = "950ea08d8d5fd3ae415b9967aba7a48aba39ca62a4d98f2e7fe25cb1b8f8c488"
H9 = "5346f2efb5397a6788fc1f1d9c05c6d3f2abe9b7d16d8592a3695b6dbe9f2456"


def test_chain_gives_the_published_example() -> None:
    chain = Chain(SECRET, 10)
    assert chain.commitment() == Commitment(H10, 10)
    assert chain.code() == H9


def test_later_draw_is_checked_against_the_code_before() -> None:
    chain = Chain(SECRET, 10)
    assert chain.commitment(2) == Commitment(H9, 9)
    assert hashlib.sha256(bytes.fromhex(chain.code(2))).hexdigest() == H9
    assert chain.commitment(2).accepts(chain.code(2))
    assert not chain.commitment(1).accepts(chain.code(2))


def test_last_code_of_a_chain_is_the_secret_and_then_there_is_none() -> None:
    chain = Chain(SECRET, 2)
    assert bytes.fromhex(chain.code(2)) == SECRET
    for draw in (0, 3):
        with pytest.raises(SamplingError, match=f"hashed 2 times, so there is no draw number {draw}"):
            chain.code(draw)
        with pytest.raises(SamplingError, match="commit to a new secret"):
            chain.commitment(draw)


def test_default_chain_is_hashed_ten_times() -> None:
    assert Chain(SECRET).commitment() == Commitment(H10, 10)


def test_chain_does_not_print_its_secret() -> None:
    assert repr(Chain(SECRET, 3)) == "Chain(times=3)"


def test_chain_without_secret_or_hashes_is_refused() -> None:
    with pytest.raises(SamplingError, match="the secret is empty"):
        Chain(b"", 3)
    for times in (0, -1, True):
        with pytest.raises(SamplingError, match="at least once"):
            Chain(SECRET, times)


def test_code_that_does_not_belong_to_the_commitment_is_refused() -> None:
    check_code(None, "00")
    check_code(Commitment(H10, 10), H9)
    with pytest.raises(SamplingError, match="does not belong to the commitment 950ea08d"):
        check_code(Commitment(H10, 10), H10)


def test_published_secret_opens_its_commitment_only() -> None:
    assert opens(Commitment(H10, 10), SECRET)
    assert not opens(Commitment(H10, 9), SECRET)
    assert not opens(Commitment(H10, 10), SECRET + b"\n")


@pytest.mark.parametrize(
    ("data", "secret"),
    [(b"s", b"s"), (b"s\n", b"s"), (b"s\r\n", b"s"), (b"s\n\n", b"s\n"), (b"s\r", b"s\r"), (b" s ", b" s ")],
)
def test_secret_file_loses_one_final_line_end(data: bytes, secret: bytes) -> None:
    assert read_secret(data) == secret


def test_new_secrets_differ_and_hold_256_bits() -> None:
    first, second = new_secret(), new_secret()
    assert first != second
    assert len(bytes.fromhex(first)) == 32


def test_hexadecimal_is_trimmed_and_lowered() -> None:
    assert canonical_hex(" AB01 ", what="code") == "ab01"
    for text in ("abc", "0x12", "12 34", "gg"):
        with pytest.raises(SamplingError, match=f"the code “{text}” is not hexadecimal"):
            canonical_hex(text, what="code")


def test_commitment_as_typed() -> None:
    assert make_commitment(f" {H10.upper()}", 10) == Commitment(H10, 10)
    with pytest.raises(SamplingError, match="the commitment has 62 characters; a SHA-256 has 64"):
        make_commitment(H10[2:], 10)
    with pytest.raises(SamplingError, match="the number of hashes is 0"):
        make_commitment(H10, 0)


def test_commitment_of_one_hash_is_enough_and_of_none_is_refused() -> None:
    assert make_commitment(H10, 1) == Commitment(H10, 1)
    with pytest.raises(SamplingError, match="must be 1 or more"):
        make_commitment(H10, 0)


def test_secret_hashed_once_serves_one_draw() -> None:
    assert bytes.fromhex(Chain(SECRET, 1).code()) == SECRET
