"""The words of the draw's pure files in the reader's language.

Those files know no translation; they keep an English pattern and its values apart (sampling/errors.py).
The patterns that a screen can meet are named here, so that the catalogue of translations holds them.
"""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from chuangwen.core.errors import Refusal
from chuangwen.inspections.sampling import Difference, SamplingError

PATTERNS = (
    gettext_noop("the secret is empty; write a long random text into its file"),
    gettext_noop("the {what} “{text}” is not hexadecimal: an even number of 0-9 and a-f; copy it again"),
    gettext_noop("the commitment has {found} characters; a SHA-256 has 64: copy it again"),
    gettext_noop("the number of hashes is {times}; it must be 1 or more"),
    gettext_noop(
        "the one-time code {code} does not belong to the commitment {digest}: its SHA-256 is another "
        "number; use the code that the facilitator committed to"
    ),
    gettext_noop(
        "the place “{skipped}” is not to be visited in the stratum “{stratum}”; only a drawn place "
        "or its substitute can be replaced"
    ),
    gettext_noop("say why the place “{skipped}” cannot be inspected"),
    gettext_noop(
        "the stratum “{stratum}” is exhausted: its {size} places are all drawn or skipped, so "
        "“{skipped}” has no substitute; record it as not inspected"
    ),
    gettext_noop("“{text}” cannot be used: {fault}; type it again"),
    gettext_noop("the place has no code; give every place one"),
    gettext_noop("the code “{code}” occurs twice{where}; remove one of the two or give it another code"),
    gettext_noop("the pool is empty; add at least one place"),
    gettext_noop("there is a quota for the stratum “{name}”, which has no place in the pool; the strata are {strata}"),
    gettext_noop("the quota of the stratum “{name}” is {quota}; it must be a whole number, 0 or more"),
    gettext_noop("“{part}” is not a whole number; write the numbers with spaces between them"),
    gettext_noop("there is no number; write the numbers with spaces between them"),
    gettext_noop("{throw} is not on a die with {faces} faces; look at the dice again"),
    gettext_noop("the randomness “{text}” cannot be used: {fault}; write it as it was announced"),
    gettext_noop("there is no method “{method}”; use vrs or rfc3797"),
)
FAULTS = (
    gettext_noop("it has spaces at its ends"),
    gettext_noop("it is not in Unicode normal form C (NFC)"),
    gettext_noop("it is empty"),
    gettext_noop("one-time code"),
    gettext_noop("commitment"),
)
TRANSLATED_VALUES = ("fault", "what")


def refused(error: SamplingError, way_out: str = "") -> Refusal:
    """The refusal that a person reads."""
    return Refusal(words_of(error.template, error.params), way_out)


def difference_words(difference: Difference) -> str:
    """One difference of a record, with the path in the record."""
    return f"{difference.field}: {words_of(difference.template, dict(difference.params))}"


def words_of(template: str, params: dict[str, object] | dict[str, str]) -> str:
    """A pattern of the pure files with its values, translated where the catalogue knows it."""
    values = {name: _(str(value)) if name in TRANSLATED_VALUES else value for name, value in params.items()}
    return _(template).format(**values)
