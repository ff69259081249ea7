"""What the page of scanners says. Pure: values in, words out; what a device sent is made fit to be shown."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QCoreApplication

from madoguchi.barcode.safe_text import show
from madoguchi.barcode.scan import Source
from madoguchi.barcode.sources.evdev_access import Exposure
from madoguchi.barcode.sources.kinds import KINDS
from madoguchi.barcode.sources.scanner import Scanner, Use
from madoguchi.barcode.sources.source import Device, Received, SourceState, SourceStatus
from madoguchi.barcode.sources.tables import LONGEST_NAME
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
from madoguchi.barcode.wedge_device import Doubt
from madoguchi.widgets import wording
from madoguchi.widgets.look.record_views import FormLine, FormView, LineKind, Mark

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


def note(exposed: Exposure) -> str:
    """What the page is for, and before that what makes key loggers of this account's programs."""
    if exposed.in_input_group:
        return translate(
            "Office", "危険: この端末のアカウントが input グループに入っています。外してください。"
        )
    if exposed.nodes:
        said = translate(
            "Office", "危険: この端末のアカウントが、スキャナでないキーボードも読めます（{nodes}）。"
        )
        return said.format(nodes=show(", ".join(exposed.nodes)))
    return translate("Office", "何か読み取ると、届いたとおりに出ます。ページを離れると消えます。")


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


# -- one that is learned -----------------------------------------------------------------------------------

NAME, USE = "name", "use"


def learning_form(number: int) -> FormView:
    """The form that waits for a scan; ``number``: the scanner will be the so-manieth."""
    return FormView(
        translate("Office", "スキャナを覚える"),
        (
            FormLine(
                NAME,
                translate("Office", "呼び名"),
                LineKind.TEXT,
                translate("Office", "スキャナ{n}").format(n=number),
                required=True,
            ),
            FormLine(
                USE,
                translate("Office", "使い方"),
                LineKind.ONE_OF,
                Use.ALL.value,
                required=True,
                choices=(
                    (Use.ALL.value, translate("Office", "何でも読む")),
                    (Use.RETURNS.value, translate("Office", "返却専用")),
                ),
            ),
        ),
        translate("Office", "覚える"),
        scan_one(),
    )


def scan_one() -> str:
    """What the form waits for."""
    return translate("Office", "覚えるスキャナで、バーコードを1つ読み取ってください。")


def typist(device: Device | None, known_as: str) -> str:
    """Which device has typed the scan."""
    if device is None:
        return translate("Office", "どの機器から届いたか分かりません。もう1つ読み取ってください。")
    name = shown(device.name_untrusted)
    if device.vendor_id >= 0:
        name = f"{name} ({device.vendor_id:04x}:{device.product_id:04x})"
    if known_as:
        return translate("Office", "{name} は、もう「{known}」として覚えています。").format(
            name=name, known=known_as
        )
    return translate("Office", "読み取ったのは {name} です。ふだん打つキーボードの F10 で覚えます。").format(
        name=name
    )


def cannot_learn() -> tuple[str, str]:
    """Nobody can tell the devices here."""
    return translate("Office", "覚えられません"), translate(
        "Office", "機器を見分けられるのは X11 の画面だけです"
    )


def nothing_heard() -> str:
    """The form was sent before anything was scanned."""
    return translate("Office", "先に、覚えるスキャナでバーコードを1つ読み取ってください。")


def doubtful(doubt: Doubt) -> str:
    """Why what was scanned with may be what the clerk types on."""
    return {
        Doubt.ONLY_KEYBOARD: translate(
            "Office", "ほかにキーボードがありません。覚えると、この端末では何も打てなくなります。"
        ),
        Doubt.SHARED: translate(
            "Office",
            "キーボードと同じ機器から届いています。覚えると、そのキーボードでは何も打てなくなります。"
            "スキャナを別の USB 口につないで、もう一度読み取ってください。",
        ),
        Doubt.NO_HANDS: translate(
            "Office", "どれがキーボードか、まだ分かりません。ふだん打つキーボードで F10 を押してください。"
        ),
    }[doubt]


def learned() -> str:
    """A scanner was learned."""
    return translate("Office", "覚えました")


def not_returned(name: str) -> tuple[str, str]:
    """A scanner for returns was tried here."""
    return translate("Office", "返却していません"), name


def bad_name() -> str:
    """What a name is."""
    return translate("Office", "{n}文字までの名前を入れてください。").format(n=LONGEST_NAME)


def name_taken() -> str:
    """Another one is called so."""
    return translate("Office", "ほかのスキャナの呼び名です。")


def not_kept(error: Exception) -> str:
    """The settings could not be written."""
    return translate("Office", "settings.toml に書けませんでした。{why}").format(why=show(str(error)))


def from_next_start() -> str:
    """When it holds."""
    return translate("Office", "次の起動から使います")
