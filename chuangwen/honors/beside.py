"""What titles show on pages of lower areas: those of a unit, and a unit's way to the next one."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chuangwen.core.panels import Panel, PanelLine, lines_panel
from chuangwen.core.templatetags.wording import day
from chuangwen.honors.enums import RUNNING_APPLICATIONS, AwardState
from chuangwen.honors.models import Application, Award, Family
from chuangwen.honors.queries.register import STANDING
from chuangwen.organizations.models import Unit

LINES = 6


def unit_titles(request: HttpRequest, unit: Unit) -> Panel | None:
    """The unit's titles in force and running applications: four queries."""
    rows = (
        Award.objects.visible_to(request.user)
        .filter(unit=unit, family__isnull=True, state__in=STANDING)
        .select_related("title", "unit")
    )
    lines = [
        PanelLine(
            one.title, reverse("honors:award", args=[one.pk]), _("since %s") % day(one.held_since),
            one.get_state_display(), "" if one.state == AwardState.VALID else "bad",
        )
        for one in rows.order_by("-granted_on")[:LINES]
    ]  # fmt: skip
    mine = Application.objects.visible_to(request.user).filter(
        unit=unit, family__isnull=True, state__in=RUNNING_APPLICATIONS
    )
    lines += [
        PanelLine(one.programme, reverse("honors:application", args=[one.pk]), one.number, one.get_state_display())
        for one in mine.select_related("programme").order_by("-pk")[:LINES]
    ]
    offices = Award.objects.visible_to(request.user).filter(
        state__in=STANDING, title__subject="office", unit__path__startswith=unit.path
    )
    number = offices.exclude(unit=unit).values("unit").distinct().count()
    titles = reverse("honors:titles")
    if number:
        words = ngettext("%d civil or model office", "%d civil or model offices", number) % number
        lines.append(PanelLine(words, f"{titles}?of={unit.pk}"))
    families = Family.objects.visible_to(request.user).filter(unit=unit, awards__state__in=STANDING)
    if number := families.distinct().count():
        words = ngettext("%d family with a title", "%d families with a title", number) % number
        lines.append(PanelLine(words, f"{reverse('honors:families')}?unit={unit.pk}"))
    return lines_panel("titles", _("Titles"), lines, url=f"{titles}?unit={unit.pk}", order=40)
