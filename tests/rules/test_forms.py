"""What people fill in is named in their language: a model form takes the names of fields from the model."""

from __future__ import annotations

import importlib
import inspect
import pkgutil

import pytest
from django.forms import ModelForm
from django.utils import translation

import chuangwen

pytestmark = pytest.mark.once  # no database has a say in it


def model_forms():
    """Every model form of the program with a field."""
    for module in pkgutil.walk_packages(chuangwen.__path__, "chuangwen."):
        if module.name.endswith(".forms"):
            for _name, found in inspect.getmembers(importlib.import_module(module.name), inspect.isclass):
                if issubclass(found, ModelForm) and found.__module__ == module.name:
                    yield found


def test_fields_of_model_forms_have_chinese_labels():
    with translation.override("zh-hans"):
        english = [
            f"{form.__name__}.{name}: {field.label}"
            for form in model_forms()
            for name, field in getattr(form, "base_fields", {}).items()
            if str(field.label).isascii() and not field.widget.is_hidden
        ]
    assert english == []
