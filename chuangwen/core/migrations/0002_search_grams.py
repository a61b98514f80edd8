"""The index of words. SQLite keeps it in its key alone: half the size of a table with a key beside it."""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models


def forwards(apps: Any, editor: Any) -> None:
    model = apps.get_model("core", "SearchGram")
    if editor.connection.vendor == "sqlite":
        statement, params = editor.table_sql(model)
        editor.execute(f"{statement} WITHOUT ROWID", params or None)
    else:
        editor.create_model(model)


def backwards(apps: Any, editor: Any) -> None:
    editor.delete_model(apps.get_model("core", "SearchGram"))


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]
    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="SearchGram",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "kind",
                                "gram",
                                "region",
                                "object_id",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("kind", models.SmallIntegerField()),
                        ("gram", models.CharField(max_length=2)),
                        (
                            "region",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="core.region",
                            ),
                        ),
                        ("object_id", models.BigIntegerField()),
                    ],
                ),
            ],
        ),
        migrations.RunPython(forwards, backwards),
    ]
