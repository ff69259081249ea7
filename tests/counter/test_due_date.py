"""A due date of the clerk's own choice: asked for until there is one, and never another than that."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

from madoguchi.app.server import tables as t
from madoguchi.widgets.look.views import Sign, Tone
from tests.counter.harness import Counter, CounterLibrary, both
from tests.support.library import TODAY

DUE = TODAY + dt.timedelta(days=14)


@both
def test_a_due_date_of_ones_own(counter: Counter, library: CounterLibrary) -> None:
    card, chosen, ruled = library.patron(), library.item(), library.item()
    counter.open_visit(card)
    counter.f(9)
    counter.type("0520")
    assert "期限指定 5/20(水)" in counter.banner_text()
    assert counter.scan_and_wait(chosen).right == "5/20(水)"
    counter.f(9)
    assert counter.banner_text() == ""
    assert counter.scan_and_wait(ruled).right == "5/26(火)"
    days = library.rows(sa.select(t.loan.c.due_on).order_by(t.loan.c.id))
    assert [row["due_on"] for row in days] == [dt.date(2026, 5, 20), DUE]


def test_a_due_date_ends_with_its_visit(counter: Counter, library: CounterLibrary) -> None:
    counter.open_visit(library.patron())
    counter.f(9)
    counter.type("0520")
    counter.open_visit(library.patron())
    assert counter.banner_text() == ""
    assert counter.scan_and_wait(library.item()).right == "5/26(火)"


@pytest.mark.parametrize(
    ("digits", "word", "title"),
    [
        ("0230", "日付ではありません", "0230"),
        ("1332", "日付ではありません", "1332"),
        ("0511", "過ぎた日付", "5/11(月)"),
        ("0212", "過ぎた日付", "2/12(木)"),
    ],
)
def test_what_is_no_day_to_come_is_asked_for_again(
    counter: Counter, library: CounterLibrary, digits: str, word: str, title: str
) -> None:
    counter.open_visit(library.patron())
    counter.f(9)
    counter.type(digits)
    assert (counter.strip().word, counter.strip().title) == (word, title)
    assert counter.banner_text() == ""
    counter.type("0520")
    assert "期限指定 5/20(水)" in counter.banner_text()
    assert counter.scan_and_wait(library.item()).right == "5/20(水)"


@pytest.mark.parametrize("text", ["12", "052000", "abcd"])
def test_what_is_not_four_digits_is_a_number_though_a_day_is_asked_for(counter: Counter, text: str) -> None:
    counter.open_visit(counter.library.patron())
    counter.f(9)
    counter.type(text)
    assert counter.rows()[-1].title == text
    assert counter.strip().tone is Tone.REFUSED
    assert counter.page.next_words().startswith("返却期限を")


@pytest.mark.parametrize("hand", [True, False])
def test_no_item_is_lent_until_another_day_than_the_one_asked_for(
    counter: Counter, library: CounterLibrary, hand: bool
) -> None:
    card, item = library.patron(), library.item()
    counter.open_visit(card)
    counter.f(9)
    (counter.type if hand else counter.scan)(item)
    counter.settled()
    row = counter.rows()[-1]
    assert (row.sign, row.state, row.title, row.action) == (Sign.REFUSED, "返却期限が先です", item, "")
    assert counter.strip().side_second == "やめるには F9"
    assert library.loans() == []
    counter.type("0520")
    assert counter.strip().tone is Tone.IDLE
    assert counter.scan_and_wait(item).right == "5/20(水)"
    counter.open_visit(library.patron())
    assert len(counter.rows()) == 0


def test_f9_calls_the_choice_of_a_day_off(counter: Counter, library: CounterLibrary) -> None:
    counter.open_visit(library.patron())
    counter.f(9)
    assert counter.page.function_keys()[0].word == "指定をやめる"
    counter.f(9)
    assert counter.page.function_keys()[0].word == "期限指定"
    assert counter.scan_and_wait(library.item()).right == "5/26(火)"


def test_a_due_date_that_is_too_late_is_refused(counter: Counter, library: CounterLibrary) -> None:
    counter.open_visit(library.patron())
    counter.f(9)
    counter.type("0110")  # next year's
    assert "期限指定 2027/1/10(日)" in counter.banner_text()
    row = counter.scan_and_wait(library.item())
    assert (row.sign, row.state) == (Sign.REFUSED, "期限が長すぎます")
    assert library.loans() == []
