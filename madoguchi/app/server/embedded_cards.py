"""Cards on the embedded SQLite file: the twin of the server's functions of ``0011_cards.sql``.

``tests/contracts/test_cards.py`` holds both to one suite.
"""

from __future__ import annotations

import json
import re
from itertools import count
from typing import Final
from uuid import UUID

import sqlalchemy as sa

from madoguchi.app.lending.facts import Desk
from madoguchi.app.patrons.answers import Done, NotDone, PatronRefusal
from madoguchi.app.patrons.fitting import card_number_fits
from madoguchi.app.patrons.form import proof_is_needed
from madoguchi.app.patrons.person import Proof
from madoguchi.app.server import tables as t
from madoguchi.app.server.cards import read_serial
from madoguchi.app.server.embedded_about import EmbeddedAbout
from madoguchi.app.server.embedded_rows import TRAPPED
from madoguchi.app.server.embedded_ties import part_family

_PREFIX: Final = re.compile("[0-9A-Z]{0,19}")


class EmbeddedCards(EmbeddedAbout):
    """Cards over one autocommit SQLite connection."""

    def replace(self, operation: UUID, patron_id: int, card_number: str, desk: Desk) -> Done | NotDone:
        """Gives a new card in place of the one before."""
        if not card_number_fits(card_number):
            return NotDone(PatronRefusal.NOT_ALLOWED)
        with self._transaction():
            over = self._begin_about(operation, "card_replace", patron_id, desk)
            whose = self._connection.execute(
                sa.select(t.card.c.patron_id).where(t.card.c.number == card_number)
            ).scalar_one_or_none()
            if isinstance(over, Done) and whose != patron_id:
                # said again, it is the card that was given
                return NotDone(PatronRefusal.NOT_ALLOWED)
            if over is not None:
                return over
            if whose is not None:
                return NotDone(PatronRefusal.CARD_TAKEN)
            self._lose(patron_id)
            self._connection.execute(
                t.card.insert().values(
                    number=card_number, patron_id=patron_id, state="active", issued_on=self._day()
                )
            )
            return self._done_about(operation, "card_replace", patron_id)

    def allot(self, operation: UUID, prefix: str, digits: int, check: bool, desk: Desk) -> int | NotDone:
        """The serial of the next card that the library prints itself."""
        del desk
        if not _PREFIX.fullmatch(prefix) or digits not in range(1, 19) or len(prefix) + digits + check > 20:
            return NotDone(PatronRefusal.NOT_ALLOWED)
        about = {"prefix": prefix, "digits": digits}
        with self._transaction():
            before = self._connection.execute(
                sa.select(t.operation.c.act, t.operation.c.answer).where(t.operation.c.id == operation)
            ).one_or_none()
            if before is not None:
                if before.act == "cancelled":
                    return NotDone(PatronRefusal.CANCELLED)
                answer = json.loads(before.answer) if before.act == "card_serial" else {}
                if not answer.items() >= about.items():
                    return NotDone(PatronRefusal.NOT_ALLOWED)
                return read_serial(answer)
            serial = self._first_free_serial(prefix, digits, check, self._next_serial(prefix, digits))
            if len(str(serial)) > digits:
                return NotDone(PatronRefusal.NUMBERS_USED_UP)
            self._connection.execute(
                t.printed_serial.delete().where(
                    t.printed_serial.c.prefix == prefix, t.printed_serial.c.digits == digits
                )
            )
            self._connection.execute(t.printed_serial.insert().values(**about, last=serial))
            answer = {"refusal": None} | about | {"serial": serial}
            self._connection.execute(
                t.operation.insert().values(
                    id=operation,
                    act="card_serial",
                    answer=json.dumps(answer),
                    done_on=sa.func.library_day(0),
                )
            )
            return serial

    def report_lost(self, operation: UUID, patron_id: int, desk: Desk) -> Done | NotDone:
        """Ends the card that works."""
        with self._transaction():
            over = self._begin_about(operation, "card_lost", patron_id, desk)
            if over is not None:
                return over
            if not self._lose(patron_id):
                return NotDone(PatronRefusal.CARD_LOST)
            return self._done_about(operation, "card_lost", patron_id)

    def renew(self, operation: UUID, patron_id: int, proof: Proof, desk: Desk) -> Done | NotDone:
        """Lets a card that lay idle work again."""
        with self._transaction():
            over = self._begin_about(operation, "card_renew", patron_id, desk)
            if over is not None:
                return over
            today = self._day()
            born = self._connection.execute(
                sa.select(t.patron.c.birth_date).where(t.patron.c.id == patron_id)
            ).scalar_one()
            if proof is Proof.NOT_NEEDED and proof_is_needed(born, today):
                return NotDone(PatronRefusal.PROOF_NEEDED)
            seen = {} if proof is Proof.NOT_NEEDED else {"proof_seen_on": today}
            self._connection.execute(
                t.patron.update()
                .where(t.patron.c.id == patron_id)
                .values(last_used_on=today, proof=proof.value, version=t.patron.c.version + 1, **seen)
            )
            return self._done_about(operation, "card_renew", patron_id)

    def withdraw(self, operation: UUID, patron_id: int, desk: Desk) -> Done | NotDone:
        """Erases a person, and what joins to them."""
        with self._transaction():
            over = self._begin_about(operation, "withdraw", patron_id, desk)
            if over is not None:
                return over
            of_patron = t.loan.c.patron_id == patron_id
            still_open = sa.select(t.loan.c.id).where(of_patron, t.loan.c.returned_at.is_(None))
            if self._connection.execute(still_open).first() is not None:
                return NotDone(PatronRefusal.OPEN_LOANS)
            kept: int = self._connection.execute(
                sa.select(sa.func.count())
                .select_from(t.reservation)
                .where(
                    t.reservation.c.patron_id == patron_id,
                    t.reservation.c.state.in_(TRAPPED),
                )
            ).scalar_one()
            # what lies ready for them is to be cleared away; what is on its way goes on when it arrives
            self._connection.execute(
                t.shelf_leftover.insert().from_select(
                    ["item_id", "branch_id", "since"],
                    sa.select(
                        t.reservation.c.trapped_item_id,
                        t.reservation.c.pickup_branch_id,
                        sa.func.library_day(0, type_=sa.Date),
                    ).where(t.reservation.c.patron_id == patron_id, t.reservation.c.state == "ready"),
                )
            )
            # returned, and to be undone no more
            self._connection.execute(
                t.operation.update()
                .where(t.operation.c.loan_id.in_(sa.select(t.loan.c.id).where(of_patron)))
                .values(answer=None, loan_id=None)
            )
            self._connection.execute(t.loan.delete().where(of_patron))
            part_family(self._connection, patron_id)
            # cards, notes, overrides, reservations and consents go with the row
            self._connection.execute(t.patron.delete().where(t.patron.c.id == patron_id))
            return self._done_about(operation, "withdraw", patron_id, kept=kept)

    def _next_serial(self, prefix: str, digits: int) -> int:
        """The one behind the last that was allotted, or the first that the library's setting allows."""
        first: int = self._connection.execute(sa.select(t.policy.c.printed_cards_from)).scalar_one()
        last: int | None = self._connection.execute(
            sa.select(t.printed_serial.c.last).where(
                t.printed_serial.c.prefix == prefix, t.printed_serial.c.digits == digits
            )
        ).scalar_one_or_none()
        # cards that are bought printed begin low
        return max(first or 9 * 10 ** (digits - 1), (last or 0) + 1)

    def _first_free_serial(self, prefix: str, digits: int, check: bool, first: int) -> int:
        number = t.card.c.number
        like = self._connection.execute(
            sa.select(sa.func.substr(number, len(prefix) + 1, digits)).where(
                sa.func.substr(number, 1, len(prefix)) == prefix,
                sa.func.length(number) == len(prefix) + digits + check,
            )
        ).scalars()
        used = {int(serial) for serial in like if serial.isascii() and serial.isdecimal()}
        return next(serial for serial in count(first) if serial not in used)

    def _lose(self, patron_id: int) -> bool:
        """Ends the card that works; whether there was one."""
        ended = self._connection.execute(
            t.card.update()
            .where(t.card.c.patron_id == patron_id, t.card.c.state == "active")
            .values(state="lost")
        )
        return ended.rowcount > 0
