"""What every source file must be: short, well named, and no second writer of a state."""

from __future__ import annotations

import ast
import re

import pytest

from tests.rules.ladder import PACKAGE, ROOT, place, rungs, sources

FILE_LIMIT, TEST_FILE_LIMIT, FUNCTION_LIMIT = 400, 500, 60
NAMES_FOR_NOTHING = frozenset({"utils", "helpers", "common", "manager", "managers", "misc", "util", "helper"})
WRITER = "chuangwen/workflow/services.py"


def long_functions(text):
    """(name, lines) of the functions longer than the limit."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno is not None:
            lines = node.end_lineno - node.lineno + 1
            if lines > FUNCTION_LIMIT:
                yield node.name, lines


def state_writes(text):
    """Lines that write a state past advance(): `x.state = …`, `.update(state=…)`, `setattr(x, "state", …)`."""
    for node in ast.walk(ast.parse(text)):
        targets = []
        if isinstance(node, ast.Assign):
            targets = node.targets
        elif isinstance(node, ast.AugAssign | ast.AnnAssign):
            targets = [node.target]
        if any(isinstance(one, ast.Attribute) and one.attr == "state" for one in targets):
            yield node.lineno
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            words = {keyword.arg for keyword in node.keywords}
            second = node.args[1].value if len(node.args) > 1 and isinstance(node.args[1], ast.Constant) else None
            if (name in {"update", "update_or_create"} and "state" in words) or (
                name == "setattr" and second == "state"
            ):
                yield node.lineno


def test_no_file_is_too_long():
    limits = dict.fromkeys(sources("chuangwen", "scripts", "tools"), FILE_LIMIT)
    limits |= dict.fromkeys(sources("tests"), TEST_FILE_LIMIT)
    counts = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in limits}
    assert {place(path): count for path, count in counts.items() if count > limits[path]} == {}


def test_no_function_is_too_long():
    found = {}
    for path in sources("chuangwen", "scripts", "tools", "tests"):
        for name, lines in long_functions(path.read_text(encoding="utf-8")):
            found[f"{place(path)}:{name}"] = lines
    assert found == {}


def test_long_function_would_be_found():
    text = "def long():\n" + "    pass\n" * FUNCTION_LIMIT
    assert list(long_functions(text)) == [("long", FUNCTION_LIMIT + 1)]


def test_only_one_function_writes_a_state():
    found = [
        f"{place(path)}:{line}"
        for path in sources("chuangwen")
        if place(path) != WRITER
        for line in state_writes(path.read_text(encoding="utf-8"))
    ]
    assert found == []


@pytest.mark.parametrize(
    "line",
    ["x.state = 'done'", "x.state += 1", "rows.update(state='done')", "setattr(x, 'state', 1)", "a = b.state = 2"],
)
def test_second_writer_of_a_state_would_be_found(line):
    assert list(state_writes(line)) == [1]


@pytest.mark.parametrize("line", ["Task(state='new')", "Task.objects.create(state='new')", "if x.state == 1: pass"])
def test_row_may_be_made_with_its_first_state(line):
    assert list(state_writes(line)) == []


def test_modules_are_named_after_what_they_hold():
    assert [place(path) for path in sources("chuangwen") if path.stem in NAMES_FOR_NOTHING] == []


def test_every_area_says_what_it_owns_and_stands_on_the_ladder():
    areas = [path.parent for path in sorted(PACKAGE.glob("*/apps.py"))]
    docs = {
        area.name: ast.get_docstring(ast.parse((area / "__init__.py").read_text(encoding="utf-8"))) for area in areas
    }
    assert [name for name, text in docs.items() if not text] == []
    assert set(docs) <= set(rungs())


def test_every_module_says_why_it_exists():
    silent = []
    for path in sources("chuangwen", "scripts", "tools"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        if tree.body and not ast.get_docstring(tree) and path.stem not in {"apps", "urls"}:
            silent.append(place(path))
    assert silent == []


@pytest.mark.parametrize(
    "path",
    [ROOT / "README.md", ROOT / "README.zh-CN.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))],
    ids=place,
)
def test_links_between_documents_lead_somewhere(path):
    targets = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", path.read_text(encoding="utf-8"))
    assert [one for one in targets if "://" not in one and not (path.parent / one).exists()] == []


def test_documents_that_the_project_promises_are_there():
    names = ["architecture", "adding-an-area", "glossary", "coverage", "dependencies", "operations", "ui"]
    assert [name for name in names if not (ROOT / "docs" / f"{name}.md").exists()] == []
    assert (ROOT / "LICENSE").read_text(encoding="utf-8").lstrip().startswith("Apache License")


def test_every_form_is_of_the_house():
    """Its base refuses control characters and far days in every field (core/forms.py)."""
    bare = {
        place(path): line
        for path in sources("chuangwen")
        for line in re.findall(
            r"^class .*\bforms\.(?:Form|ModelForm|BaseForm)\b.*", path.read_text("utf-8"), re.MULTILINE
        )
        if place(path) != "chuangwen/core/forms.py"
    }
    assert bare == {}
