"""A revised version beside the earlier one: take it as such, see the difference, settle what was issued."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from chuangwen.core.access import may, visible_or_404
from chuangwen.core.addresses import asked_key
from chuangwen.core.errors import Refusal
from chuangwen.core.pages import attempt, signed_in
from chuangwen.directives.comparing import difference_of
from chuangwen.directives.models import Carried
from chuangwen.directives.queries.documents import review_of
from chuangwen.directives.services import keep_apart, settle_issued, take_as_revision
from chuangwen.directives.views.answers import crumbs, review_url
from chuangwen.directives.views.review import find_document


@signed_in("directives.view")
@require_GET
def changes(request: HttpRequest, pk: int) -> HttpResponse:
    """What the revised version changed: the text by sentence, the directives, and what was issued before."""
    document = find_document(request, pk)
    difference = difference_of(document)
    if difference is None:
        raise Http404
    context = {
        "document": document,
        "difference": difference,
        "open": review_of(document).open,
        "may_edit": may(request.user, "directives.edit", document),
        "may_settle": may(request.user, "responsibilities.edit", document),
        "page_title": _("What the revised version changes"),
        "breadcrumbs": crumbs(_("What changed"), document=document),
    }
    return render(request, "directives/changes.html", context)


@signed_in("directives.edit")
@require_POST
def revises(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the document as the revised version of `earlier`; without one it is a paper of its own."""
    document = find_document(request, pk, "directives.edit")
    asked = request.POST.get("earlier", "")
    if not asked:
        keep_apart(document, actor=request.user)
        return redirect(review_url(document))
    earlier = find_document(request, asked_key(asked) or 0, "directives.edit")
    try:
        numbers = take_as_revision(document, earlier, actor=request.user)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect(review_url(document))
    words = ngettext("%d decision was carried over.", "%d decisions were carried over.", numbers["same"])
    messages.success(request, words % numbers["same"])
    return redirect("directives:changes", pk)


@signed_in("directives.edit")
@require_POST
def settle(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what becomes of tasks whose sentence changed or went."""
    rows = Carried.objects.select_related("document__region", "document__campaign", "old", "new__document", "region")
    carried = visible_or_404(rows, request.user, "directives.edit", pk=pk)
    settlement = request.POST.get("settlement", "")
    return attempt(
        request, lambda: settle_issued(carried, settlement, actor=request.user),
        done=reverse("directives:changes", args=[carried.document_id]), said=_("Settled: “%s”") % carried.old,
    )  # fmt: skip
