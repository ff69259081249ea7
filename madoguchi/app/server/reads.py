"""The reads of the embedded library: one statement each, made into the facts its act is decided on.

On the central server the same statements are functions (``read_functions``), called by ``functions``.
"""

from __future__ import annotations

from uuid import UUID

import sqlalchemy as sa

from madoguchi.app.lending.facts import (
    CheckoutFacts,
    CountedAct,
    Desk,
    HourCount,
    ItemOnlyFacts,
    PatronFacts,
    ReservationFacts,
)
from madoguchi.app.lending.rules import Refusal
from madoguchi.app.server.rows import checkout_facts, item_facts, patron_facts, reservation_facts
from madoguchi.app.server.statements import CHECKOUT, ITEM, PATRON, RESERVATION, TODAY_AT_COUNTER


class SqlReads:
    """The reads over one open connection to the embedded library."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def patron(self, visit: UUID, card_number: str, desk: Desk) -> PatronFacts | Refusal:
        """The patron a card belongs to, or why there is none to show."""
        del visit  # who looked is not kept of made-up people
        rows = self._connection.execute(PATRON, {"card_number": card_number, "branch_id": desk.branch_id})
        return patron_facts(rows.mappings().all()) or Refusal.UNKNOWN_CARD

    def checkout(
        self, operation: UUID, visit: UUID, card_number: str, item_number: str, desk: Desk
    ) -> CheckoutFacts:
        """All a checkout is decided on."""
        values = {
            "operation": operation,
            "visit": visit,
            "card_number": card_number,
            "item_number": item_number,
            "branch_id": desk.branch_id,
            "login": desk.login,
        }
        return checkout_facts(self._connection.execute(CHECKOUT, values).mappings().one())

    def item(self, operation: UUID, item_number: str, desk: Desk) -> ItemOnlyFacts:
        """All a return, or a renewal by item, is decided on."""
        values = {"operation": operation, "item_number": item_number, "branch_id": desk.branch_id}
        return item_facts(self._connection.execute(ITEM, values).mappings().one())

    def reservation(
        self,
        operation: UUID,
        visit: UUID,
        card_number: str,
        title_id: int,
        item_number: str | None,
        pickup_branch_id: int,
        desk: Desk,
    ) -> ReservationFacts:
        """All a reservation is decided on."""
        del visit
        values = {
            "operation": operation,
            "card_number": card_number,
            "title_id": title_id,
            "item_number": item_number,
            "pickup_branch_id": pickup_branch_id,
            "branch_id": desk.branch_id,
        }
        row = self._connection.execute(RESERVATION, values).mappings().one()
        return reservation_facts(row, item_number)

    def today_at_counter(self, desk: Desk) -> tuple[HourCount, ...]:
        """What the statistics count for the desk's branch on the library's day; of no person.

        A return counts for the day it is recorded for: one of the book drop, dated back, is not among them.
        """
        rows = self._connection.execute(TODAY_AT_COUNTER, {"branch_id": desk.branch_id})
        return tuple(HourCount(row.hour, CountedAct(row.act), int(row.amount)) for row in rows)
