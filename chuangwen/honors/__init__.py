"""Honors: titles (称号) from the call for applications to the plaque and, if need be, its return.

Owns programmes with their eligibility rules and quota, applications with review and decision, public
notices with objections, awards with cards, re-verification, delisting, appeals and what becomes of them
after renaming or merger, and the contests of offices inside a unit. Does not own the catalogue of titles
(campaigns), dossiers (evidence), veto events (supervision) or scores (scoring): it reads them.
"""
