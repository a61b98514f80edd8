"""Duties in the doors' world: what comes again and what always holds, and the samples of their addresses."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from chuangwen.core import clock
from chuangwen.organizations.models import Post
from chuangwen.responsibilities.models import (
    Duty,
    DutyTemplate,
    HouseRule,
    HouseRuleCheck,
    KindLead,
    SiteVisit,
    StandingRule,
    TaskMilestone,
    WeekReport,
)
from tests.config.form_doors import add_form, form_samples

HOUSE_RULE = ("house_rule", "change_house_rule", "end_house_rule", "check_house_rule")


def add_duties(world: Any) -> None:
    """Add a recurring duty of the unit `lead`, a standing rule and an authority's own form to the world."""
    add_form(world)
    region, today = world.root.region, clock.today()
    world.duty = Duty.objects.create(
        region=region, campaign=world.campaign, unit=world.lead, number="D2026-9001", title="排查", measure="无破损",
        schedule={"every": "day"}, ahead=1, starts=today, ends=today + timedelta(days=90),
    )  # fmt: skip
    world.task_step = TaskMilestone.objects.create(region=region, task=world.task, name="摸底", share=100, due_on=today)
    world.week_report = WeekReport.objects.create(
        region=region,
        campaign=world.campaign,
        unit=world.lead,
        monday=today - timedelta(days=today.weekday()),
        due_at=clock.now(),
    )
    world.standing_rule = StandingRule.objects.create(region=region, campaign=world.campaign, text="无暴露垃圾")
    head = Post.objects.create(region=region, unit=world.lead, kind="first", title="局长")
    world.site_visit = SiteVisit.objects.create(
        region=region, campaign=world.campaign, number="V2026-9001", unit=world.lead, post=head, seen_as="局长",
        day=today, spot="南门", found="占道",
    )  # fmt: skip
    world.house_rule = HouseRule.objects.create(
        region=region, unit=world.lead, title="首问负责制", since=today, post=head, counts_from=today
    )
    world.house_check = HouseRuleCheck.objects.create(
        region=region, rule=world.house_rule, day=today, result="kept", checked_by="办公室"
    )
    weekly = {"every": "week", "day": 5}
    world.duty_template = DutyTemplate.objects.create(
        region=region, unit=world.root, org_kind="administration", title="检查用电", measure="有记录", schedule=weekly
    )
    world.kind_lead = KindLead.objects.create(
        region=region, unit=world.root, org_kind="administration", lead=world.lead
    )
    Duty.objects.create(
        region=region, campaign=world.campaign, unit=world.lead, number="D2026-9002", title="检查食堂", measure="整洁",
        schedule=weekly, ahead=1, starts=today, ends=today + timedelta(days=90), kind_lead=world.kind_lead,
    )  # fmt: skip


def duty_samples(world: Any) -> dict[str, dict[str, Any]]:
    """The arguments of each address of duties and tasks."""
    task, duty, unit = {"pk": world.task.pk}, {"pk": world.duty.pk}, {"pk": world.lead.pk}
    rule = {"pk": world.standing_rule.pk}
    return {
        "responsibilities:sheet": unit,
        "responsibilities:claim": unit,
        "responsibilities:task": task,
        "responsibilities:task_paper": task,
        "responsibilities:step": task | {"action": "accept"},
        "responsibilities:links": task,
        "responsibilities:plan": task,
        "responsibilities:step_done": {"pk": world.task_step.pk},
        "responsibilities:week": {"pk": world.week_report.pk},
        "responsibilities:in_person_unit": unit,
        "responsibilities:new_site_visit": unit,
        "responsibilities:site_visit": {"pk": world.site_visit.pk},
        **{f"responsibilities:{name}": {"pk": world.house_rule.pk} for name in HOUSE_RULE},
        "responsibilities:withdraw_house_check": {"pk": world.house_check.pk},
        "responsibilities:duty": duty,
        "responsibilities:change_duty": duty,
        "responsibilities:duty_step": duty | {"action": "pause"},
        "responsibilities:standing_rule": rule,
        "responsibilities:close_rule": rule,
        "responsibilities:change_duty_template": {"pk": world.duty_template.pk},
        "responsibilities:end_duty_template": {"pk": world.duty_template.pk},
        "responsibilities:kind_check": {"pk": world.kind_lead.pk},
        "responsibilities:remind_kind": {"pk": world.kind_lead.pk},
        "organizations:org_kinds": {"pk": world.root.pk},
        **form_samples(world),
    }
