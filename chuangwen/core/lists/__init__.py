"""Lists: the one mechanism by which every list filters, sorts, pages by key, exports, prints and is copied.

An area declares a `ListPage` (columns.py, page.py); `respond` (response.py) answers the request.
"""

from chuangwen.core.lists.columns import Cell, Column, Filter, Tab
from chuangwen.core.lists.page import Listing, ListPage
from chuangwen.core.lists.response import respond

__all__ = ["Cell", "Column", "Filter", "ListPage", "Listing", "Tab", "respond"]
