"""Inspections: draws, rounds in the field, visits, answers, observations.

Does not own the register of places or what becomes of a problem (rectification).
"""
