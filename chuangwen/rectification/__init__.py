"""Rectification: problems from discovery to closed (挂账销号), routing rules, disputes, rework, recurrence.

Does not own the visit that found a problem (inspections) or notices about lateness (supervision).
"""
