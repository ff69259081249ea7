"""Pictures of what the counter shows at the central server: run by `make_pictures.py`, a look at a time.

No tour comes here, since the training library has no terminals, no sessions and no second host. The window is
the real one; what a server answers is handed to it here, and `tests/counter/test_central_sign_in.py` shows
that a server really answers so.
"""

from __future__ import annotations

import argparse
import datetime as dt
from pathlib import Path
from tempfile import TemporaryDirectory

import scanner_states
from handed_agent import HandedAgent
from handed_office import HandedLine
from PySide6.QtCore import QSize
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from madoguchi.app.lending.facts import Desk
from madoguchi.app.settings import Settings
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
)
from madoguchi.app.training.saturday import Saturday
from madoguchi.barcode.symbology import TRAINING_PLAN
from madoguchi.widgets.agent_link import AgentLink
from madoguchi.widgets.application import CounterApplication
from madoguchi.widgets.counter_window import CounterWindow
from madoguchi.widgets.devices_page import DevicesPage as CounterDevicesPage
from madoguchi.widgets.office import staff_page
from madoguchi.widgets.office.desk import OfficeDesk
from madoguchi.widgets.office.device_words import Which
from madoguchi.widgets.office.devices_page import DevicesPage
from madoguchi.widgets.place import Place
from madoguchi.widgets.tour import small_picture

SIZE = QSize(1366, 768)
NOTICED_MS = 300
ANSWERED_LOOKS = 30


WORDS = {
    "elsewhere": "別の端末でサインインしている · Signed in at another terminal",
    "new-password": "仮のパスワードを変える · A temporary password is changed",
    "password-refused": "使えないパスワードは、わけがすべて出る · All that is wrong with a password, at once",
    "session-ended": "サーバーがサインインを終えた · The server has ended the session",
    "arrival": "前回のサインインが出る · The sign-in before this one",
    "second-host-gone": "予備サーバーがない · The second host is gone",
    "labels": "ラベル：割り当てた番号と見本 · Labels: numbers that were allotted, and their sheet",
    "labels-drop": "1枚を外すか、すべてを外すか · One label is taken out, or all of them",
    "labels-print": "ラベルの印刷 · Labels are printed",
    "scanner-gone": "スキャナがつながっていない · A scanner is not plugged in",
    "usb-blocked": "知らない USB メモリーを遮断した · A USB stick that nobody registered was blocked",
    "usb-approval": "例外は、別の人がこの端末で承認する · An exception is approved by a second person, here",
    "office-terminals": "端末（システム担当） · Terminals, for system staff",
    "office-scanners": "スキャナ：届いた文字と読み取り結果 · Scanners: what came, and how it was read",
    "office-learning": "手で打つ機器は、スキャナとして覚えない · What hands type on is no scanner",
    "office-usb": "USB 機器の台帳 · The register of USB devices",
    "office-staff": "職員 · Accounts of the staff",
    "office-add": "職員の追加：誤りは一度に · An account is added, with all that is wrong at once",
    "office-password": "仮のパスワードは一度だけ · A temporary password, shown once",
    "office-settings": "設定 · Settings",
    "office-numbering": "番号体系 · The library's numbering",
    "office-rule": "規則を試しながら変える · A rule is changed, and tried before",
    "office-audit": "監査記録（セキュリティ責任者） · The audit, for the security manager",
    "office-incidents": "事故の報告 · Incidents",
    "office-standard": "基準への対応 · The security standard, clause by clause",
}
"""The states in order, and what is seen in each."""

OFFICE_PAGES = {
    "office-terminals": 1,
    "office-settings": 3,
    "office-audit": 4,
    "office-incidents": 5,
    "office-standard": 6,
}


def reach(state: str, window: CounterWindow, now: dt.datetime) -> None:
    """Brings the window from the state before into this one."""
    desk = window.sign_in
    match state:
        case "elsewhere":
            desk.hear(SignedInElsewhere("南 2番窓口", "南市民図書館", now - dt.timedelta(hours=3)))
        case "new-password":
            desk.hear(PasswordNeeded("clerk", "訓練 太郎", PasswordWhy.TEMPORARY))
        case "password-refused":
            too_short, holds_name = PasswordProblem.TOO_SHORT, PasswordProblem.HOLDS_NAME
            desk.hear(PasswordRefused((too_short, holds_name, PasswordProblem.GUESSABLE)))
        case "session-ended":
            desk.begin()
            desk.say_ended(SessionEnd.TAKEN_OVER, 2)
        case "arrival":
            began = now - dt.timedelta(days=1)
            ended = began + dt.timedelta(hours=3)
            last = LastTime(began, ended, "signed out", "総合市民図書館", "総合 2番窓口")
            person = SignedIn(
                Desk(1, "総合 1番窓口", "clerk"), "訓練 太郎", Role.COUNTER_STAFF, "総合市民図書館", "",
                last, failures=2, password_days_left=5, clock_ahead_seconds=12.0,
            )  # fmt: skip
            desk.hear(person)
        case "second-host-gone":
            window.close_card()
            window.signs.server_is(ServerState(alone_since=now - dt.timedelta(minutes=40)))
        case "office-terminals":
            window.sign_out()
            begin(window, "joho", "情報 守", Role.SYSTEM_STAFF)
        case "office-add":
            window.press(9)
            window.press(10)
        case "office-password":
            page = office_of(window).page()
            page.form.set_values({"login": "hanako", "name": "訓練 花子", "role": "counter_staff"})
            window.press(10)
        case "office-settings":
            office_of(window).page().close_form()
            window.press(3)
        case "office-audit":
            window.sign_out()
            begin(window, "kanri", "管理 正", Role.SECURITY_MANAGER)
        case _:
            window.press(OFFICE_PAGES[state])


def begin(window: CounterWindow, login: str, name: str, role: Role) -> None:
    """Somebody of the office signs in."""
    window.sign_in.hear(SignedIn(Desk(1, "総合 1番窓口", login), name, role, "総合市民図書館", ""))


def reach_usb(state: str, window: CounterWindow, agent: HandedAgent) -> None:
    """The same, of what is seen of USB."""
    if state == "usb-blocked":
        window.signs.server_is(ServerState())
        agent.plug(True)
        return
    window.open_devices()
    if state == "usb-approval":
        ask_for_stick(window)
        return
    page = office_of(window).page()
    if isinstance(page, DevicesPage):
        page.show_which(Which.REGISTER)


def ask_for_stick(window: CounterWindow) -> None:
    """The clerk asks for an exception."""
    page = window.page
    if not isinstance(page, CounterDevicesPage):
        raise LookupError("the page of devices is not in sight")
    page.table.select(page.table.view().records[0].key)
    window.press(10)
    QTest.qWait(NOTICED_MS)
    page.form.set_values({"reason": "市史の原稿を印刷所に渡すため"})
    window.press(10)
    # agent and server answer in their own threads
    for _ in range(ANSWERED_LOOKS):
        if window.exceptions.is_open():
            return
        QTest.qWait(NOTICED_MS)
    raise LookupError("nobody is asked to approve")


def office_of(window: CounterWindow) -> OfficeDesk:
    """The office that is open."""
    office = window.office
    if office is None:
        raise LookupError("nobody of the office is signed in")
    return office


class CannotApprove:
    """Nobody signs in to approve in a picture."""


def main() -> None:
    """Paints them into a folder."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--text", type=int, default=100)
    parser.add_argument("--high-contrast", action="store_true")
    wanted = parser.parse_args()
    wanted.folder.mkdir(parents=True, exist_ok=True)
    application = QApplication([])
    # another one each time would be another picture
    scanner_states.hand_scanners()
    staff_page.temporary_password = lambda: "mado-guch-kari-2626"
    with TemporaryDirectory(prefix="madoguchi-pictures-") as home:
        town = Saturday(Path(home) / "library.sqlite")
        settings = Settings(
            Path(home) / "not-used.sqlite",
            text_scale=wanted.text / 100,
            high_contrast=wanted.high_contrast,
            scanner=scanner_states.SCANNERS,
        )
        place = Place("sogo", "総合市民図書館", "1番窓口", TRAINING_PLAN, town.clock)
        agent = HandedAgent()
        counter = CounterApplication(
            application,
            settings,
            place,
            HandedLine(town.line, town.clock.local()),
            agent=AgentLink(agent.open),
            approver=CannotApprove,
        )
        window = counter.window
        window.resize(SIZE)
        window.show()
        palette = window.frame.look.theme.tokens.palettes[window.frame.look.theme.contrast].values()
        QTest.qWait(NOTICED_MS)
        scanner_states.all_there(window)
        for name in WORDS:
            QTest.qWait(NOTICED_MS)
            if name in scanner_states.STATES:
                scanner_states.reach(name, window)
            elif "usb" in name:
                reach_usb(name, window, agent)
            else:
                reach(name, window, town.clock.local())
            QTest.qWait(NOTICED_MS)
            picture = small_picture(window.grab().toImage(), palette)
            if not picture.save(str(wanted.folder / f"{name}.png")):
                raise OSError(f"cannot write {name}.png")
        counter.close()


if __name__ == "__main__":
    main()
