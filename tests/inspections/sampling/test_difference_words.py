"""Everything that verification says of one changed field, word by word: a witness reads it aloud."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from chuangwen.inspections.sampling import SamplingError, load_record, read_record, record_text, verify_record
from tests.inspections.sampling.builders import document, full_record

LAST_TICKET = "人民路 with e8c0614618e340d2152286b1343d84043d34ee6c4de23b9d058b98f1f33e9149"
NO_TIME = "is not a time like 2026-11-22T08:10:00+08:00"
Tamper = Callable[[dict[str, Any]], object]

FORM: list[tuple[Tamper, list[str]]] = [
    (lambda r: r.pop("code"), ["code: is missing"]),
    (lambda r: r.update(method="dice"), ["method: is dice, neither vrs nor rfc3797"]),
    (lambda r: r.update(source=7), ["source: is not a text"]),
    (lambda r: r.update(source=""), ["source: is empty"]),
    (lambda r: r.update(randomness="2 "), ["randomness: “2 ” is not in canonical form: it has spaces at its ends"]),
    (lambda r: r.update(code="AB"), ["code: is not hexadecimal in lower case"]),
    (lambda r: r.update(code=7), ["code: is not hexadecimal in lower case"]),
    (lambda r: r.update(commitment="ab"), ["commitment: is not a SHA-256 in hexadecimal in lower case"]),
    (lambda r: r.update(times=0), ["times: is 0, not a whole number from 1 on"]),
    (lambda r: r.update(times=True), ["times: is True, not a whole number from 1 on"]),
    (
        lambda r: r.update(commitment=None),
        [
            "times: and the commitment must both be given or both be null",
            "times_of.committed: is given without a commitment",
        ],
    ),
    (lambda r: r["quotas"].update(market=-1), ["quotas.market: is not a whole number, 0 or more"]),
    (lambda r: r.update(quotas=[]), ["quotas: is not an object {stratum: ...}"]),
    (lambda r: r["pool"].update(market="M-01"), ["pool.market: is not a list of codes"]),
    (
        lambda r: r["pool"].update(market=["M-01 "]),
        ["pool.market: “M-01 ” is not in canonical form: it has spaces at its ends"],
    ),
    (
        lambda r: r["pool"].update({"道路 ": []}),
        ["pool.道路 : “道路 ” is not in canonical form: it has spaces at its ends"],
    ),
    (lambda r: r["tickets"].update(market=[["M-01"]]), ["tickets.market: is not a list of pairs [code, proof]"]),
    (lambda r: r["drawn"].update(market=[1]), ["drawn.market: is not a list of codes"]),
    (lambda r: r.update(substitutes={}), ["substitutes: is not a list"]),
    (lambda r: r["substitutes"].__setitem__(0, "x"), ["substitutes.1: is not an object"]),
    (
        lambda r: (r["substitutes"].__setitem__(0, 7), r["substitutes"][1].pop("by")),
        ["substitutes.1: is not an object", "substitutes.2.by: is missing"],
    ),
    (
        lambda r: [one.pop("by") for one in r["substitutes"]],
        ["substitutes.1.by: is missing", "substitutes.2.by: is missing"],
    ),
    (
        lambda r: r["substitutes"][0].update(extra=1),
        ["substitutes.1.extra: does not belong to the format chuangwen-draw/1"],
    ),
    (lambda r: r["substitutes"][1].update(reason="", stratum=""), ["substitutes.2.reason: is empty"]),
    (lambda r: r["substitutes"][1].update(at="9:40"), [f"substitutes.2.at: “9:40” {NO_TIME}"]),
    (lambda r: r.update(times_of=[]), ["times_of: is not an object"]),
    (lambda r: r["times_of"].pop("frozen"), ["times_of.frozen: is missing"]),
    (lambda r: r["times_of"].update(frozen=7), [f"times_of.frozen: “7” {NO_TIME}"]),
]

CONTENTS: list[tuple[Tamper, list[str]]] = [
    (
        lambda r: r["pool"].update(road=[]),
        [
            "pool.road: has no place",
            "quotas: lacks the stratum “road”",
            "tickets: lacks the stratum “road”",
            "drawn: lacks the stratum “road”",
        ],
    ),
    (lambda r: r["pool"]["道路"].reverse(), ["pool.道路: is not sorted bytewise"]),
    (lambda r: r["quotas"].update(road=0), ["quotas: has the stratum “road”, which the pool lacks"]),
    (
        lambda r: r["quotas"].pop("道路"),
        ["quotas: lacks the stratum “道路”", "drawn.道路: names 文化路; the first tickets are nothing"],
    ),
    (lambda r: r["drawn"].update(道路=[]), ["drawn.道路: names nothing; the first tickets are 文化路"]),
    (
        lambda r: r["drawn"]["market"].reverse(),
        ["drawn.market: names M-05, M-06; the first tickets are M-06, M-05"],
    ),
    (lambda r: r["tickets"]["道路"].pop(), [f"tickets.道路: number 3 is nothing; computed: {LAST_TICKET}"]),
    (
        lambda r: r["tickets"]["道路"].append(["M-07", "ab"]),
        ["tickets.道路: number 4 is M-07 with ab; computed: nothing"],
    ),
    (
        lambda r: r["substitutes"][0].update(stratum="road"),
        [
            "substitutes.1: the pool has no stratum “road”",
            "substitutes.2: “M-03” was not to be visited when it was replaced",
            "substitutes.2: “M-01” replaces “M-03”; the next ticket is “M-03”",
        ],
    ),
    (
        lambda r: r["substitutes"][1].update({"for": "M-06"}),
        ["substitutes.2: “M-06” was not to be visited when it was replaced"],
    ),
    (lambda r: r["times_of"].update(released="2026-11-16T07:32:00+08:00"), ["times_of.released: lies after the draw"]),
    (
        lambda r: [one.update(at="2026-11-16T07:30:00+08:00") for one in r["substitutes"]],
        ["substitutes.1.at: lies before the draw", "substitutes.2.at: lies before the draw"],
    ),
    (lambda r: r["times_of"].update(released="2026-11-16T07:31:00+08:00"), []),
    (lambda r: r["substitutes"][1].update(at="2026-11-16T07:31:00+08:00"), []),
    (lambda r: r["times_of"].update(frozen=None), []),
]


@pytest.mark.parametrize(("tamper", "told"), [*FORM, *CONTENTS])
def test_difference_is_told_word_by_word_and_nothing_beside_it(tamper: Tamper, told: list[str]) -> None:
    value = document(full_record())
    tamper(value)
    assert [str(difference) for difference in verify_record(value)] == told


def test_digests_that_differ_are_both_named() -> None:
    value = document(full_record())
    value["pool_sha256"], value["code"] = "ab", "00"
    told = [str(difference) for difference in verify_record(value)]
    assert told[:2] == [
        f"code: its SHA-256 is not the commitment {value['commitment']}",
        f"pool_sha256: is ab; the pool has {document(full_record())['pool_sha256']}",
    ]


def test_codes_that_occur_twice_are_named_in_their_order() -> None:
    value = document(full_record())
    value["pool"]["道路"] = ["M-01", "M-02", "M-02", "人民路", "文化路", "新华路"]
    told = [str(difference) for difference in verify_record(value)]
    assert told[:2] == ["pool: the code “M-01” occurs 2 times", "pool: the code “M-02” occurs 3 times"]


def test_what_is_no_record_is_told_in_one_line() -> None:
    assert [str(difference) for difference in verify_record([])] == ["record: is not a JSON object"]
    value = document(full_record())
    value["pool"] = value["quotas"] = value["tickets"] = value["drawn"] = {}
    told = [str(difference) for difference in verify_record(value)]
    assert told[0] == "pool: is empty"
    assert told[2:] == [f"substitutes.{number}: the pool has no stratum “market”" for number in (1, 2)]


@pytest.mark.parametrize(
    ("read", "data", "told"),
    [
        (load_record, b"x", "the record is not JSON (Expecting value: line 1 column 1 (char 0)); fetch it again"),
        (read_record, b"[]", "the record does not verify: record: is not a JSON object (1 in all)"),
    ],
)
def test_file_is_refused_word_by_word(read: Callable[[bytes], object], data: bytes, told: str) -> None:
    with pytest.raises(SamplingError) as caught:
        read(data)
    assert str(caught.value) == told
    assert read_record(record_text(full_record()).encode()) == full_record()
