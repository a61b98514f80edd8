"""What an administrator or the office does to other people's accounts, within the own region."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils.translation import gettext as _

from chuangwen.accounts.lockout import clear_lockout
from chuangwen.accounts.models import BindingCode, Device, MatterLink, User
from chuangwen.accounts.roles import Role
from chuangwen.accounts.services.passwords import initial_password, set_password
from chuangwen.accounts.services.sessions import end_other_sessions
from chuangwen.accounts.services.throttling import forget_tries
from chuangwen.audit.services import record
from chuangwen.core import clock
from chuangwen.core.access import roles_held, scope_of
from chuangwen.core.errors import Refusal
from chuangwen.core.models import Region

GUARDED = frozenset({Role.ADMINISTRATOR.value, Role.AUDITOR.value, Role.OFFICE.value})


def create_person(region: Region, *, actor: User, username: str, name: str, phone: str = "") -> tuple[User, str]:
    """Make an account; returns it with its first password, which is shown once and changed at the first sign-in."""
    if User.objects.filter(username__iexact=username).exists():
        raise Refusal(_("The account “%s” is already in use.") % username, _("Choose another one."))
    if region.pk not in scope_of(actor, "accounts.manage").regions:
        raise Refusal(_("This region is not yours."), _("Choose your own region."))
    password = initial_password()
    with transaction.atomic():
        user = User.objects.create_user(username, name=name, phone=phone, region=region)
        record("accounts.person.create", user, actor=actor, data={"account": username})
        set_password(user, password, actor=actor, must_change=True)
    return user, password


def edit_person(user: User, *, actor: User, name: str, phone: str) -> None:
    """Put name and mobile right. The mobile names a person at binding, so a change of it is guarded too."""
    _check(user, actor)
    before = {"name": user.name, "phone": user.phone}
    after = {"name": name, "phone": phone}
    if before == after:
        return
    with transaction.atomic():
        User.objects.filter(pk=user.pk).update(**after)
        user.name, user.phone = name, phone
        record("accounts.person.edit", user, actor=actor, data={"before": before, "after": after})


def reset_password(user: User, *, actor: User) -> str:
    """A new first password, shown once; the person's sessions end and failed tries are forgotten."""
    _check(user, actor)
    password = initial_password()
    with transaction.atomic():
        set_password(user, password, actor=actor, must_change=True)
        end_other_sessions(user, present_key="")
        clear_lockout(user.username)
    return password


def unlock_person(user: User, *, actor: User) -> None:
    """Forget the failed tries of an account, wherever they came from."""
    _check(user, actor)
    with transaction.atomic():
        clear_lockout(user.username)
        forget_tries("mfa", str(user.pk))
        record("accounts.person.unlock", user, actor=actor)


def close_person(user: User, *, actor: User) -> None:
    """Close an account: sessions, devices, codes and links end. What the person did stays under the name."""
    _check(user, actor)
    if user.pk == actor.pk:
        raise Refusal(_("This is your own account."), _("Ask another administrator to close it."))
    now = clock.now()
    with transaction.atomic():
        if not User.objects.filter(pk=user.pk, is_active=True).update(is_active=False):
            return
        user.is_active = False
        end_other_sessions(user, present_key="")
        Device.objects.filter(user=user, withdrawn_at__isnull=True).update(withdrawn_at=now)
        MatterLink.objects.filter(user=user, withdrawn_at__isnull=True).update(withdrawn_at=now)
        BindingCode.objects.filter(user=user, used_at__isnull=True, expires_at__gt=now).update(expires_at=now)
        record("accounts.person.close", user, actor=actor)


def reopen_person(user: User, *, actor: User) -> None:
    """Open a closed account again. Devices have to be bound anew."""
    _check(user, actor)
    with transaction.atomic():
        if User.objects.filter(pk=user.pk, is_active=False).update(is_active=True):
            user.is_active = True
            record("accounts.person.reopen", user, actor=actor)


def remove_second_factor(user: User, *, actor: User) -> None:
    """Take the second factor off for somebody who lost phone and recovery codes; sessions end."""
    _check(user, actor)
    with transaction.atomic():
        if Authenticator.objects.filter(user=user).delete()[0]:
            end_other_sessions(user, present_key="")
            record("accounts.factor.remove", user, actor=actor)


def guard_person(user: User, actor: User) -> str:
    """Why `actor` may not touch the account of `user`, or "".

    Who could set an administrator's or an auditor's password would hold their rights, and who could set a
    colleague's in the office would be the second person of four eyes: only an administrator does that
    (separated duties).
    """
    if user.region_id not in scope_of(actor, "accounts.manage").regions:
        return _("This account belongs to another region.")
    if user.pk != actor.pk and GUARDED & roles_held(user) and Role.ADMINISTRATOR.value not in roles_held(actor):
        return _(
            "The accounts of administrators, auditors and the campaign office are looked after by an administrator."
        )
    return ""


def _check(user: User, actor: User) -> None:
    if reason := guard_person(user, actor):
        raise Refusal(reason, _("Ask an administrator of that region."))
