"""The page of this terminal's scanners: what each read last, as it came, and that nothing of it stays."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from madoguchi.app.settings import load
from madoguchi.app.terminal.scanner_file import add_scanner
from madoguchi.app.training.situations import item_number, patron_number, staff_number
from madoguchi.barcode.scan import Source
from madoguchi.barcode.sources.evdev_access import Exposure
from madoguchi.barcode.sources.kinds import KINDS
from madoguchi.barcode.sources.scanner import Scanner, Use
from madoguchi.barcode.sources.source import Device, Received, SourceState, SourceStatus
from madoguchi.barcode.wedge_device import Doubt, Heard, WedgeScanner, learned
from madoguchi.widgets.look.record_views import Mark
from madoguchi.widgets.office import scanner_words as words
from madoguchi.widgets.office.scanners_page import UNNAMED, ScannersPage
from madoguchi.widgets.office.terminals_page import SCANNERS
from madoguchi.widgets.scan_sources import Learning
from tests.counter.central import House, open_house
from tests.counter.harness import where_said
from tests.counter.office import Office
from tests.support.cluster import Cluster
from tests.support.scanners import MemorySource, in_memory

DESK, RETURNS = "カウンター", "返却口"
LISTED = (Scanner(DESK, "memory", port="/dev/ttyACM0"), Scanner(RETURNS, "memory", Use.RETURNS, port="2"))
CARD, ITEM = patron_number(31), item_number(31)


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> dict[str, MemorySource]:
    """The scanners in memory, by their names."""
    found: dict[str, MemorySource] = {}
    monkeypatch.setitem(KINDS, "memory", in_memory(found))
    return found


@pytest.fixture
def house(
    qtbot: QtBot,
    qapp: QApplication,
    cluster: Cluster,
    library_template: str,
    made: dict[str, MemorySource],
) -> Iterator[House]:
    del made  # its kind is known until the last counter is closed
    with open_house(qtbot, qapp, cluster, library_template) as made:
        yield made


@pytest.fixture
def office(house: House, made: dict[str, MemorySource]) -> Office:
    """System staff, on the page."""
    office = Office(house, "system_staff", scanners=LISTED)
    office.counter.f(7)
    assert isinstance(office.page, ScannersPage)
    office.counter.until(lambda: office.rows()["1"][2] == "待機中")
    return office


def send(source: MemorySource, text: str, raw: bytes, *, took_ms: float = 12.4, aim: str = "") -> None:
    source.tell(Received(text, time.monotonic(), took_ms, aim, raw))


def test_it_lists_every_scanner_and_how_it_stands(office: Office, made: dict[str, MemorySource]) -> None:
    assert office.rows() == {
        "0": (DESK, "シリアル", "待機中", "—", "—", "—"),
        "1": (RETURNS, "シリアル・返却専用", "待機中", "—", "—", "—"),
        UNNAMED: ("キー入力", "キーボード", "—", "—", "—", "—"),
    }
    made[DESK].tell(SourceStatus(SourceState.MISSING))
    made[RETURNS].tell(SourceStatus(SourceState.REFUSED, "Permission denied\u202e"))
    # each has a thread of its own, and comes when it comes
    office.counter.until(lambda: [office.rows()[row][2] for row in "01"] == ["接続なし", "使えません"])
    # and on every page of the office, as at the counter
    assert "スキャナ 2台が使えません" in office.counter.banner_text()
    assert [record.mark for record in office.page.table.view().records] == [Mark.WRONG, Mark.WRONG, Mark.NONE]
    office.choose("1")
    office.counter.f(10)
    assert where_said("Permission denied<U+202E>") != []
    assert where_said("\u202e") == []


def test_what_was_read_stands_as_it_came(office: Office, made: dict[str, MemorySource]) -> None:
    send(made[DESK], f"A{ITEM}A", b"\x02]F0A" + ITEM.encode() + b"A\x1d\r\n", aim="]F0")
    office.counter.until(lambda: office.rows()["0"][3] != "—")
    assert office.rows()["0"][3:] == (f"<STX>]F0A{ITEM}A<GS><CR><LF>", "12ミリ秒", f"資料番号 {ITEM}")
    assert office.strip().startswith(f"読み取りました {DESK}")
    office.choose("0")
    office.counter.press(Qt.Key.Key_Return, "\r")
    view = office.page.form.view()
    assert view is not None
    assert view.heading == DESK
    assert view.note.splitlines() == [
        "読み方: シリアル  /dev/ttyACM0",
        "状態: 待機中",
        f"届いた文字: <STX>]F0A{ITEM}A<GS><CR><LF>",
        "コードの種類（AIM）: ]F0",
        f"前後を取り除いた文字: A{ITEM}A",
        "時間: 12ミリ秒",
        f"読み取り結果: 資料番号 {ITEM}",
    ]
    office.counter.f(10)
    assert not office.page.has_form()


MEANINGS = [
    (CARD, "利用者番号"),
    (staff_number(3), "職員カードの番号"),
    ("9784101010137", "ISBN 9784101010137"),
    (ITEM[:-1], "資料番号に似たもの：桁数が違います"),
    (CARD[:-1], "利用者番号に似たもの：桁数が違います"),
    ("9784101010138", "ISBN に似たもの：検査数字が違います"),
    ("1920193005502", "価格のバーコードです"),
    ("A\x1dB", "制御文字を含んでいます"),
    ("", "読み取れませんでした"),
    ("\u202eHELLO", "見えない文字を含んでいます"),
    ("8" * 1000, "長すぎる文字列です"),
]


def test_how_it_was_understood(office: Office, made: dict[str, MemorySource]) -> None:
    for text, meaning in MEANINGS:
        send(made[RETURNS], text, text.encode() + b"\r")
        office.counter.until(lambda expected=meaning: office.rows()["1"][5] == expected)  # type: ignore[misc]
        assert len(office.rows()["1"][3]) <= 45
        assert where_said("\u202e", "\x1d") == []


def test_a_command_of_this_library_is_known(office: Office, made: dict[str, MemorySource]) -> None:
    made[DESK].scan(f"{office.desk.signed_in.command_prefix}YES")
    office.counter.until(lambda: office.rows()["0"][5] == "操作コード YES")


def test_what_types_is_seen_too(office: Office) -> None:
    office.counter.scan(ITEM)
    assert office.rows()[UNNAMED][3:] == (ITEM, "50ミリ秒", f"資料番号 {ITEM}")
    assert office.strip().startswith("読み取りました キー入力")


def test_only_the_last_one_is_there_and_f9_lets_go_of_it(
    office: Office, made: dict[str, MemorySource]
) -> None:
    made[DESK].scan(CARD)
    office.counter.until(lambda: office.rows()["0"][5] == "利用者番号")
    made[DESK].scan(ITEM)
    office.counter.until(lambda: office.rows()["0"][5] == f"資料番号 {ITEM}")
    assert where_said(CARD) == []
    office.counter.f(9)
    assert office.rows()["0"][3:] == ("—", "—", "—")
    assert where_said(ITEM) == []


@pytest.mark.parametrize(
    ("way", "form"), [("page", True), ("lock", False), ("lock", True), ("sign_out", False), ("idle", True)]
)
def test_nothing_of_it_stays_when_the_page_goes(
    office: Office, made: dict[str, MemorySource], way: str, form: bool
) -> None:
    page = office.page
    made[DESK].scan(CARD)
    office.counter.scan(CARD)
    office.counter.until(lambda: office.rows()["0"][5] == "利用者番号")
    assert where_said(CARD) != []
    if form:
        office.choose("0")
        office.counter.f(10)
    window = office.counter.window
    {"page": lambda: office.counter.f(1), "lock": lambda: office.counter.f(12),
     "sign_out": window.sign_out, "idle": window.nobody_there}[way]()  # fmt: skip
    assert where_said(CARD) == []
    assert page._last == {}  # type: ignore[attr-defined]
    # what comes afterwards is not kept either
    made[DESK].scan(CARD)
    office.counter.turn()
    assert where_said(CARD) == []
    assert page._last == {}  # type: ignore[attr-defined]


def test_it_is_opened_from_the_terminals_and_left_for_them(office: Office) -> None:
    assert office.desk.rail().current == 1
    office.go_to(1)
    assert office.desk.current == 1
    office.counter.f(7)
    assert office.desk.current == SCANNERS
    office.go_to(2)
    assert office.desk.current == 2


def test_whoever_comes_back_finds_the_page_and_nothing_on_it(
    office: Office, made: dict[str, MemorySource]
) -> None:
    made[DESK].scan(CARD)
    office.counter.until(lambda: office.rows()["0"][5] == "利用者番号")
    office.counter.f(12)
    office.sign_in()
    office.counter.f(7)
    assert office.rows()["0"] == (DESK, "シリアル", "待機中", "—", "—", "—")
    made[DESK].scan(ITEM)
    office.counter.until(lambda: office.rows()["0"][5] == f"資料番号 {ITEM}")


def test_the_security_manager_can_look_too(house: House, made: dict[str, MemorySource]) -> None:
    office = Office(house, "security_manager", scanners=LISTED)
    office.go_to(1)
    office.counter.f(7)
    made[DESK].scan(ITEM)
    office.counter.until(lambda: office.rows()["0"][5] == f"資料番号 {ITEM}")


def test_without_any_listed_there_is_the_keyboard(house: House) -> None:
    office = Office(house, "system_staff")
    office.counter.f(7)
    assert list(office.rows()) == [UNNAMED]


def test_no_log_tells_what_was_read(
    office: Office, made: dict[str, MemorySource], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    made[DESK].scan(CARD)
    office.counter.until(lambda: office.rows()["0"][5] == "利用者番号")
    assert CARD not in caplog.text
    assert CARD not in repr(office.page._last)  # type: ignore[attr-defined]


# -- learning ----------------------------------------------------------------------------------------------

TYPIST = Device(Source.WEDGE, 0x05E0, 0x1200, "", "1-4.2", "A Scanner")
KEYBOARD = Device(Source.WEDGE, 0x1, 0x2, "", "1-1", "A Keyboard")
BUTTON = Device(Source.WEDGE, name_untrusted="Power Button")


class MadeUpKeys(QObject):
    """The keys of an X server without one; `test_scans_while_composing.py` has the real ones."""

    heard = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.learning: list[bool] = []
        # a machine's power button is a keyboard, too, to X11
        self.there = (TYPIST, KEYBOARD, BUTTON)
        self.typed_on: tuple[Device, ...] = (KEYBOARD,)

    def learn(self, learning: bool) -> None:
        self.learning.append(learning)

    def hands(self) -> tuple[Device, ...]:
        return self.typed_on

    def present(self) -> tuple[Device, ...]:
        return self.there

    def scan(self, device: Device | None, known_as: str = "") -> None:
        self.heard.emit(Heard(Received(ITEM, 0.0, 10.0), device, known_as))


@pytest.fixture
def keys() -> MadeUpKeys:
    return MadeUpKeys()


@pytest.fixture
def learning(office: Office, keys: MadeUpKeys, tmp_path: Path) -> Path:
    """The form that waits for a scan is open; the settings are in this file."""
    file = tmp_path / "settings.toml"
    office.counter.window.sources.learning = Learning(lambda: keys, partial(add_scanner, file))
    office.counter.f(11)
    assert office.page.has_form()
    assert keys.learning == [True]
    return file


def message(office: Office) -> str:
    view = office.page.form.view()
    assert view is not None
    return view.message


def note(office: Office) -> str:
    view = office.page.form.view()
    assert view is not None
    return view.note


def test_a_scanner_is_learned_by_one_scan(office: Office, keys: MadeUpKeys, learning: Path) -> None:
    learning.write_text('# ours\nbranch = "minami"\n', encoding="utf-8")
    office.counter.f(10)
    assert message(office) == "先に、覚えるスキャナでバーコードを1つ読み取ってください。"
    keys.scan(None)
    assert note(office).startswith("どの機器から届いたか分かりません")
    keys.scan(TYPIST)
    assert note(office).startswith("読み取ったのは A Scanner (05e0:1200) です。")
    office.fill(name="返却台", use="returns")
    assert not office.page.has_form()
    assert keys.learning == [True, False]
    assert office.strip().startswith("覚えました 返却台")
    settings = load({"MADOGUCHI_HOME": str(learning.parent)})
    assert (settings.branch, len(settings.scanner)) == ("minami", 1)
    device = Device(Source.WEDGE, 0x05E0, 0x1200, name_untrusted="A Scanner")
    assert learned(settings.scanner) == (WedgeScanner("返却台", device),)
    assert settings.scanner[0].use is Use.RETURNS
    assert learning.read_text(encoding="utf-8").startswith("# ours\n")


def test_what_cannot_be_learned_is_said_and_nothing_written(
    office: Office, keys: MadeUpKeys, learning: Path
) -> None:
    keys.scan(TYPIST)
    office.fill(name=" ")
    assert where_said("20文字までの名前を入れてください。") != []
    office.fill(name=DESK)
    assert where_said("ほかのスキャナの呼び名です。") != []
    keys.scan(TYPIST, "3番")
    assert note(office) == "A Scanner (05e0:1200) は、もう「3番」として覚えています。"
    learning.write_text("branch = 'minami\n", encoding="utf-8")
    office.fill(name="3番")
    assert message(office).startswith("settings.toml に書けませんでした。")
    assert office.page.has_form()
    assert learning.read_text(encoding="utf-8") == "branch = 'minami\n"


def test_the_only_keyboard_is_no_scanner(office: Office, keys: MadeUpKeys, learning: Path) -> None:
    keys.there = (TYPIST,)
    keys.scan(TYPIST)
    office.counter.f(10)
    assert message(office).startswith("ほかにキーボードがありません。")
    assert not learning.exists()


@pytest.mark.parametrize("twin", [False, True], ids=["one device", "two that look alike"])
def test_a_scanner_on_the_keyboards_own_cable_is_never_learned(
    office: Office, keys: MadeUpKeys, learning: Path, twin: bool
) -> None:
    # one plug, one name, one socket: told as one device, or as two that nothing tells apart
    keys.there = (TYPIST, TYPIST, BUTTON) if twin else (TYPIST, BUTTON)
    keys.typed_on = (TYPIST,)
    keys.scan(TYPIST)
    office.counter.f(10)
    assert message(office).startswith("キーボードと同じ機器から届いています。")
    assert not learning.exists()
    # it begins anew: another scan, and whatever is typed from now on
    assert (keys.learning, note(office)) == ([True, True], words.scan_one())
    office.counter.f(10)
    assert message(office) == words.nothing_heard()
    keys.typed_on = ()
    keys.scan(TYPIST)
    office.counter.f(10)
    assert message(office) == words.doubtful(Doubt.NO_HANDS)
    assert not learning.exists()


def test_a_keyboard_of_the_scanners_make_in_another_socket_is_another(
    office: Office, keys: MadeUpKeys, learning: Path
) -> None:
    alike = replace(TYPIST, port="1-4.3")
    keys.there, keys.typed_on = (TYPIST, alike), (alike,)
    keys.scan(TYPIST)
    office.fill(name="返却台")
    assert not office.page.has_form()
    (scanner,) = load({"MADOGUCHI_HOME": str(learning.parent)}).scanner
    assert scanner.port == TYPIST.port


def test_a_learned_one_that_cannot_be_told_here_is_said_so(office: Office) -> None:
    office.counter.window.sources.cannot_hear([DESK], "no X server: wayland")
    assert office.rows()["0"][2] == "使えません"


def test_a_scanner_for_returns_returns_nothing_here(office: Office, made: dict[str, MemorySource]) -> None:
    send(made[RETURNS], ITEM, ITEM.encode())
    office.counter.until(lambda: office.strip().startswith("返却していません"))


@pytest.mark.parametrize("way", ["Esc", "F12", "sign out"])
def test_learning_ends_with_the_form(office: Office, keys: MadeUpKeys, learning: Path, way: str) -> None:
    del learning
    if way == "Esc":
        office.counter.press(Qt.Key.Key_Escape)
    elif way == "F12":
        office.counter.window.press(12)
    else:
        office.counter.window.sign_out()
    office.counter.until(lambda: keys.learning == [True, False])


def test_where_no_device_can_be_told_it_says_so(office: Office) -> None:
    assert not office.page.keys()[11].enabled, "this terminal keeps no settings"
    office.counter.window.sources.learning = Learning(office.counter.application.keys_before_qt, print)
    office.counter.f(11)
    assert not office.page.has_form()
    assert office.strip().startswith("覚えられません")


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (Exposure(in_input_group=True), "危険: この端末のアカウントが input グループに入っています。"),
        (Exposure(nodes=("/dev/input/event3",)), "スキャナでないキーボードも読めます（/dev/input/event3）。"),
        (Exposure(), "何か読み取ると、届いたとおりに出ます。"),
    ],
)
def test_what_could_log_keys_is_said_before_all_else(
    office: Office, monkeypatch: pytest.MonkeyPatch, found: Exposure, said: str
) -> None:
    monkeypatch.setattr(office.counter.window.sources, "exposure", lambda: found)
    office.counter.f(8)
    assert said in office.page.table.view().note
