"""The gate counts rules and not screens, and names what was never run."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts"))

import covered


def figures(lines=(10, 10), branches=(4, 4), missing=(), jumps=(), executed=(1, 2)):
    summary = dict(
        zip(("covered_lines", "num_statements", "covered_branches", "num_branches"), (*lines, *branches), strict=True)
    )
    return {
        "summary": summary,
        "missing_lines": list(missing),
        "missing_branches": [list(jump) for jump in jumps],
        "executed_lines": list(executed),
    }


@pytest.mark.parametrize(
    ("path", "counted"),
    [
        ("chuangwen/audit/services.py", True),
        ("chuangwen/core/lists/keyset.py", True),
        ("chuangwen/desk/queries.py", True),
        ("chuangwen/rectification/workflow.py", True),
        ("chuangwen/audit/views.py", False),
        ("chuangwen/accounts/views/links.py", False),
        ("chuangwen/organizations/group_views.py", False),
        ("chuangwen/accounts/entrance_urls.py", False),
        ("chuangwen/standards/templatetags/standards.py", False),
        ("chuangwen/config/demo/city.py", False),
    ],
)
def test_rule_is_counted_and_screen_is_not(path, counted):
    assert covered.is_rule(path) is counted


def test_files_sum_up_by_area_and_those_under_the_bar_are_named():
    found = covered.areas(
        {
            "chuangwen/audit/services.py": figures((90, 100), (40, 40), missing=(3, 4, 9), executed=(1, 5)),
            "chuangwen/audit/queries.py": figures((100, 100), (10, 20), jumps=((1, 5), (2, -1), (9, 10))),
            "chuangwen/audit/views.py": figures((0, 500), (0, 100)),
            "manage.py": figures((0, 5), (0, 2)),
        }
    )
    area = found["audit"]
    assert list(found) == ["audit"]
    assert (area.statements, area.branches) == ([190, 200], [50, 60])
    assert area.files == [
        ("chuangwen/audit/queries.py", 50.0, "1->5, 2->exit"),
        ("chuangwen/audit/services.py", 90.0, "3-4, 9"),
    ]
    assert area.least == pytest.approx(83.33, abs=0.01)


@pytest.mark.parametrize(("branches", "code"), [((94, 100), 1), ((95, 100), 0), ((0, 0), 0)])
def test_bar_is_ninety_five_percent_of_branches(branches, code, capsys):
    found = covered.areas({"chuangwen/audit/services.py": figures((10, 10), branches)})
    assert covered.tell(found.values(), []) == code
    assert ("under 95 %" in capsys.readouterr().out) is bool(code)
