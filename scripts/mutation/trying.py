"""A pytest plugin: runs each test once to see which lines it reaches, then tries every mutant on those tests.

A mutant is put into the running program by exchanging the code of its function, so nothing is imported,
collected or forked again: threads of polars live on, and a database is made once. What a process keeps is the
danger: caches are emptied between mutants, and whoever notices a mutant must pass again without it, otherwise
the process ends and mutants.py starts another.
"""

from __future__ import annotations

import ast
import functools
import gc
import json
import os
import shutil
import signal
import time
import traceback
from collections import Counter, defaultdict
from itertools import accumulate, groupby
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

import coverage
import hypothesis
import pytest

from mutation.changes import Mutant, codes_of, digests, functions_of, mutants_of

CACHE = type(functools.lru_cache(len))
SETTINGS = "_hypothesis_internal_use_settings"
EXAMPLES = int(os.environ.get("MUTATION_EXAMPLES", "12"))
SECONDS = float(os.environ.get("MUTATION_SECONDS", "5"))
SHARE = int(os.environ.get("MUTATION_SHARE", "1"))  # 4: every fourth mutant, always the same ones
STAINED = 75  # the process can no longer be trusted; start another


class StainedError(Exception):
    """A test that passes alone fails after a mutant was taken out again."""


class Trials:
    def __init__(self, plan: dict[str, Any]) -> None:
        self.folder = Path(plan["folder"])
        self.files: list[str] = plan["files"]
        self.only: list[str] = plan["only"] or [""]
        self.careful: list[str] = plan["careful"]
        self.noticed: Counter[str] = Counter()
        self.failed = self.hung = False
        self.seconds: dict[str, float] = {}
        self.reach: dict[tuple[str, int], set[str]] = defaultdict(set)

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection(self) -> None:
        settings = hypothesis.settings
        phases = (hypothesis.Phase.explicit, hypothesis.Phase.generate)
        known = settings.get_profile("suite")
        settings.register_profile("mutants", known, phases=phases, database=None, derandomize=True)
        settings.load_profile("mutants")

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Fewer examples of a property: what a dozen do not notice is told as survived, and looked at."""
        for item in items:
            test = getattr(item, "obj", None)
            own = getattr(test, SETTINGS, None)
            if own is not None:
                setattr(
                    getattr(test, "__func__", test),
                    SETTINGS,
                    hypothesis.settings(own, max_examples=min(own.max_examples, EXAMPLES)),
                )

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.failed |= report.failed
        if report.failed:
            self.words = f"{report.nodeid} fails without any mutant:\n{report.longreprtext}"

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        session.config.pluginmanager.unregister(name="terminalreporter")
        self.items = {item.nodeid: item for item in session.items}
        self.outside = _Outside.from_parent(session, name="outside")
        signal.signal(signal.SIGPROF, self._alarm)
        self.caches = _caches()
        self._record()
        self.caches = _caches()
        self.functions = _functions({str(Path(file).resolve()) for file in self.files})
        try:
            for _function, mutants in groupby(self._untried().items(), key=lambda item: item[1].function):
                self._try_function(dict(mutants))
        except StainedError:
            os._exit(STAINED)
        except Exception:  # noqa: BLE001 - a fault of these lines is no mutant's
            (self.folder / "current.json").unlink(missing_ok=True)
            (self.folder / "output.txt").write_text(traceback.format_exc(), encoding="utf-8")
            os._exit(1)
        os._exit(0)  # what failed by a mutant is no failure of the run

    def _record(self) -> None:
        """Each test alone, so that what a shared fixture reaches counts for every test that uses it."""
        kept = self.folder / "reach.json"
        if kept.exists():
            data = json.loads(kept.read_text(encoding="utf-8"))
            self.seconds = data["seconds"]
            for path, line, tests in data["reach"]:
                self.reach[path, line] = set(tests)
            return
        tracer = coverage.Coverage(
            data_file=None, config_file=False, include=[str(Path(file).resolve()) for file in self.files]
        )
        # who comes first pays for the database and for imports, and would be taken for too slow to be asked
        self._passes(next(iter(self.items.values())), self.outside, 600)
        for nodeid, item in self.items.items():
            self._forget()
            tracer.start()
            tracer.switch_context(nodeid)
            began = sum(os.times()[:4])  # with what its children took
            passed = self._passes(item, self.outside, 600)
            self.seconds[nodeid] = sum(os.times()[:4]) - began + 0.001
            tracer.stop()
            if not passed:
                (self.folder / "output.txt").write_text(self.words, encoding="utf-8")
                os._exit(1)
        data = tracer.get_data()
        for file in self.files:
            for line, tests in data.contexts_by_lineno(str(Path(file).resolve())).items():
                self.reach[file, line] = {test for test in tests if test in self.items}
        rows = [[path, line, sorted(tests)] for (path, line), tests in self.reach.items()]
        kept.write_text(json.dumps({"seconds": self.seconds, "reach": rows}), encoding="utf-8")

    def _untried(self) -> dict[str, Mutant]:
        done = {row["digest"] for row in fates(self.folder)}
        found = [m for file in self.files for m in mutants_of(file, Path(file).read_text(encoding="utf-8"))]
        named = {digest: m for digest, m in digests(found).items() if any(word in m.name for word in self.only)}
        wanted = dict(list(named.items())[::SHARE])
        return {digest: mutant for digest, mutant in wanted.items() if digest not in done}

    def _try_function(self, mutants: dict[str, Mutant]) -> None:
        """All mutants of a function, written down when those who noticed one have passed again without."""
        rows: list[dict[str, Any]] = []
        for digest, mutant in mutants.items():
            alone = digest in self.careful
            (self.folder / "current.json").write_text(json.dumps({"digests": [digest] if alone else list(mutants)}))
            began = time.perf_counter()
            fate, test = self._fate(mutant)
            rows.append({"name": mutant.name, "digest": digest, "fate": fate, "by": test})
            rows[-1]["seconds"] = round(time.perf_counter() - began, 2)
            if alone:
                self._written(rows)
                rows = []
            for folder in (self.folder / "tmp").glob("*"):
                if not folder.name.startswith("database"):
                    shutil.rmtree(folder, ignore_errors=True)
        self._written(rows)

    def _written(self, rows: list[dict[str, Any]]) -> None:
        for test in {row["by"] for row in rows} - {""}:
            if not self._passes(self.items[test], self.outside, 60):
                raise StainedError(test)
        with (self.folder / "fates.jsonl").open("a", encoding="utf-8") as file:
            file.writelines(json.dumps(row) + "\n" for row in rows)

    def _changed_codes(self, mutant: Mutant) -> list[tuple[CodeType, CodeType]]:
        """Old and new code of the function (of several, where one name is defined twice); none if no program."""
        filename = str(Path(mutant.path).resolve())
        try:
            changed = codes_of(compile(mutant.source, filename, "exec", dont_inherit=True))
        except SyntaxError:
            return []
        pairs = zip(_codes(mutant.text, filename), changed, strict=True)
        return [(a, b) for a, b in pairs if a.co_qualname == mutant.function and _told(a) != _told(b)]

    def _fate(self, mutant: Mutant) -> tuple[str, str]:
        codes, defaults = self._changed_codes(mutant), _defaults(mutant)
        if not codes and not defaults:
            return "equal", ""
        reaching = {test for line in mutant.lines for test in self.reach[mutant.path, line]}
        live = [(f, f.__code__, f.__defaults__, f.__kwdefaults__) for f in self._live(mutant)]
        if not reaching or not live:
            return "unreached", ""
        if any(old.co_freevars != new.co_freevars for old, new in codes):
            return "equal", ""  # no exchange possible: the code would need another closure
        self._forget()
        try:
            for function, code, *_ in live:
                new = [b for a, b in codes if a.co_firstlineno == code.co_firstlineno]
                function.__code__ = new[0] if new else code
                _put_defaults(function, defaults)
            test = self._first_to_fail(reaching, Path(mutant.path).stem)
        finally:
            for function, code, positional, keyword in live:
                function.__code__, function.__defaults__, function.__kwdefaults__ = code, positional, keyword
            self._forget()
        if test is None:
            return "survived", ""
        self.noticed[test] += 1
        return "timeout" if self.hung else "killed", test

    def _live(self, mutant: Mutant) -> list[FunctionType]:
        filename = str(Path(mutant.path).resolve())
        return [
            f
            for (file, name, _), fs in self.functions.items()
            if (file, name) == (filename, mutant.function)
            for f in fs
        ]

    def _first_to_fail(self, reaching: set[str], file: str) -> str | None:
        """Those named like the file, who noticed the last mutants, and the quick first, until SECONDS are spent."""
        own = {test: 0.1 if f"test_{file}" in test else 1.0 for test in reaching}
        ordered = sorted(reaching, key=lambda test: own[test] * self.seconds[test] / (1 + 5 * self.noticed[test]))
        whole = accumulate(self.seconds[test] for test in ordered)
        chosen = [test for test, spent in zip(ordered, whole, strict=True) if spent <= SECONDS] or ordered[:1]
        for test, following in zip(chosen, [*chosen[1:], None], strict=True):
            nextitem = self.items[following] if following else self.outside
            if not self._passes(self.items[test], nextitem, 3 + 8 * self.seconds[test]):
                self._tear_down()
                return test
        return None

    def _passes(self, item: pytest.Item, nextitem: pytest.Item, limit: float) -> bool:
        self.failed = self.hung = False
        signal.setitimer(signal.ITIMER_PROF, limit, limit)
        try:
            item.ihook.pytest_runtest_protocol(item=item, nextitem=nextitem)
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
        return not self.failed

    def _tear_down(self) -> None:
        self.outside.session._setupstate.teardown_exact(self.outside)  # noqa: SLF001

    def _alarm(self, *_: object) -> None:
        self.hung = True
        pytest.fail("takes too long")

    def _forget(self) -> None:
        for cache in self.caches:
            cache.cache_clear()


class _Outside(pytest.Item):
    """Stands outside of every module: as the next test it lets all of a module's fixtures end."""

    def runtest(self) -> None:
        raise NotImplementedError


def fates(folder: Path) -> list[dict[str, Any]]:
    file = folder / "fates.jsonl"
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    return [json.loads(line) for line in lines]


def _caches() -> list[Any]:
    # by type(): isinstance would ask lazy objects, which then wake up
    found = [o for o in _everything() if type(o) is CACHE]
    return [cache for cache in found if str(cache.__module__).startswith("chuangwen")]


def _everything() -> list[object]:
    gc.unfreeze()  # tests/conftest.py freezes what was collected, and of what is frozen nothing is told
    return gc.get_objects()


def _functions(filenames: set[str]) -> dict[tuple[str, str, int], list[FunctionType]]:
    found: dict[tuple[str, str, int], list[FunctionType]] = defaultdict(list)
    for function in _everything():
        if type(function) is FunctionType and function.__code__.co_filename in filenames:
            code = function.__code__
            found[code.co_filename, code.co_qualname, code.co_firstlineno].append(function)
    return found


@functools.lru_cache(maxsize=4)
def _codes(source: str, filename: str) -> list[CodeType]:
    return list(codes_of(compile(source, filename, "exec", dont_inherit=True)))


def _told(code: CodeType) -> tuple[Any, ...]:
    """What a code does, without where it stands."""
    constants = tuple(_told(c) if isinstance(c, CodeType) else (type(c).__name__, repr(c)) for c in code.co_consts)
    return code.co_code, constants, code.co_names, code.co_varnames, code.co_freevars


def _defaults(mutant: Mutant) -> dict[int | str, ast.expr]:
    """Changed default values, by place from the end or by keyword."""
    if not mutant.in_defaults:
        return {}
    old, new = (_arguments(source, mutant.function) for source in (mutant.text, mutant.source))
    changed: dict[int | str, ast.expr] = {}
    for before, after in zip(old, new, strict=True):
        pairs = zip(before.defaults[::-1], after.defaults[::-1], strict=True)
        changed |= {-1 - place: b for place, (a, b) in enumerate(pairs) if ast.dump(a) != ast.dump(b)}
        keywords = zip(before.kwonlyargs, before.kw_defaults, after.kw_defaults, strict=True)
        changed |= {k.arg: b for k, a, b in keywords if a is not None and b is not None and ast.dump(a) != ast.dump(b)}
    return changed


def _arguments(source: str, function: str) -> list[ast.arguments]:
    return [node.args for name, node in functions_of(source) if name == function]


def _put_defaults(function: FunctionType, defaults: dict[int | str, ast.expr]) -> None:
    for place, expression in defaults.items():
        code = compile(ast.Expression(expression), "<default>", "eval")
        value = eval(code, function.__globals__)  # noqa: S307 - an expression of our own source
        if isinstance(place, str):
            function.__kwdefaults__ = {**(function.__kwdefaults__ or {}), place: value}
        elif function.__defaults__:
            listed = list(function.__defaults__)
            listed[place] = value
            function.__defaults__ = tuple(listed)


def pytest_configure(config: pytest.Config) -> None:
    plan = json.loads(os.environ["MUTATION_PLAN"])
    config.pluginmanager.register(Trials(plan), "trials")
