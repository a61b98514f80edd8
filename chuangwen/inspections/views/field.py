"""The phone in the field: today's places, the checklist, and what it sends (frontend/src/ts/field.ts)."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chuangwen.core.errors import Refusal
from chuangwen.core.files.services import preview
from chuangwen.core.pages import attempt, signed_in
from chuangwen.core.soundness import is_near
from chuangwen.inspections.enums import VisitState
from chuangwen.inspections.forms import AdHocForm, ReasonForm
from chuangwen.inspections.models import Answer, AnswerPhoto, Visit
from chuangwen.inspections.queries import ad_hoc_places, check_counts, days_visits, later_visits, running_rounds
from chuangwen.inspections.services import planning
from chuangwen.inspections.services.answering import Given, save_answers, start_visit
from chuangwen.inspections.services.finishing import finish_visit
from chuangwen.inspections.services.photographing import add_answer_photo, add_original, remove_answer_photo
from chuangwen.inspections.views.asking import ask
from chuangwen.inspections.views.checklists import checklist_page

IN_THE_FIELD = ("inspections.inspect", "inspections.plan")
MOST_ANSWERS = 300  # of one batch
LONGEST_BATCH = 512 * 1024  # bytes


def visit_to_answer(request: HttpRequest, uid: UUID) -> Visit:
    """The visit, where it is the person's own or a sheet that the office enters from paper; 404 otherwise."""
    rows = Visit.objects.select_related("place__place_type", "place__territory", "round", "region", "inspector")
    own = rows.of_inspector(request.user).filter(uid=uid).first()
    found = own or rows.visible_to(request.user, "inspections.plan").filter(uid=uid, on_paper=True).first()
    if found is None:
        raise Http404
    return found


@signed_in("inspections.inspect")
@require_GET
def today(request: HttpRequest) -> HttpResponse:
    """What is to be seen today: the next place first and large."""
    visits = days_visits(request.user)
    counts = check_counts(visits)
    rows: list[dict[str, Any]] = [
        {"visit": visit, "checks": counts[visit.pk], "number": n} for n, visit in enumerate(visits, 1)
    ]
    waiting = [row for row in rows if row["visit"].state in {VisitState.PLANNED, VisitState.STARTED}]
    context = {
        "page_title": _("Today"),
        "waiting": waiting,
        "over": [row for row in rows if row not in waiting],
        "done": sum(row["visit"].state == VisitState.FINISHED for row in rows),
        "total": len(rows),
        "later": later_visits(request.user),
        "ad_hoc": bool(running_rounds(request.user)),
    }
    return render(request, "inspections/field_today.html", context)


@signed_in(*IN_THE_FIELD)
@require_GET
def checklist(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The checklist of one visit, with the answers that the server has."""
    visit = visit_to_answer(request, uid)
    template = "inspections/paper_checklist.html" if visit.on_paper else "inspections/checklist.html"
    return render(request, template, checklist_page(visit, request.user))


@signed_in(*IN_THE_FIELD)
@require_POST
def answers(request: HttpRequest, uid: UUID) -> JsonResponse:
    """Take a batch {start, answers} and say which uids are kept and which cannot be: the phone may forget those."""
    visit = visit_to_answer(request, uid)
    try:
        start, given = _batch(request)
        if start is not None and visit.state == VisitState.PLANNED:
            start_visit(visit, actor=request.user, **start)
        saved = save_answers(visit, given, actor=request.user) if given else None
    except Refusal as refusal:
        return JsonResponse({"refusal": str(refusal)}, status=refusal.status)
    return JsonResponse(
        {
            "kept": [str(one) for one in saved.kept] if saved else [],
            "refused": {str(one): why for one, why in saved.refused.items()} if saved else {},
            "answered": visit.answered,
            "not_met": visit.not_met,
        }
    )


@signed_in(*IN_THE_FIELD)
@require_POST
def photos(request: HttpRequest, uid: UUID) -> JsonResponse:
    """Take one photo of an answer; sent again it is the same one."""
    visit = visit_to_answer(request, uid)
    try:
        photo_uid, check_id = UUID(request.POST["uid"]), int(request.POST["check"])
        file: Any = request.FILES["photo"]
    except (KeyError, ValueError):
        return JsonResponse({"refusal": _("The photo came incomplete. It is sent again.")}, status=400)
    answer = Answer.objects.filter(visit=visit, checked=check_id).select_related("visit", "region").first()
    if answer is None:
        return JsonResponse({"refusal": _("The answer of this photo has not arrived yet.")}, status=409)
    answer.visit = visit
    try:
        photo = add_answer_photo(
            answer, file.read(), file.name or "photo.jpg", uid=photo_uid, actor=request.user,
            taken_at=_moment(request.POST.get("at")), longitude=_degrees(request.POST.get("longitude"), 180),
            latitude=_degrees(request.POST.get("latitude"), 90), original_waits=request.POST.get("copy") == "1",
        )  # fmt: skip
    except Refusal as refusal:
        return JsonResponse({"refusal": str(refusal), "final": refusal.status == 400}, status=refusal.status)
    return JsonResponse({"kept": str(photo.uid), "url": reverse("inspections:photo", args=[uid, photo.uid])})


@signed_in(*IN_THE_FIELD)
@require_POST
def original(request: HttpRequest, uid: UUID, photo_uid: UUID) -> JsonResponse:
    """Take the original of a photo whose small copy came first."""
    found = _photo_of(request, uid, photo_uid)
    file: Any = request.FILES.get("photo")
    if file is None:
        return JsonResponse({"refusal": _("The photo came incomplete. It is sent again.")}, status=400)
    try:
        add_original(found, file.read(), actor=request.user)
    except Refusal as refusal:
        return JsonResponse({"refusal": str(refusal), "final": refusal.status == 400}, status=refusal.status)
    return JsonResponse({"kept": str(photo_uid)})


@signed_in(*IN_THE_FIELD)
@require_GET
@cache_control(private=True, max_age=604800)
def photo(request: HttpRequest, uid: UUID, photo_uid: UUID) -> HttpResponse:
    """A small copy of one's own photo."""
    found = _photo_of(request, uid, photo_uid)
    return HttpResponse(preview(found.attachment.file, "small"), content_type="image/jpeg")


@signed_in(*IN_THE_FIELD)
@require_POST
def remove_photo(request: HttpRequest, uid: UUID, photo_uid: UUID) -> JsonResponse:
    """Take a photo away, for instance one with a face."""
    try:
        remove_answer_photo(_photo_of(request, uid, photo_uid), actor=request.user)
    except Refusal as refusal:
        return JsonResponse({"refusal": str(refusal)}, status=refusal.status)
    return JsonResponse({"removed": str(photo_uid)})


@signed_in(*IN_THE_FIELD)
@require_POST
def finish(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Close the visit; what is not met goes to its lead at once."""
    visit = visit_to_answer(request, uid)
    try:
        problems = finish_visit(visit, actor=request.user)
    except Refusal as refusal:
        page = checklist_page(visit, request.user) | {"refusal": refusal}
        template = "inspections/paper_checklist.html" if visit.on_paper else "inspections/checklist.html"
        return render(request, template, page, status=422)
    said = _("%s is finished.") % visit.place
    if problems:
        said += " " + ngettext("%d problem is handed over.", "%d problems are handed over.", len(problems)) % len(
            problems
        )
    messages.success(request, said)
    return redirect("inspections:visit", uid=uid) if visit.on_paper else redirect("inspections:field")


@signed_in("inspections.inspect")
@require_POST
def recuse(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Step back; no reason is asked for."""
    visit = visit_to_answer(request, uid)
    return attempt(
        request,
        lambda: planning.recuse_inspector(visit, actor=request.user),
        done=reverse("inspections:field"),
        said=_("The office finds another inspector."),
    )


@signed_in("inspections.inspect")
@require_http_methods(["GET", "POST"])
def closed(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The place is closed or gone: say why, and the office takes the next ticket."""
    visit = visit_to_answer(request, uid)
    return ask(
        request, ReasonForm(request.POST or None),
        lambda data: planning.skip_visit(visit, reason=data["reason"], actor=request.user),
        done=reverse("inspections:field"), said=_("The office knows, and takes the next place in line."),
        template="inspections/field_form.html", page_title=_("Closed or gone"), page_subtitle=str(visit.place),
        breadcrumbs=[{"label": _("Checklist"), "url": reverse("inspections:checklist", args=[uid])}],
        lead=_("What do you see there? For example: locked, being rebuilt, torn down."), submit=_("Tell the office"),
    )  # fmt: skip


@signed_in("inspections.inspect")
@require_http_methods(["GET", "POST"])
def ad_hoc(request: HttpRequest) -> HttpResponse:
    """Choose a place on the spot and go on to its checklist."""
    rounds = running_rounds(request.user)
    if not rounds:
        raise Http404
    made: dict[str, Any] = {}

    def act(data: dict[str, Any]) -> None:
        made["visit"] = planning.add_ad_hoc_visit(rounds[0], data["place"], actor=request.user)

    form = AdHocForm(request.POST or None, places=ad_hoc_places(rounds[0], request.user, "inspections.inspect"))
    response = ask(
        request, form, act, done=reverse("inspections:field"), template="inspections/field_form.html",
        page_title=_("Ad hoc place"), page_subtitle=rounds[0].name,
        breadcrumbs=[{"label": _("Today"), "url": reverse("inspections:field")}],
        lead=_("Streets, public toilets, small restaurants and the like are chosen on the spot."),
        submit=_("Go on to the checklist"),
    )  # fmt: skip
    if "visit" in made:
        response["Location"] = reverse("inspections:checklist", args=[made["visit"].uid])
    return response


def _photo_of(request: HttpRequest, uid: UUID, photo_uid: UUID) -> AnswerPhoto:
    visit = visit_to_answer(request, uid)
    rows = AnswerPhoto.objects.select_related("attachment__file", "answer__visit")
    found = rows.filter(answer__visit=visit, uid=photo_uid).first()
    if found is None:
        raise Http404
    return found


def _batch(request: HttpRequest) -> tuple[dict[str, float | None] | None, list[Given]]:
    """The JSON that the phone sends; Refusal for anything else."""
    broken = Refusal(_("This message cannot be read."), _("Load the page again; your answers stay on the phone."))
    if len(request.body) > LONGEST_BATCH:
        raise broken
    try:
        data = json.loads(request.body)
        rows, start = data["answers"], data.get("start")
        if len(rows) > MOST_ANSWERS:
            raise broken
        given = [_given(row) for row in rows]
        place = None
        if start is not None:
            place = {
                "longitude": _degrees(start.get("longitude"), 180),
                "latitude": _degrees(start.get("latitude"), 90),
            }
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise broken from error
    return place, given


def _given(row: dict[str, Any]) -> Given:
    count = row.get("count")
    return Given(
        uid=UUID(row["uid"]),
        check_id=int(row["check"]),
        value=str(row["value"]),
        reason=str(row.get("reason") or ""),
        count=None if count is None else float(count),
        note=str(row.get("note") or ""),
        device_at=_moment(row.get("at")),
    )


def _moment(value: Any) -> datetime | None:
    """The phone's clock as it said, or None where it said nothing readable, or a year that cannot be.

    A clock that is wrong costs no answer: nobody typed it.
    """
    try:
        moment = parse_datetime(str(value))
    except ValueError:
        return None
    return moment if moment is not None and moment.utcoffset() is not None and is_near(moment) else None


def _degrees(value: Any, limit: int) -> float | None:
    """A longitude or latitude; None for nothing and for nonsense, since a visit never fails for it."""
    try:
        degrees = float(value)
    except (TypeError, ValueError):
        return None
    return degrees if -limit <= degrees <= limit else None
