"""Names in a document that fit no unit: who is meant, asked once for all of them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from chuangwen.core.errors import Refusal
from chuangwen.core.pages import signed_in
from chuangwen.directives.forms.documents import NamesForm
from chuangwen.directives.queries.documents import addressees, chips, review_of
from chuangwen.directives.services import learn_names
from chuangwen.directives.views.answers import crumbs, posted, review_url
from chuangwen.directives.views.review import find_document
from chuangwen.organizations.models import Unit


@signed_in("directives.edit")
@require_http_methods(["GET", "POST"])
def names(request: HttpRequest, pk: int) -> HttpResponse:
    """Say who each unknown name means; it is remembered for this and later documents."""
    document = find_document(request, pk, "directives.edit")
    known = addressees(document.region)
    units = Unit.objects.filter(region=document.region)
    unknown = review_of(document).unknown
    form = NamesForm(posted(request), names=unknown, known=known, units=units)
    if request.method == "POST" and form.is_valid():
        try:
            changed = learn_names(document, form.meant(), actor=request.user)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            words = ngettext("%d directive has its units now.", "%d directives have their units now.", len(changed))
            messages.success(request, words % len(changed))
            return redirect(review_url(document))
    context = {
        "document": document, "form": form, "lines": _lines(form, known),
        "page_title": _("Names that fit no unit"),
        "breadcrumbs": crumbs(_("Names that fit no unit"), document=document),
    }  # fmt: skip
    return render(request, "directives/names.html", context, status=422 if form.is_bound else 200)


def _lines(form: NamesForm, known: Any) -> list[dict[str, Any]]:
    """Each name with the units that it may mean, and what was chosen so far."""
    proposed = {name: known.proposals(name) for name in form.names}
    units = form.units.in_bulk([pk for keys in proposed.values() for pk in keys])
    lines = []
    for number, name in enumerate(form.names):
        field = f"name{number}"
        chosen = form.cleaned_data.get(field, ()) if form.is_bound and hasattr(form, "cleaned_data") else ()
        lines.append(
            {
                "pk": number,
                "name": name,
                "field": field,
                "chips": chips([one.as_json() for one in chosen]),
                "proposals": [units[key] for key in proposed[name] if key in units],
            }
        )
    return lines
