"""Form fields of the house: what Django's own let through or fall over."""

from __future__ import annotations

from typing import Any

from django import forms


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
