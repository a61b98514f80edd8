"""Titles in force and ended: the register, one title with what befell it, figures of the whole."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from chuangwen.core import clock
from chuangwen.core.access import may, scope_of, visible_or_404
from chuangwen.core.errors import Refusal
from chuangwen.core.lists import respond
from chuangwen.core.models import Attachment, label_of
from chuangwen.core.pages import signed_in
from chuangwen.core.templatetags.chuangwen import state
from chuangwen.core.templatetags.wording import day
from chuangwen.core.wording import percent_words
from chuangwen.honors import services
from chuangwen.honors.enums import AwardState
from chuangwen.honors.forms import (
    AppealForm,
    AwardForm,
    CardForm,
    CarryForm,
    CheckForm,
    DayForm,
    DelistForm,
    MeasureForm,
    ReasonForm,
    RulingForm,
)
from chuangwen.honors.models import Appeal, Award
from chuangwen.honors.queries.register import Share, figures_of
from chuangwen.honors.services.holding import appeal_until, measure_of
from chuangwen.honors.services.papers import behalf_of
from chuangwen.honors.tally import years_unbroken
from chuangwen.honors.views.acting import Act, act_of, buttons, in_order, perform
from chuangwen.honors.views.history import history
from chuangwen.honors.views.lists import TITLES
from chuangwen.honors.wording import AWARD_SHAPES
from chuangwen.honors.workflow import APPLY, AWARD, AWARDED, VIEW
from chuangwen.supervision.queries.consequences import of_title

get_or_post = require_http_methods(["GET", "POST"])
FOLLOWED = 5  # consequences of a lost title beside it
BY_HAND = ("reverify", "plaque", "appeal", "rule", "carry")  # steps that no transition alone stands for


def _plaque(award: Award, *, actor: Any, day: Any) -> None:
    services.take_plaque_back(award, day=day, actor=actor)


def _rule(award: Award, *, actor: Any, ruling: str, reply: str) -> None:
    appeal = _open_appeal(award)
    if appeal is None:
        raise Refusal(_("No appeal waits for a ruling."), _("Open the title again to see its present state."))
    services.rule_appeal(appeal, ruling=ruling, reply=reply, actor=actor)


def _open_appeal(award: Award) -> Appeal | None:
    rows = Appeal.objects.filter(award=award, ruled_on__isnull=True)
    return rows.select_related("award__unit__region", "award__title", "award__region").first()


ACTS: dict[str, Act] = {
    "warn": Act(gettext_lazy("Give a yellow card"), services.give_card, gettext_lazy("Given; the unit has been told"),
                CardForm, icon="alert-triangle", permission=AWARD,
                note=gettext_lazy("With a term until which the unit puts it right. Meanwhile it cannot apply.")),
    "lift": Act(gettext_lazy("Lift the yellow card"), services.lift_card, gettext_lazy("Lifted"), ReasonForm,
                icon="check", permission=AWARD),
    "suspend": Act(gettext_lazy("Suspend the title"), services.suspend_title, pgettext_lazy("award", "Suspended"),
                   MeasureForm, icon="hand-stop", permission=AWARD, ends=True,
                   note=gettext_lazy("The title rests until the suspension is ended.")),
    "restore": Act(gettext_lazy("End the suspension"), services.restore_title, gettext_lazy("Suspension ended"),
                   ReasonForm, icon="check", permission=AWARD),
    "delist": Act(gettext_lazy("Delist"), services.delist, gettext_lazy("Delisted; the unit has been told"), DelistForm,
                  icon="alert-octagon", permission=AWARD, ends=True,
                  note=gettext_lazy("Title and plaque are taken away, and the unit cannot apply in the next year.")),
    "lapse": Act(gettext_lazy("Let the title lapse"), services.let_lapse, gettext_lazy("Lapsed"), ReasonForm,
                 icon="archive", permission=AWARD, ends=True,
                 note=gettext_lazy("It ends without blame; no bar follows.")),
    "reverify": Act(gettext_lazy("Enter the re-verification"), services.reverify, gettext_lazy("Entered"), CheckForm,
                    icon="refresh", permission=AWARD,
                    note=gettext_lazy("Kept, warned or taken away: what follows from it is done in the same act.")),
    "plaque": Act(gettext_lazy("Plaque taken back"), _plaque, gettext_lazy("Entered"), DayForm, icon="archive",
                  permission=AWARD),
    "appeal": Act(gettext_lazy("Raise an appeal"), services.raise_appeal,
                  gettext_lazy("Raised; the office has been told"), AppealForm, icon="hand-stop", permission=APPLY),
    "rule": Act(gettext_lazy("Decide the appeal"), _rule, gettext_lazy("Decided; the unit has been told"), RulingForm,
                icon="gavel", permission=AWARD,
                note=gettext_lazy("Upheld, the measure is taken back at once. Who took it does not decide.")),
    "carry": Act(gettext_lazy("Decide what becomes of the title"), services.carry_on, gettext_lazy("Decided"),
                 CarryForm, icon="arrow-right", permission=AWARD,
                 note=gettext_lazy("The unit was renamed, merged or split. A title never goes on by itself.")),
}  # fmt: skip


@signed_in(VIEW)
@get_or_post
def register(request: HttpRequest) -> HttpResponse:
    """The register of titles and plaques."""
    return respond(request, TITLES)


@signed_in(AWARD)
@get_or_post
def new(request: HttpRequest) -> HttpResponse:
    """Enter a title that a unit holds already."""
    region: Any = request.user.region  # type: ignore[union-attr]
    form = AwardForm(request.POST if request.method == "POST" else None, region=region)
    if request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data)
        try:
            made = services.enter_award(data.pop("unit"), data.pop("title"), actor=request.user, **data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Entered: %s") % made)
            return redirect("honors:award", made.pk)
    title = _("Enter a title")
    note = _("For titles granted before the program knew of them. New ones come from programmes and contests.")
    crumbs = [{"label": _("Titles and plaques"), "url": reverse("honors:titles")}, {"label": title}]
    context = {"page_title": title, "form": form, "back": reverse("honors:titles"), "submit": title, "note": note,
               "breadcrumbs": crumbs}  # fmt: skip
    return render(request, "honors/form.html", context, status=422 if form.is_bound else 200)


@signed_in(VIEW)
@require_GET
def award(request: HttpRequest, pk: int) -> HttpResponse:
    """One title: its plaque, its cards and checks, appeals, history and the next step."""
    found = _award(request, pk)
    checks = found.reverifications.all()
    owners = [(label_of(found), [found.pk])]
    owners += [("honors.reverification", [one.pk for one in checks])]
    papers = [
        paper for label, ids in owners if ids
        for paper in Attachment.objects.filter(owner_type=label, owner_id__in=ids).select_related("file")
    ]  # fmt: skip
    context = {
        "page_title": _("%(unit)s: %(title)s") % {"unit": found.holder, "title": found.title}, "award": found,
        "breadcrumbs": [{"label": _("Titles and plaques"), "url": reverse("honors:titles")}, {"label": str(found)}],
        "state": state(AWARD_SHAPES[AwardState(found.state)], found.get_state_display()),
        "facts": _facts(request, found),
        "cards": found.cards.all(), "checks": checks, "appeals": found.appeals.select_related("ruled_by"),
        "papers": papers, "entries": history(found, AWARDED), "next": _next_step(request, found),
    }  # fmt: skip
    return render(request, "honors/award.html", context)


def _facts(request: HttpRequest, found: Award) -> list[dict[str, Any]]:
    years = years_unbroken(found.held_since, found.ended_on or clock.today())
    held = ngettext("%d year", "%d years", years) % years
    application = found.application
    rows: list[tuple[str, Any, str, str]] = [
        *_family_facts(found),
        (_("Plaque number"), found.plaque, "", ""),
        (_("Granted on"), day(found.granted_on), "", found.document),
        (_("Held since"), day(found.held_since), "", held),
        (_("Re-verified until"), day(found.reverify_by) if found.is_standing else "", "", ""),
        (_("Ended on"), day(found.ended_on) if found.ended_on else "", "", ""),
        (_("No application until"), day(found.barred_until) if found.barred_until else "", "", ""),
        (_("Plaque taken back on"), day(found.plaque_back_on) if found.plaque_back_on else "", "", ""),
    ]
    rows += _followed(request, found)
    if application is not None:
        rows.append((_("Application"), application.number, reverse("honors:application", args=[application.pk]), ""))
    if found.contest is not None:
        rows.append((_("Contest"), found.contest.name, reverse("honors:contest", args=[found.contest_id]), ""))
    if found.carried_from is not None:
        url = reverse("honors:award", args=[found.carried_from_id])
        seen = Award.objects.visible_to(request.user).filter(pk=found.carried_from_id).exists()
        rows.append((_("Carried on from"), found.carried_from.unit, url if seen else "", ""))
    return [
        {"label": label, "value": value, "url": url, "second": second} for label, value, url, second in rows if value
    ]  # fmt: skip


def _family_facts(found: Award) -> list[tuple[str, Any, str, str]]:
    if found.family is None:
        return []
    return [
        (_("Family"), found.family.shown, reverse("honors:family", args=[found.family_id]), ""),
        (_("Recommending unit"), str(found.unit), "", ""),
    ]


def _next_step(request: HttpRequest, found: Award) -> dict[str, Any]:
    user = request.user

    def address(action: str) -> str:
        return reverse("honors:award_act", args=[found.pk, action])

    def button(action: str, *, primary: bool = False) -> dict[str, Any]:
        one = ACTS[action]
        return {"label": one.title, "icon": one.icon, "url": address(action), "primary": primary, "action": action}

    office = may(user, AWARD, found)
    gone = bool(found.family_id is None and found.unit.valid_to and found.unit.valid_to < clock.today())
    appeal, measure = _open_appeal(found), measure_of(found)
    actions: list[dict[str, Any]] = []
    if office and appeal is not None and not (measure and measure.actor_id == user.pk):
        actions.append(button("rule", primary=True))
    if office and found.is_standing and gone:
        actions.append(button("carry", primary=not actions))
    if office and found.is_standing and not gone:
        actions.append(button("reverify", primary=not actions))
    actions += [one for one in buttons(found, AWARDED, user, ACTS, address) if one["action"] not in BY_HAND]
    if office and not found.is_standing and found.plaque_back_on is None and found.state != AwardState.CARRIED:
        actions.append(button("plaque", primary=not actions and appeal is None))  # the appeal may give it back
    actions = in_order(actions, ACTS)
    last = appeal_until(found, measure) if measure else None
    if may(user, APPLY, found) and last and last >= clock.today() and appeal is None:
        actions.append(button("appeal"))
    if found.state == AwardState.DELISTED and found.family_id is None and may(user, "supervision.edit", found):
        actions.append({"label": _("Enter what followed"), "icon": "scale", "url": _follow_url(found)})
    return {"title": _("Next step"), "text": _text(found, appeal, gone=gone), "actions": actions,
            "after": _until(last) if last and appeal is None else ""}  # fmt: skip


def _follow_url(found: Award) -> str:
    """The form for a consequence of the loss, with what is known filled in."""
    about = _("Lost the title “%s”") % found.title
    known = urlencode({"basis": f"title:{found.title_id}", "unit": found.unit_id, "about": about})
    return f"{reverse('supervision:consequence_new')}?{known}"


def _followed(request: HttpRequest, found: Award) -> list[tuple[str, Any, str, str]]:
    """The consequences that come from a title which was taken away."""
    if found.state != AwardState.DELISTED or found.family_id is not None:
        return []
    rows = of_title(found.title_id, found.unit_id, found.granted_on, request.user)
    return [
        (_("What followed"), one.kind, reverse("supervision:consequence", args=[one.pk]), one.get_state_display())
        for one in rows[:FOLLOWED]
    ]


def _until(last: date) -> str:
    """Whether an appeal can still be raised."""
    ended = last < clock.today()
    return (_("The time for an appeal ended on %s.") if ended else _("An appeal can be raised until %s.")) % day(last)


def _text(found: Award, appeal: Appeal | None, *, gone: bool) -> str:  # noqa: PLR0911 (one answer a case)
    if appeal is not None:
        return _("An appeal waits for its ruling. Another person than who took the measure decides it.")
    if gone and found.is_standing:
        return _("The unit exists no more. Whether its title goes on is decided by a person.")
    card = found.cards.filter(settled_on__isnull=True).first()
    if card is not None:
        return _("The unit puts it right until %s; then the card is lifted or the title taken away.") % day(card.until)
    if found.state == AwardState.SUSPENDED:
        return _("The title rests. End the suspension, or delist.")
    if found.is_standing:
        over = found.reverify_by < clock.today()
        due = _("In force. Its re-verification was due by %s.")
        return (due if over else _("In force. It is re-verified until %s.")) % day(found.reverify_by)
    if found.barred_until and found.barred_until >= clock.today():
        return _("The unit can apply again after %s; the bar ends by itself.") % day(found.barred_until)
    return _("This title has ended.")


@signed_in(AWARD, APPLY)
@get_or_post
def act(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """One step of a title."""
    one = act_of(ACTS, action)
    found = _award(request, pk, one.permission)
    back = reverse("honors:award", args=[pk])
    crumbs = [{"label": _("Titles and plaques"), "url": reverse("honors:titles")}, {"label": str(found), "url": back}]
    first = {"checked_on": clock.today(), "checked_by": str(request.user)}
    quote = ""
    if action == "rule" and (appeal := _open_appeal(found)):
        quote = appeal.text
    behalf = behalf_of(found.unit, request.user) if action == "appeal" else ""
    return perform(request, found, one, back=back, crumbs=crumbs, subtitle=str(found), initial=first, quote=quote,
                   behalf=behalf)  # fmt: skip


@signed_in(VIEW)
@require_GET
def figures(request: HttpRequest) -> HttpResponse:
    """Shares, rates and years without a break, each with numerator and denominator and its definition."""
    if not scope_of(request.user, VIEW).regions:
        raise PermissionDenied(VIEW)
    region, year = request.user.region, clock.today().year  # type: ignore[union-attr]
    found = figures_of(region, year)  # type: ignore[arg-type]
    titles = reverse("honors:titles")
    heads = [
        (_("Share of titled units"), found.titled, _("of units"), titles),
        (_("Campaign rate"), found.campaigning, _("of units"), reverse("honors:applications") + "?tab=all"),
        (_("Pass rate %d") % year, found.passed, _("of applications decided"),
         reverse("honors:applications") + "?tab=awarded"),
        (_("Civil offices"), found.civil, _("of offices"), titles),
    ]  # fmt: skip
    context = {
        "page_title": _("Figures of titles"), "page_subtitle": _("As of %s") % day(clock.today()),
        "breadcrumbs": [{"label": _("Titles and plaques"), "url": titles}, {"label": _("Figures")}],
        "heads": [_head(*one) for one in heads], "levels": found.levels, "units": found.titled.whole,
        "years": found.years, "model": found.model, "titled": found.titled,
        "page_actions": [{"label": _("Print"), "icon": "printer", "print": True}],
    }  # fmt: skip
    return render(request, "honors/figures.html", context)


def _head(label: str, share: Share, of: str, url: str) -> dict[str, Any]:
    value = percent_words(share.share) if share.share is not None else "—"
    sub = _("%(part)d of %(whole)d %(what)s") % {"part": share.part, "whole": share.whole, "what": of}
    return {"label": label, "value": value, "sub": sub, "url": url}


def _award(request: HttpRequest, pk: int, permission: str = "") -> Award:
    rows = Award.objects.select_related(
        "unit__region", "title", "region", "application", "contest", "carried_from__unit", "family"
    )  # fmt: skip
    found: Award = visible_or_404(rows, request.user, permission, pk=pk)
    return found
