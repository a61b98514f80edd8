"""Kinds of matters that a link can open: registered by the areas that own them.

A view registered here is called with `request.user` set to the link's person for this one
request and `request.matter` set; it shows that one object and nothing else. Its template
extends base_field.html, posts to `request.matter.action_url("fix")` and shows pictures through
`request.matter.picture_url(attachment, "small")`, since nobody is signed in.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import Promise

from chuangwen.accounts.models import Device, MatterLink, User


@dataclass(frozen=True, slots=True)
class Matter:
    """What a link has opened: for whom, on which device."""

    link: MatterLink
    device: Device
    token: str

    @property
    def user(self) -> User:
        return self.link.user

    @property
    def object_id(self) -> int:
        return self.link.object_id

    @property
    def url(self) -> str:
        """The page of the matter itself; actions redirect here."""
        return reverse("accounts:link", args=[self.token])

    def action_url(self, action: str) -> str:
        return reverse("accounts:link-action", args=[self.token, action])

    def picture_url(self, attachment: Any, size: str) -> str:
        return reverse("accounts:link-picture", args=[self.token, attachment.uid, size])


MatterView = Callable[[HttpRequest, Matter], HttpResponse]


@dataclass(frozen=True, slots=True)
class MatterKind:
    """How one kind of matter is shown and acted on through a link."""

    kind: str
    label: str | Promise
    view: MatterView
    actions: Mapping[str, MatterView] = field(default_factory=dict)
    files: Callable[[Matter], Any] | None = None  # the attachments that may be seen, as a queryset
    page_url: Callable[[int], str] | None = None  # the ordinary page, for who is signed in


_kinds: dict[str, MatterKind] = {}


def register_matter(
    kind: str,
    view: MatterView,
    label: str | Promise,
    *,
    actions: Mapping[str, MatterView] | None = None,
    files: Callable[[Matter], Any] | None = None,
    page_url: Callable[[int], str] | None = None,
) -> None:
    """Let links open matters of `kind` (a model label such as "rectification.problem").

    `view(request, matter)` answers GET; `actions` answer POST under /m/<token>/<name>/.
    """
    _kinds[kind] = MatterKind(kind, label, view, dict(actions or {}), files, page_url)


def matter_kind(kind: str) -> MatterKind | None:
    return _kinds.get(kind)
