"""Registration in the embedded library: the twin of ``desk.register_patron`` and ``desk.change_patron``."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from madoguchi.app.lending.facts import Desk
from madoguchi.app.patrons.answers import Done, NotDone, PatronRefusal, Registered, SamePerson
from madoguchi.app.patrons.comparing import person_key
from madoguchi.app.patrons.fitting import card_number_fits, person_fits
from madoguchi.app.patrons.person import Person, Proof
from madoguchi.app.patrons.registering import NewPatron
from madoguchi.app.server import tables as t
from madoguchi.app.server.embedded_rows import EmbeddedRows
from madoguchi.app.server.embedded_ties import join_family
from madoguchi.app.server.patron_statements import USABLE_CATEGORIES

_MOST_ALIKE = 50


class EmbeddedRegistrations(EmbeddedRows):
    """Registration over one autocommit SQLite connection."""

    def register(
        self, operation: UUID, new: NewPatron, as_new: bool, desk: Desk
    ) -> Registered | SamePerson | NotDone:
        """Registers somebody at the desk's branch."""
        with self._transaction():
            return self.register_within(operation, new, as_new, desk)

    def change(
        self, operation: UUID, patron_id: int, version: int, person: Person, desk: Desk
    ) -> Done | NotDone:
        """Puts ``person`` in place of what is kept of a patron."""
        with self._transaction():
            earlier = self._answered(operation, "change")
            if isinstance(earlier, NotDone):
                return earlier
            if earlier is not None:
                return Done(operation)
            was = self._connection.execute(
                sa.select(t.patron).where(t.patron.c.id == patron_id)
            ).one_or_none()
            if was is None:
                return NotDone(PatronRefusal.UNKNOWN_PATRON)
            refusal = self._person_refused(person)
            if refusal is not None:
                return NotDone(refusal)
            if was.version != version:
                return NotDone(PatronRefusal.CHANGED)
            values = self._columns(person)
            # what was seen before is not unseen
            values["proof"] = values["proof"] or was.proof
            values["proof_seen_on"] = values["proof_seen_on"] or was.proof_seen_on
            self._connection.execute(
                t.patron.update().where(t.patron.c.id == patron_id).values(values | {"version": version + 1})
            )
            self._remember_answer(operation, "change", {})
            return Done(operation)

    # -- the steps, for whoever else registers; they belong inside a transaction ----------------------

    def register_within(
        self, operation: UUID, new: NewPatron, as_new: bool, desk: Desk
    ) -> Registered | SamePerson | NotDone:
        """The whole of a registration."""
        earlier = self._answered(operation, "register")
        if isinstance(earlier, NotDone):
            return earlier
        if earlier is not None:
            return Registered(operation, earlier["patron_id"], new.card_number)
        refusal = self.refused(new.person, new.card_number)
        if refusal is not None:
            return NotDone(refusal)
        family = sa.select(t.patron.c.id).where(t.patron.c.id == new.family_of)
        if new.family_of is not None and self._connection.execute(family).first() is None:
            return NotDone(PatronRefusal.UNKNOWN_PATRON)
        same = () if as_new else self.same_person(new.person)
        if same:
            return SamePerson(same)
        patron_id = self.write_patron(new.person, new.card_number, desk)
        if new.family_of is not None:
            join_family(self._connection, patron_id, new.family_of)
        self._remember_answer(operation, "register", {"patron_id": patron_id})
        return Registered(operation, patron_id, new.card_number)

    def refused(self, person: Person, card_number: str) -> PatronRefusal | None:
        """Why somebody cannot be registered with that card."""
        if not card_number_fits(card_number):
            return PatronRefusal.NOT_ALLOWED
        refusal = self._person_refused(person)
        if refusal is not None:
            return refusal
        taken = sa.select(t.card.c.number).where(t.card.c.number == card_number)
        return None if self._connection.execute(taken).first() is None else PatronRefusal.CARD_TAKEN

    def same_person(self, person: Person) -> tuple[int, ...]:
        """Those of the same kana, as it may be written, and birth date, the oldest record first."""
        key = person_key(person.kana)
        if not key:
            return ()
        found = self._connection.execute(
            sa.select(t.patron.c.id)
            .join(t.patron_search)
            .where(t.patron_search.c.alike_key == key, t.patron.c.birth_date == person.birth_date)
            .order_by(t.patron.c.id)
            .limit(_MOST_ALIKE)
        )
        return tuple(found.scalars())

    def write_patron(self, person: Person, card_number: str, desk: Desk) -> int:
        """Writes somebody at the desk's branch, with a card that works; their key."""
        today = self._today()
        patron_id: int = self._connection.execute(
            t.patron.insert()
            .values(
                self._columns(person)
                | {"last_used_on": today, "registered_on": today, "branch_id": desk.branch_id}
            )
            .returning(t.patron.c.id)
        ).scalar_one()
        self._connection.execute(
            t.card.insert().values(number=card_number, patron_id=patron_id, state="active", issued_on=today)
        )
        return patron_id

    # -- within ---------------------------------------------------------------------------------------

    def _today(self) -> dt.date:
        return self._connection.execute(sa.select(sa.func.library_day(0, type_=sa.Date))).scalar_one()

    def _person_refused(self, person: Person) -> PatronRefusal | None:
        if not person_fits(person, self._today()):
            return PatronRefusal.NOT_ALLOWED
        usable = {row.code for row in self._connection.execute(USABLE_CATEGORIES)}
        return None if person.category in usable else PatronRefusal.WRONG_CATEGORY

    def _columns(self, person: Person) -> dict[str, Any]:
        seen = person.proof not in (None, Proof.NOT_NEEDED)
        return {
            "name": person.name,
            "kana": person.kana,
            "birth_date": person.birth_date,
            "category": person.category.value,
            "postal_code": person.postal_code,
            "address": person.address,
            "telephone": person.telephone,
            "email": person.email,
            "notice_by": person.notice_by.value,
            "proof": None if person.proof is None else person.proof.value,
            "proof_seen_on": self._today() if seen else None,
        }

    def _answered(self, operation: UUID, act: str) -> dict[str, Any] | NotDone | None:
        """What an operation that was done before answered then."""
        row = self._connection.execute(
            sa.select(t.operation.c.act, t.operation.c.answer).where(t.operation.c.id == operation)
        ).one_or_none()
        if row is None:
            return None
        if row.act == "cancelled":
            return NotDone(PatronRefusal.CANCELLED)
        if row.act != act or row.answer is None:
            return NotDone(PatronRefusal.NOT_ALLOWED)
        answer: dict[str, Any] = json.loads(row.answer)
        return answer

    def _remember_answer(self, operation: UUID, act: str, values: dict[str, int]) -> None:
        self._connection.execute(
            t.operation.insert().values(
                id=operation,
                act=act,
                answer=json.dumps({"refusal": None} | values),
                done_on=sa.func.library_day(0),
            )
        )
