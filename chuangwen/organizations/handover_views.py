"""Pages of posts that change hands: the sheet of what is open, signed by both."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chuangwen.core.access import may, visible_or_404
from chuangwen.core.errors import Refusal
from chuangwen.core.files.services import Upload
from chuangwen.core.lists import Column, ListPage, Tab, respond, two_lines
from chuangwen.core.models import Attachment
from chuangwen.core.pages import signed_in
from chuangwen.core.panels import PanelLine, panels
from chuangwen.core.templatetags.chuangwen import state
from chuangwen.core.templatetags.wording import day
from chuangwen.organizations.forms import HandoverForm, SignedSheetForm
from chuangwen.organizations.handing_over import enter_signed_sheet, hand_over, sign_handover
from chuangwen.organizations.models import Handover, Holding, Post

SIGNED = Q(taken_at__isnull=False) & (Q(left_at__isnull=False) | Q(leaving__isnull=True))


def open_items(request: HttpRequest, post: Post) -> list[dict[str, Any]]:
    """What is open at a post, as the areas tell it, in plain words that stay as they are."""
    return [
        {"title": str(panel.context["title"]), "note": str(panel.context.get("note", "")), "lines": [
            [str(line.text), str(line.sub), str(line.end)] for line in panel.context["lines"]
            if isinstance(line, PanelLine)
        ]}
        for panel in panels("handover", request, post)
    ]  # fmt: skip


@signed_in("organizations.edit")
@require_http_methods(["GET", "POST"])
def new_handover(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the post to another person, with the sheet of what is open."""
    rows = Holding.objects.select_related("post__unit", "user", "region").filter(ends__isnull=True)
    holding = visible_or_404(rows, request.user, "organizations.edit", pk=pk)
    items = open_items(request, holding.post)
    form = HandoverForm(request.POST or None, region=holding.region)
    if request.method == "POST" and form.is_valid():
        try:
            sheet = hand_over(holding, items=items, actor=request.user, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Both were asked to sign."))
            return redirect("organizations:handover", sheet.pk)
    unit = holding.post.unit
    title = _("Hand over")
    context = {
        "page_title": title,
        "page_subtitle": str(holding.post),
        "breadcrumbs": [{"label": _("Units and posts"), "url": reverse("organizations:units")},
                        {"label": str(unit), "url": reverse("organizations:unit", args=[unit.pk])}, {"label": title}],
        "form": form,
        "items": items,
        "submit": _("Hand over and have both sign"),
        "cancel_url": reverse("organizations:unit", args=[unit.pk]),
    }  # fmt: skip
    return render(request, "organizations/new_handover.html", context, status=422 if form.errors else 200)


@signed_in()
@require_GET
def handover(request: HttpRequest, pk: int) -> HttpResponse:
    """The sheet, for the two who sign and for whoever sees the unit."""
    found = _found(request, pk)
    edits = may(request.user, "organizations.edit", found.post)
    mine = (found.left_at is None and request.user.pk == found.leaving_id) or (
        found.taken_at is None and request.user.pk == found.coming_id
    )
    papers = Attachment.objects.filter(owner_type="organizations.handover", owner_id=found.pk).select_related("file")
    title = _("Hand-over of %s") % found.post
    context = {
        "page_title": title,
        "page_subtitle": _("from %s on") % day(found.day),
        "page_actions": [{"label": _("Print"), "icon": "printer", "url": "", "print": True}],
        "breadcrumbs": [{"label": _("Hand-overs"), "url": reverse("organizations:handovers")}, {"label": title}],
        "sheet": found,
        "mine": mine,
        "form": SignedSheetForm() if edits and not found.is_signed else None,
        "papers": papers,
    }
    return render(request, "organizations/handover.html", context)


@signed_in()
@require_POST
def sign(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign for oneself."""
    found = _found(request, pk)
    try:
        sign_handover(found, actor=request.user)
    except Refusal as refusal:
        messages.warning(request, str(refusal))
    return redirect("organizations:handover", pk)


@signed_in("organizations.edit")
@require_POST
def paper(request: HttpRequest, pk: int) -> HttpResponse:
    """Both signed on paper."""
    rows = Handover.objects.select_related("post__unit", "region")
    found = visible_or_404(rows, request.user, "organizations.edit", pk=pk)
    form = SignedSheetForm(request.POST, request.FILES)
    if form.is_valid():
        file = form.cleaned_data["paper"]
        try:
            enter_signed_sheet(found, Upload(file.name, file.read()), actor=request.user)
        except Refusal as refusal:
            messages.warning(request, str(refusal))
    else:
        messages.warning(request, _("Choose the scan of the sheet."))
    return redirect("organizations:handover", pk)


@signed_in("organizations.view")
def handovers(request: HttpRequest) -> HttpResponse:
    """All hand-overs."""
    return respond(request, HANDOVERS)


def _found(request: HttpRequest, pk: int) -> Handover:
    """The sheet: of whoever sees the unit, and of the two people on it wherever they are now."""
    rows = Handover.objects.select_related("post__unit", "leaving", "coming", "region")
    own = rows.filter(Q(leaving=request.user.pk) | Q(coming=request.user.pk), pk=pk).first()
    return own or visible_or_404(rows, request.user, "organizations.view", pk=pk)


def _state(row: Handover) -> Any:
    if row.is_signed:
        return state("closed", _("Signed by both"))
    return state("assigned", _("Waiting for a signature"))


class HandoverList(ListPage):
    """Posts that changed hands."""

    name = "organizations.handovers"
    title = gettext_lazy("Hand-overs")
    permission = "organizations.view"
    sort = "-day"
    columns: ClassVar = [
        Column(
            "post", gettext_lazy("Post"), lambda h: str(h.post), css="cw-table__title",
            show=lambda h: two_lines(h.post.title, h.post.unit, reverse("organizations:handover", args=[h.pk])),
        ),
        Column("day", gettext_lazy("From"), lambda h: h.day, lambda h: day(h.day), sort="day", kind="date"),
        Column("open", gettext_lazy("Open matters"), lambda h: sum(len(one["lines"]) for one in h.items),
               kind="number"),
        Column("state", gettext_lazy("State"), lambda h: _("Signed by both") if h.is_signed else "", _state,
               css="cw-table__state"),
    ]  # fmt: skip
    tabs: ClassVar = [
        Tab("open", gettext_lazy("Waiting for a signature"), ~SIGNED),
        Tab("signed", gettext_lazy("Signed by both"), SIGNED),
        Tab("all", gettext_lazy("All"), Q()),
    ]
    empty = gettext_lazy("No hand-over here. It is begun on a unit's page, beside the holder of the post.")

    def rows(self, request: HttpRequest) -> QuerySet[Any]:
        return Handover.objects.visible_to(request.user).select_related("post__unit")

    def row_url(self, row: Any) -> str:
        return reverse("organizations:handover", args=[row.pk])


HANDOVERS = HandoverList()
