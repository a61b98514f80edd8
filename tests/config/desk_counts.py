"""Every count on the start page of every demo account, held against the list that its link opens.

`python -m tests.config.desk_counts VAR DAY` prints a line of JSON for each count that stands beside a link:
account, words, address, the count, and how many rows the list behind it has.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

ACCOUNTS = ("office", "leader", "chengguan", "keeper-zhonggulou", "inspector1", "verifier", "assessor", "auditor",
            "admin")  # fmt: skip
HOUR = 4  # noon in China


def counts_on(context: Any) -> Iterator[tuple[str, str, int]]:
    """(words, address, count) of figures, items, the list of what presses, and the navigation."""
    for figure in context["figures"]:
        if str(figure.value).isdigit():
            yield str(figure.label), figure.url, int(figure.value)
    groups = context["groups"]
    for item in (*groups.decide, *groups.mine, *groups.week, *groups.late):
        if str(item.count) in re.findall(r"\d+", str(item.title)):
            yield str(item.title), item.url, item.count
    for words, url in context["pressing"].links if context["pressing"] else ():
        yield words, url, int(re.search(r"\d+", words)[0])
    for section in context["nav"]:
        for entry in section.items:
            if entry.get("count"):
                yield str(entry["label"]), entry["url"], int(entry["count"])


def main() -> None:
    os.environ["CHUANGWEN_VAR"], day = sys.argv[1], sys.argv[2]
    os.environ["CHUANGWEN_DEMO"] = "1"  # nobody is asked for a second factor
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chuangwen.config.settings")
    import django

    django.setup()
    from django.conf import settings
    from django.test import Client
    from django.test.utils import setup_test_environment

    from chuangwen.accounts.models import User
    from chuangwen.core import clock

    setup_test_environment()
    settings.WHITENOISE_AUTOREFRESH = True
    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    with clock.at(datetime.fromisoformat(day).replace(hour=HOUR, tzinfo=UTC)):
        for account in ACCOUNTS:
            client = Client()
            user = User.objects.get(username=account)
            client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
            seen = set()
            for due in ("late", "today", "week"):
                for words, url, count in counts_on(client.get("/desk/", {"due": due}).context):
                    if (words, url) in seen:
                        continue
                    seen.add((words, url))
                    listing = client.get(url).context.get("listing")
                    rows = listing.total if listing else None
                    print(json.dumps([account, words, url, count, rows], ensure_ascii=False))  # noqa: T201


if __name__ == "__main__":
    main()
