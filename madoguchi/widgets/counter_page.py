"""What every page of the counter is to the window: something in the centre, keys, and a taker of scans."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QCoreApplication, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from madoguchi.barcode.commands import Command
from madoguchi.barcode.symbology import ParsedCode
from madoguchi.widgets.look.views import BannerView, RailItem, StripView

translate = QCoreApplication.translate

ATTEND = 10


class CounterPage(QObject):
    """A page of the counter.

    Signals:
        changed(): keys, banner or counts are not what they were.
        centre_changed(): something else stands in the centre now.
        pad_wanted(): a number is to be typed by mouse.
    """

    changed = Signal()
    centre_changed = Signal()
    pad_wanted = Signal()

    # -- what a page must say of itself --------------------------------------------------------------

    def centre(self) -> QWidget:
        """What stands in the centre."""
        raise NotImplementedError

    def left(self) -> QWidget | None:
        """The panel at the left."""
        raise NotImplementedError

    def take(self, code: ParsedCode) -> None:
        """A scan for this page."""
        raise NotImplementedError

    def idle_strip(self) -> StripView:
        """The strip while nothing has been scanned."""
        raise NotImplementedError

    def function_keys(self) -> tuple[RailItem, RailItem]:
        """What F9 and F11 do here."""
        raise NotImplementedError

    def press(self, key: int) -> None:
        """F9 or F11 was pressed."""
        raise NotImplementedError

    def attend_key(self) -> RailItem:
        """What F10 does here."""
        raise NotImplementedError

    def attend(self) -> None:
        """F10 was pressed."""
        raise NotImplementedError

    def leave(self) -> None:
        """The clerk signs out: nothing of anybody stays."""
        raise NotImplementedError

    def set_veiled(self, veiled: bool) -> None:
        """Hides whatever is somebody's, or shows it again; scans go on either way."""
        raise NotImplementedError

    # -- what most pages do alike --------------------------------------------------------------------

    def focus(self) -> None:
        """The keyboard is the page's."""
        self.centre().setFocus(Qt.FocusReason.OtherFocusReason)

    def released(self, key: int) -> None:
        """F9 or F11 was let go again, or the keyboard is another window's."""
        del key

    def key(self, event: QKeyEvent) -> bool:
        """A key that no widget took; whether it meant something on this page."""
        del event
        return False

    def widgets(self) -> list[QWidget]:
        """Whatever goes when the page goes."""
        left = self.left()
        return [self.centre(), *([left] if left is not None else [])]

    def attends_by_code(self) -> bool:
        """Whether F10 may be pressed by a command code here: a code that is read twice acts twice."""
        return True

    def question_stands(self) -> bool:
        """Whether what this page asked last would be asked now."""
        return True

    def show_typed(self, text: str) -> None:
        """Shows what the clerk is typing where no field is; empty when they are not."""
        del text

    def banner(self) -> BannerView | None:
        """The mode this page is in."""
        return None

    def corner_key(self) -> tuple[str, str]:
        """The key of the page that this one leads to and that is none of the twelve, and that page's name."""
        return "", ""

    def line_down_words(self) -> str:
        """What holds on this page while the line is down."""
        return translate("Counter", "自動でやり直しています。行に「未貸出」とある資料は渡さないでください")

    def shown(self) -> None:
        """The page comes into sight."""

    def commands(self) -> Mapping[Command, int]:
        """The command codes that stand for this page's own keys."""
        return {}

    def date_typed(self, digits: str) -> bool:
        """Four digits were typed and confirmed; says whether the page took them for a day."""
        del digits
        return False
