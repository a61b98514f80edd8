"""What is typed of duty templates, and chosen where they are laid out by kind of organization."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from chuangwen.core import clock
from chuangwen.core.fields import PickField, SourceField
from chuangwen.core.forms import HouseForm, OfRow, Sourced
from chuangwen.organizations.enums import OrgKind
from chuangwen.organizations.models import Unit
from chuangwen.responsibilities.forms.recurring import EXAMPLES, PhraseField
from chuangwen.responsibilities.models import DutyTemplate
from chuangwen.responsibilities.schedule import phrase_of
from chuangwen.responsibilities.services.kinds import LayOut, TemplateFacts
from chuangwen.responsibilities.services.recurring import LONGEST_DUTY, LONGEST_MEASURE

FACTS = ("org_kind", "title", "measure", "schedule", "source")


class OwnUnitForm(HouseForm):
    """Which unit's own organizations it is about: one within the person's subtree, for the office also the root."""

    unit = PickField(Unit.objects.none(), source="units-and-root", label=_("Unit"))

    def __init__(self, *args: Any, rows: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = rows.on(clock.today())  # type: ignore[attr-defined]


class TemplateForm(OfRow, Sourced, HouseForm):
    """One template; a new one says whose it is."""

    unit = PickField(
        Unit.objects.none(), source="units-and-root", label=_("Whose template"),
        help_text=_("It is offered to this unit for those below it; the region's own serve all units."),
    )  # fmt: skip
    org_kind = forms.ChoiceField(label=_("Kind of organization"), choices=OrgKind.choices)
    title = forms.CharField(
        label=_("What comes again"), max_length=LONGEST_DUTY, help_text=_("One sentence: what is to be done.")
    )
    schedule = PhraseField(
        label=_("How often"), max_length=80,
        help_text=format_lazy("{}{}", _("In your own words, such as: "), EXAMPLES),
    )  # fmt: skip
    measure = forms.CharField(
        label=_("Measure of success"), max_length=LONGEST_MEASURE, help_text=_("How anybody can see that it is done.")
    )
    source = SourceField(required=False)

    def __init__(self, *args: Any, rows: Any, template: DutyTemplate | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if template is not None:
            del self.fields["unit"]
            self.watch(template)
        else:
            self.fields["unit"].queryset = rows.on(clock.today())  # type: ignore[attr-defined]

    @property
    def facts(self) -> TemplateFacts:
        return TemplateFacts(**{name: self.cleaned_data[name] for name in FACTS})


def template_initial(template: DutyTemplate) -> dict[str, Any]:
    """What the form of a known template begins with."""
    return {name: getattr(template, name) for name in FACTS} | {"schedule": phrase_of(template.plan)}


class LayOutForm(HouseForm):
    """Which templates go to which units, and who checks them; all of both unless said otherwise."""

    templates = forms.MultipleChoiceField(
        label=_("Duties"), widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one duty.")},
    )  # fmt: skip
    units = forms.MultipleChoiceField(
        label=_("Units"), widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one unit.")},
    )  # fmt: skip
    lead = forms.ChoiceField(
        label=_("Who checks them"),
        help_text=_("Its people see what is kept, late and never shown, remind, and confirm what is reported."),
    )  # fmt: skip

    def __init__(
        self, *args: Any, kind: str, top: Unit, units: Sequence[Unit], templates: Sequence[DutyTemplate], lead: Unit,
        **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.initial.update(
            templates=[str(one.pk) for one in templates], units=[str(one.pk) for one in units], lead=str(lead.pk)
        )
        self.kind, self.shown = kind, list(units)
        self.by_key = {str(one.pk): one for one in (*units, top, lead)}
        self.templates_by_key = {str(one.pk): one for one in templates}
        self._offer("templates", [(key, one.title) for key, one in self.templates_by_key.items()])
        self._offer("units", [(str(one.pk), str(one)) for one in units])
        leads = {str(one.pk): str(one) for one in (*units, top, lead)}
        self._offer("lead", list(leads.items()))

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    @property
    def plan(self) -> LayOut:
        data = self.cleaned_data
        return LayOut(
            self.kind, [self.templates_by_key[key] for key in data["templates"]],
            [self.by_key[key] for key in data["units"]], self.by_key[data["lead"]],
        )  # fmt: skip
