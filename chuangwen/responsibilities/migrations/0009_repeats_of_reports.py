"""What was asked twice keeps its unit and words itself, since a written report can be asked twice like a task."""

from django.db import migrations, models


def fill(apps, _editor):
    rows = apps.get_model("responsibilities", "RepeatedRequest").objects.select_related("task")
    for row in rows.iterator(chunk_size=500):
        row.unit_id, row.title, row.url = row.task.unit_id, row.task.title[:300], f"/tasks/{row.task_id}/"
        row.save(update_fields=["unit", "title", "url"])


class Migration(migrations.Migration):
    dependencies = [("organizations", "0003_unit_of_no_kind"), ("responsibilities", "0008_week_deadlines")]

    operations = [
        migrations.AddField(
            "repeatedrequest",
            "unit",
            models.ForeignKey(null=True, on_delete=models.PROTECT, related_name="+", to="organizations.unit"),
        ),
        migrations.AddField(
            "repeatedrequest",
            "title",
            models.CharField(default="", max_length=300, verbose_name="asked for"),
            preserve_default=False,
        ),
        migrations.AddField("repeatedrequest", "url", models.CharField(default="", max_length=300), False),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AlterField(
            "repeatedrequest",
            "unit",
            models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="organizations.unit"),
        ),
        migrations.AlterField(
            "repeatedrequest",
            "task",
            models.ForeignKey(null=True, on_delete=models.CASCADE, related_name="repeats", to="responsibilities.task"),
        ),
    ]
