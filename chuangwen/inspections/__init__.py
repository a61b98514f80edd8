"""Inspections: draws, rounds in the field, visits, answers, observations. Not the register of places, not what becomes of a problem."""
