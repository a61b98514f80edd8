"""What a unit types when it hands parts of its duties on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from chuangwen.core.fields import PickField, PicksField, RowsField
from chuangwen.core.forms import HouseForm
from chuangwen.organizations.models import ContractedArea, Grid, Post, Unit
from chuangwen.organizations.queries import lasting, units_today
from chuangwen.places.models import Place, PlaceState
from chuangwen.responsibilities.enums import ChainLevel
from chuangwen.responsibilities.models import RoadSection, Task
from chuangwen.responsibilities.queries.parts import chain_of, in_hands
from chuangwen.responsibilities.services.parts import Chain, Hand
from chuangwen.standards.models import Node

GROUND = ("places", "sections", "grids", "areas")  # what a unit's own campaign has not; in the order of a Hand


class HandOnForm(HouseForm):
    """Which criteria, to whom below, for which things."""

    nodes = RowsField(Node.objects.none(), label=_("Criteria"), widget=forms.CheckboxSelectMultiple)
    unit = PickField(
        Unit.objects.none(), source="units", label=_("Office or unit below"), required=False,
        help_text=_("Empty: a post of the unit itself."),
    )  # fmt: skip
    post = PickField(Post.objects.none(), source="posts-below", label=_("Post"), required=False)
    about = forms.CharField(
        label=_("Which part"), max_length=160, required=False, help_text=_("Empty: the whole criterion.")
    )
    places = PicksField(Place.objects.none(), source="places", label=_("For these places"), required=False)
    sections = PicksField(
        RoadSection.objects.none(), source="road-sections", label=_("For these road sections"), required=False
    )
    grids = PicksField(Grid.objects.none(), source="grids", label=_("For these grids"), required=False)
    areas = PicksField(
        ContractedArea.objects.none(), source="contracted-areas", label=_("For these contracted areas"), required=False
    )

    def __init__(
        self, *args: Any, giver: Unit, nodes: Any, roots: Sequence[Unit], ground: bool = True, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.giver = giver
        here = {"region": giver.region_id, "unit__path__startswith": giver.path}
        places = Place.objects.filter(in_hands(roots, "territory", "keeper", "department"), region=giver.region_id)
        theirs = in_hands(roots, "unit") & Q(region=giver.region_id)
        for name, rows in (
            ("nodes", nodes),
            ("unit", units_today(giver.region_id).filter(path__startswith=giver.path).exclude(pk=giver.pk)),
            ("post", Post.objects.filter(**here).select_related("unit")),
            ("places", places.exclude(state=PlaceState.GONE).select_related(
                "territory", "keeper", "department", "place_type")),
            ("sections", RoadSection.objects.filter(lasting(), theirs).select_related("road", "unit")),
            ("grids", Grid.objects.filter(theirs).select_related("unit")),
            ("areas", ContractedArea.objects.filter(lasting(), theirs).select_related("unit")),
        ):  # fmt: skip
            self.fields[name].queryset = rows  # type: ignore[attr-defined]
        self.fields["nodes"].label_from_instance = str  # type: ignore[attr-defined]
        if not ground:
            for name in GROUND:
                del self.fields[name]

    @property
    def hand(self) -> Hand:
        data = self.cleaned_data
        post = data["post"]
        unit = data["unit"] or (post.unit if post else self.giver)
        return Hand(
            unit, post, data["about"], *(list(data.get(name, ())) for name in GROUND),
        )  # fmt: skip


class ChainForm(HouseForm):
    """One post for each of the three levels."""

    decide = PickField(Post.objects.none(), source="posts-below", label=ChainLevel.DECIDE.label, required=False)
    answer = PickField(Post.objects.none(), source="posts-below", label=ChainLevel.ANSWER.label, required=False)
    do = PickField(Post.objects.none(), source="posts-below", label=ChainLevel.DO.label, required=False)

    def __init__(self, *args: Any, task: Task, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        posts = Post.objects.filter(region=task.region_id).select_related("unit")
        for link in chain_of(task):
            field: Any = self.fields[link.level]
            field.queryset = posts
            field.initial = link.post

    @property
    def chain(self) -> Chain:
        return Chain({str(level): self.cleaned_data[level] for level in ChainLevel})
