"""The conditions of titles and what else an office sets, each with its source."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chuangwen.campaigns.models import Title
from chuangwen.core.access import visible_or_404
from chuangwen.core.errors import Refusal
from chuangwen.core.pages import attempt, signed_in
from chuangwen.core.sources import bare
from chuangwen.honors import services
from chuangwen.honors.customs import FAMILY
from chuangwen.honors.forms import (
    AspectForm,
    RuleForm,
    SettingForm,
)
from chuangwen.honors.forms.fields import plain
from chuangwen.honors.models import Aspect, EligibilityRule, HonorSetting, LadderStep
from chuangwen.honors.queries.subjects import lacking_titles
from chuangwen.honors.views.acting import Act, perform
from chuangwen.honors.views.programmes import programme_of, region_of, rule_row
from chuangwen.honors.workflow import EDIT

get_or_post = require_http_methods(["GET", "POST"])


@signed_in(EDIT)
@require_GET
def settings_page(request: HttpRequest) -> HttpResponse:
    """The ladder, the conditions of each title, the aspects and the numbers, each with its source."""
    region = region_of(request)
    steps = LadderStep.objects.filter(region=region).select_related("title")
    rules: dict[int, list[dict[str, Any]]] = {}
    for rule in EligibilityRule.objects.filter(region=region, of_title__isnull=False).select_related("lower"):
        rules.setdefault(rule.of_title_id or 0, []).append(rule_row(rule))
    numbers = [(row, setting_words(row.key)) for row in HonorSetting.objects.filter(region=region)]
    return render(
        request,
        "honors/settings.html",
        {
            "page_title": _("Conditions and settings of titles"),
            "breadcrumbs": [{"label": _("Programmes"), "url": reverse("honors:programmes")}, {"label": _("Settings")}],
            "ladder": [(one, rules.get(one.title_id, [])) for one in steps if one.title.subject != "office"],
            "office_titles": [one for one in steps if one.title.subject == "office"],
            "aspects": Aspect.objects.filter(region=region, subject="office"), "numbers": numbers,
            "stars": Aspect.objects.filter(region=region, subject=FAMILY), "empty": not steps,
            "lacking": _(", ").join(lacking_titles(region)) if steps else "",
        },
    )  # fmt: skip


def setting_words(key: str) -> str:
    """What a number of the settings means."""
    return {
        "notice-workdays": _("Working days that a public notice lasts at least"),
        "card-months": _("Months that a yellow card lasts"),
        "bar-years": _("Years without application after the year of a delisting"),
        "appeal-workdays": _("Working days for an appeal"),
        "answer-workdays": _("Working days for answering an objection"),
        "reviewers": _("Reviewers of an application, at least"),
        "trimmed": _("Leave out the highest and the lowest score (1 yes, 0 no)"),
        "contest-pass": _("Points that a civil office reaches"),
    }.get(key, key)


@signed_in(EDIT)
@get_or_post
def setting(request: HttpRequest, pk: int) -> HttpResponse:
    """Change one number."""
    row = visible_or_404(HonorSetting.objects.all(), request.user, EDIT, pk=pk)
    one = Act(setting_words(row.key), services.save_setting, _("Saved"), SettingForm, icon="device-floppy",
              submit=_("Save"))  # fmt: skip
    return _perform_setting(request, row, one, bare(row.source), {"value": row.value})


@signed_in(EDIT)
@get_or_post
def aspect(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the name or weight of an aspect."""
    row = visible_or_404(Aspect.objects.all(), request.user, EDIT, pk=pk)
    one = Act(_("Change the aspect"), services.save_aspect, _("Saved"), AspectForm, icon="device-floppy",
              submit=_("Save"),
              note=_("Contests that are planned already keep theirs."))  # fmt: skip
    return _perform_setting(request, row, one, bare(row.source), {"name": row.name, "weight": plain(row.weight)})


def _perform_setting(request: HttpRequest, row: Any, one: Act, subtitle: str, first: dict[str, Any]) -> HttpResponse:
    back = reverse("honors:settings")
    crumbs = [{"label": _("Conditions and settings of titles"), "url": back}]
    return perform(request, row, one, back=back, crumbs=crumbs, subtitle=subtitle, initial=first)


@signed_in(EDIT)
@get_or_post
def rule(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a condition."""
    return _rule_form(request, _rule(request, pk), _("Change the condition"))


@signed_in(EDIT)
@get_or_post
def rule_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Another condition of a programme that is being prepared."""
    found = programme_of(request, pk, EDIT)
    made = EligibilityRule(region=found.region, programme=found, position=found.rules.count())
    return _rule_form(request, made, _("Add a condition"))


@signed_in(EDIT)
@get_or_post
def title_rule_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Another condition that programmes for a title begin with."""
    title = visible_or_404(Title.objects.all(), request.user, EDIT, pk=pk)
    made = EligibilityRule(region=title.region, of_title=title, position=title.default_rules.count())
    return _rule_form(request, made, _("Add a condition"))


@signed_in(EDIT)
@require_POST
def rule_drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a condition away."""
    found = _rule(request, pk)
    back = _home_of(found)
    return attempt(request, lambda: services.drop_rule(found, actor=request.user), done=back, said=_("Taken away"))


def _rule_form(request: HttpRequest, found: EligibilityRule, title: str) -> HttpResponse:
    of = found.programme.title if found.programme else found.of_title
    form = RuleForm(
        request.POST if request.method == "POST" else None, region=found.region, subject=of.subject if of else "",
        instance=found,
    )  # fmt: skip
    back = _home_of(found)
    if request.method == "POST" and form.is_valid():
        try:
            services.save_rule(form.instance, actor=request.user)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved"))
            return redirect(back)
    where = found.programme or found.of_title
    context = {
        "page_title": title, "page_subtitle": str(where), "form": form, "back": back, "submit": _("Save"),
        "breadcrumbs": [{"label": str(where), "url": back}, {"label": title}],
        "drop_url": reverse("honors:rule_drop", args=[found.pk]) if found.pk else "",
    }  # fmt: skip
    return render(request, "honors/form.html", context, status=422 if form.is_bound else 200)


def _home_of(found: EligibilityRule) -> str:
    if found.programme_id:
        return reverse("honors:programme", args=[found.programme_id])
    return reverse("honors:settings")


def _rule(request: HttpRequest, pk: int) -> EligibilityRule:
    rows = EligibilityRule.objects.select_related("programme__title", "of_title", "region", "lower")
    found: EligibilityRule = visible_or_404(rows, request.user, EDIT, pk=pk)
    return found


@signed_in(EDIT)
@require_POST
def make_defaults(request: HttpRequest) -> HttpResponse:
    """Make the titles, conditions and numbers that a region begins with, where they lack."""
    region = region_of(request)
    made = services.ensure_defaults(region, request.user)
    messages.success(request, _("Made. Each can be changed here.") if made else _("Nothing was missing."))
    return redirect("honors:settings")
