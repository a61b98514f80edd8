"""Every fault of the rules, with its line, in YAML and where it differs in JSON."""

from __future__ import annotations

import json
import re

import pytest

from chuangwen.standards.fileformat import FaultyStandard, read_standard
from chuangwen.standards.fileformat.messages import MESSAGES
from tests.standards.marked import HEAD, LEAF, fault_words, faults_of, found, marked, worded

WHOLE_FILES = {
    "all missing": "version: ''  #! missing missing missing missing no-nodes",
    "top level text": "hello  #! not-a-mapping",
    "top level list": "- urn: x  #! not-a-mapping",
    "numbers for text": (
        'urn: 5  #! not-text\nversion: 2026.10  #! unquoted-code\ntitle: true  #! not-text\nsubject: "city"\n' + LEAF
    ),
    "urn": 'urn: "standard example"  #! urn-form\nversion: "1"\ntitle: t\nsubject: town  #! unknown-subject\n' + LEAF,
    "no scale": HEAD.replace("test\n", "test  #! no-scale\n") + 'aggregate: mean\nnodes:\n  - {code: "1", title: a}\n',
    "title parts": (
        'urn: urn:a\nversion: "1"\ntitle:\n  en: t  #! missing\n  cn: t  #! unknown-key\nsubject: city\n' + LEAF
    ),
}

TOP = {
    "unknown key": "gardes: {}  #! unknown-key\n" + LEAF,
    "duplicate key": "scale: 4\nscale: 4  #! duplicate-key\n" + LEAF,
    "key not text": "1: x  #! key-not-text\n" + LEAF,
    "scale zero": "scale: 0  #! too-small\n" + LEAF,
    "scale text": "scale: '4'  #! not-a-number\n" + LEAF,
    "scale infinite": "scale: .inf  #! not-a-number\n" + LEAF,
    "cap negative": "cap: -1  #! too-small\n" + LEAF,
    "strict not a flag": "strict_points: maybe  #! not-a-flag\n" + LEAF,
    "strict list": "strict_points: [true]  #! not-a-flag\n" + LEAF,
    "grades list": "grades: [A]  #! not-a-mapping\n" + LEAF,
    "grade above one": "grades:\n  A: 1.2  #! share-range\n  B: 0.5\n" + LEAF,
    "grade names": 'grades:\n  "a b": 1  #! grade-name\n  "1": 1  #! grade-name\n  B: C  #! unknown-grade\n' + LEAF,
    "root aggregate": "aggregate: avg  #! unknown-aggregate\n" + LEAF,
    "root met without table": "aggregate: met  #! met-without-table\n" + LEAF,
    "root met with empty table": "aggregate: met\ntable: []  #! met-without-table\n" + LEAF,
    "no nodes": "nodes: []  #! no-nodes\n",
    "broken nodes": "nodes: *x  #! unknown-alias\n",
    "nodes not a list": "nodes: {a: b}  #! not-a-list\n",
    "node not a mapping": LEAF + "  - text  #! not-a-mapping\n",
    "declared scale differs": "scale: 5  #! points-differ\nstrict_points: true\n" + LEAF,
}

MANY_CODES = json.dumps([f"{number:090}" for number in range(90)])

NODES = {
    "unquoted code": "  - {code: 1.10, title: a, points: 1}  #! unquoted-code",
    "missing code and title": "  - points: 1  #! missing missing",
    "duplicate code": '  - {code: "1", title: a, points: 1}\n  - {code: "1", title: a, points: 1}  #! duplicate-code',
    "code too long": f'  - {{code: "{"1" * 101}", title: a, points: 1}}  #! too-long',
    "control character": r'  - {code: "1", title: "a\u0007", points: 1}  #! control-character',
    "title too long": f'  - {{code: "1", title: "{"a" * 16_001}", points: 1}}  #! too-long',
    "unknown key": '  - {code: "1", title: a, point: 1}  #! unknown-key leaf-without-points',
    "unknown method": '  - {code: "1", title: a, points: 1, method: feild}  #! unknown-method',
    "method not text": '  - {code: "1", title: a, points: 1, method: [field]}  #! not-text',
    "unknown measure": '  - {code: "1", title: a, points: 1, measure: average}  #! unknown-measure',
    "negative points": '  - {code: "1", title: a, points: -1}  #! too-small',
    "points as text": '  - {code: "1", title: a, points: 4分}  #! not-a-number',
    "leaf without points": '  - {code: "1", title: a}  #! leaf-without-points',
    "leaf with aggregate": '  - {code: "1", title: a, points: 1, aggregate: min}  #! inner-key-on-leaf',
    "unknown aggregate": '  - {code: "1", title: a, points: 1, aggregate: max}  #! unknown-aggregate',
    "unknown place type": '  - {code: "1", title: a, points: 1, place_types: [x]}  #! undeclared-place-type',
    "lead not a list": '  - {code: "1", title: a, points: 1, lead: 城管局}  #! not-a-list',
    "lead twice": '  - {code: "1", title: a, points: 1, lead: [b, b]}  #! repeated-item',
    "lead empty": '  - {code: "1", title: a, points: 1, lead: [b, ""]}  #! missing',
    "replaces number": '  - {code: "1", title: a, points: 1, replaces: [1.1]}  #! unquoted-code',
    "replaces too many": f'  - {{code: "1", title: a, points: 1, replaces: {MANY_CODES}}}  #! too-long',
}

CHILDREN = {
    **{
        key: f"    {key}: {value}  #! leaf-key-on-inner\n"
        for key, value in {
            "method": "field",
            "measure": "rate",
            "map": "{kind: proportional}",
            "evidence": "[{slot: a, kind: photo}]",
        }.items()
    },
    "place types": "    place_types: [x]  #! leaf-key-on-inner undeclared-place-type\n",
    "threshold": "    threshold: 0.5  #! only-with-met\n",
    "table": "    table: [[1, 1]]  #! only-with-met\n",
    "threshold grade": "    aggregate: met\n    table: [[1, 1]]\n    threshold: Z  #! unknown-grade\n",
    "row": "    aggregate: met\n    table:\n      - [1]  #! table-row\n      - 4  #! table-row\n",
    "order": "    aggregate: met\n    table:\n      - [1, 1]\n      - [1, 0.5]  #! table-not-falling\n",
    "count": "    aggregate: met\n    table:\n      - [1.5, 1]  #! not-whole\n      - [-1, 1]  #! too-small\n",
    "share": "    aggregate: met\n    table: [[1, 85]]  #! share-range\n",
    "table letter": "    aggregate: met\n    table: [[1, A]]  #! unknown-grade\n",
    "table text": "    aggregate: met\n    table: 4:A  #! not-a-list\n",
    "points differ": "    points: 5  #! points-differ\n",
}

MAPS = {
    "text": "linear  #! not-a-mapping",
    "unknown": "{kind: linaer, from: 0, to: 1}  #! unknown-map",
    "no kind": "{from: 0}  #! missing",
    "kind list": "{kind: [linear]}  #! not-text",
    "stray field": "{kind: proportional, n: 3}  #! unknown-key",
    "flat": "{kind: linear, from: 2, to: 2.0}  #! linear-flat",
    "half": "{kind: linear, from: 2}  #! missing",
    "required nothing": "{kind: required}  #! missing",
    "required zero": "{kind: required, n: 0}  #! too-small",
    "deduct text": "{kind: deduct, each: half}  #! not-a-number",
    "deduct negative": "{kind: deduct, each: -1}  #! too-small",
    "no bands": "{kind: bands}  #! bands-empty",
    "bands text": "{kind: bands, bands: A}  #! not-a-list",
    "band text": "{kind: bands, bands: [A]}  #! not-a-mapping",
    "order": "{kind: bands, bands: [{min: 1, share: 1}, {min: 1, share: 1}, {share: 0}]}  #! band-order",
    "last": "{kind: bands, bands: [{min: 1, share: 1}, {min: 0, share: 0}]}  #! band-last-min",
    "gap": "{kind: bands, bands: [{share: 1}, {share: 0}]}  #! band-without-min",
    "share": "{kind: bands, bands: [{min: 1, share: 2}, {share: 0}]}  #! share-range",
    "negative share": "{kind: bands, bands: [{share: -0.1}]}  #! share-range",
    "no share": "{kind: bands, bands: [{min: 1}, {share: 0}]}  #! missing",
    "grade": "{kind: bands, bands: [{share: E}]}  #! unknown-grade",
    "share flag": "{kind: bands, bands: [{share: yes}, {share: true}]}  #! band-without-min unknown-grade not-a-number",
    "stray band": "{kind: bands, bands: [{share: 1, max: 2}]}  #! unknown-key",
}

LISTS = {
    "place type": (
        "place_types:\n  - {code: a, name: 甲, qouta: 1}  #! unknown-key\n  - {code: a, name: 乙}  #! duplicate-code\n"
    ),
    "quota": (
        "place_types:\n"
        "  - {code: a, name: 甲, quota: 1.5}  #! not-whole\n"
        "  - {code: b, name: 乙, ad_hoc: 1}  #! not-a-flag\n"
    ),
    "class": "problem_types:\n  - {code: a, name: 甲, class: urgent}  #! unknown-class\n",
    "within": (
        "problem_types:\n"
        "  - {code: a, name: 甲, within: 2 days}  #! within-form\n"
        "  - {code: b, name: 乙, within: 0d}  #! within-form\n"
    ),
    "effect": (
        "vetoes:\n"
        "  - {code: V1, title: a, effect: stop}  #! unknown-effect\n"
        "  - {code: V2, title: a, effect: cap}  #! veto-without-cap\n"
        "  - {code: V3, title: a, effect: deduct, cap: -1}  #! too-small\n"
    ),
    "veto has a node's code": 'vetoes:\n  - {code: "1", title: a}  #! duplicate-code\n',
    "cap": (
        "bonuses:\n"
        "  - {code: P1, title: a}  #! missing\n"
        "penalties:\n"
        "  - {code: P1, title: a, cap: 1}  #! duplicate-code\n"
    ),
    "evidence kind": (
        'nodes:\n  - {code: "1", title: a, points: 1, evidence: [{slot: a, kind: foto}]}  #! unknown-evidence\n'
    ),
    "evidence": 'nodes:\n  - {code: "1", title: a, points: 1, evidence: [{min: 1.5, window_months: 0, size: 1}]}'
    "  #! missing missing not-whole too-small unknown-key\n",
}

CHECK = "checks:\n  - {{code: c, place_types: [p], text: t, criteria: ['1'], {}}}\n"
CHECKS = {
    "empty": "checks:\n  - code: c  #! missing missing no-criteria\n",
    "duplicate": CHECK.format("") + "  - {code: c, place_types: [p], text: t, criteria: ['1']}  #! duplicate-code\n",
    "place type": "checks:\n  - {code: c, place_types: [q], text: t, criteria: ['1']}  #! undeclared-place-type\n",
    "criterion": "checks:\n  - {code: c, place_types: [p], text: t, criteria: ['9']}  #! undeclared-criterion\n",
    "criterion number": "checks:\n  - {code: c, place_types: [p], text: t, criteria: [1]}  #! unquoted-code\n",
    "inner criterion": "checks:\n  - {code: c, place_types: [p], text: t, criteria: ['2']}  #! criterion-not-leaf\n",
    "problem type": CHECK.format("problem_type: mud").replace("}\n", "}  #! undeclared-problem-type\n"),
    "photo": CHECK.format("photo: sometimes").replace("}\n", "}  #! unknown-photo\n"),
    "also": CHECK.format("also: ['2.3']").replace("}\n", "}  #! also-form\n"),
    "quantity": CHECK.format("quantity: 10").replace("}\n", "}  #! not-a-mapping\n"),
    "half quantity": CHECK.format("quantity: {label: a}").replace("}\n", "}  #! quantity-form\n"),
    "other half": CHECK.format("quantity: {at_least: 2}").replace("}\n", "}  #! quantity-form\n"),
    "quantity number": CHECK.format("quantity: {label: a, at_least: 0}").replace("}\n", "}  #! too-small\n"),
}


def _cases():
    for name, text in WHOLE_FILES.items():
        yield pytest.param(text, id=f"file-{name}")
    for name, text in TOP.items():
        yield pytest.param(HEAD + text, id=f"top-{name}")
    for name, text in NODES.items():
        yield pytest.param(f"{HEAD}nodes:\n{text}\n", id=f"node-{name}")
    for name, text in CHILDREN.items():
        inner = f'{text}    children: [{{code: "1.1", title: a, points: 1}}]\n'
        whole = f'{HEAD}strict_points: true\nnodes:\n  - code: "1"\n    title: a\n{inner}'
        yield pytest.param(whole, id=f"inner-{name}")
    for name, text in MAPS.items():
        leaf = f'  - code: "1"\n    title: a\n    points: 1\n    map: {text}\n'
        yield pytest.param(f"{HEAD}nodes:\n{leaf}", id=f"map-{name}")
    for name, text in LISTS.items():
        yield pytest.param(HEAD + ("" if "nodes:" in text else LEAF) + text, id=f"list-{name}")
    tree = LEAF + '  - {code: "2", title: a, children: [{code: "2.1", title: a, points: 1}]}\n'
    for name, text in CHECKS.items():
        whole = f"{HEAD}{tree}place_types: [{{code: p, name: a}}]\n{text}"
        yield pytest.param(whole, id=f"check-{name}")


EACH_ON_ITS_LINE = """\
grades:
  A: 1
nodes:
  - code: "1"
    title: a
    points: 1
    map:
      kind: linear
      from: 2
      to: 2  #! linear-flat
  - code: "2"
    title: b
    points: 1
    map:
      kind: bands
      bands:
        - share: 1
          min: 0.5
        - share: 0.6
          min: 0.7  #! band-order
        - share: 2  #! share-range
  - code: "3"
    title: c
    children:  #! sum-without-points
      - code: "3.1"
        title: d
        method: field
        points: 0  #! deduct-without-points
        map:
          kind: deduct
          each: 1
  - code: "4"
    title: e
    aggregate: sum
    threshold: 0.5  #! only-with-met
    table: [[1, 1]]  #! only-with-met
    children:
      - code: "4.1"
        title: f
        points: 1
        table: [[1, 1]]  #! only-with-met
        aggregate: min  #! inner-key-on-leaf
        evidence:
          - slot: a
            min: 1
            kind: foto  #! unknown-evidence
place_types:
  - name: b  #! missing
  - code: z
    name: c
  - code: z  #! duplicate-code
    name: d
problem_types:
  - name: b  #! missing
    within: 2 h  #! within-form
checks:
  - code: c
    place_types: [p]  #! undeclared-place-type
    text: t
    criteria: []  #! no-criteria
    quantity:
      label: a
      unit: b  #! unknown-key
      at_least:  #! quantity-form
  - place_types: [p]  #! missing undeclared-place-type
    text: t
    criteria: ["1"]
    quantity:
      at_least: 4
      label: ""  #! quantity-form
vetoes:
  - title: a  #! missing
    size: 4  #! unknown-key
    effect: cap
    cap:  #! veto-without-cap
bonuses:
  - title: a  #! missing
    size: 4  #! unknown-key
    cap: -1  #! too-small
"""


def test_each_fault_stands_at_the_line_of_its_own_key():
    text = HEAD + EACH_ON_ITS_LINE
    assert sorted(found(text)) == sorted(marked(text))


@pytest.mark.parametrize("text", list(_cases()))
def test_fault_is_found_at_its_line_and_alone(text, request):
    faults = faults_of(text)
    assert sorted((fault.code, fault.place) for fault in faults) == sorted(marked(text))
    assert worded(faults) == fault_words()[request.node.callspec.id]


POINTS = {
    "all zero": ("children: [{code: a, title: a, points: 0}, {code: b, title: b, points: 0}]", "sum-without-points"),
    "deduct of zero": (
        "children: [{code: a, title: a, points: 0, map: {kind: deduct, each: 1}}, {code: b, title: b, points: 1}]",
        "deduct-without-points",
    ),
    "deduct without points under sum": (
        "children: [{code: a, title: a, map: {kind: deduct, each: 1}}, {code: b, title: b, points: 1}]",
        "leaf-without-points",
    ),
    "deduct without points under min": (
        "aggregate: min\n    children: [{code: a, title: a, map: {kind: deduct, each: 1}}]",
        "deduct-without-points",
    ),
    "faulty points are not missing": ("children: [{code: a, title: a, points: x}]", "not-a-number"),
    "faulty children are not none": ("children: {a: b}", "not-a-list"),
}


@pytest.mark.parametrize(("node", "fault"), POINTS.values(), ids=POINTS.keys())
def test_points_that_cannot_be_shared_are_refused(node, fault):
    text = f"{HEAD}aggregate: mean\nscale: 100\nnodes:\n  - code: '1'\n    title: a\n    {node}\n"
    line = text.split("children:", maxsplit=1)[0].count("\n") + 1
    assert found(text) == [(fault, f"line {line}")]


@pytest.mark.parametrize("aggregate", ["mean", "min"])
def test_points_need_not_add_up_where_they_are_not_added(aggregate):
    node = f"code: '1', title: a, points: 9, aggregate: {aggregate}"
    leaf = "{code: a, title: a, points: 3}"
    text = f"{HEAD}strict_points: true\nnodes:\n  - {{{node}, children: [{leaf}]}}\n"
    assert read_standard(text.encode(), "a.yaml").nodes[0].points == 9


def test_tree_deeper_than_the_limit_is_refused():
    nodes = '[{code: "20", title: a, points: 1, children: [{code: "21", title: a, points: 1}]}]'
    for level in range(19, 0, -1):
        nodes = f'[{{code: "{level}", title: a, points: 1, children: {nodes}}}]'
    assert found(f"{HEAD}nodes: {nodes}\n") == [("levels", "line 5")]
    whole = nodes.replace(', children: [{code: "21", title: a, points: 1}]', "")
    assert len(list(read_standard(f"{HEAD}nodes: {whole}\n".encode(), "a.yaml").walk())) == 20


def test_all_faults_come_in_the_order_of_lines():
    text = (
        HEAD.replace("city", "town") + "cap: x\nnodes:\n  - {code: 1, title: a, points: 1}\n  - {title: b, points: 1}\n"
    )
    assert found(text) == [
        ("unknown-subject", "line 4"),
        ("not-a-number", "line 5"),
        ("unquoted-code", "line 7"),
        ("missing", "line 8"),
    ]


def test_fault_says_what_is_wrong_and_the_way_out_in_two_languages():
    [fault] = faults_of(f"{HEAD}nodes:\n  - {{code: 1.10, title: a, points: 1}}\n")
    assert str(fault) == ('line 6: the code 1.10 is a number, so 1.10 would become 1.1; put it in quotes: "1.10"')
    assert fault.message_zh == '编号 1.10 未加引号，会被当作数字（1.10 会变成 1.1）；请写成 "1.10"'


def test_unknown_word_comes_with_the_nearest_known_one():
    [fault] = faults_of(f"{HEAD}nodes:\n  - {{code: '1', title: a, points: 1, method: Feild}}\n")
    assert fault.message.endswith('impression, record; did you mean "field"?')
    assert fault.message_zh.endswith("；是否应为“field”？")


def test_exception_reads_as_all_its_faults():
    with pytest.raises(FaultyStandard, match=r"line 5: .*\nline 6: ") as refused:
        read_standard(f"{HEAD}a: 1\nb: 2\n{LEAF}".encode(), "a.yaml")
    assert len(refused.value.faults) == 2


def test_json_faults_name_their_lines():
    text = """{
 "urn": "urn:a", "version": 1,
 "title": "t", "title": "u",
 "subject": "city",
 "nodes": [{"code": 1.1, "title": "a",
            "points": 1}]}"""
    assert found(text, "a.json") == [
        ("unquoted-code", "line 2"),
        ("duplicate-key", "line 3"),
        ("unquoted-code", "line 5"),
    ]


def test_words_of_every_fault_name_the_same_values_in_both_languages():
    fields = re.compile(r"(?<!\{)\{(\w+)\}(?!\})")
    for english, chinese in MESSAGES.values():
        ours, theirs = set(fields.findall(english)), set(fields.findall(chinese))
        assert theirs == ours
        assert english != chinese
