"""A person's own channel for the daily digest."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from chuangwen.core.forms import HouseForm


class ChannelForm(HouseForm):
    label = forms.CharField(label=_("Name of the channel"), max_length=60)
    address = forms.CharField(
        label=_("Address of the channel"), max_length=300, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
