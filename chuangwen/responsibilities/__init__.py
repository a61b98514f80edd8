"""Responsibilities: criterion x unit, and tasks with the five fixings.

Does not own where a task came from (directives) or how lateness is pressed (supervision).
"""
