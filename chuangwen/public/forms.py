"""What a stranger fills in, and what the office sets."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangwen.core.fields import FilesField
from chuangwen.core.forms import HouseForm, HouseModelForm
from chuangwen.honors.models import Application
from chuangwen.public.models import PublicSite
from chuangwen.public.papers import ACCEPT, PAPER_MB
from chuangwen.public.services.arranging import FIELDS
from chuangwen.public.services.objecting import LONGEST, Said


class ObjectionForm(HouseForm):
    """An objection; by name or without. `website` is for programs: people do not see it."""

    application = forms.ChoiceField(label=_("Against whom"))
    text = forms.CharField(
        label=pgettext_lazy("notice", "What you object to"), max_length=LONGEST,
        widget=forms.Textarea({"rows": 8}), help_text=_("What happened, when and where. Say what can be looked into."),
    )  # fmt: skip
    sender = forms.CharField(
        label=_("Your name"), max_length=80, required=False,
        help_text=_("Without a name the objection is looked into as well, but nobody can ask you back."),
        widget=forms.TextInput({"autocomplete": "name"}),
    )  # fmt: skip
    contact = forms.CharField(
        label=_("Telephone or address"), max_length=120, required=False, help_text=_("Read by the office alone.")
    )
    papers = FilesField(
        label=_("Papers that prove it"), required=False, accept=ACCEPT,
        help_text=_(
            "Up to three photos, PDF or Word files of 5 MB each. Read by those alone who look into it. A file can "
            "carry its author's name or the place of a photo."
        ),
    )  # fmt: skip
    website = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, applications: list[Application], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["papers"].max_mb = PAPER_MB  # type: ignore[attr-defined]
        self.rows = {str(row.pk): row for row in applications}
        if any(row.family_id for row in applications):
            del self.fields["papers"]  # no files are kept about families
        choices = [(key, row.holder) for key, row in self.rows.items()]
        self.fields["application"].choices = choices if len(choices) == 1 else [("", _("Choose")), *choices]  # type: ignore[attr-defined]

    def clean_website(self) -> str:
        if self.cleaned_data["website"]:
            raise forms.ValidationError(_("This was filled in by a program."))
        return ""

    def said(self) -> tuple[Application, Said]:
        """Against whom, and what was said."""
        data = self.cleaned_data
        papers = tuple(data.get("papers", ()))
        return self.rows[data["application"]], Said(data["text"], data["sender"], data["contact"], papers)


class SlipForm(HouseForm):
    """The number that was shown after objecting."""

    slip = forms.CharField(
        label=_("Number of the objection"), max_length=40, widget=forms.TextInput({"autocomplete": "off"}),
        help_text=_("As it was shown, for example Y2026-003-ABCDE-FGHJK"),
    )  # fmt: skip


class SiteForm(HouseModelForm[PublicSite]):
    """What a region shows without an account."""

    class Meta:
        model = PublicSite
        fields = FIELDS
        help_texts = {
            "is_open": _("Off: every public address answers that there is nothing."),
            "telephone": _("An office's line, not a person's mobile."),
            "is_found": _("Off: search engines are asked to leave the pages out."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("office_name", "telephone", "address"):  # needed as soon as the pages are open
            self.fields[name].one_of = True  # type: ignore[attr-defined]
