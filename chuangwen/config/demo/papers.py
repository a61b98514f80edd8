"""Papers of the demo: weekly reports and a bulletin on their way, so that every step has something to show."""

from __future__ import annotations

from datetime import timedelta

from chuangwen.campaigns.models import Campaign, Round, RoundState
from chuangwen.config.demo.city import City
from chuangwen.core import clock
from chuangwen.public.services import propose_score, release_score
from chuangwen.rectification.enums import ProblemState, Source
from chuangwen.rectification.models import Problem
from chuangwen.rectification.services import enter_answer_number
from chuangwen.reports.enums import PaperKind
from chuangwen.reports.models import PaperForm
from chuangwen.reports.paper import TO_FILL
from chuangwen.reports.periods import month_of, week_of, year_of
from chuangwen.reports.queries import pictured_rows
from chuangwen.reports.services import (
    approve_bulletin,
    change_form,
    choose_photos,
    draft_bulletin,
    draft_round_papers,
    edit_bulletin,
    ensure_defaults,
    issue_bulletin,
    propose_release,
    receive_bulletin,
    release_bulletin,
    submit_bulletin,
)
from chuangwen.scoring.queries.runs import last_run_of

ASKED = "各责任单位要对照清单逐件销号，举一反三，防止回潮。逾期未结问题须在三个工作日内办结，确有困难的按程序申请延期。"
ISSUER, LETTERS, COPY_TO = "云溪市创建全国文明城市工作指挥部办公室", "云创建办", "市委办公室、市政府办公室"
SIGNED_ON_PAPER = 8
SHOWN, ANSWERED, ANSWER = 3, 6, "云创建办函〔2026〕17号"


def write_papers(city: City, campaign: Campaign) -> None:
    """Last week's report issued, open to everybody, partly signed for; the month's bulletin with photos waiting for
    approval; the ledger of superiors' feedback, the handling sheet and the year-end sheet as drafts."""
    today, office, leader = clock.today(), city.office, city.people["leader"]
    ensure_defaults(campaign.region, actor=office)
    for form in PaperForm.objects.filter(region=campaign.region):
        letters = LETTERS if form.kind == PaperKind.BULLETIN else ""
        change_form(form, issuer=ISSUER, letters=letters, copy_to=COPY_TO, actor=office)
    last_week = week_of(today - timedelta(days=7))
    week = draft_bulletin(campaign, PaperKind.RECTIFICATION, last_week, actor=office)
    submit_bulletin(week, actor=office)
    approve_bulletin(week, actor=leader)
    issue_bulletin(week, actor=office)
    release_bulletin(propose_release(week, actor=office), actor=leader)
    others = week.receipts.exclude(unit__role_grants__user=city.people["chengguan"]).select_related("unit", "bulletin")
    for receipt in others.order_by("pk")[:SIGNED_ON_PAPER]:
        receive_bulletin(receipt, actor=office, on_behalf=str(receipt.unit))
    month = draft_bulletin(campaign, PaperKind.BULLETIN, month_of(today), actor=office)
    edit_bulletin(
        month, title=month.title, addressee=month.addressee, body=month.body.replace(TO_FILL, ASKED),
        units=month.units.all(), revision=month.revision, actor=office,
    )  # fmt: skip
    shown = list(pictured_rows(month).order_by("-closed_at", "-pk").values_list("pk", flat=True)[:SHOWN])
    choose_photos(month, shown, looked=True, revision=month.revision, actor=office)
    submit_bulletin(month, actor=office)
    for problem in Problem.objects.filter(
        region=campaign.region, source=Source.SUPERIOR, state=ProblemState.CLOSED
    ).order_by("-closed_at", "pk")[:ANSWERED]:
        enter_answer_number(problem, number=ANSWER, actor=office)
    draft_bulletin(campaign, PaperKind.SUPERIOR, month_of(today), actor=office)
    draft_bulletin(campaign, PaperKind.INSTRUCTIONS, month_of(today), actor=office)
    draft_bulletin(campaign, PaperKind.YEAR, year_of(today), actor=office)


def tell_of_round(city: City, campaign: Campaign) -> None:
    """The finished round's papers, down and up, as drafts; its score open to everybody."""
    finished = Round.objects.filter(campaign=campaign, state=RoundState.CLOSED).order_by("-ends").first()
    run = last_run_of(finished) if finished else None
    if finished is None or run is None:
        return
    draft_round_papers(finished, actor=city.office)
    release_score(propose_score(run, with_units=False, actor=city.office), actor=city.people["leader"])
