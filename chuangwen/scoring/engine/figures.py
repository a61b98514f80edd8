"""A score as text. Apart from the tables, so that pages show figures without loading what computes."""

SURE = 1.96  # standard errors to either side: 95 of 100


def hundredths(number: float) -> int:
    """A number in hundredths as it is shown: rounded to nine decimals, then half up to two."""
    return (round(number * 1e9) + 5_000_000) // 10_000_000


def show(number: float) -> str:
    """A number rounded to nine decimals and then half up to two, as `totals.shown` does for a column."""
    return f"{hundredths(number) / 100:.2f}"
