"""The lists of people and of one-matter links."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from chuangwen.accounts.matters import matter_kind
from chuangwen.accounts.models import MatterLink, User
from chuangwen.accounts.services.links import withdraw_link
from chuangwen.core import clock
from chuangwen.core.access import may
from chuangwen.core.lists import BulkAction, Column, Listing, ListPage, Tab, two_lines
from chuangwen.core.templatetags.wording import day, moment


class PeopleList(ListPage):
    """The accounts of the regions that the person manages."""

    name = "people"
    title = _("People")
    noun = pgettext_lazy("counting word", "people")
    permission = "accounts.manage"
    search = ("username__istartswith", "name__icontains", "phone__startswith")
    search_words = _("Account, name or mobile")
    sort = "username"
    tabs = (
        Tab("open", pgettext_lazy("account", "Open"), Q(is_active=True)),
        Tab("initial", _("First password"), Q(is_active=True, must_change_password=True)),
        Tab("closed", pgettext_lazy("account", "Closed"), Q(is_active=False)),
    )
    columns = (
        Column(
            "name", pgettext_lazy("person", "Name"), lambda user: user.name, css="cw-table__title", sort="name",
            show=lambda user: two_lines(user.name, user.username, reverse("accounts:person", args=[user.pk])),
        ),
        Column("account", _("Account"), lambda user: user.username, screen=False, sort="username"),
        Column("phone", _("Mobile"), lambda user: user.phone),
        Column("region", _("Region"), lambda user: str(user.region), css="cw-wide"),
        Column("signed_in", _("Last signed in"), lambda user: user.last_login, kind="datetime",
               show=lambda user: moment(user.last_login)),
        Column("password", _("Password set"), lambda user: user.password_changed_at, kind="datetime", css="cw-wide",
               show=lambda user: day(user.password_changed_at)),
    )  # fmt: skip
    empty = _("Nobody has an account here yet.")

    def rows(self, request: HttpRequest) -> QuerySet[Any]:
        return User.objects.visible_to(request.user).select_related("region")

    def row_url(self, row: User) -> str:
        return reverse("accounts:person", args=[row.pk])

    def more(self, request: HttpRequest, listing: Listing) -> dict[str, Any]:
        new = {"label": _("New person"), "url": reverse("accounts:new-person"), "icon": "user-plus", "primary": True}
        links = {"label": _("Links given out"), "url": reverse("accounts:links"), "icon": "link"}
        return {"page_actions": [links, new]}


def _withdraw(row: MatterLink, *, actor: User, data: dict[str, Any]) -> None:
    withdraw_link(row, actor=actor)


def _state(link: MatterLink) -> str:
    if link.withdrawn_at:
        return gettext("Withdrawn %s") % moment(link.withdrawn_at)
    if link.expires_at <= clock.now():
        return gettext("Run out")
    return gettext("Works until %s") % day(link.expires_at)


def _label(link: MatterLink) -> str:
    kind = matter_kind(link.kind)
    return str(kind.label) if kind else link.kind


class LinkList(ListPage):
    """Links to one matter, the latest first; withdrawn ones stay to be seen."""

    name = "matter-links"
    title = _("Links given out")
    noun = _("links")
    permission = "accounts.bind"
    search = ("title__icontains", "user__name__icontains", "post__icontains")
    search_words = _("Matter, person or post")
    sort = "-created_at"
    tabs = (
        Tab("works", _("Work"), lambda _request: Q(withdrawn_at__isnull=True, expires_at__gt=clock.now())),
        Tab("over", _("Over"), lambda _request: Q(withdrawn_at__isnull=False) | Q(expires_at__lte=clock.now())),
    )
    columns = (
        Column("matter", _("Matter"), lambda link: link.title, css="cw-table__title",
               show=lambda link: two_lines(link.title or _label(link), _label(link))),
        Column("person", _("Person"), lambda link: str(link.user),
               show=lambda link: two_lines(link.post or link.user, link.user if link.post else "")),
        Column("made", _("Made"), lambda link: link.created_at, kind="datetime", sort="created_at",
               show=lambda link: moment(link.created_at)),
        Column("used", _("Last used"), lambda link: link.last_used_at, kind="datetime",
               show=lambda link: moment(link.last_used_at)),
        Column("uses", _("Uses"), lambda link: link.uses, kind="number", sort="uses"),
        Column("state", _("State"), _state),
    )  # fmt: skip
    bulk = (
        BulkAction("withdraw", _("Withdraw"), _withdraw, icon="x", permission="accounts.bind",
                   confirm=_("The links stop working at once. Whoever needs one gets a new one.")),
    )  # fmt: skip
    empty = _("No links have been given out yet. A problem's or a task's page gives them.")

    def rows(self, request: HttpRequest) -> QuerySet[Any]:
        return MatterLink.objects.visible_to(request.user).select_related("user")

    def more(self, request: HttpRequest, listing: Listing) -> dict[str, Any]:
        if not may(request.user, "accounts.manage"):
            return {}
        return {"breadcrumbs": [{"label": _("People"), "url": reverse("accounts:people")}, {"label": self.title}]}
