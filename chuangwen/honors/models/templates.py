"""The authority's own Word forms that papers of a programme or of a title are filled into."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from chuangwen.campaigns.models import Title
from chuangwen.core.models import Attachment, RegionRecord
from chuangwen.honors.enums import Paper
from chuangwen.honors.models.programmes import PERSON, Programme


class FormTemplate(RegionRecord):
    """A Word template of one paper, of a programme or of all programmes for a title. Replaced ones stay as history."""

    programme = models.ForeignKey(Programme, models.PROTECT, null=True, related_name="form_templates")
    title = models.ForeignKey(Title, models.PROTECT, null=True, related_name="form_templates")
    paper = models.CharField(_("paper"), max_length=8, choices=Paper)
    attachment = models.ForeignKey(Attachment, models.PROTECT, null=True, related_name="+")
    placeholders = models.JSONField(default=list)
    taken_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)

    view_permission = "honors.edit"

    class Meta:
        ordering: ClassVar[list[str]] = ["-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(programme__isnull=True) ^ models.Q(title__isnull=True), name="template_of_one"
            ),
            models.UniqueConstraint(
                fields=["programme", "paper"], name="template_of_programme", condition=models.Q(ended_at__isnull=True)
            ),
            models.UniqueConstraint(
                fields=["title", "paper"], name="template_of_title", condition=models.Q(ended_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.programme or self.title} {self.get_paper_display()}"
