"""Titles in the doors' world: one of everything, and the samples of their addresses."""

from __future__ import annotations

import io
from typing import Any

from docx import Document

from chuangwen.accounts.roles import Role
from chuangwen.campaigns.models import Title
from chuangwen.honors.customs import CIVIL
from chuangwen.honors.models import (
    Application,
    Aspect,
    Award,
    Contest,
    Contestant,
    Family,
    HonorSetting,
    Objection,
    Programme,
    ReviewSheet,
    YearlyFigures,
)
from chuangwen.honors.services import ensure_defaults, take_template
from chuangwen.honors.services.programmes import TIMETABLE
from tests.support.factories import DAY, make_unit


def add_titles(world: Any) -> None:
    """Add one of everything of titles to the world: all of the unit `lead`."""
    region, day = world.root.region, DAY
    ensure_defaults(region, None)
    title, office = Title.objects.get(region=region, level="city", subject="unit"), world.people[Role.OFFICE]
    days = dict.fromkeys(TIMETABLE, day)
    of_region = {"region": region}
    world.programme = Programme.objects.create(
        **of_region,
        title=title,
        year=2026,
        name="申报",
        authority="市文明委",
        state="open",
        standard=world.version,
        **days,
    )
    condition = title.default_rules.get(kind="self-score")
    condition.pk, condition.of_title, condition.programme = None, None, world.programme
    condition.save(force_insert=True)
    world.condition = condition
    world.application = Application.objects.create(
        **of_region, programme=world.programme, unit=world.lead, number="2026-001"
    )
    held = io.BytesIO()
    Document().save(held)
    world.form_template = take_template(world.programme, "form", held.getvalue(), "申报表.docx", actor=office)
    world.review = ReviewSheet.objects.create(
        **of_region, application=world.application, reviewer="评", points=90, reviewed_on=day, entered_by=office
    )
    world.objection = Objection.objects.create(
        **of_region, application=world.application, number="Y2026-001", text="意见", received_on=day, answer_by=day
    )
    world.figures = YearlyFigures.objects.create(
        **of_region, unit=world.lead, year=2026, staff=20, volunteers=8, hours=100, source="名册"
    )
    world.award = Award.objects.create(
        **of_region, unit=world.lead, title=title, granted_on=day, held_since=day, reverify_by=day
    )
    world.contest = Contest.objects.create(
        **of_region, unit=world.lead, title=Title.objects.get(region=region, level=CIVIL), name="评比",
        decide_on=day, places=1, weights={"example": ["示范作用好", "100"]},
    )  # fmt: skip
    world.family = Family.objects.create(
        **of_region, unit=world.lead, number="0001", name="李桂兰家庭", digest="0", agreed_on=day
    )
    world.contestant = Contestant.objects.create(
        **of_region, contest=world.contest, office=make_unit(world.lead, kind="office")
    )


def title_samples(world: Any) -> dict[str, dict[str, Any]]:
    """Programmes, applications, awards, contests."""
    programme, application = {"pk": world.programme.pk}, {"pk": world.application.pk}
    award, contest = {"pk": world.award.pk}, {"pk": world.contest.pk}
    region = world.root.region
    return {
        **{f"honors:{name}": programme for name in
           ("programme", "programme_edit", "rule_new", "check", "deliberation", "begin")},
        "honors:programme_act": programme | {"action": "cancel"},
        "honors:setting": {"pk": HonorSetting.objects.filter(region=region).first().pk},  # type: ignore[union-attr]
        "honors:aspect": {"pk": Aspect.objects.filter(region=region).first().pk},  # type: ignore[union-attr]
        "honors:rule": {"pk": world.condition.pk},
        "honors:rule_drop": {"pk": world.condition.pk},
        "honors:title_rule_new": {"pk": world.award.title_id},
        "honors:programme_template": programme | {"paper": "form"},
        "honors:title_template": {"pk": world.award.title_id, "paper": "review"},
        "honors:template_drop": {"pk": world.form_template.pk},
        "honors:template_preview": {"pk": world.form_template.pk},
        "honors:summary": programme,
        "honors:yearly_one": {"pk": world.figures.pk},
        "honors:yearly_act": {"pk": world.figures.pk, "action": "confirm"},
        "honors:assessment": application,
        "honors:assessment_save": application,
        "honors:paper": application | {"paper": "form"},
        "honors:application": application,
        "honors:application_act": application | {"action": "submit"},
        "honors:condition": application | {"rule": world.condition.pk},
        "honors:sheet_drop": application | {"sheet": world.review.pk},
        "honors:objection": {"pk": world.objection.pk},
        "honors:award": award,
        "honors:award_act": award | {"action": "reverify"},
        "honors:family": {"pk": world.family.pk},
        "honors:family_act": {"pk": world.family.pk, "action": "withdraw"},
        "honors:put_forward": programme,
        "honors:notice_word": programme,
        "honors:contest": contest,
        "honors:contest_act": contest | {"action": "judge"},
        "honors:sheet": contest | {"contestant": world.contestant.pk},
    }  # fmt: skip
