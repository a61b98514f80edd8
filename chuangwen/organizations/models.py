"""Units as a dated tree, posts with their holders, groups, grids, and the roles people hold."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.conf import settings
from django.db import connection, models, transaction
from django.utils.translation import gettext_lazy as _
from treebeard.mp_tree import MP_Node, MP_NodeManager, MP_NodeQuerySet

from chuangwen.accounts.roles import ROLE_LABELS
from chuangwen.core.access import Scope, ScopedQuerySet
from chuangwen.core.asking import Question
from chuangwen.core.models import Record, Region, ScopedRecord
from chuangwen.organizations.enums import (
    KIND_SAYS,
    NO_KIND,
    SAID_KINDS,
    Branch,
    GroupKind,
    PostKind,
    Slot,
    SuccessionKind,
    UnitKind,
)


class UnitQuerySet(ScopedQuerySet, MP_NodeQuerySet):  # type: ignore[misc]
    """Units under scoped access."""

    def on(self, day: date) -> Any:
        """The units that exist on `day`."""
        begun = models.Q(valid_from__isnull=True) | models.Q(valid_from__lte=day)
        lasting = models.Q(valid_to__isnull=True) | models.Q(valid_to__gte=day)
        return self.filter(begun & lasting)


class UnitManager(MP_NodeManager.from_queryset(UnitQuerySet)):  # type: ignore[misc]
    """Units in the order of the tree."""

    def get_queryset(self) -> UnitQuerySet:
        return UnitQuerySet(self.model, using=self._db).order_by("path")

    def add_child(self, target: Unit, create_kwargs: dict[str, Any] | None = None, *, instance: Any = None) -> Unit:
        """As treebeard's; below a unit that has others below it already by four statements that are kept."""
        if instance is None and create_kwargs and transaction.get_connection().in_atomic_block:
            parent: Unit | None = HELD.first(target)  # until commit: paths below it are given one after another
            if parent is not None and parent.numchild:
                return self._added(target, parent, create_kwargs)
        made: Unit = super().add_child(target, create_kwargs, instance=instance)
        return made

    def _added(self, target: Unit, parent: Unit, facts: dict[str, Any]) -> Unit:
        """A new last child of `parent`, which is the row behind `target` as it stands, held."""
        last: Unit = LAST_BELOW(parent.depth + 1, *Unit._get_children_path_interval(parent.path))[0]  # noqa: SLF001
        made = Unit(**facts, path=last._inc_path(), depth=parent.depth + 1)  # noqa: SLF001
        with connection.cursor() as cursor:
            cursor.execute("UPDATE organizations_unit SET numchild = numchild + 1 WHERE id = %s", [parent.pk])
        self._update_target_after_add_child(target, parent)
        made._cached_parent_obj = target  # noqa: SLF001
        made.save(force_insert=True)
        return made


class Unit(MP_Node, Record):  # type: ignore[misc]
    """A responsible unit (责任单位). The tree is the administrative one; `branch` says 条 or 块.

    `line_authority` is the unit above it in its own line where that is not the tree parent
    (vertically managed and resident units escalate to it, never to the city's posts).
    """

    region = models.ForeignKey(Region, models.PROTECT, related_name="units")
    code = models.CharField(_("code"), max_length=24)
    name = models.CharField(_("name"), max_length=80)
    short_name = models.CharField(_("short name"), max_length=30, blank=True)
    kind = models.CharField(_("kind"), max_length=12, choices=UnitKind, default=UnitKind.GOVERNMENT)
    org_kind = models.CharField(_("kind of organization"), max_length=14, choices=SAID_KINDS, blank=True)
    branch = models.CharField(_("line or territory"), max_length=10, choices=Branch, default=Branch.LINE)
    resident = models.BooleanField(_("resident unit"), default=False)
    line_authority = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("line authority")
    )
    peer_group = models.CharField(_("peer group"), max_length=40, blank=True)
    position = models.PositiveIntegerField(_("position"), default=0)
    valid_from = models.DateField(_("from"), null=True, blank=True)
    valid_to = models.DateField(_("until"), null=True, blank=True)

    objects = UnitManager()
    view_permission: ClassVar[str] = "organizations.view"
    scope_units: ClassVar[tuple[str, ...]] = ("id",)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["region", "code"], name="unit_code"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["region", "branch", "position"], name="unit_branch")
        ]

    def __str__(self) -> str:
        return self.short_name or self.name

    @property
    def kind_of_organization(self) -> str:
        """As a person said, else as its kind of unit says; "" where neither does, or a person said that it is none."""
        return "" if self.org_kind == NO_KIND else str(self.org_kind or KIND_SAYS.get(self.kind, ""))

    @classmethod
    def scope_filter(cls, scope: Scope) -> models.Q:
        return models.Q(region_id__in=scope.regions) | models.Q(pk__in=scope.unit_ids)


HELD = Question(lambda key: Unit.objects.filter(pk=key).order_by().select_for_update())
LAST_BELOW = Question(
    lambda depth, first, last: Unit.objects.filter(depth=depth, path__gte=first, path__lte=last).order_by("-path")[:1]
)
LONGEST_ALIAS = 80


class UnitAlias(ScopedRecord):
    """Another name by which papers call a unit; learnt from imports and documents."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="aliases")
    name = models.CharField(_("name"), max_length=LONGEST_ALIAS)

    view_permission = "organizations.view"
    scope_units = ("unit_id",)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["region", "name"], name="alias_once"),
        ]

    def __str__(self) -> str:
        return self.name


class UnitSuccession(ScopedRecord):
    """On `day` the matters of `old` went on to `new`; history sums under the successor."""

    old = models.ForeignKey(Unit, models.PROTECT, related_name="successions")
    new = models.ForeignKey(Unit, models.PROTECT, related_name="predecessions")
    kind = models.CharField(max_length=10, choices=SuccessionKind)
    day = models.DateField(_("date"))

    view_permission = "organizations.view"
    scope_units = ("old_id", "new_id")

    def __str__(self) -> str:
        return f"{self.old} → {self.new}"


class Post(ScopedRecord):
    """A post at a unit: duties stay with it when people move on."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="posts")
    kind = models.CharField(_("kind"), max_length=10, choices=PostKind)
    title = models.CharField(_("title"), max_length=60)

    view_permission = "organizations.view"
    scope_units = ("unit_id",)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["unit", "kind", "title"], name="post_once"),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.title}"


class Holding(ScopedRecord):
    """Who holds a post from when to when, as A or B person."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="holdings")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="holdings")
    slot = models.CharField(max_length=1, choices=Slot, default=Slot.A)
    starts = models.DateField(_("from"))
    ends = models.DateField(_("until"), null=True, blank=True)

    view_permission = "organizations.view"
    scope_units = ("post__unit_id",)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["post", "slot"], condition=models.Q(ends__isnull=True), name="holding_open"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.post} {self.slot}"


class Group(ScopedRecord):
    """A leading group with its office, or a working group across units."""

    kind = models.CharField(max_length=10, choices=GroupKind)
    name = models.CharField(_("name"), max_length=80)
    office = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", verbose_name=_("office"))
    duties = models.TextField(_("duties"), blank=True)

    view_permission = "organizations.view"
    scope_units = ("office_id",)

    def __str__(self) -> str:
        return self.name


class Membership(ScopedRecord):
    """A post's seat in a group; who sits there follows from who holds the post."""

    group = models.ForeignKey(Group, models.CASCADE, related_name="memberships")
    post = models.ForeignKey(Post, models.CASCADE, related_name="memberships")
    seat = models.CharField(_("seat"), max_length=20)  # 组长 | 副组长 | 成员
    rank = models.PositiveSmallIntegerField(default=9)

    view_permission = "organizations.view"
    scope_units = ("post__unit_id",)

    def __str__(self) -> str:
        return f"{self.group} {self.post}"


class Grid(ScopedRecord):
    """A grid (网格) of a community, with its grid worker and area."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="grids")
    code = models.CharField(_("code"), max_length=24)
    name = models.CharField(_("name"), max_length=80)
    worker = models.ForeignKey(Post, models.SET_NULL, null=True, blank=True, related_name="grids")
    bounds = models.TextField(_("bounds"), blank=True)
    estates = models.TextField(_("contracted estates"), blank=True)
    households = models.PositiveIntegerField(_("households"), null=True, blank=True)
    standards = models.TextField(_("what has to hold"), blank=True)  # at its nodes: doors, notice boards, bins

    view_permission = "organizations.view"
    scope_units = ("unit_id",)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["region", "code"], name="grid_code"),
        ]

    def __str__(self) -> str:
        return self.name


class GridVisit(ScopedRecord):
    """How many households of a grid were called on, on a day and about what. No household is named."""

    grid = models.ForeignKey(Grid, models.CASCADE, related_name="visits")
    day = models.DateField(_("day"))
    households = models.PositiveIntegerField(_("households called on"))
    about = models.CharField(_("what about"), max_length=120)

    view_permission = "organizations.view"
    scope_units = ("grid__unit_id",)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["grid", "day"], name="visit_grid")]

    def __str__(self) -> str:
        return f"{self.grid} {self.day}"


class ContractedArea(ScopedRecord):
    """A leader's contracted area (包联): which leader answers for which territory or grid."""

    leader = models.ForeignKey(Post, models.CASCADE, related_name="contracted_areas")
    unit = models.ForeignKey(Unit, models.CASCADE, related_name="contracted_areas")
    name = models.CharField(_("area"), max_length=80)
    starts = models.DateField(_("from"))
    ends = models.DateField(_("until"), null=True, blank=True)

    view_permission = "organizations.view"
    scope_units = ("unit_id",)

    def __str__(self) -> str:
        return self.name


class Handover(ScopedRecord):
    """A post changes hands: what was open on that day, signed by who leaves and who comes, or entered from paper.

    `items` is the sheet as it was: [{title, lines: [[text, second, end]]}]. The matters themselves follow the post.
    """

    post = models.ForeignKey(Post, models.CASCADE, related_name="handovers")
    slot = models.CharField(max_length=1, choices=Slot, default=Slot.A)
    leaving = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    coming = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    day = models.DateField(_("day"))
    items = models.JSONField(default=list)
    note = models.TextField(_("what else to know"), blank=True)
    left_at = models.DateTimeField(null=True, blank=True)
    taken_at = models.DateTimeField(null=True, blank=True)

    view_permission = "organizations.view"
    scope_units = ("post__unit_id",)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["region", "day"], name="handover_day")]

    def __str__(self) -> str:
        return f"{self.post} {self.day}"

    @property
    def is_signed(self) -> bool:
        return self.taken_at is not None and (self.left_at is not None or self.leaving_id is None)


class RoleGrant(ScopedRecord):
    """A role held at a unit; it covers the unit's subtree while it lasts."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="role_grants")
    role = models.CharField(
        _("role"), max_length=16, choices=[(role.value, label) for role, label in ROLE_LABELS.items()]
    )
    unit = models.ForeignKey(Unit, models.CASCADE, related_name="role_grants")
    starts = models.DateField(_("from"))
    ends = models.DateField(_("until"), null=True, blank=True)

    view_permission = "organizations.view"
    scope_units = ("unit_id",)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["user", "role"], name="grant_user")]

    def __str__(self) -> str:
        return f"{self.user} {self.get_role_display()} {self.unit}"
