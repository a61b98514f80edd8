"""The kinds of units, posts and groups."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Branch(models.TextChoices):
    """条 and 块: whether a unit answers for a subject or for an area."""

    LINE = "line", _("Line")
    TERRITORY = "territory", _("Territory")


class UnitKind(models.TextChoices):
    REGION = "region", _("Region")
    PARTY = "party", _("Party organ")
    GOVERNMENT = "government", _("Government department")
    MASS = "mass", _("Mass organisation")
    VERTICAL = "vertical", _("Vertically managed unit")
    COMPANY = "company", _("Company")
    INSTITUTION = "institution", _("Public institution")
    SCHOOL = "school", _("School")
    HOSPITAL = "hospital", _("Hospital")
    STREET = "street", _("Street")
    TOWN = "town", _("Town")
    COMMUNITY = "community", _("Community")
    VILLAGE = "village", _("Village")
    OFFICE = "office", _("Office inside a unit")
    OTHER = "other", _("Other")


class OrgKind(models.TextChoices):
    """党、行政、群团: each kind of organization has duties of its own and checks its own (mechanism 19)."""

    PARTY = "party", pgettext_lazy("organization kind", "Party organization")
    ADMINISTRATION = "administration", pgettext_lazy("organization kind", "Administration")
    MASS = "mass", pgettext_lazy("organization kind", "Mass organization")


# What a person can say of a unit: a kind, or that it is none of them, which is more than saying nothing
NO_KIND = "none"
SAID_KINDS = [*OrgKind.choices, (NO_KIND, pgettext_lazy("organization kind", "None of these"))]

# What a unit's kind says of the kind of organization it is; others say nothing
KIND_SAYS: dict[str, str] = {
    UnitKind.PARTY: OrgKind.PARTY, UnitKind.GOVERNMENT: OrgKind.ADMINISTRATION, UnitKind.MASS: OrgKind.MASS,
}  # fmt: skip


class PostKind(models.TextChoices):
    """The two responsible persons and the liaison that every unit names."""

    FIRST = "first", _("First responsible")
    ACTING = "acting", _("Acting responsible")
    LIAISON = "liaison", _("Liaison")
    CHARGE = "charge", _("Leader in charge")
    OTHER = "other", _("Other post")


class Slot(models.TextChoices):
    """A post is held by an A person and a B person who stands in."""

    A = "A", "A"
    B = "B", "B"


class SuccessionKind(models.TextChoices):
    RENAMED = "renamed", _("Renamed")
    MERGED = "merged", _("Merged")
    SPLIT = "split", _("Split")


class GroupKind(models.TextChoices):
    LEADING = "leading", _("Leading group")
    WORKING = "working", _("Working group")
