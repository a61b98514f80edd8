import json
from dataclasses import replace

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


def test_first_rows_alone_come_back_with_columns_sum_and_facts():
    data = as_json(replace(SHEET, rows=(*SHEET.rows, Row("last", {}))))
    assert from_json(data, len(SHEET.rows)) == SHEET
    assert from_json(data, 0) == replace(SHEET, rows=())
