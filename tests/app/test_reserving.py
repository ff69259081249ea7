"""Whether a title is reserved for a patron: the rule, pure, over all that can speak against it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.app.lending.calendar import ClosedDays
from madoguchi.app.lending.facts import CopyWanted, PatronFacts, ReservationFacts, TitleWanted, Today
from madoguchi.app.lending.reserving import decide_reservation
from madoguchi.app.lending.rules import Policy, Refusal, refuse_reservation

DAY = dt.timedelta(days=1)
DATE = dt.date(2026, 5, 12)
TODAY = Today(DATE, Policy(), ClosedDays.of((), first=DATE - 31 * DAY, last=DATE + 120 * DAY))
PATRON = PatronFacts(
    patron_id=1,
    number="2000000001",
    lost=False,
    name="",
    kana="",
    category="",
    note="",
    last_used_on=DATE,
    uses=(),
    overdue_items=0,
    oldest_due_on=None,
    ready_reservations=0,
    today=TODAY,
)
TITLE = TitleWanted("こころ", copies_to_lend=1, on_shelf=1, waiting=0, reserved_by_patron=False, due_on=None)
COPY = CopyWanted("1000000001", known=True, reference_only=False)
FACTS = ReservationFacts(
    today=TODAY,
    patron=PATRON,
    reservations=0,
    max_reservations=6,
    title=TITLE,
    copy=None,
    pickup_branch="総合市民図書館",
    earlier=None,
)


def _about_title(**changes: object) -> dict[str, object]:
    return {"title": replace(TITLE, **changes)}


def _about_patron(**changes: object) -> dict[str, object]:
    return {"patron": replace(PATRON, **changes)}


# in the order in which they are said
AGAINST: tuple[tuple[Refusal, dict[str, object]], ...] = (
    (Refusal.UNKNOWN_CARD, {"patron": None}),
    (Refusal.CARD_LOST, _about_patron(lost=True)),
    (Refusal.UNKNOWN_TITLE, {"title": None}),
    (Refusal.UNKNOWN_ITEM, {"copy": replace(COPY, known=False)}),
    (Refusal.NOT_ALLOWED, {"pickup_branch": None}),
    (Refusal.RESERVED_ALREADY, _about_title(reserved_by_patron=True)),
    (Refusal.ON_LOAN_TO_PATRON, _about_title(due_on=DATE)),
    (Refusal.REFERENCE_ONLY, {"copy": replace(COPY, reference_only=True)}),
    (Refusal.NO_COPY_TO_LEND, _about_title(copies_to_lend=0)),
    (Refusal.CARD_IDLE, _about_patron(last_used_on=dt.date(2023, 5, 11))),
    (Refusal.OVERDUE_BLOCK, _about_patron(oldest_due_on=DATE - 31 * DAY)),
    (Refusal.BLOCKED, _about_patron(blocked=True)),
    (Refusal.RESERVATION_LIMIT, {"reservations": 6}),
    (Refusal.KIND_LIMIT, {"reservations_of_group": 2, "max_of_group": 2}),
)


@pytest.mark.parametrize("copy", [None, COPY])
def test_nothing_speaks_against_it(copy: CopyWanted | None) -> None:
    assert decide_reservation(replace(FACTS, copy=copy)) is None


@pytest.mark.parametrize(("refusal", "change"), AGAINST, ids=lambda value: str(value)[:20])
def test_each_reason_alone(refusal: Refusal, change: dict[str, object]) -> None:
    assert decide_reservation(replace(FACTS, **change)) is refusal


@pytest.mark.parametrize(
    "change",
    [
        _about_patron(last_used_on=dt.date(2023, 5, 12)),
        _about_patron(oldest_due_on=DATE - 30 * DAY),
        {"reservations": 5},
        {"reservations_of_group": 1, "max_of_group": 2},
        {"reservations_of_group": 5, "max_of_group": None},
        _about_title(on_shelf=0, waiting=40),
    ],
)
def test_what_is_just_allowed(change: dict[str, object]) -> None:
    assert decide_reservation(replace(FACTS, **change)) is None


REASONS: dict[Refusal, dict[str, object]] = {
    Refusal.RESERVED_ALREADY: {"reserved_already": True},
    Refusal.ON_LOAN_TO_PATRON: {"on_loan_to_patron": True},
    Refusal.REFERENCE_ONLY: {"copy_reference_only": True},
    Refusal.NO_COPY_TO_LEND: {"copies_to_lend": 0},
    Refusal.CARD_IDLE: {"last_used_on": dt.date(2023, 5, 11)},
    Refusal.OVERDUE_BLOCK: {"oldest_due_on": DATE - 31 * DAY},
    Refusal.BLOCKED: {"blocked": True},
    Refusal.RESERVATION_LIMIT: {"reservations": 6},
    Refusal.KIND_LIMIT: {"max_of_group": 0},
}
FREE: dict[str, object] = {
    "reserved_already": False,
    "on_loan_to_patron": False,
    "copy_reference_only": False,
    "copies_to_lend": 1,
    "last_used_on": DATE,
    "oldest_due_on": None,
    "blocked": False,
    "reservations": 0,
    "max_reservations": 6,
    "reservations_of_group": 0,
    "max_of_group": None,
    "policy": Policy(),
    "today": DATE,
}


@given(st.sets(st.sampled_from(sorted(REASONS))))
def test_of_several_reasons_the_first_is_said_and_without_any_it_is_reserved(held: set[Refusal]) -> None:
    facts = dict(FREE)
    for refusal in held:
        facts |= REASONS[refusal]
    assert refuse_reservation(**facts) is next((refusal for refusal in REASONS if refusal in held), None)  # type: ignore[arg-type]


@given(st.integers(0, 60), st.integers(0, 50))
def test_no_more_at_once_than_the_setting_says(reservations: int, limit: int) -> None:
    """DOMAIN: "6 at once per patron (a setting by kind)"."""
    facts = FREE | {"reservations": reservations, "max_reservations": limit}
    refusal = refuse_reservation(**facts)  # type: ignore[arg-type]
    assert refusal is (Refusal.RESERVATION_LIMIT if reservations >= limit else None)


@given(st.integers(0, 400), st.integers(0, 60))
def test_it_is_blocked_as_a_loan_is(late: int, block: int) -> None:
    """DOMAIN: "An item more than 30 days overdue stops new loans and new reservations"."""
    facts = FREE | {"oldest_due_on": DATE - late * DAY, "policy": Policy(overdue_block_days=block)}
    refusal = refuse_reservation(**facts)  # type: ignore[arg-type]
    assert refusal is (Refusal.OVERDUE_BLOCK if late > block else None)


@given(st.integers(0, 100), st.integers(0, 100))
def test_a_copy_on_a_shelf_is_for_the_first_of_the_queue(on_shelf: int, waiting: int) -> None:
    title = replace(TITLE, on_shelf=on_shelf, waiting=waiting)
    assert title.place == waiting + 1
    assert title.in_stock is (title.place <= on_shelf)
