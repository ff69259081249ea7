"""The rules of lending: properties over all days and numbers, and DOMAIN.md's sentences one by one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Set as AbstractSet

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from madoguchi.app.lending.calendar import ClosedDays
from madoguchi.app.lending.materials import LoanGroup, MaterialKind, group_of
from madoguchi.app.lending.rules import (
    ABOUT_THE_ITEM,
    AGE_BANDS,
    OVERRIDABLE,
    ItemStanding,
    LoanTerm,
    PatronStanding,
    Policy,
    Refusal,
    age_band,
    card_valid_until,
    due_date,
    is_blocked,
    overdue_days,
    refuse_checkout,
    refuse_renewal,
    renewed_due_date,
    return_day,
)

DAY = dt.timedelta(days=1)
TODAY = dt.date(2026, 5, 12)
TERM = LoanTerm(max_loans=10, days=14)
POLICY = Policy()
ANY_DAY_OPEN = Policy(due_on_open_day=False)

days = st.dates(dt.date(2000, 1, 1), dt.date(2090, 12, 31))
terms = st.builds(LoanTerm, max_loans=st.integers(0, 100), days=st.integers(1, 60))


@st.composite
def branches(draw: st.DrawFn) -> tuple[dt.date, ClosedDays]:
    """A day, and a branch whose calendar goes far enough beyond it and has an open day in the end."""
    today = draw(days)
    last = today + 120 * DAY
    closed = draw(st.sets(st.integers(-3, 90)))
    return today, ClosedDays.of((today + n * DAY for n in closed), first=today - 31 * DAY, last=last)


# -- due dates -------------------------------------------------------------------------------------


@given(branches(), terms)
def test_a_due_date_is_the_first_open_day_when_the_term_is_over(
    at: tuple[dt.date, ClosedDays], term: LoanTerm
) -> None:
    today, branch = at
    due, soonest = due_date(today, term, branch, POLICY), today + term.days * DAY
    assert branch.is_open(due)
    assert due >= soonest
    assert all(soonest + n * DAY in branch for n in range((due - soonest).days))


@given(branches(), terms)
def test_without_the_setting_a_due_date_is_the_term_exactly(
    at: tuple[dt.date, ClosedDays], term: LoanTerm
) -> None:
    today, branch = at
    assert due_date(today, term, branch, ANY_DAY_OPEN) == today + term.days * DAY


@given(branches(), terms, st.integers(0, 60), st.booleans())
def test_a_renewal_runs_from_today_and_is_never_shorter(
    at: tuple[dt.date, ClosedDays], term: LoanTerm, left: int, shifted: bool
) -> None:
    today, branch = at
    policy = Policy(due_on_open_day=shifted)
    current = today + left * DAY
    renewed = renewed_due_date(today, current, term, branch, policy)
    assert renewed >= current
    assert renewed in {current, due_date(today, term, branch, policy)}
    assert renewed >= today + term.days * DAY
    # renewing again on the same day would gain nothing
    assert renewed_due_date(today, renewed, term, branch, policy) == renewed


@given(branches(), terms, st.integers(0, 60), st.integers(0, 60))
def test_who_was_due_later_stays_due_no_sooner(
    at: tuple[dt.date, ClosedDays], term: LoanTerm, left: int, more: int
) -> None:
    today, branch = at
    sooner, later = (today + n * DAY for n in (left, left + more))
    assert renewed_due_date(today, sooner, term, branch, POLICY) <= renewed_due_date(
        today, later, term, branch, POLICY
    )


# -- refusals --------------------------------------------------------------------------------------

patrons = st.builds(
    PatronStanding,
    last_used_on=st.dates(TODAY - 1200 * DAY, TODAY),
    oldest_due_on=st.none() | st.dates(TODAY - 40 * DAY, TODAY + 20 * DAY),
    open_loans=st.integers(0, 4),
    blocked=st.booleans(),
)
items = st.builds(
    ItemStanding,
    reference_only=st.booleans(),
    on_loan_to_patron=st.booleans(),
    on_loan_to_other=st.booleans(),
    trapped_for_other=st.booleans(),
    others_ahead=st.integers(0, 2),
)
any_refusals = st.sets(st.sampled_from(sorted(Refusal)))
limits = st.integers(0, 3)
wishes = st.none() | st.dates(TODAY - 2 * DAY, TODAY + 20 * DAY)

GOOD = PatronStanding(last_used_on=TODAY, oldest_due_on=None, open_loans=0)
FREE = ItemStanding(
    reference_only=False,
    on_loan_to_patron=False,
    on_loan_to_other=False,
    trapped_for_other=False,
    others_ahead=0,
)


def decide(
    patron: PatronStanding = GOOD,
    item: ItemStanding = FREE,
    limit: int = 10,
    overrides: AbstractSet[Refusal] = frozenset(),
    wished: dt.date | None = None,
) -> Refusal | None:
    """The first reason against a loan made today and due in a fortnight."""
    return refuse_checkout(
        patron,
        item,
        LoanTerm(limit, 14),
        POLICY,
        today=TODAY,
        overrides=overrides,
        wished_due=wished,
        ruled_due=TODAY + 14 * DAY,
    )


@given(patrons, items, limits, any_refusals, wishes)
def test_overriding_a_refusal_lets_that_one_through_and_no_other(
    patron: PatronStanding, item: ItemStanding, limit: int, overrides: set[Refusal], wished: dt.date | None
) -> None:
    # everything that holds, found by setting aside one refusal after the other
    found: list[Refusal] = []
    while (refusal := decide(patron, item, limit, set(found), wished)) and refusal not in found:
        found.append(refusal)
    decided = decide(patron, item, limit, overrides, wished)
    left = [refusal for refusal in found if refusal not in overrides or refusal not in OVERRIDABLE]
    assert decided == (left[0] if left else None)


@given(patrons, items, limits, any_refusals, wishes)
def test_what_is_final_cannot_be_set_aside_and_is_said_first(
    patron: PatronStanding, item: ItemStanding, limit: int, overrides: set[Refusal], wished: dt.date | None
) -> None:
    decided = decide(patron, item, limit, overrides, wished)
    final = item.on_loan_to_patron or item.on_loan_to_other or (wished is not None and wished < TODAY)
    assert final == (decided is not None and decided not in OVERRIDABLE)


def test_what_is_about_the_item_can_be_set_aside_and_is_not_about_the_patron() -> None:
    about_the_patron = PatronStanding(
        last_used_on=TODAY - 2000 * DAY, oldest_due_on=TODAY - 40 * DAY, open_loans=9, blocked=True
    )
    about_the_item = ItemStanding(
        reference_only=True,
        on_loan_to_patron=False,
        on_loan_to_other=False,
        trapped_for_other=True,
        others_ahead=1,
    )
    assert ABOUT_THE_ITEM < OVERRIDABLE
    # with these set aside an item is lent to a patron in good standing, whatever it is
    assert decide(GOOD, about_the_item) in ABOUT_THE_ITEM
    assert decide(GOOD, about_the_item, overrides=ABOUT_THE_ITEM) is None
    # and with the others to any patron, as long as nothing is the matter with the item
    late = TODAY + 20 * DAY
    assert decide(about_the_patron, FREE, 1, ABOUT_THE_ITEM, late) in OVERRIDABLE - ABOUT_THE_ITEM
    assert decide(about_the_patron, FREE, 1, OVERRIDABLE - ABOUT_THE_ITEM, late) is None


@given(st.integers(0, 20), st.integers(0, 20))
def test_lent_if_and_only_if_below_the_limit_or_overridden(open_loans: int, limit: int) -> None:
    patron = PatronStanding(last_used_on=TODAY, oldest_due_on=None, open_loans=open_loans)
    expected = None if open_loans < limit else Refusal.OVER_LIMIT
    assert decide(patron, limit=limit) == expected
    assert decide(patron, limit=limit, overrides={Refusal.OVER_LIMIT}) is None
    assert decide(patron, limit=limit, overrides=OVERRIDABLE - {Refusal.OVER_LIMIT}) == expected


@given(days, st.integers(-60, 60), st.integers(0, 60))
@example(TODAY, 30, 30)
@example(TODAY, 31, 30)
def test_the_block_begins_the_day_after_the_last_day_allowed(today: dt.date, late: int, limit: int) -> None:
    policy = Policy(overdue_block_days=limit)
    assert is_blocked(today - late * DAY, today, policy) == (late > limit)
    assert not is_blocked(None, today, policy)


@given(days, days)
def test_days_overdue_are_counted_from_the_day_after(due_on: dt.date, today: dt.date) -> None:
    late = overdue_days(due_on, today)
    assert late >= 0
    assert (late == 0) == (today <= due_on)
    assert due_on + late * DAY == max(due_on, today)


@given(days, st.integers(1, 10))
@example(dt.date(2024, 2, 29), 3)
@example(dt.date(2024, 2, 29), 4)
@example(dt.date(2024, 2, 28), 3)
def test_a_card_is_good_until_the_same_day_years_later(last_used: dt.date, years: int) -> None:
    until = card_valid_until(last_used, Policy(card_idle_years=years))
    assert until.year == last_used.year + years
    if (last_used.month, last_used.day) == (2, 29) and not _is_leap(until.year):
        assert (until.month, until.day) == (2, 28)
    else:
        assert (until.month, until.day) == (last_used.month, last_used.day)
    # one day later used is never good for a shorter time
    assert card_valid_until(last_used + DAY, Policy(card_idle_years=years)) >= until


def _is_leap(year: int) -> bool:
    return (dt.date(year, 12, 31) - dt.date(year, 1, 1)).days == 365


@given(st.integers(-40, 40), st.integers(0, 3), st.booleans(), st.none() | st.just("県立"), st.integers(0, 3))
def test_a_renewal_is_refused_for_a_reason_that_holds_or_not_at_all(
    left: int, renewals: int, reserved: bool, borrowed_from: str | None, most: int
) -> None:
    refusal = refuse_renewal(
        due_on=TODAY + left * DAY,
        renewals=renewals,
        reserved=reserved,
        borrowed_from=borrowed_from,
        policy=Policy(max_renewals=most),
        today=TODAY,
    )
    holds = {
        Refusal.OVERDUE: left < 0,
        Refusal.RESERVED: reserved,
        Refusal.BORROWED_ELSEWHERE: borrowed_from is not None,
        Refusal.RENEWED_ALREADY: renewals >= most,
    }
    assert holds[refusal] if refusal else not any(holds.values())


# -- the day of a return, and the bands of age -------------------------------------------------------


@given(days, st.integers(-3, 20), st.none() | st.integers(0, 60), st.integers(0, 14))
def test_a_return_counts_for_a_day_between_the_loan_and_today(
    today: dt.date, back: int, lent: int | None, allowed: int
) -> None:
    policy, wished = Policy(backdate_days=allowed), today - back * DAY
    lent_on = None if lent is None else today - lent * DAY
    if not 0 <= back <= allowed:
        with pytest.raises(ValueError, match="book drop"):
            return_day(wished, today=today, lent_on=lent_on, policy=policy)
        return
    day = return_day(wished, today=today, lent_on=lent_on, policy=policy)
    assert today - allowed * DAY <= day <= today
    assert day == (wished if lent_on is None else max(wished, lent_on))


@given(days, st.none() | days)
def test_a_return_without_a_day_counts_for_today(today: dt.date, lent_on: dt.date | None) -> None:
    assert return_day(None, today=today, lent_on=lent_on, policy=POLICY) == today


@given(st.dates(dt.date(1900, 1, 1), dt.date(2026, 1, 1)), st.integers(0, 120))
@example(dt.date(2008, 2, 29), 18)
def test_everybody_is_in_the_band_of_their_age(birth: dt.date, age: int) -> None:
    year = birth.year + age
    try:
        birthday = birth.replace(year=year)
    except ValueError:  # 29 February: a year older on 1 March
        birthday = dt.date(year, 3, 1)
    assert _in_band(age_band(birth, birthday), age)
    if age:
        assert _in_band(age_band(birth, birthday - DAY), age - 1)


def _in_band(band: str, age: int) -> bool:
    if band.endswith("+"):
        return age >= int(band[:-1])
    lowest, highest = map(int, band.split("-"))
    return lowest <= age <= highest


def test_the_bands_follow_each_other_without_a_gap() -> None:
    bounds = [tuple(map(int, band.split("-"))) for _, band in AGE_BANDS]
    assert bounds[0][0] == 0
    assert [highest + 1 for _, highest in bounds] == [below for below, _ in AGE_BANDS]
    assert [lowest for lowest, _ in bounds[1:]] == [below for below, _ in AGE_BANDS[:-1]]


# -- DOMAIN.md, "Loans" and "Cards", sentence by sentence ----------------------------------------------

OPEN_DAILY = ClosedDays.of((), first=TODAY - 31 * DAY, last=TODAY + 120 * DAY)


@pytest.mark.parametrize(
    ("kinds", "group"),
    [
        (("book", "magazine", "kamishibai"), LoanGroup.PRINT),
        (("cd", "cassette"), LoanGroup.AUDIO),
        (("video", "dvd"), LoanGroup.VIDEO),
    ],
)
def test_kinds_counted_together(kinds: tuple[str, ...], group: LoanGroup) -> None:
    """DOMAIN: "books, magazines, kamishibai ... 10 together", "CDs, cassettes ... 5 together"."""
    assert {group_of(MaterialKind(kind)) for kind in kinds} == {group}


def test_every_kind_has_a_group() -> None:
    assert {group_of(kind) for kind in MaterialKind} == set(LoanGroup)


def test_fourteen_days() -> None:
    """DOMAIN: "books, magazines, kamishibai ... 14 days"."""
    assert due_date(TODAY, TERM, OPEN_DAILY, POLICY) == dt.date(2026, 5, 26)


def test_reference_material() -> None:
    """DOMAIN: "reference, 禁帯出: not lent"."""
    item = ItemStanding(
        reference_only=True,
        on_loan_to_patron=False,
        on_loan_to_other=False,
        trapped_for_other=False,
        others_ahead=0,
    )
    assert decide(item=item) is Refusal.REFERENCE_ONLY


def test_a_closed_day() -> None:
    """DOMAIN: "A due date that falls on a day the lending branch is closed moves to its next open
    day (a setting)"."""
    closed = ClosedDays.of(
        (dt.date(2026, 5, 26), dt.date(2026, 5, 27)), first=TODAY - 31 * DAY, last=TODAY + 120 * DAY
    )
    assert due_date(TODAY, TERM, closed, POLICY) == dt.date(2026, 5, 28)
    assert due_date(TODAY, TERM, closed, ANY_DAY_OPEN) == dt.date(2026, 5, 26)


def test_over_new_year() -> None:
    """DOMAIN: "All: 29 December to 4 January": what falls due then is due on the 5th."""
    year_end = [dt.date(2026, 12, 29) + n * DAY for n in range(7)]
    closed = ClosedDays.of(year_end, first=dt.date(2026, 12, 1), last=dt.date(2027, 3, 1))
    assert due_date(dt.date(2026, 12, 15), TERM, closed, POLICY) == dt.date(2027, 1, 5)
    assert due_date(dt.date(2026, 12, 14), TERM, closed, POLICY) == dt.date(2026, 12, 28)


def test_renewal_from_the_day_it_is_renewed() -> None:
    """DOMAIN: "Renewal: once, 14 days from the day it is renewed, not from the old due date"."""
    assert renewed_due_date(TODAY, TODAY + 13 * DAY, TERM, OPEN_DAILY, POLICY) == TODAY + 14 * DAY


def test_renewal_is_never_shorter() -> None:
    """DOMAIN: "... and never shorter than it was"."""
    assert renewed_due_date(TODAY, TODAY + 20 * DAY, TERM, OPEN_DAILY, POLICY) == TODAY + 20 * DAY


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({}, None),
        ({"renewals": 1}, Refusal.RENEWED_ALREADY),
        ({"reserved": True}, Refusal.RESERVED),
        ({"borrowed_from": "神奈川県立図書館"}, Refusal.BORROWED_ELSEWHERE),
        ({"due_on": TODAY - DAY}, Refusal.OVERDUE),
    ],
)
def test_the_refusals_of_a_renewal(changes: dict[str, object], refusal: Refusal | None) -> None:
    """DOMAIN: "once ... Refused when someone else has reserved the title, when the item is borrowed
    from another library (相互貸借), or when it is already overdue"."""
    facts: dict[str, object] = {"due_on": TODAY, "renewals": 0, "reserved": False, "borrowed_from": None}
    assert refuse_renewal(**(facts | changes), policy=POLICY, today=TODAY) is refusal  # type: ignore[arg-type]


@pytest.mark.parametrize(("late", "refusal"), [(30, None), (31, Refusal.OVERDUE_BLOCK)])
def test_the_thirty_day_block(late: int, refusal: Refusal | None) -> None:
    """DOMAIN: "An item more than 30 days overdue stops new loans ... until it comes back"."""
    assert decide(PatronStanding(TODAY, TODAY - late * DAY, open_loans=1)) is refusal


def test_a_note_that_blocks_stops_a_loan_until_a_reason_is_given() -> None:
    """Issue 7: notes and blocks with an author, a reason and an end date."""
    blocked = PatronStanding(TODAY, None, open_loans=0, blocked=True)
    assert decide(blocked) is Refusal.BLOCKED
    assert decide(blocked, overrides={Refusal.BLOCKED}) is None


@pytest.mark.parametrize(
    ("last_used", "refusal"),
    [(dt.date(2023, 5, 12), None), (dt.date(2023, 5, 11), Refusal.CARD_IDLE)],
)
def test_the_three_year_card(last_used: dt.date, refusal: Refusal | None) -> None:
    """DOMAIN: "A card idle for 3 years (since the last checkout, renewal ...) stops working"."""
    assert decide(PatronStanding(last_used, None, open_loans=0)) is refusal


def test_the_settings_default_to_what_the_library_publishes() -> None:
    """DOMAIN: "every one of them is a setting with this value as its default"."""
    assert Policy() == Policy(
        overdue_block_days=30,
        card_idle_years=3,
        max_renewals=1,
        due_on_open_day=True,
        undo_minutes=10,
        shelf_open_days=7,
        backdate_days=7,
    )
