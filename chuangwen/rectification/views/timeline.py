"""The history of a problem as the lines of its timeline: what, who by unit and post, when, in whose words."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from chuangwen.core import clock
from chuangwen.core.templatetags.wording import day, moment
from chuangwen.organizations.queries import titles_of
from chuangwen.rectification.enums import PhotoRole, ProblemState, Routed, Source
from chuangwen.rectification.models import Problem, RoutingRule
from chuangwen.rectification.words import routed_words
from chuangwen.workflow.models import Step
from chuangwen.workflow.queries import history_of

Entry = dict[str, Any]
ICONS = {
    "assign": "arrow-right", "reassign": "send", "receive": "check", "explain": "messages", "fix": "camera",
    "dispute": "hand-stop", "rule": "gavel", "return": "arrow-back-up", "reopen": "arrow-back-up",
    "make_long_term": "hourglass", "renew": "repeat", "milestone": "checkbox", "deadline": "calendar-time",
    "ask_extension": "hourglass", "refuse_extension": "x",
    "remind": "bell", "seen_again": "eye", "merge": "git-compare", "merged_here": "git-compare",
    "object_gone": "archive", "photo": "photo", "answer_number": "mail",
}  # fmt: skip
QUOTED = {"fix", "explain", "dispute", "rule", "return", "make_long_term", "renew", "reassign", "deadline",
          "ask_extension", "refuse_extension", "object_gone", "seen_again", "close"}  # fmt: skip


def timeline(problem: Problem) -> list[Entry]:
    """The entries, the oldest first, with what is waited for at the end. A fixed number of queries."""
    steps = [step for step in history_of(problem) if not _silent(step)]
    who = titles_of({step.actor_id for step in steps if step.actor_id})
    rules = RoutingRule.objects.filter(pk__in={step.data.get("rule") for step in steps} - {None})
    by_pk = {rule.pk: rule for rule in rules.select_related("problem_type", "place_type", "territory")}
    entries = [_entry(step, problem, who, by_pk) for step in steps]
    return [*entries, *_waiting(problem)]


def _silent(step: Step) -> bool:
    """Photos before and after stand above the timeline; their steps would only repeat them."""
    return step.action == "photo" and step.data.get("role") != PhotoRole.PROOF


def _entry(step: Step, problem: Problem, who: dict[int, str], rules: dict[int, RoutingRule]) -> Entry:
    entry: Entry = {
        "icon": ICONS.get(step.action, "notes"),
        "what": _what(step),
        "who": _who(step, who),
        "when": moment(step.at),
        "when_iso": clock.local(step.at).isoformat(timespec="minutes"),
        "text": _text(step, problem, rules),
        "quote": step.note if step.action in QUOTED else "",
    }
    if step.action == "find":
        entry["shape"] = "not-met"
    if step.action == "close":
        entry["shape"] = "closed"
    return entry


def _what(step: Step) -> str:
    data = step.data
    words = {
        "find": _("Found"),
        "assign": _("Assigned to %s") % data.get("lead", ""),
        "reassign": _("Assigned anew to %s") % data.get("to", ""),
        "receive": _("Received"),
        "explain": _("Explanation"),
        "fix": _("Put right"),
        "dispute": _("Objection"),
        "rule": _("Ruled: %s") % data.get("lead", ""),
        "close": _("Verified on the spot, closed") if data.get("on_site") else _("Verified, closed"),
        "return": _("Returned"),
        "reopen": _("Closing taken back"),
        "make_long_term": _("Put on the long-term list"),
        "renew": _("Renewed by a leader"),
        "milestone": _("Step done: %s") % step.note,
        "deadline": _("More time granted") if data.get("granted") else _("Deadline changed"),
        "ask_extension": _("More time asked for"),
        "refuse_extension": _("No more time granted"),
        "remind": _("Reminded"),
        "seen_again": _("Seen again"),
        "merge": _("Merged into %s") % data.get("into", ""),
        "merged_here": _("%s was merged into this one") % data.get("from", ""),
        "object_gone": _("The object is gone"),
        "photo": _("Paper added"),
        "answer_number": _("Superior answered: %s") % data.get("to", ""),
    }
    return str(words.get(step.action, step.action))


def _who(step: Step, who: dict[int, str]) -> str:
    name = who.get(step.actor_id or 0, step.actor_name)
    if step.on_behalf:
        name = _("%(unit)s, entered by %(who)s") % {"unit": step.on_behalf, "who": name or _("the program")}
    return str(_(", ") + name) if name else ""


def _text(step: Step, problem: Problem, rules: dict[int, RoutingRule]) -> str:
    data = step.data
    if step.action == "find":
        return _found_text(step, problem)
    if step.action == "assign":
        return routed_words(data.get("by", Routed.HAND), rules.get(data.get("rule") or 0))
    if step.action == "dispute" and data.get("proposed"):
        return str(_("Proposes %s.") % data["proposed"])
    if step.action == "rule" and data.get("kept"):
        return _("Kept as a routing rule.")
    return _until(step)


def _until(step: Step) -> str:
    """The day or moment until which a step gives, or asks for, time."""
    if step.action == "deadline":
        return str(_("Until %s.")) % moment(datetime.fromisoformat(step.data["to"]))
    if step.action in {"make_long_term", "renew", "ask_extension"}:
        return str(_("Until %s.")) % day(date.fromisoformat(step.data["until"]))
    return ""


def _found_text(step: Step, problem: Problem) -> str:
    try:
        source = str(Source(step.data.get("source", problem.source)).label)
    except ValueError:
        source = ""
    parts = [source, step.data.get("round", ""), step.data.get("source_number", ""), step.note]
    return _(", ").join(part for part in parts if part)


def _waiting(problem: Problem) -> list[Entry]:
    """What is waited for now."""
    waits = {
        ProblemState.FOUND: ("found", _("Waits to be assigned"), _("Campaign office")),
        ProblemState.ASSIGNED: ("assigned", _("Waits to be put right"), str(problem.lead)),
        ProblemState.RETURNED: ("returned", _("Waits to be put right"), str(problem.lead)),
        ProblemState.DISPUTED: ("disputed", _("Waits for a ruling"), _("Campaign office")),
        ProblemState.FIXED: ("fixed", _("Waits to be verified"), _("Campaign office")),
        ProblemState.LONG_TERM: ("long-term", _("Long-term"), str(problem.lead)),
    }
    found = waits.get(ProblemState(problem.state))
    if found is None:
        return []
    shape, what, text = found
    if problem.state == ProblemState.LONG_TERM:
        text = _("%(unit)s, plan until %(day)s") % {"unit": text, "day": day(problem.due_at)}
    return [{"shape": shape, "what": what, "when": _("now"), "text": text}]
