from __future__ import annotations

import copy
import shutil

import pytest
from django.core.files.storage import default_storage
from django.db import transaction
from django.test import override_settings
from django.utils import translation

from tests.config.doors import World

MD5 = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(scope="module")
def _world(django_db_setup, django_db_blocker, tmp_path_factory):
    """Made once for all tests of a file, in a transaction around theirs; none of them may commit."""
    folder = tmp_path_factory.mktemp("world")
    kept = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(folder)}}
    static = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    around = transaction.atomic()
    with django_db_blocker.unblock():
        around.__enter__()
        translation.deactivate()
        with override_settings(PASSWORD_HASHERS=MD5, STORAGES={"default": kept, "staticfiles": static}):
            made = World()
    yield made, folder
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        around.__exit__(None, None, None)


@pytest.fixture
def world(_world, db):
    """A copy, which a test may change, with the files that belong to it."""
    made, folder = _world
    shutil.copytree(folder, default_storage.location, dirs_exist_ok=True)
    return copy.deepcopy(made)
