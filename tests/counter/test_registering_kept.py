"""A registration that is half typed: through a lock and a restart, for its writer, until closing time."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from madoguchi.app.staff.kept import KeptFiles, KeptWork
from madoguchi.widgets.patrons_page import PATRONS
from tests.counter.harness import COLLEAGUE, Counter, CounterLibrary, SlowServer, where_said
from tests.counter.registering import (
    HANAKO,
    NEW_CARD,
    NEXT_CARD,
    focused,
    form,
    form_is_open,
    open_form,
    patron_of,
    type_into,
)
from tests.counter.test_away import come_back, leave
from tests.support.keyring_backend import MemoryKeyring, ring
from tests.support.library import JST, TODAY

__all__ = ["ring"]

PLANTED = ("秘匿 名前", "ヒトク ナマエ", "S48.7.9", "鵠沼海岸1-2-3", "0466-00-0001", NEW_CARD)
TYPED = HANAKO | {
    "name": "秘匿 名前",
    "kana": "ヒトク ナマエ",
    "birth_date": "S48.7.9",
    "card_number": NEW_CARD,
}


def program(qtbot: QtBot, qapp: QApplication, library: CounterLibrary, folder: Path) -> Counter:
    """The program, started anew on what an earlier one kept."""
    files = KeptFiles(folder, lambda: library.now.astimezone(JST))
    kept = KeptWork(lambda: library.now.astimezone(JST), files)
    return Counter(qtbot, qapp, library, SlowServer(library), kept=kept)


def test_through_a_lock_and_a_restart(
    qtbot: QtBot, qapp: QApplication, library: CounterLibrary, ring: MemoryKeyring, tmp_path: Path
) -> None:
    folder = tmp_path / "kept"
    counter = program(qtbot, qapp, library, folder)
    counter.sign_in()
    open_form(counter)
    type_into(counter, TYPED)
    counter.turn()
    typed = form(counter).values()
    assert where_said(*PLANTED) != []
    title = counter.window.windowTitle()
    counter.f(2)
    leave(counter)
    counter.turn()
    # nothing of it in any widget, nor readable on the disk
    assert where_said(*PLANTED) == []
    counter.until(folder.is_dir)
    counter.close()
    written = b"".join(file.read_bytes() for file in folder.iterdir())
    assert written
    assert not any(word.encode() in written or ascii(word)[1:-1].encode() in written for word in PLANTED)
    assert ring.kept != {}
    # the same person, in another run of the program
    counter = program(qtbot, qapp, library, folder)
    # a colleague sees nothing of it
    come_back(counter, COLLEAGUE)
    counter.f(PATRONS)
    assert not form_is_open(counter)
    assert where_said(*PLANTED) == []
    leave(counter)
    counter.try_to_sign_in("clerk")
    counter.until(lambda: counter.window.sign_in.offer.isVisible() or counter.window.page is not None)
    if counter.window.page is None:
        counter.pass_guard()
        counter.f(10)
        counter.until(lambda: counter.window.page is not None)
    assert "登録中" in counter.window.frame.rail.key(5).accessibleName()
    counter.f(PATRONS)
    assert form(counter).values() == typed
    assert counter.window.windowTitle() == title
    # it may have gone out before: as it is, it is the same act, and another one once it is edited
    registration = counter.window.pages.session.patrons._registration
    kept = registration.keep()
    assert (registration.operation(), registration.keep()) == (kept.operation, kept)
    form(counter).set_values({"address": "鵠沼海岸1-2-4"})
    edited = registration.keep().operation
    assert edited != kept.operation
    assert registration.operation() == edited
    counter.f(10)
    counter.until(lambda: patron_of(library, NEW_CARD) != {})
    assert patron_of(library, NEW_CARD)["name"] == "秘匿 名前"
    counter.close()


def test_at_closing_time_it_is_gone(counter: Counter, library: CounterLibrary) -> None:
    open_form(counter)
    type_into(counter, {"name": "秘匿 名前", "birth_date": "S55.4.1"})
    leave(counter)
    library.set_clock(dt.datetime.combine(TODAY, dt.time(20), JST))
    come_back(counter)
    counter.f(PATRONS)
    assert not form_is_open(counter)
    assert where_said("秘匿") == []


def test_hidden_by_one_key_and_there_again(counter: Counter) -> None:
    open_form(counter)
    type_into(counter, TYPED | {"address": "", "postal_code": "498-0000"})
    counter.until(lambda: len(form(counter).field("town").controls()) == 2)
    form(counter).field("telephone").start()
    typed = form(counter).values()
    counter.window.hide_or_show()
    counter.turn()
    assert where_said(*PLANTED) == []
    # the new card is read all the same
    counter.scan(NEXT_CARD)
    counter.settled()
    counter.window.hide_or_show()
    assert form(counter).values() == typed | {"card_number": NEXT_CARD}
    assert focused(counter) == "telephone"
    counter.until(lambda: len(form(counter).field("town").controls()) == 2)


def test_nothing_of_it_is_in_what_is_shown_of_values(counter: Counter) -> None:
    open_form(counter)
    type_into(counter, TYPED)
    session = counter.window.pages.session
    assert session is not None
    kept = session.patrons.keep()
    assert not any(word in repr(kept) for word in PLANTED)
