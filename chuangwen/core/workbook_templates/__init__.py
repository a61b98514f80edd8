"""Excel forms of an authority: checked when they are taken, their columns found, and filled as they stand.

`package` opens the file and writes it again with everything that is in it; `marks` reads its placeholders; `proposing`
finds the table of a form without any; `moving` says where a cell goes when rows come in between; `filling` puts the
words in. None of these knows Django or a database. `registry` holds which tables the program can fill a form with,
`services` keep the forms of a region.
"""
