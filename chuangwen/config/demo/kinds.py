"""One school of the demo divides duties by kind of organization: some are kept, one is late, one was never shown."""

from __future__ import annotations

from datetime import datetime, timedelta

from chuangwen.campaigns.models import Campaign
from chuangwen.config.demo.calendar import moment
from chuangwen.config.demo.city import City
from chuangwen.core import clock
from chuangwen.core.workdays import default_calendar
from chuangwen.organizations.enums import OrgKind, PostKind, UnitKind
from chuangwen.organizations.models import Unit
from chuangwen.organizations.services import create_unit, name_post
from chuangwen.responsibilities.models import Task, TaskState
from chuangwen.responsibilities.queries.kinds import proposed_lead, templates_for, units_of_kind
from chuangwen.responsibilities.services import accept_task, add_measures, confirm_task, report_task
from chuangwen.responsibilities.services.kinds import LayOut, lay_out, take_shipped
from chuangwen.responsibilities.services.recurring import open_occurrences

SCHOOL = "no1-middle"
ORGANIZATIONS = (
    ("党委办公室", OrgKind.PARTY, "主任"), ("高二党支部", OrgKind.PARTY, "书记"),
    ("总务处", OrgKind.ADMINISTRATION, "主任"), ("校团委", OrgKind.MASS, "书记"),
)  # fmt: skip
GIVEN = {
    OrgKind.PARTY: ("party-meeting",), OrgKind.ADMINISTRATION: ("office-cleaning", "office-notices"),
    OrgKind.MASS: ("mass-volunteering",),
}  # fmt: skip
BEGUN, LOOKED = 58, (54, 24, 2)  # days ago
UNSHOWN = {"office-notices"}
LAST_UNSHOWN = {"office-cleaning"}  # shown the first time alone


def divide_school(city: City, campaign: Campaign, now: datetime) -> None:
    """After the recurring duties of the city: what is laid out here is carried on by the school alone."""
    school = city.units[SCHOOL]
    with clock.at(_at(now, BEGUN)):
        take_shipped(city.root, actor=city.office)
        for number, (name, kind, post) in enumerate(ORGANIZATIONS, start=1):
            unit = create_unit(
                school, actor=None, code=f"{SCHOOL}-{number:02}", name=f"{school}{name}", short_name=name,
                kind=UnitKind.OFFICE, org_kind=kind,
            )  # fmt: skip
            name_post(unit, PostKind.ACTING, post, actor=None)
        for kind, keys in GIVEN.items():
            units = units_of_kind(school, kind)
            chosen = [one for one in templates_for(school, kind) if one.key in keys]
            plan = LayOut(kind, chosen, units, proposed_lead(school, kind, units))
            lay_out(campaign, school, plan, actor=city.answering_for(school))
    for turn, ago in enumerate(LOOKED):
        with clock.at(_at(now, ago)):
            if turn:  # what is to be open at first was opened as it was laid out
                open_occurrences(clock.today())
            _carry_on(city, school, first=turn == 0)


def _carry_on(city: City, school: Unit, *, first: bool) -> None:
    """What is due within ten days is reported, but for what the school lets lie; what was reported before is seen."""
    own = Task.objects.filter(duty__kind_lead__unit=school)
    for task in own.filter(state=TaskState.REPORTED):
        confirm_task(task, actor=city.office)
    left = UNSHOWN if first else UNSHOWN | LAST_UNSHOWN
    titles = [one.title for kind in GIVEN for one in templates_for(school, kind) if one.key in left]
    soon = clock.now() + timedelta(days=10)
    due = own.filter(state__in=[TaskState.ISSUED, TaskState.ACCEPTED], due_at__lt=soon).exclude(duty__title__in=titles)
    for task in due.order_by("pk"):
        actor = city.answering_for(task.unit)
        if task.state == TaskState.ISSUED:
            accept_task(task, actor=actor)
            add_measures(task, measures="列入计划，专人负责，当月完成", people="负责人和干事各一人", actor=actor)
        report_task(task, note="已完成，记录已存档", actor=actor)


def _at(now: datetime, ago: int) -> datetime:
    """Half past nine of the working day so many days ago, or of the one before."""
    day = (now - timedelta(days=ago)).date()
    calendar = default_calendar()
    return moment(day if calendar.is_workday(day) else calendar.add_workdays(day, -1), 9.5)
