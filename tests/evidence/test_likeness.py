"""Which pieces are offered for a slot, and in which order."""

from __future__ import annotations

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from chuangwen.evidence.likeness import Candidate, Wanted, grams, likely
from chuangwen.evidence.slots import Slot

HERE = frozenset({"urn:x#1.1", "urn:x#1.0"})
WINDOW = (date(2026, 1, 1), date(2026, 12, 31))
WANTED = Wanted(Slot("文", "文", "document", 1, 12), HERE, "志愿服务常态开展", WINDOW)


def offered(*candidates: Candidate, wanted: Wanted = WANTED) -> list[tuple[int, tuple[str, ...]]]:
    return [(one.pk, one.reasons) for one in likely(wanted, candidates)]


def test_what_served_the_same_criterion_last_year_comes_first() -> None:
    served = Candidate(1, "document", "工作总结", served=frozenset({("urn:x#1.0", "文")}))
    titled = Candidate(2, "document", "志愿服务工作方案", "云文明办〔2026〕3号", date(2026, 3, 1))
    assert offered(titled, served) == [
        (1, ("same-criterion", "same-slot")), (2, ("title", "number", "window")),
    ]  # fmt: skip


def test_another_criterion_kind_or_title_is_no_reason() -> None:
    assert offered(
        Candidate(1, "photo", "志愿服务常态开展", served=frozenset({("urn:x#1.1", "图")})),
        Candidate(2, "document", "财务报表", "云财〔2026〕1号", date(2026, 3, 1)),
        Candidate(3, "document", "会议纪要", served=frozenset({("urn:x#9.9", "文")})),
    ) == []  # fmt: skip


def test_pairs_of_signs_leave_out_what_stands_in_every_title() -> None:
    assert grams("志愿的服务") == {"志愿", "服务"}
    assert grams("2026年A4") == {"20", "02", "26", "a4"}
    assert grams("") == frozenset()


@settings(max_examples=50)
@given(
    st.lists(
        st.builds(
            Candidate, st.integers(1, 50), st.sampled_from(["document", "photo", "table"]),
            st.text("志愿服务常态开展方案总结", max_size=12), st.sampled_from(["", "云〔2026〕1号"]),
            st.none() | st.dates(date(2025, 1, 1), date(2027, 1, 1)),
            st.frozensets(st.tuples(st.sampled_from(["urn:x#1.1", "urn:x#2"]), st.sampled_from(["文", "图"]))),
        ),
        max_size=20, unique_by=lambda one: one.pk,
    )
)  # fmt: skip
def test_offers_are_few_fitting_and_in_order(candidates: list[Candidate]) -> None:
    found = likely(WANTED, candidates)
    kinds = {one.pk: one.kind for one in candidates}
    assert len(found) <= 5
    assert all(one.reasons and kinds[one.pk] in {"document", "table"} for one in found)
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
    assert found == likely(WANTED, candidates[::-1])
