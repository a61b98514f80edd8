"""Directives: documents and meetings, and what they ask of whom by when.

Owns the candidates that a person accepts. Does not own the tasks they become (responsibilities).
"""
