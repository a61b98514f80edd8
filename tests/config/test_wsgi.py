"""What a serving process does before its first request."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
ASKED = """
import gc
from chuangwen.config import wsgi
from django.urls import get_resolver
print(gc.get_freeze_count() > 50_000, gc.get_threshold()[0] == wsgi.YOUNG_OBJECTS)
print("url_patterns" in vars(get_resolver()))
"""


def test_loaded_program_is_kept_out_of_collections(tmp_path):
    environment = {k: v for k, v in os.environ.items() if k != "DATABASE_URL"} | {"CHUANGWEN_VAR": str(tmp_path)}
    command = [sys.executable, "-c", ASKED]
    told = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT, env=environment)
    assert told.stdout.split() == ["True", "True", "True"]
