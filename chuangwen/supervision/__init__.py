"""Supervision: white, yellow and red notices (督办单) proposed by rules and signed by a person, talks, referrals,
veto events.

Does not own the matters that are late (rectification, responsibilities) or what a title loses by them (honors).
"""
