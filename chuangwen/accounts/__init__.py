"""Accounts: users, sign-in, sessions, bound devices and their one-matter links, the table role x permission.

Does not own at which unit a role is held (organizations).
"""
