"""Nothing is lost on any way from format to format, and the same standard gives the same bytes."""

from __future__ import annotations

import io
import json
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from ruamel.yaml import YAML

from chuangwen.standards import fileformat
from chuangwen.standards.fileformat import FORMATS, read_standard, write_standard
from chuangwen.standards.tree import Band, Check, EvidenceSlot, Map, Text
from tests.standards.marked import HEAD, LEAF
from tests.standards.strategies import standards

SHARED = Path(__file__).parents[3] / "shared" / "spec"
DATA = Path(fileformat.__file__).parents[1] / "data"
MODEST = settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))

SPEC_EXAMPLE = (Path(__file__).parent / "example.yaml").read_bytes()


def again(standard, file_format):
    return read_standard(write_standard(standard, file_format), f"a.{file_format}")


@MODEST
@given(standards())
def test_standard_survives_every_format_in_turn(standard):
    by_yaml = again(standard, "yaml")
    assert by_yaml == standard
    by_excel = again(by_yaml, "xlsx")
    assert by_excel == standard
    back = again(by_excel, "yaml")
    assert again(back, "json") == standard
    assert list(back.grades) == list(standard.grades)


@MODEST
@given(standards())
def test_yaml_says_to_a_plain_reader_what_json_says(standard):
    by_yaml = YAML(typ="safe", pure=True).load(write_standard(standard, "yaml"))
    assert by_yaml == json.loads(write_standard(standard, "json"))


def test_example_of_the_specification_is_read_as_it_says():
    standard = read_standard(SPEC_EXAMPLE, "standard.yaml")
    [section] = standard.nodes
    [leaf] = section.children
    assert (standard.urn, standard.version, standard.subject, standard.scale, standard.cap) == (
        "urn:chuangwen:standard:example-city", "2026.1", "city", 100, None,
    )  # fmt: skip
    assert standard.title == Text("示例市测评体系", "Example city standard")
    assert standard.grades == {"A": 1, "B": 0.66, "C": 0.33, "D": 0}
    assert (section.code, section.points, section.aggregate) == ("1", 40, "sum")
    assert (leaf.code, leaf.title, leaf.points, leaf.method, leaf.measure) == (
        "1.1", Text("路面整洁"), 4, "field", "rate",
    )  # fmt: skip
    assert (leaf.map, leaf.place_types, leaf.lead) == (Map(), ("main-road", "market"), ("城管部门",))
    assert leaf.evidence == (
        EvidenceSlot("文", "document", 1, window_months=12),
        EvidenceSlot("图", "photo", 2),
        EvidenceSlot("成效", "statement", 1, max_chars=500),
    )
    assert (leaf.manual, leaf.replaces) == ("...", ("1.2",))
    [check] = standard.checks
    assert check == Check(
        code="market-03",
        place_types=("market",),
        text=Text("过道畅通,无占道经营"),
        criteria=("1.1",),
        also=("urn:chuangwen:standard:example-province#2.3",),
        problem_type="litter",
    )
    assert (standard.problem_types[0].problem_class, standard.problem_types[0].within) == ("immediate", "2h")
    assert [(item.code, item.effect, item.cap) for item in standard.vetoes] == [("V1", "veto", None)]
    assert [(item.code, item.cap) for item in (*standard.bonuses, *standard.penalties)] == [("P1", 3), ("N1", 10)]


def test_example_is_the_one_of_the_specification():
    if not (SHARED / "standard.md").exists():
        pytest.skip("the specification is not at hand")
    text = (SHARED / "standard.md").read_text(encoding="utf-8")
    assert text.split("```yaml\n")[1].split("```")[0].encode() == SPEC_EXAMPLE


FILES = [*DATA.glob("*.yaml"), *SHARED.glob("examples/scoring/*/standard.json")]


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
@pytest.mark.parametrize("file_format", FORMATS)
def test_real_standards_survive(path, file_format):
    standard = read_standard(path)
    assert again(standard, file_format) == standard


def test_small_standard_stays_a_small_file():
    standard = read_standard((HEAD + LEAF).encode(), "a.yaml")
    assert write_standard(standard, "yaml").decode() == (
        "urn: urn:chuangwen:standard:test\n"
        'version: "1"\n'
        "title: 测试\n"
        "subject: city\n"
        "scale: 4\n"
        "nodes:\n"
        '  - code: "1"\n'
        "    title: 一\n"
        "    points: 4\n"
    )


def test_yaml_is_laid_out_for_people():
    text = write_standard(read_standard(SPEC_EXAMPLE, "a.yaml"), "yaml").decode()
    assert "\n  - {code: main-road, name: {zh: 主干道, en: Main road}}\n" in text
    assert '\n        replaces: ["1.2"]\n' in text
    assert "\n          - {slot: 文, kind: document, min: 1, window_months: 12}\n" in text
    assert max(map(len, text.splitlines())) <= 100


def test_long_texts_are_literal_blocks_and_long_rows_are_spread():
    name = "很长的名称" * 20
    text = f'{HEAD}nodes:\n  - {{code: "1", title: a, points: 1, manual: "一\\n\\n二: #"}}\n'
    text += f"place_types:\n  - {{code: a, name: {name}}}\n"
    written = write_standard(read_standard(text.encode(), "a.yaml"), "yaml").decode()
    assert "    manual: |-\n      一\n\n      二: #\n" in written
    assert f"  - code: a\n    name: {name}\n" in written


@pytest.mark.parametrize("file_format", FORMATS)
def test_same_standard_gives_the_same_bytes(file_format):
    standard = read_standard(SPEC_EXAMPLE, "a.yaml")
    assert write_standard(standard, file_format) == write_standard(standard, file_format)


@pytest.mark.parametrize("suffix", [".yaml", ".yml", ".json", ".XLSX"])
def test_path_is_written_in_the_format_of_its_suffix(tmp_path, suffix):
    standard = read_standard(SPEC_EXAMPLE, "a.yaml")
    path = tmp_path / f"standard{suffix}"
    assert write_standard(standard, path) == path.read_bytes()
    assert read_standard(path) == standard


def test_unknown_suffix_is_refused(tmp_path):
    standard = read_standard(SPEC_EXAMPLE, "a.yaml")
    with pytest.raises(ValueError, match=r"standard\.csv: the format is not known"):
        write_standard(standard, tmp_path / "standard.csv")


def test_workbook_is_made_for_people():
    content = write_standard(read_standard(SPEC_EXAMPLE, "a.yaml"), "xlsx")
    workbook = openpyxl.load_workbook(io.BytesIO(content))
    assert workbook.sheetnames == [
        "about", "nodes", "evidence", "checks", "problem_types", "place_types", "vetoes", "bonuses", "penalties",
    ]  # fmt: skip
    nodes = workbook["nodes"]
    assert [cell.value for cell in nodes[1]] == [
        "code", "parent", "title", "title_en", "points", "aggregate", "threshold", "table", "method", "measure",
        "map", "place_types", "lead", "manual", "replaces",
    ]  # fmt: skip
    assert (nodes["A3"].value, nodes["A3"].number_format, nodes["B3"].value) == ("1.1", "@", "1")
    assert nodes["L3"].value == "main-road; market"
    assert (nodes.column_dimensions["A"].number_format, nodes.column_dimensions["A"].width > 10) == ("@", True)
    assert nodes.freeze_panes == "B2"


def test_cells_are_written_in_the_languages_of_the_specification():
    leaf = '{{code: "1.{}", title: a, points: 1, map: {}}}'
    maps = [
        "{kind: bands, bands: [{min: 0.85, share: A}, {min: 0.8, share: B}, {share: 0.1}]}",
        "{kind: linear, from: 0, to: 30}",
        "{kind: required, n: 12}",
        "{kind: deduct, each: 0.5}",
    ]
    children = ", ".join(leaf.format(number, each) for number, each in enumerate(maps))
    text = f"{HEAD}grades: {{A: 1, B: 0.66}}\nnodes:\n  - code: '1'\n    title: a\n    aggregate: met\n"
    text += f"    table: [[4, A], [3, B], [2, 0.3]]\n    threshold: B\n    points: 4\n    children: [{children}]\n"
    standard = read_standard(text.encode(), "a.yaml")
    nodes = openpyxl.load_workbook(io.BytesIO(write_standard(standard, "xlsx")))["nodes"]
    assert [nodes[f"K{row}"].value for row in range(3, 7)] == [
        "bands(0.85:A, 0.8:B, 0.1)", "linear(0, 30)", "required(12)", "deduct(0.5)",
    ]  # fmt: skip
    assert (nodes["G2"].value, nodes["H2"].value) == ("B", "4:A; 3:B; 2:0.3")
    assert again(standard, "xlsx").nodes[0].children[0].map.bands == (
        Band(0.85, 1, "A"), Band(0.8, 0.66, "B"), Band(None, 0.1),
    )  # fmt: skip
