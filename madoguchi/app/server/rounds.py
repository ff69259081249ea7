"""A branch's lists, and what is done about them, at the central server; rows made into values, for both."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from madoguchi.app.lending.answers import Route
from madoguchi.app.lending.facts import Desk
from madoguchi.app.reservations.answers import CircleRefusal, Cleared, Done, NotDone, Sent
from madoguchi.app.reservations.rounds import OnShelf, Shelf, ToLookFor, Transits, Travelling
from madoguchi.app.server.cards import sendable
from madoguchi.app.server.functions import answer_of, call
from madoguchi.app.server.odbc_errors import sqlstate
from madoguchi.app.server.rows import name_of

Row = Mapping[Any, Any]
Answer = Mapping[str, Any]

MOST_IN_A_CRATE: Final = 500
"""Copies that are sent with one act."""

_NO_RIGHT: Final = "42501"
_ABOUT: Final[dict[str, sa.types.TypeEngine[Any]]] = {"operation": sa.Uuid(), "item_number": sa.Text()}


class CentralRounds:
    """The rounds over the connection of a member of staff who has entered."""

    _PULL_LIST = call("desk.read_pull_list")
    _TRANSITS = call("desk.read_transits")
    _SHELF = call("desk.read_shelf", visit=sa.Uuid())
    _NOT_FOUND = call("desk.not_found", **_ABOUT)
    _SEND = call("desk.send_copies", operation=sa.Uuid(), item_numbers=sa.Text())
    _CLEAR = call("desk.clear_shelf", **_ABOUT)

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        # whoever looks at the shelf again and again over one connection looks at it once
        self._visit = uuid4()

    def to_look_for(self, desk: Desk) -> tuple[ToLookFor, ...]:
        """The copies to look for on the shelves of the terminal's branch."""
        del desk
        return read_pull_list(self._list(self._PULL_LIST)["rows"])

    def not_found(self, operation: UUID, item_number: str, desk: Desk) -> Done | NotDone:
        """Counts that a copy is not where it should stand."""
        del desk
        answer = self._do(self._NOT_FOUND, operation=operation, item_number=sendable(item_number))
        return read_not_found(operation, answer)

    def transits(self, desk: Desk) -> Transits:
        """What leaves the terminal's branch and what comes to it."""
        return read_transits(self._list(self._TRANSITS)["rows"], desk.branch_id)

    def send(self, operation: UUID, item_numbers: tuple[str, ...], desk: Desk) -> Sent | NotDone:
        """A crate leaves."""
        del desk
        if len(item_numbers) > MOST_IN_A_CRATE:
            return NotDone(CircleRefusal.NOT_ALLOWED)
        numbers = json.dumps([sendable(number) for number in item_numbers])
        return read_sent(operation, self._do(self._SEND, operation=operation, item_numbers=numbers))

    def shelf(self, desk: Desk) -> Shelf:
        """The reservation shelf of the terminal's branch."""
        del desk
        answer = self._list(self._SHELF, visit=self._visit)
        return read_shelf(answer["rows"], dt.date.fromisoformat(answer["today"]))

    def clear(self, operation: UUID, item_number: str, desk: Desk) -> Cleared | NotDone:
        """Takes a copy off the reservation shelf."""
        del desk
        answer = self._do(self._CLEAR, operation=operation, item_number=sendable(item_number))
        return read_cleared(operation, answer)

    def _list(self, statement: sa.Select[str], **values: object) -> Answer:
        answer = answer_of(self._connection, statement, **values)
        if answer["refusal"] is not None:
            raise LookupError(f"the server refuses a branch its own list: {answer['refusal']}")
        return answer

    def _do(self, statement: sa.Select[str], **values: object) -> Answer:
        try:
            return answer_of(self._connection, statement, **values)
        except sa.exc.DBAPIError as error:
            if sqlstate(error) != _NO_RIGHT:
                raise
            return {"refusal": CircleRefusal.NOT_ALLOWED.value}


def read_pull_list(rows: Sequence[Row]) -> tuple[ToLookFor, ...]:
    """The copies to look for, in the order of the shelves; one without a class stands at their end."""
    found = (
        ToLookFor(
            item_number=row["number"],
            ndc=row["ndc"],
            author_mark=row["author_mark"],
            title=name_of(row),
            creators=row["statement"],
            pickup_branch=row["pickup_branch"],
            # the moment says the place; the day is another one where somebody was given another place
            wanted_since=_day(row["asked_on"])
            or _moment(row["placed_at"]).astimezone(ZoneInfo(row["time_zone"])).date(),
            not_found=row["not_found"],
        )
        for row in rows
    )
    return tuple(sorted(found, key=lambda copy: (not copy.ndc, copy.ndc, copy.author_mark, copy.item_number)))


def read_transits(rows: Sequence[Row], branch_id: int) -> Transits:
    """What travels from and to a branch, by the other branch, the oldest first."""
    leaving, coming = [], []
    today = _day(rows[0]["today"])
    if today is None:
        raise LookupError("the server does not say what day it is")
    for row in rows:
        since, sent_on = _day(row["since"]), _day(row["sent_on"])
        if since is None:
            continue
        travelling = Travelling(
            item_number=row["number"],
            title=name_of(row),
            from_branch=row["from_branch"] or "",
            to_branch_id=row["to_branch_id"],
            to_branch=row["to_branch"],
            since=since,
            sent_on=sent_on,
            reserved=bool(row["reserved"]),
            late=((sent_on or since) + dt.timedelta(days=row["transit_days"])) < today,
        )
        if row["to_branch_id"] == branch_id:
            coming.append((row["from_branch_id"] or 0, travelling))
        else:
            leaving.append((row["to_branch_id"], travelling))
    return Transits(today, *(_by_branch(found) for found in (leaving, coming)))


def _by_branch(found: list[tuple[int, Travelling]]) -> tuple[Travelling, ...]:
    found.sort(key=lambda pair: (pair[0], pair[1].since, pair[1].item_number))
    return tuple(travelling for _, travelling in found)


def read_shelf(rows: Sequence[Row], today: dt.date) -> Shelf:
    """The reservation shelf: what nobody waits for any more, then by the last day and by whom it is for."""
    found = (
        OnShelf(
            item_number=row["number"],
            title=name_of(row),
            label=row["label"],
            ready_on=_day(row["ready_on"]),
            keep_until=_day(row["keep_until"]),
            expired=bool(row["expired"]),
            told=bool(row["told"]),
        )
        for row in rows
    )
    return Shelf(
        today,
        tuple(sorted(found, key=lambda copy: (copy.keep_until or dt.date.min, copy.label, copy.item_number))),
    )


def read_not_found(operation: UUID, answer: Answer) -> Done | NotDone:
    """The answer of ``not_found``, as either database gives and remembers it."""
    return _refused(answer) or Done(operation, missing=bool(answer["missing"]))


def read_sent(operation: UUID, answer: Answer) -> Sent | NotDone:
    """The answer of ``send``."""
    return _refused(answer) or Sent(operation, answer["copies"])


def read_cleared(operation: UUID, answer: Answer) -> Cleared | NotDone:
    """The answer of ``clear``."""
    return _refused(answer) or Cleared(
        operation,
        item_number=answer["item"],
        title=answer["title"],
        route=Route(answer["route"]),
        to_branch=answer["to_branch"],
        keep_until=_day(answer["keep_until"]),
    )


def _refused(answer: Answer) -> NotDone | None:
    return None if answer["refusal"] is None else NotDone(CircleRefusal(answer["refusal"]))


def _day(value: dt.date | str | None) -> dt.date | None:
    return dt.date.fromisoformat(value) if isinstance(value, str) else value


def _moment(value: dt.datetime | str) -> dt.datetime:
    return dt.datetime.fromisoformat(value) if isinstance(value, str) else value
