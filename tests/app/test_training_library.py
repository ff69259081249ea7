"""The training library: what it holds, that every situation is what it says, and how it is replaced."""

from __future__ import annotations

import datetime as dt
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa

from madoguchi.app.catalogue.ndl import BibRecord, shipped_records
from madoguchi.app.clock import LibraryClock
from madoguchi.app.lending.answers import CheckedIn, CheckedOut, Notice, Refused, Renewed, Route, VisitOpened
from madoguchi.app.lending.checkin import check_in
from madoguchi.app.lending.checkout import check_out, open_visit
from madoguchi.app.lending.facts import Desk
from madoguchi.app.lending.materials import LoanGroup, MaterialKind, group_of
from madoguchi.app.lending.renewal import renew
from madoguchi.app.lending.rules import Refusal
from madoguchi.app.server import tables as t
from madoguchi.app.server.engine import embedded_url, make_engine
from madoguchi.app.server.gateway import Connected, LendingServer
from madoguchi.app.staff.session import SignedIn, SignInProblem
from madoguchi.app.staff.sign_in import sign_in
from madoguchi.app.training import house
from madoguchi.app.training import library as training
from madoguchi.app.training.branches import BRANCHES
from madoguchi.app.training.library import Built, LibraryInUse, TooFewRecords, reset
from madoguchi.app.training.situations import (
    REPLACED_CARD_SERIAL,
    STAFF,
    TRAINING_PASSWORD,
    Case,
    ItemCase,
    case_number,
    item_number,
    patron_number,
    patrons,
    staff_number,
)
from madoguchi.barcode.symbology import TRAINING_PLAN, ItemCode, PatronCode, StaffCode, parse
from tests.support.library import JST, TODAY

NOW = dt.datetime.combine(TODAY, dt.time(10), JST)
CLOCK = LibraryClock(lambda: NOW)
DAY = dt.timedelta(days=1)
SOGO = Desk(branch_id=1, terminal="1番窓口", login="kunren")


@pytest.fixture(scope="module")
def records() -> tuple[BibRecord, ...]:
    """The records that ship with the program."""
    return shipped_records().records


@pytest.fixture(scope="module")
def made(records: tuple[BibRecord, ...], tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Built]:
    """A training library, made on the tests' day; to be copied."""
    path = tmp_path_factory.mktemp("training") / "training.sqlite"
    return path, reset(path, records, CLOCK)


@pytest.fixture
def library(made: tuple[Path, Built], tmp_path: Path) -> Iterator[LendingServer]:
    """A fresh copy of the training library, at the counter."""
    path = tmp_path / "copy.sqlite"
    shutil.copyfile(made[0], path)
    server = LendingServer(make_engine(embedded_url(path), CLOCK), limit_seconds=30)
    yield server
    server.close()


def rows(path: Path, statement: sa.Select[Any]) -> list[tuple[Any, ...]]:
    """What a query finds in a library's file."""
    with make_engine(embedded_url(path), CLOCK).connect() as connection:
        return [tuple(row) for row in connection.execute(statement)]


def opened(library: LendingServer, card: str) -> VisitOpened | Refused:
    """A card is scanned."""
    return library.run(partial(open_visit, visit=uuid4(), card_number=card, desk=SOGO))


def lent(library: LendingServer, card: str, item: str) -> CheckedOut | Refused:
    """A card and an item are scanned at the main library."""
    return library.run(
        partial(check_out, operation=uuid4(), visit=uuid4(), card_number=card, item_number=item, desk=SOGO)
    )


def refusal(answer: object) -> Refusal | None:
    """Why, or None where it was done."""
    return answer.refusal if isinstance(answer, Refused) else None


def free_item(library: LendingServer, group: LoanGroup) -> str:
    """The number of an item of a group that is on its shelf and that nobody waits for."""
    kinds = [kind.value for kind in MaterialKind if group_of(kind) is group]
    free = (
        sa.select(sa.func.min(t.item.c.number))
        .where(
            t.item.c.kind.in_(kinds),
            t.item.c.reference_only.is_(False),
            t.item.c.id.not_in(sa.select(t.loan.c.item_id)),
            t.item.c.title_id.not_in(sa.select(t.reservation.c.title_id)),
        )
        .select_from(t.item)
    )
    return str(library.run(lambda counter: counter.connection.execute(free).scalar_one()))


# -- what it holds -----------------------------------------------------------------------------------


def test_it_holds_what_it_says(made: tuple[Path, Built], records: tuple[BibRecord, ...]) -> None:
    path, built = made
    assert (built.items, built.patrons) == (1500, 60)
    assert built.titles == len(records)
    for table, number in ((t.title, built.titles), (t.item, 1500), (t.patron, 60), (t.branch, 15)):
        assert rows(path, sa.select(sa.func.count()).select_from(table)) == [(number,)]
    assert sorted(path.parent.iterdir()) == [path]


def test_every_number_is_read_as_what_it_is_printed_for(made: tuple[Path, Built]) -> None:
    for column, kind in (
        (t.item.c.number, ItemCode),
        (t.card.c.number, PatronCode),
        (t.staff.c.card_number, StaffCode),
    ):
        found = [number for (number,) in rows(made[0], sa.select(column))]
        assert found
        for number in found:
            code = parse(number, TRAINING_PLAN)
            assert isinstance(code, kind)
            assert code.number == number


def test_no_disc_or_tape_has_a_citizens_room_as_its_home(made: tuple[Path, Built]) -> None:
    """DOMAIN: "no CDs or DVDs there"."""
    found = rows(
        made[0],
        sa.select(t.branch.c.kind, t.item.c.kind, sa.func.count())
        .join(t.branch, t.branch.c.id == t.item.c.home_branch_id)
        .group_by(t.branch.c.kind, t.item.c.kind),
    )
    counted = {(branch, MaterialKind(kind)): number for branch, kind, number in found}
    in_rooms = {kind for branch, kind in counted if branch == "room"}
    assert {group_of(kind) for kind in in_rooms} == {LoanGroup.PRINT}
    assert {group_of(kind) for branch, kind in counted if branch == "library"} == set(LoanGroup)


def test_every_branch_has_items_and_a_calendar(made: tuple[Path, Built]) -> None:
    homes = {home for (home,) in rows(made[0], sa.select(t.item.c.home_branch_id).distinct())}
    calendars = {branch for (branch,) in rows(made[0], sa.select(t.closed_day.c.branch_id).distinct())}
    assert homes == calendars == set(range(1, len(BRANCHES) + 1))


def test_the_numbers_are_the_same_after_every_reset_on_any_day(
    made: tuple[Path, Built], records: tuple[BibRecord, ...], tmp_path: Path
) -> None:
    later = LibraryClock(lambda: NOW + 400 * DAY)
    reset(tmp_path / "later.sqlite", records, later)
    for columns in (
        (t.item.c.number, t.item.c.title_id, t.item.c.home_branch_id),
        (t.card.c.number, t.card.c.patron_id, t.card.c.state),
        (t.patron.c.id, t.patron.c.name, t.patron.c.category),
    ):
        statement = sa.select(*columns).order_by(columns[0])
        assert rows(made[0], statement) == rows(tmp_path / "later.sqlite", statement)
    assert [item_number(1), patron_number(1), staff_number(1)] == [
        ItemCase.BOOK_A.number,
        case_number(Case.GOOD),
        staff_number(STAFF[0].serial),
    ]


# -- the patrons' situations -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        (Case.GOOD, None),
        (Case.AT_PRINT_LIMIT, Refusal.OVER_LIMIT),
        (Case.AT_AUDIO_LIMIT, None),
        (Case.AT_VIDEO_LIMIT, None),
        (Case.OVERDUE_3, None),
        (Case.OVERDUE_31, Refusal.OVERDUE_BLOCK),
        (Case.IDLE_CARD, Refusal.CARD_IDLE),
        (Case.REPLACED_CARD, None),
        (Case.CHILD, None),
        (Case.WIDE_AREA, None),
        (Case.WITH_NOTE, None),
        (Case.RESERVATION_READY, None),
        (Case.RENEWALS, None),
        (Case.GROUP, None),
        (Case.COMMUTER, None),
        (Case.IN_QUEUE, None),
    ],
)
def test_a_book_is_lent_to_each_patron_or_not(
    library: LendingServer, case: Case, expected: Refusal | None
) -> None:
    answer = lent(library, case_number(case), ItemCase.BOOK_A.number)
    assert refusal(answer) == expected
    if isinstance(answer, CheckedOut):
        assert answer.due_on == TODAY + 14 * DAY
        assert answer.notices == ()


def test_every_case_has_a_patron_and_all_have_a_card() -> None:
    assert {seed.case for seed in patrons()} == set(Case)
    assert len({seed.name for seed in patrons()}) == 60
    assert (
        len({patron_number(seed.serial) for seed in patrons()} | {patron_number(REPLACED_CARD_SERIAL)}) == 61
    )


@pytest.mark.parametrize(
    ("case", "group"),
    [
        (Case.AT_PRINT_LIMIT, LoanGroup.PRINT),
        (Case.AT_AUDIO_LIMIT, LoanGroup.AUDIO),
        (Case.AT_VIDEO_LIMIT, LoanGroup.VIDEO),
    ],
)
def test_at_the_limit_is_at_the_limit_of_that_group_alone(
    library: LendingServer, case: Case, group: LoanGroup
) -> None:
    visit = opened(library, case_number(case))
    assert isinstance(visit, VisitOpened)
    full = {use.group for use in visit.patron.uses if use.open_loans == use.max_loans}
    assert full == {group}
    for other in LoanGroup:
        answer = lent(library, case_number(case), free_item(library, other))
        assert refusal(answer) == (Refusal.OVER_LIMIT if other is group else None)


@pytest.mark.parametrize(
    ("case", "days", "items", "blocked"), [(Case.OVERDUE_3, 3, 2, False), (Case.OVERDUE_31, 31, 2, True)]
)
def test_overdue_is_overdue_by_that_many_days(
    library: LendingServer, case: Case, days: int, items: int, blocked: bool
) -> None:
    visit = opened(library, case_number(case))
    assert isinstance(visit, VisitOpened)
    assert (visit.overdue_days, visit.patron.overdue_items, visit.blocked) == (days, items, blocked)


def test_the_idle_card_is_idle_and_no_other(library: LendingServer) -> None:
    idle = [
        seed.case
        for seed in patrons()
        if isinstance(visit := opened(library, patron_number(seed.serial)), VisitOpened) and visit.card_idle
    ]
    assert idle == [Case.IDLE_CARD]


def test_the_lost_card_is_refused_and_its_replacement_works(library: LendingServer) -> None:
    lost = patron_number(REPLACED_CARD_SERIAL)
    assert opened(library, lost) == Refused(Refusal.CARD_LOST)
    assert refusal(lent(library, lost, ItemCase.BOOK_A.number)) is Refusal.CARD_LOST
    visit = opened(library, case_number(Case.REPLACED_CARD))
    assert isinstance(visit, VisitOpened)
    assert visit.patron.name == "再発 行男"


@pytest.mark.parametrize(
    ("case", "category"),
    [
        (Case.GOOD, "一般・市内在住"),
        (Case.CHILD, "児童・市内在住"),
        (Case.WIDE_AREA, "広域利用"),
        (Case.COMMUTER, "市内在勤・在学"),
        (Case.GROUP, "団体"),
    ],
)
def test_each_category_is_shown(library: LendingServer, case: Case, category: str) -> None:
    visit = opened(library, case_number(case))
    assert isinstance(visit, VisitOpened)
    assert visit.patron.category == category
    limits = {use.group: use.max_loans for use in visit.patron.uses}
    prints = house.GROUP_PRINT_LIMIT if case is Case.GROUP else 10
    assert limits == {LoanGroup.PRINT: prints, LoanGroup.AUDIO: 5, LoanGroup.VIDEO: 2}


def test_the_note_and_the_reservation_are_shown(library: LendingServer) -> None:
    noted, waited = (opened(library, case_number(case)) for case in (Case.WITH_NOTE, Case.RESERVATION_READY))
    assert isinstance(noted, VisitOpened)
    assert noted.patron.note
    assert isinstance(waited, VisitOpened)
    assert waited.patron.ready_reservations == 1


# -- the items' situations ---------------------------------------------------------------------------

GOOD = case_number(Case.GOOD)


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        (ItemCase.BOOK_A, None),
        (ItemCase.BOOK_B, None),
        (ItemCase.BOOK_C, None),
        (ItemCase.BOOK_D, None),
        (ItemCase.BOOK_E, None),
        (ItemCase.REFERENCE, Refusal.REFERENCE_ONLY),
        (ItemCase.ATTACHMENTS, None),
        (ItemCase.NOTE, None),
        (ItemCase.CD, None),
        (ItemCase.DVD, None),
        (ItemCase.OTHER_BRANCH, None),
        (ItemCase.READY_FOR_PATRON, Refusal.RESERVED),
        (ItemCase.RESERVED, Refusal.RESERVED),
        (ItemCase.ON_LOAN, Refusal.ON_LOAN_TO_OTHER),
        (ItemCase.RENEWABLE, Refusal.ON_LOAN_TO_OTHER),
        (ItemCase.RENEWED, Refusal.ON_LOAN_TO_OTHER),
        (ItemCase.RENEWAL_RESERVED, Refusal.ON_LOAN_TO_OTHER),
        (ItemCase.BORROWED_ELSEWHERE, Refusal.ON_LOAN_TO_OTHER),
        (ItemCase.OVERDUE, Refusal.ON_LOAN_TO_OTHER),
    ],
)
def test_each_item_is_lent_or_not(library: LendingServer, case: ItemCase, expected: Refusal | None) -> None:
    answer = lent(library, GOOD, case.number)
    assert refusal(answer) == expected
    if isinstance(answer, CheckedOut):
        shown = {ItemCase.ATTACHMENTS: (Notice.ATTACHMENTS,), ItemCase.NOTE: (Notice.ITEM_NOTE,)}
        assert answer.notices == shown.get(case, ())
        discs = {ItemCase.CD: MaterialKind.CD, ItemCase.DVD: MaterialKind.DVD}
        assert answer.item.kind is discs.get(case, MaterialKind.BOOK)


def test_the_item_on_the_reservation_shelf_goes_to_its_patron(library: LendingServer) -> None:
    answer = lent(library, case_number(Case.RESERVATION_READY), ItemCase.READY_FOR_PATRON.number)
    assert isinstance(answer, CheckedOut)
    assert answer.notices == (Notice.WAS_RESERVED,)


def test_the_reserved_item_goes_to_the_first_in_the_queue_alone(library: LendingServer) -> None:
    first, second = (patron_number(seed.serial) for seed in patrons() if seed.case is Case.IN_QUEUE)
    assert refusal(lent(library, second, ItemCase.RESERVED.number)) is Refusal.RESERVED
    assert isinstance(lent(library, first, ItemCase.RESERVED.number), CheckedOut)


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        (ItemCase.RENEWABLE, None),
        (ItemCase.ON_LOAN, None),
        (ItemCase.RENEWED, Refusal.RENEWED_ALREADY),
        (ItemCase.RENEWAL_RESERVED, Refusal.RESERVED),
        (ItemCase.BORROWED_ELSEWHERE, Refusal.BORROWED_ELSEWHERE),
        (ItemCase.OVERDUE, Refusal.OVERDUE),
        (ItemCase.BOOK_A, Refusal.NOT_ON_LOAN),
    ],
)
def test_each_loan_is_renewed_or_not(
    library: LendingServer, case: ItemCase, expected: Refusal | None
) -> None:
    answer = library.run(partial(renew, operation=uuid4(), item_number=case.number, desk=SOGO))
    assert refusal(answer) == expected
    if isinstance(answer, Renewed):
        assert answer.due_on == TODAY + 14 * DAY


@pytest.mark.parametrize(
    ("case", "route", "late", "notices"),
    [
        (ItemCase.ON_LOAN, Route.SHELF, 0, ()),
        (ItemCase.OVERDUE, Route.SHELF, 3, (Notice.OVERDUE,)),
        (ItemCase.RENEWAL_RESERVED, Route.RESERVATION_SHELF, 0, ()),
        (ItemCase.OTHER_BRANCH, Route.TRANSIT, 0, (Notice.NOT_ON_LOAN,)),
        (ItemCase.READY_FOR_PATRON, Route.RESERVATION_SHELF, 0, (Notice.NOT_ON_LOAN,)),
        (ItemCase.BOOK_A, Route.SHELF, 0, (Notice.NOT_ON_LOAN,)),
    ],
)
def test_each_return_goes_where_it_should(
    library: LendingServer, case: ItemCase, route: Route, late: int, notices: tuple[Notice, ...]
) -> None:
    answer = library.run(partial(check_in, operation=uuid4(), item_number=case.number, desk=SOGO))
    assert isinstance(answer, CheckedIn)
    assert (answer.route, answer.overdue_days, answer.notices) == (route, late, notices)


def _on_its_connection(
    act: Callable[[sa.Connection], SignedIn | SignInProblem], counter: Connected
) -> SignedIn | SignInProblem:
    return act(counter.connection)


def test_the_staff_can_sign_in_where_they_work(library: LendingServer) -> None:
    answers: Counter[str] = Counter()
    for seed in STAFF:
        for branch in ("sogo", "tsujido", "oba", "katase"):
            enter = partial(
                sign_in, login=seed.login, password=TRAINING_PASSWORD, branch_code=branch, terminal="1番窓口"
            )
            answer = library.run(partial(_on_its_connection, enter))
            allowed = not seed.branches or branch in seed.branches
            assert isinstance(answer, SignedIn) if allowed else answer is SignInProblem.WRONG_BRANCH
            answers[seed.role] += isinstance(answer, SignedIn)
    assert answers == {"counter_staff": 8, "contract_staff": 2, "system_staff": 4, "security_manager": 4}


# -- replacing it ------------------------------------------------------------------------------------


def test_a_second_reset_makes_everything_as_it_was(
    made: tuple[Path, Built], records: tuple[BibRecord, ...], tmp_path: Path
) -> None:
    path = tmp_path / "library.sqlite"
    shutil.copyfile(made[0], path)
    server = LendingServer(make_engine(embedded_url(path), CLOCK), limit_seconds=30)
    assert isinstance(lent(server, GOOD, ItemCase.BOOK_A.number), CheckedOut)
    server.close()
    assert reset(path, records, CLOCK) == made[1]
    for table in (t.loan, t.reservation, t.operation, t.statistic, t.patron, t.item):
        statement = sa.select(table).order_by(*table.primary_key.columns)
        assert rows(path, statement) == rows(made[0], statement)
    assert sorted(found.name for found in tmp_path.iterdir()) == ["library.sqlite"]


class Killed(BaseException):
    """As a process is killed: caught by nobody."""


def _die(*_: object) -> None:
    raise Killed


@pytest.mark.parametrize("at", ["fill_rules", "fill_people", "fill_staff", "_settle"])
def test_a_reset_that_ends_half_way_leaves_the_old_library_whole(
    made: tuple[Path, Built],
    records: tuple[BibRecord, ...],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    at: str,
) -> None:
    path = tmp_path / "library.sqlite"
    shutil.copyfile(made[0], path)
    before = path.read_bytes()
    with monkeypatch.context() as broken:
        broken.setattr(training, at, _die)
        with pytest.raises(Killed):
            reset(path, records, CLOCK)
    assert path.read_bytes() == before
    assert [found.name for found in tmp_path.iterdir()] == ["library.sqlite"]
    # what a real kill would have left lying is no hindrance either
    for suffix in (".new", ".new-wal", ".new-shm", ".new-journal"):
        path.with_name(path.name + suffix).write_bytes(b"half a library")
    assert reset(path, records, CLOCK) == made[1]


def test_a_library_that_is_open_is_not_replaced_under_the_counters_hands(
    made: tuple[Path, Built], records: tuple[BibRecord, ...], tmp_path: Path
) -> None:
    """A counter would go on lending in the old file, which nobody would ever read again."""
    path = tmp_path / "library.sqlite"
    shutil.copyfile(made[0], path)
    server = LendingServer(make_engine(embedded_url(path), CLOCK), limit_seconds=30)
    assert isinstance(lent(server, GOOD, ItemCase.BOOK_A.number), CheckedOut)
    with pytest.raises(LibraryInUse, match="open in another program"):
        reset(path, records, CLOCK)
    # the counter has lost nothing and lends on
    assert isinstance(lent(server, GOOD, ItemCase.BOOK_B.number), CheckedOut)
    server.close()
    assert not path.with_name(path.name + ".new").exists()
    assert reset(path, records, CLOCK) == made[1]


def test_what_is_no_library_is_replaced(records: tuple[BibRecord, ...], tmp_path: Path) -> None:
    path = tmp_path / "library.sqlite"
    path.write_bytes(b"this is no database at all, and long enough to be none" * 40)
    path.with_name("library.sqlite-wal").write_bytes(b"nor is this its log")
    assert reset(path, records, CLOCK).items == 1500
    assert rows(path, sa.select(sa.func.count()).select_from(t.patron)) == [(60,)]


def _without(kind: MaterialKind) -> Callable[[BibRecord], bool]:
    return lambda record: record.kind is not kind


@pytest.mark.parametrize("kind", [MaterialKind.DVD, MaterialKind.CD, MaterialKind.BOOK])
def test_records_without_a_kind_that_is_needed_are_too_few(
    records: tuple[BibRecord, ...], tmp_path: Path, kind: MaterialKind
) -> None:
    with pytest.raises(TooFewRecords, match=kind.value):
        reset(tmp_path / "library.sqlite", [*filter(_without(kind), records)], CLOCK)
    assert list(tmp_path.iterdir()) == []


def test_no_records_at_all_are_too_few(tmp_path: Path) -> None:
    with pytest.raises(TooFewRecords):
        reset(tmp_path / "library.sqlite", [], CLOCK)


def test_records_that_would_leave_a_case_short_of_items_are_too_few(
    records: tuple[BibRecord, ...], tmp_path: Path
) -> None:
    """So many books that the items run out before the five CDs of the patron at that limit."""
    books = [record for record in records if record.kind is MaterialKind.BOOK]
    discs = [record for record in records if record.kind in {MaterialKind.CD, MaterialKind.DVD}]
    many = [replace(books[place % len(books)], ndl_id=f"R{place:09}-I1") for place in range(1600)]
    with pytest.raises(TooFewRecords, match="audio"):
        reset(tmp_path / "library.sqlite", [*many, *discs], CLOCK)
