"""Objecting to a title on notice, and looking up what became of it."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from chuangwen.accounts.lockout import client_address
from chuangwen.core.errors import Refusal
from chuangwen.honors.enums import ApplicationState
from chuangwen.public.forms import ObjectionForm, SlipForm
from chuangwen.public.queries import is_running, notices, on_notice, one_or_404, site_or_404
from chuangwen.public.services import look_up, raise_objection
from chuangwen.public.views.showing import public_form, show_form


@public_form
def object_to(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """The form; then the number, shown once."""
    site = site_or_404(code)
    programme = one_or_404(notices(site.region), pk=pk)
    if not is_running(programme):
        raise Http404
    rows = list(on_notice(programme).filter(state=ApplicationState.NOTICED).select_related("programme", "region"))
    given = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = ObjectionForm(*given, applications=rows)
    context = {"page_title": _("Object to a title"), "programme": programme, "form": form}
    if request.method == "POST" and form.is_valid():
        application, said = form.said()
        try:
            context["papers"] = len(said.papers)
            context["slip"] = raise_objection(application, said, address=client_address(request))
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return show_form(request, site, "public/objected.html", context, here="notices")
    context["papers_lost"] = form.is_bound and bool(request.FILES)
    return show_form(
        request, site, "public/object.html", context, here="notices", status=422 if form.errors else 200
    )  # fmt: skip


@public_form
def look_up_answer(request: HttpRequest, code: str) -> HttpResponse:
    """The number leads to the state of the objection and its reply; who objected is not shown to anybody."""
    site = site_or_404(code)
    form = SlipForm(request.POST if request.method == "POST" else None)
    context = {"page_title": _("Answers to objections"), "form": form}
    if request.method == "POST" and form.is_valid():
        try:
            context["objection"] = look_up(site.region, form.cleaned_data["slip"], address=client_address(request))
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    return show_form(
        request, site, "public/answer.html", context, here="answer", status=422 if form.errors else 200
    )  # fmt: skip
