"""The settings of papers: issuing body and letters by kind, Word templates, fonts."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from chuangwen.core.access import visible_or_404
from chuangwen.core.errors import Missing, Refusal
from chuangwen.core.pages import signed_in
from chuangwen.core.word_templates.placeholders import known
from chuangwen.reports.composing import NO_CONVERTER, converter
from chuangwen.reports.enums import PaperKind
from chuangwen.reports.filling import row_words
from chuangwen.reports.forms import ArrangeForm, FontForm, TemplateForm
from chuangwen.reports.lists import BulletinList
from chuangwen.reports.models import PaperForm, SiteFont
from chuangwen.reports.placeholders import vocabulary
from chuangwen.reports.services import (
    add_font,
    change_form,
    drop_template,
    ensure_defaults,
    remove_font,
    set_template,
)
from chuangwen.reports.services.arranging import ARRANGE
from chuangwen.reports.views.papers import get_or_post


@signed_in(ARRANGE)
@require_GET
def forms(request: HttpRequest) -> HttpResponse:
    """All kinds with their issuing body, letters and template."""
    rows = {one.kind: one for one in PaperForm.objects.visible_to(request.user).select_related("template")}
    title = _("Layout and templates")
    context = {
        "page_title": title, "breadcrumbs": _crumbs(title),
        "rows": [rows[kind] for kind in PaperKind.values if kind in rows],
        "lacking": len(PaperKind.values) - len(rows),
        "page_actions": [{"label": _("Fonts"), "icon": "file-text", "url": reverse("reports:fonts")}],
    }  # fmt: skip
    return render(request, "reports/forms.html", context)


@signed_in(ARRANGE)
@require_POST
def defaults(request: HttpRequest) -> HttpResponse:
    """Make the forms that are not there yet."""
    made = ensure_defaults(request.user.region, actor=request.user)  # type: ignore[union-attr,arg-type]
    messages.success(request, ngettext("%d kind has a layout now.", "%d kinds have a layout now.", made) % made)
    return redirect("reports:forms")


@signed_in(ARRANGE)
@get_or_post
def form(request: HttpRequest, kind: str) -> HttpResponse:
    """Issuing body, letters and copies of one kind; its template and the placeholders it may hold."""
    found = _form(request, kind)
    shown = ArrangeForm.of(found, request.POST if request.method == "POST" else None)
    if request.method == "POST" and shown.is_valid():
        change_form(found, actor=request.user, **{"letters": found.letters, **shown.cleaned_data})
        messages.success(request, _("Saved."))
        return redirect("reports:forms")
    return _page(request, found, shown, TemplateForm())


@signed_in(ARRANGE)
@require_POST
def template(request: HttpRequest, kind: str) -> HttpResponse:
    """Take a Word file as the template, if all its placeholders are known."""
    found = _form(request, kind)
    given = TemplateForm(request.POST, request.FILES)
    if given.is_valid():
        file = given.cleaned_data["file"]
        try:
            names = set_template(found, file.read(), file.name, actor=request.user)
        except Refusal as refusal:
            given.add_error("file", str(refusal))
        else:
            said = ngettext("Taken: it asks for %d placeholder.", "Taken: it asks for %d placeholders.", len(names))
            messages.success(request, said % len(names))
            return redirect("reports:form", kind)
    return _page(request, found, ArrangeForm.of(found), given)


@signed_in(ARRANGE)
@require_POST
def template_drop(request: HttpRequest, kind: str) -> HttpResponse:
    """Back to the built-in layout."""
    drop_template(_form(request, kind), actor=request.user)
    messages.success(request, _("The built-in layout holds again."))
    return redirect("reports:form", kind)


@signed_in(ARRANGE)
@get_or_post
def fonts(request: HttpRequest) -> HttpResponse:
    """The site's own fonts for PDF."""
    given = FontForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    if request.method == "POST" and given.is_valid():
        file = given.cleaned_data["file"]
        try:
            made = add_font(request.user.region, file.read(), file.name, actor=request.user)  # type: ignore[union-attr,arg-type]
        except Refusal as refusal:
            given.add_error("file", str(refusal))
        else:
            messages.success(request, _("Taken: %s.") % made.family)
            return redirect("reports:fonts")
    title = _("Fonts")
    layout = {"label": _("Layout and templates"), "url": reverse("reports:forms")}
    context = {
        "page_title": title, "breadcrumbs": [*_crumbs(title)[:-1], layout, {"label": title, "url": ""}], "form": given,
        "fonts": SiteFont.objects.visible_to(request.user).order_by("family"), "submit": _("Add the font"),
    }  # fmt: skip
    return render(request, "reports/fonts.html", context, status=422 if given.errors else 200)


@signed_in(ARRANGE)
@require_POST
def font_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Use a font no more."""
    found: SiteFont = visible_or_404(SiteFont.objects.all(), request.user, pk=pk)
    remove_font(found, actor=request.user)
    messages.success(request, _("Removed: %s.") % found.family)
    return redirect("reports:fonts")


def _form(request: HttpRequest, kind: str) -> PaperForm:
    """The form of a kind; Missing, which leads to making it, where there is none."""
    if kind not in PaperKind.values:
        raise Http404
    rows = PaperForm.objects.visible_to(request.user).select_related("template__file", "region")
    found: PaperForm | None = rows.filter(kind=kind).first()
    if found is None:
        raise Missing(_("This kind has no layout yet."), _("Make the defaults first."),
                      (_("Layout and templates"), reverse("reports:forms")))  # fmt: skip
    return found


def _page(request: HttpRequest, found: PaperForm, shown: ArrangeForm, given: TemplateForm) -> HttpResponse:
    title = str(found.get_kind_display())
    layout = {"label": _("Layout and templates"), "url": reverse("reports:forms")}
    context: dict[str, Any] = {
        "page_title": title, "breadcrumbs": [*_crumbs(title)[:-1], layout, {"label": title, "url": ""}],
        "form": shown, "submit": _("Save"), "cancel_url": reverse("reports:forms"), "template_form": given,
        "paper_form": found, "known": known(vocabulary(row_words(found.kind))),
        "no_pdf": "" if converter() else NO_CONVERTER,
    }  # fmt: skip
    return render(request, "reports/layout.html", context, status=422 if shown.errors or given.errors else 200)


def _crumbs(title: str) -> list[dict[str, str]]:
    return [{"label": str(BulletinList.title), "url": reverse("reports:list")}, {"label": title, "url": ""}]
