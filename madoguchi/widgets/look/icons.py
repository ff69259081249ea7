"""The signs: Material Symbols painted by QtSvg in any colour, crisp at any size and pixel ratio."""

from __future__ import annotations

import enum
import functools

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

from madoguchi.widgets.look.tokens import LookError, read_resource
from madoguchi.widgets.look.views import Sign


class Icon(enum.Enum):
    """The icons that are shipped; the value is the file's name without its ending."""

    DONE = "check_circle"
    DONE_SOLID = "check_circle-fill"
    PENDING = "pending"
    NOTICE = "warning-fill"
    REFUSED = "dangerous-fill"
    REFUSED_ANSWERED = "dangerous"
    SAME_ITEM = "content_copy"
    RECORDED = "move_to_inbox"
    OPEN_SHELF = "shelves"
    RESERVATION_SHELF = "bookmark-fill"
    TRANSIT = "local_shipping-fill"
    OVERDUE = "event_busy"
    OUTAGE = "wifi_off"
    LINE = "lan"
    USB = "usb"
    USB_OFF = "usb_off"
    BOOK_DROP = "markunread_mailbox"
    PRINTER = "print"
    INFORMATION = "info"
    ERROR = "error-fill"
    EARLIER = "arrow_upward"
    LATER = "arrow_downward"
    SCANNER = "barcode_scanner"
    BARCODE = "barcode"
    PERSON = "person"
    NOTE = "edit_note"
    CHOSEN = "radio_button_checked"
    NOT_CHOSEN = "radio_button_unchecked"
    OFF = "block"


SIGN_ICONS: dict[Sign, Icon] = {
    Sign.DONE: Icon.DONE,
    Sign.PENDING: Icon.PENDING,
    Sign.NOTICE: Icon.NOTICE,
    Sign.REFUSED: Icon.REFUSED,
    Sign.OUTAGE: Icon.OUTAGE,
    Sign.SAME_ITEM: Icon.SAME_ITEM,
    Sign.RECORDED: Icon.RECORDED,
    Sign.TO_OPEN_SHELF: Icon.OPEN_SHELF,
    Sign.TO_RESERVATION_SHELF: Icon.RESERVATION_SHELF,
    Sign.TO_TRANSIT: Icon.TRANSIT,
    Sign.OVERDUE: Icon.OVERDUE,
    Sign.BOOK_DROP: Icon.BOOK_DROP,
    Sign.PRINTER: Icon.PRINTER,
    Sign.INFORMATION: Icon.INFORMATION,
    Sign.EARLIER: Icon.EARLIER,
}

ATTENTION_SIGNS = frozenset({Sign.REFUSED, Sign.OUTAGE})
NOTICE_SIGNS = frozenset({Sign.NOTICE, Sign.OVERDUE})
ROUTE_SIGNS = frozenset({Sign.TO_RESERVATION_SHELF, Sign.TO_TRANSIT})


@functools.cache
def _renderer(icon: Icon) -> QSvgRenderer:
    renderer = QSvgRenderer(QByteArray(read_resource("icons", f"{icon.value}.svg")))
    if not renderer.isValid():
        raise LookError(f"The icon resources/icons/{icon.value}.svg is broken; install the program again.")
    return renderer


@functools.lru_cache(maxsize=512)
def _image(icon: Icon, device_px: int, rgba: int) -> QImage:
    image = QImage(device_px, device_px, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    _renderer(icon).render(painter, QRectF(0, 0, device_px, device_px))
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceIn)
    painter.fillRect(image.rect(), QColor.fromRgba(rgba))
    painter.end()
    return image


def icon_image(icon: Icon, size: int, colour: QColor, pixel_ratio: float = 1.0) -> QImage:
    """The icon as an image of ``size`` logical px, sharp on a screen of that pixel ratio.

    Raises:
        LookError: its file is missing or broken.
    """
    image = QImage(_image(icon, max(1, round(size * pixel_ratio)), colour.rgba()))
    image.setDevicePixelRatio(pixel_ratio)
    return image
