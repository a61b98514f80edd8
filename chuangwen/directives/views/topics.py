"""The bank of topics for the leading group's study, and what came of each."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from chuangwen.campaigns.context import campaign_or_404, current_campaign
from chuangwen.core.access import may, visible_or_404
from chuangwen.core.addresses import address
from chuangwen.core.errors import Refusal
from chuangwen.core.fields import ReasonField
from chuangwen.core.forms import HouseForm
from chuangwen.core.lists import BulkAction, Column, ListPage, Tab, respond, two_lines
from chuangwen.core.lists.page import Listing
from chuangwen.core.pages import signed_in
from chuangwen.core.templatetags.chuangwen import state
from chuangwen.core.templatetags.wording import day
from chuangwen.directives.enums import TopicStage
from chuangwen.directives.forms.meetings import TopicForm
from chuangwen.directives.models import StudyTopic
from chuangwen.directives.services import topics as services
from chuangwen.directives.views.meeting_list import crumbs
from chuangwen.directives.views.meetings import form_page
from chuangwen.directives.workflow import EDIT

SHAPES = {TopicStage.OPEN: "found", TopicStage.STUDIED: "closed", TopicStage.DROPPED: "not-applicable"}


class ResultForm(HouseForm):
    result = ReasonField(pgettext_lazy("meeting", "What came of it"))

    def __init__(self, *args: Any, actor: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)


class DropForm(HouseForm):
    reason = ReasonField(_("Reason"), rows=2)

    def __init__(self, *args: Any, actor: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)


def _title(row: StudyTopic) -> SafeString:
    url = address("directives:topic", row.pk)
    return two_lines(row.title, row.why[:80], url)


def _meeting(row: StudyTopic) -> str | SafeString:
    if row.meeting is None:
        return ""
    return two_lines(row.meeting.name, day(row.meeting.day), address("directives:meeting", row.meeting_id or 0))


class TopicList(ListPage):
    """All topics of the campaign, those to be studied first."""

    name = "study-topics"
    title = _("Topics for study")
    noun = pgettext_lazy("noun", "topics")
    permission = "directives.view"
    sort = "-pk"
    search = ("title__icontains", "why__icontains", "result__icontains")
    search_words = _("Words of the topic")
    columns = (
        Column("title", pgettext_lazy("meeting", "Topic"), lambda row: row.title, _title, css="cw-table__title",
               width=36),
        Column("why", pgettext_lazy("meeting", "Why it should be studied"), lambda row: row.why, screen=False),
        Column("unit", _("Prepared by"), lambda row: str(row.unit or "")),
        Column("meeting", pgettext_lazy("noun", "Meeting"), lambda row: str(row.meeting or ""), _meeting),
        Column("result", pgettext_lazy("meeting", "What came of it"), lambda row: row.result, css="cw-wide", width=36),
        Column("state", _("State"), lambda row: row.get_state_display(),
               lambda row: state(SHAPES[TopicStage(row.state)], row.get_state_display()), css="cw-table__state"),
    )  # fmt: skip
    tabs = (
        Tab("open", pgettext_lazy("topic", "To be studied"), Q(state=TopicStage.OPEN)),
        Tab("studied", pgettext_lazy("topic", "Studied"), Q(state=TopicStage.STUDIED)),
        Tab("all", _("All"), Q()),
    )
    bulk = (
        BulkAction(
            "study", pgettext_lazy("topic", "Enter what came of it"),
            lambda row, *, actor, data: services.settle_topic(row, result=data["result"], actor=actor),
            icon="check", permission=EDIT, form=ResultForm,
        ),
        BulkAction(
            "drop", pgettext_lazy("topic", "Drop"),
            lambda row, *, actor, data: services.drop_topic(row, reason=data["reason"], actor=actor),
            icon="x", permission=EDIT, form=DropForm,
        ),
        BulkAction(
            "reopen", pgettext_lazy("topic", "Put back into the bank"),
            lambda row, *, actor, data: services.reopen_topic(row, actor=actor), icon="arrow-back-up", permission=EDIT,
        ),
    )  # fmt: skip
    empty = _("No topic in the bank")
    empty_url = "directives:topic_new"
    empty_permission = EDIT
    empty_action = _("Put in a topic")
    definition = _("A topic on the agenda of a meeting is settled by the decisions in its signed minutes.")

    def rows(self, request: HttpRequest) -> QuerySet[Any]:
        rows = StudyTopic.objects.visible_to(request.user).filter(campaign=current_campaign(request))
        return rows.select_related("unit", "meeting", "region")

    def row_url(self, row: Any) -> str:
        return address("directives:topic", row.pk)

    def more(self, request: HttpRequest, listing: Listing) -> dict[str, Any]:
        actions = []
        if may(request.user, EDIT):
            new = {"label": gettext("Put in a topic"), "icon": "plus", "url": reverse("directives:topic_new")}
            actions = [{**new, "primary": True}]
        return {"page_actions": actions, "breadcrumbs": crumbs(self.title)}


TOPICS = TopicList()


@signed_in("directives.view")
def topics(request: HttpRequest) -> HttpResponse:
    """The bank."""
    return respond(request, TOPICS)


@signed_in(EDIT)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A topic for the bank."""
    return _edit(request, None)


@signed_in("directives.view")
@require_http_methods(["GET", "POST"])
def topic(request: HttpRequest, pk: int) -> HttpResponse:
    """One topic: why, who prepares it, what came of it."""
    return _edit(request, visible_or_404(StudyTopic.objects.select_related("campaign__region"), request.user, pk=pk))


def _edit(request: HttpRequest, found: StudyTopic | None) -> HttpResponse:
    campaign = found.campaign if found else campaign_or_404(request)
    data = request.POST if request.method == "POST" else None
    form = TopicForm(data, instance=found, region=campaign.region)
    if data is not None and form.is_valid():
        values = {name: form.cleaned_data[name] for name in ("title", "why", "unit")}
        fresh = StudyTopic.objects.select_related("region").get(pk=found.pk) if found else None
        try:
            services.keep_topic(campaign, actor=request.user, topic=fresh, **values)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, gettext("The topic is kept"))
            return redirect("directives:topics")
    title = found.title if found else gettext("Put in a topic")
    way = crumbs(title, (gettext("Topics for study"), reverse("directives:topics")))
    facts = _facts(found) if found else None
    return form_page(request, form, title, reverse("directives:topics"), way, submit=gettext("Keep"), beside=facts)


def _facts(topic: StudyTopic) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = [{"label": gettext("State"), "value": topic.get_state_display()}]
    if topic.meeting:
        url = reverse("directives:meeting", args=[topic.meeting_id])
        rows.append({"label": pgettext_lazy("noun", "Meeting"), "value": topic.meeting.name, "url": url})
    if topic.result:
        rows.append({"label": pgettext_lazy("meeting", "What came of it"), "value": topic.result})
    return rows
