"""The agenda of a meeting: assembled, changed by hand, as a Word file."""

from __future__ import annotations

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chuangwen.core.files.sniffing import DOCX
from chuangwen.core.lists.export import file_response
from chuangwen.core.pages import attempt, signed_in
from chuangwen.directives.enums import TopicStage
from chuangwen.directives.forms.meetings import ItemForm
from chuangwen.directives.meeting_papers import agenda_paper
from chuangwen.directives.models import AgendaItem, Meeting, StudyTopic
from chuangwen.directives.services import agenda as services
from chuangwen.directives.views.meetings import step_page, the_meeting
from chuangwen.directives.workflow import EDIT

CHANGES: dict[str, Callable[..., None]] = {
    "up": lambda item, *, actor: services.move_item(item, up=True, actor=actor),
    "down": lambda item, *, actor: services.move_item(item, up=False, actor=actor),
    "drop": services.drop_item,
    "take-back": services.take_item_back,
}


@signed_in(EDIT)
@require_POST
def assemble(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask all areas what is open and late."""
    meeting = the_meeting(request, pk, EDIT)
    return attempt(
        request, lambda: services.assemble_agenda(meeting, actor=request.user), done=_page(meeting),
        said=lambda n: ngettext("%d point from the ledgers", "%d points from the ledgers", n) % n,
    )  # fmt: skip


@signed_in(EDIT)
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """A point by hand, or a topic out of the bank."""
    meeting = the_meeting(request, pk, EDIT)
    topics = StudyTopic.objects.filter(campaign=meeting.campaign_id, state=TopicStage.OPEN, meeting__isnull=True)
    form = ItemForm(request.POST if request.method == "POST" else None, topics=topics)

    def keep() -> None:
        values = form.cleaned_data
        services.add_item(
            meeting, title=values["title"], note=values["note"], reporter=values["reporter"],
            topic=values.get("topic"), actor=request.user,
        )  # fmt: skip

    return step_page(request, meeting, form, keep, _("Add an agenda item"), _("The agenda is kept"), anchor="agenda")


@signed_in(EDIT)
@require_http_methods(["GET", "POST"])
def item(request: HttpRequest, pk: int) -> HttpResponse:
    """What is to be said of a point, and who introduces it."""
    found = _item(request, pk)
    topics = StudyTopic.objects.none()
    form = ItemForm(request.POST if request.method == "POST" else None, instance=found, topics=topics)

    def keep() -> None:
        values = form.cleaned_data
        services.change_item(
            found, title=values["title"], note=values["note"], reporter=values["reporter"], actor=request.user
        )

    title, done = _("Change the agenda item"), _("The agenda is kept")
    return step_page(request, found.meeting, form, keep, title, done, anchor="agenda")


@signed_in(EDIT)
@require_POST
def change(request: HttpRequest, pk: int, way: str) -> HttpResponse:
    """A point up, down, left out or taken back."""
    run = CHANGES.get(way)
    if run is None:
        raise Http404
    found = _item(request, pk)
    return attempt(request, lambda: run(found, actor=request.user), done=f"{_page(found.meeting)}#agenda")


@signed_in("directives.attend")
@require_GET
def word(request: HttpRequest, pk: int) -> HttpResponse:
    """The agenda as a Word file."""
    meeting = the_meeting(request, pk)
    return file_response(agenda_paper(meeting), f"{meeting.name}-议程.docx", DOCX)


def _item(request: HttpRequest, pk: int) -> AgendaItem:
    """A point of a meeting that the person may change."""
    meetings = Meeting.objects.visible_to(request.user, EDIT)
    rows = AgendaItem.objects.filter(meeting__in=meetings).select_related("meeting__region", "meeting__campaign")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _page(meeting: Meeting) -> str:
    return reverse("directives:meeting", args=[meeting.pk])
