"""What is typed on the pages of the office: made into values, or every wrong field named at once."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.app.office.checks import (
    FieldProblem,
    card_of,
    day_of,
    last_day_of,
    new_account,
    past_day_of,
    setting_value,
)
from madoguchi.app.office.values import NewAccount, Setting
from madoguchi.app.staff.accounts import LOGIN, temporary_password
from madoguchi.app.staff.permissions import Role

TODAY = dt.date(2026, 11, 29)
BRANCHES = ("sogo", "tsujido", "oba")
GOOD = {"login": "hanako", "name": "藤沢 花子", "role": "counter_staff", "branches": "", "last_day": ""}


@given(day=st.dates(dt.date(2000, 1, 1), dt.date(2099, 12, 31)))
def test_every_way_to_write_a_day_is_that_day(day: dt.date) -> None:
    wide = str.maketrans("0123456789-/", "０１２３４５６７８９－／")
    for form in ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d"):
        written = day.strftime(form)
        assert day_of(written, TODAY) == day
        assert day_of(f" {written.translate(wide)} ", TODAY) == day


@given(day=st.dates(TODAY, dt.date(2027, 11, 28)))
def test_a_day_without_its_year_is_the_next_one(day: dt.date) -> None:
    assert day_of(f"{day.month}/{day.day}", TODAY) == day
    assert day_of(f"{day:%m%d}", TODAY) == day


@given(day=st.dates(dt.date(2025, 11, 30), TODAY))
def test_a_past_day_without_its_year_is_the_last_one(day: dt.date) -> None:
    assert past_day_of(f"{day.month}/{day.day}", TODAY) == day
    assert past_day_of(f"{day:%m%d}", TODAY) == day
    assert past_day_of(f"{day + dt.timedelta(days=400)}", TODAY) == day + dt.timedelta(days=400)
    assert past_day_of("2/30", TODAY) is None


@pytest.mark.parametrize(
    "text", ["", "0", "2/30", "2027-02-29", "13/1", "99999-01-01", "12", "1-2-3-4", "２/a", "-5"]
)
def test_what_is_no_day_is_none(text: str) -> None:
    assert day_of(text, TODAY) is None


@given(text=st.text(max_size=40))
def test_no_text_breaks_a_field(text: str) -> None:
    day_of(text, TODAY)
    card_of(text)
    typed = dict.fromkeys(GOOD, text)
    found = new_account(typed, today=TODAY, branches=BRANCHES)
    assert isinstance(found, dict)
    assert found["role"] is FieldProblem.NEEDED


def test_an_account_as_it_was_meant() -> None:
    typed = GOOD | {"login": " Ｈａｎａｋｏ ", "branches": "sogo"}
    account = new_account(typed, today=TODAY, branches=BRANCHES)
    # counter staff work everywhere
    assert account == NewAccount("hanako", "藤沢 花子", Role.COUNTER_STAFF, (), None)
    hired = GOOD | {"role": "contract_staff", "branches": "tsujido,oba", "last_day": "2027/3/31"}
    assert new_account(hired, today=TODAY, branches=BRANCHES) == NewAccount(
        "hanako", "藤沢 花子", Role.CONTRACT_STAFF, ("tsujido", "oba"), dt.date(2027, 3, 31)
    )


def test_all_that_is_wrong_is_said_at_once() -> None:
    typed = {
        "login": "9a",
        "name": "\u202e" * 3,
        "role": "contract_staff",
        "branches": "",
        "last_day": "tomorrow",
    }
    assert new_account(typed, today=TODAY, branches=BRANCHES) == {
        "login": FieldProblem.LOGIN,
        "name": FieldProblem.NOT_PLAIN,
        "branches": FieldProblem.CONTRACT_NEEDS_BRANCHES,
        "last_day": FieldProblem.NOT_A_DAY,
    }
    long = new_account(GOOD | {"name": "長" * 101, "branches": "kyoto"}, today=TODAY, branches=BRANCHES)
    assert long == {"name": FieldProblem.TOO_LONG, "branches": FieldProblem.NO_SUCH_BRANCH}


def test_a_contract_has_a_last_day_others_need_none() -> None:
    assert last_day_of(" ", contract=False, today=TODAY) is None
    assert last_day_of("", contract=True, today=TODAY) is FieldProblem.CONTRACT_NEEDS_LAST_DAY


@pytest.mark.parametrize(
    ("typed", "found"),
    [("", None), (" 90000010 ", "90000010"), ("a" * 21, FieldProblem.CARD), ("9000-1", FieldProblem.CARD)],
)
def test_the_number_of_a_card(typed: str, found: object) -> None:
    assert card_of(typed) == found


@given(value=st.integers(-10, 200))
def test_a_setting_keeps_its_limits(value: int) -> None:
    setting = Setting("policy", "", "undo_minutes", "10", False, 1, 120)
    found = setting_value(setting, f" {value} ")
    assert found == (str(value) if 1 <= value <= 120 else FieldProblem.OUT_OF_RANGE)


def test_a_setting_that_may_be_none_is_none_where_nothing_is_typed() -> None:
    setting = Setting("loan_term", "resident/video", "max_reservations", "", False, 0, 999, may_be_none=True)
    found = [setting_value(setting, text) for text in (" ", "0", "999", "1000", "x")]
    assert found == ["", "0", "999", FieldProblem.OUT_OF_RANGE, FieldProblem.OUT_OF_RANGE]
    limited = Setting("policy", "", "max_reservations", "6", False, 1, 50)
    assert setting_value(limited, " ") is FieldProblem.NEEDED


def test_yes_or_no_is_one_of_the_two() -> None:
    setting = Setting("policy", "", "due_on_open_day", "true", True, 0, 1)
    assert setting_value(setting, "false") == "false"
    assert setting_value(setting, "maybe") is FieldProblem.NEEDED


def test_a_setting_may_be_one_of_several_words() -> None:
    setting = Setting("policy", "", "slip_name", "full", False, 0, 0, choices=("kana_initial", "full"))
    assert setting_value(setting, "kana_initial") == "kana_initial"
    assert setting_value(setting, "true") is FieldProblem.NEEDED
    assert setting_value(setting, "7") is FieldProblem.NEEDED


def test_a_temporary_password_can_be_read_from_paper_and_is_never_the_same() -> None:
    made = {temporary_password() for _ in range(100)}
    assert len(made) == 100
    assert not set("".join(made)) & set("ilo01")
    assert all(len(password) == 19 for password in made)
    assert LOGIN.fullmatch("hanako")
