"""Showing a paper to everybody: what would be public, proposing it, releasing it, taking it back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from chuangwen.core.pages import attempt, signed_in
from chuangwen.core.panels import panels
from chuangwen.core.templatetags.wording import moment
from chuangwen.reports.edition import from_json
from chuangwen.reports.enums import STANDING_RELEASES
from chuangwen.reports.forms import ReasonForm
from chuangwen.reports.models import Bulletin, Release, ReleaseRecord
from chuangwen.reports.services import drop_release, propose_release, release_bulletin, take_release_back
from chuangwen.reports.services.releasing import obstacles, preview
from chuangwen.reports.views.papers import crumbs, the_bulletin
from chuangwen.reports.workflow import RELEASE, RELEASE_WORKFLOW
from chuangwen.workflow.queries import history_of
from chuangwen.workflow.services import available
from chuangwen.workflow.transitions import Transition, Workflow

SAID: dict[str, tuple[Callable[..., None], Callable[[], str]]] = {
    "release": (release_bulletin, lambda: _("Released. Everybody can read it.")),
    "drop": (drop_release, lambda: _("It stays inside.")),
    "take_back": (take_release_back, lambda: _("Taken off the public pages.")),
}


@signed_in(RELEASE)
@require_http_methods(["GET", "POST"])
def release(request: HttpRequest, pk: int) -> HttpResponse:
    """What everybody would read of the paper, and the next step; POST proposes it."""
    found = the_bulletin(request, pk, RELEASE)
    if request.method == "POST":
        back, said = reverse("reports:release", args=[pk]), _proposed()
        return attempt(request, lambda: propose_release(found, actor=request.user), done=back, said=said)
    one = standing(found)
    edition = from_json(one.edition) if one else preview(found)
    context = {
        "page_title": _("Release to everybody"), "page_subtitle": found.title, "bulletin": found, "release": one,
        "breadcrumbs": crumbs(_("Release to everybody"), found), "edition": edition,
        "obstacle": obstacles(found, edition), "steps": _steps(one, request.user),
        "entries": history(Release.objects.filter(bulletin=found), RELEASE_WORKFLOW),
        "panels": panels("release", request, one) if one else [],
        "own": one is not None and one.state == "proposed" and one.proposed_by_id == request.user.pk,
    }  # fmt: skip
    return render(request, "reports/release.html", context)


@signed_in(RELEASE)
@require_POST
def release_act(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """Release it, leave it inside, or take it off again."""
    found = the_bulletin(request, pk, RELEASE)
    one = standing(found)
    if action not in SAID or one is None:
        raise Http404
    act, said = SAID[action]
    return take_step(
        request, one, RELEASE_WORKFLOW[action], act, done=reverse("reports:release", args=[pk]), said=said()
    )


def take_step(
    request: HttpRequest, one: ReleaseRecord, step: Transition, act: Callable[..., None], *, done: str, said: str
) -> HttpResponse:
    """Take a step of what is shown to everybody, with the reason where it needs one."""
    given: dict[str, Any] = {}
    if step.needs_note:
        form = ReasonForm(request.POST)
        if not form.is_valid():
            messages.error(request, _("Please give the reason in a few words."))
            return redirect(done)
        given = {"reason": form.cleaned_data["reason"]}
    return attempt(request, lambda: act(one, actor=request.user, **given), done=done, said=said)


def standing(bulletin: Bulletin) -> Release | None:
    """The paper's release that waits or is open; None where there is none."""
    rows = Release.objects.filter(bulletin=bulletin, state__in=STANDING_RELEASES)
    found: Release | None = rows.select_related("bulletin__region", "bulletin__snapshot", "region", "word", "pdf",
                                                "proposed_by", "released_by").first()  # fmt: skip
    return found


def _proposed() -> str:
    return _("Proposed. Another person looks at it and releases it.")


def _steps(one: Release | None, user: Any) -> set[str]:
    return {step.action for step in available(one, RELEASE_WORKFLOW, user)} if one else set()


def history(releases: QuerySet[Any], flow: Workflow) -> list[dict[str, Any]]:
    """What was done with all releases of one matter, one after the other."""
    done = {one.action: (str(one.done), one.icon) for one in flow.transitions}
    done["propose"] = (_("Proposed for everybody"), "send")
    steps = [step for one in releases.order_by("pk") for step in history_of(one)]
    return [
        {
            "icon": done[step.action][1], "what": done[step.action][0], "who": _(", ") + step.actor_name,
            "when": moment(step.at), "when_iso": step.at.isoformat(), "quote": step.note,
        }
        for step in steps
    ]  # fmt: skip
