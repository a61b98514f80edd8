"""Looks at what a step leaves behind: columns, history, audit, and what people are told."""

from __future__ import annotations

from datetime import date
from typing import Any

from chuangwen.accounts.models import User
from chuangwen.accounts.roles import Role
from chuangwen.core.models import Attachment
from chuangwen.notifications.models import Notice
from chuangwen.organizations.models import RoleGrant
from tests.support.factories import make_user


def told(*people: User) -> list[tuple[str, ...]]:
    """What these people were told, the oldest first: kind, title, text, address."""
    rows = Notice.objects.filter(user__in=people).order_by("pk")
    return list(rows.values_list("kind", "title", "body", "url"))


def some(row: Any, *names: str) -> tuple[Any, ...]:
    """Some columns of a row as the database holds them."""
    return type(row).objects.filter(pk=row.pk).values_list(*names).get()


def files(row: Any) -> list[str]:
    """The names of the files that hang on a row."""
    found = Attachment.objects.filter(owner_type=row._meta.label_lower, owner_id=row.pk)
    return list(found.order_by("pk").values_list("name", flat=True))


def make_insider(house: Any) -> User:
    """Somebody of the office who speaks for the bureau as well."""
    user = make_user(Role.OFFICE, house.root)
    role = {"role": str(Role.LIAISON), "unit": house.bureau, "starts": date(2020, 1, 1)}
    RoleGrant.objects.create(region=house.root.region, user=user, **role)
    return user
