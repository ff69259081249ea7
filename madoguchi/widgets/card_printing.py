"""A patron's card on its way to the printer, in a thread of its own: nothing at the counter waits for it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from enum import StrEnum
from functools import partial
from typing import TypeAlias

from PySide6.QtCore import QCoreApplication, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QPagedPaintDevice

from madoguchi.barcode.symbology import CodePlan, CodeRule, Meaning
from madoguchi.widgets.look.fonts import load_faces

translate = QCoreApplication.translate


class CardTrouble(StrEnum):
    """Why a card did not get as far as the printer."""

    NO_PRINTER = "no printer"
    NOT_KNOWN = "not known"
    """This terminal's settings name a printer that the system does not know."""
    NOT_A_CARD = "not a card"
    """The number is none of this library's, or has no room on a card."""
    FAULT = "fault"
    HANGS = "hangs"
    """Nothing came of it in time; the card may come out yet."""


CARD_SECONDS = 30.0
"""How long the system may take over a card: nobody can tell it to end, but a form waits for the answer."""

Then = Callable[[CardTrouble | None], None]
Device: TypeAlias = QPagedPaintDevice | CardTrouble


def rule_of(number: str, plan: CodePlan) -> CodeRule | None:
    """The rule by which a number is that of a patron's card; None: it is none."""
    rules = (rule for rule in plan.rules if rule.means is Meaning.PATRON and rule.fits(number))
    return next(rules, None)


class CardPrinting(QObject):
    """Prints cards on a printer that the system knows.

    ``printer``: its name; empty: the system's own choice. ``library`` stands on the card. ``device``: what
    cards are painted on instead. ``seconds``: after these a card is taken for not printed.
    """

    _home = Signal(object, object)

    def __init__(
        self,
        printer: str,
        library: str,
        plan: CodePlan,
        device: Callable[[str], Device] | None = None,
        *,
        seconds: float = CARD_SECONDS,
    ) -> None:
        super().__init__()
        self._printer = printer
        self._device = device
        self._library = library
        self._plan = plan
        self._seconds = seconds
        self._home.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def print(self, number: str, then: Then) -> None:
        """Prints the card of this number, and calls ``then`` on this thread with what stood in the way."""
        # fonts are registered with Qt on its own thread
        load_faces()
        caption = translate("Patrons", "図書館利用カード")
        deadline = QTimer(self)
        deadline.setSingleShot(True)
        waits = True

        def ended(trouble: CardTrouble | None) -> None:
            nonlocal waits
            # it may have been given up in the meantime
            if waits:
                waits = False
                deadline.stop()
                deadline.deleteLater()
                then(trouble)

        deadline.timeout.connect(partial(ended, CardTrouble.HANGS))
        deadline.start(round(self._seconds * 1000))

        def work() -> None:
            try:
                trouble = self._print(number, caption)
            except Exception as error:  # noqa: BLE001 - a bug, shown by the GUI thread's own hook
                self._home.emit(ended, error)
            else:
                self._home.emit(ended, trouble)

        threading.Thread(target=work, name="card printing", daemon=True).start()

    def _print(self, number: str, caption: str) -> CardTrouble | None:
        # heavy, and first needed now
        from madoguchi.barcode.labels import UnprintableCode, bars_for
        from madoguchi.widgets.card_paper import paint_card

        rule = rule_of(number, self._plan)
        if rule is None:
            return CardTrouble.NOT_A_CARD
        device = (self._device or printer_device)(self._printer)
        if isinstance(device, CardTrouble):
            return device
        try:
            taken = paint_card(device, self._library, caption, bars_for(rule, number))
        except UnprintableCode:
            return CardTrouble.NOT_A_CARD
        return None if taken and not _in_error(device) else CardTrouble.FAULT

    def _deliver(self, then: Then, answer: CardTrouble | Exception | None) -> None:
        if isinstance(answer, Exception):
            then(CardTrouble.FAULT)
            raise answer
        then(answer)


def printer_device(name: str) -> Device:
    """The printer to paint a card on, set to the size of one."""
    from PySide6.QtPrintSupport import QPrinter, QPrinterInfo

    from madoguchi.widgets.card_paper import PAGE
    from madoguchi.widgets.sheet_paper import DOTS_PER_INCH

    found = QPrinterInfo.printerInfo(name) if name else QPrinterInfo.defaultPrinter()
    if found.isNull():
        return CardTrouble.NOT_KNOWN if name else CardTrouble.NO_PRINTER
    printer = QPrinter(found)
    printer.setResolution(DOTS_PER_INCH)
    printer.setFullPage(True)
    printer.setPageLayout(PAGE)
    # what is waiting at the printer is seen by whoever looks there: no number
    printer.setDocName(translate("Patrons", "図書館利用カード"))
    return printer


def _in_error(device: QPagedPaintDevice) -> bool:
    from PySide6.QtPrintSupport import QPrinter

    return isinstance(device, QPrinter) and device.printerState() is QPrinter.PrinterState.Error


def trouble_words(trouble: CardTrouble) -> str:
    """What stood in the way, and what is to be done."""
    return {
        CardTrouble.NO_PRINTER: translate("Patrons", "この端末から使えるプリンターがありません。"),
        CardTrouble.NOT_KNOWN: translate(
            "Patrons", "設定されたカードプリンターが見つかりません。電源と線を確かめてください。"
        ),
        CardTrouble.NOT_A_CARD: translate("Patrons", "この番号はカードに印刷できません。"),
        CardTrouble.HANGS: translate(
            "Patrons", "プリンターが答えません。電源と用紙を確かめ、カードが出ていないか見てください。"
        ),
        CardTrouble.FAULT: translate("Patrons", "プリンターが受け付けません。電源と用紙を確かめてください。"),
    }[trouble]
