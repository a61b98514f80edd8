"""What a site without a campaign needs first, in the order in which one thing needs the other."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from chuangwen.core.access import may
from chuangwen.organizations.models import Unit
from chuangwen.standards.models import StandardVersion


@dataclass(frozen=True, slots=True)
class FirstStep:
    """One thing to set up: what it is good for, where it is done, and whether it is."""

    title: str
    sub: str
    url: str
    action: str
    done: bool


def first_steps(request: HttpRequest) -> list[FirstStep]:
    """The steps that this person may take, as long as there is no campaign; the desk asks only then.

    A region's own top unit does not count as units brought in.
    """
    user = request.user
    steps = []
    if may(user, "organizations.edit"):
        steps.append(
            FirstStep(
                _("Bring in the units"),
                _("The office's own list of units as it is; posts and liaisons can follow."),
                reverse("core:import", args=["units"]),
                _("Import"),
                Unit.objects.visible_to(user).filter(depth__gt=1).exists(),
            )
        )
    if may(user, "standards.edit"):
        steps.append(
            FirstStep(
                _("Publish a standard"),
                _("One of the two models that come along, or the file from above."),
                reverse("standards:list"),
                _("Choose"),
                StandardVersion.objects.visible_to(user).exists(),
            )
        )
    if may(user, "campaigns.edit"):
        steps.append(
            FirstStep(
                _("Set up the campaign"),
                _("Title, years and assessment date; the back plan counts from there."),
                reverse("campaigns:new"),
                pgettext("first step", "Set up"),
                done=False,
            )
        )
    return steps
