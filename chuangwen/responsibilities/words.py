"""How pages, lists and papers say where an instruction stands, and how often a duty comes again."""

from __future__ import annotations

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from chuangwen.core.templatetags.chuangwen import state
from chuangwen.core.templatetags.wording import day, deadline
from chuangwen.responsibilities import standing
from chuangwen.responsibilities.models import Instruction, Urgency
from chuangwen.responsibilities.queries.instructions import live_tasks, standing_of
from chuangwen.responsibilities.schedule import Schedule, english_of, phrase_of

WORDS = {
    standing.UNASSIGNED: ("open", _("To be passed on")),
    standing.RUNNING: ("assigned", _("Waiting for replies")),
    standing.ANSWERED: ("fixed", _("All have replied")),
    standing.DONE: ("closed", pgettext_lazy("instruction", "Settled")),
    standing.WITHDRAWN: ("not-applicable", _("Withdrawn")),
}


def standing_tag(instruction: Instruction) -> SafeString:
    """Shape and word of where the instruction stands."""
    shape, word = WORDS[standing_of(instruction).key]
    return state(shape, str(word))


def replies_words(instruction: Instruction) -> str:
    """How many of the units have replied; "" where fewer than two were asked."""
    now = standing_of(instruction)
    if now.asked < 2:
        return ""
    words = ngettext("%(replied)d of %(asked)d unit replied", "%(replied)d of %(asked)d units replied", now.asked)
    return words % {"replied": now.replied, "asked": now.asked}


def urgency_tag(instruction: Instruction) -> SafeString | str:
    """The mark of an urgent sheet; nothing for an ordinary one."""
    if instruction.urgency == Urgency.ORDINARY:
        return ""
    tone = "bad" if instruction.urgency == Urgency.MOST else "warn"
    return format_html('<span class="cw-tag cw-tag--{}">{}</span>', tone, instruction.get_urgency_display())


def due_of(instruction: Instruction) -> str | SafeString:
    """The earliest deadline that somebody still has to keep; once all have replied, the plain day."""
    now = standing_of(instruction)
    if now.due_at is None:
        return ""
    return deadline(now.due_at) if now.key == standing.RUNNING else day(now.due_at)


def units_of(instruction: Instruction) -> str:
    """The units that handle it (承办)."""
    return "、".join(dict.fromkeys(str(task.unit) for task in live_tasks(instruction)))


def result_of(instruction: Instruction) -> str:
    """What the units reported last (结果), a line each."""
    tasks = [task for task in live_tasks(instruction) if task.reply]
    if len(live_tasks(instruction)) == 1:
        return "".join(task.reply for task in tasks)
    return "\n".join(str(_("%(unit)s: %(reply)s") % {"unit": task.unit, "reply": task.reply}) for task in tasks)


WEEK_WORDS = {  # the columns of 工作周报
    "focus": _("focus of the week"),
    "done": _("done this week"),
    "difficulty": _("difficulties"),
    "coordinate": _("to be coordinated"),
    "following": _("next week"),
    "checked_by": _("Checked by"),
}


def schedule_words(schedule: Schedule) -> str:
    """How often, for people: in Chinese the words that the form takes as well."""
    return english_of(schedule) if (get_language() or "").startswith("en") else phrase_of(schedule)
