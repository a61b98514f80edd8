"""What a review answers after an act: the changed rows and the head as parts, or the page where there is no htmx."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from chuangwen.core.access import may
from chuangwen.core.addresses import asked_key
from chuangwen.directives.comparing import unsettled_number
from chuangwen.directives.models import Document
from chuangwen.directives.queries.documents import Review, others_present, review_of
from chuangwen.directives.services.second_reading import second_reader

MOST_ROWS = 100_000  # characters of what a page says of its rows
SHOWS = ("", "open", "unclear", "unsure")


def shown_chip(request: HttpRequest) -> str:
    """Which chip narrows the table: from the address of the page itself."""
    htmx = getattr(request, "htmx", None)
    address = (htmx.current_url or "") if htmx else ""
    query = parse_qs(urlsplit(address).query) if address else {"show": [request.GET.get("show", "")]}
    wanted = query.get("show", [""])[0]
    return wanted if wanted in SHOWS else ""


def posted(request: HttpRequest) -> QueryDict | None:
    """What a form is bound to: an empty POST is still an answer, which lacks everything."""
    return request.POST if request.method == "POST" else None


def wants_parts(request: HttpRequest) -> bool:
    return bool(getattr(request, "htmx", None))


def review_context(
    request: HttpRequest,
    document: Document,
    review: Review,
    *,
    at: int | None = None,
    panel: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """What the page and its parts are drawn from. `panel` opens under the row of its `pk`."""
    show = shown_chip(request)
    replaced_by = Document.objects.filter(replaces=document).only("title").first()
    return {
        "document": document,
        "review": review,
        "replaced_by": replaced_by,
        "unsettled": unsettled_number(document) if document.replaces_id else 0,
        "rows": review.shown(show),
        "show": show,
        "at": at,
        "panel": panel,
        "may_edit": replaced_by is None and may(request.user, "directives.edit", document),
        "second_reader": second_reader() is not None,
        "may_issue": may(request.user, "responsibilities.edit", document),
        "others": others_present(review, request.user),
        "breadcrumbs": crumbs(document.title),
        "page_keys": page_keys(),
    }


def page_keys() -> list[tuple[str, str]]:
    """The keys of the review that no other page has, for the help."""
    return [
        ("M", _("Merge into the previous one")),
        ("S", pgettext("directive", "Split")),
        ("T", _("Task, recurring duty or standing rule")),
        ("A", _("Mark the sentence clicked or selected")),
        ("I", _("Issue what is accepted")),
    ]


def crumbs(*labels: str, document: Document | None = None) -> list[dict[str, Any]]:
    """The way here: the list, the review of `document` where one is given, and the page itself."""
    way = [{"label": _("Meetings and directives"), "url": reverse("directives:list")}]
    if document:
        way.append({"label": document.title, "url": review_url(document)})
    return way + [{"label": label, "url": ""} for label in labels]


def review_url(document: Document, at: int | None = None, show: str = "") -> str:
    """The review's address, opened at a candidate."""
    query = [f"at={at}"] if at else []
    query += [f"show={show}"] if show else []
    address = reverse("directives:review", args=[document.pk])
    return address + (f"?{'&'.join(query)}" if query else "") + (f"#c{at}" if at else "")


def answer_presence(request: HttpRequest, document: Document, at: int) -> HttpResponse:
    """Who else is here, and in place the rows whose revision is another than the page's; no row moves.

    The row that is being edited is left alone: saving it shows both versions. Where rows came or went, a link to draw
    the page anew is shown instead.
    """
    review = review_of(document)
    seen = _revisions(request.POST.get("rows", ""))
    editing = asked_key(request.POST.get("open", ""))
    now = {row.candidate.pk: row for row in review.rows}
    changed = [now[pk] for pk, revision in seen.items() if pk in now and now[pk].candidate.revision != revision]
    context = review_context(request, document, review, at=at) | {
        "anew": bool(seen) and (any(pk not in now for pk in seen) or _came(request, review, seen)),
        "editing": next((row.number for row in changed if row.candidate.pk == editing), 0),
    }
    drawn = [row for row in changed if row.candidate.pk != editing]
    if not drawn:
        return render(request, "directives/parts/presence.html", context)
    html = "".join(
        render_to_string("directives/parts/row.html", context | {"row": row, "apart": True, "at": None}, request)
        for row in drawn  # where the person stands is the page's to say: she may have gone on meanwhile
    )
    response = HttpResponse(html + render_to_string("directives/parts/head_part.html", context, request))
    response["HX-Reswap"] = "none"  # the head brings the present with it
    words = ngettext(
        "%d directive was changed by somebody else.", "%d directives were changed by somebody else.", len(drawn)
    )
    response["HX-Trigger-After-Swap"] = json.dumps({"cw:review": {"at": None, "say": words % len(drawn)}})
    return response


def _came(request: HttpRequest, review: Review, seen: dict[int, int]) -> bool:
    """Whether rows are there that the page ought to show and does not."""
    return any(row.candidate.pk not in seen for row in review.shown(shown_chip(request)))


def _revisions(text: str) -> dict[int, int]:
    """The rows of the page with the revisions that it shows: "12.1,13.4"."""
    found = re.findall(r"(\d{1,18})\.(\d{1,9})(?:,|$)", text[:MOST_ROWS])
    return {int(pk): int(revision) for pk, revision in found}


def answer(
    request: HttpRequest,
    document: Document,
    *,
    rows: Iterable[int] | None,
    at: int | None = None,
    move: bool = False,
    panel: dict[str, Any] | None = None,
    said: str = "",
    status: int = 200,
) -> HttpResponse:
    """Answer an act. `rows`: the candidates whose rows changed, None where text and table are drawn anew.

    `at` is the row to stand on afterwards; with `move` it is the next open one after `at`.
    """
    review = review_of(document)
    show = shown_chip(request)
    place = (review.next_open(at, show) or at) if move and at else at
    if not wants_parts(request):
        if panel and panel.get("message"):
            messages.error(request, panel["message"])
        elif said:
            messages.info(request, said)
        return redirect(review_url(document, place, show))
    if said and move:
        said += _(", %d open") % review.open
    context = review_context(request, document, review, at=place, panel=panel)
    if rows is None:
        names = ["text_part", "rows_part"]
        html = "".join(render_to_string(f"directives/parts/{name}.html", context, request) for name in names)
    else:
        changed = set(rows)
        html = "".join(
            render_to_string("directives/parts/row.html", context | {"row": row, "apart": True}, request)
            for row in review.rows
            if row.candidate.pk in changed
        )
    html += render_to_string("directives/parts/head_part.html", context, request)
    response = HttpResponse(html, status=status)
    response["HX-Trigger-After-Swap"] = json.dumps({"cw:review": {"at": place, "say": said}})
    return response
