"""The Word file of an authority's own form."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy

from chuangwen.core.files.sniffing import DOCX
from chuangwen.core.forms import HouseForm


class TemplateForm(HouseForm):
    file = forms.FileField(
        label=gettext_lazy("Word file (.docx)"), widget=forms.ClearableFileInput({"accept": f".docx,{DOCX}"})
    )
