"""A ledger's places: found, nearly found, or only a spot."""

from __future__ import annotations

from chuangwen.core.workbooks.names import MOST_CANDIDATES, Candidate, Resolution
from chuangwen.rectification.place_names import COMMON, LOOKED_AT, SPOT, place_resolver

PLACES = [(1, "NM-01", "东关农贸市场"), (2, "SQ-01", "钟鼓楼社区"), (3, "LD-01", "人民路"), (4, "LD-02", "人民路")]


def resolver(places=PLACES, **remembered):
    return place_resolver(places, remembered=remembered, spot_label="只是位置")


def meant(text, **remembered):
    found = resolver(**remembered)(text)
    return found.value, [one.value for one in found.candidates]


def test_place_is_known_by_name_code_and_both():
    assert [meant(text) for text in ("东关农贸市场", "nm-01", "NM-01 东关农贸市场", "东关农贸市场（NM-01）")] == [
        (1, [])
    ] * 4


def test_name_of_two_places_is_asked_with_both_and_the_spot():
    assert meant("人民路") == (None, [3, 4, SPOT])


def test_near_name_is_asked_and_far_words_are_the_spot():
    assert meant("东关农贸市场南门") == (None, [1, SPOT])
    assert meant("建设大道与环城路口") == ("建设大道与环城路口", [])


def test_words_once_explained_are_not_asked_again():
    assert meant("东关市场", 东关市场=1) == (1, [])
    assert meant("人民路", 人民路=SPOT) == ("人民路", [])
    assert meant("人民路", 人民路=99) == (None, [3, 4, SPOT])  # what it meant has left the register


def test_pairs_that_many_share_say_nothing():
    crowd = [(number, f"XQ-{number}", f"{chr(0x4E00 + number)}小区") for number in range(COMMON + 1)]
    assert resolver(crowd)("小区") == Resolution("小区")


def test_pairs_that_as_many_share_as_may_still_find():
    crowd = [(number, f"XQ-{number:03}", f"{chr(0x9000 - number)}小区") for number in range(COMMON)]
    found = resolver(crowd)("小区")
    assert len(found.candidates) == MOST_CANDIDATES
    assert {one.likeness for one in found.candidates[:-1]} == {0.667}
    first = [number for number, _code, _name in crowd[:LOOKED_AT]]
    assert [one.value for one in found.candidates[:-1]] == first[::-1][: MOST_CANDIDATES - 1]


def test_candidates_tell_name_code_and_likeness_the_likest_first():
    places = [(1, "NM-01", "东关农贸市场"), (2, "NM-02", "东关农贸市场南"), (3, "NM-03", "东关市场")]
    assert resolver(places)("东关农贸市场南门").candidates == (
        Candidate(2, "东关农贸市场南（NM-02）", 0.923),
        Candidate(1, "东关农贸市场（NM-01）", 0.833),
        Candidate(SPOT, "只是位置"),
    )


def test_places_of_one_name_stand_in_the_order_of_their_codes():
    places = [(number, f"LD-{9 - number:02}", "人民路") for number in range(1, MOST_CANDIDATES + 3)]
    found = resolver(places)("人民路").candidates
    listed = sorted(places, key=lambda place: place[1])[: MOST_CANDIDATES - 1]
    assert found == (
        *(Candidate(key, f"{name}（{code}）", 1.0) for key, code, name in listed),
        Candidate(SPOT, "只是位置"),
    )
