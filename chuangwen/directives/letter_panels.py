"""What letters from above show elsewhere: their entry in the side bar and their lines on the desk."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy, ngettext, pgettext

from chuangwen.campaigns.context import current_campaign
from chuangwen.core.access import may
from chuangwen.core.panels import DeskLine, NavGroup, NavItem, waiting_line
from chuangwen.directives.enums import OPEN_LETTERS, LetterStage
from chuangwen.directives.models import Letter
from chuangwen.directives.queries.letters import before_me, late_answer, letters_of, to_answer
from chuangwen.directives.workflow import EDIT


def waiting(request: HttpRequest) -> QuerySet[Any]:
    """What the list begins with: for a leader the letters before the own post, for the office all that are open."""
    if current_campaign(request) is None:
        return Letter.objects.none()
    if may(request.user, EDIT):
        return letters_of(request).filter(state__in=[str(one) for one in OPEN_LETTERS])
    if may(request.user, "responsibilities.instruct"):
        return letters_of(request).filter(before_me(request.user))
    return Letter.objects.none()


NAVIGATION = NavItem(
    group=NavGroup.DUTIES,
    order=24,
    label=gettext_lazy("Letters from above"),
    icon="mail",
    url_name="directives:letters",
    permissions=("directives.attend",),
    waiting=waiting,
)


def letter_lines(request: HttpRequest) -> Iterator[DeskLine]:
    """For a leader what lies before the own post; for the office what is to be proposed, passed on, answered, late."""
    campaign, user = current_campaign(request), request.user
    if campaign is None:
        return
    page = reverse("directives:letters")
    if may(user, EDIT, campaign):
        yield from _office_lines(letters_of(request), page)
    elif may(user, "responsibilities.instruct", campaign):
        yield waiting_line(
            "decide", letters_of(request).filter(before_me(user)),
            lambda n: ngettext("%d letter awaits your instruction", "%d letters await your instruction", n) % n,
            f"{page}?tab=mine", icon="signature", action=pgettext("letter", "Read"),
        )  # fmt: skip


def _office_lines(rows: QuerySet[Any], page: str) -> Iterator[DeskLine]:
    yield waiting_line(
        "decide", rows.filter(state=LetterStage.REGISTERED),
        lambda n: ngettext("%d letter from above to propose on", "%d letters from above to propose on", n) % n,
        f"{page}?tab=proposal", icon="mail", action=pgettext("letter", "Propose"),
    )  # fmt: skip
    yield waiting_line(
        "decide", rows.filter(state=LetterStage.PASSING),
        lambda n: ngettext("%d letter from above to pass on", "%d letters from above to pass on", n) % n,
        f"{page}?tab=passing", icon="mail", action=pgettext("letter", "Pass on"),
    )  # fmt: skip
    yield waiting_line(
        "mine", rows.filter(to_answer()),
        lambda n: ngettext("%d letter from above to answer", "%d letters from above to answer", n) % n,
        f"{page}?tab=to-answer", icon="mail", action=pgettext("letter", "Answer"),
    )  # fmt: skip
    yield waiting_line(
        "late", rows.filter(late_answer()),
        lambda n: ngettext("%d letter from above is not answered in time",
                           "%d letters from above are not answered in time", n) % n,
        f"{page}?tab=late", icon="mail", action=pgettext("letter", "Look"),
    )  # fmt: skip
