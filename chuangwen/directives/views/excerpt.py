"""What a unit reads of a document that gave it work: its own passages, not the whole paper."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from chuangwen.core.pages import signed_in
from chuangwen.directives.queries.passages import Passage, own_passages
from chuangwen.responsibilities.services.telling import address


@signed_in("directives.attend")
@require_GET
def excerpt(request: HttpRequest, pk: int) -> HttpResponse:
    """The passages of a document that gave the person's units a task, a duty or a rule. 404 where there is none."""
    found = own_passages(request.user, pk)
    if not found:
        raise Http404
    document, title = found[0].row.document, _("What it asks of you")
    rows = [
        {
            "row": one.row, "headings": " / ".join(one.row.headings), "became": _became(one),
            "lead": "、".join(str(party["name"]) for party in one.row.lead),
            "cooperate": "、".join(str(party["name"]) for party in one.row.cooperate),
        }
        for one in found
    ]  # fmt: skip
    crumbs = [{"label": _("Tasks"), "url": reverse("responsibilities:tasks")}, {"label": title, "url": ""}]
    context = {"page_title": title, "breadcrumbs": crumbs, "document": document, "rows": rows}
    return render(request, "directives/excerpt.html", context)


def _became(one: Passage) -> list[tuple[str, str]]:
    """What came of a passage, with the addresses where it is answered."""
    return [
        *((task.number, address(task)) for task in one.tasks),
        *((duty.number, reverse("responsibilities:duty", args=[duty.pk])) for duty in one.duties),
        *((_("Standing rule"), reverse("responsibilities:standing_rule", args=[rule.pk])) for rule in one.rules),
    ]
