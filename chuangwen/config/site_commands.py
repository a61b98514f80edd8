"""The commands that work on a site's own data: `audit`, `backup`, `restore`."""

from __future__ import annotations

import re
import sys
from argparse import Namespace

from chuangwen.config.refusing import load_settings

load_settings()

from django.core.management import call_command  # noqa: E402 (models want Django set up)

from chuangwen.audit.queries import Head, compare_heads, verify_chain  # noqa: E402
from chuangwen.config.backup import BadArchive, NotEmpty, restore_site, write_backup  # noqa: E402

REASONS = {
    "missing": "it is missing",
    "changed": "its content does not fit its digest",
    "reordered": "it does not follow from the entry before it",
    "cut": "the chain was cut or lengthened here: its head says otherwise",
    "unreadable": "its hash is none that this machine's OpenSSL has; verify on another machine",
    "rewritten": "it is not the one that the kept heads name: the chain was rewritten or cut",
}


def verify_audit(args: Namespace) -> int:
    """Print ok with the number of entries and the heads; or the first broken entry of each chain, and end with 1."""
    try:
        kept = read_heads(args.heads.read_text(encoding="utf-8")) if args.heads else []
    except (OSError, ValueError) as error:
        told = f"{error.strerror}. Check the name and the rights." if isinstance(error, OSError) else error
        say(f"{args.heads}: {told}")
        return 1
    verdict = verify_chain(args.region)
    breaks = verdict.breaks + compare_heads(head for head in kept if args.region in {"", head.region_code})
    for fault in breaks:
        say(f"broken: region {fault.region_code}, entry {fault.sequence}: {REASONS[fault.reason]}")
    if breaks:
        return 1
    if args.region and args.region not in verdict.heads:
        say(f"There is no chain of a region {args.region!r}. Without --region all are verified.")
        return 1
    say(f"ok: {verdict.entries} entries")
    for region, head in sorted(verdict.heads.items()):
        say(f"{region}\t{head}")
    return 0


def read_heads(text: str) -> list[Head]:
    """The lines that `audit head` printed, at one time or at several. Raises ValueError naming the line."""
    heads = []
    for number, line in enumerate(text.splitlines(), 1):
        found = re.fullmatch(r"(\S+)\t(\d{1,18})\t([0-9a-f]{64})?", line)
        if not found:
            raise ValueError(f"line {number} is no head. Keep the output of “audit head” as it is.")
        heads.append(Head(found[1], int(found[2]), found[3] or ""))
    return heads


def print_heads(_args: Namespace) -> int:
    """Print region, length and head of each chain. Kept elsewhere, they show later that nothing was rewritten."""
    from chuangwen.audit.models import Chain  # noqa: PLC0415

    for chain in Chain.objects.order_by("region_code"):
        say(f"{chain.region_code}\t{chain.length}\t{chain.head}")
    return 0


def verify_score(args: Namespace) -> int:
    """Compute a run again from its frozen input; name what differs and end with 1, or say ok."""
    from chuangwen.scoring.models import Run  # noqa: PLC0415
    from chuangwen.scoring.services import verify_run  # noqa: PLC0415

    run = Run.objects.select_related("round", "version", "observations").filter(pk=args.number).first()
    if run is None:
        say(f"There is no run {args.number}. Its number stands in the address of its page: /scores/12/ is run 12.")
        return 1
    differing = verify_run(run)
    if differing:
        say(f"differs: {', '.join(differing)}")
        return 1
    say(f"ok: {run}, {run.rows} rows, observations {run.observations.sha256}")
    return 0


def back_up(args: Namespace) -> int:
    """Write the archive. Ends with 1 where bytes were missing for a file that the database knows."""
    if args.file.exists():
        say(f"{args.file} is there already. Choose another name; a backup never overwrites.")
        return 1
    try:
        made = write_backup(args.file)
    except OSError as error:
        say(f"The backup could not be written ({error.strerror}). Choose a folder that is there and has room.")
        return 1
    say(f"{args.file}: {made.rows} rows, {made.files} files, sha256 {made.digest}")
    for name in made.missing[:20]:
        say(f"missing: the database knows the file {name}, the storage does not have it")
    return 1 if made.missing else 0


def restore(args: Namespace) -> int:
    """Bring the site back from an archive, all or nothing."""
    if not args.file.is_file():
        say(f"{args.file}: There is no such file. Check the name. Nothing was changed.")
        return 1
    call_command("migrate", verbosity=0, interactive=False)
    try:
        done = restore_site(args.file, replace=args.yes)
    except NotEmpty:
        say("This site holds data. Restoring replaces all of it; to do so say --yes.")
        return 1
    except BadArchive as fault:
        say(f"{args.file}: {fault} Nothing was changed.")
        return 1
    say(f"restored: {done.rows} rows, {done.files} files; the audit chain is whole ({done.entries} entries)")
    return 0


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
