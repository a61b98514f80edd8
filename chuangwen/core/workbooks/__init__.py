"""The one way tables come in from the office's own workbooks and go out again as workbooks.

Owns reading, laying out, mapping, splitting, checking and writing, all without Django. Does not own
uploads, kept mappings or remembered aliases: those are rows in a database and live above.

In the order of an import: `reading` (bytes to sheets), `layout` (a sheet to headers and rows),
`mapping` (columns to fields), `rows` (cells to values, or to faults that name the cell; it uses
`kinds`, `names` and `splitting`). `writing` is the other direction.
"""
