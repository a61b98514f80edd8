"""The audit is read in Chinese: whatever the program notes has words, and none is told by its code."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps

import chuangwen
from chuangwen.audit.wording import action_words

PACKAGE = Path(chuangwen.__file__).parent
NOTED = frozenset({"record", "note_step", "note_many", "keep_setting"})


def calls(area: str) -> Iterator[tuple[str, str]]:
    """(what notes, the action as it is written) of every call of an area that names its action."""
    for path in sorted((PACKAGE / area).rglob("*.py")):
        for call in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(call, ast.Call) and (name := getattr(call.func, "id", "")) in NOTED:
                named = {keyword.arg: keyword.value for keyword in call.keywords}
                said = named["action"] if name == "keep_setting" else call.args[0 if name == "record" else 1]
                written = ast.walk(said) if isinstance(said, ast.Constant | ast.IfExp) else ()
                values = (one.value for one in written if isinstance(one, ast.Constant))
                yield from ((name, value) for value in values if isinstance(value, str))


def is_told(area: str, name: str, action: str) -> bool:
    """A step of a model that the call does not name is told where some model of the area has words for it."""
    if name in {"record", "keep_setting"}:
        return action_words(action) != action
    models = (model._meta.label_lower for model in apps.get_app_config(area).get_models())
    return any(action_words(f"{model}.{action}") != f"{model}.{action}" for model in models)


@pytest.mark.parametrize("area", [path.parent.name for path in sorted(PACKAGE.glob("*/services*"))])
def test_everything_that_is_noted_has_words(area):
    assert [action for name, action in calls(area) if not is_told(area, name, action)] == []


def test_setting_when_a_unit_is_overloaded_is_told_as_that():
    assert action_words("responsibilities.breakdown.rule") == "设定负担偏重的标准"
