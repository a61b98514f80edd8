"""Entering results that no visit gives, looking at one, confirming, returning, correcting and withdrawing it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chuangwen.campaigns.models import Round
from chuangwen.core import clock
from chuangwen.core.access import visible_or_404
from chuangwen.core.errors import Refusal
from chuangwen.core.lists import respond
from chuangwen.core.models import Attachment
from chuangwen.core.pages import attempt, signed_in
from chuangwen.inspections.enums import ResultKind
from chuangwen.inspections.forms import EventForm, ResultForm, StepForm
from chuangwen.inspections.models import RESULT_OWNER, EnteredResult
from chuangwen.inspections.services.results import (
    confirm_result,
    correct_result,
    enter_result,
    return_result,
    withdraw_result,
)
from chuangwen.inspections.views.lists import round_of
from chuangwen.inspections.views.result_lists import EntryList, LeafList, crumbs, version_of
from chuangwen.inspections.views.result_page import result_page
from chuangwen.inspections.wording import asked_at, name_of
from chuangwen.inspections.workflow import ASSESS
from chuangwen.standards.grading import asked_of, enterable
from chuangwen.standards.models import Node
from chuangwen.standards.queries import tree_of

get_or_post = require_http_methods(["GET", "POST"])
LEAVES = LeafList()
ENTRIES = EntryList()
PAPERS = 30  # the newest files of a round, offered again
Act = Callable[[EnteredResult, dict[str, Any], Any], object]


@signed_in("inspections.view")
@require_GET
def leaves(request: HttpRequest, pk: int) -> HttpResponse:
    """Every criterion of a round with what is known of it."""
    round_of(request, pk)
    return respond(request, LEAVES)


@signed_in("inspections.view")
@get_or_post
def entries(request: HttpRequest, pk: int) -> HttpResponse:
    """All results that were entered in a round."""
    round_of(request, pk)
    return respond(request, ENTRIES)


@signed_in(ASSESS)
@get_or_post
def enter(request: HttpRequest, pk: int, node: int) -> HttpResponse:
    """The result of one criterion."""
    round_ = round_of(request, pk, ASSESS)
    found = Node.objects.filter(pk=node, version__in=round_.versions.all(), is_leaf=True).select_related("version")
    leaf = found.first()
    standard = tree_of(leaf.version) if leaf else None
    rule = enterable(standard).get(leaf.code) if leaf and standard else None
    if leaf is None or standard is None or rule is None:
        raise Http404
    asked = asked_of(rule, standard.grades)
    form = ResultForm(*_given(request), asked=asked, initial=_first(request), **_shared(round_))

    def act() -> EnteredResult:
        return enter_result(
            round_, form.judged(leaf.version, ResultKind.LEAF, leaf.code), actor=request.user, proof=_proof(form)
        )

    if done := _acted(request, form, act):
        messages.success(request, _("Entered: %s. It counts once a second person has confirmed it.") % name_of(done))
        return redirect(reverse("inspections:results", args=[pk]) + f"?standard={leaf.version_id}&tab=none")
    return _page(request, round_, form, title=f"{leaf.code} {leaf.title}", rule=rule, submit=_("Enter the result"))


@signed_in(ASSESS)
@get_or_post
def event(request: HttpRequest, pk: int) -> HttpResponse:
    """A bonus, a penalty or a veto."""
    round_ = round_of(request, pk, ASSESS)
    version = version_of(request, round_)
    if version is None:
        raise Http404
    form = EventForm(*_given(request), standard=tree_of(version), initial=_first(request), **_shared(round_))

    def act() -> EnteredResult:
        kind, _colon, code = form.cleaned_data["what"].partition(":")
        return enter_result(round_, form.judged(version, kind, code), actor=request.user, proof=_proof(form))

    if done := _acted(request, form, act):
        messages.success(request, _("Entered: %s. It counts once a second person has confirmed it.") % name_of(done))
        return redirect("inspections:result", done.uid)
    return _page(request, round_, form, title=_("Enter a bonus, penalty or veto"), submit=_("Enter it"))


@signed_in("inspections.view")
@require_GET
def result(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One result: what it says, its papers, who entered and confirmed it, its history, the next step."""
    return render(request, "inspections/result.html", result_page(_result(request, uid), request.user))


@signed_in(ASSESS)
@get_or_post
def correct(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Another value, with the reason; the second person is asked anew."""
    found = _result(request, uid, ASSESS)
    asked = asked_at(found.version, found.code) if found.kind == ResultKind.LEAF else None
    step = StepForm(request.POST if request.method == "POST" else {"revision": found.revision})
    form = ResultForm(
        *_given(request), asked=asked, correcting=True, initial=_there(found, asked), **_shared(found.round)
    )
    if found.kind == ResultKind.VETO:
        del form.fields["value"]
    if not step.is_valid():
        raise Http404

    def act() -> EnteredResult:
        judged = form.judged(found.version, found.kind, found.code)
        return correct_result(
            found, judged, reason=form.cleaned_data["reason"], revision=step.cleaned_data["revision"],
            actor=request.user, proof=form.proof(),
        )  # fmt: skip

    if _acted(request, form, act):
        messages.success(request, _("Corrected: %s. A second person confirms it anew.") % name_of(found))
        return redirect("inspections:result", uid)
    return _page(
        request, found.round, form, title=_("Correct the result"), subtitle=name_of(found),
        submit=_("Save the correction"), revision=step["revision"].value(), rule=_leaf_of(found),
        cancel=reverse("inspections:result", args=[uid]),
    )  # fmt: skip


def _leaf_of(found: EnteredResult) -> Any:
    """What the standard says of the criterion; None for a bonus, penalty or veto."""
    if found.kind != ResultKind.LEAF:
        return None
    return next((one for one in tree_of(found.version).leaves() if one.code == found.code), None)


STEPS: dict[str, tuple[Act, Any]] = {
    "confirm": (lambda found, data, actor: confirm_result(found, revision=data["revision"], actor=actor),
                lambda: _("Confirmed. It counts from now on.")),
    "return": (lambda found, data, actor: return_result(found, actor=actor, **data),
               lambda: _("Returned to who entered it.")),
    "withdraw": (lambda found, data, actor: withdraw_result(found, actor=actor, **data),
                 lambda: _("Withdrawn. It does not count.")),
}  # fmt: skip


@signed_in(ASSESS)
@require_POST
def step(request: HttpRequest, uid: UUID, action: str) -> HttpResponse:
    """Confirm, return or withdraw a result."""
    found = _result(request, uid, ASSESS)
    form = StepForm(request.POST)
    if action not in STEPS or not form.is_valid():
        raise Http404
    act, said = STEPS[action]
    back = reverse("inspections:result", args=[uid])
    return attempt(request, lambda: act(found, form.cleaned_data, request.user), done=back, said=said())


def _result(request: HttpRequest, uid: UUID, permission: str = "") -> EnteredResult:
    rows = EnteredResult.objects.select_related(
        "round__campaign", "round__region", "version", "unit", "region", "entered_by", "checked_by",
        "dossier__node",
    )  # fmt: skip
    found: EnteredResult = visible_or_404(rows, request.user, permission, uid=uid)
    return found


def _given(request: HttpRequest) -> tuple[Any, ...]:
    return (request.POST, request.FILES) if request.method == "POST" else ()


def _first(request: HttpRequest) -> dict[str, Any]:
    return {"judged_by": str(request.user), "judged_on": clock.today()}


def _there(found: EnteredResult, asked: Any) -> dict[str, Any]:
    """What stands, as the form shows it."""
    value = found.value
    if value is not None and asked is not None and asked.form == "rate":
        value = float(f"{value * 100:.10g}")
    return {
        "grade": found.grade, "value": None if found.grade else value, "weight": int(found.weight),
        "not_applicable": found.value is None, "unit": found.unit.name if found.unit else "",
        "source": found.source, "judged_by": found.judged_by, "judged_on": found.judged_on,
    }  # fmt: skip


def _shared(round_: Round) -> dict[str, Any]:
    """Region and the round's newest papers, each file once: a scan of many results is given once."""
    mine = EnteredResult.objects.filter(round=round_).values("pk")
    kept = Attachment.objects.filter(owner_type=RESULT_OWNER, owner_id__in=mine)
    newest: dict[int, int] = {}
    for pk, file in kept.order_by("-pk").values_list("pk", "file")[: PAPERS * 10]:
        newest.setdefault(file, pk)
    papers = Attachment.objects.filter(pk__in=list(newest.values())[:PAPERS]).select_related("file").order_by("-pk")
    return {"region": round_.region, "papers": papers}


def _proof(form: ResultForm) -> Any:
    return form.proof()  # the form has seen to it that there is one


def _acted(request: HttpRequest, form: ResultForm, act: Callable[[], EnteredResult]) -> EnteredResult | None:
    """What was made; None where nothing was sent or it was refused, which stands in the form then."""
    if request.method != "POST" or not form.is_valid():
        return None
    try:
        return act()
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return None


def _page(
    request: HttpRequest, round_: Round, form: ResultForm, *, title: str, subtitle: str = "", cancel: str = "",
    **more: Any,
) -> HttpResponse:  # fmt: skip
    context = {
        "form": form, "page_title": title, "page_subtitle": subtitle or round_.name,
        "breadcrumbs": crumbs(round_, title),
        "cancel_url": cancel or reverse("inspections:results", args=[round_.pk]),
        **more,
    }  # fmt: skip
    return render(request, "inspections/result_form.html", context, status=422 if form.errors else 200)
