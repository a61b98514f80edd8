"""The one way an office's own workbook comes in: upload, sheet, columns, dry run, import.

Owns uploads on their way, kept mappings and remembered words; what a row means is declared by an
area as an `Importer` (importer.py) and registered when the program starts. Reading and checking
workbooks is `core.workbooks`, which knows no database.
"""

from chuangwen.core.imports.importer import (
    Importer,
    Line,
    RowFault,
    Source,
    Summary,
    register_importer,
    remembered_names,
)

__all__ = ["Importer", "Line", "RowFault", "Source", "Summary", "register_importer", "remembered_names"]
