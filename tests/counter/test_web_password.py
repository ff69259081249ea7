"""A one-time web password at the real window: on paper, or nowhere; the screen never shows it."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from madoguchi.widgets import patron_views as views
from madoguchi.widgets.look.views import Tone
from tests.counter.harness import Counter, CounterLibrary, SlowServer, unique, where_said
from tests.counter.patrons import act_form, choose, form_is_open, open_record
from tests.support.receipt_printer import FakePrinter

SECRET = re.compile(rb"[a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4}")


@pytest.fixture
def printer() -> Iterator[FakePrinter]:
    """The receipt printer at the counter."""
    made = FakePrinter()
    yield made
    made.close()


@pytest.fixture
def counter(
    qtbot: QtBot, qapp: QApplication, library: CounterLibrary, printer: FakePrinter
) -> Iterator[Counter]:
    """A counter whose printer the server's setting for the terminal names."""
    if library.on_postgresql:
        with library.engine.connect() as connection:
            connection.exec_driver_sql(
                "update account.terminal"
                f" set settings = settings || jsonb_build_object('receipt_printer', '{printer.place}')"
            )
    made = Counter(qtbot, qapp, library, SlowServer(library))
    made.sign_in()
    yield made
    made.close()


def _opens(library: CounterLibrary, card: str, word: str) -> bool:
    """Whether the word is the patron's password now."""
    with library.engine.connect() as connection:
        kept = sa.text(
            "select web.crypt(:word, verifier) = verifier from web.password where patron_id = :patron"
        )
        values = {"word": word, "patron": library.id_of_patron(card)}
        return bool(connection.execute(kept, values).scalar_one())


def _sent(counter: Counter, word: str) -> None:
    """F10, and what the strip says of it."""
    counter.f(10)
    counter.until(lambda: counter.strip().word == word)


@pytest.mark.parametrize("library", ["served"], indirect=True)
def test_it_is_on_paper_or_nowhere_and_what_fails_is_made_anew(
    counter: Counter, library: CounterLibrary, printer: FakePrinter, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    name = unique("鵠沼")
    card = library.patron(name=name)
    open_record(counter, card, name)
    choose(counter, views.WEB_PASSWORD)
    assert form_is_open(counter)
    assert where_said("発行して印刷")
    # no paper: nothing was sent, and nothing of it is anywhere
    printer.state = 0x12 | 0x20
    _sent(counter, "仮パスワードを印刷できませんでした")
    assert counter.strip().tone is Tone.REFUSED
    assert form_is_open(counter)
    assert "用紙がありません" in act_form(counter).view().message
    assert printer.slips == []
    # it broke off half-way: that paper's word is none any more once another one is made
    printer.state, printer.dies_after = 0x12, 60
    counter.f(10)
    counter.until(lambda: "途中で切れました" in act_form(counter).view().message)
    printer.dies_after = None
    _sent(counter, "仮パスワードを印刷しました")
    assert counter.strip().tone is Tone.DONE
    counter.until(lambda: not form_is_open(counter))
    (word,) = {str(found, "ascii") for found in SECRET.findall(printer.slips[-1])}
    assert _opens(library, card, word)
    for said in (word, word.split("-")[0]):
        assert where_said(said) == []
        assert said not in caplog.text
        assert said not in (QApplication.clipboard().text() or "")
    # another one takes its place at once
    choose(counter, views.WEB_PASSWORD)
    _sent(counter, "仮パスワードを印刷しました")
    counter.until(lambda: len(printer.slips) >= 3)
    (other,) = {str(found, "ascii") for found in SECRET.findall(printer.slips[-1])}
    assert other != word
    assert _opens(library, card, other)
    assert not _opens(library, card, word)


def test_the_library_to_practise_with_has_none_and_says_so(
    counter: Counter, library: CounterLibrary, printer: FakePrinter
) -> None:
    name = unique("鵠沼")
    open_record(counter, library.patron(name=name), name)
    choose(counter, views.WEB_PASSWORD)
    _sent(counter, "仮パスワードを発行できません")
    assert "練習用の図書館では発行できません" in act_form(counter).view().message
    assert printer.slips == []
