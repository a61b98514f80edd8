"""Triggers that refuse to change or delete a run and what it holds, on both databases."""

from typing import Any

from django.db import migrations

TABLES = tuple(f"scoring_{name}" for name in ("run", "noderesult", "loss", "losscell", "lossproblem", "leafsum"))
SAID = "a finished run is frozen"
SQLITE = [
    f"CREATE TRIGGER {table}_no_{act} BEFORE {act.upper()} ON {table} BEGIN SELECT RAISE(ABORT, '{SAID}'); END"
    for table in TABLES
    for act in ("update", "delete")
]
POSTGRESQL = [
    f"CREATE FUNCTION scoring_frozen() RETURNS trigger AS $$ BEGIN RAISE EXCEPTION '{SAID}'; END $$ LANGUAGE plpgsql",
    *(  # by row: deleting what has no run asks for no rows here, and that is no change
        f"CREATE TRIGGER {table}_frozen BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION scoring_frozen()"
        for table in TABLES
    ),
    *(
        f"CREATE TRIGGER {table}_kept BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION scoring_frozen()"
        for table in TABLES
    ),
]
UNDO = {
    "sqlite": [f"DROP TRIGGER IF EXISTS {table}_no_{act}" for table in TABLES for act in ("update", "delete")],
    "postgresql": [
        *(f"DROP TRIGGER IF EXISTS {table}_{name} ON {table}" for table in TABLES for name in ("frozen", "kept")),
        "DROP FUNCTION IF EXISTS scoring_frozen",
    ],
}


def forwards(apps: Any, editor: Any) -> None:
    for statement in POSTGRESQL if editor.connection.vendor == "postgresql" else SQLITE:
        editor.execute(statement)


def backwards(apps: Any, editor: Any) -> None:
    for statement in UNDO[editor.connection.vendor]:
        editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("scoring", "0003_where_losses_fell")]
    operations = [migrations.RunPython(forwards, backwards)]
