"""What a command code does that was scanned: what its key does, or a word that it is impossible now."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Protocol

from PySide6.QtCore import QCoreApplication

from madoguchi.barcode.commands import Command
from madoguchi.widgets import counter_keys as keys
from madoguchi.widgets import counter_views as views
from madoguchi.widgets.between import Between
from madoguchi.widgets.counter_page import ATTEND, CounterPage
from madoguchi.widgets.counter_session import CounterSession
from madoguchi.widgets.look.counter_frame import CounterFrame
from madoguchi.widgets.slip_words import again_strip
from madoguchi.widgets.typed_line import TypedLine

translate = QCoreApplication.translate


class Commanded(Protocol):
    """What commands are given to: the window."""

    frame: CounterFrame
    typed: TypedLine
    between: Between

    def hide_or_show(self) -> None: ...

    def leave(self) -> None: ...

    def press(self, key: int) -> None: ...


def obey(command: Command | None, window: Commanded, session: CounterSession, page: CounterPage) -> None:
    """Does what it names as by its key, or says that it is impossible."""
    everywhere: dict[Command, Callable[[], None]] = {
        Command.ERASE: window.typed.erase,
        Command.ENTER: window.typed.enter,
        Command.HIDE: window.hide_or_show,
        Command.LOCK: window.leave,
        Command.REPRINT: partial(_print_again, session),
    }
    if command is None:
        session.show_strip(views.no_command_strip(translate("Counter", "この操作コードはありません")))
    elif command in keys.DIGITS:
        window.typed.add(command.value)
    elif command in everywhere:
        everywhere[command]()
    elif command in keys.ANSWERS:
        if window.between.asking():
            window.frame.question.press(keys.QT_KEYS[keys.ANSWERS[command]])
        else:
            session.show_strip(views.no_command_strip(translate("Counter", "質問は開いていません")))
    else:
        window.between.close_question()
        key = keys.TASKS.get(command) or page.commands().get(command)
        if key in _live_keys(session, page):
            window.press(key)
        else:
            session.show_strip(views.no_command_strip(translate("Counter", "いまは使えない操作コード")))


def _print_again(session: CounterSession) -> None:
    slips = session.slips
    printing = slips.spool.is_printing
    strip = again_strip(slips.print_last(), has_printer=slips.has_printer, printing=printing)
    session.show_strip(strip)


def _live_keys(session: CounterSession, page: CounterPage) -> set[int]:
    view = keys.rail(page, 0, None, last_patron=bool(session.checkout.last_patron.card))
    by_hand = set() if page.attends_by_code() else {ATTEND}
    return {item.key for item in view.items if item.enabled} - by_hand
