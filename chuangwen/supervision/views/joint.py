"""A body of a joint notice: it signs, or is taken off."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from chuangwen.core.access import may
from chuangwen.core.errors import Refusal
from chuangwen.core.pages import attempt, signed_in
from chuangwen.supervision.forms import BodySignForm
from chuangwen.supervision.models import JointSigner
from chuangwen.supervision.services import sign_for_body, take_off_body
from chuangwen.supervision.views.notice import facts, the_notice, title_of
from chuangwen.supervision.words import sheet_number
from chuangwen.supervision.workflow import EDIT, signs_for


@signed_in("supervision.edit", "supervision.sign_red")
@require_http_methods(["GET", "POST"])
def sign(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Sign for the body in person, or enter its signature from the sheet."""
    body = _body(request, number, pk)
    paper = not signs_for(request.user, body)
    if paper and not may(request.user, EDIT, body.notice):
        raise Refusal(
            _("The signature of %s is given by its own leader.") % body,
            _("The office can enter it from the signed sheet."),
        )
    data, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = BodySignForm(data, files, paper=paper)
    if request.method == "POST" and form.is_valid():
        given = {key: value for key, value in form.cleaned_data.items() if value}
        try:
            sign_for_body(body, actor=request.user, **given)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Signed; the sheet goes out once all have signed"))
            return redirect("supervision:notice", number)
    page = reverse("supervision:notice", args=[number])
    title = _("Sign for %s") % body if not paper else _("Enter the signature of %s") % body
    note = _("The sheet names all who sign it; the office signs last and sends it.")
    crumbs = [
        {"label": _("Notices"), "url": reverse("supervision:register")},
        {"label": sheet_number(body.notice), "url": page}, {"label": title},
    ]  # fmt: skip
    context = {
        "page_title": title, "page_subtitle": title_of(body.notice), "form": form, "submit": _("Sign"), "note": note,
        "cancel_url": page, "breadcrumbs": crumbs, "facts": facts(body.notice),
    }  # fmt: skip
    return render(request, "supervision/form.html", context, status=422 if form.is_bound else 200)


@signed_in("supervision.edit")
@require_POST
def take_off(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """The body does not sign after all."""
    body = _body(request, number, pk)
    back = reverse("supervision:notice", args=[number])
    return attempt(request, lambda: take_off_body(body, actor=request.user), done=back, said=_("Taken off the sheet"))


def _body(request: HttpRequest, number: str, pk: int) -> JointSigner:
    notice = the_notice(request, number)
    found: JointSigner = get_object_or_404(JointSigner.objects.select_related("unit"), pk=pk, notice=notice)
    found.notice = notice
    return found
