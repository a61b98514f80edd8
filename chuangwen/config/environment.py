"""What the environment decides: the only module that reads environment variables.

A laptop needs none of them. A cluster sets DATABASE_URL, STORAGE_URL and SECRET_KEY
(docs/operations.md lists all).
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit


def _home() -> Path:
    """Where the embedded site lies by default: the checkout; installed from a wheel, the user's data folder."""
    checkout = Path(__file__).resolve().parent.parent.parent
    if (checkout / "manage.py").exists():
        return checkout
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "chuangwen"


HOME = _home()
VAR_DIR = Path(os.environ.get("CHUANGWEN_VAR") or HOME / "var")
STATIC_ROOT = Path(os.environ.get("STATIC_ROOT") or HOME / "staticfiles")


def flag(name: str, *, default: bool = False) -> bool:
    """A yes/no variable: 1, true, yes, on (any case) are yes."""
    value = os.environ.get(name)
    return default if value is None else value.strip().lower() in {"1", "true", "yes", "on"}


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, default)


def words(name: str, default: str = "") -> list[str]:
    """A comma-separated variable as a list without blanks."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def audit_hash() -> str:
    """AUDIT_HASH: sha256, or sm3. Raises ValueError for others, and where OpenSSL has it not: said at the start,
    since every later step would fail."""
    name = text("AUDIT_HASH", "sha256")
    if name not in {"sha256", "sm3"}:
        raise ValueError(f"AUDIT_HASH is {name!r}; it must be sha256 or sm3")
    if name not in hashlib.algorithms_available:
        raise ValueError(f"AUDIT_HASH is {name}, which this machine's OpenSSL does not have")
    return name


def secret_key() -> str:
    """SECRET_KEY, or on a single machine a key made once and kept under var/ for its owner alone."""
    given = text("SECRET_KEY")
    if given:
        return given
    path = VAR_DIR / "secret.key"
    if not path.exists():
        _make_key(path)
    return path.read_text(encoding="ascii")


def _make_key(path: Path) -> None:
    """Of processes that start at once one makes the key, whole, and the others take it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    mine = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(mine, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(50))
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(mine, path)
    finally:
        mine.unlink()


def storages() -> dict[str, dict[str, object]]:
    """STORAGE_URL: empty for files under var/files, or s3://KEY:SECRET@HOST[:PORT]/BUCKET?region=R&secure=0."""
    static: dict[str, object] = {"BACKEND": "chuangwen.config.static.BuiltStaticFilesStorage"}
    url = text("STORAGE_URL")
    if not url:
        location = str(VAR_DIR / "files")
        default: dict[str, object] = {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": location, "file_permissions_mode": 0o640},
        }
        return {"default": default, "staticfiles": static}
    parts = urlsplit(url)
    query = parse_qs(parts.query)
    scheme = "http" if query.get("secure", ["1"])[0] == "0" else "https"
    port = f":{parts.port}" if parts.port else ""
    options = {
        "access_key": unquote(parts.username or ""),
        "secret_key": unquote(parts.password or ""),
        "bucket_name": parts.path.strip("/"),
        "endpoint_url": f"{scheme}://{parts.hostname}{port}",
        "region_name": query.get("region", [None])[0],
        "querystring_auth": True,
        "file_overwrite": False,
    }
    return {
        "default": {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options},
        "staticfiles": static,
    }
