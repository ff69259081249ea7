"""The window, the tour and the training sheet in English: nothing Japanese is left but data, all fits."""

from __future__ import annotations

import datetime as dt
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

import pytest
import sqlalchemy as sa
from PySide6.QtCore import QTranslator
from PySide6.QtGui import QFont, QPainter
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from madoguchi.app.catalogue.adding import AddRefusal, ItemAdded, NotAdded
from madoguchi.app.catalogue.fetched import Reason
from madoguchi.app.catalogue.ndl import shipped_records
from madoguchi.app.catalogue.new_item import ItemField, ItemProblem
from madoguchi.app.clock import LibraryClock
from madoguchi.app.lending.answers import ItemShown, Refused, Reserved, Route
from madoguchi.app.lending.facts import Desk as StaffDesk
from madoguchi.app.lending.materials import MaterialKind
from madoguchi.app.lending.rules import Refusal
from madoguchi.app.reservations.answers import CircleRefusal, Cleared, Done
from madoguchi.app.reservations.telling import Outcome
from madoguchi.app.server import tables as t
from madoguchi.app.server.engine import embedded_url, make_engine
from madoguchi.app.server.gateway import Act, LendingServer
from madoguchi.app.server.outage import Outage
from madoguchi.app.staff.password_rules import PasswordProblem
from madoguchi.app.staff.permissions import Role
from madoguchi.app.staff.session import (
    LastTime,
    PasswordNeeded,
    PasswordRefused,
    PasswordWhy,
    ServerState,
    SessionEnd,
    SignedIn,
    SignedInElsewhere,
    SignInProblem,
)
from madoguchi.app.training import library as training
from madoguchi.app.training.sheet import CREDIT, training_sheet
from madoguchi.app.training.situations import item_number
from madoguchi.barcode.labels import Bars
from madoguchi.barcode.symbology import (
    CommandCode,
    Isbn,
    ItemCode,
    Meaning,
    ParsedCode,
    PatronCode,
    StaffCode,
    Unknown,
    UnknownReason,
)
from madoguchi.widgets import add_form, reserve_form, sheet, way_words, wording
from madoguchi.widgets.application import install_language
from madoguchi.widgets.look.fonts import load_faces
from madoguchi.widgets.look.form_panel import FormPanel
from madoguchi.widgets.look.painted import Painted
from madoguchi.widgets.look.record_table import RecordTable
from madoguchi.widgets.look.row_view import RowsView
from madoguchi.widgets.look.theme import MINIMUM_TEXT_PX, Layout, Theme
from madoguchi.widgets.look.tokens import Contrast, load_tokens
from madoguchi.widgets.look.views import RowView, Sign, StripView
from madoguchi.widgets.search_page import SearchPage
from madoguchi.widgets.sheet_paper import Paper
from madoguchi.widgets.way_views import WayList
from tests.counter.harness import Counter, CounterLibrary, everything_said
from tests.counter.way import open_list, open_person, press, ready, scan
from tests.support.library import MINAMI, SOGO, TODAY

T = TypeVar("T")

ROOT = Path(__file__).parents[2]
# kana, ideographs and the full-width forms and punctuation that go with them
JAPANESE = re.compile(r"[\u3000-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef]")
# the one Japanese word of the counter under test that is a setting of the terminal: its name
TERMINAL = "1番窓口"
BULLET = "・"


@pytest.fixture
def english(qapp: QApplication) -> Iterator[None]:
    install_language(qapp, "en")
    yield
    for translator in qapp.findChildren(QTranslator):
        qapp.removeTranslator(translator)
        translator.deleteLater()


def test_the_tour_runs_in_english(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text('language = "en"\n', encoding="utf-8")
    out = tmp_path / "out"
    ran = subprocess.run(
        [sys.executable, "-m", "madoguchi", "tour", "--out", out],
        cwd=ROOT,
        env=os.environ | {"MADOGUCHI_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    steps = re.findall(r"^ *\d+\. (.+?)  →  ", ran.stdout, re.MULTILINE)
    assert len(steps) == len(list(out.glob("*.png"))) > 10
    assert [words for words in steps if JAPANESE.search(words)] == []
    assert "Everything was as expected" in ran.stdout


class BreakableLine(LendingServer):
    """The real way to the library, on a line that can be cut."""

    cut = False

    def run(self, act: Act[T]) -> T:
        """Runs ``act``, unless the line is cut."""
        if self.cut:
            raise Outage("the line is cut")
        return super().run(act)


@pytest.fixture
def library(library_file: Path, tmp_path: Path) -> Iterator[CounterLibrary]:
    """A library with its data in Latin letters: what is Japanese in the window is the program's own."""
    path = tmp_path / "library.sqlite"
    shutil.copyfile(library_file, path)
    made = CounterLibrary(embedded_url(path))
    made.let_staff_in()
    with made.engine.connect() as connection:
        connection.execute(t.staff.update().values(name="Taro Kunren"))
        connection.execute(
            t.branch.update().values(name="Branch " + t.branch.c.code, short_name=t.branch.c.code)
        )
        connection.execute(t.patron_category.update().values(name="Resident"))
    yield made
    made.close()


@dataclass
class Desk:
    """The English counter, looked at after every step."""

    counter: Counter
    library: CounterLibrary
    line: BreakableLine

    def book(self, **changes: Any) -> str:
        """Adds an item of a title in Latin letters; returns its number."""
        number = self.library.item(title="A Book of Samples", **changes)
        with self.library.engine.connect() as connection:
            connection.execute(t.title.update().values(statement="Soseki Natsume"))
        return number

    def scan(self, number: str) -> RowView:
        """Scans, waits for the answer and looks at the window; returns the new row."""
        row = self.counter.scan_and_wait(number)
        self.look()
        return row

    def look(self) -> None:
        """Nothing in the window is Japanese, and every text has the room it needs."""
        window = self.counter.window
        inside = [window, *window.findChildren(QWidget)]
        said = [(w, text.replace(TERMINAL, "")) for w, text in everything_said() if w in inside]
        assert len(said) > 20
        assert [(type(w).__name__, text) for w, text in said if JAPANESE.search(text)] == []
        for widget in inside:
            if widget.isVisible() and isinstance(widget, Painted | RowsView):
                assert_fits(widget)
            if widget.isVisible() and isinstance(widget, RecordTable):
                assert_table_fits(widget)

    def form(self) -> FormPanel:
        """The form over the search."""
        centre = self.counter.window.frame.centre()
        assert isinstance(centre, FormPanel)
        return centre

    def scroll_through(self) -> None:
        """Looks at the form from its beginning to its end."""
        for field in self.form().column().fields().values():
            field.start()
            self.look()


def assert_fits(widget: Painted | RowsView, *shown: str) -> None:
    """Every text the widget paints has room, by the look's own trace; ``shown`` is among them."""
    pieces = widget.trace()
    assert set(shown) <= {piece.text for piece in pieces}
    for piece in pieces:
        said = f"{type(widget).__name__}: {piece}"
        assert piece.width <= piece.rect.width() + 1.5, said
        assert piece.height <= piece.rect.height() + 1.5, said
        assert piece.px >= MINIMUM_TEXT_PX, said
        assert piece.elidable or not piece.text.endswith("…"), said
        assert not piece.text or widget.rect().adjusted(-1, -1, 1, 1).contains(piece.rect), said


def assert_table_fits(table: RecordTable) -> None:
    """The titles of the columns are whole, and so is whatever is no title and no name."""
    rows, view = table.records_view(), table.view()
    shown = [column for at, column in enumerate(view.columns) if not rows.isColumnHidden(at)]
    pieces = rows.trace()
    assert {column.title for column in shown} <= {piece.text for piece in pieces}
    for piece in pieces:
        assert piece.width <= piece.rect.width() + 1.5, piece
        assert piece.px >= MINIMUM_TEXT_PX, piece


@pytest.fixture(params=[1.0, 1.25, 1.5, 2.0], ids="{:.0%}".format)
def desk(
    request: pytest.FixtureRequest, qtbot: QtBot, qapp: QApplication, english: None, library: CounterLibrary
) -> Iterator[Desk]:
    del english
    line = BreakableLine(library.engine)
    counter = Counter(qtbot, qapp, library, line, branch=("sogo", "Branch sogo"))
    counter.window.frame.set_theme(Theme(load_tokens(), load_faces(), Contrast.LIGHT, request.param))
    yield Desk(counter, library, line)
    line.cut = False
    counter.close()


def test_sign_in_is_english_and_fits(desk: Desk) -> None:
    desk.look()
    for login in ("nobody", "itaku", "keeper"):
        desk.counter.try_to_sign_in(login)
        desk.counter.settled()
        desk.look()
    desk.counter.scan("A1000000016A")
    desk.look()
    assert desk.counter.window.page is None


def test_a_sign_in_at_the_central_server_is_english_and_fits(desk: Desk) -> None:
    sign_in, now = desk.counter.window.sign_in, desk.library.now
    for why in SignInProblem:
        sign_in.hear(why)
        desk.look()
    for over in SessionEnd:
        sign_in.begin()
        sign_in.say_ended(over, 12)
        desk.look()
    sign_in.hear(SignedInElsewhere("Minami, counter 2", "Branch minami", now.replace(year=2025)))
    desk.look()
    for reason in PasswordWhy:
        sign_in.hear(PasswordNeeded("clerk", "Taro Kunren", reason))
        desk.look()
        sign_in.hear(PasswordRefused(tuple(PasswordProblem)))
        desk.look()
    sign_in.new_password.submitted.emit("one", "another")
    assert sign_in.new_password.view().differ == "The two differ. Enter both again."
    desk.look()
    person = SignedIn(
        StaffDesk(1, "Counter 1", "clerk"), "Taro Kunren", Role.COUNTER_STAFF, "Branch sogo", ""
    )
    for how in ("signed out", "taken over", "lost", "account ended", "terminal revoked", ""):
        last = LastTime(now, now if how else None, how, "Branch minami", "Minami, counter 2")
        ahead = 12.0 if how else -12.0
        full = replace(person, last=last, failures=3, password_days_left=14, clock_ahead_seconds=ahead)
        sign_in.hear(full)
        assert desk.counter.window.frame.card() is not None
        desk.look()
        desk.counter.f(12)
    sign_in.hear(replace(person, clock_ahead_seconds=0.0))
    desk.look()


@pytest.mark.parametrize("mode", [False, True], ids=["no mode", "book drop"])
def test_what_is_said_of_the_server_is_english_and_fits(desk: Desk, mode: bool) -> None:
    desk.counter.sign_in()
    if mode:
        desk.counter.f(2)
        desk.counter.f(11)
    for watched, alone in ((False, None), (True, desk.library.now), (False, desk.library.now)):
        desk.counter.window.signs.server_is(ServerState(watched, alone))
        assert desk.counter.banner_text()
        desk.look()


def test_checkout_is_english_and_fits(desk: Desk) -> None:
    counter, library = desk.counter, desk.library
    person = {"name": "Hanako Sample", "kana": "SAMPLE", "note": "Prefers large print."}
    card, other = library.patron(**person), library.patron(**person)
    idle = library.patron(**person, last_used_on=TODAY - dt.timedelta(days=2000))
    own, taken, reserved = desk.book(), desk.book(), desk.book()
    library.lent(card, own, due_on=TODAY - dt.timedelta(days=3))
    library.lent(other, taken, due_on=TODAY)
    library.reserved(other, reserved)
    held = {"trapped_item_id": library.id_of_item(desk.book()), "keep_until": TODAY}
    library.reserved(card, desk.book(), state="ready", **held)
    counter.sign_in()
    desk.look()
    counter.open_visit(card)
    desk.look()
    lent = desk.scan(desk.book())
    assert (lent.state, lent.right) == ("Checkout", "5/26(Tue)")
    desk.scan(desk.book(attachments="1 CD"))
    desk.scan(desk.book(note="Pencil marks"))
    desk.scan(lent.under.split()[0])
    desk.scan(taken)
    for key in (10, 11, 9):  # the question, an answer that lacks its reason, and the one that changes nothing
        counter.pass_guard()
        counter.f(key)
        desk.look()
    for number in (own, reserved, desk.book(reference_only=True), "A9780000000000A", "X" * 80):
        desk.scan(number)
    counter.f(10)
    desk.look()
    counter.scan(idle)
    counter.settled()
    desk.look()
    desk.scan(desk.book())
    counter.f(9)
    counter.type("12", enter=False)
    desk.look()
    counter.type("99")
    desk.look()
    counter.type("0520")
    desk.look()
    assert counter.banner_text().startswith("Due date set: 5/20(Wed)")


def test_return_is_english_and_fits(desk: Desk) -> None:
    counter, library = desk.counter, desk.library
    card = library.patron(name="Hanako Sample", kana="SAMPLE")
    late, wanted, far = desk.book(), desk.book(), desk.book(home_branch_id=MINAMI)
    for item in (late, wanted, far):
        library.lent(card, item, due_on=TODAY - dt.timedelta(days=item is late))
    library.reserved(library.patron(name="Jiro", kana="JIRO"), wanted)
    counter.sign_in()
    counter.f(2)
    desk.look()
    assert desk.scan(wanted).right == "Reservation shelf"
    assert desk.scan(far).right == "To Branch minami"
    desk.scan(desk.book())
    desk.scan(card)
    desk.scan("nothing of ours")
    assert desk.scan(late).state == "Days overdue: 1"
    counter.f(9)
    counter.settled()
    desk.look()
    assert counter.rows()[-1].detail == "On loan again"
    counter.f(11)
    desk.look()
    assert counter.banner_text().startswith("Book drop: return date 5/11(Mon)")
    counter.type("0101")
    desk.look()


def test_renewal_is_english_and_fits(desk: Desk) -> None:
    counter, library = desk.counter, desk.library
    card = library.patron(name="Hanako Sample", kana="SAMPLE")
    mine, late = desk.book(), desk.book()
    library.lent(card, mine, due_on=TODAY + dt.timedelta(days=1))
    library.lent(card, late, due_on=TODAY - dt.timedelta(days=1))
    counter.sign_in()
    counter.f(3)
    desk.look()
    states = [desk.scan(number).state for number in (mine, mine, late, desk.book())]
    assert states == ["Renewal", "Already renewed", "Overdue", "Not on loan"]


def test_an_outage_is_english_and_fits(desk: Desk) -> None:
    counter = desk.counter
    card = desk.library.patron(name="Hanako Sample", kana="SAMPLE")
    items = [desk.book() for _ in range(3)]
    counter.sign_in()
    counter.open_visit(card)
    desk.line.cut = True
    for key, item in enumerate(items, start=1):
        counter.f(key)
        counter.scan(item)
        counter.until(lambda: counter.rows()[-1].sign is Sign.OUTAGE)
        desk.look()
    counter.f(1)
    counter.f(10)
    desk.look()
    assert counter.banner_text().startswith("Line down")
    counter.window.show_fault()
    desk.look()


def test_the_search_is_english_and_fits(desk: Desk) -> None:
    counter, library = desk.counter, desk.library
    items = [desk.book() for _ in range(7)]
    title_id = library.value(sa.select(t.item.c.title_id).where(t.item.c.number == items[0]))
    with library.engine.connect() as connection:
        own = t.item.c.number.in_(items)
        connection.execute(t.item.update().where(own).values(title_id=title_id))
        connection.execute(t.item.update().where(t.item.c.number == items[1]).values(reference_only=True))
        connection.execute(t.item.update().where(t.item.c.number == items[2]).values(home_branch_id=MINAMI))
        facts = {"title_kana": "SAMPLES", "publisher": "A Publisher", "year": 1998, "isbn": "9784101010137"}
        connection.execute(t.title.update().where(t.title.c.id == title_id).values(**facts))
        transit = {"item_id": library.id_of_item(items[3]), "to_branch_id": MINAMI}
        connection.execute(t.transit.insert().values(**transit, since=TODAY))
    card = library.patron(name="Hanako Sample", kana="SAMPLE")
    library.lent(card, items[4], due_on=dt.date(2026, 12, 23))
    held = {"trapped_item_id": library.id_of_item(items[5]), "keep_until": TODAY}
    library.reserved(library.patron(), items[5], state="ready", **held)
    for branch in (SOGO, MINAMI):
        library.reserved(library.patron(), items[0], pickup_branch_id=branch)
    counter.sign_in()
    counter.f(6)
    desk.look()
    counter.type("book of", enter=False)
    page = counter.window.page
    assert isinstance(page, SearchPage)
    counter.until(lambda: bool(page.results()))
    counter.until(lambda: "A Book" in counter.left_text())
    counter.settled()
    desk.look()
    for words in ("On shelf", "Lent, due", "Waiting", "Reservation shelf", "On its way"):
        assert words in counter.left_text()
    counter.f(9)
    desk.look()
    counter.type("nothing of the kind", enter=False)
    counter.settled()
    desk.look()
    counter.f(9)
    for number in (item_number(999), "9784003101018", "A9780000000000A", items[0]):
        counter.scan(number)
        counter.settled()
        desk.look()
    desk.line.cut = True
    counter.type("more", enter=False)
    counter.until(lambda: "The line is down" in page.centre().results.view().empty)
    desk.look()


def test_a_reservation_is_english_and_fits(desk: Desk) -> None:
    counter, library = desk.counter, desk.library
    card, item = library.patron(name="Hanako Sample", kana="SAMPLE"), desk.book()
    counter.sign_in()
    counter.f(6)
    counter.scan(item)
    counter.until(lambda: "A Book" in counter.left_text())
    counter.settled()
    for number, said in (("", ""), ("12", ""), (card, "Reserved"), (card, "Reserved already")):
        counter.until(lambda: counter.window.frame.rail.key(10).isEnabled())
        if not isinstance(counter.window.frame.centre(), FormPanel):
            counter.f(10)
        desk.form().set_values({"card": number})
        desk.look()
        counter.f(10)
        counter.until(lambda said=said: counter.strip().word == said or not said)
        counter.settled()
        desk.look()
    desk.line.cut = True
    counter.f(10)
    counter.until(lambda: "line is back" in desk.form().message_line().text())
    desk.look()


def test_a_quick_add_is_english_and_fits(desk: Desk) -> None:
    counter, known = desk.counter, desk.book()
    counter.sign_in()
    counter.f(6)
    counter.f(11)
    desk.scroll_through()
    view = add_form.form({"item_number": known}, can_fetch=True)
    problems = list(ItemProblem)
    for start in range(0, len(problems), len(view.lines)):
        errors = [*problems[start:], *problems][: len(view.lines)]
        lines = tuple(
            replace(line, error=add_form.errors({ItemField(line.key): error})[line.key])
            for line, error in zip(view.lines, errors, strict=True)
        )
        message = add_form.outage() if start else add_form.same_title_message()
        question = add_form.same_title_line(1, "A Book")
        desk.form().set_view(replace(view, lines=(question, *lines), message=message))
        desk.scroll_through()
    desk.form().set_view(view)
    desk.form().set_values({"item_number": known, "title": "Another Book"})
    counter.f(10)
    counter.until(lambda: counter.strip().word == "Not added")
    desk.look()
    desk.form().set_values({"item_number": item_number(999)})
    counter.f(10)
    counter.until(lambda: counter.strip().word == "Added")
    counter.settled()
    desk.look()


def test_the_lists_of_the_way_round_are_english_and_fit(desk: Desk) -> None:
    counter, library = desk.counter, desk.library
    wanted, coming, kept, expired, untold = (desk.book() for _ in range(5))
    card = library.patron(name="Hanako Sample", kana="SAMPLE", telephone="0466-00-0001")
    library.reserved(library.patron(), wanted, item_id=library.id_of_item(wanted), pickup_branch_id=MINAMI)
    with library.engine.connect() as connection:
        connection.execute(t.item.update().where(t.item.c.number == wanted).values(not_found=2))
        late = {"from_branch_id": MINAMI, "to_branch_id": SOGO, "since": TODAY - dt.timedelta(days=30)}
        values = {"item_id": library.id_of_item(coming), "sent_on": late["since"]}
        connection.execute(t.transit.insert().values(**late, **values))
    ready(library, card, kept, dt.date(2026, 12, 23))
    ready(library, card, untold, dt.date(2026, 12, 23))
    ready(library, library.patron(), expired, TODAY - dt.timedelta(days=1))
    counter.sign_in()
    open_list(counter, WayList.PULL)
    desk.look()
    counter.scan(wanted)
    for which in (WayList.MOVES, WayList.SHELF, WayList.TELL):
        open_list(counter, which)
        desk.look()
    open_person(counter)
    desk.look()
    counter.pass_guard()
    press(counter, 9)
    desk.look()
    open_list(counter, WayList.SHELF)
    for number in (kept, expired, item_number(999)):
        scan(counter, number)
        desk.look()
    press(counter, 9)
    open_list(counter, WayList.MOVES)
    counter.f(10)
    desk.look()
    counter.pass_guard()
    desk.line.cut = True
    counter.f(10)
    counter.scan(coming)
    counter.until(lambda: counter.row(coming).sign is Sign.OUTAGE)
    desk.look()
    desk.line.cut = False
    counter.settled()


def strips_of_the_way() -> Iterator[StripView]:
    for which in WayList:
        yield way_words.idle_strip(which)
    for refusal in CircleRefusal:
        yield way_words.refused_strip(refusal, "A Book")
    for missing in (False, True):
        yield way_words.not_found_strip("A Book", Done(uuid4(), missing=missing))
    for outcome in Outcome:
        yield way_words.told_strip(outcome)
    yield way_words.sent_strip(128, "Branch tsujido")
    yield way_words.outage_strip()
    yield way_words.fault_strip()
    for route in Route:
        answer = Cleared(uuid4(), "1000000016", "A Book", route, "Branch tsujido", dt.date(2026, 12, 23))
        yield way_words.cleared_strip(answer)


def test_every_strip_of_the_way_round_fits(desk: Desk) -> None:
    desk.counter.sign_in()
    strip = desk.counter.window.frame.strip
    for view in strips_of_the_way():
        strip.set_view(view)
        assert_fits(strip, view.word)
        painted = "".join(piece.text for piece in strip.trace()).replace(" ", "")
        assert view.right.replace(" ", "") in painted, view


def strips_of_the_search() -> Iterator[StripView]:
    for refusal in Refusal:
        yield reserve_form.refused_strip(Refused(refusal, due_on=TODAY, limit=10, waiting=99), "A Book")
    answer = Reserved(uuid4(), "A Book", None, "Branch tsujido", 128, in_stock=True)
    yield reserve_form.reserved_strip(answer)
    for reason in Reason:
        yield add_form.not_fetched_strip(reason)
    for why in AddRefusal:
        yield add_form.not_added_strip(add_form.not_added(NotAdded(why)), "1000000016")
    item = ItemShown("1000000016", "A Book", "", MaterialKind.BOOK)
    yield add_form.added_strip(ItemAdded(uuid4(), item, 1, new_title=False))
    yield add_form.fetching_strip("9784101010137")
    yield add_form.fetched_strip("A Book")
    yield add_form.nothing_known_strip("9784101010137")


def test_every_strip_of_the_search_fits(desk: Desk) -> None:
    desk.counter.sign_in()
    strip = desk.counter.window.frame.strip
    for view in strips_of_the_search():
        strip.set_view(view)
        assert_fits(strip, view.word)
        # what is beside it stands there whole, or not at all where there is no room
        painted = "".join(piece.text for piece in strip.trace()).replace(" ", "")
        assert view.right.replace(" ", "") in painted, view
        if desk.counter.window.frame.layout_in_force() is not Layout.NARROW:
            assert all(side.replace(" ", "") in painted for side in (view.side_first, view.side_second)), view


def every_refusal() -> Iterator[tuple[str, wording.Words]]:
    due = dt.date(2026, 12, 23)
    for refusal in Refusal:
        yield refusal.value, wording.refused(Refused(refusal, due_on=due, limit=10))
    yield "queue", wording.refused(Refused(Refusal.RESERVED, waiting=99))
    codes: list[ParsedCode] = [
        Isbn("9784048930659"),
        StaffCode("90000019"),
        PatronCode("2000000011"),
        CommandCode("yes"),
        ItemCode("1000000016"),
        Unknown(UnknownReason.WRONG_CHECK_DIGIT, "2000000012", Meaning.PATRON),
        *(Unknown(reason, "2000000012") for reason in UnknownReason),
    ]
    for code in codes:
        yield repr(code), wording.not_an_item(code)


def test_every_refusal_fits_its_row(desk: Desk) -> None:
    desk.counter.sign_in()
    page = desk.counter.page
    for name, words in every_refusal():
        entry = page.add(
            RowView(0, 0, Sign.REFUSED, name, "", words.state, words.detail, "", action="F10 Answer")
        )
        assert_fits(page.list.rows_view(), words.state)
        page.settle(entry, action="", answered=True, right="Answered")
        assert_fits(page.list.rows_view(), words.state)
    desk.look()


# -- the training sheet ------------------------------------------------------------------------------------


class Measured(Paper):
    """Paper that notes where every line of text begins and ends."""

    lines: list[tuple[float, float, float, str]]
    past_bars: list[str]

    def __init__(self, painter: QPainter) -> None:
        super().__init__(painter)
        type(self).lines, type(self).past_bars, self._row = [], [], 0

    def line(self, x: float, y: float, text: str, font: QFont, colour: str = "ink") -> float:
        end = super().line(x, y, text, font, colour)
        self.lines.append((x, y, end, text))
        return end

    def bars(self, x: float, y: float, label: Bars) -> float:
        self.past_bars.extend(text for _, _, end, text in self.lines[self._row :] if end > x)
        return super().bars(x, y, label)

    def rule(self, x: float, y: float, width: float, colour: str = "line", thickness: float = 0.2) -> None:
        self._row = len(self.lines)
        super().rule(x, y, width, colour, thickness)


def test_the_training_sheet_is_english_and_fits(
    english: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    del english
    clock = LibraryClock(lambda: dt.datetime(2026, 12, 22, 1, tzinfo=dt.UTC))
    training.reset(tmp_path / "library.sqlite", shipped_records().records, clock)
    engine = make_engine(embedded_url(tmp_path / "library.sqlite"), clock)
    made = training_sheet(engine, dt.date(2026, 12, 22))
    engine.dispose()
    # names and titles are data: without them whatever is Japanese is a string of the program
    plain = replace(
        made,
        sections=tuple(
            replace(section, cards=tuple(replace(card, subject="A subject") for card in section.cards))
            for section in made.sections
        ),
    )
    monkeypatch.setattr(sheet, "Paper", Measured)
    assert sheet.write_sheet(tmp_path / "sheet.pdf", plain) > 4
    assert len(Measured.lines) > 300
    right_edge = 210 - 13
    assert [text for _, _, end, text in Measured.lines if end > right_edge + 0.01] == []
    assert Measured.past_bars == []
    overlaps = [
        (text, next_text)
        for (_, y, end, text), (x, next_y, _, next_text) in pairwise(Measured.lines)
        if abs(y - next_y) < 1 and x < end
    ]
    assert overlaps == []
    assert [text for *_, text in Measured.lines if JAPANESE.search(text.replace(CREDIT, ""))] == [
        BULLET
    ] * len(made.before)
