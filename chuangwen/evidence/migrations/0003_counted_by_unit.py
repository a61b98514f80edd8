from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0001_initial"),
        ("core", "0003_table_forms"),
        ("evidence", "0002_counted_from_the_index"),
        ("organizations", "0001_initial"),
        ("standards", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(model_name="dossier", name="dossier_unit"),
        migrations.RemoveIndex(model_name="dossier", name="dossier_missing"),
        migrations.AddIndex(
            model_name="dossier",
            index=models.Index(
                condition=models.Q(("missing_since__isnull", False)),
                fields=["campaign", "due_on", "state", "missing_since", "region"],
                name="dossier_lacking",
            ),
        ),
        migrations.AddIndex(
            model_name="dossier",
            index=models.Index(fields=["unit", "campaign", "state", "due_on", "missing_since"], name="dossier_of_unit"),
        ),
        # Until an index is counted the planner of SQLite guesses, and takes it where another one serves.
        migrations.RunSQL("ANALYZE evidence_dossier", migrations.RunSQL.noop),
    ]
