"""What a post itself holds, for the sheet on which it is handed over: grids and contracted areas."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from chuangwen.core.panels import Panel, PanelLine, lines_panel
from chuangwen.organizations.models import ContractedArea, Grid, Post
from chuangwen.organizations.queries import lasting


def post_ground(request: HttpRequest, post: Post) -> Panel | None:
    """The grids that the post walks and the areas that it contracted: two queries."""
    grids = Grid.objects.filter(worker=post).select_related("unit").order_by("code")
    areas = ContractedArea.objects.filter(lasting(), leader=post).select_related("unit").order_by("name")
    lines = [
        *(PanelLine(grid.name, reverse("organizations:grid", args=[grid.pk]), str(grid.unit)) for grid in grids),
        *(PanelLine(area.name, reverse("organizations:area", args=[area.pk]), str(area.unit)) for area in areas),
    ]
    return lines_panel("ground", _("Grids and contracted areas"), lines, order=10)
