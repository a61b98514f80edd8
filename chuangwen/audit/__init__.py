"""Audit: append-only entries in a hash chain for each region, and their verification.

Does not own who may act (accounts) or which states exist (workflow).
"""
