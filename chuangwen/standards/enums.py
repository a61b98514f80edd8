"""The words of the standard file as choices with their names for people (tree.py holds the same as plain types)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Subject(models.TextChoices):
    """Whom a standard assesses."""

    CITY = "city", _("City")
    DISTRICT = "district", _("District")
    COUNTY = "county", _("County")
    UNIT = "unit", _("Unit")
    SCHOOL = "school", _("School")
    VILLAGE = "village", _("Village")
    FAMILY = "family", _("Family")
    OFFICE = "office", pgettext_lazy("subject", "Office")


class Method(models.TextChoices):
    """How a criterion is judged (测评方法)."""

    MATERIAL = "material", _("Material")
    FIELD = "field", _("Field")
    SURVEY = "survey", _("Survey")
    REPORT = "report", _("Report")
    IMPRESSION = "impression", _("Impression")
    RECORD = "record", pgettext_lazy("method", "Record")


class ProblemClass(models.TextChoices):
    """How fast a problem must go (practice.md, Default deadlines by problem type)."""

    IMMEDIATE = "immediate", _("Immediate")
    LIMITED = "limited", _("Limited time")
    LONG_TERM = "long-term", _("Long-term")


class EvidenceKind(models.TextChoices):
    """What fills an evidence slot."""

    DOCUMENT = "document", _("Document")
    PHOTO = "photo", _("Photo")
    STATEMENT = "statement", _("Statement")
    RECORD = "record", pgettext_lazy("evidence", "Record")
    VIDEO = "video", _("Video")
    TABLE = "table", _("Table")


class VetoEffect(models.TextChoices):
    """What a veto does to the result."""

    VETO = "veto", _("Veto")
    CAP = "cap", _("Total capped")
    DEDUCT = "deduct", _("Points deducted")


class TimeUnit(models.TextChoices):
    """The unit of a time limit, as core.workdays reads it."""

    WORKING_HOURS = "h", _("working hours")
    WORKING_DAYS = "d", _("working days")
    CLOCK_HOURS = "H", _("hours by the clock")


class UploadStatus(models.TextChoices):
    """How far an uploaded file has come."""

    READING = "reading", _("Being read")
    FAULTY = "faulty", _("Has faults")
    READY = "ready", _("Ready to publish")
    PUBLISHED = "published", _("Published")
