"""People found by name, account or mobile, for those who look after accounts."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from chuangwen.accounts.models import User
from chuangwen.core.search import Group, Hit, matching


def search_people(request: HttpRequest, words: str) -> Group:
    rows = User.objects.visible_to(request.user).order_by("username")
    found = matching(rows, words, begins=("username", "phone"), holds=("name",))
    hits = [Hit(user.name, reverse("accounts:person", args=[user.pk]), user.username) for user in found]
    return Group(_("People"), "users", hits)
