"""The words of the screens: extraction from both kinds of source, merging, and what the check refuses."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parent.parent.parent / "scripts" / "messages.py"


def load():
    spec = importlib.util.spec_from_file_location("messages", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    sys.modules["messages"] = module
    spec.loader.exec_module(module)
    return module


messages = load()
SOURCE = """
from django.utils.translation import gettext as _, ngettext, pgettext_lazy
A = _("First")
B = ngettext("%(n)d place", "%(n)d places", 3)
C = pgettext_lazy("a state", "Open")
D = _(A)
"""
PAGE = """{% load i18n %}
    <p title="{% translate "Hover" %}">{% blocktranslate with name=who %}Hello {{ name }}{% endblocktranslate %}</p>
  {% include "x.html" with label=_("Label") %}
{% blocktranslate count n=n %}{{ n }} row{% plural %}{{ n }} rows{% endblocktranslate %}
        {% translate "Open" context "to open" %}
"""


@pytest.fixture
def area(tmp_path):
    """An area called shop with one module and one template."""
    folder = tmp_path / "shop"
    (folder / "templates" / "shop").mkdir(parents=True)
    (folder / "apps.py").write_text("")
    (folder / "views.py").write_text(SOURCE)
    (folder / "templates" / "shop" / "page.html").write_text(PAGE)
    return messages.Area("shop", folder)


def write_po(area, text):
    area.po.parent.mkdir(parents=True, exist_ok=True)
    area.po.write_text(messages.HEADER + text, encoding="utf-8")


def test_areas_are_the_folders_with_an_app(area, tmp_path):
    (tmp_path / "not_an_app").mkdir()
    assert messages.areas(tmp_path) == [area]


def test_messages_are_found_in_python_and_in_templates(area):
    found = {(messages.key_of(m), isinstance(m.id, tuple | list)) for m in messages.extracted(area) if m.id}
    assert found == {
        (("", "First"), False),
        (("", "%(n)d place"), True),
        (("a state", "Open"), False),
        (("", "Hover"), False),
        (("", "Hello %(name)s"), False),
        (("", "Label"), False),
        (("", "%(n)s row"), True),
        (("to open", "Open"), False),
    }


def test_merge_keeps_translations_drops_what_is_gone_and_takes_words_from_other_areas(area, tmp_path):
    write_po(area, 'msgid "First"\nmsgstr "第一"\n\nmsgid "Gone"\nmsgstr "没了"\n')
    other = messages.Area("other", tmp_path / "other")
    plural = 'msgid "%(n)d place"\nmsgid_plural "%(n)d places"\nmsgstr[0] "%(n)d处"\n'
    write_po(other, 'msgid "First"\nmsgstr "头一个"\n\nmsgid "Hover"\nmsgstr "悬停"\n\n' + plural)
    new = messages.merged(messages.extracted(area), messages.read(area.po), [messages.read(other.po)])
    text = messages.po_text(new)
    assert 'msgid "First"\nmsgstr "第一"' in text
    assert 'msgid "Hover"\nmsgstr "悬停"' in text
    assert 'msgstr[0] "%(n)d处"' in text
    assert "Gone" not in text


def test_po_text_is_sorted_and_the_same_at_every_run(area):
    text = messages.po_text(messages.merged(messages.extracted(area), messages.read(area.po), []))
    write_po(area, text.removeprefix(messages.HEADER))
    assert messages.po_text(messages.merged(messages.extracted(area), messages.read(area.po), [])) == text
    ids = [line for line in text.splitlines() if line.startswith("msgid ") and line != 'msgid ""']
    assert ids == sorted(ids)
    assert "Date" not in text
    assert ".py:" not in text


def one_message(tmp_path, name, msgid, po):
    folder = tmp_path / name
    folder.mkdir()
    (folder / "apps.py").write_text(f"A = _({msgid!r})\n", encoding="utf-8")
    area = messages.Area(name, folder)
    write_po(area, po)
    return area


@pytest.mark.parametrize(
    ("msgid", "po", "fault"),
    [
        ("New", "", "'New' is missing; run make messages"),
        ("New", 'msgid "New"\nmsgstr ""\n', "'New' has no translation, or a doubtful one"),
        ("New", '#, fuzzy\nmsgid "New"\nmsgstr "新"\n', "'New' has no translation, or a doubtful one"),
        ("新", 'msgid "新"\nmsgstr "新"\n', "'新' is not English"),
        (
            "By %(who)s",
            'msgid "By %(who)s"\nmsgstr "由%(whom)s"\n',
            "'By %(who)s' has other placeholders than '由%(whom)s'",
        ),
        ("By {who}", 'msgid "By {who}"\nmsgstr "由"\n', "'By {who}' has other placeholders than '由'"),
    ],
)
def test_check_names_the_fault(tmp_path, msgid, po, fault):
    area = one_message(tmp_path, "shop", msgid, po)
    assert messages.faults([area]) == [f"{area.po}: {fault}"]


def test_check_of_a_word_that_is_no_longer_used(tmp_path):
    area = one_message(tmp_path, "shop", "New", 'msgid "New"\nmsgstr "新"\n\nmsgid "Old"\nmsgstr "旧"\n')
    assert messages.faults([area]) == [f"{area.po}: 'Old' is no longer used; run make messages"]


def test_check_refuses_two_translations_of_one_msgid(tmp_path):
    one = one_message(tmp_path, "one", "Close", 'msgid "Close"\nmsgstr "关闭"\n')
    two = one_message(tmp_path, "two", "Close", 'msgid "Close"\nmsgstr "销号"\n')
    assert messages.faults([one, two]) == [
        "'Close' is '关闭' in one and '销号' in two; say it alike or tell them apart with pgettext"
    ]


def test_compile_writes_the_catalog_and_takes_it_away_with_its_source(tmp_path):
    area = one_message(tmp_path, "shop", "New", 'msgid "New"\nmsgstr "新"\n')
    messages.compile_all([area])
    compiled = area.po.with_suffix(".mo")
    assert "新".encode() in compiled.read_bytes()
    area.po.unlink()
    messages.compile_all([area])
    assert not compiled.exists()


def test_every_word_of_the_screens_is_said_in_chinese_and_said_alike():
    assert messages.faults(messages.areas()) == []


HIDDEN = """from django.utils.translation import gettext as _, ngettext
import django.utils.translation as words
A = f"{_('Inside')} and {3:{ngettext('%d a', '%d b', 3)}}"
B = f'{words.pgettext("x", "Deep") if A else f"{A}"}'
C = _("Outside") + f"{A} {len(A)} {A.title()}"
"""


def test_check_refuses_words_inside_an_f_string(area):
    (area.folder / "hidden.py").write_text(HIDDEN)
    found = [fault for fault in messages.faults([area]) if "f-string" in fault]
    assert [fault.split(" stands")[0] for fault in found] == [
        "shop/hidden.py:3: _('Inside')",
        "shop/hidden.py:3: ngettext('%d a', '%d b', 3)",
        "shop/hidden.py:4: words.pgettext('x', 'Deep')",
    ]
