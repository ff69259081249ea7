"""The training library's people: sixty patrons and their cards, staff of each role, what they have done."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from madoguchi.app.lending.materials import LoanGroup, MaterialKind, group_of
from madoguchi.app.server import tables as t
from madoguchi.app.staff.passwords import make_verifier
from madoguchi.app.training.house import TERMS, branch_ids
from madoguchi.app.training.situations import (
    REPLACED_CARD_SERIAL,
    STAFF,
    TRAINING_PASSWORD,
    Case,
    ItemCase,
    PatronSeed,
    patron_number,
    staff_number,
)
from madoguchi.app.training.stock import TooFewRecords

_DAY: Final = dt.timedelta(days=1)


def fill_people(connection: sa.Connection, people: Sequence[PatronSeed], today: dt.date) -> None:
    connection.execute(
        t.patron.insert(),
        [
            {
                "id": seed.serial,
                "name": seed.name,
                "kana": seed.kana,
                "birth_date": dt.date(today.year - seed.age, 4, 1),
                "category": seed.category,
                "address": f"藤沢市見本町{seed.serial}番地",
                "telephone": f"0466-00-{seed.serial:04}",
                "last_used_on": today - (3 * 366 if seed.case is Case.IDLE_CARD else 20) * _DAY,
                "registered_on": today - 4 * 366 * _DAY,
            }
            for seed in people
        ],
    )
    connection.execute(
        t.patron_note.insert(),
        [
            {
                "id": UUID(int=seed.serial),
                "patron_id": seed.serial,
                "text": seed.note,
                "login": STAFF[0].login,
                "made_on": today - 20 * _DAY,
            }
            for seed in people
            if seed.note
        ],
    )
    owner = next(seed for seed in people if seed.case is Case.REPLACED_CARD)
    connection.execute(
        t.card.insert(),
        [
            {
                "number": patron_number(seed.serial),
                "patron_id": seed.serial,
                "state": "active",
                "issued_on": today - 4 * 366 * _DAY,
            }
            for seed in people
        ]
        + [
            {
                "number": patron_number(REPLACED_CARD_SERIAL),
                "patron_id": owner.serial,
                "state": "lost",
                "issued_on": today - 5 * 366 * _DAY,
            }
        ],
    )


def fill_staff(connection: sa.Connection) -> None:
    ids = branch_ids()
    connection.execute(
        t.staff.insert(),
        [
            {
                "login": seed.login,
                "name": seed.name,
                "role": seed.role,
                "password_hash": make_verifier(TRAINING_PASSWORD),
                "card_number": staff_number(seed.serial),
            }
            for seed in STAFF
        ],
    )
    connection.execute(
        t.staff_branch.insert(),
        [{"login": seed.login, "branch_id": ids[code]} for seed in STAFF for code in seed.branches],
    )


class Situations:
    """Open loans and reservations that make the cases what they are."""

    def __init__(
        self,
        connection: sa.Connection,
        items: Sequence[dict[str, Any]],
        people: Sequence[PatronSeed],
        today: dt.date,
    ) -> None:
        self._connection = connection
        self._people = people
        self._today = today
        self._home = branch_ids()["sogo"]
        free = items[len(ItemCase) :]
        self._free = {
            group: iter([item for item in free if group_of(MaterialKind(item["kind"])) is group])
            for group in LoanGroup
        }
        self._cases = dict(zip(ItemCase, items, strict=False))

    def fill(self) -> None:
        """Writes them all."""
        today = self._today
        print_limit, audio_limit, video_limit = (TERMS[group][0] for group in LoanGroup)
        loans = chain(
            self._lend(Case.AT_PRINT_LIMIT, self._next(LoanGroup.PRINT, print_limit)),
            self._lend(Case.AT_AUDIO_LIMIT, self._next(LoanGroup.AUDIO, audio_limit)),
            self._lend(Case.AT_VIDEO_LIMIT, self._next(LoanGroup.VIDEO, video_limit)),
            self._lend(Case.OVERDUE_3, self._next(LoanGroup.PRINT, 1), due=today - 3 * _DAY),
            self._lend(Case.OVERDUE_3, [self._cases[ItemCase.OVERDUE]], due=today - 3 * _DAY),
            self._lend(Case.OVERDUE_31, self._next(LoanGroup.PRINT, 2), due=today - 31 * _DAY),
            self._lend(Case.CHILD, [self._cases[ItemCase.ON_LOAN]]),
            self._lend(Case.RENEWALS, [self._cases[ItemCase.RENEWABLE]], due=today + 2 * _DAY),
            self._lend(Case.RENEWALS, [self._cases[ItemCase.RENEWED]], renewals=1),
            self._lend(Case.RENEWALS, [self._cases[ItemCase.RENEWAL_RESERVED]]),
            self._lend(Case.RENEWALS, [self._cases[ItemCase.BORROWED_ELSEWHERE]]),
        )
        self._connection.execute(t.loan.insert(), list(loans))
        self._connection.execute(t.reservation.insert(), list(self._reservations()))

    def _next(self, group: LoanGroup, number: int) -> list[dict[str, Any]]:
        found = list(islice(self._free[group], number))
        if len(found) < number:
            raise TooFewRecords(f"the records make too few items of the group {group.value!r}")
        return found

    def _patron_id(self, case: Case, place: int = 0) -> int:
        return [seed.serial for seed in self._people if seed.case is case][place]

    def _lend(
        self, case: Case, items: Sequence[dict[str, Any]], *, due: dt.date | None = None, renewals: int = 0
    ) -> Iterator[dict[str, Any]]:
        due_on = due or self._today + 7 * _DAY
        for item in items:
            yield {
                "item_id": item["id"],
                "patron_id": self._patron_id(case),
                "branch_id": self._home,
                "lent_on": due_on - 14 * _DAY,
                "due_on": due_on,
                "renewals": renewals,
            }

    def _reservations(self) -> Iterator[dict[str, Any]]:
        placed = dt.datetime.combine(self._today - 9 * _DAY, dt.time(1), dt.UTC)
        nothing = {
            "item_id": None,
            "trapped_item_id": None,
            "keep_until": None,
            "pickup_branch_id": self._home,
        }
        ready = self._cases[ItemCase.READY_FOR_PATRON]
        yield nothing | {
            "title_id": ready["title_id"],
            "patron_id": self._patron_id(Case.RESERVATION_READY),
            "placed_at": placed,
            "state": "ready",
            "trapped_item_id": ready["id"],
            "keep_until": self._today + 7 * _DAY,
        }
        for case in (ItemCase.RESERVED, ItemCase.RENEWAL_RESERVED):
            for place in (0, 1):
                yield nothing | {
                    "title_id": self._cases[case]["title_id"],
                    "patron_id": self._patron_id(Case.IN_QUEUE, place),
                    "placed_at": placed + (1 + place) * _DAY,
                    "state": "waiting",
                }
