"""Standards without faults, as wild as the rules allow, for property tests."""

from __future__ import annotations

import itertools
import math

from hypothesis import strategies as st

from chuangwen.standards.fileformat.cells import can_name_grade
from chuangwen.standards.fileformat.lists import CLASSES, EFFECTS, PHOTOS
from chuangwen.standards.fileformat.nodes import EVIDENCE_KINDS, MEASURES, METHODS
from chuangwen.standards.fileformat.raw import FORBIDDEN
from chuangwen.standards.tree import (
    Adjustment,
    Band,
    Check,
    EvidenceSlot,
    Map,
    Node,
    PlaceType,
    ProblemType,
    Quantity,
    Standard,
    TableRow,
    Text,
    Veto,
    points_of,
)

TRICKY = [
    "1.10", "yes", "null", "~", "1e5", "0x1", "2h", "#N/A", "=1+1", "- a", "a: b", "a #b", "{a}", "[a]", "'a'", '"a"',
    "a;b", "a；b", "a\\b", "\\;", "a\n\nb", "a\n  b", "a \nb", "a\tb", "\u2028a b", "a\x85b", "\ufeff-", "_x0041_",
    "，a（b）",
    "😀", "%a", "@a", "`a", "|", ">", "*a", "&a", "!a", "? a", "true", "---", "...", "main road", "a，b", "A:1",
    "<b>&amp;",
]  # fmt: skip
_wild = st.text(st.characters(exclude_categories=("Cs",)), max_size=12)


def _carried(text: str) -> str:
    return FORBIDDEN.sub("", text).replace("\r", "\n").strip()


texts = st.one_of(st.sampled_from(TRICKY), _wild).map(_carried)
words = texts.filter(bool)
codes = words.map(lambda word: " ".join(word.split()))
titles = st.builds(Text, words, texts)
positive = st.one_of(st.integers(1, 100).map(float), st.floats(1e-3, 1e6))
numbers = st.one_of(st.integers(-50, 50).map(float), st.floats(-1e9, 1e9).map(lambda x: x + 0.0))
counts = st.integers(1, 10**6)


def unique(items: st.SearchStrategy[str], size: int = 3) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(items, max_size=size, unique=True).map(tuple)


@st.composite
def shares(draw, grades):
    if grades and draw(st.booleans()):
        letter = draw(st.sampled_from(sorted(grades)))
        return grades[letter], letter
    return draw(st.floats(0, 1)), ""


@st.composite
def maps(draw, grades):
    kind = draw(st.sampled_from(["proportional", "linear", "bands", "required", "deduct"]))
    if kind == "linear":
        start, stop = draw(st.lists(numbers, min_size=2, max_size=2, unique=True))
        return Map("linear", start=start, stop=stop)
    if kind == "bands":
        lows = sorted(draw(st.lists(numbers, max_size=3, unique=True)), reverse=True)
        return Map("bands", bands=tuple(Band(low, *draw(shares(grades))) for low in [*lows, None]))
    if kind == "required":
        return Map("required", n=draw(positive))
    return Map("deduct", each=draw(positive)) if kind == "deduct" else Map()


@st.composite
def aggregates(draw, grades):
    kind = draw(st.sampled_from(["sum", "mean", "min", "met"]))
    if kind != "met":
        return {"aggregate": kind}
    falling = sorted(draw(st.lists(counts, min_size=1, max_size=3, unique=True)), reverse=True)
    threshold, letter = draw(st.one_of(st.just((1.0, "")), shares(grades)))
    return {
        "aggregate": "met",
        "threshold": threshold,
        "threshold_grade": letter,
        "table": tuple(TableRow(count, *draw(shares(grades))) for count in falling),
    }


slots = st.builds(EvidenceSlot, words, st.sampled_from(EVIDENCE_KINDS), counts, st.none() | counts, st.none() | counts)


@st.composite
def nodes(draw, fresh, grades, place_types, level=1):
    common = {
        "code": next(fresh),
        "title": draw(titles),
        "lead": draw(unique(words)),
        "manual": draw(texts),
        "replaces": draw(unique(codes)),
    }
    if level < 3 and draw(st.booleans()):
        children = [draw(nodes(fresh, grades, place_types, level + 1)) for _ in range(draw(st.integers(1, 3)))]
        points = draw(st.none() | positive)
        return Node(**common, points=points, children=tuple(children), **draw(aggregates(grades)))
    return Node(
        **common,
        points=draw(positive),
        method=draw(st.none() | st.sampled_from(METHODS)),
        measure=draw(st.sampled_from(MEASURES)),
        map=draw(maps(grades)),
        place_types=draw(unique(st.sampled_from(place_types))) if place_types else (),
        evidence=tuple(draw(st.lists(slots, max_size=2))),
    )


@st.composite
def _checks(draw, code, place_types, leaves, problem_types):
    return Check(
        code=code,
        place_types=draw(st.lists(st.sampled_from(place_types), min_size=1, unique=True).map(tuple)),
        text=draw(titles),
        criteria=draw(st.lists(st.sampled_from(leaves), min_size=1, max_size=3, unique=True).map(tuple)),
        also=draw(unique(st.sampled_from(["urn:a:b#1.1", "urn:a:b#2; 3", "urn:c#x y"]))),
        quantity=draw(st.none() | st.builds(Quantity, words, positive)),
        problem_type=draw(st.sampled_from(["", *problem_types])),
        photo=draw(st.sampled_from(PHOTOS)),
        group=draw(texts),
    )


@st.composite
def standards(draw) -> Standard:
    grade_names = words.filter(can_name_grade)
    grades = draw(st.dictionaries(grade_names, st.floats(0, 1), max_size=4))
    fresh = iter(draw(st.lists(codes, min_size=60, max_size=60, unique=True)))
    place_types = [
        PlaceType(next(fresh), draw(titles), draw(st.booleans()), draw(st.none() | counts))
        for _ in range(draw(st.integers(0, 3)))
    ]
    problem_types = [
        ProblemType(
            next(fresh),
            draw(titles),
            draw(st.sampled_from(CLASSES)),
            f"{draw(st.integers(1, 99))}{draw(st.sampled_from('hd'))}",
            draw(unique(words)),
            draw(texts),
        )
        for _ in range(draw(st.integers(0, 2)))
    ]
    known = [place_type.code for place_type in place_types]
    tree = tuple(draw(nodes(fresh, grades, known)) for _ in range(draw(st.integers(1, 2))))
    leaves = [node.code for top in tree for node in top.walk() if node.is_leaf]
    problems = [problem_type.code for problem_type in problem_types]
    checks = [
        draw(_checks(next(fresh), known, leaves, problems)) for _ in range(draw(st.integers(0, 2)) if known else 0)
    ]
    total = math.fsum(points_of(node) for node in tree)
    return Standard(
        urn=draw(st.sampled_from(["urn:chuangwen:standard:a-b", "urn:x:测评", "urn:a:1.10"])),
        version=draw(codes),
        title=draw(titles),
        subject=draw(st.sampled_from(["city", "unit", "family"])),
        scale=draw(positive | st.just(total)),
        nodes=tree,
        cap=draw(st.none() | positive),
        strict_points=False,
        grades=grades,
        place_types=tuple(place_types),
        checks=tuple(checks),
        problem_types=tuple(problem_types),
        vetoes=tuple(
            Veto(next(fresh), draw(titles), effect, None if effect == "veto" else draw(positive))
            for effect in draw(st.lists(st.sampled_from(EFFECTS), max_size=2))
        ),
        bonuses=tuple(Adjustment(next(fresh), draw(titles), cap) for cap in draw(st.lists(positive, max_size=2))),
        penalties=tuple(
            Adjustment(next(fresh), draw(titles), cap)
            for cap in itertools.islice(draw(st.lists(positive, max_size=1)), 1)
        ),
        **draw(aggregates(grades)),
    )
