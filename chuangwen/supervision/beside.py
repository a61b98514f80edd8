"""What supervision shows elsewhere: beside a problem, task or dossier what comes next, beside a unit all."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chuangwen.core import clock
from chuangwen.core.access import may
from chuangwen.core.panels import Panel, PanelLine, lines_panel
from chuangwen.core.templatetags.wording import day, moment, span
from chuangwen.directives.enums import MeetingKind
from chuangwen.directives.models import Meeting
from chuangwen.evidence.models import Dossier
from chuangwen.organizations.models import Unit
from chuangwen.rectification.models import Problem
from chuangwen.responsibilities.models import Task
from chuangwen.supervision.enums import Colour, LadderStep, MeetingState
from chuangwen.supervision.ladder import COLOURS, Finding
from chuangwen.supervision.models import Consequence, Story, SupervisionNotice
from chuangwen.supervision.queries.consequences import lately
from chuangwen.supervision.queries.matters import (
    Facts,
    facts_of,
    facts_of_dossiers,
    facts_of_tasks,
    running_matters,
)
from chuangwen.supervision.queries.meetings import list_for
from chuangwen.supervision.queries.notices import RUNNING, Outlooks, colours_of_unit, comes_next, notices_of
from chuangwen.supervision.queries.veto import barred_until
from chuangwen.supervision.words import due_cell, next_line, sheet_number, state_of

LINES = 5
LOOKED_AT = 40  # matters of a unit whose next step is counted


def problem_notices(request: HttpRequest, problem: Problem) -> Panel | None:
    """The notices that list the problem, and what comes next if nothing is done: at most six queries."""
    if not may(request.user, "supervision.view", problem):
        return None
    known = facts_of(Problem.objects.filter(pk=problem.pk))[0]
    notices = notices_of("problem", problem.pk)
    panel = _matter_panel(request, known, notices, "problem", problem.number)
    shown = [
        {"title": one.title, "url": reverse("supervision:story", args=[one.pk]), "state": one.get_state_display(),
         "kind": one.get_kind_display()}
        for one in Story.objects.visible_to(request.user).filter(problem=problem).order_by("-pk")[:LINES]
    ]  # fmt: skip
    if panel is None and not shown:
        return None
    panel = panel or Panel("supervision/parts/matter_panel.html", {"notices": [], "steps": []}, 20)
    exposes = may(request.user, "supervision.edit", problem) and bool(panel.context["notices"])
    panel.context["stories"] = shown
    panel.context["expose"] = f"{reverse('supervision:story_new')}?problem={problem.number}" if exposes else ""
    return panel


def task_notices(request: HttpRequest, task: Task) -> Panel | None:
    """The same for a task."""
    if not may(request.user, "supervision.view", task):
        return None
    known = facts_of_tasks(Task.objects.filter(pk=task.pk))[0]
    return _matter_panel(request, known, notices_of("task", task.pk), "task", task.number)


def dossier_notices(request: HttpRequest, dossier: Dossier) -> Panel | None:
    """The same for a dossier."""
    if not may(request.user, "supervision.view", dossier):
        return None
    known = facts_of_dossiers(Dossier.objects.filter(pk=dossier.pk))[0]
    return _matter_panel(request, known, notices_of("dossier", dossier.pk), "dossier", dossier.pk)


def problem_ahead(request: HttpRequest, problem: Problem) -> Panel | None:
    """What comes next, for the page behind a link: whoever answers for the problem is told, and led nowhere."""
    known = facts_of(Problem.objects.filter(pk=problem.pk))[0]
    steps = [next_line(one) for one in _coming(known)]
    return Panel("supervision/parts/matter_panel.html", {"steps": steps, "notices": []}) if steps else None


def _matter_panel(request: HttpRequest, known: Facts, notices: Any, kind: str, key: str | int) -> Panel | None:
    """`kind` and `key` name the matter in addresses: where a notice on it, or what followed from it, is written."""
    seen = notices.filter(pk__in=SupervisionNotice.objects.visible_to(request.user).values("pk"))
    shown = [_told(one) for one in seen.select_related("unit")[:LINES]]
    steps = [next_line(one) for one in _coming(known)]
    edits = may(request.user, "supervision.edit", known.row)
    proposes = edits and known.matter.running
    if not shown and not steps and not proposes:
        return None
    context = {
        "notices": shown, "steps": steps,
        "propose": f"{reverse('supervision:propose')}?{kind}={key}" if proposes else "",
        "follow": f"{reverse('supervision:consequence_new')}?basis={kind}:{key}" if edits and shown else "",
    }  # fmt: skip
    return Panel("supervision/parts/matter_panel.html", context, 20)


def _coming(known: Facts) -> list[Finding]:
    return comes_next(known, known.row.region) if known.matter.running else []


def _told(notice: SupervisionNotice) -> dict[str, Any]:
    shape, word = state_of(notice)
    return {
        "url": reverse("supervision:notice", args=[notice.number]), "colour": notice.colour,
        "label": notice.get_colour_display(), "second": f"{sheet_number(notice)} · {day(notice.day)}", "shape": shape,
        "word": word,
    }  # fmt: skip


def unit_notices(request: HttpRequest, unit: Unit) -> Panel | None:
    """A unit's running notices, what comes next for it, how many it got, and whether it is barred."""
    if not may(request.user, "supervision.view", _of(unit)):
        return None
    rows = SupervisionNotice.objects.visible_to(request.user).filter(RUNNING, unit=unit).select_related("unit")
    lines = [_line(one) for one in rows.order_by("due_at", "pk")[:LINES]]
    lines += list(_next_for(unit))
    counted = colours_of_unit(unit.pk)
    barred = barred_until(unit)
    if barred:
        url = f"{reverse('supervision:events')}?unit={unit.pk}"
        lines.append(PanelLine(_("Barred by a veto event"), url, end=_("until %s") % day(barred), tone="bad"))
    lines += list(_consequences(request, unit))
    if not lines and not any(counted.values()):
        return None
    note = _("In 12 months: %(white)d white, %(yellow)d yellow, %(red)d red.") % counted
    url = f"{reverse('supervision:register')}?tab=all&unit={unit.pk}"
    if not lines:
        lines = [PanelLine(_("No notice is running"))]
    return lines_panel("notices", _("Supervision"), lines, url=url, note=note, order=25)


def _consequences(request: HttpRequest, unit: Unit) -> Iterable[PanelLine]:
    """What was decided of the unit lately or still holds, as far as the person may see it."""
    seen = Consequence.objects.visible_to(request.user).filter(pk__in=lately(unit.pk).values("pk"))
    for one in seen.select_related("kind").order_by("-day", "-pk")[:LINES]:
        url = reverse("supervision:consequence", args=[one.pk])
        bad = not one.kind.is_reward and (one.until is None or one.until >= clock.today())
        yield PanelLine(str(one.kind), url, one.title, end=day(one.day), tone="bad" if bad else "")


def _of(unit: Unit) -> SupervisionNotice:
    return SupervisionNotice(region_id=unit.region_id, unit=unit)


def _line(notice: SupervisionNotice) -> PanelLine:
    late = notice.due_at < clock.now() and notice.answered_at is None
    return PanelLine(
        str(notice.get_colour_display()), reverse("supervision:notice", args=[notice.number]),
        f"{sheet_number(notice)} · {state_of(notice)[1]}", due_cell(notice), "bad" if late else "",
    )  # fmt: skip


def _next_for(unit: Unit) -> Iterable[PanelLine]:
    """The next step of the unit's matters, put together by colour and day: what it can still avert."""
    now, ahead = clock.now(), Outlooks(unit.region)
    matters = sorted(running_matters(unit.region, now, units=[unit.pk]), key=lambda one: one.matter.due)[:LOOKED_AT]
    coming: dict[tuple[Any, str], list[Facts]] = {}
    for one in matters:
        first = next((step for step in ahead.of(one.matter) if step.step in COLOURS), None)
        if first:
            coming.setdefault((first.day, str(first.step)), []).append(one)
    for (on, colour), several in sorted(coming.items(), key=lambda pair: pair[0])[:3]:
        words = ngettext("%(step)s over %(n)d matter", "%(step)s over %(n)d matters", len(several))
        text = words % {"step": LadderStep(colour).label, "n": len(several)}
        tone = "bad" if colour == Colour.RED else ""
        yield PanelLine(_("Next: %s") % text, sub=_("if it is not put right before"), end=day(on), tone=tone)


def meeting_list(request: HttpRequest, meeting: Meeting) -> Panel | None:
    """Beside a supervision meeting: the list of late problems made for it, decided line by line."""
    if meeting.kind != MeetingKind.SUPERVISION or not may(request.user, "supervision.view"):
        return None
    found = list_for(meeting.region_id, meeting.day)
    may_make = may(request.user, "supervision.edit", meeting)
    if found is None:
        make = PanelLine(_("No list was made for it yet"), reverse("supervision:meeting_make") if may_make else "")
        return lines_panel("late-list", _("Late problems, line by line"), [make] if may_make else [])
    if found.state == MeetingState.DRAFT and not may_make:
        return None
    url = reverse("supervision:meeting", args=[found.pk])
    number, decided = found.lines.count(), found.lines.exclude(decision="").count()
    words = _("%(period)s, status of %(made)s") % {
        "period": span(found.starts, found.ends),
        "made": moment(found.made_at),
    }
    end = _("%(decided)d of %(all)d decided") % {"decided": decided, "all": number}
    note = _("Entering this meeting as held holds this list too.") if found.state == MeetingState.DRAFT else ""
    line = PanelLine(words, url, end=end)
    return lines_panel("late-list", _("Late problems, line by line"), [line], url=url, note=note, order=10)


PANELS = (
    ("problem", problem_notices), ("problem-link", problem_ahead), ("task", task_notices), ("dossier", dossier_notices),
    ("unit", unit_notices), ("meeting", meeting_list),
)  # fmt: skip
