"""What the draw refuses and what a verification finds, in words that a screen can translate.

The pure files know no translation. They keep the English pattern and its values apart, so that a
view can look the pattern up in its catalogue and fill in the values.
"""

from __future__ import annotations

from dataclasses import dataclass


class SamplingError(ValueError):
    """A draw, a file or a text that cannot be accepted; says the fault, the place and the way out.

    `template` is the English pattern, `params` its values by name, `line` the line of the file
    where there is one (1 is the header).
    """

    def __init__(self, template: str, *, line: int | None = None, **params: object) -> None:
        self.template = template
        self.params = params
        self.line = line
        words = template.format(**params)
        super().__init__(words if line is None else f"line {line}: {words}")


@dataclass(frozen=True, slots=True)
class Difference:
    """One way in which a record is not what its own pool, randomness and code give.

    `field` is the path in the record ("tickets.market"); `template` and `params` are the English
    pattern and its values.
    """

    field: str
    template: str
    params: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        return f"{self.field}: {self.template.format(**dict(self.params))}"


def difference(field: str, template: str, **params: object) -> Difference:
    """A `Difference` whose values are given by name and kept as text."""
    return Difference(field, template, tuple((name, str(value)) for name, value in params.items()))
