"""Builds the training library: real records, made-up people, every situation of the counter."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, cycle, islice
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

from madoguchi.app.lending.materials import LoanGroup, MaterialKind, group_of
from madoguchi.app.server import schema
from madoguchi.app.server import tables as t
from madoguchi.app.server.engine import LibraryClock, embedded_url, make_engine
from madoguchi.app.staff.passwords import make_verifier
from madoguchi.app.training.branches import BRANCHES, training_calendar
from madoguchi.app.training.ndl import BibRecord
from madoguchi.app.training.situations import (
    REPLACED_CARD_SERIAL,
    STAFF,
    TRAINING_PASSWORD,
    Case,
    ItemCase,
    PatronSeed,
    item_number,
    patron_number,
    patrons,
    staff_number,
)

ITEMS: Final = 1500
CALENDAR_YEARS: Final = 3

CATEGORIES: Final = (
    ("resident", "一般・市内在住"),
    ("child", "児童・市内在住"),
    ("wide_area", "広域利用"),
    ("commuter", "市内在勤・在学"),
    ("group", "団体"),
)

# DOMAIN, "Loans". A group's limit is not published; one for each of ten members is this library's example.
TERMS: Final = {LoanGroup.PRINT: (10, 14), LoanGroup.AUDIO: (5, 14), LoanGroup.VIDEO: (2, 14)}
GROUP_PRINT_LIMIT: Final = 100

_DAY: Final = dt.timedelta(days=1)


class TooFewRecords(Exception):
    """The records hold too little material of a kind that the situations need."""


class LibraryInUse(OSError):
    """The library's file is open in another program, which would go on working on the one replaced."""


class NotEmpty(Exception):
    """A training library is not made over another library."""


@dataclass(frozen=True, slots=True)
class Built:
    """What a training library holds."""

    titles: int
    items: int
    patrons: int


def reset(path: Path, records: Sequence[BibRecord], clock: LibraryClock | None = None) -> Built:
    """Replaces the embedded library at ``path`` with a new training library.

    The old one stays whole until the new one is finished, and for good if anything is raised.

    Raises:
        LibraryInUse: the old one is open in another program.
        TooFewRecords: the records lack titles of a kind that the situations need.
        OSError: the folder cannot be written.
    """
    clock = clock or LibraryClock()
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(path.name + ".new")
    _remove(unfinished)
    try:
        engine = make_engine(embedded_url(unfinished), clock)
        schema.upgrade(engine)
        with engine.connect() as connection:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            built = fill(connection, records, clock.local().date())
            connection.exec_driver_sql("COMMIT")
            # one file to move: no write-ahead log beside it
            connection.exec_driver_sql("PRAGMA journal_mode = DELETE")
        _settle(path)
        unfinished.replace(path)
    except BaseException:
        _remove(unfinished)
        raise
    return built


def _settle(path: Path) -> None:
    """Leaves nothing beside the old library: a log that outlived it would be read into the new one."""
    if path.exists():
        engine = make_engine(embedded_url(path))
        try:
            with engine.connect() as connection:
                # folds the log into the file; refused while anybody else has it open
                connection.exec_driver_sql("PRAGMA journal_mode = DELETE")
        except sa.exc.DatabaseError as error:
            if "locked" in str(error.orig):
                raise LibraryInUse(f"{path}: open in another program; close it first") from error
            # not a library at all: it is replaced as it is
    for suffix in ("-wal", "-shm", "-journal"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def fill_empty(engine: sa.Engine, records: Sequence[BibRecord]) -> Built:
    """Makes a training library of an empty database on a server, all of it or nothing.

    Raises:
        NotEmpty: the database holds a library already; it is left alone.
        TooFewRecords: the records lack a book, a CD or a DVD.
    """
    if schema.current(engine) is None:
        schema.upgrade(engine)
    with engine.execution_options(isolation_level="READ COMMITTED").begin() as connection:
        if connection.execute(sa.select(sa.func.count()).select_from(t.branch)).scalar_one():
            raise NotEmpty("the server's database holds a library already; it was left alone")
        clock = LibraryClock()
        return fill(connection, records, clock.local().date())


def _remove(path: Path) -> None:
    for suffix in ("", "-wal", "-shm", "-journal"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def fill(connection: sa.Connection, records: Sequence[BibRecord], today: dt.date) -> Built:
    """Fills an empty schema with the training library; the caller commits.

    Raises:
        TooFewRecords: the records lack titles of a kind that the situations need.
    """
    items = _items(records)
    fill_rules(connection, today)
    _fill_titles(connection, records)
    connection.execute(t.item.insert(), items)
    people = patrons()
    _fill_people(connection, people, today)
    _fill_staff(connection)
    _Situations(connection, items, people, today).fill()
    return Built(len(records), len(items), len(people))


def fill_rules(connection: sa.Connection, today: dt.date) -> None:
    """Branches, calendars, kinds, categories, loan terms and policy."""
    branch_ids = _branch_ids()
    connection.execute(
        t.branch.insert(),
        [
            {
                "id": branch_ids[seed.code],
                "code": seed.code,
                "name": seed.name,
                "short_name": seed.short_name,
                "kind": seed.kind.value,
            }
            for seed in BRANCHES
        ],
    )
    first = today - 60 * _DAY
    last = today.replace(month=12, day=31, year=today.year + CALENDAR_YEARS)
    connection.execute(
        t.closed_day.insert(),
        [
            {"branch_id": branch_ids[seed.code], "day": day, "reason": reason.value}
            for seed in BRANCHES
            for day, reason in training_calendar(seed, first, last).items()
        ],
    )
    connection.execute(
        t.material_kind.insert(),
        [{"code": kind.value, "loan_group": group_of(kind).value} for kind in MaterialKind],
    )
    connection.execute(
        t.patron_category.insert(), [{"code": code, "name": name} for code, name in CATEGORIES]
    )
    connection.execute(
        t.loan_term.insert(),
        [
            {
                "category": code,
                "loan_group": group.value,
                "max_loans": GROUP_PRINT_LIMIT if (code, group) == ("group", LoanGroup.PRINT) else limit,
                "loan_days": days,
            }
            for code, _ in CATEGORIES
            for group, (limit, days) in TERMS.items()
        ],
    )
    connection.execute(
        t.policy.insert().values(
            id=1,
            time_zone="Asia/Tokyo",
            overdue_block_days=30,
            card_idle_years=3,
            max_renewals=1,
            due_on_open_day=True,
            undo_minutes=10,
            shelf_open_days=7,
            backdate_days=7,
        )
    )


def _branch_ids() -> dict[str, int]:
    return {seed.code: place for place, seed in enumerate(BRANCHES, start=1)}


def _fill_titles(connection: sa.Connection, records: Sequence[BibRecord]) -> None:
    connection.execute(
        t.title.insert(),
        [
            {
                "id": place,
                "ndl_id": record.ndl_id,
                "title": record.title,
                "title_kana": record.title_kana or "",
                "volume": record.volume or "",
                "series": record.series or "",
                "statement": _shown_creators(record),
                "publisher": (record.publisher or ""),
                "year": record.year,
                "isbn": record.isbn13,
                "ndc": record.ndc or "",
                "edition": record.edition or "",
                "extent": record.extent or "",
            }
            for place, record in enumerate(records, start=1)
        ],
    )
    creators = [
        {"title_id": place, "position": position, "name": creator.name, "reading": creator.reading or ""}
        for place, record in enumerate(records, start=1)
        for position, creator in enumerate(record.creators, start=1)
    ]
    if creators:
        connection.execute(t.title_creator.insert(), creators)


def _shown_creators(record: BibRecord) -> str:
    names = "・".join(creator.name for creator in record.creators[:3])
    return names or record.statement_of_responsibility or ""


def _items(records: Sequence[BibRecord]) -> list[dict[str, Any]]:
    """The items: first one for each case, then copies of every title round the branches."""
    branch_ids = _branch_ids()
    everywhere = cycle(branch_ids[seed.code] for seed in BRANCHES)
    with_av = cycle(branch_ids[seed.code] for seed in BRANCHES if seed.has_av)
    home = branch_ids["sogo"]
    items = [
        _item(serial, title_id, home, record)
        for serial, (title_id, record) in enumerate(_case_titles(records), start=1)
    ]
    for case, changes in _case_items(branch_ids).items():
        items[list(ItemCase).index(case)].update(changes)
    copies = cycle(enumerate(records, start=1))
    for serial, (title_id, record) in enumerate(islice(copies, ITEMS - len(items)), start=len(items) + 1):
        branches = everywhere if group_of(record.kind) is LoanGroup.PRINT else with_av
        items.append(_item(serial, title_id, next(branches), record))
    return items


def _item(serial: int, title_id: int, branch_id: int, record: BibRecord) -> dict[str, Any]:
    return {
        "id": serial,
        "number": item_number(serial),
        "title_id": title_id,
        "home_branch_id": branch_id,
        "kind": record.kind.value,
        "reference_only": False,
        "borrowed_from": None,
        "attachments": (record.attachments or "")[:300],
        "note": "",
    }


def _case_items(branch_ids: dict[str, int]) -> dict[ItemCase, dict[str, Any]]:
    return {
        ItemCase.REFERENCE: {"reference_only": True},
        ItemCase.ATTACHMENTS: {"attachments": "付録CD 1枚"},
        ItemCase.NOTE: {"note": "12ページに書込みあり（確認済）"},
        ItemCase.OTHER_BRANCH: {"home_branch_id": branch_ids["minami"]},
        ItemCase.BORROWED_ELSEWHERE: {"borrowed_from": "神奈川県立図書館"},
    }


def _case_titles(records: Sequence[BibRecord]) -> Iterator[tuple[int, BibRecord]]:
    """A title for each item case, of the kind the case needs; no two cases share one."""
    by_kind: dict[MaterialKind, list[tuple[int, BibRecord]]] = {}
    for place, record in enumerate(records, start=1):
        if not record.attachments:
            by_kind.setdefault(record.kind, []).append((place, record))
    for case in ItemCase:
        kind = {ItemCase.CD: MaterialKind.CD, ItemCase.DVD: MaterialKind.DVD}.get(case, MaterialKind.BOOK)
        if not by_kind.get(kind):
            raise TooFewRecords(f"the records hold too few titles of the kind {kind.value!r}")
        yield by_kind[kind].pop(0)


def _fill_people(connection: sa.Connection, people: Sequence[PatronSeed], today: dt.date) -> None:
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
                "note": seed.note,
                "last_used_on": today - (3 * 366 if seed.case is Case.IDLE_CARD else 20) * _DAY,
                "registered_on": today - 4 * 366 * _DAY,
            }
            for seed in people
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


def _fill_staff(connection: sa.Connection) -> None:
    branch_ids = _branch_ids()
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
        [{"login": seed.login, "branch_id": branch_ids[code]} for seed in STAFF for code in seed.branches],
    )


class _Situations:
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
        self._home = _branch_ids()["sogo"]
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
