"""The table role x permission.

A role is held at a unit and covers its subtree (organizations.RoleGrant). Permissions are
named `<area>.<verb>`; `<area>.view` lets a person read. Level three of 等级保护 2.0 (GB/T 22239,
8.1.5) asks for separated duties: the administrator keeps people, roles and settings but decides no
content, the auditor only reads, and who runs the machine needs no account at all. Who may give which
role stands in GRANTABLE (docs/operations.md, Who may do what).
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Role(StrEnum):
    """Who somebody is at a unit."""

    ADMINISTRATOR = "administrator"
    OFFICE = "office"
    LEADER = "leader"
    LIAISON = "liaison"
    KEEPER = "keeper"
    INSPECTOR = "inspector"
    VERIFIER = "verifier"
    ASSESSOR = "assessor"
    AUDITOR = "auditor"


ROLE_LABELS = {
    Role.ADMINISTRATOR: _("Administrator"),
    Role.OFFICE: _("Campaign office"),
    Role.LEADER: _("Leader"),
    Role.LIAISON: _("Liaison"),
    Role.KEEPER: _("Keeper"),
    Role.INSPECTOR: pgettext_lazy("role", "Inspector"),
    Role.VERIFIER: _("Verifier"),
    Role.ASSESSOR: _("Assessor"),
    Role.AUDITOR: _("Auditor"),
}

_READ = frozenset(
    {
        "organizations.view", "standards.view", "campaigns.view", "responsibilities.view", "places.view",
        "inspections.view", "rectification.view", "directives.view", "directives.attend", "scoring.view",
        "evidence.view", "supervision.view", "supervision.referrals", "honors.view", "reports.view",
    }
)  # fmt: skip

ROLE_PERMISSIONS: Mapping[Role, frozenset[str]] = {
    Role.ADMINISTRATOR: frozenset(
        {
            "organizations.view", "organizations.edit", "accounts.manage", "accounts.bind", "notifications.edit",
            "standards.view", "campaigns.view", "places.view",
        }
    ),
    Role.OFFICE: _READ
    | {
        "organizations.visit", "organizations.classify",
        "organizations.edit", "standards.edit", "campaigns.edit", "responsibilities.edit", "responsibilities.confirm",
        "responsibilities.answer", "responsibilities.instruct",  # the last one from paper (代录)
        "places.edit", "inspections.plan", "inspections.draw", "inspections.assess",  # the last one from paper (代录)
        "rectification.report", "rectification.assign",
        "rectification.verify", "rectification.rule", "rectification.route", "directives.edit", "scoring.run",
        "directives.answer",  # for a unit, from paper
        "rectification.answer",  # for a unit, from paper (代录); the service keeps both names
        "evidence.edit", "evidence.give", "evidence.review",
        "evidence.approve",  # from the leader's signed sheet (代录), never what the same person reviewed first
        "supervision.edit", "supervision.sign", "supervision.answer", "supervision.veto", "supervision.refer",
        "honors.edit", "honors.review", "honors.award",
        "honors.apply", "honors.contest",  # for a unit, from paper (代录)
        "honors.deliberate",  # for the guiding group, from its minutes (代录)
        "accounts.manage", "accounts.bind", "notifications.edit",
        "reports.draft", "reports.approve", "reports.issue", "reports.arrange", "reports.release", "public.arrange",
        "reports.receive",  # for a unit, from paper
    },
    Role.LEADER: _READ
    | {
        "rectification.renew", "evidence.approve", "supervision.sign_red", "supervision.veto",
        "responsibilities.instruct", "reports.approve", "reports.release", "honors.deliberate",
        "directives.sign",
    },
    Role.LIAISON: frozenset(
        {
            "organizations.visit", "organizations.classify", "organizations.view", "standards.view", "campaigns.view",
            "responsibilities.view", "responsibilities.answer", "directives.attend", "directives.answer",
            "places.view", "rectification.view", "rectification.report", "rectification.answer", "scoring.view_own",
            "evidence.view", "evidence.give", "supervision.view", "supervision.answer",
            "reports.view", "reports.receive",
            "honors.view", "honors.apply", "honors.contest",
        }
    ),
    Role.KEEPER: frozenset({"places.view", "rectification.view", "rectification.answer"}),
    Role.INSPECTOR: frozenset({"standards.view", "inspections.inspect", "rectification.report"}),
    Role.VERIFIER: frozenset({"standards.view", "places.view", "rectification.view", "rectification.verify"}),
    Role.ASSESSOR: frozenset(
        {
            "standards.view", "campaigns.view", "places.view", "inspections.view", "inspections.draw",
            "inspections.assess", "scoring.view", "evidence.view", "honors.view", "honors.review",
        }
    ),
    Role.AUDITOR: _READ | {"audit.view"},
}  # fmt: skip


# What a holder of the first may give and take away, at the own unit and below; never to or from the own account.
GRANTABLE: Mapping[Role, frozenset[Role]] = {
    Role.ADMINISTRATOR: frozenset(Role),
    Role.OFFICE: frozenset(
        {Role.LEADER, Role.LIAISON, Role.KEEPER, Role.INSPECTOR, Role.VERIFIER, Role.ASSESSOR}
    ),
}  # fmt: skip
HELD_ALONE = frozenset({Role.ADMINISTRATOR, Role.AUDITOR})  # with no other role: they watch over who decides


def permissions_of(role: str) -> frozenset[str]:
    """What a role allows; nothing for an unknown name."""
    try:
        return ROLE_PERMISSIONS[Role(role)]
    except ValueError:
        return frozenset()


def roles_with(permission: str) -> frozenset[Role]:
    """The roles that allow `permission`."""
    return frozenset(role for role, allowed in ROLE_PERMISSIONS.items() if permission in allowed)
