"""The words of titles: kinds of rules, states, outcomes."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Channel(models.TextChoices):
    """How an objection reached the office."""

    PAPER = "paper", _("By letter, call or visit")
    NET = "net", _("Over the public page")


class RuleKind(models.TextChoices):
    """What a condition for applying looks at (eligibility.py holds the same words as plain text)."""

    HELD = "held", _("A lower title held for some time")
    CIVIL_SHARE = "civil-share", _("Share of civil offices")
    CIVIL_COUNT = "civil-count", _("Number of civil offices")
    MODEL_COUNT = "model-count", _("Number of model offices")
    DOSSIERS = "dossiers", _("Share of complete dossiers")
    SELF_SCORE = "self-score", _("Points of the self-assessment")
    LAST_SCORE = "last-score", _("Points of the last assessment")
    NO_VETO = "no-veto", _("No veto event for some time")
    NO_CARD = "no-card", _("No yellow card, not suspended")
    NOT_BARRED = "not-barred", _("Not barred by a delisting")
    NO_CONSEQUENCE = "no-consequence", _("Not barred by a consequence in force")
    NOT_HELD = "not-held", _("Does not hold this title yet")
    VOLUNTEERS = "volunteers", _("Share of registered volunteers among the staff")
    VOLUNTEER_HOURS = "volunteer-hours", _("Volunteer hours for each registered volunteer")
    CONSENT = "consent", _("The family agreed and has seen the text")
    RECOMMENDER = "recommender", _("The recommending unit is not barred itself")
    BY_HAND = "by-hand", _("Another condition, judged by a person")


class Paper(models.TextChoices):
    """The papers of a programme that an authority may have a form of its own for."""

    FORM = "form", _("Application form")
    REVIEW = "review", _("Review form")
    SUMMARY = "summary", _("Summary")


class ProgrammeState(models.TextChoices):
    PREPARING = "preparing", _("Being prepared")
    OPEN = "open", pgettext_lazy("programme", "Open")
    DELIBERATED = "deliberated", _("Deliberated")
    NOTICED = "noticed", _("On public notice")
    AWARDED = "awarded", pgettext_lazy("programme", "Awarded")
    CANCELLED = "cancelled", pgettext_lazy("programme", "Cancelled")


class ApplicationState(models.TextChoices):
    DRAFT = "draft", _("Being written")
    SUBMITTED = "submitted", pgettext_lazy("application", "Submitted")
    REVIEWED = "reviewed", pgettext_lazy("application", "Reviewed")
    RECOMMENDED = "recommended", _("Recommended")
    RESERVE = "reserve", _("In reserve")
    PASSED_OVER = "passed-over", _("Not recommended")
    NOTICED = "noticed", _("On public notice")
    AWARDED = "awarded", pgettext_lazy("application", "Awarded")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", pgettext_lazy("application", "Withdrawn")


RUNNING_APPLICATIONS = (
    ApplicationState.DRAFT, ApplicationState.SUBMITTED, ApplicationState.REVIEWED, ApplicationState.RECOMMENDED,
    ApplicationState.RESERVE, ApplicationState.NOTICED,
)  # fmt: skip


class AwardState(models.TextChoices):
    VALID = "valid", pgettext_lazy("award", "In force")
    YELLOW = "yellow", _("Yellow card")
    SUSPENDED = "suspended", _("Suspended")
    DELISTED = "delisted", _("Delisted")
    LAPSED = "lapsed", _("Lapsed")
    CARRIED = "carried", _("Carried on by the successor")


STANDING_AWARDS = (AwardState.VALID, AwardState.YELLOW, AwardState.SUSPENDED)


class CardOutcome(models.TextChoices):
    LIFTED = "lifted", _("Lifted")
    DELISTED = "delisted", _("Led to delisting")
    ENDED = "ended", _("Ended with the title")


class CheckOutcome(models.TextChoices):
    """What a yearly re-verification comes to."""

    KEPT = "kept", pgettext_lazy("check", "Title kept")
    WARNED = "warned", _("Yellow card given")
    LOST = "lost", _("Title taken away")


class Ruling(models.TextChoices):
    """What an objection or an appeal comes to."""

    UPHELD = "upheld", _("Upheld")
    DISMISSED = "dismissed", _("Dismissed")


class FiguresState(models.TextChoices):
    """What becomes of a unit's yearly figures."""

    GIVEN = "given", pgettext_lazy("figures", "To be confirmed")
    CONFIRMED = "confirmed", pgettext_lazy("figures", "Confirmed")
    RETURNED = "returned", pgettext_lazy("figures", "Returned")
    REPLACED = "replaced", _("Replaced by later ones")


class ContestState(models.TextChoices):
    PLANNED = "planned", pgettext_lazy("contest", "Planned")
    JUDGED = "judged", _("Being judged")
    DECIDED = "decided", _("Decided")
    CANCELLED = "cancelled", pgettext_lazy("contest", "Cancelled")
