"""The number that leads to an answer."""

from hypothesis import given
from hypothesis import strategies as st

from chuangwen.public.slips import LETTERS, digest_of, new_slip


def test_slip_holds_the_office_number_and_two_groups():
    slip = new_slip("Y2026-003")
    number, first, second = slip.rsplit("-", 2)
    assert (number, len(first), len(second)) == ("Y2026-003", 5, 5)
    assert set(first + second) <= set(LETTERS)


def test_no_two_slips_are_alike():
    assert len({new_slip("Y2026-001") for _number in range(200)}) == 200


@given(st.text(LETTERS, min_size=10, max_size=10))
def test_slip_is_known_however_it_is_typed(code):
    slip = f"Y2026-003-{code[:5]}-{code[5:]}"
    typed = (slip.lower(), f" {slip} ", slip.replace("-", ""), slip.replace("-", "－"), slip.replace("-", " "))
    assert {digest_of("r1", one) for one in typed} == {digest_of("r1", slip)}


def test_slip_of_another_region_is_another():
    assert digest_of("r1", "Y2026-003-AAAAA-AAAAA") != digest_of("r2", "Y2026-003-AAAAA-AAAAA")
