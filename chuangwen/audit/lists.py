"""The entries that an auditor may read, the latest first."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.apps import apps
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from chuangwen.audit.models import Entry
from chuangwen.audit.wording import action_words
from chuangwen.core import clock
from chuangwen.core.lists import Column, Filter, Listing, ListPage, two_lines
from chuangwen.core.templatetags.wording import moment


def moment_of(entry: Entry) -> datetime:
    """The entry's time, which is kept as text."""
    return datetime.fromisoformat(entry.at)


def actor_words(entry: Entry) -> str:
    """Who acted: a person by the name of the day, or the program by its rules."""
    return entry.actor_name if entry.actor_id else gettext("the program itself")


def _from(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    return rows.filter(at__gte=_midnight(date.fromisoformat(value)))


def _until(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    return rows.filter(at__lt=_midnight(date.fromisoformat(value) + timedelta(days=1)))


def _midnight(day: date) -> str:
    """The beginning of a day on the office's calendar as entries write their time: UTC, which sorts as text."""
    begins = datetime.combine(day, time(), tzinfo=timezone.get_default_timezone())
    return begins.astimezone(UTC).isoformat(timespec="milliseconds")


def _areas(_request: HttpRequest) -> list[tuple[str, str]]:
    found = [config.label for config in apps.get_app_configs() if config.name.startswith("chuangwen.")]
    return [(label, label) for label in found if label not in {"core", "config", "workflow", "desk"}]


def _chosen_action(request: HttpRequest) -> list[tuple[str, str]]:
    """Filters that an entry's page leads to offer what they were led to, in words."""
    value = request.GET.get("action", "").replace("\x00", "")
    return [(value, action_words(value))] if value else []


def _chosen_actor(request: HttpRequest) -> list[tuple[str, str]]:
    value = request.GET.get("actor", "").replace("\x00", "")
    found = (
        Entry.objects.visible_to(request.user).filter(actor_id=value[:40]).order_by("-id").first() if value else None
    )
    return [(value, found.actor_name if found else value)] if value else []


def _chosen_object(request: HttpRequest) -> list[tuple[str, str]]:
    value = request.GET.get("object", "").replace("\x00", "")
    found = _object(Entry.objects.visible_to(request.user), value).order_by("-id").first() if value else None
    return [(value, found.object_name if found else value)] if value else []


def _object(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    kind, _colon, number = value.partition(":")
    return rows.filter(object_type=kind, object_id=number)


class EntryList(ListPage):
    """What was done, by whom, to what. Nothing here can be changed."""

    name = "audit"
    title = _("Audit")
    noun = _("entries")
    permission = "audit.view"
    sort = "-id"
    search = ("actor_name__icontains", "object_name__icontains", "action__startswith")
    search_words = _("Actor, object or action")
    filters = (
        Filter("area", _("Part of the program"), _areas,
               lambda rows, value: rows.filter(action__startswith=f"{value}.")),
        Filter("action", _("Action"), _chosen_action, lambda rows, value: rows.filter(action=value)),
        Filter("actor", _("Actor"), _chosen_actor, lambda rows, value: rows.filter(actor_id=value)),
        Filter("object", pgettext_lazy("audit", "Object"), _chosen_object, _object),
        Filter("from", _("From day"), lambda _request: [], _from, kind="date"),
        Filter("until", _("Until day"), lambda _request: [], _until, kind="date"),
    )  # fmt: skip
    columns = (
        Column("at", _("When"), moment_of, kind="datetime", sort="id",
               show=lambda entry: moment(moment_of(entry))),
        Column("actor", _("Actor"), actor_words),
        Column("action", _("Action"), lambda entry: action_words(entry.action), css="cw-table__title",
               show=lambda entry: two_lines(
                   action_words(entry.action), entry.action, reverse("audit:entry", args=[entry.pk]))),
        Column("object", pgettext_lazy("audit", "Object"), lambda entry: entry.object_name),
        Column("chain", _("Chain"), lambda entry: entry.chain.region_code, screen=False),
        Column("sequence", _("Number"), lambda entry: entry.sequence, kind="number", css="cw-wide"),
        Column("code", _("Code of the action"), lambda entry: entry.action, screen=False),
        Column("digest", _("Digest"), lambda entry: entry.digest, screen=False, paper=False),
    )  # fmt: skip
    definition = _("Every entry carries the digest of the one before it: what is changed or left out later shows.")
    empty = _("Nothing has been recorded yet.")

    def rows(self, request: HttpRequest) -> QuerySet[Any]:
        return Entry.objects.visible_to(request.user).select_related("chain")

    def row_url(self, row: Entry) -> str:
        return reverse("audit:entry", args=[row.pk])

    def period(self, request: HttpRequest) -> str:
        chosen = [request.GET.get("from", ""), request.GET.get("until", "") or clock.today().isoformat()]
        return " – ".join(chosen) if chosen[0] else ""

    def more(self, request: HttpRequest, listing: Listing) -> dict[str, Any]:
        verify = {
            "label": _("Verify the chain"),
            "url": reverse("audit:chains"),
            "icon": "shield-check",
            "primary": True,
        }
        return {"page_actions": [verify]}
