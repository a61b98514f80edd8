"""Nightly work of the site."""

from __future__ import annotations

import pytest
from django.db import connection

from chuangwen.config.housekeeping import renew_statistics
from chuangwen.core.models import Region

pytestmark = pytest.mark.both


@pytest.mark.django_db
def test_statistics_are_kept_for_sqlites_planner(django_assert_num_queries):
    if connection.vendor != "sqlite":
        with django_assert_num_queries(0):
            renew_statistics()
        return
    for number in range(300):
        Region.objects.create(code=f"S{number}", name="区")
    renew_statistics()
    with connection.cursor() as cursor:
        cursor.execute("SELECT stat FROM sqlite_stat1 WHERE tbl = 'core_region'")
        assert cursor.fetchone()[0].split()[0] == str(Region.objects.count())
