"""Lists: the one mechanism by which every list filters, sorts, pages by key, exports, prints and is copied.

An area declares a `ListPage` (columns.py, page.py); `respond` (response.py) answers the request.
"""

from chuangwen.core.lists.columns import BulkAction, Cell, Column, Filter, Tab, opens, pick_filter, two_lines
from chuangwen.core.lists.page import Listing, ListPage
from chuangwen.core.lists.response import register_list, respond

__all__ = [
    "BulkAction", "Cell", "Column", "Filter", "ListPage", "Listing", "Tab",
    "opens", "pick_filter", "register_list", "respond", "two_lines",
]  # fmt: skip
