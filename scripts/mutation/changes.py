"""Which single changes of a file are tried: mutmut's operators, and two of our own.

mutmut leaves decorated functions alone, which here would be every service in a transaction and every cached
function; so only its operators are used, and the walk through a file is ours.
"""

from __future__ import annotations

import ast
import difflib
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from types import CodeType
from typing import Any

import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider
from mutmut.mutation.mutators import mutation_operators, operator_arg_removal, operator_string

WORDS = {"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy"}
ALWAYS_BREAKS = {"len", "isinstance", "cast", "super"}
REPLACED = (operator_arg_removal, operator_string)
CO_OPTIMIZED = 1
# These two make several changes of one kind in one place, most of which break at once; ours make the telling one.
OPERATORS = [(kind, operator) for kind, operator in mutation_operators if operator not in REPLACED]


@dataclass(frozen=True)
class Mutant:
    """One changed place. `lines` are those whose execution shows that a test can notice it."""

    path: str
    function: str
    number: int
    lines: range
    place: tuple[int, int]
    in_defaults: bool
    text: str
    module: cst.Module
    original: cst.CSTNode
    changed: cst.CSTNode

    @property
    def name(self) -> str:
        return f"{self.path}:{self.function}:{self.number}"

    @cached_property
    def source(self) -> str:
        """The whole file with the change in it."""
        start, end = self.place
        code = self.text
        if code[start:end] == self.module.code_for_node(self.original):
            return code[:start] + self.module.code_for_node(self.changed) + code[end:]
        changed: Any = self.module.deep_replace(self.original, self.changed)  # slow: indented blocks
        return changed.code

    def difference(self) -> str:
        lines = difflib.unified_diff(self.text.splitlines(), self.source.splitlines(), lineterm="", n=2)
        return "\n".join([f"# {self.name}", *list(lines)[2:]])


def mutants_of(path: str, source: str) -> list[Mutant]:
    """Every change of the functions and methods of a file, in the order of the file."""
    wrapper = MetadataWrapper(cst.parse_module(source))
    walk = _Walk(path, source, wrapper.module, statement_lines(source))
    wrapper.visit(walk)
    return walk.found


def digests(mutants: list[Mutant]) -> dict[str, Mutant]:
    """By a name that stays the same as long as the mutant's function does."""
    texts: dict[tuple[str, str], str] = {}
    for path, source in {mutant.path: mutant.text for mutant in mutants}.items():
        for function, node in functions_of(source):
            texts[path, function] = texts.get((path, function), "") + ast.dump(node)
    named = ((f"{m.name} {texts.get((m.path, m.function), '')}", m) for m in mutants)
    return {hashlib.sha256(text.encode()).hexdigest()[:16]: mutant for text, mutant in named}


def functions_of(source: str) -> list[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    """Functions and methods of a file with their qualified names."""
    found: list[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]] = []

    def look(statements: list[ast.stmt], prefix: str) -> None:
        for node in statements:
            if isinstance(node, ast.ClassDef):
                look(node.body, f"{prefix}{node.name}.")
            elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                found.append((prefix + node.name, node))

    look(ast.parse(source).body, "")
    return found


def statement_lines(source: str) -> dict[int, range]:
    """For each line the lines of its innermost statement; of a compound statement only its head."""
    lines: dict[int, range] = {}
    for node in ast.walk(ast.parse(source)):  # breadth first: inner statements come later and win
        if isinstance(node, ast.stmt):
            body = getattr(node, "body", None) or getattr(node, "cases", None)
            first = body[0] if body else None
            end = getattr(first, "lineno", None) or getattr(getattr(first, "pattern", None), "lineno", None)
            last = max(node.lineno, end - 1) if end else node.end_lineno or node.lineno
            span = range(node.lineno, last + 1)
            lines.update(dict.fromkeys(span, span))
    return lines


def codes_of(module: CodeType, prefix: str = "") -> Iterator[CodeType]:
    """Code of functions and methods, not of what is inside of them."""
    for constant in module.co_consts:
        if isinstance(constant, CodeType):
            if constant.co_flags & CO_OPTIMIZED:
                yield constant
            else:
                yield from codes_of(constant, prefix)


class _Walk(cst.CSTVisitor):
    METADATA_DEPENDENCIES = (PositionProvider,)

    def __init__(self, path: str, text: str, module: cst.Module, statements: dict[int, range]) -> None:
        super().__init__()
        self.path, self.text, self.module, self.statements = path, text, module, statements
        self.found: list[Mutant] = []
        self._scopes: list[cst.CSTNode] = []
        self._numbers: dict[str, int] = {}
        self._parameters = 0
        ends = [len(line) for line in text.splitlines(keepends=True)]
        self._starts = [0, *accumulate(ends)]

    def on_visit(self, node: cst.CSTNode) -> bool:
        if isinstance(node, cst.Annotation | cst.Decorator) or _is_words(node):
            return False
        if isinstance(node, cst.ClassDef | cst.FunctionDef):
            self._scopes.append(node)
            return True
        self._parameters += isinstance(node, cst.Parameters)
        if self._function:
            self._change(node)
        return True

    def on_leave(self, original_node: cst.CSTNode) -> None:
        if isinstance(original_node, cst.ClassDef | cst.FunctionDef):
            self._scopes.pop()
        self._parameters -= isinstance(original_node, cst.Parameters)

    @property
    def _outermost(self) -> cst.CSTNode:
        return next(scope for scope in self._scopes if isinstance(scope, cst.FunctionDef))

    @property
    def _function(self) -> str:
        """Qualified name of the outermost function, "" outside of functions."""
        names = []
        for scope in self._scopes:
            names.append(scope.name.value)  # type: ignore[attr-defined]
            if isinstance(scope, cst.FunctionDef):
                return ".".join(names)
        return ""

    def _change(self, node: cst.CSTNode) -> None:
        span = self.get_metadata(PositionProvider, node)
        line = span.start.line
        place = (self._starts[line - 1] + span.start.column, self._starts[span.end.line - 1] + span.end.column)
        lines = self.statements.get(line, range(line, line + 1))
        if self._parameters:  # a default is there for the body, the head runs at import
            whole = self.get_metadata(PositionProvider, self._outermost)
            lines = range(whole.start.line, whole.end.line + 1)
        for changed in _changes(node):
            function = self._function
            number = self._numbers[function] = self._numbers.get(function, 0) + 1
            inside = (place, self._parameters > 0, self.text, self.module, node, changed)
            self.found.append(Mutant(self.path, function, number, lines, *inside))


def _changes(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    for kind, operator in OPERATORS:
        if isinstance(node, kind):
            yield from operator(node)
    if isinstance(node, cst.Call) and not (isinstance(node.func, cst.Name) and node.func.value in ALWAYS_BREAKS):
        yield from _arguments(node)
    if isinstance(node, cst.SimpleString):
        yield from list(operator_string(node))[:1]  # the text with XX round it
    yield from _dropped(node)
    yield from _turned(node)


def _arguments(node: cst.Call) -> Iterator[cst.CSTNode]:
    """A keyword left out falls back on its default, so does the last of several; another becomes None."""
    for place, argument in enumerate(node.args):
        rest = [*node.args[:place], *node.args[place + 1 :]]
        last = place and place == len(node.args) - 1
        if not argument.star and not argument.keyword and not _is_none(argument.value):
            yield node.with_changes(args=[*rest[:place], argument.with_changes(value=cst.Name("None")), *rest[place:]])
        if not argument.star and (argument.keyword or last):
            yield node.with_changes(args=rest)


def _is_none(node: cst.CSTNode) -> bool:
    return isinstance(node, cst.Name) and node.value == "None"


def _dropped(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """A call whose result nobody takes is there for what it does: left out, somebody must notice."""
    if isinstance(node, cst.Expr) and isinstance(node.value, cst.Call):
        yield cst.Pass()


def _turned(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """A condition that no other operator changes, turned round."""
    changed_elsewhere = cst.Comparison | cst.BooleanOperation | cst.UnaryOperation
    if isinstance(node, cst.If | cst.While | cst.CompIf) and not isinstance(node.test, changed_elsewhere):
        test = node.test.with_changes(lpar=[*node.test.lpar, cst.LeftParen()], rpar=[*node.test.rpar, cst.RightParen()])
        yield node.with_changes(test=cst.UnaryOperation(cst.Not(), test))


def _is_words(node: cst.CSTNode) -> bool:
    """Words for people are kept whole by other tests (every one translated) and by looking."""
    return isinstance(node, cst.Call) and isinstance(node.func, cst.Name) and node.func.value in WORDS
