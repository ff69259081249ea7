"""A one-time password on its way to the printer: in a thread of its own, seen by nobody, wiped at once."""

from __future__ import annotations

import threading
from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QObject, Qt, Signal

from madoguchi.app.patrons.web_password import WebPassword, overwrite
from madoguchi.app.printing.receipt_printer import PRINT_SECONDS, PrinterTrouble

translate = QCoreApplication.translate

Then = Callable[[PrinterTrouble | None], None]


class SecretPrinting(QObject):
    """Prints slips at this terminal's receipt printer, past spool and preview."""

    _home = Signal(object, object)

    def __init__(self, printer: str, branch: str, *, seconds: float = PRINT_SECONDS) -> None:
        super().__init__()
        self._printer = printer
        self._branch = branch
        self._seconds = seconds
        self._home.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def print(self, made: WebPassword, then: Then) -> None:
        """Prints it, wipes it, and calls ``then`` on this thread with what stood in the way, if anything."""

        def work() -> None:
            try:
                trouble = self._print(made)
            except Exception as error:  # noqa: BLE001 - a bug, shown by the GUI thread's own hook
                self._home.emit(then, error)
            else:
                self._home.emit(then, trouble)

        # it ends by its own deadline, and nothing waits for it
        threading.Thread(target=work, name="secret printing", daemon=True).start()

    def _print(self, made: WebPassword) -> PrinterTrouble | None:
        from madoguchi.app.printing.receipt_printer import print_slip
        from madoguchi.app.printing.secret_slip import secret_slip

        try:
            slip = secret_slip(made.secret, made.expires, self._branch)
        finally:
            made.secret.wipe()
        try:
            return print_slip(self._printer, slip, seconds=self._seconds)
        finally:
            overwrite(slip)

    def _deliver(self, then: Then, answer: PrinterTrouble | Exception | None) -> None:
        if isinstance(answer, Exception):
            then(PrinterTrouble.FAULT)
            raise answer
        then(answer)


def trouble_words(trouble: PrinterTrouble) -> str:
    """What stood in the way, and what is to be done."""
    return {
        PrinterTrouble.NOT_SET: translate("Patrons", "この端末にはレシートプリンターが設定されていません。"),
        PrinterTrouble.NO_ADDRESS: translate(
            "Patrons", "レシートプリンターの設定が、アドレス（192.168.10.50:9100 など）になっていません。"
        ),
        PrinterTrouble.NOT_REACHED: translate(
            "Patrons", "レシートプリンターにつながりません。電源と線を確かめてください。"
        ),
        PrinterTrouble.TIMED_OUT: translate(
            "Patrons", "レシートプリンターが答えません。電源と用紙を確かめてください。"
        ),
        PrinterTrouble.BROKE_OFF: translate("Patrons", "印刷の途中で切れました。出た紙は捨ててください。"),
        PrinterTrouble.NO_PAPER: translate("Patrons", "レシートプリンターの用紙がありません。"),
        PrinterTrouble.COVER_OPEN: translate("Patrons", "レシートプリンターのふたが開いています。"),
        PrinterTrouble.FAULT: translate("Patrons", "レシートプリンターが故障を知らせています。"),
        PrinterTrouble.NOT_KNOWN: translate(
            "Patrons", "設定にある名前のプリンターが、このパソコンにありません。"
        ),
        PrinterTrouble.NOT_DIRECT: translate(
            "Patrons",
            "仮パスワードは、パソコンのプリンターには印刷できません。レシートプリンターが要ります。",
        ),
    }[trouble]
