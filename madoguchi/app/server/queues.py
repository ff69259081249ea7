"""Queues as the central server shows and changes them, and how either database's rows are read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from madoguchi.app.lending.facts import Desk
from madoguchi.app.reservations.answers import CircleRefusal, Done, NotDone
from madoguchi.app.reservations.queues import (
    FOUND,
    InQueue,
    OwnReservation,
    PatronReservations,
    State,
    TitleQueue,
)
from madoguchi.app.server.cards import sendable
from madoguchi.app.server.functions import answer_of, call
from madoguchi.app.server.odbc_errors import sqlstate
from madoguchi.app.server.rows import name_of

Row = Mapping[Any, Any]

_NO_RIGHT: Final = "42501"
_MOST: Final = 2**31 - 1
_DAYS: Final = ("today", "resume_on", "keep_until", "asked_on")
_UUID, _TEXT, _ID, _DATE = sa.Uuid(), sa.Text(), sa.BigInteger(), sa.Date()


class CentralQueues:
    """Queues over the connection of a member of staff who has entered. The server knows desk and clerk."""

    _OF_PATRON = call("desk.read_reservations", visit=_UUID, card_number=_TEXT)
    _OF_TITLE = call("desk.read_queue", title_id=_ID)
    _CHANGE = call(
        "desk.change_reservation",
        operation=_UUID,
        reservation_id=_ID,
        pickup_branch_id=_ID,
        suspended=sa.Boolean(),
        resume_on=_DATE,
    )
    _MOVE = call(
        "desk.move_reservation", operation=_UUID, reservation_id=_ID, place=sa.Integer(), reason=_TEXT
    )
    _CANCEL = call("desk.cancel_reservation", operation=_UUID, reservation_id=_ID, reason=_TEXT)

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def of_patron(self, visit: UUID, card_number: str, desk: Desk) -> PatronReservations | NotDone:
        """What a patron waits for; that it was looked at is on record."""
        del desk
        answer = self._ask(self._OF_PATRON, visit=visit, card_number=sendable(card_number))
        if answer["refusal"] is not None:
            return NotDone(CircleRefusal(answer["refusal"]))
        return patron_reservations(_read(answer["waiter"]), [_read(row) for row in answer["rows"]])

    def of_title(self, title_id: int, desk: Desk) -> TitleQueue | NotDone:
        """A title's queue."""
        del desk
        answer = self._ask(self._OF_TITLE, title_id=title_id)
        if answer["refusal"] is not None:
            return NotDone(CircleRefusal(answer["refusal"]))
        return title_queue(_read(answer["title"]), [_read(row) for row in answer["rows"]])

    def change(
        self,
        operation: UUID,
        reservation_id: int,
        pickup_branch_id: int,
        suspended: bool,
        resume_on: dt.date | None,
        desk: Desk,
    ) -> Done | NotDone:
        """Changes where it is picked up, and whether it is passed over."""
        del desk
        return self._do(
            self._CHANGE,
            operation,
            reservation_id=reservation_id,
            pickup_branch_id=pickup_branch_id,
            suspended=suspended,
            resume_on=resume_on,
        )

    def move(
        self, operation: UUID, reservation_id: int, place: int, reason: str, desk: Desk
    ) -> Done | NotDone:
        """Gives it another place."""
        del desk
        return self._do(
            self._MOVE,
            operation,
            reservation_id=reservation_id,
            place=min(place, _MOST),
            reason=sendable(reason),
        )

    def cancel(self, operation: UUID, reservation_id: int, reason: str, desk: Desk) -> Done | NotDone:
        """Ends it."""
        del desk
        return self._do(self._CANCEL, operation, reservation_id=reservation_id, reason=sendable(reason))

    def _ask(self, statement: sa.Select[str], **values: object) -> dict[str, Any]:
        try:
            return answer_of(self._connection, statement, **values)
        except sa.exc.DBAPIError as error:
            if sqlstate(error) != _NO_RIGHT:
                raise
            return {"refusal": CircleRefusal.NOT_ALLOWED.value}

    def _do(self, statement: sa.Select[str], operation: UUID, **values: object) -> Done | NotDone:
        return read_done(operation, self._ask(statement, operation=operation, **values))


def read_done(operation: UUID, answer: Mapping[str, Any]) -> Done | NotDone:
    """The answer that either database gives, and remembers, as a value."""
    if answer["refusal"] is not None:
        return NotDone(CircleRefusal(answer["refusal"]))
    return Done(operation, to_clear=bool(answer.get("to_clear", False)))


def patron_reservations(waiter: Row, rows: Sequence[Row]) -> PatronReservations:
    """What a patron waits for, from the rows of ``queue_statements``."""
    zone = ZoneInfo(waiter["time_zone"])
    return PatronReservations(
        patron_id=waiter["patron_id"],
        name=waiter["name"],
        card_number=waiter["card_number"],
        today=waiter["today"],
        limit=waiter["max_reservations"],
        reservations=tuple(
            OwnReservation(
                title_id=row["title_id"],
                title=name_of(row),
                creators=row["statement"],
                place=row["place"],
                waiting=row["waiting"],
                here=bool(row["here"]),
                **_reservation(row, zone),
            )
            for row in rows
        ),
    )


def title_queue(title: Row, rows: Sequence[Row]) -> TitleQueue:
    """A title's queue, from the rows of ``queue_statements``."""
    zone = ZoneInfo(title["time_zone"])
    found = sum(State(row["state"]) in FOUND for row in rows)
    return TitleQueue(
        title_id=title["title_id"],
        title=name_of(title),
        today=title["today"],
        rows=tuple(
            InQueue(
                number_end=row["number_end"],
                kana_initial=row["kana_initial"],
                # those a copy was found for come first
                place=max(0, nth - found),
                **_reservation(row, zone),
            )
            for nth, row in enumerate(rows, start=1)
        ),
    )


def _reservation(row: Row, zone: ZoneInfo) -> dict[str, Any]:
    state = State(row["state"])
    return {
        "reservation_id": row["reservation_id"],
        "item_number": row["item_number"] or "",
        "pickup_branch_id": row["pickup_branch_id"],
        "pickup_branch": row["pickup_branch"],
        "placed_on": row["asked_on"] or row["placed_at"].astimezone(zone).date(),
        "state": state,
        "resume_on": row["resume_on"] if state is State.SUSPENDED else None,
        "keep_until": row["keep_until"],
    }


def _read(row: dict[str, Any]) -> dict[str, Any]:
    """A row of the server's JSON with its days and moments as they are meant."""
    for name in _DAYS:
        if row.get(name) is not None:
            row[name] = dt.date.fromisoformat(row[name])
    if "placed_at" in row:
        row["placed_at"] = dt.datetime.fromisoformat(row["placed_at"])
    return row
