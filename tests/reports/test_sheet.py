import json

from chuangwen.reports.sheet import Column, Row, Sheet, as_json, digest, from_json

SHEET = Sheet(
    (Column("due"), Column("rate", "share", 5)), (Row("甲", {"due": 2, "rate": 0.5}, {"due": (1, 2)}, 7),),
    Row("", {"due": 2, "rate": None}, {"due": (1, 2)}),
)  # fmt: skip


def test_sheet_comes_back_from_json_unchanged():
    assert from_json(json.loads(json.dumps(as_json(SHEET)))) == SHEET


def test_digest_does_not_hang_on_the_order_of_keys():
    data = as_json(SHEET)
    turned = {key: data[key] for key in reversed(data)}
    assert digest(data) == digest(turned)
    assert digest(data) != digest({**data, "total": None})


def test_refs_are_of_a_row_or_of_the_sum_and_nothing_elsewhere():
    assert (SHEET.refs("due", 0), SHEET.refs("due", None)) == ((1, 2), (1, 2))
    assert (SHEET.refs("due", 1), SHEET.refs("due", -1), SHEET.refs("none", 0)) == (None, None, None)
