"""Refuses to build a wheel that lacks what a checkout makes first: the front end and the compiled words."""

from __future__ import annotations

from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py
from setuptools.errors import SetupError

PACKAGE = Path(__file__).resolve().parent / "chuangwen"


class WholeBuild(build_py):
    """The usual build of modules and data, once everything is there."""

    def run(self) -> None:
        if not self.editable_mode:
            words = sorted(PACKAGE.glob("*/locale/*/LC_MESSAGES/django.po"))
            wanted = [PACKAGE / "core/static/chuangwen/main.js", *(path.with_suffix(".mo") for path in words)]
            missing = [str(path.relative_to(PACKAGE.parent)) for path in wanted if not path.exists()]
            if missing:
                raise SetupError(f"{missing[0]} is not built yet. Run make setup, then build the wheel again.")
        super().run()


setup(cmdclass={"build_py": WholeBuild})
