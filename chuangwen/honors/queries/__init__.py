"""Reads titles: facts for the rules (facts, elsewhere), programmes and applications (programmes), awards (register)."""
