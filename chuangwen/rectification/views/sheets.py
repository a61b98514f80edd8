"""The paper path: 问题交办单 and 反馈单 on A4, with lines to sign (practice.md, Papers and their columns)."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from chuangwen.core import clock
from chuangwen.core.pages import signed_in
from chuangwen.rectification.queries import pair_of, photos_of
from chuangwen.rectification.views.problem import the_problem
from chuangwen.rectification.words import class_word, within_words

TITLES = {"assignment": _("Problem assignment sheet"), "feedback": _("Problem feedback sheet")}


@signed_in("rectification.view")
@require_GET
def sheet(request: HttpRequest, number: str, kind: str) -> HttpResponse:
    """One sheet of one problem."""
    if kind not in TITLES:
        raise Http404
    problem = the_problem(request, number)
    before, after = pair_of(photos_of(problem))
    context = {
        "page_title": TITLES[kind],
        "kind": kind,
        "problem": problem,
        "before": before,
        "after": after,
        "class_word": class_word(problem),
        "within": within_words(problem.problem_type.within),
        "criteria": "; ".join(str(code).replace("#", " ").rsplit(" ", 1)[-1] for code in problem.node_codes),
        "now": clock.now(),
        "back_url": reverse("rectification:problem", args=[problem.number]),
    }
    return render(request, "rectification/sheet.html", context)
