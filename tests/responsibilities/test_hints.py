"""Who leads by the parties that a standard names."""

from __future__ import annotations

import pytest

from chuangwen.responsibilities.hints import Reading, read_hints

KNOWN = {
    "城管部门": (1,),
    "住建部门": (2,),
    "各街道": (11, 12),
    "各镇": (21,),
    "各镇街": (11, 12, 21),
    "窗口单位": (2, 3),
}


def read(*parties):
    return read_hints(parties, lambda name: KNOWN.get(name, ()))


@pytest.mark.parametrize(
    ("parties", "reading"),
    [
        ((), Reading()),
        (("城管部门",), Reading((1,))),
        (("城管部门", "住建部门"), Reading((1,), (2,))),
        (("城管部门", "属地街道"), Reading((1,), (11, 12))),
        (("城管部门", "各街道", "各镇"), Reading((1,), (11, 12, 21))),
        (("各街道", "住建部门"), Reading((11, 12), (2,), split=True)),
        (("属地街道", "住建部门"), Reading((11, 12), (2,), split=True)),
        (("各街道", "各镇", "城管部门"), Reading((11, 12, 21), (1,), split=True)),
        (("属地",), Reading((11, 12, 21), split=True)),
        (("窗口单位", "城管部门"), Reading((1,), (2, 3))),
        (("窗口单位", "住建部门"), Reading((2,), (3,))),
        (("窗口单位",), Reading((), (2, 3))),
        (("窗口单位", "各街道"), Reading((11, 12), (2, 3), split=True)),
        (("各镇",), Reading((21,))),
        (("各社区", "城管部门"), Reading((1,), unknown=("各社区",))),  # no such territory here
        (("生面孔", "城管部门"), Reading((1,), unknown=("生面孔",))),
        (("生面孔",), Reading(unknown=("生面孔",))),
        (("城管部门", "城管部门"), Reading((1,))),
    ],
)
def test_parties_come_to_leads_and_cooperates(parties, reading):
    assert read(*parties) == reading
