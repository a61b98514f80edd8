"""What is typed of a visit on the spot: day, places, what was found, photos."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangwen.core import clock
from chuangwen.core.fields import DayField, FilesField, PicksField
from chuangwen.core.forms import HouseForm
from chuangwen.organizations.models import Post, Unit
from chuangwen.places.models import Place
from chuangwen.responsibilities.forms.tasks import text
from chuangwen.responsibilities.queries.in_person import head_posts


class VisitForm(HouseForm):
    """The post is known by the unit; it is asked for only where a unit has several first responsibles."""

    post = forms.ChoiceField(label=_("Post"))
    day = DayField(label=_("Day"))
    places = PicksField(
        Place.objects.none(), source="places", label=pgettext_lazy("visit", "Places"), required=False,
        help_text=_("Of the register; one or several."),
    )  # fmt: skip
    spot = forms.CharField(
        label=pgettext_lazy("visit", "Where else"), max_length=160, required=False,
        help_text=_("A site that is not in the register."),
    )  # fmt: skip
    found = text(pgettext_lazy("visit", "What was found"), rows=3, most=2000)
    photos = FilesField(label=_("Photos"), required=False, help_text=_("Faces and number plates are not needed."))

    def __init__(self, *args: Any, unit: Unit, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.posts = {str(post.pk): post for post in head_posts([unit.pk]).select_related("unit")}
        self.fields["day"].initial = clock.today()
        self.fields["places"].queryset = Place.objects.visible_to(user)  # type: ignore[attr-defined]
        if len(self.posts) < 2:
            del self.fields["post"]
        else:
            several = [(key, post.title) for key, post in self.posts.items()]
            self.fields["post"].choices = several  # type: ignore[attr-defined]

    def clean_post(self) -> Post:
        return self.posts[self.cleaned_data["post"]]
