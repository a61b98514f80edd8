"""Form fields of the house: what Django's own let through, fall over or list a thousand rows of."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Model
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_lazy, pgettext

from chuangwen.core.files.services import Upload
from chuangwen.core.picking import Source, candidates, keyed, label_of_many, labels_of, resolve, source_of
from chuangwen.core.sources import bare
from chuangwen.core.workbooks.splitting import split_names

LONGEST_TEXT = 2000
MOST_FILES = 9
PHOTO_KINDS = "image/jpeg,image/png,image/webp,image/gif"
CHIP = (
    '<label class="cw-token"><input class="cw-box" type="checkbox" name="{}" value="#{}" checked>'
    "<span>{}</span></label>"
)
MOST_PICKED = 3000


class RowsField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Several rows chosen; a key that no row can have is an invalid choice like any other.

    Django's own raises OverflowError on SQLite where a posted key does not fit into 64 bits.
    """

    def clean(self, value: Any) -> Any:
        try:
            return super().clean(value)
        except OverflowError:
            text = str(max(value, key=lambda one: len(str(one))))[:20]
            words = self.error_messages["invalid_choice"]
            raise forms.ValidationError(words, code="invalid_choice", params={"value": text}) from None


class PickInput(forms.TextInput):
    """A text field that looks up what is typed (pick.ts); without scripts a text field for a name or code."""

    def __init__(self, source: str, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.source = source

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        return _boxed(super().render(name, value, _looks(self.source, name, attrs), renderer))


class PicksInput(PickInput):
    """As PickInput for several rows: those chosen stand before the text as boxes that can be unticked."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        values = data.getlist(name) if hasattr(data, "getlist") else data.get(name) or []
        return [values] if isinstance(values, str) else list(values)

    def use_required_attribute(self, initial: Any) -> bool:
        return False  # what was chosen before satisfies it

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        chosen, rest = value if isinstance(value, tuple) else ([], "")
        tokens = format_html_join("", CHIP, ((name, key, label) for key, label in chosen))
        hint = gettext("%s; several with 、 between them") % _hint(self.source)
        looks = _looks(self.source, name, {"placeholder": hint} | (attrs or {}))
        looks["hx-get"] += "&several=1"
        text = forms.TextInput.render(self, name, rest, looks, renderer)
        template = format_html(f"<template>{CHIP}</template>", name, "", "")
        tokens_and_text = format_html('<div class="cw-tokens">{}{}</div>{}', tokens, text, template)
        return _boxed(tokens_and_text)


def looking_input(url: str, name: str, attrs: dict[str, Any]) -> SafeString:
    """A text field beside a form that looks up what is typed at an address of its own."""
    attrs = _looks_at(url, name) | attrs
    return _boxed(forms.TextInput(attrs).render(name, ""))


def _looks(source: str, name: str, attrs: dict[str, Any] | None) -> dict[str, Any]:
    """The attributes by which htmx looks up what is typed among a source's rows."""
    look = _looks_at(reverse("core:pick", args=[source]), name) | {"placeholder": _hint(source)}
    return look | (attrs or {})


def _looks_at(url: str, name: str) -> dict[str, Any]:
    return {
        "data-pick": "",
        "class": "cw-input",
        "maxlength": LONGEST_TEXT,
        "autocomplete": "off",
        "spellcheck": "false",
        "hx-get": f"{url}?of={name}",
        "hx-trigger": "cw:look",
        "hx-target": "next [data-pick-list]",
        "hx-sync": "this:replace",
        "hx-params": name,
        "hx-swap": "innerHTML",
        "hx-select": "unset",  # not what a menu around the field selects
    }


def _hint(key: str) -> str:
    source = source_of(key)
    return str(source.hint) if source and source.hint else gettext("A name, short name or code")


def _boxed(inner: SafeString) -> SafeString:
    """The field with the place for its answers, which a script shows."""
    return format_html(
        '<div class="cw-pick">{}<ul class="cw-pick__list" data-pick-list hidden></ul>'
        '<span class="cw-sr" role="status" data-pick-status></span></div>',
        inner,
    )


class _Picking:
    """What fields of one and of several rows share. `queryset` is what a choice is checked against.

    `beside` names the address of what is shown under the field of the rows that were chosen, such as how much was
    asked of these units; it gets the field's value, and whether everybody is meant, with every change of the form.
    """

    queryset: Any

    def __init__(self, *args: Any, source: str, beside: str = "", **kwargs: Any) -> None:
        self.source_key, self.beside = source, beside
        kwargs.setdefault("widget", self.widget_for(source))
        super().__init__(*args, **kwargs)

    def widget_for(self, source: str) -> PickInput:
        return PickInput(source)

    @property
    def source(self) -> Source:
        source = source_of(self.source_key)
        if source is None:
            raise LookupError(f"no source of choices is called {self.source_key!r}")
        return source

    def row_named(self, text: str) -> Any:
        """The one row that the text names. ValidationError with what may have been meant."""
        found = resolve(self.source, self.queryset, text)
        if len(found) == 1:
            return found[0]
        near = candidates(self.source, self.queryset, text, found)
        names = pgettext("between names", ", ").join(near)
        if found:
            words = gettext("“%(text)s” names several. Write one of these: %(names)s.")
        elif near:
            words = gettext("“%(text)s” is not the name of one. Write one of these: %(names)s.")
        else:
            words = gettext("Nothing is called “%(text)s”. Type a part of the name and choose from what appears.")
        raise forms.ValidationError(words % {"text": text[:60], "names": names}, code="invalid_choice")

    def rows_of(self, values: list[Any]) -> list[Any]:
        """The rows that are meant by rows, keys or names; what names none is left out. One query for all keys."""
        found: dict[Any, Any] = {}
        by_key = self._keyed(values)
        for value in values:
            row = value if isinstance(value, Model) else by_key.get(str(value))
            rows = [row] if row is not None else resolve(self.source, self.queryset, str(value))
            found |= {one.pk: one for one in rows if len(rows) == 1}
        return list(found.values())

    def _keyed(self, values: list[Any]) -> dict[str, Any]:
        """The rows of what is marked as a key (#12, or the number 12 that a program preset)."""
        marked = [value for value in values if isinstance(value, int) or str(value).startswith("#")]
        keys = {str(value): str(value).lstrip("#") for value in marked}
        rows = {str(row.pk): row for row in keyed(self.queryset, keys.values())}
        return {value: rows[key] for value, key in keys.items() if key in rows}


class PickField(_Picking, forms.ModelChoiceField):  # type: ignore[type-arg]
    """One row among thousands: a name, a code or a key, looked up while it is typed (core.picking)."""

    def to_python(self, value: Any) -> Any:
        if value in self.empty_values:
            return None
        return value if isinstance(value, Model) else self.row_named(str(value).strip())

    def prepare_value(self, value: Any) -> Any:
        if value in self.empty_values:
            return ""
        rows = self.rows_of([value])
        return labels_of(self.source, self.queryset, rows)[rows[0].pk] if rows else str(value)


class PicksField(_Picking, RowsField):
    """Several rows among thousands: names with 、 between them, codes or keys."""

    def widget_for(self, source: str) -> PickInput:
        return PicksInput(source)

    def clean(self, value: Any) -> Any:
        texts, faults = self.texts(value)[:MOST_PICKED], []
        by_key = self._keyed(texts)
        rows = list(by_key.values())
        for text in texts:
            try:
                rows += [] if str(text) in by_key else self.rows_together(text) or [self.row_named(str(text))]
            except forms.ValidationError as fault:
                faults.append(fault)
        if faults:
            raise forms.ValidationError(faults)
        if self.required and not rows:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        chosen = self.queryset.filter(pk__in={row.pk for row in rows})
        self.run_validators(chosen)
        return chosen

    def texts(self, value: Any) -> list[Any]:
        """The names, keys or rows of what was posted or preset, each once. Names are parted as in workbooks."""
        values = [value] if isinstance(value, str | int | Model) else list(value or ())
        found: list[Any] = []
        for one in values:
            found += split_names(one, self._is_name) if isinstance(one, str) else [one]
        return list(dict.fromkeys(found))

    def rows_of(self, values: list[Any]) -> list[Any]:
        """As for one row, with all for which a name of several stands."""
        rows, single = [], []
        for value in values:
            together = self.rows_together(value)
            rows += together
            single += [] if together else [value]
        return list({row.pk: row for row in [*rows, *super().rows_of(single)]}.values())

    def rows_together(self, text: Any) -> list[Any]:
        """The rows for which a name stands that means several at once (各街道); none for any other text."""
        together = self.source.together
        if together is None or not isinstance(text, str):
            return []
        return list(together.rows(self.queryset, text.lstrip("#").strip()))

    def _is_name(self, text: str) -> bool:
        return len(resolve(self.source, self.queryset, text)) == 1

    def prepare_value(self, value: Any) -> Any:
        """([(key, label)] of the rows, the text that names none)."""
        values = [] if value in self.empty_values else self.texts(value)
        by_key = self._keyed(values)
        rows, rest, many = list(by_key.values()), [], []
        for one in values:
            if together := self.rows_together(one):
                name = one.lstrip("#").strip()
                many.append((name, label_of_many(name, len(together))))
                continue
            found = [] if str(one) in by_key else self.rows_of([one])
            rows += found
            rest += [] if found or str(one) in by_key else [str(one)]
        labels = labels_of(self.source, self.queryset, rows)
        return many + [(str(key), label) for key, label in labels.items()], "、".join(rest)


def let_pick(form: forms.BaseForm, name: str, source: str, rows: Any) -> None:
    """Make a model form's choice of one row a PickField among `rows`."""
    old: Any = form.fields[name]
    form.fields[name] = PickField(
        rows, source=source, label=old.label, required=old.required, help_text=old.help_text, initial=old.initial
    )


class DayInput(forms.DateInput):
    """The browser's own day picker, which wants ISO days whatever the language."""

    input_type = "date"

    def __init__(self, **attrs: Any) -> None:
        super().__init__(attrs=attrs, format="%Y-%m-%d")


class MomentInput(forms.DateTimeInput):
    """The browser's own picker of day and time."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


class DayField(forms.DateField):
    """A day as the browser's own picker gives it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=DayInput(), **kwargs)


class DayTimeField(forms.DateTimeField):
    """A day and a time as the browser's own picker gives them."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=MomentInput(), input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"], **kwargs)


class ReasonField(forms.CharField):
    """A few words for the other side."""

    def __init__(self, label: Any, *, help_text: Any = "", required: bool = True, rows: int = 3) -> None:
        super().__init__(
            label=label, help_text=help_text, required=required, max_length=2000, widget=forms.Textarea({"rows": rows})
        )


class FilesInput(forms.ClearableFileInput):
    """Several files in one field; the template draws it as a drop area."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Some files as a list of `Upload`; empty where none was chosen."""

    widget = FilesInput

    def __init__(self, *args: Any, accept: str = PHOTO_KINDS, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.accept = accept
        self.widget.attrs["accept"] = accept

    def clean(self, data: Any, initial: Any = None) -> list[Upload]:
        files = [one for one in (data if isinstance(data, list | tuple) else [data]) if one]
        if self.required and not files:
            raise forms.ValidationError(gettext("Add at least one photo."), code="required")
        if len(files) > MOST_FILES:
            raise forms.ValidationError(
                gettext("%(n)d files are too many at once; nine are enough.") % {"n": len(files)}
            )
        return [Upload(file.name, file.read()) for file in (super(FilesField, self).clean(one, None) for one in files)]

    def bound_data(self, data: Any, initial: Any) -> Any:
        return initial  # a browser cannot be given its files back


class OwnFormField(forms.FileField):
    """An authority's own form. What is larger than `max_mb` the page refuses before it is sent."""

    max_mb = 10

    def clean(self, data: Any, initial: Any = None) -> Any:
        file = super().clean(data, initial)
        if file and file.size > self.max_mb * 1024 * 1024:
            raise forms.ValidationError(gettext("The form is larger than 10 MB. Make its pictures smaller."))
        return file


class SourceField(forms.CharField):
    """The paper that a rule rests on. Its form is `forms.Sourced` too, which gives it its label."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("label", gettext_lazy("Source"))
        options.setdefault("max_length", 160)
        options["help_text"] = options.get("help_text") or gettext_lazy("Name your paper with its number.")
        super().__init__(**options)

    def prepare_value(self, value: Any) -> Any:
        return bare(value) if isinstance(value, str) else value
