"""How static files are named and kept for years by browsers."""

from __future__ import annotations

from typing import Any, ClassVar

from whitenoise.storage import CompressedManifestStaticFilesStorage


class BuiltStaticFilesStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Names with a hash and a compressed copy; texts are left as they are.

    What files say of each other has been settled by the front end's build: its parts already
    carry a hash in their names.
    """

    patterns: ClassVar[tuple[Any, ...]] = ()
