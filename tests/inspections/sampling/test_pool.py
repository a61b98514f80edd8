"""The pool's canonical form, its digest, and what its files are refused for."""

from __future__ import annotations

import hashlib
import random
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chuangwen.inspections.sampling import SamplingError, build_pool, read_pool, read_quotas
from chuangwen.inspections.sampling.pool import canonical_text, check_quotas, free_text, text_fault

words = st.text(st.characters(categories=("L", "N", "P", "S")), min_size=1, max_size=6)


def test_canonical_form_is_the_sorted_lines_without_a_last_newline() -> None:
    pool = build_pool([("market", "M-02"), ("道路", "人民路"), ("market", "M-01"), ("market b", "X")])
    assert pool.canonical_bytes() == "market\tM-01\nmarket\tM-02\nmarket b\tX\n道路\t人民路".encode()
    assert pool.sha256 == hashlib.sha256(pool.canonical_bytes()).hexdigest()
    assert pool.size == 4
    assert pool.as_dict() == {"market": ["M-01", "M-02"], "market b": ["X"], "道路": ["人民路"]}


def test_codes_are_sorted_bytewise_not_by_language() -> None:
    codes = ["é", "z", "Z", "a", "𠮷", "�", "阿"]
    (stratum,) = build_pool(("", code) for code in codes).strata
    assert list(stratum.codes) == sorted(codes, key=lambda code: code.encode())


@settings(max_examples=50)
@given(st.dictionaries(words, st.tuples(words), min_size=1, max_size=12), st.randoms())
def test_pool_is_a_function_of_the_set(places: dict[str, tuple[str]], order: random.Random) -> None:
    unique = {unicodedata.normalize("NFC", code): stratum for code, (stratum,) in places.items()}
    pairs = [(stratum, code) for code, stratum in unique.items()]
    shuffled = order.sample(pairs, len(pairs))
    assert build_pool(shuffled) == build_pool(pairs)
    assert build_pool(shuffled).sha256 == build_pool(pairs).sha256


def test_texts_are_trimmed_and_composed() -> None:
    (stratum,) = build_pool([("　cafe\u0301 ", " e\u0301-1\t")]).strata
    assert (stratum.name, stratum.codes) == ("café", ("é-1",))


@pytest.mark.parametrize("inside", ["\t", "\n", "\x00", "\u200b", "\u2028", "\ufeff", "\ud800"])
def test_invisible_character_inside_is_refused(inside: str) -> None:
    with pytest.raises(SamplingError, match=f"invisible character U\\+{ord(inside):04X}"):
        build_pool([("market", f"M{inside}1")])


def test_text_fault_names_each_fault() -> None:
    assert text_fault("人民路 1") == ""
    assert text_fault(" a") == "it has spaces at its ends"
    assert text_fault("e\u0301") == "it is not in Unicode normal form C (NFC)"


def test_canonical_text_trims_what_composing_leaves_at_the_end() -> None:
    assert canonical_text("a\u2000") == "a"


def test_free_text_is_one_visible_line() -> None:
    assert free_text(" 闭店\r\n整修\u200b ") == "闭店 整修"


def test_duplicate_code_in_another_stratum_names_both_lines() -> None:
    with pytest.raises(SamplingError) as caught:
        read_pool("stratum,code\nmarket,é\n\nroad,e\u0301 \n".encode())
    assert caught.value.line == 4
    assert str(caught.value) == (
        "line 4: the code “é” occurs twice (first on line 2); remove one of the two or give it another code"
    )
    assert caught.value.params["where"] == " (first on line 2)"


def test_duplicate_code_without_a_file_names_no_line() -> None:
    with pytest.raises(SamplingError) as caught:
        build_pool([("a", "1"), ("a", "1")])
    assert str(caught.value) == "the code “1” occurs twice; remove one of the two or give it another code"


@pytest.mark.parametrize("data", [b"stratum,code\n", b"stratum,code\n,\n \t, \n"])
def test_pool_without_places_is_refused(data: bytes) -> None:
    with pytest.raises(SamplingError, match="the pool is empty"):
        read_pool(data)


def test_place_without_code_is_refused_with_its_line() -> None:
    with pytest.raises(SamplingError, match="line 3: the place has no code"):
        read_pool(b"stratum,code\nmarket,1\nmarket, \n")


def test_csv_with_byte_order_mark_crlf_quotes_and_other_columns() -> None:
    data = '\ufeff code ,name,stratum\r\n"M-1","万和, 二楼",market\r\nM-2,,market\r\n'.encode()
    assert read_pool(data).as_dict() == {"market": ["M-1", "M-2"]}


def test_csv_without_strata_is_one_stratum_without_name() -> None:
    assert read_pool(b"stratum,code\n,b\n,a\n").as_dict() == {"": ["a", "b"]}


@pytest.mark.parametrize("header", ["", "stratum;code", "stratum", "code,code,stratum", "类型,编号"])
def test_csv_with_another_header_is_refused(header: str) -> None:
    with pytest.raises(SamplingError, match="line 1: the first line must name the columns"):
        read_pool(f"{header}\nmarket,1\n".encode())


def test_gbk_csv_is_refused_with_the_line_and_the_way_out() -> None:
    with pytest.raises(SamplingError) as caught:
        read_pool("stratum,code\nmarket,1\n道路,人民路\n".encode("gbk"))
    assert str(caught.value) == (
        "line 3: the pool file is not UTF-8 (it looks like GBK, which Excel writes for “CSV”); save it again "
        "as “CSV UTF-8” or as UTF-8 text"
    )


def test_utf16_and_unknown_bytes_are_refused() -> None:
    with pytest.raises(SamplingError, match=r"not UTF-8 \(it looks like UTF-16\)"):
        read_pool("stratum,code\n道路,1\n".encode("utf-16"))
    with pytest.raises(SamplingError, match="the pool file is not UTF-8; save"):
        read_pool(b"stratum,code\nmarket,\xff\xff\n")


def test_csv_line_with_too_many_or_too_few_cells_is_refused() -> None:
    with pytest.raises(SamplingError, match="line 3: the line has 3 cells where the first line has 2"):
        read_pool(b"stratum,code\nmarket,1\nmarket,M,2\n")
    with pytest.raises(SamplingError, match="line 2: the line has 1 cells"):
        read_pool(b"stratum,code\nmarket\n")


def test_csv_with_broken_quotes_is_refused_with_its_line() -> None:
    with pytest.raises(SamplingError, match="line 2: the line cannot be read as CSV"):
        read_pool(b'stratum,code\nmarket,"1" x\n')


def test_quotas_are_read_with_a_byte_order_mark() -> None:
    assert read_quotas('\ufeff{"market": 2}'.encode()) == {"market": 2}


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"market=2", "is not JSON"),
        (b"[2]", "must read like"),
        (b'{"a": 1, "a": 2}', "the name “a” occurs twice"),
        (b"[" * 100_000, "is not JSON"),
        ("{'道路': 1}".encode("gbk"), "the quota file is not UTF-8"),
    ],
)
def test_quota_file_that_is_none_is_refused(data: bytes, words: str) -> None:
    with pytest.raises(SamplingError, match=words):
        read_quotas(data)


def test_quota_for_an_unknown_stratum_names_the_known_ones() -> None:
    pool = build_pool([("market", "1"), ("road", "2")])
    with pytest.raises(SamplingError) as caught:
        check_quotas(pool, {"markets": 1})
    assert str(caught.value) == (
        "there is a quota for the stratum “markets”, which has no place in the pool; the strata are market, road"
    )


@pytest.mark.parametrize("quota", [-1, 1.0, True, "2", None])
def test_quota_that_is_no_whole_number_from_0_on_is_refused(quota: object) -> None:
    with pytest.raises(SamplingError, match="it must be a whole number, 0 or more"):
        check_quotas(build_pool([("market", "1")]), {"market": quota})


def test_two_quotas_for_one_stratum_are_refused() -> None:
    with pytest.raises(SamplingError, match="the stratum “market” has two quotas"):
        check_quotas(build_pool([("market", "1")]), {"market": 1, "market ": 2})


def test_stratum_without_quota_gets_0() -> None:
    pool = build_pool([("market", "1"), ("road", "2")])
    assert check_quotas(pool, {"road": 7}) == {"market": 0, "road": 7}


GUESS = "save it again as “CSV UTF-8” or as UTF-8 text"


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ("stratum,code\nmarket,M\u200b1\n".encode(),
         "line 2: “M\u200b1” cannot be used: it holds the invisible character U+200B; type it again"),
        ("stratum,code\nm\u200b,M1\n".encode(),
         "line 2: “m\u200b” cannot be used: it holds the invisible character U+200B; type it again"),
        (b"stratum,code\n", "the pool is empty; add at least one place"),
        (b"a,b\nx,1\n", "line 1: the first line must name the columns stratum and code once each; it reads “a, b”"),
        (b"", "line 1: the first line must name the columns stratum and code once each; it reads “”"),
        (b"\n" + "道路".encode("gbk"),
         f"line 2: the pool file is not UTF-8 (it looks like GBK, which Excel writes for “CSV”); {GUESS}"),
        (b"\xfe\xff" + "道路".encode("utf-16-be"),
         f"line 1: the pool file is not UTF-8 (it looks like UTF-16); {GUESS}"),
    ],
)  # fmt: skip
def test_pool_file_is_refused_word_by_word(data: bytes, told: str) -> None:
    with pytest.raises(SamplingError) as caught:
        read_pool(data)
    assert str(caught.value) == told


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"market", "the quota file is not JSON (Expecting value: line 1 column 1 (char 0)); correct it"),
        (b"[2]", 'the quota file must read like {"market": 2}'),
        ('{"a": "二"}'.encode(), 'the quota of the stratum “a” is "二"; it must be a whole number, 0 or more'),
        (b'{"a": 1, " a": 1}', "the stratum “a” has two quotas; remove one"),
    ],
)
def test_quotas_are_refused_word_by_word(data: bytes, told: str) -> None:
    with pytest.raises(SamplingError) as caught:
        check_quotas(build_pool([("a", "1")]), read_quotas(data))
    assert str(caught.value) == told


def test_line_may_end_as_on_any_machine() -> None:
    for end in ("\n", "\r\n", "\r"):
        assert read_pool(f"stratum,code{end}market,1{end}".encode()).as_dict() == {"market": ["1"]}
