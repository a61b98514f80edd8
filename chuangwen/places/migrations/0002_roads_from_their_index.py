from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0003_table_forms"),
        ("organizations", "0001_initial"),
        ("places", "0001_initial"),
        ("standards", "0001_initial"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="place",
            index=models.Index(
                condition=models.Q(("length__isnull", False)),
                fields=["region", "code", "state", "length"],
                name="place_road",
            ),
        ),
        # Until an index is counted the planner of SQLite guesses, and takes it where another one serves.
        migrations.RunSQL("ANALYZE places_place", migrations.RunSQL.noop),
    ]
