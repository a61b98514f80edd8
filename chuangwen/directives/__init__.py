"""Directives: documents and meetings, and what they ask of whom by when; candidates that a person accepts into tasks."""
