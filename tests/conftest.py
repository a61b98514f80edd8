"""What every test may use: the database only where asked for, a fast hasher, a var/ of its own."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def _plain_site(settings, tmp_path_factory):
    """Cheap passwords, files in a folder that goes, Chinese first, no wait for locked-out sign-ins."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES = {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path_factory.mktemp("files"))},
        },
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


@pytest.fixture
def sign_in(client):
    """Signs a user in on the test client, past the password."""

    def sign(user):
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return sign
