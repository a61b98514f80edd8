"""The arithmetic of the chain: one text for one value, and digests that never change from version to version."""

from __future__ import annotations

import hashlib
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chuangwen.audit.chaining import FIELDS, GENESIS, canonical_json, entry_digest

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)
ENTRY = {
    "region": "yunxi", "sequence": 7, "at": "2026-11-18T04:00:00.000+00:00", "actor_id": "12", "actor_name": "李明",
    "action": "rectification.problem.close", "object_type": "rectification.problem", "object_id": "3",
    "object_name": "路面垃圾", "data": {"to": "closed", "from": "fixed"}, "previous": GENESIS,
}  # fmt: skip
# Made once and written down: an entry of today must verify in ten years.
SHA256 = "04c2a2fbd10deb3fcc91cf115e2630527a3cf2ef5a42ec44b8d6c5aec5af7ec9"
SM3 = "7c253ec787d8f519fb13d7a7c79370415c980613550b797f16b04ad9076902f7"


def test_canonical_text_has_sorted_keys_no_spaces_and_plain_chinese():
    value = {"b": [1, None, True], "a": {"城": "文", "z": -2}, "A": "“,: \n"}
    assert canonical_json(value).decode() == '{"A":"“,: \\n","a":{"z":-2,"城":"文"},"b":[1,null,true]}'


@settings(max_examples=60)
@given(VALUES)
def test_canonical_text_says_the_value_and_does_not_depend_on_order(value):
    text = canonical_json(value)
    assert json.loads(text) == value
    if isinstance(value, dict):
        assert canonical_json(dict(reversed(value.items()))) == text


@pytest.mark.parametrize(
    "value", [0.5, float("nan"), {"a": 1.0}, [1, 2.0], ({"a": [{"b": float("inf")}]},), {"a": ("x", -0.0)}]
)
def test_float_is_refused_wherever_it_hides(value):
    with pytest.raises(TypeError, match=r"^a float has no canonical text; write it as a string$"):
        canonical_json(value)


@pytest.mark.parametrize(("algorithm", "digest"), [("sha256", SHA256), ("sm3", SM3)])
def test_digest_is_the_one_written_down(algorithm, digest):
    assert entry_digest(ENTRY, algorithm) == digest


def test_digest_leaves_out_what_is_no_field():
    assert entry_digest(ENTRY | {"id": 5, "digest": "x"}, "sha256") == SHA256


@pytest.mark.parametrize("name", FIELDS)
def test_every_field_counts_in_the_digest(name):
    other = {"x": 1} if name == "data" else 8 if name == "sequence" else "other"
    assert entry_digest(ENTRY | {name: other}, "sha256") != SHA256
    with pytest.raises(KeyError):
        entry_digest({key: value for key, value in ENTRY.items() if key != name}, "sha256")


@pytest.mark.parametrize("algorithm", ["md5", "SHA256", "sha1", ""])
def test_other_algorithm_is_refused(algorithm):
    with pytest.raises(ValueError, match=rf"^unknown audit hash '{algorithm}'$"):
        entry_digest(ENTRY, algorithm)


def test_digest_is_over_the_canonical_text_alone():
    assert hashlib.sha256(canonical_json({name: ENTRY[name] for name in FIELDS})).hexdigest() == SHA256
