"""A unit's dossiers as one ZIP for applications and reviews: folders by criterion, a table of contents in front."""

from __future__ import annotations

import re
import zipfile
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from chuangwen.campaigns.models import Campaign
from chuangwen.evidence.models import Dossier, Link, Piece
from chuangwen.evidence.papers import excel, lines_of, links_by_dossier, word
from chuangwen.evidence.queries.dossiers import files_of
from chuangwen.organizations.models import Unit

CHUNK = 1024 * 1024
LONGEST_NAME = 60
_UNSAFE = re.compile(r'[\\/:*?"<>|\x00-\x1f]+')


def write_package(
    target: Path, campaign: Campaign, unit: Unit, year: int, dossiers: Sequence[Dossier],
    *, step: Callable[[], None] = lambda: None,
) -> int:  # fmt: skip
    """Write the ZIP into `target`; returns how many files of pieces are in it. `step` after each dossier.

    Every file stands in the folder of each dossier that uses it, with the number that the table of contents gives it.
    """
    links, files = links_by_dossier(dossiers), 0
    lines, folders = lines_of(dossiers, links), _folders(dossiers, unit)
    attached = files_of({link.piece_id for some in links.values() for link in some})
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(_("Contents") + ".docx", word(campaign, unit, year, lines))
        archive.writestr(_("Contents") + ".xlsx", excel(campaign, unit, year, lines))
        conclusion = _("Conclusion")
        for dossier in dossiers:
            folder = folders[dossier.pk]
            archive.writestr(f"{folder}/{conclusion}.txt", _cover(dossier))
            for place, link in enumerate(links[dossier.pk], 1):
                attachment = attached.get(link.piece_id)
                if attachment is None:
                    archive.writestr(f"{folder}/{place:02d} {_safe(link.piece.title)}.txt", _words(link))
                    continue
                name = f"{folder}/{place:02d} {_safe(link.piece.title)}{Path(attachment.name).suffix[:6]}"
                with default_storage.open(attachment.file.storage_name) as source, archive.open(name, "w") as kept:
                    while piece := source.read(CHUNK):
                        kept.write(piece)
                files += 1
            step()
    return files


def package_name(unit: Unit, year: int) -> str:
    return _("%(unit)s dossiers %(year)d") % {"unit": unit, "year": year} + ".zip"


def _folders(dossiers: Sequence[Dossier], unit: Unit) -> dict[int, str]:
    """Each dossier's folder; criteria that are called alike in two standards have one each."""
    found: dict[int, str] = {}
    seen: Counter[str] = Counter()
    for dossier in dossiers:
        name = _safe(f"{dossier.node.code} {dossier.node.title}")
        if dossier.unit_id != unit.pk:
            name = f"{_safe(str(dossier.unit))}/{name}"
        seen[name] += 1
        found[dossier.pk] = name if seen[name] == 1 else f"{name} ({seen[name]})"
    return found


def _cover(dossier: Dossier) -> str:
    told = {"filled": dossier.slots_filled, "needed": dossier.slots_needed}
    rows = [
        f"{dossier.node.code} {dossier.node.title}",
        str(dossier.unit),
        _("%(filled)d of %(needed)d slots filled") % told,
        dossier.get_state_display(),
        "",
        dossier.conclusion,
    ]
    return "\r\n".join(map(str, rows)) + "\r\n"


def _words(link: Link) -> str:
    piece: Piece = link.piece
    parts = [piece.title, piece.document_number, piece.text, piece.person, piece.deed, piece.spirit, link.passage]
    return "\r\n\r\n".join(part for part in parts if part) + "\r\n"


def _safe(name: str) -> str:
    return _UNSAFE.sub(" ", name).strip(" .")[:LONGEST_NAME].strip() or "-"
