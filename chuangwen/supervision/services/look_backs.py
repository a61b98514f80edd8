"""The quarterly look-back (每季度“回头望”): made, trimmed, given to units with a day, answered, judged, closed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chuangwen.campaigns.models import Campaign, CampaignState
from chuangwen.core import clock
from chuangwen.core.access import may, require_actor
from chuangwen.core.errors import Refusal
from chuangwen.core.lags import LagAsk, LagRow, lag_sources
from chuangwen.core.models import Region
from chuangwen.core.papers import WRITTEN_IN
from chuangwen.core.soundness import true_time
from chuangwen.core.templatetags.wording import day as day_words
from chuangwen.directives.models import StudyTopic, WrittenReport
from chuangwen.directives.services.topics import keep_topic
from chuangwen.notifications.services import notify
from chuangwen.organizations.models import Unit
from chuangwen.organizations.queries import people_to_tell_of
from chuangwen.rectification.models import Problem
from chuangwen.responsibilities.models import Task
from chuangwen.supervision.enums import JUDGED, LagState, LookBackState, Signer
from chuangwen.supervision.models import LagLine, LookBack, SupervisionNotice
from chuangwen.supervision.queries.look_backs import MOVED, SAMPLE, judged_by_ledger
from chuangwen.supervision.queries.standings import last_quarter, quarter_of
from chuangwen.supervision.services.proposing import put_on_notice
from chuangwen.supervision.services.telling import tell_region
from chuangwen.supervision.workflow import ANSWER, EDIT, LAG_WORKFLOW, LOOK_BACK_WORKFLOW, SIGNING, of_the_unit
from chuangwen.workflow.services import advance, note_step

FIELDS = {Task: "task", Problem: "problem", WrittenReport: "report", SupervisionNotice: "about"}
MOST_MOVED, MOST_SAMPLE = 9, 100
FIRST_WEEKS = 31  # days of a quarter in which the one before is made by the program; later only by a person


@dataclass(frozen=True, slots=True)
class Numbers:
    """From how many postponements on a task is listed, and how many per cent of closed problems are drawn."""

    moved: int = MOVED
    sample: int = SAMPLE


def make_look_back(campaign: Campaign, on: date, *, actor: Any, numbers: Numbers | None = None) -> LookBack:
    """Make the list of the quarter in which `on` lies, or make it anew before it is given out.

    On it stands what lags now, by the sources of all areas; a matter stands on it once, under the first source that
    names it. What was left out stays left out. Without `numbers` those of the last look-back hold.
    """
    require_actor(actor, EDIT, campaign)
    first, last = quarter_of(on)
    if first > clock.today():
        raise Refusal(_("The period has not begun yet."), _("Choose this one or an earlier one."))
    kept = numbers or numbers_for(campaign)
    if not (1 <= kept.moved <= MOST_MOVED and 0 <= kept.sample <= MOST_SAMPLE):
        raise Refusal(_("A number is out of range."), _("Postponed 1 to 9 times; 0 to 100 per cent."))
    with transaction.atomic():
        Campaign.objects.select_for_update().get(pk=campaign.pk)  # two who make it at once make one
        look_back, _new = LookBack.objects.get_or_create(
            campaign=campaign, starts=first,
            defaults={"region": campaign.region, "ends": last, "made_at": clock.now(), "moved": kept.moved,
                      "sample": kept.sample, "made_by": actor},
        )  # fmt: skip
        if look_back.state != LookBackState.DRAFT:
            raise Refusal(_("This list was given to units."), _("It does not change any more."))
        look_back.moved, look_back.sample, look_back.made_at = kept.moved, kept.sample, clock.now()
        look_back.save(update_fields=["moved", "sample", "made_at", "updated_at"])
        number = _fill(look_back, LagAsk(campaign, first, last, kept.moved, kept.sample))
        note_step(look_back, "make", actor=actor, data={"lines": number})
    return look_back


def numbers_for(campaign: Campaign) -> Numbers:
    """The numbers of the campaign's last look-back, else the proposed ones."""
    last = LookBack.objects.filter(campaign=campaign).order_by("-starts").first()
    return Numbers(last.moved, last.sample) if last else Numbers()


def look_back_on_last_quarter(region: Region) -> list[LookBack]:
    """Make the drafts of the quarter that is over, each once, in the first weeks after it; the office is told."""
    first, _last = last_quarter(clock.today())
    if (clock.today() - quarter_of(clock.today())[0]).days > FIRST_WEEKS:
        return []
    made = []
    running = Campaign.objects.filter(region=region, state=CampaignState.RUNNING, starts__lte=first)
    for campaign in running.exclude(look_backs__starts=first).select_related("region"):
        look_back = make_look_back(campaign, first, actor=None)
        made.append(look_back)
        if number := look_back.lines.count():
            words = ngettext("The quarterly look-back is drafted: %d matter lags",
                             "The quarterly look-back is drafted: %d matters lag", number) % number  # fmt: skip
            url = reverse("supervision:look_back", args=[look_back.pk])
            tell_region(region, words, url, f"look-back-{look_back.pk}")
    return made


def drop_line(line: LagLine, *, reason: str, actor: Any) -> None:
    """Leave a line out, with the reason; it stays readable on the draft."""
    advance(line, LAG_WORKFLOW, "drop", actor=actor, note=reason, judgement=reason.strip()[:300])


def take_back_line(line: LagLine, *, actor: Any) -> None:
    """The line stands on the list after all."""
    advance(line, LAG_WORKFLOW, "take-back", actor=actor, judgement="")


def give_look_back(look_back: LookBack, *, due_on: date, actor: Any) -> None:
    """Give the list to its units with a day: it stands from then on, and each unit is told once."""
    if due_on < clock.today():
        raise Refusal(_("The day is over already."), _("Give a later one."))
    with transaction.atomic():
        advance(look_back, LOOK_BACK_WORKFLOW, "give", actor=actor, due_on=due_on, given_at=clock.now(),
                data={"due": due_on})  # fmt: skip
        units = list(Unit.objects.filter(pk__in=look_back.lines.filter(state=LagState.LISTED).values("unit")))
        title = _("The quarterly look-back: answer your matters by %s") % day_words(due_on)
        url = reverse("supervision:look_back", args=[look_back.pk])
        notify(people_to_tell_of(units, ANSWER), "supervision", title, region=look_back.region, url=url)


def answer_line(line: LagLine, *, answer: str, actor: Any, on_behalf: str = "", at: datetime | None = None) -> None:
    """The unit says why it lags and by when it is done; the office enters it from paper, for whom and when."""
    if not answer.strip():
        raise Refusal(_("The answer has no words."), _("Say why it lags, and by when it is done."))
    own = actor is None or of_the_unit(actor, line)
    behalf = "" if own else on_behalf.strip() or str(line.unit)
    moment = true_time(at)
    advance(
        line, LAG_WORKFLOW, "answer", actor=actor, note=answer, on_behalf=behalf, at=moment,
        answer=answer.strip()[:300], answered_at=moment,
    )  # fmt: skip


def judge_line(line: LagLine, *, judgement: str, actor: Any, note: str = "") -> None:
    """Done now, still not, or the object is gone; nobody judges the own unit's. Judged anew until it is closed."""
    if judgement not in JUDGED:
        raise Refusal(_("There is no such judgement."), _("Choose one from the list."))
    if actor is not None and not (may(actor, EDIT, line) or may(actor, SIGNING[Signer.DEPUTY], line)):
        raise PermissionDenied(EDIT)
    advance(line, LAG_WORKFLOW, judgement, actor=actor, note=note, judgement=note.strip()[:300], judged_at=clock.now())


def judge_by_ledger(line: LagLine, *, actor: Any) -> None:
    """Take over what the matter's own ledger says now; refused where only a look at the place can say it."""
    found = judged_by_ledger(line)
    if not found:
        raise Refusal(_("The ledger does not say how “%s” stands.") % line, _("Look at it and judge by hand."))
    judge_line(line, judgement=found, actor=actor, note=_("as its ledger stands on %s") % day_words(clock.today()))


def press_lag(line: LagLine, *, colour: str, actor: Any) -> SupervisionNotice:
    """What still lags after the look-back goes on a notice, which is signed like any other."""
    require_actor(actor, EDIT, line)
    if line.state != LagState.STILL:
        raise Refusal(_("“%s” was not judged as still lagging.") % line, _("Judge it first."))
    tasks = [line.task] if line.task is not None else []
    problems = [line.problem] if line.problem is not None else []
    if not (tasks or problems):
        raise Refusal(
            _("“%s” is neither a task nor a problem.") % line, _("Propose a notice by hand, with its reason.")
        )
    reason = _("Still not done after the quarterly look-back %s.") % line.look_back
    return put_on_notice(line, line.unit, colour=colour, tasks=tasks, problems=problems, reason=reason, actor=actor)


def bring_before_group(line: LagLine, *, actor: Any) -> StudyTopic:
    """Put the matter into the bank of topics for the leading group's study (专题研究); once."""
    require_actor(actor, EDIT, line)
    campaign, title = line.look_back.campaign, line.title[:120]
    if StudyTopic.objects.filter(campaign=campaign, title=title, state="open").exists():
        raise Refusal(_("“%s” is in the bank of topics already.") % line, _("Open it there."))
    why = _("Quarterly look-back %(quarter)s: %(fact)s") % {"quarter": line.look_back, "fact": line.fact}
    return keep_topic(campaign, title=title, why=why[:300], unit=line.unit, actor=actor)


def close_look_back(look_back: LookBack, *, actor: Any) -> None:
    """Every line is judged; the look-back stands in the register."""
    advance(look_back, LOOK_BACK_WORKFLOW, "close", actor=actor, closed_at=clock.now())


def _fill(look_back: LookBack, ask: LagAsk) -> int:
    """Write the lines anew; returns how many."""
    dropped = dict(look_back.lines.filter(state=LagState.DROPPED).values_list("key", "judgement"))
    lagged = _lagged_before(look_back)
    look_back.lines.all().delete()
    found: dict[str, LagLine] = {}
    with translation.override(WRITTEN_IN):  # why a matter is listed is kept: it does not speak its maker's language
        for source in lag_sources():
            for row in source.found(ask):
                found.setdefault(row.key, _line(look_back, source.kind, row, again=row.key in lagged))
    for key in dropped.keys() & found.keys():
        found[key].state, found[key].judgement = LagState.DROPPED, dropped[key]
    LagLine.objects.bulk_create(found.values(), batch_size=500)
    return len(found)


def _line(look_back: LookBack, kind: str, row: LagRow, *, again: bool) -> LagLine:
    line = LagLine(
        region_id=look_back.region_id, look_back=look_back, kind=kind, key=row.key, unit_id=row.unit_id,
        title=row.title[:200], fact=row.fact[:200], url=row.url[:200], since=row.since, again=again,
    )  # fmt: skip
    if name := FIELDS.get(type(row.matter)):
        setattr(line, name, row.matter)
    return line


def _lagged_before(look_back: LookBack) -> set[str]:
    """The matters that the look-back before left still lagging."""
    before = LookBack.objects.filter(campaign=look_back.campaign_id, starts__lt=look_back.starts).order_by("-starts")
    last = before.first()
    return set(last.lines.filter(state=LagState.STILL).values_list("key", flat=True)) if last else set()
