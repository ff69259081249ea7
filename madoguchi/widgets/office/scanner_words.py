"""What the page of scanners says. Pure: values in, words out; what a device sent is made fit to be shown."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QCoreApplication

from madoguchi.barcode.safe_text import show
from madoguchi.barcode.scan import Source
from madoguchi.barcode.sources.kinds import KINDS
from madoguchi.barcode.sources.scanner import Scanner, Use
from madoguchi.barcode.sources.source import Received, SourceState, SourceStatus
from madoguchi.barcode.symbology import (
    CommandCode,
    Isbn,
    Issn,
    ItemCode,
    Magazine,
    Meaning,
    ParsedCode,
    PatronCode,
    StaffCode,
    Unknown,
)
from madoguchi.widgets import wording
from madoguchi.widgets.look.record_views import Mark

translate = QCoreApplication.translate

# The names of ASCII (ISO/IEC 646): their pictures, as ``show`` has them, are in no face of ours.
_NAMES: Final = (
    "NUL", "SOH", "STX", "ETX", "EOT", "ENQ", "ACK", "BEL", "BS", "TAB", "LF", "VT", "FF", "CR", "SO", "SI",
    "DLE", "DC1", "DC2", "DC3", "DC4", "NAK", "SYN", "ETB", "CAN", "EM", "SUB", "ESC", "FS", "GS", "RS", "US",
)  # fmt: skip
_BY_NAME: Final = {
    **{0x2400 + code: f"<{name}>" for code, name in enumerate(_NAMES)},
    0x2421: "<DEL>",
}


def unnamed() -> str:
    """What came as keys, from nobody knows which scanner."""
    return translate("Office", "キー入力")


def how(scanner: Scanner | None) -> str:
    """How it is read, and what it is there for."""
    source = KINDS[scanner.read].source if scanner is not None else Source.WEDGE
    words = {
        Source.WEDGE: translate("Office", "キーボード"),
        Source.SERIAL: translate("Office", "シリアル"),
        Source.HID: translate("Office", "HID POS"),
        Source.EVDEV: translate("Office", "キーボード（専用）"),
    }[source]
    if scanner is not None and scanner.use is Use.RETURNS:
        return translate("Office", "{how}・返却専用").format(how=words)
    return words


def state(status: SourceStatus | None, *, types: bool) -> tuple[str, Mark]:
    """How it stands; ``types``: it is heard by its keys, and whether it is there nobody can tell."""
    if types:
        return "—", Mark.NONE
    if status is None:
        return translate("Office", "開始前"), Mark.NONE
    return {
        SourceState.READY: (translate("Office", "待機中"), Mark.GOOD),
        SourceState.MISSING: (translate("Office", "接続なし"), Mark.WRONG),
        SourceState.REFUSED: (translate("Office", "使えません"), Mark.WRONG),
    }[status.state]


def as_received(received: Received) -> str:
    """What arrived, every byte where there are bytes; what cannot be seen has its name: ``<CR>``."""
    return shown(received.raw_untrusted.decode("latin-1") or received.text_untrusted)


def shown(text_untrusted: str) -> str:
    """A text of a device's, in characters that can be seen; cut as ``show`` cuts."""
    return show(text_untrusted).translate(_BY_NAME)


def took(took_ms: float) -> str:
    """From its first character to its last."""
    if took_ms < 0:
        return "—"
    return translate("Office", "{n}ミリ秒").format(n=round(took_ms))


def meaning(code: ParsedCode) -> str:
    """How it was understood, by the numbering that holds here."""
    match code:
        case ItemCode(number):
            return translate("Office", "資料番号 {number}").format(number=number)
        case PatronCode():
            return translate("Office", "利用者番号")
        case StaffCode():
            return translate("Office", "職員カードの番号")
        case Isbn(isbn13):
            return translate("Office", "ISBN {isbn}").format(isbn=isbn13)
        case Magazine() | Issn():
            return wording.shown_text(code)
        case CommandCode(name):
            return translate("Office", "操作コード {name}").format(name=name)
    return _unknown(code)


def _unknown(code: Unknown) -> str:
    why = wording.not_an_item(code).state
    like = {
        Meaning.ITEM: translate("Office", "資料番号に似たもの"),
        Meaning.PATRON: translate("Office", "利用者番号に似たもの"),
        Meaning.STAFF: translate("Office", "職員カードに似たもの"),
        Meaning.ISBN: translate("Office", "ISBN に似たもの"),
    }
    if code.looked_like is None:
        return why
    return translate("Office", "{like}：{why}").format(like=like[code.looked_like], why=why)


# -- one scanner, whole ------------------------------------------------------------------------------------


def device_line(scanner: Scanner | None) -> str:
    """How it is read, and where."""
    said = [how(scanner)]
    if scanner is not None:
        if scanner.port:
            said.append(show(scanner.port))
        if scanner.vendor_id >= 0:
            said.append(f"{scanner.vendor_id:04x}:{scanner.product_id:04x}")
        if scanner.serial_number:
            said.append(show(scanner.serial_number))
    return translate("Office", "読み方: {how}").format(how="  ".join(said))


def state_line(status: SourceStatus | None, *, types: bool) -> str:
    """How it stands, and what the system said where it cannot be used."""
    word, _ = state(status, types=types)
    if status is not None and status.reason_untrusted:
        word = f"{word}  {show(status.reason_untrusted)}"
    return translate("Office", "状態: {state}").format(state=word)


def scan_lines(received: Received, code: ParsedCode) -> list[str]:
    """What it read last."""
    return [
        translate("Office", "届いた文字: {text}").format(text=as_received(received)),
        translate("Office", "コードの種類（AIM）: {aim}").format(
            aim=show(received.symbology_untrusted) or "—"
        ),
        translate("Office", "前後を取り除いた文字: {text}").format(text=shown(received.text_untrusted)),
        translate("Office", "時間: {took}").format(took=took(received.took_ms)),
        translate("Office", "読み取り結果: {meaning}").format(meaning=meaning(code)),
    ]
