"""Reads the ledger: dossiers, what is in them, the matrix of completeness, likely pieces."""
