"""A weekly report keeps until when it is to be confirmed; those that are there get the Friday of their week."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import migrations, models

SHANGHAI = ZoneInfo("Asia/Shanghai")


def fill(apps, _editor):
    rows = apps.get_model("responsibilities", "WeekReport").objects
    for monday in rows.order_by("monday").values_list("monday", flat=True).distinct():
        friday = datetime.combine(monday + timedelta(days=4), time(17, 30), SHANGHAI)
        rows.filter(monday=monday).update(due_at=friday)


class Migration(migrations.Migration):
    dependencies = [("responsibilities", "0007_duties_by_kind")]

    operations = [
        migrations.AddField("weekreport", "due_at", models.DateTimeField(null=True, verbose_name="deadline")),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AlterField("weekreport", "due_at", models.DateTimeField(verbose_name="deadline")),
        migrations.AlterField(
            "weekreport",
            "state",
            models.CharField(
                choices=[("open", "Not confirmed yet"), ("confirmed", "Confirmed"), ("waived", "Let off")],
                default="open",
                max_length=10,
                verbose_name="state",
            ),
        ),
        migrations.AddIndex("weekreport", models.Index(fields=["region", "state", "due_at"], name="week_report_due")),
    ]
