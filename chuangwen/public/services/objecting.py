"""A stranger objects to a title on notice, and looks the answer up with the number alone."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from chuangwen.accounts.services.throttling import try_once
from chuangwen.core import clock
from chuangwen.core.errors import Refusal
from chuangwen.core.files.services import Upload
from chuangwen.core.models import Region
from chuangwen.honors.enums import Channel
from chuangwen.honors.models import Application, Objection
from chuangwen.honors.services import Complaint, enter_objection
from chuangwen.honors.services.papers import tell_office
from chuangwen.honors.workflow import AWARD
from chuangwen.public.models import ObjectionSlip
from chuangwen.public.papers import refuse_papers
from chuangwen.public.queries import objection_of
from chuangwen.public.slips import digest_of, new_slip

DAY_SECONDS, HOUR_SECONDS = 86_400, 3_600
MOST_A_DAY = 5  # objections from one address
MOST_WITH_PAPERS = 60  # objections with papers in a region on one day, so that strangers cannot fill the disk
MOST_LOOKUPS = 20  # numbers tried from one address in an hour
SHORTEST, LONGEST = 10, 2_000
MOST_LINKS = 2
LINK = re.compile(r"https?://|www\.", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody writes and attaches; who it is, where to answer and papers may stay empty."""

    text: str
    sender: str = ""
    contact: str = ""
    papers: tuple[Upload, ...] = ()


def raise_objection(application: Application, said: Said, *, address: str) -> str:
    """Take an objection that came over the public page; returns the number to look the answer up by.

    `address`: where the request came from; it is counted, not kept. The office's own service takes the objection and
    refuses what is not on notice today. Refused besides: too short, too long, links, the same words again, papers of
    another kind, too many. Papers hang on the objection, so who answers it reads them and nobody else; those of a
    refused one belong to nothing and are swept. Not to be called inside a transaction, since a try stays counted.
    """
    text = said.text.strip()
    _check(application, text)
    refuse_papers(said.papers)
    if not try_once("public-objection", address, limit=MOST_A_DAY, seconds=DAY_SECONDS):
        raise Refusal(
            _("Several objections came from your network today."), _("Write or call the office, or try again tomorrow.")
        )
    if said.papers and not try_once(
        "public-papers", application.region.code, limit=MOST_WITH_PAPERS, seconds=DAY_SECONDS
    ):
        raise Refusal(
            _("Very many papers came in today, so no more are taken over the net."),
            _("Send the objection without them and bring them to the office, or try again tomorrow."),
        )
    with transaction.atomic():
        complaint = Complaint(text, clock.today(), said.sender, said.contact, Channel.NET)
        made = enter_objection(application, complaint, actor=None, papers=said.papers)
        slip = new_slip(made.number)
        region = application.region
        ObjectionSlip.objects.create(region=region, objection=made, digest=digest_of(region.code, slip))
        url = reverse("honors:objection", args=[made.pk])
        tell_office(region, AWARD, _("Objection to be answered: %s") % application, url)
    return slip


def look_up(region: Region, slip: str, *, address: str) -> Objection:
    """The objection whose number is `slip`. Refused: no such number, or too many tried from the address."""
    if not try_once("public-lookup", address, limit=MOST_LOOKUPS, seconds=HOUR_SECONDS):
        raise Refusal(
            _("Too many numbers were tried from your network."), _("Try again in an hour, or call the office.")
        )
    found = objection_of(region, slip)
    if found is None:
        raise Refusal(
            _("There is no objection with this number."), _("Type it as it was shown, with its letters and digits.")
        )
    return found


def _check(application: Application, text: str) -> None:
    if len(text) < SHORTEST:
        raise Refusal(_("The objection is too short to be looked into."), _("Say what happened, when and where."))
    if len(text) > LONGEST:
        raise Refusal(
            _("The objection has more than %d characters.") % LONGEST, _("Shorten it, or bring papers to the office.")
        )
    if len(LINK.findall(text)) > MOST_LINKS:
        raise Refusal(
            _("The objection holds several links."), _("Say it in words; papers can be brought to the office.")
        )
    if Objection.objects.filter(application=application, text=text).exists():
        raise Refusal(_("The same words have been received already."), _("Look the answer up with the number you got."))
