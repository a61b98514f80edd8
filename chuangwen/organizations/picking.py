"""Units, posts and people to choose among, for fields and filters that look up what is typed."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from chuangwen.core.counting import counts
from chuangwen.core.picking import Source, Together, register_source
from chuangwen.organizations.models import Post, Unit
from chuangwen.organizations.naming import TOGETHER, kinds_meant, means_everybody, plain
from chuangwen.organizations.queries import own_units, units_today

UNIT_SEARCH = ("name", "short_name", "code", "aliases__name")
EVERYBODY = "全部"
UNIT_NAMES = ("name", "short_name", "code", "aliases__name")


def _units(user: Any) -> QuerySet[Unit]:
    """The units of the person's region today; their names are no secret inside it."""
    return units_today(user.region) if user.region_id else Unit.objects.none()


def _below_root(user: Any) -> QuerySet[Unit]:
    return _units(user).filter(depth__gt=1)


def _territories(user: Any) -> QuerySet[Unit]:
    return _below_root(user).filter(branch="territory")


def _areas(user: Any) -> QuerySet[Unit]:
    """What a list of places can be narrowed to: territories, and the region whole."""
    return _units(user).filter(Q(branch="territory") | Q(depth=1))


def _ever(user: Any) -> QuerySet[Unit]:
    return Unit.objects.filter(region=user.region_id, depth__gt=1)


def _posts(user: Any) -> QuerySet[Post]:
    return Post.objects.filter(region=user.region_id).select_related("unit").order_by("unit__path", "title", "pk")


def _leaders(user: Any) -> QuerySet[Post]:
    return _posts(user).filter(kind__in=["first", "charge"])


def _people(user: Any) -> QuerySet[Any]:
    people = get_user_model().objects.filter(region=user.region_id, is_active=True)
    return people.order_by("name", "pk") if user.region_id else people.none()


def _together(rows: QuerySet[Unit], text: str) -> QuerySet[Unit]:
    """The units that a name such as 各街道 or 各单位 means, 全部 included."""
    name = plain(text)
    if kinds := kinds_meant(name):
        return rows.filter(kind__in=kinds)
    if name == EVERYBODY or means_everybody(name):
        region = rows.order_by().values_list("region", flat=True).first()
        return rows.filter(pk__in=own_units(region)) if region else rows.none()
    return rows.none()


def _offered(rows: QuerySet[Unit], words: str) -> list[tuple[str, int]]:
    """The names of many that hold what is typed, with how many units each means; before a word is typed the usual two.

    Who types 全部 is offered 全部单位.
    """
    typed = plain(words)
    every = (*TOGETHER, f"{EVERYBODY}单位")
    names = [name for name in every if typed in name] if typed else TOGETHER[:2]
    numbers = counts([_together(rows, name) for name in names])
    return [(name, number) for name, number in zip(names, numbers, strict=True) if number > 1]


def _second(unit: Unit) -> str:
    """What tells one unit from another: its full name where the short one is shown, its kind and code."""
    full = unit.name if unit.short_name and unit.short_name != unit.name else ""
    return " · ".join(filter(None, (full, unit.get_kind_display(), unit.code)))


def _kind(post: Post) -> str:
    return str(post.get_kind_display())


def register_sources() -> None:
    """Called when the program starts."""
    for key, rows in (
        ("units", _below_root), ("units-and-root", _units), ("territories", _territories), ("areas", _areas),
        ("units-ever", _ever),
    ):  # fmt: skip
        together = Together(_together, _offered)
        register_source(Source(key, rows, str, _second, UNIT_SEARCH, UNIT_NAMES, code="code", together=together))
    for key, posts in (("posts", _posts), ("leaders", _leaders)):
        search = ("unit__name", "unit__short_name", "title")
        register_source(Source(key, posts, str, _kind, search, (), code_words=_kind, hint=_("Unit and post"),
                               permissions=("organizations.edit", "places.edit")))  # fmt: skip
    register_source(Source("people", _people, lambda user: user.name, lambda user: user.username,
                           ("name", "username"), ("name", "username"), code="username", hint=_("Name or account"),
                           permissions=("organizations.edit",)))  # fmt: skip
