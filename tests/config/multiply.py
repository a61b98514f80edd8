"""Gives every row of a small world twins: what hangs on a row has three where it had one, and so has every list.

Rows are copied through the models themselves, so that a new model is multiplied the day it is added.
"""

from __future__ import annotations

import uuid
from typing import Any

from django.apps import apps
from django.db import IntegrityError, models, transaction

TWINS = 2
# Chained by hash, one for all, of somebody's own browser, or made by the database from other rows.
ALONE = {"audit.Entry", "core.Region", "core.DailyRun", "core.SearchGram", "sessions.Session",
         "contenttypes.ContentType"}  # fmt: skip
OURS = "chuangwen."


def multiply() -> dict[str, int]:
    """Copy every row of ours `TWINS` times; returns how many copies each model has got, by its label."""
    made: dict[str, int] = {}
    twins: dict[tuple[type[models.Model], Any], list[Any]] = {}
    for model in _in_order():
        for row in list(model._base_manager.order_by("pk")):
            copies = [copy for turn in range(TWINS) for copy in _copies(row, turn, twins)]
            twins[model, row.pk] = [copy.pk for copy in copies[:TWINS]]
            made[model._meta.label] = made.get(model._meta.label, 0) + len(copies)
    return made


def _in_order() -> list[type[models.Model]]:
    """Models of ours, each after those that it points to."""
    left = [
        one for one in apps.get_models(include_auto_created=True)
        if one.__module__.startswith(OURS) and one._meta.label not in ALONE
    ]  # fmt: skip
    ordered: list[type[models.Model]] = []
    while left:
        free = [one for one in left if not (_above(one) - {one}) & set(left)] or left[:1]
        ordered += free
        left = [one for one in left if one not in free]
    return ordered


def _above(model: type[models.Model]) -> set[Any]:
    return {field.related_model for field in model._meta.concrete_fields if field.is_relation}


def _copies(row: Any, turn: int, twins: dict[Any, list[Any]]) -> list[Any]:
    """A copy at the same parents, and one at the parents' twins; none where the tables forbid it."""
    elsewhere = {
        field.attname: there[turn]
        for field in row._meta.concrete_fields
        if field.is_relation and len(there := twins.get((field.related_model, getattr(row, field.attname)), [])) > turn
    }
    found = [_kept(_copy(row, turn, "a"))]
    if elsewhere:
        other = _copy(row, turn, "b")
        for name, value in elsewhere.items():
            setattr(other, name, value)
        found.append(_kept(other))
    return [copy for copy in found if copy is not None]


def _copy(row: Any, turn: int, mark: str) -> Any:
    values = {
        field.attname: _changed(field, getattr(row, field.attname), f"{turn}{mark}{row.pk}")
        for field in row._meta.concrete_fields
        if not field.primary_key and not field.generated
    }
    return type(row)(**values)


def _changed(field: Any, value: Any, mark: str) -> Any:
    """Another value where the table wants each only once; in a tree a path beside the old one."""
    if isinstance(field, models.UUIDField):
        return uuid.uuid4()
    if field.name == "path" and field.unique:
        return value[:-4] + f"{mark[0]}{mark[1].upper()}{int(mark[2:]) % 100:02d}"
    if not field.choices and (field.unique or field.name in _named_once(field.model)):
        return f"{value}-{mark}"[-field.max_length :] if isinstance(value, str) else value
    return value


def _named_once(model: type[models.Model]) -> set[str]:
    return {name for one in model._meta.constraints if isinstance(one, models.UniqueConstraint) for name in one.fields}


def _kept(copy: Any) -> Any:
    try:
        with transaction.atomic():
            models.Model.save_base(copy, force_insert=True)
    except (IntegrityError, ValueError):
        return None
    return copy
