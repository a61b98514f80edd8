"""Reads notices, the matters that they are about, whom they go to, and veto events."""
