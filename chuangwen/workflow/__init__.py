"""Workflow: transitions, `advance()` as the only writer of a state, and the history of every state.

Does not own the tables of transitions, which each area declares.
"""
