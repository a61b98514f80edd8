"""What every test may use: the database only where asked for, a fast hasher, a var/ of its own."""

from __future__ import annotations

import gc
import importlib.util
import itertools
import os
import shutil
import sys
from importlib import import_module
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.utils import translation
from django_tasks_db.models import DBTaskResult
from hypothesis import HealthCheck
from hypothesis import settings as properties

from tests.support.migrated import Migrated

YOUNG_OBJECTS = 50_000  # as many may be made before garbage is sought; a page makes some thousand

# A minute and more for one test or what it waits for: begun last, it would keep one process while the others are idle
LONGEST = ("test_demo", "test_bench", "test_hostile_forms", "test_query_counts", "test_doors", "test_spark")

# A busy machine is no fault of the program: time decides nothing, examples do.
properties.register_profile("suite", deadline=None, suppress_health_check=[HealthCheck.too_slow])
properties.load_profile("suite")


def _compile_words():
    """So that no test meets the words of yesterday. Done before Django is set up, which may read them."""
    spec = importlib.util.spec_from_file_location("messages", Path(__file__).parent.parent / "scripts" / "messages.py")
    messages = importlib.util.module_from_spec(spec)
    sys.modules["messages"] = messages
    spec.loader.exec_module(messages)
    messages.compile_all(messages.areas())


_compile_words()


def pytest_configure(config):
    """Before the first handler is made, whose middleware would list static files that need not be there yet."""
    settings.WHITENOISE_AUTOREFRESH = True
    from tests.support.emptying import empty_quickly  # both need Django's settings
    from tests.support.posting import watch_posts

    empty_quickly()
    watch_posts()
    if config.getoption("note_shapes"):
        _note_shapes(config)


def _note_shapes(config):
    """Each process writes a file of its own; the first clears away those of an earlier run."""
    from tests.support.shapes import Noting

    folder, worker = config.cache.mkdir("shapes"), os.environ.get("PYTEST_XDIST_WORKER")
    if worker is None:
        shutil.rmtree(folder)
        folder.mkdir()
    config.pluginmanager.register(Noting(folder / f"{worker or 'alone'}.json"))


def pytest_addoption(parser):
    parser.addoption("--only-database", action="store_true", help="leave out tests that open no database")
    parser.addoption("--note-shapes", action="store_true", help="keep which shapes of SQL each test executes")
    parser.addoption("--by-shapes", action="store_true", help="of tests in those notes take what covers each shape")


@pytest.hookimpl(trylast=True)  # what else is left out has gone by then
def pytest_collection_modifyitems(config, items):
    """The longest first; on the second database only what a database can change is worth running again."""
    items.sort(key=lambda item: not item.path.stem.startswith(LONGEST))
    if config.getoption("only_database"):
        _keep(config, items, {item.nodeid for item in items if _opens_database(item)})
    if config.getoption("by_shapes"):
        from tests.support.shapes import chosen, read

        here = {item.nodeid: item for item in items}
        noted = {name: one for name, one in read(config.cache.mkdir("shapes")).items() if name in here}
        always = {name for name, item in here.items() if name not in noted or _belongs_on_both(item)}
        _keep(config, items, always | chosen(noted, always))


def _keep(config, items, names):
    config.hook.pytest_deselected(items=[item for item in items if item.nodeid not in names])
    items[:] = [item for item in items if item.nodeid in names]


def _opens_database(item):
    return item.get_closest_marker("django_db") or "db" in item.fixturenames


def _belongs_on_both(item):
    """What commits, locks or is marked: a database can change its outcome, whatever statements it sends."""
    marked = item.get_closest_marker("django_db")
    commits = marked is not None and marked.kwargs.get("transaction")
    return commits or item.get_closest_marker("both") or "transactional_db" in item.fixturenames


@pytest.hookimpl(wrapper=True)
def pytest_collection():
    """Without a search for garbage: nothing that is imported and collected goes away again."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()


def pytest_collection_finish():
    """Garbage is sought among what the tests make, not ever again among the program and nine thousand tests."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG_OBJECTS, 10, 10)


def pytest_terminal_summary(terminalreporter):
    """The list of what failed keeps its messages where the output goes into a file, which has no width."""
    if not sys.stdout.isatty():
        terminalreporter.config.get_terminal_writer().fullwidth = 300


def pytest_unconfigure():
    """Libraries that look at their own leaks when Python ends want to see all of it go."""
    gc.unfreeze()


@pytest.fixture(scope="session")
def migrated(pytestconfig, tmp_path_factory):
    """An empty site's database to copy; kept beside what pytest keeps, where pytest keeps anything."""
    if hasattr(pytestconfig, "cache"):
        return Migrated(pytestconfig.cache.mkdir("migrated"))
    base = tmp_path_factory.getbasetemp()
    return Migrated((base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "migrated")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings, tmp_path_factory, migrated):
    """SQLite in a file, as on a site: in memory, threads meet a lock that no site has. Migrated by another process."""
    if connection.vendor == "sqlite":
        file = tmp_path_factory.mktemp("database") / "test.sqlite3"
        migrated.copy_to(file)
        connection.settings_dict["TEST"]["NAME"] = str(file)


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_keepdb):
    """The copied tables are taken as they are."""
    return django_db_keepdb or connection.vendor == "sqlite"


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Without the triggers that guard rows, since tests that commit are cleaned up by deleting every row."""
    from chuangwen.config.backup.guards import GUARDS  # models are there only now

    with django_db_blocker.unblock(), connection.schema_editor() as editor:
        for name in GUARDS:
            import_module(name).backwards(None, editor)


@pytest.fixture(scope="session")
def _folders(tmp_path_factory):
    """Names for folders that are made when something is written; to make one for each test would cost seconds."""
    base = tmp_path_factory.mktemp("files")
    return (base / str(number) for number in itertools.count())


@pytest.fixture(autouse=True)
def _plain_site(settings, monkeypatch, _folders):
    """Cheap passwords, files in a folder that goes, Chinese first, no wait for locked-out sign-ins.

    The menu counts at every page; that a browser keeps its counts for a minute has tests of its own.
    """
    monkeypatch.setattr("chuangwen.core.kept_counts.KEPT_SECONDS", 0)
    translation.deactivate()  # a request in English before this test left its language behind
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.REQUIRE_MFA_ROLES = []
    settings.STORAGES = {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(next(_folders))},
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


@pytest.fixture
def run_jobs():
    """Runs here and now what was handed to the worker."""

    def run():
        for result in DBTaskResult.objects.filter(status="READY"):
            result.task.call(*result.args_kwargs["args"], **result.args_kwargs["kwargs"])
            result.delete()

    return run
