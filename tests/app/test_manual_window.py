"""What the clerk's manual says of keys, numbers and pictures, done in the real window."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from madoguchi.app.devices.values import ExceptionState, UsbException
from madoguchi.app.lending.answers import Reserved
from madoguchi.app.lending.facts import Desk
from madoguchi.app.patrons.person import NoticeBy
from madoguchi.app.staff.permissions import Role
from madoguchi.app.staff.session import SignedIn
from madoguchi.app.training.situations import ItemCase, item_number, patron_number
from madoguchi.widgets import device_words, exception_words
from madoguchi.widgets.devices_page import DevicesPage
from madoguchi.widgets.look.choices import SwitchChip
from madoguchi.widgets.look.form_panel import FormPanel
from madoguchi.widgets.look.number_pad import NumberPad
from madoguchi.widgets.look.preferences_card import PreferencesCard
from madoguchi.widgets.look.record_table import RecordTable
from madoguchi.widgets.look.veil import hidden_word
from madoguchi.widgets.look.views import Answer, Sign
from madoguchi.widgets.office.desk import OfficeDesk
from madoguchi.widgets.office.device_words import Which
from madoguchi.widgets.office.devices_page import DevicesPage as OfficeDevicesPage
from madoguchi.widgets.office.page import DEVICES
from madoguchi.widgets.scan_page import ScanPage
from madoguchi.widgets.tour_script import story
from madoguchi.widgets.tour_stage import Stage
from madoguchi.widgets.way_page import WAY
from madoguchi.widgets.way_words import outcome_key
from tests.app.manual_counter import ManualCounter, pictures
from tests.app.manual_text import OWN_PICTURES, PICTURES, QUOTED, TEXT, section, table_of, tables, unquoted
from tests.counter.harness import where_said
from tests.widgets.test_device_words import STICK

KEY_WITH_WORD = re.compile(r"(?<![A-Za-z+])F(\d+)(?:「([^」]+)」)?")
TYPING_KEYS = re.compile(
    r"\b(?:Shift\+F(?:[689]|1[12])|Alt\+F4|"
    r"Enter|Esc|Delete|Backspace|Tab|Space|Page Up|Page Down|Home|End|Insert|Ctrl)\b"
)
PAGES = {"貸出": 1, "返却": 2, "延長": 3}


@pytest.fixture
def manual(qapp: QApplication, tmp_path: Path) -> Iterator[ManualCounter]:
    """The manual's counter, nobody signed in."""
    made = ManualCounter(qapp, tmp_path)
    yield made
    made.close()


# -- pictures ------------------------------------------------------------------------------------------


def test_screens_are_scenes_of_the_tour(manual: ManualCounter) -> None:
    scenes = {scene.slug for scene in story(Stage(lambda _branch: manual.window, manual.town))}
    shown = {file.stem for file in PICTURES if file.parent != OWN_PICTURES and "central" not in file.parts}
    assert shown
    assert shown <= scenes


def test_its_own_pictures_can_be_made(manual: ManualCounter) -> None:
    made = pictures(manual)
    assert set(made) == {file.name for file in OWN_PICTURES.iterdir()}
    assert all(not image.isNull() for image in made.values())


def test_nobody_of_the_pictures_stays_when_it_ends_in_an_outage(qapp: QApplication, tmp_path: Path) -> None:
    made = ManualCounter(qapp, tmp_path)
    pictures(made)
    assert where_said("2000000011") != []
    made.close()
    assert where_said("2000000011") == []


# -- what can be tried -----------------------------------------------------------------------------------


def test_what_it_invites_to_try_happens(manual: ManualCounter) -> None:
    manual.sign_in()
    tried = []
    for table in tables():
        page = re.fullmatch("「(.+)」で読み取る番号", table.head[0])
        if page is None:
            continue
        tried.append(page[1])
        manual.hands.f(PAGES[page[1]])
        for number, _, words in table.rows:
            before = len(manual.rows())
            manual.scan(number)
            said = manual.window.frame.strip.view().word
            assert said == unquoted(words), number
            assert number.startswith("2") or len(manual.rows()) == before + 1
    assert tried == list(PAGES)


# -- keys ----------------------------------------------------------------------------------------------


def _shown_keys(manual: ManualCounter) -> set[tuple[int, str]]:
    """Every key with its word that the window shows in the course of a day."""
    shown: set[tuple[int, str]] = set()

    def look() -> None:
        shown.update(manual.keys().items())

    manual.sign_in()
    manual.scan(patron_number(1), ItemCase.REFERENCE.number)
    look()
    manual.open_question()
    look()
    manual.hands.f(9)
    manual.hands.f(9)
    manual.type("1203")
    manual.hands.enter()
    manual.until(lambda: manual.keys()[9] == "期限を戻す")
    look()
    _look_at_slips(manual, look)
    manual.scan(patron_number(13), ItemCase.RENEWABLE.number)
    look()
    manual.open_question()
    look()
    manual.hands.f(9)
    manual.hands.f(2)
    manual.scan(ItemCase.ON_LOAN.number)
    look()
    manual.hands.f(11)
    look()
    manual.hands.f(11)
    _look_for(manual)
    look()
    manual.hands.f(10)
    manual.until(lambda: isinstance(manual.window.frame.centre(), FormPanel))
    look()
    manual.hands.press(Qt.Key.Key_Escape)
    manual.hands.f(11)
    look()
    manual.hands.press(Qt.Key.Key_Escape)
    _look_at_patrons(manual, look)
    _look_at_labels(manual, look)
    _look_under_way(manual, look)
    _look_at_reservations(manual, look)
    manual.hands.f(1)
    manual.scan(item_number(990_002))
    manual.open_question()
    look()
    manual.hands.f(9)
    manual.town.line.cut()
    manual.hands.scan_number(ItemCase.BOOK_A.number)
    manual.until(lambda: manual.rows()[-1].sign is Sign.OUTAGE)
    manual.open_question()
    look()
    posted = outcome_key(NoticeBy.POST_CARD, 10)
    return shown | {(posted.key, posted.word)} | _usb_keys()


def _usb_keys() -> set[tuple[int, str]]:
    """The keys of an exception: in training there is no agent; `test_usb_exceptions.py` has one."""
    keys = (
        device_words.ask_key(enabled=True),
        device_words.copy_in_key(enabled=True),
        device_words.copy_out_key(enabled=True),
        device_words.copy_key(enabled=True),
        device_words.copy_all_key(enabled=True),
        device_words.release_key(),
        device_words.back_key(),
    )
    asked = UsbException(
        1, ExceptionState.WAITING, "1番窓口", 1, "1号", "総務課", "0951:1666", "S1", "kunren", "訓練 太郎",
        "移行", 15, dt.datetime.now(dt.UTC),
    )  # fmt: skip
    question = exception_words.approval(asked, "管理 正")
    assert question.offered is not None
    form = exception_words.ask_form(STICK)
    return {(key.key, key.word) for key in keys} | {
        (9, question.stop.word), (10, question.offered.word), (10, form.submit),
    }  # fmt: skip


def _look_at_slips(manual: ManualCounter, look: Callable[[], None]) -> None:
    """What is printed on a key, and the list of slips: with one to be asked for, and one that failed."""
    manual.window.slips.reserved(Reserved(uuid4(), "こころ", None, "南市民図書館", 1, in_stock=False))
    manual.hands.press(Qt.Key.Key_F9, shift=True)
    look()
    manual.hands.f(11)
    manual.hands.f(11)
    manual.scan(patron_number(1), ItemCase.BOOK_B.number)
    manual.hands.f(11)
    look()
    manual.town.printer.paper = False
    manual.hands.f(9)
    manual.hands.press(Qt.Key.Key_F9, shift=True)
    manual.until(lambda: manual.keys().get(10) == "失敗した分を印刷")
    look()
    manual.hands.enter()
    look()
    manual.hands.f(3)
    manual.scan(ItemCase.ON_LOAN.number)
    look()
    manual.hands.f(1)


def _look_at_patrons(manual: ManualCounter, look: Callable[[], None]) -> None:
    """Whoever is at the counter, and somebody who is being registered and much like another."""
    manual.hands.f(5)
    look()
    _open_record(manual)
    look()
    manual.hands.f(9)
    form = manual.window.frame.centre()
    assert isinstance(form, FormPanel)
    look()
    for key, text in (("name", "見本 花子"), ("kana", "ミホン ハナコ"), ("telephone", "0466-00-0001")):
        form.field(key).start()
        manual.hands.type(text)
    manual.until(lambda: manual.keys().get(9) == "似た人を開く")
    look()
    manual.hands.f(9)
    manual.until(lambda: manual.keys().get(9) == "登録に戻る")
    look()
    manual.hands.f(9)
    manual.hands.press(Qt.Key.Key_Escape)
    manual.hands.press(Qt.Key.Key_Escape)


def _look_at_labels(manual: ManualCounter, look: Callable[[], None]) -> None:
    """The page of labels, from a quick add that waits; its forms, its question, picture and ranges."""
    manual.hands.f(6)
    manual.hands.f(11)
    look()
    manual.hands.f(9)
    look()
    manual.hands.f(9)
    look()
    manual.hands.press(Qt.Key.Key_Escape)
    manual.hands.f(11)
    look()
    manual.hands.f(11)
    for n in (100, 101):
        manual.scan(item_number(n))
    manual.hands.press(Qt.Key.Key_Return)
    look()
    QTest.qWait(manual.window.frame.look.theme.tokens.answer_guard_ms + 50)
    manual.hands.f(9)
    manual.hands.f(10)
    look()
    # from the last place on one sheet to the first on another
    form = manual.window.frame.centre()
    assert isinstance(form, FormPanel)
    form.set_values({"start": "44"})
    form.edited.emit("start")
    manual.hands.f(9)
    manual.until(lambda: manual.keys().get(9) == "次の用紙")
    look()
    manual.hands.press(Qt.Key.Key_Escape)
    manual.hands.press(Qt.Key.Key_Escape)
    manual.hands.f(6)
    manual.hands.press(Qt.Key.Key_Escape)


def _look_under_way(manual: ManualCounter, look: Callable[[], None]) -> None:
    """The four lists, a crate that is about to leave, and somebody who is telephoned."""
    manual.hands.f(WAY)
    manual.until(lambda: manual.keys().get(10) == "見つからない")
    look()
    manual.hands.type("h")
    manual.until(lambda: manual.keys().get(10) == "この便で出す")
    # its key is there once there are two destinations
    manual.hands.type("z")
    manual.until(lambda: manual.keys().get(10) == "見つからない")
    manual.scan(manual.town.way.wanted)
    manual.hands.type("h")
    manual.until(lambda: manual.keys().get(9) == "行き先を選ぶ")
    look()
    manual.open_question()
    look()
    manual.hands.f(9)
    manual.hands.type("r")
    manual.until(lambda: manual.keys().get(10) == "連絡先を見る")
    look()
    manual.hands.f(10)
    manual.until(lambda: manual.keys().get(9) == "出ない")
    look()
    manual.hands.press(Qt.Key.Key_Escape)


def _reserve(manual: ManualCounter) -> None:
    """Something is reserved for whoever is at the counter."""
    manual.hands.f(4)
    manual.scan(item_number(100))
    manual.until(lambda: manual.keys().get(10) == "変更・取消")


def _look_at_reservations(manual: ManualCounter, look: Callable[[], None]) -> None:
    """Whoever is at the counter reserves, and what can be done about it; a title's queue."""
    _reserve(manual)
    look()
    manual.hands.f(9)
    look()
    centre = manual.window.frame.centre()
    assert isinstance(centre, FormPanel)
    centre.set_values({"copy": "only"})
    manual.hands.f(10)
    look()
    manual.hands.f(9)
    manual.hands.f(10)
    look()
    manual.hands.f(11)
    look()
    QTest.qWait(manual.window.frame.look.theme.tokens.answer_guard_ms + 50)
    manual.hands.f(9)
    manual.hands.f(10)
    manual.hands.f(9)
    manual.until(lambda: manual.keys().get(9) == "順番を変える")
    look()
    manual.hands.f(11)


def _open_record(manual: ManualCounter) -> None:
    """The record of whoever is at the counter."""
    manual.hands.f(5)
    manual.hands.f(10)
    manual.until(lambda: manual.keys().get(10) == "貸出へ")


def _look_for(manual: ManualCounter) -> None:
    """Titles are found, and one of them can be reserved."""
    manual.hands.f(6)
    manual.hands.type("こな")
    manual.until(lambda: manual.keys().get(10) is not None)


def _office_keys(manual: ManualCounter) -> set[tuple[int, str]]:
    """Every key of the office with its word, for both roles; and those of its forms that are named."""
    shown = {(10, "送る"), (10, "渡しました")}
    for role in (Role.SYSTEM_STAFF, Role.SECURITY_MANAGER):
        person = SignedIn(Desk(1, "総合 1番窓口", "joho"), "情報 守", role, "総合市民図書館", "")
        desk = OfficeDesk(manual.window, manual.window.frame.look, manual.place, person)
        for page in desk.pages:
            desk.current = page
            shown |= {(item.key, item.word) for item in desk.rail().items}
        usb = desk.pages[DEVICES]
        assert isinstance(usb, OfficeDevicesPage)
        desk.current = DEVICES
        for usb._which in Which:
            shown |= {(item.key, item.word) for item in desk.rail().items}
        desk.end()
    return shown


def test_every_key_does_what_is_said_of_it(manual: ManualCounter) -> None:
    named = {(int(key), word) for key, word in KEY_WITH_WORD.findall(TEXT) if word}
    assert len(named) > 15
    assert named - _shown_keys(manual) - _office_keys(manual) == set()
    assert {int(key) for key, _ in KEY_WITH_WORD.findall(TEXT)} == set(range(1, 13))


def test_the_list_of_keys_is_the_rail(manual: ManualCounter) -> None:
    manual.sign_in()
    # each page as full as it can be, without a question
    manual.scan(patron_number(1), ItemCase.BOOK_A.number)
    manual.hands.f(11)
    manual.scan(patron_number(13), ItemCase.REFERENCE.number)
    lending = manual.keys()
    manual.hands.f(2)
    manual.scan(ItemCase.BOOK_A.number)
    taking_back = manual.keys()
    manual.hands.f(3)
    manual.scan(ItemCase.RENEWABLE.number)
    renewing = manual.keys()
    _reserve(manual)
    reserving = manual.keys()
    _look_for(manual)
    searching = manual.keys()
    _open_record(manual)
    patrons = manual.keys()
    manual.hands.f(WAY)
    manual.until(lambda: manual.keys().get(10) == "見つからない")
    under_way = manual.keys()
    heads = ("「貸出」", "「返却」", "「延長」", "「予約」", "「検索」", "「利用者」", "「取置・配送」")
    table = table_of("キー", *heads)
    pages = (lending, taking_back, renewing, reserving, searching, patrons, under_way)
    for column, keys in enumerate(pages, start=1):
        listed = {int(row[0][1:]): unquoted(row[column]) for row in table.rows if row[column] != "—"}
        assert listed == keys


def _enter(manual: ManualCounter) -> None:
    manual.type(patron_number(1))
    manual.hands.enter()
    manual.settled()
    manual.until(lambda: manual.window.frame.strip.view().word == "利用者を確認")
    manual.scan(ItemCase.REFERENCE.number)
    manual.open_question()
    manual.hands.enter()
    assert manual.window.frame.question.view() is not None
    manual.hands.f(9)


def _backspace(manual: ManualCounter) -> None:
    manual.type("12")
    manual.hands.press(Qt.Key.Key_Backspace)
    manual.until(lambda: "手入力 1 " in manual.page.list.next_line().text())
    manual.hands.press(Qt.Key.Key_Backspace)


def _delete(manual: ManualCounter) -> None:
    manual.type("12")
    manual.hands.press(Qt.Key.Key_Delete)
    manual.until(lambda: "で決定" not in manual.page.list.next_line().text())


def _esc(manual: ManualCounter) -> None:
    manual.scan(patron_number(1), ItemCase.BOOK_A.number)
    left = manual.page.left()
    assert isinstance(left, QLabel)
    manual.hands.press(Qt.Key.Key_Escape)
    assert "見本 花子" not in left.text()
    assert {row.title for row in manual.rows()} == {hidden_word()}
    manual.hands.press(Qt.Key.Key_Escape)
    assert "見本 花子" in left.text()


def _shift_f12(manual: ManualCounter) -> None:
    manual.hands.press(Qt.Key.Key_F12, shift=True)
    assert isinstance(manual.window.frame.card(), PreferencesCard)
    manual.window.close_card()


def _shift_f11(manual: ManualCounter) -> None:
    manual.hands.press(Qt.Key.Key_F11, shift=True)
    assert manual.window.incident.is_open()
    manual.hands.press(Qt.Key.Key_Escape)
    assert not manual.window.incident.is_open()


def _shift_f6(manual: ManualCounter) -> None:
    manual.hands.press(Qt.Key.Key_F6, shift=True)
    assert manual.keys()[9] == "新しい番号"
    manual.hands.f(1)
    assert isinstance(manual.window.page, ScanPage)


def _shift_f8(manual: ManualCounter) -> None:
    manual.hands.press(Qt.Key.Key_F8, shift=True)
    assert isinstance(manual.window.page, DevicesPage)
    assert manual.keys()[11] == "前の画面へ"
    manual.hands.f(11)
    assert isinstance(manual.window.page, ScanPage)


def _shift_f9(manual: ManualCounter) -> None:
    manual.hands.press(Qt.Key.Key_F9, shift=True)
    assert isinstance(manual.window.frame.centre(), RecordTable)
    assert manual.keys()[11] == "前の画面へ"
    manual.hands.f(11)
    assert isinstance(manual.window.page, ScanPage)


def _tab_and_space(manual: ManualCounter) -> None:
    manual.hands.press(Qt.Key.Key_F12, shift=True)
    card = manual.window.frame.card()
    assert isinstance(card, PreferencesCard)
    theme = manual.window.frame.look.theme
    QTest.keyClick(manual.focus(), Qt.Key.Key_Tab)
    QTest.keyClick(manual.focus(), Qt.Key.Key_Right)
    assert manual.window.frame.look.theme != theme
    QTest.keyClick(manual.focus(), Qt.Key.Key_Tab)
    switch = manual.focus()
    assert isinstance(switch, SwitchChip)
    assert switch.isChecked()
    QTest.keyClick(switch, Qt.Key.Key_Space)
    assert not switch.isChecked()
    manual.window.close_card()


def _look_back(manual: ManualCounter) -> None:
    manual.scan(patron_number(1), *(item_number(serial) for serial in range(100, 114)))
    view = manual.page.list.rows_view()

    def first() -> int:
        return view.rows()[0].number or 0

    newest = first()
    manual.hands.press(Qt.Key.Key_PageUp)
    earlier = first()
    assert earlier < newest
    manual.hands.press(Qt.Key.Key_PageDown)
    assert first() == newest
    manual.hands.press(Qt.Key.Key_Home)
    assert first() == 1
    manual.hands.press(Qt.Key.Key_End)
    assert first() == newest


ACTS: dict[str, Callable[[ManualCounter], None]] = {
    "Enter": _enter,
    "Backspace": _backspace,
    "Delete": _delete,
    "Esc": _esc,
    "Shift+F6": _shift_f6,
    "Shift+F8": _shift_f8,
    "Shift+F9": _shift_f9,
    "Shift+F11": _shift_f11,
    "Shift+F12": _shift_f12,
    "Page Up・Page Down": _look_back,
    "Home・End": _look_back,
    "Tab": _tab_and_space,
    "Space": _tab_and_space,
}
WINDOW_MANAGERS = {"Alt+F4"}


def test_every_key_that_is_named_is_listed() -> None:
    listed = {row[0] for row in table_of("キー", "すること").rows}
    assert listed == set(ACTS) | WINDOW_MANAGERS
    single = {key for keys in listed for key in keys.split("・")}
    assert set(TYPING_KEYS.findall(TEXT)) == single


@pytest.mark.parametrize("act", dict.fromkeys(ACTS.values()))
def test_the_other_keys_do_what_the_list_says(
    manual: ManualCounter, act: Callable[[ManualCounter], None]
) -> None:
    manual.sign_in()
    act(manual)


def test_a_reason_is_chosen_by_keyboard_alone(manual: ManualCounter) -> None:
    manual.sign_in()
    manual.scan(patron_number(1), ItemCase.REFERENCE.number)
    manual.open_question()
    question = manual.window.frame.question
    words = {button.reason.word for button in question.reasons().buttons()}
    assert words < set(QUOTED.findall(section("断られたとき")))
    manual.hands.f(11)
    assert question.view() is not None
    QTest.qWait(manual.window.frame.look.theme.tokens.answer_guard_ms + 50)
    QTest.keyClick(manual.focus(), Qt.Key.Key_Space)
    assert question.reasons().chosen_key()
    manual.hands.f(11)
    manual.until(lambda: manual.rows()[-1].sign is Sign.DONE)


def test_the_pad_opens_by_mouse_where_the_next_scan_will_stand(manual: ManualCounter) -> None:
    manual.sign_in()
    manual.hands.click(manual.page.list.next_line())
    assert isinstance(manual.window.frame.card(), NumberPad)


def test_what_signing_out_in_an_outage_leaves(manual: ManualCounter) -> None:
    """Where the items go stands on the return page of whoever signs in next."""
    manual.sign_in()
    manual.hands.f(2)
    manual.town.line.cut()
    manual.hands.scan_number(ItemCase.OVERDUE.number)
    manual.until(lambda: manual.rows()[-1].sign is Sign.OUTAGE)
    manual.hands.f(12)
    manual.town.line.mend()
    manual.settled()
    manual.sign_in()
    assert manual.window.frame.strip.view().word == "離席の前の続き"
    manual.hands.f(2)
    (row,) = manual.rows()
    assert (row.number, row.state, row.right) == (0, "延滞 3日", "書架へ")
    assert manual.rows()[-1].right == "書架へ"


def test_a_reason_for_one_reserved_item_holds_for_that_one_alone(manual: ManualCounter) -> None:
    """As the manual says: the next one is refused again."""
    assert "その資料1点だけに効きます" in section("断られたとき")
    manual.sign_in()
    manual.scan(patron_number(1), ItemCase.RESERVED.number)
    manual.open_question()
    manual.window.frame.question.answered.emit(Answer.UNUSUAL, "approved")
    manual.until(lambda: manual.rows()[-1].sign is Sign.DONE)
    manual.scan(ItemCase.READY_FOR_PATRON.number)
    assert manual.rows()[-1].sign is Sign.REFUSED
