"""Provisional applications on the embedded SQLite file: the twin of the server's functions.

``tests/contracts/test_applications.py`` holds both to one suite.
"""

from __future__ import annotations

from uuid import UUID

import sqlalchemy as sa

from madoguchi.app.lending.facts import Desk
from madoguchi.app.patrons.answers import Done, NotDone, PatronRefusal, Registered, SamePerson
from madoguchi.app.patrons.applications import (
    Application,
    ApplicationQuery,
    ApplicationsFound,
    RejectReason,
    digest,
)
from madoguchi.app.patrons.registering import NewPatron
from madoguchi.app.server import tables as t
from madoguchi.app.server.applications import read_application, read_found
from madoguchi.app.server.embedded_registrations import EmbeddedRegistrations

_MOST = 50
_LONGEST_NUMBER, _LONGEST_WORDS = 20, 200
_REJECT = "reject_app"


class EmbeddedApplications(EmbeddedRegistrations):
    """Applications over one autocommit SQLite connection."""

    def find(self, visit: UUID, query: ApplicationQuery, desk: Desk) -> ApplicationsFound | NotDone:
        """The first fifty that a query finds."""
        del visit
        if len(query.number) > _LONGEST_NUMBER or len(query.words) > _LONGEST_WORDS:
            return NotDone(PatronRefusal.NOT_ALLOWED)
        if not query.number and self._of_a_contractor(desk):
            return NotDone(PatronRefusal.SEARCH_TOO_WIDE)
        a = t.application.c
        statement = sa.select(
            a.number, a.name, a.kana, sa.extract("year", a.birth_date).label("birth_year"), a.applied_on
        )
        if query.number:
            statement = statement.where(a.number == query.number)
        if query.birth_date is not None:
            statement = statement.where(a.birth_date == query.birth_date)
        for word in query.words.split():
            folded = sa.func.search_folded(word)
            statement = statement.where(
                sa.or_(
                    sa.func.instr(sa.func.search_folded(a.name), folded) > 0,
                    sa.func.instr(sa.func.search_folded(a.kana), folded) > 0,
                )
            )
        rows = self._connection.execute(statement.order_by(a.applied_on, a.number).limit(_MOST + 1))
        found = [read_found(dict(row)) for row in rows.mappings()]
        return ApplicationsFound(tuple(found[:_MOST]), len(found) > _MOST)

    def open(self, visit: UUID, number: str, desk: Desk) -> Application | NotDone:
        """All of one."""
        del visit, desk
        row = (
            self._connection.execute(sa.select(t.application).where(t.application.c.number == number))
            .mappings()
            .one_or_none()
        )
        return NotDone(PatronRefusal.UNKNOWN_APPLICATION) if row is None else read_application(dict(row))

    def reject(self, operation: UUID, number: str, reason: RejectReason, desk: Desk) -> Done | NotDone:
        """Erases one; the embedded library keeps no audit."""
        del reason, desk
        with self._transaction():
            earlier = self._answered(operation, _REJECT)
            if earlier is not None:
                return earlier if isinstance(earlier, NotDone) else Done(operation)
            if not self._erase(number):
                return NotDone(PatronRefusal.UNKNOWN_APPLICATION)
            self._remember_answer(operation, _REJECT, {})
            return Done(operation)

    def confirm(
        self, operation: UUID, number: str, new: NewPatron, as_new: bool, desk: Desk
    ) -> Registered | SamePerson | NotDone:
        """Registers whoever wrote it, and erases it."""
        with self._transaction():
            known = sa.select(t.operation.c.id).where(t.operation.c.id == operation)
            if self._connection.execute(known).first() is None and not self._waits(number):
                return NotDone(PatronRefusal.UNKNOWN_APPLICATION)
            answer = self.register_within(operation, new, as_new, desk)
            if isinstance(answer, Registered):
                self._erase(number)
            return answer

    def _waits(self, number: str) -> bool:
        there = sa.select(t.application.c.number).where(t.application.c.number == number)
        return self._connection.execute(there).first() is not None

    def _erase(self, number: str) -> bool:
        gone = self._connection.execute(t.application.delete().where(t.application.c.number == number))
        if gone.rowcount:
            self._connection.execute(
                t.application_done.insert().values(digest=digest(number), done_on=sa.func.library_day(0))
            )
        return bool(gone.rowcount)

    def _of_a_contractor(self, desk: Desk) -> bool:
        role = self._connection.execute(
            sa.select(t.staff.c.role).where(t.staff.c.login == desk.login)
        ).scalar_one_or_none()
        return role == "contract_staff"


def erase_applications(connection: sa.Connection) -> int:
    """Erases those that nobody came for, as the watcher does on a server; how many."""
    days = sa.select(t.policy.c.application_days).scalar_subquery()
    before = connection.execute(sa.select(sa.func.library_day(-days, type_=sa.Date))).scalar_one_or_none()
    connection.execute(t.application_done.delete().where(t.application_done.c.done_on < before))
    return connection.execute(t.application.delete().where(t.application.c.applied_on < before)).rowcount
