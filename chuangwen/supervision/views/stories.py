"""Exposure and praise (曝光台, 点赞台): the list, one story with its replies, its steps."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from chuangwen.core.access import may, visible_or_404
from chuangwen.core.errors import Refusal
from chuangwen.core.lists import Column, Filter, ListPage, Tab, pick_filter, respond, two_lines
from chuangwen.core.pages import signed_in
from chuangwen.core.templatetags.chuangwen import state as state_tag
from chuangwen.core.templatetags.wording import day, moment
from chuangwen.rectification.models import Problem
from chuangwen.supervision.enums import StoryKind, StoryState
from chuangwen.supervision.forms import FlagActForm, FlagReasonForm, StoryForm, StoryOutcomeForm, StoryReplyForm
from chuangwen.supervision.models import Story
from chuangwen.supervision.services import (
    Told,
    drop_story,
    note_outcome,
    propose_story,
    release_story,
    reply_to_story,
    take_down_story,
    tell_story,
)
from chuangwen.supervision.views.parts import form_page, press_first, steps_told, the_region, way_to
from chuangwen.supervision.workflow import STORY_WORKFLOW, answers_for_unit
from chuangwen.workflow.services import available

PLACE = (_("Exposure and praise"), "supervision:stories")
SHAPES = {
    StoryState.PROPOSED: "found", StoryState.TOLD: "assigned", StoryState.RELEASED: "closed",
    StoryState.DROPPED: "not-applicable", StoryState.TAKEN_DOWN: "not-applicable",
}  # fmt: skip
ACTS: dict[str, tuple[Any, Any, Any]] = {
    "tell": (FlagActForm, tell_story, _("Unit told")),
    "release": (FlagActForm, release_story, pgettext_lazy("story", "Released")),
    "drop": (FlagReasonForm, drop_story, pgettext_lazy("story", "Not released")),
    "take_down": (FlagReasonForm, take_down_story, pgettext_lazy("story", "Taken down")),
    "reply": (StoryReplyForm, reply_to_story, _("Reply kept")),
    "outcome": (StoryOutcomeForm, note_outcome, _("Kept")),
}
TITLES = {"reply": _("Reply"), "outcome": _("Note what became of it")}


def _title(story: Story) -> SafeString:
    second = " · ".join(filter(None, (str(story.unit), story.outlet, story.issue)))
    return two_lines(story.title, second, reverse("supervision:story", args=[story.pk]))


def _outcome(story: Story) -> str:
    """What became of it: in the office's words, else as the problem stands."""
    return story.outcome or (story.problem.get_state_display() if story.problem else "")


def _cell(story: Story) -> SafeString:
    return state_tag(SHAPES[StoryState(story.state)], story.get_state_display())


class Stories(ListPage):
    """Exposure and praise, the latest first."""

    name = "stories"
    title = _("Exposure and praise")
    noun = pgettext_lazy("noun", "stories")
    permission = "supervision.view"
    search = ("title__icontains", "unit__name__icontains", "unit__short_name__icontains", "outlet__icontains")
    search_words = _("Title, unit or outlet")
    sort = "-proposed_on"
    definition = _(
        "An exposure shows places and problems, never names. The unit reads it before and can reply before and after; "
        "whoever proposed it does not release it."
    )
    empty = _("Nothing here yet")
    empty_url = "supervision:story_new"
    empty_permission = "supervision.edit"
    empty_action = _("Propose a story")
    columns = (
        Column("kind", pgettext_lazy("story", "Kind"), lambda s: s.get_kind_display(), css="cw-table__sheet"),
        Column("title", pgettext_lazy("story", "Title"), lambda s: s.title, _title, css="cw-table__title", width=34),
        Column("unit", _("Unit"), lambda s: str(s.unit), screen=False),
        Column("outlet", _("Outlet and column"), lambda s: s.outlet, screen=False),
        Column("issue", pgettext_lazy("story", "Issue"), lambda s: s.issue, screen=False),
        Column("problem", _("Problem"), lambda s: s.problem.number if s.problem else "", css="cw-wide"),
        Column("outcome", _("What became of it"), _outcome, css="cw-wide", width=24),
        Column("day", _("Date"), lambda s: s.proposed_on, lambda s: day(s.proposed_on), sort="proposed_on",
               kind="date"),
        Column("state", _("State"), lambda s: s.get_state_display(), _cell, css="cw-table__state"),
    )  # fmt: skip
    filters = (
        pick_filter("unit", _("Unit"), "units-ever", lambda rows, value: rows.filter(unit=value)),
        Filter("kind", pgettext_lazy("story", "Kind"), lambda request: StoryKind.choices,
               lambda rows, value: rows.filter(kind=value)),
    )  # fmt: skip
    tabs = (
        Tab("released", pgettext_lazy("story", "Released"), Q(state=StoryState.RELEASED)),
        Tab("told", pgettext_lazy("story", "Unit told"), Q(state=StoryState.TOLD)),
        Tab("proposed", pgettext_lazy("story", "Proposed"), Q(state=StoryState.PROPOSED)),
        Tab("all", _("All"), Q()),
    )

    def rows(self, request: HttpRequest) -> QuerySet[Any]:
        return Story.objects.visible_to(request.user).select_related("unit", "problem", "region")

    def row_url(self, row: Any) -> str:
        return reverse("supervision:story", args=[row.pk])

    def more(self, request: HttpRequest, listing: Any) -> dict[str, Any]:
        actions: list[dict[str, Any]] = []
        if may(request.user, "supervision.edit"):
            url = reverse("supervision:story_new")
            actions = [{"label": gettext("Propose a story"), "icon": "plus", "url": url, "primary": True}]
        return {"page_actions": actions, "breadcrumbs": way_to(PLACE)}


STORIES = Stories()


@signed_in("supervision.view")
def stories(request: HttpRequest) -> HttpResponse:
    """The list."""
    return respond(request, STORIES)


@signed_in("supervision.edit")
@require_http_methods(["GET", "POST"])
def propose(request: HttpRequest) -> HttpResponse:
    """A new story; `?problem=` fills it."""
    bound = request.POST if request.method == "POST" else None
    form = StoryForm(bound, actor=request.user, region=the_region(request), initial=_known(request))
    if request.method == "POST" and form.is_valid():
        try:
            made = propose_story(Told(**form.cleaned_data), actor=request.user)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, gettext("Proposed"))
            return redirect("supervision:story", made.pk)
    note = gettext("An exposure goes to the unit first; a second person releases it.")
    return form_page(request, form, gettext("Propose a story"), PLACE, reverse("supervision:stories"), note=note)


@signed_in("supervision.view")
@require_GET
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One story with its replies, its history, its next step."""
    story = _story(request, pk)
    sees = may(request.user, "supervision.edit", story) or answers_for_unit(request.user, story)
    context = {
        "page_title": story.title, "breadcrumbs": way_to(PLACE, story.get_kind_display()), "story": story,
        "state_cell": _cell(story), "replies": list(story.replies.all()), "facts": _facts(story, request.user),
        "entries": _entries(story) if sees else [], "buttons": _buttons(story, request.user),
        "step_title": story.get_state_display(), "step_text": _step_text(story),
    }  # fmt: skip
    return render(request, "supervision/story.html", context)


@signed_in("supervision.edit", "supervision.answer")
@require_http_methods(["GET", "POST"])
def act(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """One step: tell, release, drop, take down, reply, note what became of it."""
    if action not in ACTS:
        raise Http404
    story = _story(request, pk)
    kind, run, done = ACTS[action]
    form = kind(request.POST if request.method == "POST" else None)
    label = str(TITLES[action] if action in TITLES else STORY_WORKFLOW[action].label)
    if request.method == "POST" and form.is_valid():
        try:
            run(story, actor=request.user, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, str(done))
            return redirect("supervision:story", pk)
    step, note = STORY_WORKFLOW.get(action), ""
    if action == "reply" and not answers_for_unit(request.user, story):
        note = gettext("You enter this for %s, from paper. Your name and theirs are both kept.") % story.unit
    if action == "release":
        note = gettext("It is shown to the whole region. The unit's replies stand beside it.")
    return form_page(request, form, label, PLACE, reverse("supervision:story", args=[pk]), note=note,
                     subtitle=story.title, ends=step is not None and step.needs_note)  # fmt: skip


def _buttons(story: Story, user: Any) -> list[dict[str, Any]]:
    """The steps that this person may take now, the likeliest first."""

    def button(action: str, label: Any, icon: str, *, ends: bool = False) -> dict[str, Any]:
        url = reverse("supervision:story_act", args=[story.pk, action])
        return {"label": label, "icon": icon, "primary": False, "url": url, "ends": ends}

    found = [
        button(step.action, step.label, step.icon, ends=step.needs_note)
        for step in available(story, STORY_WORKFLOW, user)
    ]
    if story.state in {StoryState.TOLD, StoryState.RELEASED} and may(user, "supervision.answer", story):
        own = answers_for_unit(user, story)
        label = gettext("Reply") if own else gettext("Enter the unit's reply")
        found.insert(0 if own else len(found), button("reply", label, "messages"))
    if story.state == StoryState.RELEASED and may(user, "supervision.edit", story):
        found.append(button("outcome", gettext("Note what became of it"), "notes"))
        url = f"{reverse('supervision:consequence_new')}?basis=story:{story.pk}"
        found.append({"label": gettext("Enter what followed"), "icon": "scale", "primary": False, "url": url})
    return press_first(found)


def _facts(story: Story, user: Any) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = [
        {"label": gettext("Unit"), "value": str(story.unit)},
        {"label": gettext("Outlet and column"), "value": story.outlet, "second": story.issue},
        {"label": gettext("Where exactly"), "value": story.spot},
        {"label": gettext("Reply until"), "value": moment(story.reply_by)},
        {"label": gettext("Released on"), "value": moment(story.released_at)},
        {"label": gettext("What became of it"), "value": _outcome(story)},
    ]
    if story.problem:
        url = reverse("rectification:problem", args=[story.problem.number])
        seen = Problem.objects.visible_to(user).filter(pk=story.problem_id).exists()
        rows.append({"label": gettext("Problem"), "value": story.problem.title, "url": url if seen else ""})
    return rows


def _entries(story: Story) -> list[dict[str, Any]]:
    words = {"propose": gettext("Proposed"), "reply": gettext("Reply")}
    words |= {step.action: str(step.done) for step in STORY_WORKFLOW.transitions}
    return steps_told(story, words, lambda action: action not in {"propose", "reply"})


def _step_text(story: Story) -> str:
    if story.state == StoryState.PROPOSED:
        if story.kind == StoryKind.PRAISE:
            return gettext("Another person than who proposed it releases it.")
        return gettext("First the unit is told, and can reply.")
    if story.state == StoryState.TOLD:
        return gettext("The unit can reply until %s; then it may be released.") % moment(story.reply_by)
    return ""


def _known(request: HttpRequest) -> dict[str, Any]:
    number = request.GET.get("problem", "")[:24]
    problem = Problem.objects.visible_to(request.user).filter(number=number).select_related("place").first()
    if problem is None:
        return {}
    where = str(problem.place or problem.spot)
    return {"unit": problem.lead_id, "problem": problem.number, "title": problem.title, "spot": where}


def _story(request: HttpRequest, pk: int) -> Story:
    rows = Story.objects.select_related("unit", "problem", "region")
    found: Story = visible_or_404(rows, request.user, pk=pk)
    return found
