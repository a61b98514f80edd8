"""The record's JSON form, written and read back."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chuangwen.inspections.sampling import SamplingError, load_record, read_record, record_text
from chuangwen.inspections.sampling.record import FIELDS, Times, read_moment, record_dict
from tests.inspections.sampling.builders import full_record, random_record


def test_record_has_exactly_the_fields_of_the_format() -> None:
    value = record_dict(full_record())
    assert tuple(value) == FIELDS
    assert value["format"] == "chuangwen-draw/1"
    assert value["pool"] == {
        "market": ["M-01", "M-02", "M-03", "M-04", "M-05", "M-06"],
        "道路": ["人民路", "文化路", "新华路"],
    }
    assert value["times_of"] == {
        "frozen": "2026-11-13T17:00:00+08:00",
        "committed": "2026-11-13T17:05:00+08:00",
        "released": "2026-11-16T07:30:00+08:00",
        "drawn": "2026-11-16T07:31:00+08:00",
    }


def test_substitutes_are_written_with_the_places_and_the_time() -> None:
    record = full_record()
    first, second = record.substitutes
    assert record_dict(record)["substitutes"] == [
        {
            "stratum": "market",
            "for": record.drawn["market"][0],
            "by": first.by,
            "reason": "closed for rebuilding",
            "at": "2026-11-16T09:40:00+08:00",
        },
        {
            "stratum": "market",
            "for": first.by,
            "by": second.by,
            "reason": "road dug up",
            "at": "2026-11-16T09:40:00+08:00",
        },
    ]


@settings(max_examples=40)
@given(st.integers(0, 10**6))
def test_text_is_the_record_and_is_read_back_whole(seed: int) -> None:
    record = random_record(seed)
    text = record_text(record)
    assert json.loads(text) == json.loads(json.dumps(record_dict(record)))
    assert read_record(text.encode()) == record
    assert read_record(b"\xef\xbb\xbf" + text.encode()) == record


def test_text_is_readable_chinese_with_a_ticket_on_its_line() -> None:
    record = full_record()
    lines = record_text(record).splitlines()
    ticket = record.orders["道路"][0]
    assert f'      ["{ticket.code}", "{ticket.proof}"],' in lines
    assert '      "人民路",' in lines
    assert record_text(record).endswith("}\n")


def test_time_without_zone_is_refused_also_after_one_that_is_not_known() -> None:
    with pytest.raises(SamplingError) as caught:
        Times(committed=datetime(2026, 11, 13))  # noqa: DTZ001
    assert str(caught.value) == "the time “committed” has no time zone; give it one"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"{", "the record is not JSON"),
        (b"[" * 100_000, "the record is not JSON"),
        (b'{"a": 1, "a": 1}', "the name “a” occurs twice"),
        (b"\xff\xfe{", "the record is not UTF-8 \\(it looks like UTF-16\\)"),
    ],
)
def test_file_that_is_no_json_is_refused(data: bytes, words: str) -> None:
    with pytest.raises(SamplingError, match=words):
        load_record(data)


def test_record_that_does_not_verify_is_not_read() -> None:
    text = record_text(full_record()).replace('"2.2.6.4./"', '"2.2.6.5./"')
    with pytest.raises(SamplingError, match=r"does not verify: tickets.market: number 1 is .* \(1\d in all\)"):
        read_record(text.encode())
    with pytest.raises(SamplingError, match="does not verify: record: is not a JSON object"):
        read_record(b"[]")


def test_moment_is_read_in_the_one_form_written() -> None:
    assert read_moment("2026-11-16T07:31:00+00:00") == datetime(2026, 11, 16, 7, 31, tzinfo=UTC)
    for text in ("", "2026-11-16", "2026-11-16T07:31:00", "2026-11-16T07:31:00Z", "2026-11-16 07:31:00+08:00"):
        assert read_moment(text) is None
