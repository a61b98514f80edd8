"""The full list of what a run lost."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from chuangwen.core.lists import respond
from chuangwen.core.pages import signed_in
from chuangwen.scoring.finding import find_run
from chuangwen.scoring.loss_list import LossList


@signed_in("scoring.view")
def loss_list(request: HttpRequest, pk: int) -> HttpResponse:
    """Every unit, criterion and place that lost points, with filters, as Excel and on paper."""
    find_run(request, pk)
    return respond(request, LossList())
