"""Every tampered field is found, by `draw verify` and by the stand-alone tool alike."""

from __future__ import annotations

import copy
import importlib.util
import io
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chuangwen.inspections.sampling import SamplingError, load_record, record_text, verify_record
from tests.inspections.sampling.builders import TOOL, document, full_record, random_record

Where = tuple[str | int, ...]
# What no computation can prove: words, hours and the length of the chain. They are checked for form
# and order; a witness compares them with what was published (docs/draw.md).
STATEMENTS = {("source",), ("times",)}


def tool_accepts(text: str, folder: Path) -> bool:
    """The verdict of tools/verify_draw.py, run in this process: hundreds of starts would take minutes."""
    path = folder / "record.json"
    path.write_text(text, encoding="utf-8", errors="surrogatepass")
    spec = importlib.util.spec_from_file_location("verify_draw", TOOL)
    assert spec is not None
    assert spec.loader is not None
    arguments, out = sys.argv, io.StringIO()
    sys.argv = [str(TOOL), str(path)]
    try:
        with redirect_stdout(out), redirect_stderr(out):
            spec.loader.exec_module(importlib.util.module_from_spec(spec))
    except SystemExit as stop:
        accepted = not stop.code
    finally:
        sys.argv = arguments
    assert (out.getvalue() == "ok\n") is accepted
    return accepted


def program_accepts(text: str) -> bool:
    try:
        return verify_record(load_record(text.encode("utf-8", "surrogatepass"))) == ()
    except SamplingError:
        return False


def leaves(value: Any, path: Where = ()) -> Iterator[tuple[Where, Any]]:
    """Every node of a JSON value below the root with its path, containers too."""
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in children:
        yield (*path, key), child
        yield from leaves(child, (*path, key))


def changed(value: dict[str, Any], path: Where, edit: Callable[[Any, str | int], None]) -> dict[str, Any]:
    """A copy of `value` in which `edit(container, key)` was applied at `path`."""
    other = copy.deepcopy(value)
    container: Any = other
    for key in path[:-1]:
        container = container[key]
    edit(container, path[-1])
    return other


def earlier(other: dict[str, Any], value: dict[str, Any]) -> bool:
    """Whether `other` is the record as it stood before its last substitutions: true then, true now."""
    kept, whole = other.get("substitutes"), value["substitutes"]
    return isinstance(kept, list) and {**other, "substitutes": whole} == value and kept == whole[: len(kept)]


def edits(path: Where, old: Any) -> Iterator[Callable[[Any, str | int], None]]:
    """Tamperings of one node: another value of its type, values of other types, gone, renamed, doubled."""

    def put(new: Any) -> Callable[[Any, str | int], None]:
        return lambda container, key: container.__setitem__(key, new)

    def rename(container: Any, key: str | int) -> None:
        container[f"{key}x"] = container.pop(key)

    free = path in STATEMENTS or path[0] == "times_of" or path[-1] in {"reason", "at"}
    news: list[Any] = []
    if isinstance(old, str):
        news = ["", " " + old, old + "\u200b", "e\u0301", 7, [old], {old: 1}]
        news += [] if free else [old + "0", ("1" if old[:1] == "0" else "0") + old[1:]]
        news += [] if path[0] == "times_of" else [None]
    elif type(old) is int:
        news = [-1, 0 if path == ("times",) else old + 1, float(old), bool(old), str(old), None]
    elif isinstance(old, list):
        news = [{}, None, "", [*old, *old[-1:], "x"], old[:-1]] + ([old[::-1]] if len(old) > 1 else [])
    elif isinstance(old, dict):
        news = [[], None, "", {}, {**old, "x": 1}, {**old, "x": []}]
    yield from map(put, news)
    yield lambda container, key: container.__delitem__(key)
    if isinstance(path[-1], str):
        yield rename


@pytest.mark.parametrize("method", ["vrs", "rfc3797"])
def test_every_tampered_field_is_found_by_program_and_tool(method: str, tmp_path: Path) -> None:
    value = document(full_record(method))
    assert program_accepts(json.dumps(value))
    assert tool_accepts(json.dumps(value), tmp_path)
    missed = []
    for path, old in leaves(value):
        for edit in edits(path, old):
            other = changed(value, path, edit)
            text = json.dumps(other)
            if text == json.dumps(value) or earlier(other, value):
                continue
            for name, accepted in (("program", program_accepts(text)), ("tool", tool_accepts(text, tmp_path))):
                if accepted:
                    missed.append((name, path, text))
    assert missed == []


def test_tampering_covers_every_field_of_the_record() -> None:
    paths = {path[0] for path, old in leaves(document(full_record())) if list(edits(path, old))}
    assert paths == set(document(full_record()))


def test_statement_that_nothing_is_computed_from_may_be_another_one(tmp_path: Path) -> None:
    """What a record cannot prove, so that nobody believes more of it than is true."""
    value = document(full_record())
    value["source"], value["times"] = "another lottery", 11
    value["substitutes"][0]["reason"] = "another reason"
    value["substitutes"][0]["at"] = "2026-11-16T10:00:00+08:00"
    value["times_of"]["frozen"] = None
    value["substitutes"].pop()
    assert program_accepts(json.dumps(value))
    assert tool_accepts(json.dumps(value), tmp_path)


CASES: list[tuple[str, Callable[[dict[str, Any]], object], str]] = [
    ("format", lambda r: r.update(format="chuangwen-draw/2"), "format: is chuangwen-draw/2, not chuangwen-draw/1"),
    ("code", lambda r: r.update(code="00"), "code: its SHA-256 is not the commitment 950ea0"),
    ("lack", lambda r: r["quotas"].pop("道路"), "quotas: lacks the stratum “道路”"),
    ("more", lambda r: r["drawn"].update(road=[]), "drawn: has the stratum “road”, which the pool lacks"),
    ("quota", lambda r: r["quotas"].update(道路=2), "drawn.道路: names "),
    ("digest", lambda r: r.update(pool_sha256="ab"), "pool_sha256: is ab; the pool has "),
    ("double", lambda r: r["pool"]["道路"].insert(0, "M-01"), "pool: the code “M-01” occurs 2 times"),
    ("unsorted", lambda r: r["pool"]["道路"].reverse(), "pool.道路: is not sorted bytewise"),
    ("hollow", lambda r: r["pool"].update(road=[]), "pool.road: has no place"),
    ("empty", lambda r: r.update(pool={}), "pool: is empty"),
    ("cut", lambda r: r["tickets"]["道路"].pop(), "tickets.道路: number 3 is nothing; computed: "),
    ("stranger", lambda r: r["substitutes"][0].update(stratum="road"), "substitutes.1: the pool has no stratum “road”"),
    ("late", lambda r: r["times_of"].update(released="2026-11-16T07:32:00+08:00"), "times_of.released: lies after"),
    ("soon", lambda r: r["substitutes"][1].update(at="2026-11-16T07:30:00+08:00"), "substitutes.2.at: lies before"),
    ("hour", lambda r: r["times_of"].update(drawn="7:31"), "times_of.drawn: “7:31” is not a time like"),
    ("alone", lambda r: r.update(commitment=None), "times: and the commitment must both be given or both be null"),
    ("short", lambda r: r.update(commitment="ab"), "commitment: is not a SHA-256"),
    ("extra", lambda r: r.update(note="x"), "note: does not belong to the format chuangwen-draw/1"),
    ("space", lambda r: r.update(source=" dice"), "source: “ dice” is not in canonical form: it has spaces"),
]


@pytest.mark.parametrize(("tamper", "words"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_difference_is_told_in_words(tamper: Callable[[dict[str, Any]], object], words: str) -> None:
    value = document(full_record())
    tamper(value)
    told = [str(difference) for difference in verify_record(value)]
    assert [line for line in told if line.startswith(words)], told


def test_all_differences_are_listed() -> None:
    value = document(full_record())
    value["drawn"]["道路"], value["pool_sha256"] = [], "ab"
    value["tickets"]["market"][0][1] = "cd"
    assert [difference.field for difference in verify_record(value)] == [
        "pool_sha256",
        "tickets.market",
        "drawn.道路",
    ]


def test_substitute_by_another_place_names_the_next_ticket() -> None:
    value = document(full_record())
    first, expected = value["substitutes"][0]["for"], value["tickets"]["market"][2][0]
    value["substitutes"][0]["by"] = "M-99"
    told = [str(difference) for difference in verify_record(value)]
    assert told == [
        f"substitutes.1: “M-99” replaces “{first}”; the next ticket is “{expected}”",
        f"substitutes.2: “{expected}” was not to be visited when it was replaced",
    ]


def test_substitute_beyond_the_last_ticket_is_a_difference() -> None:
    value = document(full_record())
    value["quotas"]["道路"], value["drawn"]["道路"] = 3, [code for code, _ in value["tickets"]["道路"]]
    value["substitutes"].append({**value["substitutes"][0], "stratum": "道路", "for": "人民路", "by": "M-01"})
    told = [str(difference) for difference in verify_record(value)]
    assert told == ["substitutes.3: “M-01” replaces “人民路”; the next ticket is none, the stratum is exhausted"]


def test_commitment_time_without_commitment_is_a_difference(tmp_path: Path) -> None:
    value = document(full_record())
    value["commitment"] = value["times"] = None
    assert [str(d) for d in verify_record(value)] == ["times_of.committed: is given without a commitment"]
    assert not tool_accepts(json.dumps(value), tmp_path)
    value["times_of"]["committed"] = None
    assert program_accepts(json.dumps(value))
    assert tool_accepts(json.dumps(value), tmp_path)


def test_rfc3797_record_with_too_many_places_is_a_difference() -> None:
    value = document(full_record("rfc3797"))
    value["pool"]["道路"] = [f"{number:05}" for number in range(65_537)]
    assert "method: RFC 3797 can order 65536 places of one stratum, not 65537" in str(verify_record(value)[-1])


@pytest.mark.parametrize("text", ["", "null", "[]", "7", "{}", '{"a": 1, "a": 1}', "[" * 100_000, "NaN"])
def test_text_that_is_no_record_is_refused_by_both(text: str, tmp_path: Path) -> None:
    assert not program_accepts(text)
    assert not tool_accepts(text, tmp_path)


def test_program_and_tool_agree_on_200_random_records(tmp_path: Path) -> None:
    for seed in range(200):
        text = record_text(random_record(seed))
        assert program_accepts(text), seed
        assert tool_accepts(text, tmp_path), seed


@settings(max_examples=150, deadline=None)
@given(seed=st.integers(0, 10**6), data=st.data())
def test_program_and_tool_agree_on_random_tampering(
    tmp_path_factory: pytest.TempPathFactory, seed: int, data: st.DataObject
) -> None:
    value = document(random_record(seed))
    path, _ = data.draw(st.sampled_from(list(leaves(value))))
    scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=4)
    _, other = data.draw(st.sampled_from(list(leaves(value))))
    new = data.draw(scalars | st.lists(scalars, max_size=2) | st.just(other))
    text = json.dumps(changed(value, path, lambda container, key: container.__setitem__(key, new)))
    assert tool_accepts(text, tmp_path_factory.getbasetemp()) is program_accepts(text)
