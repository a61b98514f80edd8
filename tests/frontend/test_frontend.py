"""Rules of the front end that a reviewer would otherwise have to look for."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "chuangwen"
FRONTEND = ROOT / "frontend"
BUILT = PACKAGE / "core" / "static" / "chuangwen"
ICON_TAG = re.compile(r"""{%\s*icon\s+['"]([\w-]+)['"]""")
ICON_DEFAULT = re.compile(r"""{%\s*icon\s+[\w.]+\|default:['"]([\w-]+)['"]""")
ICON_ARGUMENT = re.compile(r"""\bicon(?:"\s*:|\s*:\s*str\s*=|=)\s*"([\w-]+)\"""")
SHAPE_TAG = re.compile(r"""{%\s*(?:state|state_shape)\s+['"]([\w-]+)['"]""")


def templates() -> list[Path]:
    return sorted(PACKAGE.glob("*/templates/**/*.html"))


def lines_with(pattern: re.Pattern[str], paths: list[Path]) -> Iterator[str]:
    for path in paths:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if pattern.search(line):
                yield f"{path.relative_to(ROOT)}:{number}: {line.strip()[:120]}"


def icon_names() -> set[str]:
    lines = (FRONTEND / "src" / "icons.txt").read_text(encoding="utf-8").splitlines()
    return {line for line in map(str.strip, lines) if line and not line.startswith("#")}


def test_templates_without_inline_style() -> None:
    assert list(lines_with(re.compile(r"\sstyle\s*=|<style\b", re.IGNORECASE), templates())) == []


def test_templates_without_inline_script() -> None:
    handlers = r"\son(click|change|submit|load|input|key\w+|focus|blur|error)\s*="
    inline = r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")"
    evaluated = r"\bhx-on|\bhx-vars=|\bhx-vals=['\"]js:|javascript:"
    pattern = re.compile(f"{handlers}|{inline}|{evaluated}", re.IGNORECASE)
    assert list(lines_with(pattern, templates())) == []


def test_templates_fetch_nothing_from_elsewhere() -> None:
    pattern = re.compile(r"<(script|link|img|iframe|source)\b[^>]*(src|href)=[\"']?(https?:)?//", re.IGNORECASE)
    assert list(lines_with(pattern, templates())) == []


def test_icons_in_use_are_in_the_sprite() -> None:
    used: set[str] = set()
    for path in templates():
        text = path.read_text(encoding="utf-8")
        used |= {*ICON_TAG.findall(text), *ICON_DEFAULT.findall(text)}
    for path in PACKAGE.rglob("*.py"):
        used |= set(ICON_ARGUMENT.findall(path.read_text(encoding="utf-8")))
    assert used - icon_names() == set()


def test_shapes_in_templates_are_drawn() -> None:
    drawn = re.findall(r'id="shape-([\w-]+)"', (FRONTEND / "src" / "shapes.svg").read_text(encoding="utf-8"))
    used = {name for path in templates() for name in SHAPE_TAG.findall(path.read_text(encoding="utf-8"))}
    assert {name.replace("_", "-") for name in used} - set(drawn) == set()


def test_icon_list_is_sorted_and_without_doubles() -> None:
    lines = (FRONTEND / "src" / "icons.txt").read_text(encoding="utf-8").splitlines()
    names = [line for line in lines if line and not line.startswith("#")]
    assert names == sorted(set(names))


def test_lock_file_names_no_registry() -> None:
    lock = (FRONTEND / "package-lock.json").read_text(encoding="utf-8")
    assert '"resolved"' not in lock
    assert '"integrity"' in lock


def test_every_module_has_its_test() -> None:
    # The two "-part" modules only hand on a library and need a real browser's canvas.
    modules = {p.name[:-3] for p in (FRONTEND / "src" / "ts").glob("*.ts") if not p.name.endswith(".test.ts")}
    tested = {p.name[: -len(".test.ts")] for p in (FRONTEND / "src" / "ts").glob("*.test.ts")}
    assert {name for name in modules - tested if not name.endswith("-part")} == set()


def test_built_files_name_no_other_site() -> None:
    if not BUILT.exists():
        pytest.skip("the front end is not built: python scripts/build_frontend.py")
    # Names of XML namespaces and the libraries' notes about themselves are text; a fetch would need one of these.
    fetched = re.compile(
        r"url\(\s*[\"']?(?:https?:)?//|import\(\s*[\"']https?:|<image[^>]+https?:|@import\s+[\"']https?:"
    )
    found = [p.name for p in BUILT.rglob("*") if p.suffix in {".css", ".js", ".svg"} and fetched.search(p.read_text())]
    assert found == []


def test_modules_pass_their_own_tests() -> None:
    if not (FRONTEND / "node_modules" / "vitest").exists() or shutil.which("node") is None:
        pytest.skip("no node_modules: python scripts/build_frontend.py installs them")
    done = subprocess.run(
        ["node", "node_modules/vitest/vitest.mjs", "run"],
        cwd=FRONTEND, capture_output=True, text=True, timeout=240, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
