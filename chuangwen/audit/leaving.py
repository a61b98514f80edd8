"""What leaves the program as a file is kept: who took how many rows of which list, and how it was narrowed.

Asked for by 等级保护 2.0, level three (GB/T 22239-2019, 8.1.4.3 a: important acts of users): a list may hold
hundreds of telephone numbers.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.dispatch import receiver

from chuangwen.audit.services import record
from chuangwen.core.lists.export import exported


@receiver(exported, dispatch_uid="audit.exported")
def on_exported(sender: Any, user: Any, page: Any, query: str, rows: int, **_kwargs: Any) -> None:
    region = user.region.code if user.region else ""
    data = {"list": page.name, "query": query[:500], "rows": rows}
    with transaction.atomic():
        record("core.list.export", actor=user, region=region, data=data)
