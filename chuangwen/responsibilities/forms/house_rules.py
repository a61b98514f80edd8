"""What is typed of a unit's own rules and of the checks of how they are kept."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from chuangwen.core import clock
from chuangwen.core.fields import DayField, FilesField, PickField
from chuangwen.core.forms import HouseForm, OfRow
from chuangwen.organizations.models import Unit
from chuangwen.responsibilities.enums import Keeping
from chuangwen.responsibilities.forms.recurring import EXAMPLES, PhraseField
from chuangwen.responsibilities.forms.tasks import text
from chuangwen.responsibilities.models import HouseRule
from chuangwen.responsibilities.queries.house_rules import Charge, charges_in, checkers_in
from chuangwen.responsibilities.schedule import phrase_of
from chuangwen.responsibilities.services.house_rules import LONGEST_TITLE, HouseRuleFacts, facts_of
from chuangwen.responsibilities.services.papers import PAPERS

FACTS = ("title", "number", "since", "until", "answers", "schedule", "checker")


class ChargeField(forms.ChoiceField):
    """A unit or a post out of a short list; cleans to a Charge, an empty one where none was chosen."""

    def offer(self, several: list[Charge]) -> None:
        """Offer these: units first, then posts, each under its heading."""
        self.charges = {_key(one): one for one in several}
        units = [(_key(one), str(one)) for one in several if one.post is None]
        posts = [(_key(one), str(one)) for one in several if one.post is not None]
        groups = [(pgettext("house rule", "Units and offices"), units), (pgettext("house rule", "Posts"), posts)]
        self.choices = [("", "—"), *((name, group) for name, group in groups if group)]

    def clean(self, value: Any) -> Charge:
        return self.charges.get(super().clean(value), Charge())

    def prepare_value(self, value: Any) -> Any:
        return _key(value) if isinstance(value, Charge) else value


def _key(one: Charge) -> str:
    if one.post is not None:
        return f"p{one.post.pk}"
    return f"u{one.office.pk}" if one.office else ""


class HouseRuleForm(OfRow, HouseForm):
    """What the catalogue says of a rule; who can answer for it is offered out of the unit's own offices and posts."""

    title = forms.CharField(label=pgettext_lazy("house rule", "Title"), max_length=LONGEST_TITLE)
    number = forms.CharField(
        label=pgettext_lazy("house rule", "Number of the paper"), max_length=60, required=False,
        help_text=_("As it stands on the paper, if it has one."),
    )  # fmt: skip
    since = DayField(label=pgettext_lazy("house rule", "In force since"), initial=clock.today)
    until = DayField(
        label=pgettext_lazy("house rule", "In force until"), required=False,
        help_text=_("Only where the last day is known, as of a rule on trial."),
    )  # fmt: skip
    answers = ChargeField(label=_("Who answers for it"), help_text=_("An office inside the unit, or one of its posts."))
    schedule = PhraseField(
        label=_("How often it is checked"), max_length=80, required=False,
        help_text=format_lazy("{}{}", _("In your own words, such as: "), EXAMPLES),
    )  # fmt: skip
    checker = ChargeField(
        label=_("Who checks it"), required=False, help_text=_("Somebody else than who answers for it.")
    )
    papers = FilesField(
        label=pgettext_lazy("house rule", "Its text"), required=False, accept=",".join(sorted(PAPERS)),
        help_text=_("Word, PDF or a photo."),
    )  # fmt: skip

    def __init__(self, *args: Any, unit: Unit, rule: HouseRule | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["answers"].offer(charges_in(unit))  # type: ignore[attr-defined]
        self.fields["checker"].offer(checkers_in(unit))  # type: ignore[attr-defined]
        if rule is not None:
            self.watch(rule)

    @property
    def facts(self) -> HouseRuleFacts:
        return HouseRuleFacts(**{name: self.cleaned_data[name] for name in FACTS})


def house_rule_initial(rule: HouseRule) -> dict[str, Any]:
    """What the form of a known rule begins with."""
    facts = facts_of(rule)
    said = {name: getattr(facts, name) for name in FACTS}
    return said | {"schedule": phrase_of(facts.schedule) if facts.schedule else ""}


class HouseCheckForm(HouseForm):
    """What a check found; the day is today unless said otherwise."""

    day = DayField(label=_("Day"), initial=clock.today)
    result = forms.ChoiceField(
        label=_("Result"), choices=Keeping.choices, initial=Keeping.KEPT, widget=forms.RadioSelect
    )
    remark = forms.CharField(
        label=_("Remark"), max_length=500, required=False, widget=forms.Textarea({"rows": 2}),
        help_text=_("What is not kept; it may stay empty where all is."),
    )  # fmt: skip


class EndRuleForm(HouseForm):
    """The last day on which it holds, and why."""

    until = DayField(label=_("Last day"), initial=clock.today)
    reason = text(_("Reason"), help_text=_("It stays in the history."))


class WhoseRuleForm(HouseForm):
    """Into whose catalogue the rule goes."""

    unit = PickField(Unit.objects.none(), source="units", label=_("Unit"))

    def __init__(self, *args: Any, region: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Unit.objects.visible_to(user, "responsibilities.answer").on(clock.today()).filter(region=region)
        self.fields["unit"].queryset = rows  # type: ignore[attr-defined]
