"""Reservations under way on a Saturday: looked for, travelling, ready, to be cleared; and one to come."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from madoguchi.app.server import tables as t
from madoguchi.app.training.situations import ItemCase, patron_number, patrons

_DAY: Final = dt.timedelta(days=1)
_READER, _OTHERS, _WISHES = 30, (31, 32, 33, 34), 35
"""Serials of patrons who show nothing else."""
_WISHED: Final = "江戸の謎"


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody comes to 辻堂 for, and only 南 has; and who that is."""

    number: str
    title: str
    card: str
    name: str


@dataclass(frozen=True, slots=True)
class UnderWay:
    """Numbers of copies of the circle.

    Attributes:
        wanted: on this branch's shelf, for 辻堂.
        gone: on this branch's shelf, if it were there.
        coming: on its way from 南, for whoever reads it here.
        ready: on the reservation shelf, and not told yet.
        expired: on the reservation shelf, and nobody came.
        wish: nobody has reserved it yet.
    """

    wanted: str
    gone: str
    coming: str
    ready: str
    expired: str
    wish: Wish


def fill_circle(connection: sa.Connection, today: dt.date, ids: dict[str, int], taken: int) -> UnderWay:
    """Puts one of each under way at 総合; ``taken`` plain books are left alone.

    Raises:
        LookupError: there are too few plain books.
    """
    here, minami, tsujido = ids["sogo"], ids["minami"], ids["tsujido"]
    own = connection.execute(_plain(here)).all()[taken : taken + 5]
    titles = {each.title_id for each in own}
    theirs = [each for each in connection.execute(_plain(minami)) if each.title_id not in titles][:2]
    if len(titles) < 5 or len({each.title_id for each in theirs}) < 2:
        raise LookupError("too few plain books for what is under way")
    wanted, gone, expired, ready, late = own
    coming, leaving = theirs
    placed = dt.datetime.combine(today - 6 * _DAY, dt.time(1), dt.UTC)
    common: dict[str, Any] = {
        "placed_at": placed,
        "item_id": None,
        "trapped_item_id": None,
        "keep_until": None,
        "ready_on": None,
        "pickup_branch_id": here,
        "state": "waiting",
    }

    def kept(item_id: int, since: int, until: int) -> dict[str, Any]:
        return {
            "state": "ready",
            "trapped_item_id": item_id,
            "ready_on": today + since * _DAY,
            "keep_until": today + until * _DAY,
        }

    reservations = (
        {
            "title_id": wanted.title_id,
            "item_id": wanted.id,
            "patron_id": _OTHERS[0],
            "pickup_branch_id": tsujido,
        },
        {"title_id": gone.title_id, "patron_id": _OTHERS[1]},
        {"title_id": expired.title_id, "patron_id": _OTHERS[2], **kept(expired.id, -9, -1)},
        {"title_id": ready.title_id, "patron_id": _OTHERS[3], **kept(ready.id, -1, 6)},
        {
            "title_id": coming.title_id,
            "patron_id": _READER,
            "state": "in_transit",
            "trapped_item_id": coming.id,
        },
    )
    connection.execute(t.reservation.insert(), [common | each for each in reservations])
    transits = (
        (coming.id, minami, here, today - _DAY, today - _DAY),
        (late.id, tsujido, here, today - 6 * _DAY, today - 6 * _DAY),
        (leaving.id, here, minami, today, None),
    )
    connection.execute(
        t.transit.insert(),
        [
            dict(zip(("item_id", "from_branch_id", "to_branch_id", "since", "sent_on"), each, strict=True))
            for each in transits
        ],
    )
    return UnderWay(
        wanted.number,
        gone.number,
        coming.number,
        ready.number,
        expired.number,
        _wish(connection, minami),
    )


def _wish(connection: sa.Connection, branch_id: int) -> Wish:
    wished = next(each for each in connection.execute(_plain(branch_id)) if each.title == _WISHED)
    # the only copy: no other branch is asked
    elsewhere = t.item.c.title_id == wished.title_id, t.item.c.id != wished.id
    connection.execute(t.item.delete().where(*elsewhere))
    reader = next(seed for seed in patrons() if seed.serial == _WISHES)
    return Wish(wished.number, wished.title, patron_number(reader.serial), reader.name)


def _plain(branch_id: int) -> sa.Select[Any]:
    """Books on the shelves of a branch that nobody wants."""
    own = t.item
    return (
        sa.select(own.c.id, own.c.number, own.c.title_id, t.title.c.title)
        .join_from(own, t.title)
        .where(
            own.c.kind == "book",
            own.c.attachments == "",
            own.c.note == "",
            ~own.c.reference_only,
            own.c.id > len(ItemCase),
            own.c.home_branch_id == branch_id,
            ~sa.exists().where(t.loan.c.item_id == own.c.id),
            ~sa.exists().where(t.transit.c.item_id == own.c.id),
            ~sa.exists().where(t.reservation.c.title_id == own.c.title_id),
        )
        .order_by(own.c.id)
    )
