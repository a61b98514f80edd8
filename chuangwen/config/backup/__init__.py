"""Backup and restore of a whole site: one archive that restores on SQLite and PostgreSQL alike.

The archive is a tar: data/<model>.jsonl.gz with a line for each row, files/ with the bytes under
their SHA-256, and last manifest.json with the hash and number of rows of every table, the
migrations in force and the heads of the audit chains. Nothing is taken out of an archive by the
names in it.
"""

from chuangwen.config.backup.restoring import NotEmpty, Restored, restore_site
from chuangwen.config.backup.verifying import BadArchive
from chuangwen.config.backup.writing import Written, write_backup

__all__ = ["BadArchive", "NotEmpty", "Restored", "Written", "restore_site", "write_backup"]
