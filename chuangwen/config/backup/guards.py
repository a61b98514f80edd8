"""Migrations whose triggers refuse to change or delete rows; a restore sets them aside and puts them back."""

GUARDS = ("chuangwen.audit.migrations.0002_append_only", "chuangwen.scoring.migrations.0004_frozen_runs")
