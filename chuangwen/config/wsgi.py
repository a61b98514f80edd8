"""The WSGI application that granian serves."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from chuangwen.core import clock
from chuangwen.core.workdays import default_calendar

YOUNG_OBJECTS = 20_000  # a page makes fewer that last; the default of 700 looks them through again and again


def _settle() -> None:
    """Load what pages need, and keep the collector from walking all of it in the middle of a request.

    A full collection of a loaded program took 120 ms of a page that takes 56 ms without it.
    """
    get_resolver().url_patterns  # noqa: B018 (loads every view)
    default_calendar().is_workday(clock.today())  # 400 ms: the library knows the holidays of all countries
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG_OBJECTS, 10, 10)


os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chuangwen.config.settings")
application = get_wsgi_application()
_settle()
