"""Which changes mutation tests make, and that a remembered one is known again."""

from __future__ import annotations

import gc
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts"))

from mutation.changes import codes_of, digests, mutants_of, statement_lines
from mutation.trying import _functions

SOURCE = '''\
from functools import lru_cache

LIMIT = 3


@lru_cache(maxsize=8)
def allowed(count: int, most: int = LIMIT) -> bool:
    """Whether."""
    if most:
        warn(_("too many"), count)
    return count <= most


class Book:
    async def title(self) -> str:
        return "".join(
            part
            for part in self.parts
            if part
        )
'''


def changed_lines(function):
    """The lines that mutants of the function bring in, without their indentation."""
    sources = [mutant.source for mutant in mutants_of("book.py", SOURCE) if mutant.function == function]
    return [line.strip() for source in sources for line in source.splitlines() if line not in SOURCE.splitlines()]


def test_decorated_function_is_changed_but_not_its_decorator_types_or_words():
    assert changed_lines("allowed") == [
        "if not (most):",
        "pass",
        "warn(None, count)",
        'warn(_("too many"), None)',
        'warn(_("too many"), )',
        "return count < most",
    ]


def test_method_is_named_with_its_class_and_its_lines_are_the_whole_statement():
    mutants = [mutant for mutant in mutants_of("book.py", SOURCE) if mutant.function == "Book.title"]
    assert {mutant.lines for mutant in mutants} == {range(16, 21)}
    assert "if not (part)" in changed_lines("Book.title")
    assert mutants[0].name == "book.py:Book.title:1"


def test_head_of_a_block_does_not_count_as_reached_by_its_body():
    lines = statement_lines(SOURCE)
    assert (lines[9], lines[10]) == (range(9, 10), range(10, 11))


def test_mutant_keeps_its_digest_until_its_function_changes():
    before = digests(mutants_of("book.py", SOURCE))
    moved = digests(mutants_of("book.py", "\n\n" + SOURCE))
    other = digests(mutants_of("book.py", SOURCE.replace("<= most", "<= most + 1")))
    assert len(before) == len(mutants_of("book.py", SOURCE))
    assert list(moved) == list(before)
    assert {m.function for digest, m in before.items() if digest in other} == {"Book.title"}


def test_code_of_methods_is_found_without_what_is_inside_of_functions():
    found = codes_of(compile(SOURCE, "book.py", "exec"))
    assert [code.co_qualname for code in found] == ["allowed", "Book.title"]


def test_functions_are_found_though_the_tests_have_frozen_them():
    gc.freeze()
    try:
        found = _functions({__file__})
    finally:
        gc.freeze()  # as tests/conftest.py left it
    assert "changed_lines" in {name for _file, name, _line in found}
