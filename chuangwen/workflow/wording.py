"""Tells the audit how history calls a step ("Closed"), from the areas' own tables of steps."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from importlib.util import find_spec

from django.apps import apps

from chuangwen.workflow.transitions import Transition, Workflow


def step_words(action: str) -> str | None:
    """What an action `<area>.<model>.<step>` is called in history; None where two tables of the area disagree."""
    area, _dot, rest = action.partition(".")
    steps = [step for step in _steps(area) if step.action == rest.rpartition(".")[2]]
    words = {str(step.done) for step in steps}
    return words.pop() if len(words) == 1 else None


@cache
def _steps(area: str) -> tuple[Transition, ...]:
    try:
        name = apps.get_app_config(area).name
    except LookupError:
        return ()
    if name == "chuangwen.workflow" or find_spec(f"{name}.workflow") is None:
        return ()
    tables = vars(import_module(f"{name}.workflow")).values()
    return tuple(step for table in tables if isinstance(table, Workflow) for step in table.transitions)
