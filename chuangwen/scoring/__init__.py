"""Scoring: runs over observations, frozen results, and the pure engine under engine/."""
