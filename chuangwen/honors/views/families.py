"""Families: the list, one family, and what can be done about it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chuangwen.core.access import may, visible_or_404
from chuangwen.core.errors import Refusal
from chuangwen.core.lists import respond
from chuangwen.core.pages import signed_in
from chuangwen.core.templatetags.chuangwen import state
from chuangwen.core.templatetags.wording import day
from chuangwen.honors import services
from chuangwen.honors.enums import ApplicationState, AwardState
from chuangwen.honors.forms.families import AgreedForm, FamilyAwardForm, FamilyForm, FamilyNameForm, FamilyUnitForm
from chuangwen.honors.forms.holding import DayForm
from chuangwen.honors.models import Application, Award, Contest, Family
from chuangwen.honors.queries.families import has_ladder
from chuangwen.honors.services.papers import behalf_of
from chuangwen.honors.views.acting import Act, act_of, perform
from chuangwen.honors.views.family_lists import CONSENT_SHAPES, FAMILIES, HOUSEHOLDS, consent_of
from chuangwen.honors.views.history import history
from chuangwen.honors.wording import AWARD_SHAPES
from chuangwen.honors.workflow import APPLY, AWARD, EDIT, VIEW
from chuangwen.organizations.models import Unit
from chuangwen.organizations.scopes import units_of_user
from chuangwen.workflow.transitions import Workflow

get_or_post = require_http_methods(["GET", "POST"])
NO_FLOW = Workflow([])  # a family has no states of its own: its consent is a day


def _award(family: Family, *, actor: Any, title: Any, **answers: Any) -> Award:
    return services.enter_family_award(family, title, actor=actor, **answers)


ACTS: dict[str, Act] = {
    "agree": Act(gettext_lazy("Enter the consent"), services.confirm_consent, gettext_lazy("Entered"), AgreedForm,
                 icon="check", permission=APPLY,
                 note=gettext_lazy("The family was asked, and agrees that its plaque's name stands on public notices "
                                   "and in the register. The paper stays with the unit.")),
    "rename": Act(gettext_lazy("Correct the name"), services.rename_family, gettext_lazy("Saved"), FamilyNameForm,
                  icon="pencil", permission=APPLY),
    "withdraw": Act(gettext_lazy("Withdraw the consent"), services.withdraw_consent,
                    gettext_lazy("Withdrawn; the name is wiped"), DayForm, icon="trash", permission=APPLY, ends=True,
                    note=gettext_lazy("The name and the texts about the family are wiped at once and cannot be brought "
                                      "back. Applications that run end; titles stay in the counts under the number.")),
    "title": Act(gettext_lazy("Enter a title"), _award, gettext_lazy("Entered"), FamilyAwardForm, icon="award",
                 permission=AWARD,
                 note=gettext_lazy("For titles granted before the program knew of them. New ones come from programmes "
                                   "and selections.")),
    "hand-over": Act(gettext_lazy("Hand over to another unit"), services.hand_over_family, gettext_lazy("Handed over"),
                     FamilyUnitForm, icon="arrow-right", permission=AWARD,
                     note=gettext_lazy("Another unit looks after the family from now on; the one before sees it no "
                                       "more.")),
}  # fmt: skip


@signed_in(VIEW)
@get_or_post
def family_list(request: HttpRequest) -> HttpResponse:
    """The families that the person may see."""
    return respond(request, FAMILIES)


@signed_in(VIEW)
@get_or_post
def households(request: HttpRequest) -> HttpResponse:
    """Households with a title by unit."""
    return respond(request, HOUSEHOLDS)


@signed_in(EDIT)
@require_POST
def make_ladder(request: HttpRequest) -> HttpResponse:
    """Make the ladder of families, where the office wants it."""
    made = services.ensure_family_ladder(request.user.region, request.user)  # type: ignore[union-attr,arg-type]
    messages.success(request, _("Made. Each can be changed here.") if made else _("Nothing was missing."))
    return redirect("honors:settings")


@signed_in(APPLY)
@get_or_post
def new(request: HttpRequest) -> HttpResponse:
    """Take in a family."""
    region: Any = request.user.region  # type: ignore[union-attr]
    if not has_ladder(region):
        return redirect("honors:families")
    own = Unit.objects.visible_to(request.user, APPLY).filter(pk__in=units_of_user(request.user), depth__gt=1)
    form = FamilyForm(request.POST if request.method == "POST" else None, region=region, initial={"unit": own.first()})
    if request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data)
        try:
            made = services.register_family(data.pop("unit"), data.pop("name"), actor=request.user, **data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Taken in"))
            return redirect("honors:family", made.pk)
    title, back = _("Take in a family"), reverse("honors:families")
    note = _("Kept are the plaque's name, the recommending unit and the day of consent: nothing else of the family.")
    context = {"page_title": title, "form": form, "back": back, "submit": title, "note": note,
               "breadcrumbs": [*_crumbs(), {"label": title}]}  # fmt: skip
    return render(request, "honors/form.html", context, status=422 if form.is_bound else 200)


@signed_in(VIEW)
@require_GET
def family(request: HttpRequest, pk: int) -> HttpResponse:
    """One family: its consent, its titles, its applications, and what can be done."""
    found = _family(request, pk)
    user = request.user
    awards = Award.objects.visible_to(user).filter(family=found).select_related("title").order_by("-granted_on", "-pk")
    mine = Application.objects.visible_to(user).filter(family=found).exclude(state=ApplicationState.WITHDRAWN)
    judged = Contest.objects.visible_to(user).filter(contestants__family=found).select_related("title")
    word = consent_of(found)
    context = {
        "page_title": found.shown, "page_subtitle": str(found.unit), "family": found,
        "breadcrumbs": [*_crumbs(), {"label": found.shown}], "state": state(*CONSENT_SHAPES[word]),
        "facts": _facts(request, found), "applications": mine.select_related("programme").order_by("-pk"),
        "awards": [(one, state(AWARD_SHAPES[AwardState(one.state)], one.get_state_display())) for one in awards],
        "contests": judged.order_by("-decide_on"), "entries": history(found, NO_FLOW),
        "next": {"title": _("Next step"), "text": _text(found), "actions": _actions(request, found)},
    }  # fmt: skip
    return render(request, "honors/family.html", context)


def _facts(request: HttpRequest, found: Family) -> list[dict[str, Any]]:
    unit = reverse("organizations:unit", args=[found.unit_id]) if may(request.user, "organizations.view") else ""
    rows = [
        (_("Number"), found.number, ""),
        (_("Recommending unit"), str(found.unit), unit),
        (_("Agreed on"), day(found.agreed_on) if found.agreed_on else _("still to be asked"), ""),
        (_("Consent withdrawn on"), day(found.withdrawn_on) if found.withdrawn_on else "", ""),
    ]
    return [{"label": label, "value": value, "url": url} for label, value, url in rows if value]


def _text(found: Family) -> str:
    if found.withdrawn_on:
        return _("The name is wiped. Where the family agrees again, take it in with its name and the new day.")
    if not found.has_agreed:
        return _("Ask the family first: before it has agreed nothing is put forward, selected or shown.")
    return _("It can be put forward in an open programme, or take part in the unit's own selection.")


def _actions(request: HttpRequest, found: Family) -> list[dict[str, Any]]:
    """What this person can do about the family now."""
    user = request.user
    names = ["agree"] if not found.agreed_on else []
    names += ["rename", "withdraw"] if found.withdrawn_on is None else []
    if found.has_agreed:
        names.insert(0, "title")
    names.append("hand-over")
    names.sort(key=lambda name: ACTS[name].ends)
    shown = [(name, ACTS[name]) for name in names if may(user, ACTS[name].permission, found)]
    return [
        {
            "label": one.title, "icon": one.icon, "primary": name == "agree", "action": name,
            "url": reverse("honors:family_act", args=[found.pk, name]),
        }
        for name, one in shown
    ]  # fmt: skip


@signed_in(APPLY, AWARD)
@get_or_post
def act(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """One step of a family."""
    one = act_of(ACTS, action)
    found = _family(request, pk, one.permission)
    back = reverse("honors:family", args=[pk])
    crumbs = [*_crumbs(), {"label": found.shown, "url": back}]
    behalf = behalf_of(found.unit, request.user) if one.permission == APPLY else ""
    return perform(request, found, one, back=back, crumbs=crumbs, subtitle=f"{found.shown} · {found.unit}",
                   initial={"name": found.name}, behalf=behalf)  # fmt: skip


def _family(request: HttpRequest, pk: int, permission: str = "") -> Family:
    found: Family = visible_or_404(
        Family.objects.select_related("unit__region", "region"), request.user, permission, pk=pk
    )  # fmt: skip
    return found


def _crumbs() -> list[dict[str, Any]]:
    return [
        {"label": _("Titles and plaques"), "url": reverse("honors:titles")},
        {"label": _("Families"), "url": reverse("honors:families")},
    ]
