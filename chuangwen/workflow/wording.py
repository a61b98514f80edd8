"""Tells the audit how history calls a step ("Closed"), from the areas' own tables of steps."""

from __future__ import annotations

from functools import cache, lru_cache
from importlib import import_module
from importlib.util import find_spec

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist

from chuangwen.workflow.transitions import Transition, Workflow


def step_words(action: str) -> str | None:
    """What an action `<area>.<model>.<step>` is called in history; None where nobody says, or two tables disagree."""
    area, _dot, rest = action.partition(".")
    model, _dot, wanted = rest.rpartition(".")
    words = {str(step.done) for step in _steps(area, model) if step.action == wanted}
    return words.pop() if len(words) == 1 else None


@lru_cache(maxsize=1000)
def _steps(area: str, model: str) -> tuple[Transition, ...]:
    """The steps of the tables whose states are those of the model; of all tables where that cannot be told."""
    tables = _tables(area)
    known = _states_of(area, model)
    if known:
        fitting = [table for table in tables if _states_in(table) <= known]
        most = max((len(_states_in(table)) for table in fitting), default=0)
        tables = tuple(table for table in fitting if len(_states_in(table)) == most)
    return tuple(step for table in tables for step in table.transitions)


def _states_of(area: str, model: str) -> set[str]:
    try:
        field = apps.get_model(area, model)._meta.get_field("state")
    except (LookupError, ValueError, FieldDoesNotExist):
        return set()
    return {value for value, _label in getattr(field, "choices", None) or ()}


def _states_in(table: Workflow) -> set[str]:
    return {str(state) for step in table.transitions for state in (*step.sources, step.target)}


@cache
def _tables(area: str) -> tuple[Workflow, ...]:
    try:
        name = apps.get_app_config(area).name
    except LookupError:
        return ()
    if name == "chuangwen.workflow" or find_spec(f"{name}.workflow") is None:
        return ()
    return tuple(one for one in vars(import_module(f"{name}.workflow")).values() if isinstance(one, Workflow))
