"""What models and migrations must be: keys point down the ladder, migrations stand alone."""

from __future__ import annotations

import ast
import io

import pytest
from django.apps import apps
from django.core.management import call_command

from tests.rules.ladder import PACKAGE, place, rungs

OWN = "chuangwen."


def upward(models, ladder):
    """Relations that leave their area for a higher one or a sibling: "model.field -> model"."""
    found = []
    for model in models:
        area = model._meta.app_config.name.removeprefix(OWN)
        for field in model._meta.get_fields():
            target = getattr(field, "related_model", None)
            if target is None or field.auto_created or not target._meta.app_config.name.startswith(OWN):
                continue
            other = target._meta.app_config.name.removeprefix(OWN)
            if other != area and ladder[other] >= ladder[area]:
                found.append(f"{model._meta.label}.{field.name} -> {target._meta.label}")
    return found


def our_models():
    return [model for model in apps.get_models() if model._meta.app_config.name.startswith(OWN)]


def test_no_key_points_up_the_ladder():
    assert upward(our_models(), rungs()) == []


def test_key_that_points_up_would_be_found():
    turned = {area: -rung for area, rung in rungs().items()}
    assert upward(our_models(), turned)


def test_ladder_of_settings_and_of_imports_agree(settings):
    order = [area for area in settings.AREAS if area in rungs()]
    assert order == settings.AREAS
    assert [rungs()[area] for area in order] == sorted(rungs()[area] for area in order)


@pytest.mark.django_db
def test_no_migration_is_pending():
    out = io.StringIO()
    call_command("makemigrations", "--check", "--dry-run", stdout=out)
    assert "No changes detected" in out.getvalue()


@pytest.mark.parametrize("path", sorted(PACKAGE.glob("*/migrations/0*.py")), ids=place)
def test_migration_has_a_name_and_imports_no_application_code(path):
    assert not path.stem.split("_", 1)[1].startswith("auto_")
    modules = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            modules |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            modules.add(node.module or "")
    # What a field's definition itself names (its tree's base classes) comes from the packages, never from us.
    assert [name for name in modules if name.startswith("chuangwen")] == []
