"""The authority's own forms of a programme or a title: taken, looked at with a real application, dropped."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chuangwen.campaigns.models import Title
from chuangwen.core.access import visible_or_404
from chuangwen.core.errors import Refusal
from chuangwen.core.files.services import clean_name
from chuangwen.core.files.sniffing import DOCX
from chuangwen.core.lists.export import file_response
from chuangwen.core.pages import attempt, signed_in
from chuangwen.core.word_templates.placeholders import known
from chuangwen.honors import services
from chuangwen.honors.enums import Paper
from chuangwen.honors.filling import filled_form, filled_summary
from chuangwen.honors.forms import TemplateForm
from chuangwen.honors.models import Application, FormTemplate, Programme
from chuangwen.honors.placeholders import VOCABULARIES
from chuangwen.honors.queries.templates import applications_to_try, handed_in, templates_given
from chuangwen.honors.views.programmes import programme_of
from chuangwen.honors.workflow import EDIT

get_or_post = require_http_methods(["GET", "POST"])


@signed_in(EDIT)
@get_or_post
def programme_template(request: HttpRequest, pk: int, paper: str) -> HttpResponse:
    """The form of one paper of a programme."""
    return _page(request, programme_of(request, pk, EDIT), _paper(paper))


@signed_in(EDIT)
@get_or_post
def title_template(request: HttpRequest, pk: int, paper: str) -> HttpResponse:
    """The form of one paper for all programmes of a title that have none of their own."""
    title: Title = visible_or_404(Title.objects.select_related("region"), request.user, EDIT, pk=pk)
    return _page(request, title, _paper(paper))


@signed_in(EDIT)
@require_POST
def template_drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Use a template no more."""
    found = _template(request, pk)
    of = found.programme or found.title
    assert of is not None  # noqa: S101 (a constraint of the database)
    return attempt(
        request, lambda: services.drop_template(found, actor=request.user), done=_address(of, found.paper),
        said=_("It is used no more"),
    )  # fmt: skip


@signed_in(EDIT)
@require_GET
def template_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """The template filled with a real application (?application=), a summary with all of that one's programme."""
    found = _template(request, pk)
    of = found.programme or found.title
    assert of is not None  # noqa: S101
    asked = request.GET.get("application", "")
    tried: Application | None = next((one for one in applications_to_try(of) if str(one.pk) == asked), None)
    if tried is None:
        raise Http404
    if found.paper == Paper.SUMMARY:
        data, name = filled_summary(found, tried.programme, list(handed_in(tried.programme))), str(tried.programme)
    else:
        data, name = filled_form(found, tried), str(tried.unit)
    label = _("Preview of %(paper)s, %(with)s") % {"paper": found.get_paper_display(), "with": name}
    return file_response(data, f"{clean_name(label)}.docx", DOCX)


def _page(request: HttpRequest, of: Programme | Title, paper: str) -> HttpResponse:
    form = TemplateForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            made = services.take_template(of, paper, file.read(), file.name, actor=request.user)
        except Refusal as refusal:
            form.add_error("file", str(refusal))
        else:
            n = len(made.placeholders)
            said = ngettext("Taken: it asks for %d placeholder.", "Taken: it asks for %d placeholders.", n) % n
            messages.success(request, said)
            return redirect(_address(of, paper))
    given = list(templates_given(of, paper))
    current = next((one for one in given if one.ended_at is None), None)
    inherited = None
    if current is None and isinstance(of, Programme):
        inherited = templates_given(of.title, paper).filter(ended_at__isnull=True).first()
    title = _("Word forms: %s") % of
    crumbs = (
        {"label": of.name, "url": reverse("honors:programme", args=[of.pk])} if isinstance(of, Programme)
        else {"label": _("Conditions and settings of titles"), "url": reverse("honors:settings")}
    )  # fmt: skip
    context: dict[str, Any] = {
        "page_title": title, "breadcrumbs": [crumbs, {"label": _("Word forms")}], "of": of, "form": form,
        "tabs": [
            {"label": label, "url": _address(of, value), "current": value == paper} for value, label in Paper.choices
        ],
        "current": current, "inherited": inherited, "earlier": [one for one in given if one != current],
        "to_try": applications_to_try(of) if current else [], "paper": paper, **_asked(paper),
        "of_programme": isinstance(of, Programme),
        "inherited_url": _address(of.title, paper) if isinstance(of, Programme) else "",
    }  # fmt: skip
    return render(request, "honors/template.html", context, status=422 if form.errors else 200)


def _asked(paper: str) -> dict[str, Any]:
    """What a form may ask for: single words, and each list and table as it is written, row's words with it."""
    words: list[str] = []
    repeated: dict[str, str] = {}
    for name, written in known(VOCABULARIES[paper]):
        table, _dot, word = name.partition(".")
        if word:
            repeated[table] = repeated[table].replace("…", f"{written} …")
        elif "\n" in written:
            repeated[name] = written
        else:
            words.append(written)
    return {"words": words, "repeated": [(name, text.replace(" …", "")) for name, text in repeated.items()]}


def _address(of: Programme | Title, paper: str) -> str:
    name = "honors:programme_template" if isinstance(of, Programme) else "honors:title_template"
    return reverse(name, args=[of.pk, paper])


def _paper(word: str) -> str:
    if word not in Paper.values:
        raise Http404
    return word


def _template(request: HttpRequest, pk: int) -> FormTemplate:
    rows = FormTemplate.objects.select_related("programme__title", "programme__region", "title", "attachment__file")
    found: FormTemplate = visible_or_404(rows, request.user, EDIT, pk=pk)
    return found
