"""Forms of an authority that were taken into use or out of it, which core keeps and cannot audit."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from chuangwen.audit.services import record
from chuangwen.core.workbook_templates.services import form_changed


@receiver(form_changed, dispatch_uid="audit.form_changed")
def on_form_changed(sender: Any, form: Any, action: str, user: Any, data: Any, **_kwargs: Any) -> None:
    record(f"core.table_form.{action}", actor=user, region=form.region.code, data=data)
