"""The command `found`: the first region of an empty site and the administrator who opens it to everybody else."""

from __future__ import annotations

import re
from argparse import Namespace

from chuangwen.config.refusing import load_settings

load_settings()

from django.core.management import call_command  # noqa: E402 (models want Django set up)
from django.db import transaction  # noqa: E402

from chuangwen.accounts.models import User  # noqa: E402
from chuangwen.accounts.roles import Role  # noqa: E402
from chuangwen.accounts.services.passwords import initial_password, set_password  # noqa: E402
from chuangwen.audit.services import record  # noqa: E402
from chuangwen.config.site_commands import say  # noqa: E402
from chuangwen.core.models import Region  # noqa: E402
from chuangwen.honors.services import ensure_defaults as begin_titles  # noqa: E402
from chuangwen.organizations.services import found_region, grant_role  # noqa: E402
from chuangwen.reports.services import ensure_defaults as begin_papers  # noqa: E402
from chuangwen.supervision.services import ensure_defaults as begin_supervision  # noqa: E402

CODE = re.compile(r"[a-z][a-z0-9-]{1,23}")
LOGIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{1,39}")


def found(args: Namespace) -> int:
    """Make the region and its administrator, all or nothing; print the first password, changed at the first sign-in."""
    if why := _wrong(args):
        say(why)
        return 1
    call_command("migrate", verbosity=0, interactive=False)
    if Region.objects.filter(code=args.code).exists():
        say(f"There is a region {args.code!r} already. Choose another code.")
        return 1
    if User.objects.filter(username__iexact=args.admin).exists():
        say(f"The account {args.admin!r} is already in use. Choose another one.")
        return 1
    password = initial_password()
    with transaction.atomic():
        root = found_region(args.code, args.name, actor=None)
        user = User.objects.create_user(args.admin, name=args.person or args.admin, region=root.region)
        record("accounts.person.create", user, actor=None, data={"account": args.admin})
        set_password(user, password, actor=None, must_change=True)
        grant_role(user, Role.ADMINISTRATOR, root, actor=None)
        begin_region(root.region)
    say(f"founded: {args.name} ({args.code})")
    say(f"administrator: {args.admin}")
    say(f"password, to be changed at the first sign-in: {password}")
    say("written: the ladder of notices, numbers of flags and lists, titles with their conditions, forms of papers;")
    say("         each with its source, to be changed by the campaign office")
    say("Next: sign in, make an account for the campaign office and give it that role at the region's unit.")
    return 0


def begin_region(region: Region) -> None:
    """What a region begins with: rules and tables as they are customary or proposed, rows that its office changes.

    Writes only what is not there: nothing that an office has changed or ended comes back.
    """
    begin_supervision(region, actor=None)
    begin_titles(region, None)
    begin_papers(region, actor=None)


def _wrong(args: Namespace) -> str:
    """What is wrong with the words of the command, and what would be right; nothing where all is well."""
    if not args.name.strip() or len(args.name) > 60:
        return "A region's name has 1 to 60 characters."
    if not CODE.fullmatch(args.code):
        return "A region's code has 2 to 24 small letters, digits and hyphens and begins with a letter: yunxi."
    if not LOGIN.fullmatch(args.admin):
        return "An account has 2 to 40 letters, digits, points, hyphens and underscores: admin."
    return ""
