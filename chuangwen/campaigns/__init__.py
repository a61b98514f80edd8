"""Campaigns: who strives for which title under which standards, years and weights, rounds, the back plan.

Does not own duties (responsibilities) and awards (honors).
"""
