"""Pages of this area: documents (list, upload, facts, table), review (the page as a whole), candidates (one row)."""
