"""The statements behind labels: what an item's say, and the numbers allotted last. No person is in them."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa

from madoguchi.app.server import tables as t
from madoguchi.app.server.round_statements import AUTHOR_MARK

_RANGES_SHOWN: Final = 50

_item_number = sa.bindparam("item_number", type_=sa.String)

LABEL = (
    sa.select(t.item.c.number, t.title.c.title, t.title.c.volume, t.title.c.ndc, AUTHOR_MARK)
    .select_from(t.item.join(t.title, t.title.c.id == t.item.c.title_id))
    .where(t.item.c.number == _item_number)
)

ITEM_RANGES = (
    sa.select(
        t.item_range.c.prefix,
        t.item_range.c.digits,
        t.item_range.c.checked,
        t.item_range.c.first,
        t.item_range.c.size,
        t.branch.c.short_name.label("branch"),
        t.item_range.c.allotted_on,
    )
    .select_from(t.item_range.join(t.branch, t.branch.c.id == t.item_range.c.branch_id))
    .order_by(t.item_range.c.id.desc())
    .limit(_RANGES_SHOWN)
)
