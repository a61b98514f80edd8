"""Parses a stranger's workbook in a process of its own.

A file of a few kilobytes can ask the parser for terabytes (one cell in the last corner of a sheet, one
long text used a million times) or for endless time (a chain of sectors that bites its own tail). No
list of checks beforehand is complete. So the worst that a workbook can do is to be refused.
"""

from __future__ import annotations

from chuangwen.core.apart import ParserStopped, run_apart

__all__ = ["ParserStopped", "parse_apart"]

MEMORY_BYTES = 1024 * 1024 * 1024
CPU_SECONDS = 30
WALL_SECONDS = 90  # a machine under load gives a child less than a whole core


def parse_apart(kind: str, data: bytes) -> bytes:
    """What `parsing.main` prints for the file `data` of the given kind (xlsx, xls or ods).

    The child may use MEMORY_BYTES of address space and CPU_SECONDS of processor time. Raises ParserStopped.
    """
    limits = (kind, MEMORY_BYTES, CPU_SECONDS)
    return run_apart("chuangwen.core.workbooks.parsing", limits, data, wall_seconds=WALL_SECONDS)
