"""Reads documents and their review (documents), meetings (meetings), written reports (written)."""
