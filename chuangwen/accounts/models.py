"""People who sign in, the devices they bound, and links that open one matter on such a device."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from chuangwen.core.access import Scope, scope_of
from chuangwen.core.models import Record, Region


class RegionPeople(models.QuerySet[Any]):
    """Rows about people, reached by those who manage or bind them in a whole region."""

    def visible_to(self, user: Any, permission: str = "") -> Self:
        """The rows whose people belong to a region in which `user` holds the permission over all units."""
        scope = scope_of(user, permission or self.model.view_permission)
        return self.filter(self.model.scope_filter(scope))


class UserManager(BaseUserManager.from_queryset(RegionPeople)):  # type: ignore[misc]
    """Makes users; there is no self-registration and no superuser."""

    def create_user(self, username: str, *, name: str, password: str | None = None, **fields: Any) -> User:
        user: User = self.model(username=username, name=name, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """A person with an account. What the person may do hangs on role grants (organizations)."""

    username = models.CharField(_("account"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=40)
    phone = models.CharField(_("mobile"), max_length=20, blank=True)
    email = models.EmailField(_("email"), blank=True)
    region = models.ForeignKey(Region, models.PROTECT, null=True, blank=True, related_name="people")
    is_active = models.BooleanField(_("active"), default=True)
    must_change_password = models.BooleanField(default=False)
    password_changed_at = models.DateTimeField(null=True)
    keys_off = models.BooleanField(_("single-key commands off"), default=False)
    roomy = models.BooleanField(_("roomy rows"), default=False)
    language = models.CharField(max_length=10, blank=True)
    date_joined = models.DateTimeField(auto_now_add=True)

    objects = UserManager()
    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    view_permission: ClassVar[str] = "accounts.manage"

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["region", "username"], name="user_region"),
            models.Index(fields=["phone"], name="user_phone"),
        ]

    def __str__(self) -> str:
        return self.name or self.username

    @classmethod
    def scope_filter(cls, scope: Scope) -> models.Q:
        return models.Q(region_id__in=scope.regions)

    def get_short_name(self) -> str:
        return self.name or self.username

    def get_full_name(self) -> str:
        return self.name or self.username


class OldPassword(models.Model):
    """The hash of a password that was in use, so that it does not come back at once."""

    user = models.ForeignKey(User, models.CASCADE, related_name="old_passwords")
    password = models.CharField(max_length=128)
    set_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.user_id} {self.set_at:%Y-%m-%d}"


class Throttle(models.Model):
    """Counts tries of one kind until a moment; shared by all processes. `key` is a hash of what is counted."""

    key = models.CharField(max_length=64, unique=True)
    count = models.PositiveIntegerField(default=0)
    until = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.key[:8]} {self.count}"


class BindingCode(Record):
    """A code that the office hands to a person to bind one device, once."""

    user = models.ForeignKey(User, models.CASCADE, related_name="binding_codes")
    code_hash = models.CharField(max_length=64)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    issued_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.user} {self.expires_at:%Y-%m-%d %H:%M}"


class Device(Record):
    """A phone or computer that its owner bound with a code; known by a cookie it keeps."""

    user = models.ForeignKey(User, models.CASCADE, related_name="devices")
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    secret_hash = models.CharField(max_length=64, unique=True)
    label = models.CharField(_("device"), max_length=120)
    last_seen_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    objects = RegionPeople.as_manager()
    view_permission: ClassVar[str] = "accounts.bind"

    @classmethod
    def scope_filter(cls, scope: Scope) -> models.Q:
        return models.Q(user__region_id__in=scope.regions)

    def __str__(self) -> str:
        return self.label


class MatterLink(Record):
    """A link that opens one matter for one post holder, without a password, on a bound device."""

    region = models.ForeignKey(Region, models.PROTECT, related_name="+")
    user = models.ForeignKey(User, models.CASCADE, related_name="matter_links")
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    post = models.CharField(_("post"), max_length=120, blank=True)  # in words, as it was when the link was made
    kind = models.CharField(max_length=60)
    object_id = models.BigIntegerField()
    title = models.CharField(_("matter"), max_length=200, blank=True)  # in words, as it was when the link was made
    token_hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)
    uses = models.PositiveIntegerField(default=0)
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    objects = RegionPeople.as_manager()
    view_permission: ClassVar[str] = "accounts.bind"

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["kind", "object_id"], name="link_matter"),
            models.Index(fields=["region", "-created_at"], name="link_region"),
        ]

    @classmethod
    def scope_filter(cls, scope: Scope) -> models.Q:
        return models.Q(region_id__in=scope.regions)

    def __str__(self) -> str:
        return f"{self.title or f'{self.kind} {self.object_id}'} → {self.user}"
