"""Says in a line what keeps a command from its site: settings that cannot be used, a database that is none."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module

from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, ProgrammingError


class BadSettings(Exception):  # noqa: N818 (an answer to a person)
    """A variable of the environment cannot be used."""


def load_settings() -> None:
    """Read the settings. Raises BadSettings where a variable is wrong."""
    import django  # noqa: PLC0415

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chuangwen.config.settings")
    try:
        import_module(os.environ["DJANGO_SETTINGS_MODULE"])  # before anything else that may fail does
    except (ImproperlyConfigured, OSError, ValueError) as error:
        raise BadSettings(_line(error)) from error
    django.setup()


@contextmanager
def site_told() -> Iterator[None]:
    """SystemExit with a line and the way out where the site cannot be reached; with DEBUG the trace."""
    try:
        yield
    except BadSettings as error:
        sys.exit(f"The settings cannot be used ({error}). Correct the variable; docs/operations.md lists all.")
    except (OperationalError, ProgrammingError) as error:
        if os.environ.get("DEBUG"):
            raise
        sys.exit(
            f"The database does not answer as a site's ({_line(error)}). "
            "Check DATABASE_URL and CHUANGWEN_VAR; a new site is made by: chuangwen serve"
        )


def _line(error: Exception) -> str:
    return " ".join(str(error).split())[:300]
