"""A score as text. Apart from the tables, so that pages show figures without loading what computes them."""


def show(number: float) -> str:
    """A number rounded to nine decimals and then half up to two, as `totals.shown` does for a column."""
    hundredths = (round(number * 1e9) + 5_000_000) // 10_000_000
    return f"{hundredths / 100:.2f}"
