"""Quick-add at the real window: from an item that a checkout does not know, and records that are fetched."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from madoguchi.app.catalogue.fetched import Fetched, FetchFailed, Found, NothingKnown, Reason
from madoguchi.app.catalogue.ndl import shipped_records
from madoguchi.app.server import tables as t
from madoguchi.app.training.situations import item_number
from madoguchi.widgets.checkin_page import CheckinPage
from madoguchi.widgets.look.views import Sign, Tone
from madoguchi.widgets.search_page import SEARCH, SearchPage
from tests.counter.harness import Counter, CounterLibrary, CutLine, SlowServer, both
from tests.counter.searching import form, form_is_open

NEW = item_number(777)
RECORD = next(record for record in shipped_records().records if record.isbn13 and record.creators)


class HandedSource:
    """Answers what it is told to, when it is told to; `tests/app/catalogue` fetches for real."""

    configured = True

    def __init__(self, answer: Fetched) -> None:
        self.answer = answer
        self.asked: list[str] = []
        self.free = threading.Event()
        self.free.set()

    def fetch(self, isbn: str) -> Fetched:
        """What was handed over."""
        self.asked.append(isbn)
        self.free.wait(10)
        return self.answer


@pytest.fixture
def source() -> HandedSource:
    return HandedSource(Found((RECORD,)))


@pytest.fixture
def fetching(qtbot: QtBot, qapp: QApplication, embedded: CounterLibrary, source: HandedSource) -> Counter:
    """A counter that can fetch."""
    made = Counter(qtbot, qapp, embedded, SlowServer(embedded), source=source)
    made.sign_in()
    yield made
    made.close()


def titles_of(library: CounterLibrary, number: str) -> list[dict[str, object]]:
    return library.rows(sa.select(t.title).join(t.item).where(t.item.c.number == number))


@both
def test_an_item_that_a_checkout_does_not_know_is_added_and_lent(
    counter: Counter, library: CounterLibrary
) -> None:
    card = library.patron()
    counter.open_visit(card)
    assert counter.scan_and_wait(NEW).sign is Sign.REFUSED
    counter.f(10)
    counter.pass_guard()
    counter.f(10)
    counter.until(lambda: form_is_open(counter))
    assert form(counter).values()["item_number"] == NEW
    # all that is wrong at once, each with its sentence
    form(counter).set_values({"year": "後で", "isbn": "123"})
    counter.f(10)
    wrong = {key for key in form(counter).values() if form(counter).field(key).field_view().error}
    assert wrong == {"title", "year", "isbn"}
    form(counter).set_values({"title": "郷土の昔話", "title_kana": "きょうど の むかしばなし"})
    form(counter).set_values({"year": "", "isbn": ""})
    counter.f(10)
    counter.until(lambda: counter.window.page is not None and not form_is_open(counter))
    counter.until(lambda: counter.rows()[-1].sign is Sign.DONE)
    assert library.loans() == [(card, NEW)]
    assert titles_of(library, NEW)[0]["title"] == "郷土の昔話"
    # and is found by what it is called
    counter.f(SEARCH)
    counter.type("むかしば", enter=False)
    page = counter.window.page
    assert isinstance(page, SearchPage)
    counter.until(lambda: [r.cells[0] for r in page.centre().results.view().records] == ["郷土の昔話"])


def test_a_book_that_is_read_in_the_form_fetches_its_record(
    fetching: Counter, embedded: CounterLibrary, source: HandedSource
) -> None:
    fetching.f(SEARCH)
    fetching.f(11)
    fetching.until(lambda: form_is_open(fetching))
    fetching.scan(NEW)
    form(fetching).set_values({"publisher": "手で入れた社"})
    fetching.scan(RECORD.isbn13)
    fetching.until(lambda: form(fetching).values()["title"] == RECORD.title)
    values = form(fetching).values()
    assert source.asked == [RECORD.isbn13]
    assert (values["item_number"], values["isbn"]) == (NEW, RECORD.isbn13)
    assert values["publisher"] == "手で入れた社", "what was typed stays"
    assert values["creators"] != ""
    assert "国立国会図書館サーチ" in fetching.strip().side_first
    fetching.f(10)
    fetching.until(lambda: fetching.strip().word == "登録しました")
    assert titles_of(embedded, NEW)[0]["isbn"] == RECORD.isbn13
    # another copy of it: the clerk says whether it is the same book
    other = item_number(778)
    fetching.f(11)
    fetching.scan(other)
    fetching.scan(RECORD.isbn13)
    fetching.until(lambda: form(fetching).values()["title"] == RECORD.title)
    fetching.f(10)
    fetching.until(lambda: "same_title" in form(fetching).values())
    assert RECORD.title in form(fetching).field("same_title").field_view().label
    # nothing is answered beforehand: F10 twice does not answer
    fetching.f(10)
    fetching.until(lambda: form(fetching).field("same_title").field_view().error != "")
    title_id = titles_of(embedded, NEW)[0]["id"]
    form(fetching).set_values({"same_title": str(title_id)})
    fetching.f(10)
    fetching.until(lambda: not form_is_open(fetching))
    assert titles_of(embedded, other) == titles_of(embedded, NEW)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (NothingKnown(), "見つかりません"),
        (FetchFailed(Reason.TIMED_OUT), "取り寄せられません"),
        (FetchFailed(Reason.TLS_NOT_VERIFIED), "取り寄せられません"),
    ],
)
def test_where_nothing_is_fetched_the_form_is_filled_in_by_hand(
    fetching: Counter, source: HandedSource, answer: Fetched, words: str
) -> None:
    source.answer = answer
    fetching.f(SEARCH)
    fetching.f(11)
    fetching.scan("9784101010137")
    fetching.until(lambda: words in fetching.strip().word)
    assert fetching.strip().tone is Tone.NOTICE
    assert form(fetching).values()["title"] == ""


def test_scans_go_on_while_a_record_is_fetched(
    fetching: Counter, embedded: CounterLibrary, source: HandedSource
) -> None:
    card, item = embedded.patron(), embedded.item()
    source.free.clear()
    fetching.f(SEARCH)
    fetching.f(11)
    fetching.scan("9784101010137")
    fetching.until(lambda: source.asked != [])
    fetching.press(Qt.Key.Key_Escape)
    fetching.f(1)
    fetching.open_visit(card)
    assert fetching.scan_and_wait(item).sign is Sign.DONE
    said = fetching.strip()
    source.free.set()
    fetching.turn()
    assert fetching.strip() == said, "what nobody waits for is told to nobody"


def test_what_is_half_typed_waits_for_its_writer(counter: Counter) -> None:
    counter.f(SEARCH)
    counter.f(11)
    counter.scan(NEW)
    form(counter).set_values({"title": "途中の本"})
    counter.f(12)
    counter.until(lambda: counter.window.page is None)
    counter.sign_in()
    counter.until(lambda: form_is_open(counter))
    assert (form(counter).values()["item_number"], form(counter).values()["title"]) == (NEW, "途中の本")


@both
def test_a_number_that_is_known_is_refused_with_whose_it_is(
    counter: Counter, library: CounterLibrary
) -> None:
    known = library.item(title="先にあった本")
    counter.f(SEARCH)
    counter.f(11)
    counter.scan(known)
    form(counter).set_values({"title": "別の本"})
    counter.f(10)
    counter.until(lambda: counter.strip().tone is Tone.REFUSED)
    assert "先にあった本" in form(counter).message_line().text()


def add_from_checkout(counter: Counter, number: str) -> None:
    """The clerk answers the refusal of an item that is not known."""
    counter.f(1)
    assert counter.scan_and_wait(number).sign is Sign.REFUSED
    counter.f(10)
    counter.pass_guard()
    counter.f(10)


def test_what_was_added_for_one_patron_is_not_lent_to_the_next(
    counter: Counter, library: CounterLibrary
) -> None:
    first, second = library.patron(), library.patron()
    counter.open_visit(first)
    add_from_checkout(counter, NEW)
    counter.until(lambda: form_is_open(counter))
    form(counter).set_values({"title": "郷土の昔話"})
    counter.f(1)
    counter.open_visit(second)
    counter.f(SEARCH)
    counter.f(10)
    counter.until(lambda: not form_is_open(counter))
    counter.turn()
    assert titles_of(library, NEW) != []
    assert library.loans() == []


def test_a_form_that_is_half_filled_is_not_taken_for_another_item(counter: Counter) -> None:
    card = counter.library.patron()
    other = item_number(779)
    counter.open_visit(card)
    add_from_checkout(counter, NEW)
    counter.until(lambda: form_is_open(counter))
    form(counter).set_values({"title": "一冊目"})
    add_from_checkout(counter, other)
    counter.until(lambda: form_is_open(counter))
    assert form(counter).values()["item_number"] == NEW
    assert counter.strip().tone is Tone.NOTICE
    counter.press(Qt.Key.Key_Escape)
    counter.f(1)
    # nothing was added: the refusals still wait
    assert len(counter.page.open_refusals()) == 2


def test_another_book_that_is_read_takes_the_place_of_what_was_fetched(
    fetching: Counter, source: HandedSource
) -> None:
    fetching.f(SEARCH)
    fetching.f(11)
    fetching.scan(RECORD.isbn13)
    fetching.until(lambda: form(fetching).values()["title"] == RECORD.title)
    other = next(
        record
        for record in shipped_records().records
        if record.isbn13 not in (None, RECORD.isbn13) and record.title != RECORD.title
    )
    source.answer = Found((other,))
    fetching.scan(other.isbn13)
    fetching.until(lambda: form(fetching).values()["title"] == other.title)
    assert form(fetching).values()["isbn"] == other.isbn13


@pytest.fixture
def cut_off(qtbot: QtBot, qapp: QApplication, embedded: CounterLibrary) -> Iterator[tuple[Counter, CutLine]]:
    """A counter whose line can be cut."""
    line = CutLine(embedded)
    counter = Counter(qtbot, qapp, embedded, line)
    counter.sign_in()
    yield counter, line
    counter.close()


def send_in_an_outage(counter: Counter, line: CutLine, **fields: str) -> None:
    """The form is filled in and sent, and nothing answers."""
    counter.f(SEARCH)
    counter.f(11)
    counter.scan(NEW)
    form(counter).set_values(fields)
    line.down = True
    counter.f(10)
    counter.until(lambda: "回線" in form(counter).message_line().text())


def test_a_quick_add_whose_answer_was_lost_in_a_lock_is_done_once(
    embedded: CounterLibrary, cut_off: tuple[Counter, CutLine]
) -> None:
    counter, line = cut_off
    send_in_an_outage(counter, line, title="途中の本")
    counter.f(12)
    line.down = False
    counter.until(lambda: counter.window.page is None and not counter.window.away.leaving)
    counter.until(lambda: titles_of(embedded, NEW) != [])
    counter.sign_in()
    counter.until(lambda: form_is_open(counter))
    # F10 is taken once what was filled in stands there again
    counter.until(lambda: form(counter).values().get("title") == "途中の本")
    counter.settled()
    counter.f(10)
    counter.until(lambda: counter.strip().word == "登録しました")
    assert len(titles_of(embedded, NEW)) == 1


def test_an_answer_that_comes_late_is_told_below_and_leads_nobody_away(
    embedded: CounterLibrary, cut_off: tuple[Counter, CutLine]
) -> None:
    counter, line = cut_off
    send_in_an_outage(counter, line, title="途中の本")
    counter.f(2)
    line.down = False
    counter.until(lambda: counter.strip().word == "登録しました")
    counter.turn()
    assert isinstance(counter.window.page, CheckinPage)
    assert len(titles_of(embedded, NEW)) == 1


def test_that_the_title_is_there_is_told_though_the_form_was_closed(
    embedded: CounterLibrary, cut_off: tuple[Counter, CutLine]
) -> None:
    counter, line = cut_off
    with embedded.engine.begin() as connection:
        connection.execute(t.title.insert().values(title="先にあった本", isbn="9784101010137"))
    send_in_an_outage(counter, line, title="同じ本", isbn="9784101010137")
    counter.press(Qt.Key.Key_Escape)
    line.down = False
    counter.until(lambda: counter.strip().tone is Tone.REFUSED)
    assert (counter.strip().word, counter.strip().side_first) == ("登録していません", NEW)
    assert titles_of(embedded, NEW) == []
