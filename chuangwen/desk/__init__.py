"""Desk: the start page of each role: what is mine, due, late, waiting for my decision.

Does not own any fact: it reads what the areas hold.
"""
